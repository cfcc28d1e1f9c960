"""The page "Việc của tôi" for each role, and the line of the signed-in."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from cooperation.models import ImportBatch
from cooperation.roles import sync_roles
from portal.menu import staff
from programs.models import ProgressUpdate
from tests.factories import (
    make_activity,
    make_agency,
    make_area,
    make_explanation,
    make_plan,
    make_update,
    make_user,
)
from tests.pages import html_of, text_of

pytestmark = pytest.mark.django_db

TODAY = localdate()
ADDRESS = "/viec-cua-toi/"


@pytest.fixture
def office():
    sync_roles()
    return make_agency()


@pytest.fixture
def plan():
    return make_plan(is_main=True)


@pytest.fixture
def work(office, plan):
    area = make_area(plan)
    for agency in (office, make_agency()):
        facts = {"lead_agency": agency, "start_on": TODAY - timedelta(90)}
        late = make_activity(area, title="Trễ", due_on=TODAY - timedelta(3), **facts)
        make_activity(area, title="Sắp", due_on=TODAY + timedelta(3), **facts)
        make_update(late, status="returned", return_note="Thiếu số liệu.")
        make_update(late, status="submitted", decided_at=None)
        make_update(late, status="draft", decided_at=None)
        make_explanation(late, agency=agency, due_on=TODAY - timedelta(1))
    ImportBatch.objects.create(
        kind="mou", plan=plan, file_name="bieu.xlsx", sha256="0", state="previewed",
        user=make_user("nhap", agency=office, role="Nhập liệu"),
    )  # fmt: skip


def enter(client, office, role):
    user = make_user(agency=office, role=role, full_name="Nguyễn Văn Viên")
    client.force_login(user)
    return user


def seen(client):
    context = client.get(ADDRESS).context
    return {box["title"]: box["count"] for box in (*context["tasks"], *context["to_know"])}


BOXES = {
    "Chuyên viên": {
        "Trả lại cho đơn vị tôi": 1, "Bản nháp chưa gửi": 1, "Chờ đơn vị tôi giải trình": 1, "Quá hạn": 1,
        "Sắp đến hạn": 1, "Chưa báo cáo": 2, "Hoạt động của đơn vị tôi": 2,
    },
    "Người duyệt": {
        "Chờ tôi duyệt": 1, "Trả lại cho đơn vị tôi": 1, "Bản nháp chưa gửi": 1,
        "Chờ đơn vị tôi giải trình": 1, "Quá hạn": 1, "Sắp đến hạn": 1, "Chưa báo cáo": 2,
        "Hoạt động của đơn vị tôi": 2,
    },
    "Nhập liệu": {"Quá hạn": 1, "Sắp đến hạn": 1, "Chưa báo cáo": 2, "Hoạt động của đơn vị tôi": 2},
    "Lãnh đạo": {
        "Giải trình quá hạn": 2, "Quá hạn": 2, "Sắp đến hạn": 2, "Chưa báo cáo": 4,
        "Hoạt động của đơn vị tôi": 4,
    },
}  # fmt: skip


@pytest.mark.parametrize("role", BOXES)
def test_each_role_has_its_boxes(client, office, work, role):
    enter(client, office, role)
    assert seen(client) == BOXES[role]


@pytest.mark.parametrize("role", BOXES)
def test_behind_every_box_are_as_many_rows_as_it_counts_and_every_row_leads_somewhere(
    client, office, work, role
):
    enter(client, office, role)
    context = client.get(ADDRESS).context
    for box in (*context["tasks"], *context["to_know"]):
        listed = client.get(box["address"])
        assert listed.context["page"].paginator.count == len(listed.context["rows"]) == box["count"]
        for row in listed.context["rows"]:
            assert client.get(row["address"]).status_code == 200, row


def test_the_file_of_the_clerk_who_brought_it_in(client, office, work):
    client.force_login(ImportBatch.objects.get().user)
    page = client.get(ADDRESS)
    assert [box["title"] for box in page.context["tasks"]] == ["Tệp nhập đang dở"]
    assert "bieu.xlsx" in text_of(page)


def test_a_row_says_what_to_know(client, office, work):
    enter(client, office, "Chuyên viên")
    text = text_of(client.get(ADDRESS))
    assert "quá hạn 3 ngày" in text
    assert "Thiếu số liệu." in text
    assert f"còn 3 ngày (hạn {TODAY + timedelta(3):%d/%m/%Y})" in text
    assert "Không có gì ở: " in text


def test_long_lists_are_cut_and_paged(client, office, plan):
    area = make_area(plan)
    for _each in range(30):
        make_activity(area, lead_agency=office, due_on=TODAY - timedelta(1))
    enter(client, office, "Chuyên viên")
    assert "Xem tất cả 30" in text_of(client.get(ADDRESS))
    assert len(client.get(ADDRESS + "?viec=qua-han").context["rows"]) == 25
    assert len(client.get(ADDRESS + "?viec=qua-han&page=2").context["rows"]) == 5


def test_a_list_that_is_not_there(client, office):
    enter(client, office, "Chuyên viên")
    for name in ("khong-co", "cho-duyet", ""):
        assert client.get(ADDRESS, {"viec": name}).status_code == 404
    assert client.get(ADDRESS, {"viec": "qua-han"}).status_code == 200


def test_who_has_no_role_is_told_whom_to_ask(client):
    client.force_login(make_user())
    assert "chưa có vai trò nào" in text_of(client.get(ADDRESS))


def test_readers_are_sent_to_the_door_and_accounts_that_are_no_staff_away(client):
    assert client.get(ADDRESS).url.startswith(reverse("admin:login"))
    client.force_login(make_user(is_staff=False))
    assert client.get(ADDRESS).url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("size", [1, 20])
@pytest.mark.parametrize(("role", "queries"), [("Chuyên viên", 25), ("Lãnh đạo", 15)])
def test_the_number_of_queries_does_not_grow(
    client, office, plan, role, queries, size, django_assert_num_queries
):
    area = make_area(plan)
    for _each in range(size):
        activity = make_activity(area, lead_agency=office, due_on=TODAY - timedelta(1))
        make_update(activity, status=ProgressUpdate.Status.RETURNED, return_note="x")
        make_explanation(activity, agency=office, due_on=TODAY - timedelta(1))
    enter(client, office, role)
    client.get("/co-quan/")
    with django_assert_num_queries(queries):
        client.get(ADDRESS)


def bar(page):
    html = html_of(page)
    start = html.find('<div class="staff-bar">')
    return "" if start < 0 else html[start : html.index("</form>", start)]


def test_the_line_of_the_signed_in(client, office, work):
    user = enter(client, office, "Chuyên viên")
    line = bar(client.get("/"))
    # Returned, draft, explanation, two activities of which one is late as well as silent.
    assert "Việc của tôi (5)" in line
    assert str(user) in line
    assert 'action="/admin/logout/"' in line
    assert client.get(ADDRESS).context["count"] == 5


def test_signing_out(client, office):
    enter(client, office, "Chuyên viên")
    client.post("/admin/logout/")
    assert bar(client.get("/")) == ""


def test_readers_have_no_such_line_and_pay_nothing_for_it(client, plan, django_assert_num_queries):
    with django_assert_num_queries(4):  # the rows, and how many of each choice
        page = client.get("/co-quan/")
    assert bar(page) == ""
    assert not page.cookies


def test_without_the_cookie_nobody_asks_who_it_is(rf):
    request = rf.get("/")
    assert staff(request) == {}
    assert not hasattr(request, "session")


def test_a_stale_cookie_makes_a_reader(client, plan):
    client.cookies["sessionid"] = "het-han"
    assert bar(client.get("/")) == ""


def test_pages_of_the_admin_do_not_count(client, office, work, django_assert_num_queries):
    """The line belongs to the pages under base.html: the admin asks for nothing of it."""
    enter(client, office, "Chuyên viên")
    page = client.get(reverse("admin:programs_activity_changelist"))
    assert bar(page) == ""
    assert "Việc của tôi" in text_of(page)
