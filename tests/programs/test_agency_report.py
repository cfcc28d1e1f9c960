"""The report by body: "đơn vị lúc đó" and "đơn vị hiện nay", a day or a period, split where bodies merged."""

import datetime

import pytest

from cooperation.succession import succeed
from programs.agency_report import NOW, THEN, agency_report
from programs.figures import plan_progress
from programs.handing_over import hand_over
from programs.models import Activity, ReportingPeriod
from programs.periods.sealing import seal
from tests.factories import make_activity, make_agency, make_area, make_plan, make_update, make_user
from tests.pages import rows_of, text_of

pytestmark = pytest.mark.django_db

MERGER = datetime.date(2025, 7, 1)
EVE = datetime.date(2025, 6, 30)
END = datetime.date(2025, 12, 14)
TODAY = datetime.date(2026, 11, 23)


def day(month, date=15, year=2025):
    return datetime.date(year, month, date)


def make_period(plan, start_on, end_on, label="Năm 2025"):
    return ReportingPeriod.objects.create(
        plan=plan, kind="year", label=label, start_on=start_on, end_on=end_on
    )


class World:
    """Two departments that merge on 1/7/2025, with work done before and after it, and work still open."""

    def __init__(self):
        self.plan = make_plan(is_main=True)
        self.area = make_area(self.plan)
        self.a, self.b = make_agency("Sở A"), make_agency("Sở B")
        self.new = make_agency("Sở mới", valid_from=MERGER)
        done = {"lifecycle": "completed"}
        self.early = self.make(self.a, completed_on=day(5, year=2024), **done)
        self.before = self.make(self.a, completed_on=day(3), **done)
        self.after = self.make(self.b, completed_on=day(9), **done)
        self.open_a = self.make(self.a, due_on=EVE - datetime.timedelta(days=10))
        self.open_b = self.make(self.b)
        self.unled = self.make(None)
        make_update(self.open_a, 10, day(2), agency=self.a)
        make_update(self.open_a, 20, day(4), agency=self.b, is_counterpart=True)
        make_update(self.open_b, 30, day(5))
        make_update(self.open_a, 40, day(8), agency=self.new)
        make_update(self.open_a, 50, day(8), agency=self.new, status="draft", decided_at=None)
        make_update(self.open_a, 5, day(11, year=2024), agency=self.a)
        succeed(self.new, [self.a, self.b], MERGER, document="NQ")
        hand_over([self.a, self.b], today=TODAY, document="NQ")

    def make(self, lead, **kwargs):
        return make_activity(self.area, lead_agency=lead, start_on=day(1, year=2024), **kwargs)


@pytest.fixture
def world():
    return World()


def table(report):
    """By the first words of the label: (chủ trì, hoàn thành, quá hạn, đã báo cáo, phải báo cáo, báo cáo)."""
    return {
        row.label.replace(row.agency.name, row.agency.name.rstrip(" 0123456789")) if row.agency else "–": (
            row.led, row.completed, row.overdue, row.reported, row.expected, row.reports,
        )
        for row in report.rows
    }  # fmt: skip


def test_a_day_before_the_merger_knows_nothing_of_it(world):
    report = agency_report(world.plan, THEN, EVE)
    assert table(report) == {
        "Sở A": (3, 2, 1, 3, 3, 2),
        "Sở B": (2, 0, 0, 1, 2, 2),
        "–": (1, 0, 0, 0, 1, 0),
    }
    assert report.split_on == ()
    assert report.total == {
        "led": 6,
        "completed": 2,
        "overdue": 1,
        "reported": 4,
        "expected": 6,
        "reports": 4,
    }


def test_a_day_after_it_what_was_done_stays_with_who_did_it(world):
    report = agency_report(world.plan, THEN, END)
    assert table(report) == {
        "Sở A (đến 30/06/2025)": (2, 2, 0, 2, 2, 2),
        "Sở B (đến 30/06/2025)": (0, 0, 0, 0, 0, 2),
        "Sở mới (từ 01/07/2025)": (3, 1, 1, 3, 3, 1),
        "–": (1, 0, 0, 0, 1, 0),
    }
    assert report.total["led"] == 6


def test_by_the_bodies_of_today(world):
    for on, led in ((EVE, (5, 2, 1, 4, 5, 4)), (END, (5, 3, 1, 5, 5, 5))):
        report = agency_report(world.plan, NOW, on)
        assert table(report) == {"Sở mới": led, "–": (1, 0, 0, 0, 1, 0)}, on


def test_a_period_that_crosses_the_day_keeps_its_split_rows(world):
    report = agency_report(world.plan, THEN, END, make_period(world.plan, day(12, year=2024), END))
    assert table(report) == {
        "Sở A (đến 30/06/2025)": (2, 1, 1, 2, 2, 1),
        "Sở B (đến 30/06/2025)": (2, 0, 0, 1, 2, 2),
        "Sở mới (từ 01/07/2025)": (3, 1, 1, 3, 3, 1),
        "–": (1, 0, 0, 0, 1, 0),
    }
    assert [row.agency for row in report.rows] == [world.a, world.b, world.new, None]
    assert report.split_on == (MERGER,)
    assert report.total == {
        "led": None, "overdue": None, "reported": None, "expected": None, "completed": 2, "reports": 4,
    }  # fmt: skip


def test_the_same_period_by_the_bodies_of_today_is_not_split(world):
    report = agency_report(world.plan, NOW, END, make_period(world.plan, day(12, year=2024), END))
    assert table(report) == {"Sở mới": (4, 2, 1, 4, 4, 4), "–": (1, 0, 0, 0, 1, 0)}
    assert report.split_on == ()
    assert report.total["led"] == 5


@pytest.mark.parametrize(
    ("start", "end", "names"),
    [
        (day(1), EVE, ["Sở A", "Sở B", "–"]),
        (MERGER, END, ["Sở mới (từ 01/07/2025)", "–"]),
        (day(8), END, ["Sở mới", "–"]),
    ],
)
def test_a_period_on_one_side_of_the_day_is_not_split(world, start, end, names):
    report = agency_report(world.plan, THEN, end, make_period(world.plan, start, end))
    assert list(table(report)) == names
    assert report.split_on == ()
    assert None not in report.total.values()


def test_a_body_that_takes_another_in_keeps_one_row():
    plan = make_plan()
    area = make_area(plan)
    a, b = make_agency("Sở A"), make_agency("Sở B")
    for body in (a, b):
        make_activity(area, lead_agency=body, lifecycle="completed", completed_on=day(3))
        make_activity(area, lead_agency=body)
    succeed(a, [b], MERGER, document="")
    hand_over([b], today=TODAY, document="")
    report = agency_report(plan, THEN, END, make_period(plan, day(1), END))
    assert {label: row[:2] for label, row in table(report).items()} == {
        "Sở A": (3, 1), "Sở B (đến 30/06/2025)": (2, 1),
    }  # fmt: skip
    assert report.total["completed"] == 2
    assert report.total["led"] is None


def test_a_body_that_ended_without_a_successor_is_counted_to_the_end():
    plan = make_plan()
    body = make_agency("Sở A", dissolved_on=MERGER)
    make_activity(make_area(plan), lead_agency=body)
    report = agency_report(plan, THEN, END, make_period(plan, day(1), END))
    assert {label: row[0] for label, row in table(report).items()} == {"Sở A (đến 30/06/2025)": 1}
    assert report.total["led"] == 1


def test_every_activity_of_the_figures_stands_in_one_row(world):
    """The report and the plan's page never tell two stories."""
    for on in (day(1), EVE, MERGER, END, TODAY):
        figure = plan_progress(world.plan, on).areas[0].figure
        for by in (THEN, NOW):
            total = agency_report(world.plan, by, on).total
            assert total["led"] == figure.countable
            assert (total["completed"], total["overdue"]) == (figure.completed, figure.overdue)
            assert (total["reported"], total["expected"]) == (figure.reported, figure.expected)


def test_cancelled_hidden_and_later_work_is_left_out(world):
    before = agency_report(world.plan, THEN, END)
    world.make(world.a, lifecycle="cancelled", cancelled_on=day(2))
    world.make(world.a, published=False)
    world.make(world.a, added_on=TODAY)
    make_activity(lead_agency=world.a)
    assert table(agency_report(world.plan, THEN, END)) == table(before)


def delete(world, activity):
    Activity.objects.filter(pk=activity.pk).update(deleted_at="2026-11-23T00:00Z")


def hide(world, activity):
    Activity.objects.filter(pk=activity.pk).update(published=False)


def move(world, activity):
    Activity.objects.filter(pk=activity.pk).update(area=make_area(make_plan()))


def lead_anew(world, activity):
    Activity.objects.filter(pk=activity.pk).update(lead_agency=make_agency("Sở khác"))


def take_up_again(world, activity):
    Activity.objects.filter(pk=activity.pk).update(
        lifecycle="in_progress", completed_on=None, due_on=day(1, year=2027)
    )


def add_back_dated(world, activity):
    make_update(world.make(world.new, due_on=EVE), 5, day(6), agency=world.new)
    make_update(activity, 60, day(10), agency=world.new)


@pytest.mark.parametrize("change", [delete, hide, move, lead_anew, take_up_again, add_back_dated])
@pytest.mark.parametrize("name", ["before", "after", "open_a"])
def test_what_was_sealed_stands(world, change, name):
    """R14: the period with its split rows, and the day on which it ends, whatever becomes of an activity."""
    period = make_period(world.plan, day(12, year=2024), END)

    def reports():
        asked = ReportingPeriod.objects.get(pk=period.pk)
        return [
            table(agency_report(world.plan, by, END, within))
            for by in (THEN, NOW)
            for within in (asked, None)
        ]

    before = reports()
    seal(period=period, user=make_user(is_superuser=True), incomplete_reason="thiếu báo cáo kỳ")
    assert reports() == before
    change(world, getattr(world, name))
    assert reports() == before
    figure = plan_progress(world.plan, END).areas[0].figure
    assert agency_report(world.plan, THEN, END).total["led"] == figure.countable == 6


def test_a_late_cancellation_before_the_period_stays_with_the_body_that_is_gone():
    """R2: without a document it still counts, and its body was dissolved before the period starts."""
    area = make_area(make_plan())
    new = make_agency("Sở mới", valid_from=day(7, 1, year=2024))
    old = make_agency("Sở A", dissolved_on=day(7, 1, year=2024), successor=new)
    facts = {"lifecycle": "cancelled", "cancelled_on": day(1, year=2024), "due_on": day(6, year=2023)}
    make_activity(area, lead_agency=old, start_on=day(1, year=2023), **facts)
    period = make_period(area.plan, day(12, year=2024), END)
    for within in (None, period):
        report = agency_report(area.plan, THEN, END, within)
        assert table(report) == {"Sở A (đến 30/06/2024)": (1, 0, 1, 0, 1, 0)}
        assert report.split_on == ()
    assert plan_progress(area.plan, END).areas[0].figure.overdue == 1


class TestThePage:
    URL = "/bao-cao/don-vi/"

    def test_today(self, client, world):
        page = client.get(self.URL)
        assert "theo đơn vị lúc đó" in text_of(page)
        assert rows_of(page)[0].endswith("(đến 30/06/2025) 2 2 0 2/2 2")
        assert "Cộng 6 3 1" in text_of(page)
        assert "sáp nhập từ" not in text_of(page)

    def test_a_split_period(self, client, world):
        period = make_period(world.plan, day(12, year=2024), END)
        page = client.get(self.URL, {"ky": period.pk, "theo": "luc-do", "as_of": "2090-01-01"})
        text = text_of(page)
        assert "Năm 2025: 15/12/2024 – 14/12/2025, theo đơn vị lúc đó" in text
        assert "Kỳ này có việc sáp nhập từ 01/07/2025" in text
        assert "Cộng 2 4" in text
        assert "chưa đến" not in text, "the period decides the day"
        now = text_of(client.get(self.URL, {"ky": period.pk, "theo": "hien-nay"}))
        assert "theo đơn vị hiện nay" in now
        assert "sáp nhập từ" not in now

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ({"theo": "x"}, "trang đang theo đơn vị lúc đó"),
            ({"ky": "x"}, "không có kỳ báo cáo ấy"),
            ({"ky": "9" * 40}, "không có kỳ báo cáo ấy"),
            ({"ky": "1\x00"}, "không có kỳ báo cáo ấy"),
            ({"as_of": "31/12/2025"}, "Không đọc được ngày"),
        ],
    )
    def test_what_cannot_be_read_is_told(self, client, world, query, words):
        page = client.get(self.URL, query)
        assert page.status_code == 200
        assert words in text_of(page)

    def test_periods_of_other_plans_and_periods_to_come(self, client, world):
        foreign = make_period(make_plan(), day(1), END)
        assert "không có kỳ báo cáo ấy" in text_of(client.get(self.URL, {"ky": foreign.pk}))
        coming = make_period(world.plan, day(1, year=2090), day(12, year=2090))
        assert "Kỳ này chưa bắt đầu." in text_of(client.get(self.URL, {"ky": coming.pk}))
        running = make_period(world.plan, day(2), day(12, year=2090))
        assert "Kỳ chưa chốt: số liệu đến hôm nay." in text_of(client.get(self.URL, {"ky": running.pk}))

    def test_a_plan_without_anything(self, client):
        make_plan(is_main=True)
        assert "Chưa có hoạt động hay báo cáo nào." in text_of(client.get(self.URL))

    @pytest.mark.parametrize("count", [1, 30])
    def test_queries_do_not_grow(self, client, world, count, django_assert_num_queries):
        for number in range(count):
            body = make_agency(f"Sở {number}")
            make_update(world.make(body), 10, day(3), agency=body)
        period = make_period(world.plan, day(12, year=2024), END)
        with django_assert_num_queries(14):
            client.get(self.URL, {"as_of": EVE.isoformat()})
        with django_assert_num_queries(18):
            client.get(self.URL, {"ky": period.pk})
