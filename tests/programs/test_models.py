"""Activities and what is reported about them: questions, and what the database refuses."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from programs.models import Activity, Evidence, Indicator, IndicatorValue, ReportingPeriod, Snapshot
from tests.constraints import breaks
from tests.factories import make_activity, make_area, make_milestone, make_plan, make_program, make_update

pytestmark = pytest.mark.django_db

DAY = date(2022, 6, 30)
BEFORE = date(2022, 6, 29)


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("activity_weight_from_1", {"weight": 0}),
        ("activity_dates_in_order", {"start_on": DAY, "due_on": BEFORE}),
        ("activity_completed_has_date", {"lifecycle": "completed"}),
        ("activity_completed_has_date", {"lifecycle": "planned", "completed_on": DAY}),
        ("activity_cancelled_has_date", {"lifecycle": "cancelled"}),
        ("activity_cancelled_has_date", {"lifecycle": "in_progress", "cancelled_on": DAY}),
        ("activity_suspended_has_date", {"lifecycle": "suspended"}),
        ("activity_suspended_has_date", {"lifecycle": "suspended", "suspended_on": DAY, "resumed_on": DAY}),
        ("activity_resumed_after_suspended", {"suspended_on": DAY, "resumed_on": BEFORE}),
        ("activity_resumed_after_suspended", {"resumed_on": DAY}),
    ],
)
def test_constraints_of_activities(constraint, facts):
    breaks(constraint, lambda: make_activity(**facts))


def test_constraints_of_reports():
    activity = make_activity()
    breaks("update_percent_0_to_100", lambda: make_update(activity, 101))
    breaks("update_percent_0_to_100", lambda: make_update(activity, -1))
    breaks("update_decided_has_time", lambda: make_update(activity, decided_at=None))
    breaks("update_return_has_note", lambda: make_update(activity, status="returned"))
    make_milestone(activity, DAY)
    breaks("milestone_once_a_day", lambda: make_milestone(activity, DAY))
    both = {"done_on": DAY, "waived_on": DAY, "waiver_reason": "a", "waiver_document": "b"}
    breaks("milestone_done_or_waived", lambda: make_milestone(activity, BEFORE, **both))
    breaks("milestone_waiver_is_documented", lambda: make_milestone(activity, BEFORE, waived_on=DAY))
    breaks(
        "evidence_has_file_or_number", lambda: Evidence.objects.create(activity=activity, title="Biên bản")
    )


def test_constraints_of_indicators_and_periods():
    area = make_area()
    indicator = Indicator.objects.create(area=area, code="CT", name="x", unit="lượt", aggregation="periodic")
    values = IndicatorValue.objects
    values.create(indicator=indicator, year=2020)
    breaks("indicator_value_once_a_year", lambda: values.create(indicator=indicator, year=2020))
    breaks("indicator_actual_has_date", lambda: values.create(indicator=indicator, year=2021, actual=1))
    breaks(
        "indicator_denominator_positive", lambda: values.create(indicator=indicator, year=2021, denominator=0)
    )
    period = {"plan": area.plan, "kind": "quarter", "label": "Quý II/2022", "start_on": date(2022, 3, 15)}
    stored = ReportingPeriod.objects.create(**period, end_on=date(2022, 6, 14))
    breaks("period_once", lambda: ReportingPeriod.objects.create(**period, end_on=date(2022, 6, 14)))
    breaks(
        "period_dates_in_order",
        lambda: ReportingPeriod.objects.create(**period | {"kind": "month"}, end_on=DAY.replace(year=2021)),
    )
    seal = {"period": stored, "sealed_at": timezone.now(), "rule_version": 1, "content": "{}"}
    breaks("snapshot_has_sha256", lambda: Snapshot.objects.create(**seal, sha256="x"))


def test_a_period_contains_both_its_days():
    plan = make_plan()
    year = ReportingPeriod.objects.create(
        plan=plan, kind="year", label="Năm 2022", start_on=date(2021, 12, 15), end_on=date(2022, 12, 14)
    )
    quarter = ReportingPeriod.objects.create(
        plan=plan, kind="quarter", label="Quý II/2022", start_on=date(2022, 3, 15), end_on=date(2022, 6, 14)
    )
    assert list(ReportingPeriod.objects.containing(date(2022, 6, 14))) == [quarter, year]
    assert list(ReportingPeriod.objects.containing(date(2022, 6, 15))) == [year]


def test_the_shortest_period_comes_first_even_where_a_longer_one_began_later():
    plan = make_plan()
    spans = [
        ("quarter", date(2022, 3, 15), date(2022, 6, 14)),
        ("half_year", date(2022, 4, 1), date(2022, 9, 30)),
    ]
    quarter, half = (
        ReportingPeriod.objects.create(plan=plan, kind=kind, label=kind, start_on=start, end_on=end)
        for kind, start, end in spans
    )
    assert list(ReportingPeriod.objects.containing(date(2022, 6, 1))) == [quarter, half]


def test_a_program_of_another_area_is_refused():
    activity = make_activity(program=make_program())
    with pytest.raises(ValidationError, match="lĩnh vực khác"):
        activity.full_clean()


def test_activities_without_a_date_are_in_the_plan_since_its_signing():
    area = make_area(make_plan(signed_on=BEFORE))
    make_activity(area)
    make_activity(area, added_on=DAY)
    make_activity(make_area())
    assert [Activity.objects.in_plan_on(day).count() for day in (date(2019, 1, 1), BEFORE, DAY)] == [1, 2, 3]


def test_what_has_not_happened_yet_is_refused():
    ahead = date(2099, 1, 1)
    for record, field in (
        (make_activity(lifecycle="completed", completed_on=ahead), "completed_on"),
        (make_milestone(make_activity(), DAY, done_on=ahead), "done_on"),
        (make_update(effective_on=ahead), "effective_on"),
    ):
        with pytest.raises(ValidationError) as refusal:
            record.clean()
        assert list(refusal.value.message_dict) == [field]


def test_a_month_is_kept_as_its_last_day():
    activity = make_activity(
        lifecycle="completed", completed_on=date(2022, 5, 1), due_on=date(2022, 2, 3), date_precision="month"
    )
    activity.clean()
    assert (activity.completed_on, activity.due_on) == (date(2022, 5, 31), date(2022, 2, 28))
