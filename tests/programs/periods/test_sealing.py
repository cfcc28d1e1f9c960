"""Opening, sending and sealing: who may, when, and what is stored."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import localdate

from cooperation.roles import sync_roles
from programs.figures import live_progress, plan_progress
from programs.models import Erratum, Indicator, IndicatorValue, PeriodReport, ReportingPeriod, Snapshot
from programs.periods.content import sha256
from programs.periods.opening import open_year
from programs.periods.sealing import seal
from programs.periods.sending import missing_of, owed_reports, owing_agencies, send
from tests.factories import (
    make_activity,
    make_agency,
    make_area,
    make_milestone,
    make_period,
    make_plan,
    make_snapshot,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db

IN_2021 = date(2021, 6, 30)
END = date(2021, 12, 14)


@pytest.fixture
def agency():
    sync_roles()
    return make_agency()


@pytest.fixture
def plan(agency):
    plan = make_plan(is_main=True, signed_on=date(2019, 5, 17))
    plan.agencies.add(agency)
    return plan


@pytest.fixture
def approver(agency):
    return make_user(agency=agency, role="Người duyệt")


def refusal(call) -> str:
    with pytest.raises(ValidationError) as caught:
        call()
    return " ".join(caught.value.messages)


# Opening


def test_a_year_opens_once(plan):
    opened, there = open_year(plan=plan, year=2021)
    assert (len(opened), there) == (12 + 4 + 2 + 1 + 1, 0)
    year = next(period for period in opened if period.kind == "year")
    assert (year.label, year.start_on, year.end_on, year.due_on) == (
        "Năm 2021", date(2020, 12, 15), END, date(2021, 12, 16),
    )  # fmt: skip
    opened, there = open_year(plan=plan, year=2021)
    assert (opened, there) == ([], 20)


def test_the_calendar_is_a_setting(plan, settings):
    settings.PORTAL_PERIOD_CALENDAR = "calendar"
    (year,), _there = open_year(plan=plan, year=2021, kinds=["year"])
    assert (year.start_on, year.end_on) == (date(2021, 1, 1), date(2021, 12, 31))
    settings.PORTAL_PERIOD_CALENDAR, settings.PORTAL_PERIOD_CUTOFF_DAY = "decree", 20
    opened, there = open_year(plan=plan, year=2021, kinds=["year", "half_year"])
    assert there == 1, "another cut-off day opens no second period over the same time"
    assert [period.end_on for period in opened] == [date(2021, 6, 20), date(2021, 12, 20)]


def test_no_period_outside_the_plan(plan):
    assert "Kế hoạch chạy 2019-2025" in refusal(lambda: open_year(plan=plan, year=2026))


def test_who_may_not_add_periods_opens_none(plan, approver):
    with pytest.raises(PermissionDenied):
        open_year(plan=plan, year=2021, user=approver)
    assert not ReportingPeriod.objects.exists()


# Sending


def test_signatories_owe_a_report(plan, agency):
    make_agency()
    assert owing_agencies(make_period(plan)) == [agency]


def test_a_period_that_crosses_a_merger_keeps_its_split_rows(plan, agency):
    merger = date(2025, 7, 1)
    new = make_agency("Z Sở mới", valid_from=merger)
    other = make_agency("Sở khác")
    plan.agencies.add(other)
    for old in (agency, other):
        old.dissolved_on, old.successor = merger, new
        old.save()
    year = make_period(plan, label="Năm 2025", start_on=date(2024, 12, 15), end_on=date(2025, 12, 14))
    quarter = make_period(
        plan, kind="quarter", label="Quý I/2025", start_on=date(2024, 12, 15), end_on=date(2025, 3, 14)
    )
    after = make_period(
        plan, kind="quarter", label="Quý IV/2025", start_on=date(2025, 9, 15), end_on=date(2025, 12, 14)
    )
    assert set(owing_agencies(year)) == {agency, other, new}
    assert len(owing_agencies(year)) == 3
    assert set(owing_agencies(quarter)) == {agency, other}
    assert owing_agencies(after) == [new]
    heir = make_user(agency=new, role="Người duyệt")
    for body in (agency, other, new):
        send(period=year, agency=body, user=heir)
    assert all(line.report for line in owed_reports(year))


def test_a_report_is_sent_once_and_by_its_own_side(plan, agency, approver):
    period = make_period(plan)
    stranger = make_user(agency=make_agency(), role="Người duyệt")
    leader = make_user(agency=agency, role="Lãnh đạo")
    for user in (stranger, leader):
        with pytest.raises(PermissionDenied):
            send(period=period, agency=agency, user=user)
    report = send(period=period, agency=agency, user=approver, note=" còn thiếu một ")
    assert (report.note, report.sent_by) == ("còn thiếu một", approver)
    assert "đã gửi" in refusal(lambda: send(period=period, agency=agency, user=approver))


def test_a_unit_sends_for_its_department(plan, agency):
    unit = make_user(agency=make_agency("Phòng", parent=agency), role="Người duyệt")
    assert send(period=make_period(plan), agency=agency, user=unit).agency == agency


def test_nothing_is_sent_before_the_period_or_after_the_seal(plan, agency, approver):
    tomorrow = localdate() + timedelta(days=1)
    future = make_period(plan, start_on=tomorrow, end_on=tomorrow + timedelta(days=30))
    assert "chưa bắt đầu" in refusal(lambda: send(period=future, agency=agency, user=approver))
    period = make_period(plan)
    make_snapshot(period)
    assert "đã chốt" in refusal(lambda: send(period=period, agency=agency, user=approver))


def test_what_is_missing_is_named_first(plan, agency, approver):
    area = make_area(plan)
    silent = make_activity(area, lead_agency=agency, title="Việc im lặng")
    make_update(make_activity(area, lead_agency=agency), effective_on=IN_2021)
    make_activity(area, title="Của người khác", lead_agency=make_agency())
    draft = make_update(silent, effective_on=IN_2021, status="draft", decided_at=None)
    waiting = make_update(silent, effective_on=IN_2021, status="submitted", decided_at=None)
    missing = missing_of(make_period(plan), approver)
    assert missing.unreported == [(silent.code, "Việc im lặng")]
    assert (missing.unsent, missing.waiting) == ([draft], [waiting])
    make_update(silent, effective_on=IN_2021)
    draft.delete()
    assert not missing_of(make_period(plan, kind="quarter"), approver).unreported


# Sealing


def test_sealing_needs_the_end_of_the_period(plan, approver):
    period = make_period(plan, end_on=localdate())
    assert "chưa chốt được" in refusal(lambda: seal(period=period, user=approver, incomplete_reason="x"))
    period.end_on = localdate() - timedelta(days=1)
    period.save()
    assert seal(period=period, user=approver, incomplete_reason="x")


def test_sealing_needs_all_reports_or_a_reason(plan, agency, approver):
    period = make_period(plan)
    assert str(agency) in refusal(lambda: seal(period=period, user=approver, incomplete_reason="  "))
    send(period=period, agency=agency, user=approver)
    snapshot = seal(period=period, user=approver, incomplete_reason="không cần")
    assert snapshot.incomplete_reason == ""
    data = snapshot.sealed.data
    assert data["reports"] == [{"agency": str(agency), "sent_on": str(localdate())}]


def test_a_period_is_sealed_once(plan, approver):
    period = make_period(plan)
    make_snapshot(period)
    assert "đã chốt lúc" in refusal(lambda: seal(period=period, user=approver, incomplete_reason="x"))
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize("role", ["Chuyên viên", "Nhập liệu", "Lãnh đạo"])
def test_only_approvers_of_a_signatory_seal(plan, agency, role):
    period = make_period(plan)
    for user in (
        make_user(agency=agency, role=role),
        make_user(agency=make_agency(), role="Người duyệt"),
        make_user(agency=agency, role="Người duyệt", is_active=False),
    ):
        with pytest.raises(PermissionDenied):
            seal(period=period, user=user, incomplete_reason="x")
    assert not Snapshot.objects.exists()


def test_a_hidden_plan_has_nothing_to_seal():
    period = make_period(make_plan(published=False))
    admin = make_user(is_superuser=True)
    assert "chưa công khai" in refusal(lambda: seal(period=period, user=admin, incomplete_reason="x"))


def test_the_content_holds_figures_facts_and_rows(plan, agency):
    area = make_area(plan, 6)
    activity = make_activity(area, code="HD-A", lead_agency=agency, start_on=date(2020, 1, 1), weight=2)
    update = make_update(activity, 40, IN_2021)
    make_update(activity, 90, date(2022, 3, 1))
    periodic = make_activity(area, code="HD-B", kind="periodic")
    milestone = make_milestone(periodic, IN_2021, done_on=IN_2021)
    make_milestone(periodic, date(2022, 6, 30))
    indicator = Indicator.objects.create(
        area=area, code="CH", name="x", unit="đợt", aggregation="periodic", target=3
    )
    value = IndicatorValue.objects.create(indicator=indicator, year=2021, actual=1, effective_on=IN_2021)
    make_activity(area, code="HD-C", indicator=indicator)
    make_activity(area, code="HD-D", added_on=date(2022, 1, 1))
    make_activity(area, code="HD-E", published=False)
    snapshot = make_snapshot(make_period(plan))
    assert snapshot.sha256 == sha256(snapshot.content)
    stored = {entry["code"]: entry for entry in snapshot.sealed.entries.values()}
    assert list(stored) == ["HD-A", "HD-B", "HD-C"]
    assert stored["HD-A"]["facts"]["updates"] == [["2021-06-30", "40.0"]]
    assert stored["HD-A"]["rows"]["updates"] == [update.pk]
    assert stored["HD-A"]["lead"] == {"slug": agency.slug, "name": agency.name}
    assert stored["HD-A"]["figure"]["percent"] == "40"
    assert stored["HD-B"]["rows"]["milestones"][0] == milestone.pk
    assert stored["HD-B"]["figure"]["percent"] == "50"
    assert stored["HD-C"]["facts"]["indicator_percent"] == "100/3"
    assert stored["HD-C"]["rows"]["indicator"]["values"][0]["pk"] == value.pk
    assert stored["HD-C"]["figure"]["shown"] == "33.3"
    assert snapshot.sealed.faults() == []
    assert snapshot.sealed.headline.value == Decimal("40.8")  # (2 × 40 + 50 + 100/3) ÷ 4
    assert json.loads(snapshot.content)["period"]["end_on"] == "2021-12-14"


def test_what_is_sealed_is_what_the_pages_showed(plan):
    """The two readings of the facts, for any number of activities on a day and over time, are one."""
    for number in (1, 2, 3):
        area = make_area(plan, number)
        for percent in range(0, 100, 7):
            activity = make_activity(area, start_on=date(2020, 1, 1), due_on=date(2022, 1, 1 + percent % 28))
            make_update(activity, percent, IN_2021)
            make_update(activity, None, date(2021, 1 + percent % 12, 20))
            make_update(activity, 99, IN_2021 + timedelta(days=percent * 4))
            make_milestone(make_activity(area, kind="periodic"), IN_2021, done_on=IN_2021)
    period = make_period(plan)
    live = live_progress(plan, END, period)
    make_snapshot(period)
    sealed = plan_progress(plan, END)
    assert sealed.snapshot is not None
    assert sealed.headline == live.headline
    for before, after in zip(live.areas, sealed.areas, strict=True):
        assert (before.area, before.figure) == (after.area, after.figure)
        assert before.leaves.keys() == after.leaves.keys()
        for pk, leaf in before.leaves.items():
            assert (leaf.percent, leaf.planned, str(leaf.reason)) == (
                after.leaves[pk].percent, after.leaves[pk].planned, after.leaves[pk].reason,
            )  # fmt: skip


def test_thresholds_are_kept_with_the_figures(plan, settings):
    make_update(make_activity(make_area(plan), start_on=date(2020, 1, 1)), effective_on=date(2020, 6, 30))
    make_snapshot(make_period(plan))
    before = plan_progress(plan, END)
    settings.PORTAL_MINIMUM_COVERAGE = Decimal(0)
    after = plan_progress(plan, END)
    assert after.thresholds.minimum_coverage == 60
    assert after.areas[0].figure == before.areas[0].figure
    assert not after.areas[0].figure.sufficient


def test_what_is_sealed_is_never_changed_or_deleted(plan, agency, approver):
    period = make_period(plan)
    report = send(period=period, agency=agency, user=approver)
    snapshot = make_snapshot(period)
    erratum = Erratum.objects.create(
        snapshot=snapshot, number=1, reason="x", content="{}", recorded_at=snapshot.sealed_at
    )
    for row in (snapshot, erratum, report):
        assert "không sửa, không xóa được" in refusal(row.save)
        assert "không sửa, không xóa được" in refusal(row.delete)
        assert "không sửa" in refusal(type(row).objects.all().delete)
        assert "không sửa" in refusal(lambda row=row: type(row).objects.update(pk=row.pk))
    for change in (period.save, period.delete):
        assert "Kỳ đã chốt số liệu" in refusal(change)
    assert PeriodReport.objects.count() == Snapshot.objects.count() == Erratum.objects.count() == 1
