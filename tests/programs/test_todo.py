"""The questions of the admin's first page: the same answers as the public pages give."""

from datetime import date

import pytest

from cooperation.models import ImportBatch
from cooperation.roles import sync_roles
from programs.figures import activity_figures, plan_progress
from programs.measures import Timeliness
from programs.models import Activity, ProgressUpdate, ReportingPeriod
from programs.todo import QUESTIONS, boxes, mine, task_count, work_to_do
from tests.factories import (
    make_activity,
    make_agency,
    make_area,
    make_explanation,
    make_milestone,
    make_plan,
    make_update,
    make_user,
)
from tests.pages import text_of
from tests.programs.two_provinces import DONE, TODAY, World

pytestmark = pytest.mark.django_db

DAY = date(2022, 6, 30)
START = date(2019, 1, 1)


def asked(area, on=DAY):
    """Codes by question."""
    codes = dict(area.activities.values_list("pk", "code"))
    return {
        name: {codes[pk] for pk in leaves} for name, leaves in work_to_do(area.activities.all(), on).items()
    }


@pytest.fixture
def area():
    return make_area(make_plan(is_main=True))


def test_each_question(area):
    make_activity(area, code="LATE", due_on=date(2022, 6, 29), start_on=START)
    make_activity(area, code="SOON", due_on=date(2022, 7, 30), start_on=START)
    make_activity(area, code="LATER", due_on=date(2022, 7, 31), start_on=START)
    make_activity(area, code="DONE", due_on=START, lifecycle="completed", completed_on=DAY)
    make_activity(area, code="ONGOING", kind="continuous", start_on=START)
    make_activity(area, code="STOPPED", lifecycle="suspended", suspended_on=START)
    make_activity(area, code="NOT-YET", added_on=date(2023, 1, 1), due_on=date(2022, 1, 1))
    make_update(make_activity(area, code="SAID", start_on=START), effective_on=date(2022, 6, 1))
    assert asked(area) == {
        "qua-han": {"LATE"},
        "sap-den-han": {"SOON"},
        "chua-bao-cao": {"LATE", "SOON", "LATER", "STOPPED"},
        "dang-lam": {"LATE", "SOON", "LATER", "ONGOING", "SAID"},
    }


def test_a_missed_milestone_is_overdue_here_as_on_the_public_pages(area):
    activity = make_activity(area, code="M", kind="periodic", due_on=date(2030, 1, 1), start_on=START)
    make_milestone(activity, date(2021, 12, 31))
    assert asked(area)["qua-han"] == {"M"}
    (row,) = plan_progress(area.plan, DAY).areas
    assert row.figure.overdue == 1


def test_counts_agree_with_the_figures_of_the_plan(area):
    for number in range(6):
        activity = make_activity(area, due_on=date(2022, 1 + number * 2, 1), start_on=START)
        if number % 2:
            make_update(activity, effective_on=date(2022, 1, 1))
    figure = plan_progress(area.plan, DAY).areas[0].figure
    found = asked(area)
    assert len(found["qua-han"]) == figure.overdue == 3
    assert len(found["chua-bao-cao"]) == figure.expected - figure.reported == 3


def test_silence_is_measured_in_the_period_of_the_activity_s_own_plan(area):
    ReportingPeriod.objects.create(
        plan=area.plan, kind="quarter", label="Quý II", start_on=date(2022, 3, 15), end_on=DAY
    )
    activity = make_activity(area, code="OLD", start_on=START)
    make_update(activity, effective_on=date(2022, 3, 14))
    elsewhere = make_activity(make_area(), start_on=START)
    make_update(elsewhere, effective_on=date(2022, 3, 14))
    found = work_to_do(type(activity).objects.all(), DAY)["chua-bao-cao"]
    assert set(found) == {activity.pk}


def test_the_longest_overdue_comes_first(area):
    for day in (3, 1, 2):
        make_activity(area, code=f"D{day}", due_on=date(2022, 6, day), start_on=START)
    leaves = work_to_do(area.activities.all(), DAY)["qua-han"]
    assert [leaf.days_late for leaf in leaves.values()] == [29, 28, 27]
    assert {leaf.timeliness for leaf in leaves.values()} == {Timeliness.OVERDUE}


def test_mine_is_what_i_write_or_else_what_i_see():
    office = make_agency()
    led, joined = make_activity(lead_agency=office), make_activity(lead_agency=make_agency())
    joined.partner_agencies.add(office)
    assert set(mine(make_user(agency=office))) == {led}
    leader = make_user(agency=office, role="Lãnh đạo")
    assert set(mine(leader)) == {led, joined}


def test_the_number_of_queries_does_not_grow(area, django_assert_num_queries):
    for number in range(30):
        make_milestone(make_activity(area, kind="periodic", start_on=START), date(2020, 1, 1 + number))
    with django_assert_num_queries(6):
        work_to_do(area.activities.all(), DAY)


def test_what_is_completed_is_left_out_before_it_is_computed(area):
    """The questions are asked of what goes on; of the rest each of them would say no anyway."""
    for number, lifecycle in enumerate(("completed", "planned") * 3):
        done = DAY.replace(day=1 + number) if lifecycle == "completed" else None
        activity = make_activity(area, due_on=START, start_on=START, lifecycle=lifecycle, completed_on=done)
        make_update(activity, effective_on=date(2021, 1, 1))
    everything = activity_figures(Activity.objects.all(), DAY)
    for name, leaves in work_to_do(Activity.objects.all(), DAY).items():
        assert set(leaves) == {pk for pk, leaf in everything.items() if QUESTIONS[name][1](leaf)}


@pytest.fixture
def office():
    sync_roles()
    return make_agency()


def counted(user, on=DAY):
    return {box.name: len(box.pks) for box in boxes(user, on) if box.pks}


@pytest.fixture
def work(office, area):
    """One thing of every kind for the office, and as many for another agency."""
    for agency in (office, make_agency()):
        facts = {"lead_agency": agency, "start_on": START}
        late = make_activity(area, due_on=date(2022, 6, 20), **facts)
        make_update(late, effective_on=date(2022, 6, 1))
        make_update(late, status="returned", return_note="Thiếu số liệu.")
        make_update(late, status="draft", decided_at=None)
        silent = make_activity(area, **facts)
        make_update(silent, status="submitted", decided_at=None)
        make_explanation(late, agency=agency, due_on=date(2022, 6, 29))
        make_explanation(late, agency=agency, due_on=date(2022, 7, 5), question="Còn gì nữa?")


def test_who_reports(office, work):
    user = make_user(agency=office, role="Chuyên viên")
    assert counted(user) == {
        "tra-lai": 1, "ban-nhap": 1, "giai-trinh": 2, "qua-han": 1, "chua-bao-cao": 1, "dang-lam": 2,
    }  # fmt: skip
    # Returned, draft, two explanations, one overdue; what was sent waits for the approver.
    assert task_count(boxes(user, DAY)) == 5


def test_who_accepts(office, work):
    user = make_user(agency=office, role="Người duyệt")
    assert counted(user)["cho-duyet"] == 1
    assert task_count(boxes(user, DAY)) == 6


def test_a_leader_watches_all_and_has_late_answers_to_ask_for(office, work):
    user = make_user(agency=office, role="Lãnh đạo")
    assert counted(user) == {
        "giai-trinh-qua-han": 2, "giai-trinh-cho": 2, "qua-han": 2, "chua-bao-cao": 2, "dang-lam": 4,
    }  # fmt: skip
    assert task_count(boxes(user, DAY)) == 2


def test_who_brings_in_files(office, work):
    user, other = (make_user(agency=office, role="Nhập liệu") for _each in range(2))
    plan = make_plan()
    for owner, state in ((user, "previewed"), (user, "failed"), (other, "previewed")):
        ImportBatch.objects.create(
            kind="mou", plan=plan, file_name="a.xlsx", sha256="0", user=owner, state=state
        )
    found = {box.name: (len(box.pks), box.is_task) for box in boxes(user, DAY) if box.pks}
    assert found == {
        "tep-nhap": (1, True), "qua-han": (1, False), "chua-bao-cao": (1, False), "dang-lam": (2, False),
    }  # fmt: skip
    assert task_count(boxes(user, DAY)) == 1


def test_an_administrator_sees_everything_and_has_to_do_none_of_it(office, work):
    user = make_user(is_superuser=True)
    assert counted(user)["qua-han"] == 2
    assert task_count(boxes(user, DAY)) == 0


@pytest.mark.parametrize("role", ["Chuyên viên", "Người duyệt", "Nhập liệu", "Lãnh đạo", "Quản trị hệ thống"])
def test_the_menu_counts_what_the_page_counts(office, work, role):
    user = make_user(agency=office, role=role)
    assert task_count(boxes(user, DAY, tasks_only=True)) == task_count(boxes(user, DAY))


def test_what_somebody_else_must_do_first_is_shown_and_not_counted(office, area):
    activity = make_activity(area, lead_agency=office, start_on=START)
    user = make_user(agency=office, role="Chuyên viên")
    assert task_count(boxes(user, DAY)) == 1
    make_update(activity, status="submitted", decided_at=None)
    box = next(box for box in boxes(user, DAY) if box.name == "chua-bao-cao")
    assert (box.pks, box.notes[activity.pk]) == ((activity.pk,), "đã gửi, chờ duyệt")
    assert task_count(boxes(user, DAY)) == 0


def test_a_closed_period_goes_on_asking_until_its_reports_came(office, area):
    period = ReportingPeriod.objects.create(
        plan=area.plan, kind="month", label="Tháng 6", start_on=date(2022, 5, 15), end_on=date(2022, 6, 14),
        due_on=date(2022, 6, 16),
    )  # fmt: skip
    silent, sent, said = (make_activity(area, lead_agency=office, start_on=START) for _each in range(3))
    make_update(sent, effective_on=date(2022, 6, 10), status="submitted", decided_at=None)
    make_update(said, effective_on=date(2022, 6, 10))
    user = make_user(agency=office, role="Chuyên viên")

    def asked(on):
        return next(box for box in boxes(user, on) if box.name == "ky-da-chot")

    assert asked(date(2022, 6, 14)).pks == ()
    assert asked(date(2022, 6, 15)).notes == {silent.pk: "Tháng 6: còn 1 ngày (hạn 16/06/2022)"}
    assert asked(date(2022, 6, 30)).notes == {silent.pk: "Tháng 6: quá hạn 14 ngày (hạn 16/06/2022)"}
    assert asked(date(2022, 7, 1)).pks == ()
    period.delete()
    assert asked(date(2022, 6, 15)).pks == ()


def test_what_was_deleted_asks_for_nothing(office, work):
    user = make_user(agency=office, role="Chuyên viên")
    Activity.objects.update(deleted_at="2022-06-30T00:00Z")
    assert counted(user) == {}


@pytest.mark.parametrize("size", [1, 20])
def test_the_queries_of_the_menu_do_not_grow(office, area, size, django_assert_num_queries):
    for _each in range(size):
        activity = make_activity(area, lead_agency=office, start_on=START, due_on=date(2022, 6, 20))
        make_update(activity, status=ProgressUpdate.Status.RETURNED, return_note="x")
        make_explanation(activity, agency=office)
    user = make_user(agency=office, role="Chuyên viên")
    with django_assert_num_queries(21):
        boxes(user, DAY, tasks_only=True)


class TestConfirming:
    """The other side's approver confirms at one press; the rest takes a report."""

    @pytest.fixture
    def world(self):
        sync_roles()
        return World()

    def boxes(self, user):
        found = boxes(user, TODAY)
        assert task_count(found) == task_count(boxes(user, TODAY, tasks_only=True))
        return {box.name: box for box in found if box.name in ("cho-xac-nhan", "xac-nhan")}

    def test_the_approver_of_an_agency_that_leads_nothing(self, world):
        world.say("office_a", done=DONE)
        user = make_user(agency=world.office_b, role="Người duyệt")
        found = self.boxes(user)
        box, pk = found["cho-xac-nhan"], world.activity.pk
        assert (box.pks, box.is_task, box.waiting) == ((pk,), True, frozenset())
        assert box.notes == {pk: "bên chủ trì báo xong ngày 20/05/2024"}
        assert box.address(world.activity, writes=True) == f"/xac-nhan/hoat-dong/{world.activity.code}/"
        assert found["xac-nhan"].pks == ()
        assert task_count(boxes(user, TODAY)) == 1

    def test_a_doubt_is_shown_and_not_counted(self, world):
        user = make_user(agency=world.office_b, role="Người duyệt")
        world.say("office_a", done=DONE)
        world.say("office_b", 80, difficulties="Chưa", reported_by=user, decided_by=user)
        box = self.boxes(user)["cho-xac-nhan"]
        assert (box.pks, box.waiting) == ((world.activity.pk,), {world.activity.pk})
        assert box.notes == {world.activity.pk: "đã trả lời: chưa thống nhất"}
        assert task_count(boxes(user, TODAY)) == 0

    def test_who_reports_has_the_row_with_a_report_to_write(self, world):
        world.say("office_a", done=DONE)
        found = self.boxes(make_user(agency=world.office_b, role="Chuyên viên"))
        assert list(found) == ["xac-nhan"]
        assert (found["xac-nhan"].pks, found["xac-nhan"].address) == ((world.activity.pk,), None)

    def test_the_lead_is_asked_for_a_report(self, world):
        world.say("office_b", done=DONE)
        found = self.boxes(make_user(agency=world.office_a, role="Người duyệt"))
        assert (found["cho-xac-nhan"].pks, found["xac-nhan"].pks) == ((), (world.activity.pk,))

    def test_after_the_merger_there_is_nothing_to_confirm(self, world):
        world.say("office_a", done=DONE)
        world.merge()
        for body in (world.office_a, world.office_b, world.office):
            found = self.boxes(make_user(agency=body, role="Người duyệt"))
            assert (found["cho-xac-nhan"].pks, found["xac-nhan"].pks) == ((), ())

    def test_the_page_leads_to_the_press_and_the_admin_too(self, client, world):
        world.say("office_a", done=DONE)
        activity = world.make(due_on=DONE, lifecycle="completed", completed_on=DONE)
        client.force_login(make_user(agency=world.office_b, role="Người duyệt"))
        for address in ("/viec-cua-toi/", "/viec-cua-toi/?viec=cho-xac-nhan", "/admin/"):
            page = client.get(address)
            for one in (world.activity, activity):
                assert f"/xac-nhan/hoat-dong/{one.code}/" in page.content.decode()
            assert "quá hạn" not in text_of(page).replace("Quá hạn", "")
        assert "Việc của tôi (2)" in text_of(client.get(world.activity.get_absolute_url()))

    @pytest.mark.parametrize("size", [1, 20])
    def test_the_queries_do_not_grow(self, world, size, django_assert_num_queries):
        for _each in range(size):
            world.say("office_a", done=DONE, activity=world.make())
        user = make_user(agency=world.office_b, role="Người duyệt")
        with django_assert_num_queries(19):
            boxes(user, TODAY, tasks_only=True)
