"""Reading the facts of a plan: which rows count, as of which day, in how many queries."""

from datetime import date
from decimal import Decimal

import pytest

from programs.figures import activity_figure, area_progress, plan_progress
from programs.measures import Status
from programs.models import Activity, Indicator, IndicatorValue, ProgressUpdate, ReportingPeriod
from tests.factories import (
    make_activity,
    make_area,
    make_milestone,
    make_period,
    make_plan,
    make_snapshot,
    make_update,
)

pytestmark = pytest.mark.django_db

D = date(2022, 12, 31)


def figure_of(area, on=D):
    return plan_progress(area.plan, on).area(area.number).figure


def test_golden_9_submitted_is_not_accepted():
    area = make_area()
    activity = make_activity(area, start_on=date(2020, 1, 1))
    make_update(activity, 30)
    make_update(activity, 80, date(2022, 9, 30), status=ProgressUpdate.Status.SUBMITTED, decided_at=None)
    assert figure_of(area).value == Decimal("30.0")


def test_newest_by_effective_date_counts_once():
    area = make_area()
    activity = make_activity(area)
    make_update(activity, 60, date(2022, 9, 30))
    make_update(activity, 20, date(2021, 9, 30))
    make_update(activity, 40, date(2022, 3, 31))
    assert figure_of(area).value == Decimal("60.0")
    assert figure_of(area, date(2022, 6, 1)).value == Decimal("40.0")
    assert figure_of(area, date(2021, 1, 1)).value == Decimal("0.0")


def test_further_areas_list_but_do_not_count():
    plan = make_plan()
    first, second = make_area(plan, 1), make_area(plan, 2)
    make_update(make_activity(first), 40)
    first.activities.get().further_areas.add(second)
    progress = plan_progress(plan, D)
    assert [row.figure.value for row in progress.areas] == [Decimal("40.0"), None]
    assert (progress.headline.value, progress.headline.with_value) == (Decimal("40.0"), 1)


def test_unpublished_activities_and_areas_stay_out():
    area = make_area()
    make_update(make_activity(area), 40)
    make_activity(area, published=False)
    hidden = make_area(area.plan, 2, published=False)
    make_activity(hidden)
    progress = plan_progress(area.plan, D)
    assert len(progress.areas) == 1
    assert progress.areas[0].figure.value == Decimal("40.0")


def test_milestones_and_indicator_are_read():
    area = make_area()
    periodic = make_activity(area, kind=Activity.Kind.PERIODIC)
    make_milestone(periodic, date(2021, 12, 31), done_on=date(2021, 12, 20))
    make_milestone(periodic, date(2023, 12, 31))
    indicator = Indicator.objects.create(
        area=area,
        code="CT-1",
        name="Số đợt",
        unit="đợt",
        aggregation=Indicator.Aggregation.PERIODIC,
        target=10,
    )
    for year in (2020, 2021, 2024):
        IndicatorValue.objects.create(
            indicator=indicator, year=year, actual=2, effective_on=date(year, 12, 31)
        )
    driven = make_activity(area, indicator=indicator)
    assert activity_figure(periodic, D).shown == Decimal("50.0")
    assert activity_figure(driven, D).shown == Decimal("40.0")
    assert activity_figure(driven, D).last_report_on == date(2021, 12, 31)
    assert figure_of(area).value == Decimal("45.0")


def test_ratio_indicator_adds_numerators_and_denominators():
    area = make_area()
    indicator = Indicator.objects.create(
        area=area, code="TL", name="Tỷ lệ", unit="%", aggregation="periodic", is_ratio=True, target=1
    )
    for year, numerator, denominator in ((2020, 1, 10), (2021, 9, 10)):
        IndicatorValue.objects.create(
            indicator=indicator,
            year=year,
            actual=numerator,
            denominator=denominator,
            effective_on=date(year, 12, 31),
        )
    assert activity_figure(make_activity(area, indicator=indicator), D).shown == Decimal("50.0")


def test_coverage_refers_to_the_period_that_the_day_falls_in():
    area = make_area()
    make_update(make_activity(area), 40, date(2022, 11, 30))
    make_update(make_activity(area), 40, date(2022, 6, 30))
    assert figure_of(area).coverage == Decimal("100.0")
    ReportingPeriod.objects.create(
        plan=area.plan, kind="quarter", label="Quý IV/2022", start_on=date(2022, 9, 15), end_on=D
    )
    figure = figure_of(area)
    assert (figure.coverage, figure.status) == (Decimal("50.0"), Status.INSUFFICIENT)


@pytest.mark.parametrize("size", [1, 60])
def test_queries_do_not_grow(django_assert_num_queries, size):
    plan = make_plan()
    for number in (1, 2, 3):
        area = make_area(plan, number)
        for _ in range(size // 3 + 1):
            make_update(make_activity(area), 40)
    with django_assert_num_queries(7):
        plan_progress(plan, D)


def test_before_the_signing_nothing_is_in_the_plan():
    area = make_area(make_plan(signed_on=date(2019, 5, 17)))
    make_activity(area, start_on=date(2020, 1, 1))
    early = make_activity(area, added_on=date(2018, 1, 1))
    assert set(area_progress(area, date(2015, 1, 1)).leaves) == set(
        area.activities.values_list("pk", flat=True)
    )
    assert area_progress(area, date(2015, 1, 1)).figure.value is None
    assert area_progress(area, date(2018, 6, 1)).figure.countable == 1
    assert area_progress(area, date(2019, 5, 17)).figure.countable == 2
    assert list(type(early).objects.in_plan_on(date(2018, 6, 1))) == [early]


def test_what_moved_to_another_plan_shows_nothing_of_what_the_old_one_sealed():
    period, other = make_period(), make_area(make_plan())
    activity = make_activity(make_area(period.plan), start_on=date(2020, 1, 1))
    make_update(activity, 40, date(2021, 3, 1))
    make_snapshot(period)
    make_update(activity, 70, date(2021, 5, 1))
    assert activity_figure(activity, period.end_on).shown == Decimal("40.0")
    activity.area = other
    activity.save()
    assert activity_figure(activity, period.end_on).shown == Decimal("70.0")
    assert area_progress(other, period.end_on).figure.value == Decimal("70.0")
