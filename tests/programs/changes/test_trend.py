"""Lines over the sealed days, and the days themselves."""

from datetime import date

import pytest

from programs.changes.comparing import area_compared, plan_then, put_beside
from programs.changes.days import last_sealed, sealed_days
from programs.changes.trend import LONGEST_LINE, line_of, remembered, trend, values_on
from programs.figures import area_progress, plan_progress
from programs.percents import sealed_rows
from tests import factories
from tests.programs.changes.conftest import END_2021, END_2022, IN_2022, go_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered():
    remembered.cache_clear()
    sealed_rows.cache_clear()


def test_sealed_days_are_the_oldest_first_and_once_each(world):
    first = factories.make_snapshot(world.year)
    quarter = factories.make_period(
        world.plan, kind="quarter", label="Quý IV", start_on=date(2021, 9, 15), end_on=END_2021
    )
    factories.make_snapshot(quarter)
    second = factories.make_snapshot(world.half)
    days = sealed_days(world.plan)
    assert [(day.day, day.snapshot_id) for day in days] == [(END_2021, first.pk), (END_2022, second.pk)]
    assert last_sealed(world.plan, END_2022).day == END_2021
    assert last_sealed(world.plan, END_2021) is None
    assert sealed_days(factories.make_plan()) == []


def test_a_line_has_sealed_values_where_sealed(world):
    factories.make_snapshot(world.year)
    factories.make_update(world.first, 60, date(2021, 12, 1))
    go_on(world)
    on = date(2022, 8, 1)
    figure = area_progress(world.area, on).figure
    line = line_of(world.area, on, figure, sealed_days(world.plan))
    assert line == [(END_2021, 60, None), (on, 60, None)]
    assert trend(world.area, [on, END_2021, date(2021, 1, 1)]) == [(date(2021, 1, 1), 0, None), *line]
    assert trend(world.plan, [END_2021, on]) == [(END_2021, 60, None), (on, 60, None)]


def test_planned_values_go_along(world):
    activity = factories.make_activity(world.other, start_on=date(2021, 12, 31), due_on=date(2022, 12, 31))
    factories.make_update(activity, 30, IN_2022)
    [point] = trend(world.other, [END_2022])
    figure = area_progress(world.other, END_2022).figure
    assert (point.actual, point.planned) == (figure.value, figure.planned)


def test_every_value_is_what_the_page_of_the_day_shows(world):
    factories.make_snapshot(world.year)
    go_on(world)
    days = [END_2021, IN_2022, END_2022]
    for day, values in values_on(world.plan, days).items():
        progress = plan_progress(world.plan, day)
        assert values.headline == progress.headline.value
        assert dict(values.areas) == {
            row.area.pk: (row.figure.value, row.figure.planned) for row in progress.areas
        }


def test_the_line_is_not_endless(world):
    for month in range(1, 13):
        for year in (2020, 2021):
            period = factories.make_period(
                world.plan, kind="month", label=f"{month}/{year}", start_on=date(year, month, 1),
                end_on=date(year, month, 20),
            )  # fmt: skip
            factories.make_snapshot(period)
    figure = area_progress(world.area, END_2022).figure
    line = line_of(world.area, END_2022, figure, sealed_days(world.plan))
    assert len(line) == LONGEST_LINE + 1
    assert line[0].day == date(2021, 1, 20)


@pytest.mark.parametrize("days", [2, 30])
def test_any_number_of_days_costs_the_same(world, days, django_assert_num_queries):
    factories.make_snapshot(world.year)
    asked = [date(2022, 1, 1 + day) for day in range(days)]
    with django_assert_num_queries(9):
        assert len(trend(world.area, [END_2021, *asked])) == days + 1
    with django_assert_num_queries(8):
        trend(world.area, [END_2021, *asked])
    with django_assert_num_queries(9):
        values_on(world.plan, asked)


def test_comparing_says_nothing_where_a_day_has_no_value(world):
    sealed = sealed_days(world.plan)
    go_on(world)
    compared = area_compared(world.area, END_2021, area_progress(world.area, END_2022).figure.value, sealed)
    assert (compared.old, compared.new, compared.difference) == (60, 60, 0)
    empty = area_compared(world.other, END_2021, None, sealed)
    assert (empty.old, empty.difference) == (None, None)
    assert area_compared(world.area, None, 60, sealed) is None
    assert plan_then(world.plan, None, sealed) is None
    assert plan_then(world.plan, END_2021, sealed).headline == 60


@pytest.mark.parametrize(("sealed", "queries"), [(False, 5), (True, 6)])
def test_rows_of_a_list_are_compared_one_by_one(world, sealed, queries, django_assert_num_queries):
    if sealed:
        factories.make_snapshot(world.year)
    go_on(world)
    rows = [world.first, world.second, world.third]
    with django_assert_num_queries(queries):
        put_beside(world.plan, rows, END_2022, END_2021)
    assert [(row.compared.old, row.compared.new, row.compared.difference) for row in rows] == [
        (40, 100, 60),
        (80, 80, 0),
        (None, 0, None),
    ]
    put_beside(world.plan, rows, END_2021, None)
    assert [(row.compared.old, row.compared.new) for row in rows] == [(None, 40), (None, 80), (None, None)]
