"""The percentages of lists are those of the figures, on any day, sealed or not."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from programs.facts import published_of
from programs.figures import activity_figures
from programs.measures import PercentFacts
from programs.models import Activity, Indicator, IndicatorValue, ScheduleChange
from programs.percents import percents_on, sealed_rows
from programs.progress import leaf_figure, shown_percent
from tests import factories
from tests.programs.test_progress import days, leaves

pytestmark = pytest.mark.django_db

END_2021, END_2022 = date(2021, 12, 14), date(2022, 6, 14)
DAYS = (date(2018, 1, 1), date(2020, 7, 1), END_2021, date(2022, 3, 1), END_2022, date(2090, 1, 1))


@pytest.fixture(autouse=True)
def _nothing_remembered():
    sealed_rows.cache_clear()


@pytest.fixture
def plan():
    return factories.make_plan(signed_on=date(2019, 5, 17))


@pytest.fixture
def activities(plan):
    """One of every way in which the rule finds a percentage, by what it is."""
    area = factories.make_area(plan)
    indicator = Indicator.objects.create(area=area, code="CT-1", name="Số đợt", target=30, unit="đợt")
    for year in (2020, 2022):
        IndicatorValue.objects.create(
            indicator=indicator, year=year, actual=year - 2012, effective_on=date(year, 3, 1)
        )
    cancelled = {"lifecycle": "cancelled", "cancelled_on": date(2022, 1, 10)}
    made = {
        "reported": {},
        "silent": {},
        "indicator": {"indicator": indicator},
        "periodic": {"kind": "periodic"},
        "all milestones": {"kind": "periodic"},
        "continuous": {"kind": "continuous"},
        "completed": {"lifecycle": "completed", "completed_on": date(2022, 3, 1)},
        "added later": {"added_on": date(2022, 1, 1)},
        "cancelled in time": {**cancelled, "due_on": date(2023, 1, 1)},
        "cancelled late": {**cancelled, "due_on": date(2021, 1, 1)},
        "cancelled late with a document": {
            **cancelled, "due_on": date(2021, 1, 1), "cancellation_document": "1/QĐ",
        },
        "cancelled after its milestone": {**cancelled, "kind": "periodic"},
        # Its due day was moved before the cancellation only later.
        "moved": {**cancelled, "due_on": date(2021, 1, 1)},
    }  # fmt: skip
    rows = {name: factories.make_activity(area, title=name, **facts) for name, facts in made.items()}
    for name in ("reported", "completed", "added later", "cancelled late"):
        factories.make_update(rows[name], Decimal("33.3"), date(2020, 6, 30))
        factories.make_update(rows[name], 62, date(2022, 3, 1))
    factories.make_update(rows["reported"], None, date(2022, 3, 2))
    for name in ("periodic", "all milestones", "cancelled after its milestone"):
        factories.make_milestone(rows[name], date(2021, 6, 30), done_on=date(2021, 6, 1))
    factories.make_milestone(
        rows["periodic"],
        date(2020, 6, 30),
        waived_on=date(2021, 12, 1),
        waiver_reason="thử",
        waiver_document="1/QĐ",
    )
    factories.make_milestone(rows["periodic"], date(2022, 6, 30))
    factories.make_milestone(rows["periodic"], date(2023, 6, 30))
    ScheduleChange.objects.create(activity=rows["moved"], on=date(2022, 5, 1), due_before=date(2023, 1, 1))
    return rows


@given(leaves(), days)
def test_the_percentage_alone_is_that_of_the_figure(one, on):
    figure = leaf_figure(one, on)
    latest = max((update for update in one.updates if update[0] <= on), default=(None, None))
    facts = {name: getattr(one, name, None) for name in PercentFacts._fields}
    alone = shown_percent(PercentFacts(**{**facts, "reported": latest[1]}), on)
    assert alone == (figure.shown if figure.countable else None)


def by_figures(plan, days):
    """The same in the long way, activity by activity."""
    figures = [activity_figures(published_of(plan.pk), day) for day in days]
    return {
        pk: tuple(leaf.shown if (leaf := one[pk]).countable else None for one in figures) for pk in figures[0]
    }


def test_they_are_those_of_the_figures_on_any_day(plan, activities):
    found = percents_on(plan, published_of(plan.pk), DAYS)
    assert found == by_figures(plan, DAYS)
    shown = {name: found[row.pk][1:5] for name, row in activities.items()}
    tenths = {name: tuple(p if p is None else float(p) for p in row) for name, row in shown.items()}
    assert tenths == {
        "reported": (33.3, 33.3, 62.0, 62.0),
        "silent": (0.0, 0.0, 0.0, 0.0),
        "indicator": (26.7, 26.7, 33.3, 33.3),
        "periodic": (0.0, 33.3, 33.3, 33.3),
        "all milestones": (0.0, 99.9, 99.9, 99.9),
        "continuous": (None, None, None, None),
        "completed": (33.3, 33.3, 100.0, 100.0),
        "added later": (None, None, 62.0, 62.0),
        "cancelled in time": (0.0, 0.0, None, None),
        "cancelled late": (33.3, 33.3, 62.0, 62.0),
        "cancelled late with a document": (0.0, 0.0, None, None),
        "cancelled after its milestone": (0.0, 99.9, 99.9, 99.9),
        "moved": (0.0, 0.0, None, 0.0),
    }


def test_a_sealed_day_stays_whatever_becomes_of_the_records(plan, activities):
    period = factories.make_period(plan)
    factories.make_snapshot(period)
    before = percents_on(plan, published_of(plan.pk), (END_2021, END_2022))
    Activity.objects.update(
        added_on=None,
        kind="one_off",
        lifecycle="completed",
        completed_on=date(2020, 1, 1),
        cancelled_on=None,
    )
    newcomer = factories.make_activity(plan.areas.get(), start_on=date(2020, 1, 1))
    factories.make_update(newcomer, 8, date(2020, 6, 30))
    after = percents_on(plan, published_of(plan.pk), (END_2021, END_2022))
    assert after == by_figures(plan, (END_2021, END_2022))
    assert after.pop(newcomer.pk) == (8, 8)
    later = activities["added later"].pk  # not in the plan on that day, so not in what was sealed
    assert (before.pop(later), after.pop(later)) == ((None, 62), (100, 100))
    assert {pk: old for pk, (old, _new) in after.items()} == {pk: old for pk, (old, _new) in before.items()}
    assert {new for _old, new in after.values()} == {100}


def test_what_a_sealed_day_did_not_count_has_none(plan, activities):
    snapshot = factories.make_snapshot(factories.make_period(plan))
    other = factories.make_snapshot(factories.make_period(plan, kind="month", end_on=END_2022))
    in_time = activities["cancelled in time"].pk
    assert sealed_rows(snapshot.pk, snapshot.sha256)[in_time].percent == 0
    assert sealed_rows(other.pk, other.sha256)[in_time].percent is None


@pytest.mark.parametrize("size", [1, 40])
def test_queries_do_not_grow(plan, activities, size, django_assert_num_queries):
    for _n in range(size):
        factories.make_update(factories.make_activity(plan.areas.get(), indicator=None), 5, date(2020, 1, 1))
    rows = published_of(plan.pk)
    with django_assert_num_queries(6):
        percents_on(plan, rows, (END_2022, END_2021))
    factories.make_snapshot(factories.make_period(plan))
    with django_assert_num_queries(7):
        percents_on(plan, rows, (END_2022, END_2021))
    with django_assert_num_queries(6):
        percents_on(plan, rows, (END_2022, END_2021))
