"""The board: who sees it, what it says first, and that every number leads to as many rows."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils.timezone import localdate

from cooperation.permissions import ROLES
from cooperation.roles import sync_roles
from programs.figures import plan_progress
from programs.models import Activity
from programs.standings.keeping import rebuild
from tests import factories
from tests.pages import html_of, plain, rows_of, text_of

pytestmark = pytest.mark.django_db

TODAY = localdate()
BOARD = "/lanh-dao/"


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def leader(client):
    sync_roles()
    user = factories.make_user("lanhdao", role="Lãnh đạo", agency=factories.make_agency())
    client.force_login(user)
    return user


class World:
    """Two sides, four areas in four states."""

    def __init__(self):
        self.plan = factories.make_plan(
            is_main=True, start_year=TODAY.year - 2, end_year=TODAY.year + 1, signed_on=ago(700)
        )
        self.here, self.there = factories.make_province("Long An"), factories.make_province("Tây Ninh")
        self.one = factories.make_agency("Sở A", province=self.here)
        self.other = factories.make_agency("Sở B", province=self.there)
        self.fine, self.late, self.attention, self.empty = (
            factories.make_area(self.plan, number) for number in (1, 2, 3, 4)
        )
        spoken = {"start_on": ago(100)}
        done = factories.make_activity(
            self.fine, lifecycle="completed", completed_on=ago(40), due_on=ago(30), lead_agency=self.one,
            title="Đã xong", **spoken,
        )  # fmt: skip
        self.slow = factories.make_activity(
            self.late, due_on=ago(45), lead_agency=self.other, title="Trễ lâu", code="TRE", **spoken
        )
        self.soon = factories.make_activity(
            self.attention, due_on=TODAY + timedelta(days=20), lead_agency=self.one, title="Sắp", **spoken
        )
        self.later = factories.make_activity(
            self.attention, due_on=TODAY + timedelta(days=80), lead_agency=None, title="Sau", **spoken
        )
        factories.make_update(done, 100, ago(40))
        factories.make_update(self.slow, 10, ago(60))
        factories.make_update(self.soon, 60, ago(5))


@pytest.fixture
def world():
    return World()


@pytest.fixture(params=["kept", "computed"])
def board_world(request, world):
    """Today's figures as every write keeps them, and as they are computed where nothing is kept."""
    if request.param == "kept":
        rebuild(world.plan, TODAY)
    return world


def numbers(html):
    """(address, number) of every link of the page whose text is a number and leads to the board's rows."""
    links = re.findall(r'<a href="([^"]*lanh-dao/[^"]*\?[^"]*)">(.*?)</a>', html, re.DOTALL)
    return {
        (unescape(address), plain(text).split()[0]) for address, text in links if plain(text)[:1].isdigit()
    }


class TestAccess:
    def test_a_reader_is_sent_to_sign_in(self, client, world):
        for address in (BOARD, "/lanh-dao/hoat-dong/?nhom=qua-han", "/lanh-dao/ban-ghi-nho/?buoc=da-ky"):
            response = client.get(address)
            assert response.status_code == 302
            assert "login" in response.url

    @pytest.mark.parametrize("role", [*ROLES, None])
    def test_staff_with_a_role_see_it_others_are_refused(self, client, world, role):
        sync_roles()
        client.force_login(factories.make_user(agency=factories.make_agency(), role=role))
        for address in (BOARD, "/lanh-dao/hoat-dong/?nhom=qua-han", "/lanh-dao/ban-ghi-nho/?buoc=da-ky"):
            assert client.get(address).status_code == (200 if role else 403)

    def test_a_plan_that_is_not_public_has_no_board(self, client, leader):
        factories.make_plan(slug="an", published=False)
        assert client.get("/ke-hoach/an/lanh-dao/").status_code == 404

    def test_without_a_main_plan_the_plans_are_listed(self, client, leader):
        assert client.get(BOARD).url == "/ke-hoach/"

    def test_the_bar_of_staff_leads_to_it(self, client, leader, world):
        assert 'href="/lanh-dao/">Bảng lãnh đạo</a>' in html_of(client.get("/"))

    def test_what_is_not_public_counts_nowhere_and_stands_nowhere(self, client, leader, board_world):
        hidden = factories.make_activity(board_world.late, due_on=ago(9), title="Kín", published=False)
        page = client.get(BOARD)
        assert hidden.title not in text_of(page)
        assert page.context["late_count"] == 1


class TestFigures:
    def test_headline_and_areas_are_those_of_the_plan(self, client, leader, board_world):
        page = client.get(BOARD)
        progress = plan_progress(board_world.plan, TODAY)
        assert page.context["board"].headline.value == progress.headline.value
        shown = {row["area"].pk: row["figure"] for row in page.context["areas"]}
        assert shown == {row.area.pk: row.figure for row in progress.areas}

    def test_trouble_comes_first(self, client, leader, board_world):
        order = [row["area"].number for row in client.get(BOARD).context["areas"]]
        assert order[0] == 2
        assert order.index(3) < order.index(1)

    def test_late_work_is_named_with_its_days_and_its_agency(self, client, leader, board_world):
        text = text_of(client.get(BOARD))
        assert f"quá hạn 45 ngày (hạn {ago(45):%d/%m/%Y})" in text
        body = next(row for row in client.get(BOARD).context["agencies"] if row[0] == board_world.other)
        assert [number for _label, number, _address in body[1]] == [1, 0, 1, 0, 0, 0]
        assert body[2] == 45

    def test_what_comes_due_is_counted_within_30_60_and_90_days(self, client, leader, board_world):
        facts = {str(label): number for label, number, _address in client.get(BOARD).context["facts"]}
        assert facts["đến hạn trong 30 ngày"] == 1
        assert facts["đến hạn trong 60 ngày"] == 1
        assert facts["đến hạn trong 90 ngày"] == 2

    def test_both_sides_stand_beside_each_other(self, client, leader, board_world):
        sides = client.get(BOARD).context["sides"]
        assert [body and body.name for body in sides["bodies"]] == ["Long An", "Tây Ninh", None]
        counts = {str(label): [number for number, _address in cells] for label, cells in sides["rows"]}
        assert counts["Hoạt động được tính"] == [2, 1, 1]
        assert counts["Đã hoàn thành"] == [1, 0, 0]
        assert counts["Quá hạn"] == [0, 1, 0]
        assert sides["longest"] == [0, 45, 0]
        assert sides["newest"] == [ago(5), ago(60), None]

    def test_another_day_is_computed(self, client, leader, board_world):
        day = ago(90)
        page = client.get(f"{BOARD}?as_of={day}")
        assert page.context["late_count"] == 0
        assert page.context["board"].headline.value == plan_progress(board_world.plan, day).headline.value
        assert f"như vào ngày {day:%d/%m/%Y}" in text_of(page)

    @pytest.mark.parametrize("query", ["", f"?as_of={ago(20)}", f"?as_of={ago(200)}"])
    def test_every_number_leads_to_as_many_rows(self, client, leader, board_world, query):
        for status, realised in (
            ("signed", None),
            ("in_progress", None),
            ("contracted", None),
            ("expired", 5),
        ):
            factories.make_mou(board_world.late, status=status, realised_value=realised, signed_on=ago(300))
        html = html_of(client.get(f"{BOARD}{query}"))
        found = numbers(html)
        assert len(found) > (20 if not query else 5)
        for address, number in found:
            rows = client.get(address)
            assert rows.status_code == 200, address
            assert rows.context["page"].paginator.count == int(number), address
            assert len(rows_of(rows)) == int(number), address

    def test_a_plan_without_anything_has_a_board(self, client, leader):
        factories.make_plan(is_main=True, start_year=None, end_year=None)
        page = client.get(BOARD)
        assert page.status_code == 200
        assert "chưa công khai lĩnh vực nào" in text_of(page)

    @pytest.mark.parametrize(
        "address",
        [
            "/lanh-dao/hoat-dong/?nhom=x",
            "/lanh-dao/hoat-dong/?nhom=qua-han&linh_vuc=99",
            "/lanh-dao/hoat-dong/?nhom=qua-han&linh_vuc=%00",
            "/lanh-dao/hoat-dong/?nhom=qua-han&linh_vuc=²",
            "/lanh-dao/hoat-dong/?nhom=qua-han&co_quan=x%00",
            "/lanh-dao/hoat-dong/?nhom=qua-han&tinh=x",
            "/lanh-dao/ban-ghi-nho/?buoc=x",
            "/lanh-dao/ban-ghi-nho/?buoc=da-ky&nam=99999999999999999999",
            "/lanh-dao/ban-ghi-nho/?buoc=da-ky&nam=02000999",
            "/lanh-dao/ban-ghi-nho/?buoc=da-ky&nam=x",
        ],
    )
    def test_a_list_that_does_not_exist_says_so(self, client, leader, world, address):
        assert client.get(address).status_code == 404


class TestSince:
    def seal(self, world):
        period = factories.make_period(
            world.plan, kind="quarter", label="Quý thử", start_on=ago(120), end_on=ago(50), due_on=ago(48)
        )
        return factories.make_snapshot(period)

    def test_the_change_since_the_last_sealed_period_is_said(self, client, leader, board_world):
        sealed = self.seal(board_world).sealed
        page = client.get(BOARD)
        now = plan_progress(board_world.plan, TODAY).headline.value
        assert page.context["moved"] == now - sealed.headline.value
        assert f"điểm so với {ago(50):%d/%m/%Y} (kỳ chốt gần nhất: Quý thử)" in text_of(page)
        why = re.search(r'href="([^"]*thay-doi/[^"]*)"', html_of(page)).group(1)
        assert client.get(unescape(why)).status_code == 200

    def test_another_day_can_be_asked_for(self, client, leader, board_world):
        self.seal(board_world)
        page = client.get(f"{BOARD}?so_voi={ago(90)}")
        before = plan_progress(board_world.plan, ago(90))
        assert page.context["moved"] == page.context["board"].headline.value - before.headline.value
        rows = {row["area"].pk: row["moved"] for row in page.context["areas"]}
        for row in before.areas:
            if row.figure.value is not None:
                assert rows[row.area.pk] is not None
        assert "kỳ chốt gần nhất" not in text_of(page)

    def test_without_a_sealed_period_nothing_is_compared(self, client, leader, board_world):
        assert "chưa chốt kỳ nào" in text_of(client.get(BOARD))


class TestAsking:
    def test_one_press_asks_the_only_body_that_leads(self, client, leader, world):
        page = client.get(BOARD)
        assert 'name="hoat_dong" value="TRE"' in html_of(page)
        answer = client.post("/lanh-dao/hoi/", {"hoat_dong": "TRE"}, follow=True)
        request = world.slow.explanation_requests.get()
        assert request.agency == world.other
        assert request.due_on == TODAY + timedelta(days=7)
        assert "quá hạn 45 ngày" in request.question
        assert "tiến độ 10,0 %" in request.question
        assert "Đã gửi yêu cầu giải trình" in text_of(answer)
        assert 'name="hoat_dong" value="TRE"' not in html_of(answer)
        assert f"đã hỏi, hạn {request.due_on:%d/%m/%Y}" in text_of(answer)

    def test_a_second_press_asks_nothing(self, client, leader, world):
        for _press in range(2):
            answer = client.post("/lanh-dao/hoi/", {"hoat_dong": "TRE"}, follow=True)
        assert world.slow.explanation_requests.count() == 1
        assert "đang chờ trả lời" in text_of(answer)

    def test_where_several_lead_the_page_of_the_request_comes_up_filled_in(self, client, leader, world):
        factories.make_activity(world.late, lead_agency=world.one)
        answer = client.post("/lanh-dao/hoi/", {"linh_vuc": "2"}, follow=True)
        assert "Lĩnh vực 2 đến ngày" in answer.context["form"]["question"].value()
        assert world.late.explanation_requests.count() == 0

    def test_an_area_with_one_leading_body_is_asked_about_at_once(self, client, leader, world):
        client.post("/lanh-dao/hoi/", {"linh_vuc": "2"})
        assert world.late.explanation_requests.get().agency == world.other

    def test_requests_that_wait_are_listed_and_counted_as_their_list_counts(self, client, leader, world):
        factories.make_explanation(world.slow, agency=world.other, due_on=ago(1))
        factories.make_explanation(factories.make_area(number=9))
        page = client.get(BOARD)
        listed = client.get("/giai-trinh/?trang_thai=cho").context["page"].paginator.count
        assert page.context["asking"].everywhere == listed == 2
        assert [row.activity for row in page.context["asking"].rows] == [world.slow]

    @pytest.mark.parametrize("data", [{}, {"linh_vuc": "x"}, {"linh_vuc": "9"}, {"hoat_dong": "khong\x00"}])
    def test_what_does_not_exist_is_not_asked_about(self, client, leader, world, data):
        assert client.post("/lanh-dao/hoi/", data).status_code == 404

    def test_only_those_who_may_ask(self, client, world):
        sync_roles()
        client.force_login(factories.make_user(agency=world.other, role="Chuyên viên"))
        assert 'action="/lanh-dao/hoi/"' not in html_of(client.get(BOARD))
        assert client.post("/lanh-dao/hoi/", {"hoat_dong": "TRE"}).status_code == 403
        assert client.get("/lanh-dao/hoi/").status_code == 405
        assert Activity.objects.get(code="TRE").explanation_requests.count() == 0


class TestSize:
    @pytest.mark.parametrize("kept", [True, False])
    @pytest.mark.parametrize("count", [10, 1000])
    def test_queries_are_the_same(self, client, leader, world, count, kept, django_assert_num_queries):
        rows = [
            Activity(
                area=(world.late, world.fine)[n % 2], code=f"S-{n}", title=f"Việc {n}", start_on=ago(300),
                due_on=TODAY + timedelta(days=n % 200 - 100),
                lead_agency=(world.one, world.other)[n % 3 == 0],
            )
            for n in range(count)
        ]  # fmt: skip
        for row in rows:
            row.prepare()
        Activity.objects.bulk_create(rows)
        for _n in range(min(count, 12)):
            factories.make_explanation(world.slow, agency=world.other)
            factories.make_mou(world.late)
        TestSince().seal(world)
        if kept:
            rebuild(world.plan, TODAY)
        assert (client.get(BOARD).context["board"].are_kept) == kept
        with django_assert_num_queries(KEPT if kept else COMPUTED):
            assert (client.get(BOARD).context["board"].are_kept) == kept
        with django_assert_num_queries(KEPT_ROWS if kept else COMPUTED_ROWS):
            client.get("/lanh-dao/hoat-dong/?nhom=qua-han")
        with django_assert_num_queries(MEMORANDA):
            client.get("/lanh-dao/ban-ghi-nho/?buoc=da-ky")


KEPT, COMPUTED, KEPT_ROWS, COMPUTED_ROWS, MEMORANDA = 28, 28, 23, 23, 11
