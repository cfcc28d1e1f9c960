"""The matrix of years: each cell is what the plan's page of that day says, sealed or computed."""

import datetime
from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from cooperation.roles import sync_roles
from portal.board import years as years_module
from portal.board.reading import Board
from portal.board.years import Years
from programs.figures import plan_progress
from tests import factories
from tests.pages import html_of, text_of

pytestmark = pytest.mark.django_db
TODAY = localdate()


@pytest.fixture
def plan():
    plan = factories.make_plan(is_main=True, start_year=TODAY.year - 3, end_year=TODAY.year + 1)
    for number in (1, 2):
        area = factories.make_area(plan, number)
        for offset in (3, 2, 1):
            day = datetime.date(TODAY.year - offset, 6, 1)
            activity = factories.make_activity(area, start_on=day, due_on=day + timedelta(days=300))
            factories.make_update(activity, 20 * number + offset, day + timedelta(days=30))
    factories.make_area(plan, 3)
    return plan


def make_year(plan, year, **kwargs):
    first, last = datetime.date(year - 1, 12, 15), datetime.date(year, 12, 14)
    return factories.make_period(
        plan, label=f"Năm {year}", start_on=first, end_on=last, due_on=last + timedelta(days=2), **kwargs
    )


def matrix(plan, on=TODAY):
    board = Board(plan, on)
    return Years(plan, on, board.figures).matrix(board.size)


def assert_as_on_that_day(plan, found):
    for year in found:
        if year.day is None:
            continue
        progress = plan_progress(plan, year.day)
        assert year.is_sealed == (progress.snapshot is not None)
        assert year.kept.value == progress.headline.value
        assert {pk: (area.value, area.status, area.sufficient) for pk, area in year.kept.areas.items()} == {
            row.area.pk: (row.figure.value, row.figure.status, row.figure.sufficient)
            for row in progress.areas
        }


def test_years_from_the_first_to_the_last(plan):
    found = matrix(plan)
    assert [year.year for year in found] == [TODAY.year + n for n in range(-3, 2)]
    assert [year.day for year in found] == [
        datetime.date(TODAY.year - 3, 12, 31), datetime.date(TODAY.year - 2, 12, 31),
        datetime.date(TODAY.year - 1, 12, 31), TODAY, None,
    ]  # fmt: skip
    assert_as_on_that_day(plan, found)


def test_a_sealed_year_is_read_from_what_was_sealed(plan):
    factories.make_snapshot(make_year(plan, TODAY.year - 2))
    activity = plan.areas.get(number=1).activities.order_by("pk").first()
    factories.make_update(activity, 77, datetime.date(TODAY.year - 2, 1, 5))
    found = matrix(plan)
    assert found[1].day == datetime.date(TODAY.year - 2, 12, 14)
    assert found[1].is_sealed
    assert_as_on_that_day(plan, found)
    assert_as_on_that_day(plan, matrix(plan, datetime.date(TODAY.year - 1, 3, 3)))


def test_of_two_that_end_on_one_day_the_one_sealed_first_speaks(plan):
    year = TODAY.year - 1
    quarter = factories.make_period(
        plan, kind="quarter", label="Quý IV", start_on=datetime.date(year, 9, 15),
        end_on=datetime.date(year, 12, 14),
    )  # fmt: skip
    factories.make_snapshot(quarter)
    factories.make_update(plan.areas.get(number=1).activities.first(), 66, datetime.date(year, 12, 1))
    factories.make_snapshot(make_year(plan, year))
    assert_as_on_that_day(plan, matrix(plan))


def test_coverage_is_that_of_the_period_that_holds_the_day(plan):
    make_year(plan, TODAY.year)
    factories.make_period(
        plan, kind="quarter", label="Quý", start_on=datetime.date(TODAY.year - 1, 12, 1),
        end_on=datetime.date(TODAY.year, 1, 31),
    )  # fmt: skip
    assert_as_on_that_day(plan, matrix(plan))


def test_what_was_kept_is_read_again_until_something_is_written(plan, django_assert_num_queries):
    factories.make_snapshot(make_year(plan, TODAY.year - 2))
    board = Board(plan, TODAY)
    with django_assert_num_queries(11):
        first = Years(plan, TODAY, board.figures).matrix(board.size)
    with django_assert_num_queries(2):
        assert Years(plan, TODAY, board.figures).matrix(board.size) == first
    activity = plan.areas.get(number=1).activities.first()
    factories.make_update(activity, 88, datetime.date(TODAY.year - 1, 12, 1))
    again = Years(plan, TODAY, Board(plan, TODAY).figures).matrix(board.size)
    assert again != first
    assert_as_on_that_day(plan, again)
    new_year = datetime.date(TODAY.year - 1, 1, 1)
    for write in (
        lambda: factories.make_schedule_change(activity, new_year),
        lambda: factories.make_suspension(activity, new_year, new_year),
    ):
        write()
        with django_assert_num_queries(10):
            Years(plan, TODAY, board.figures).matrix(board.size)


def test_a_large_plan_leads_to_the_day_instead(client, plan, monkeypatch):
    monkeypatch.setattr(years_module, "MOST_ACTIVITIES", 2)
    found = matrix(plan)
    assert [year.kept is None for year in found] == [True, True, True, False, True]
    sync_roles()
    client.force_login(factories.make_user(role="Lãnh đạo"))
    page = client.get("/lanh-dao/")
    assert f'<a href="/linh-vuc/1/?as_of={TODAY.year - 1}-12-31">xem</a>' in html_of(page)
    assert "Kế hoạch này lớn" in text_of(page)


def test_every_cell_leads_to_the_same_figure(client, plan):
    factories.make_snapshot(make_year(plan, TODAY.year - 2))
    sync_roles()
    client.force_login(factories.make_user(role="Lãnh đạo"))
    page = client.get("/lanh-dao/")
    rows = page.context["matrix"].rows
    assert [cell.text for cell in rows[2].cells] == ["chưa triển khai"] * 4 + ["chưa đến"]
    seen = 0
    for row in rows:
        for cell in row.cells:
            if cell.value is not None:
                assert client.get(cell.address).context["figure"].value == cell.value
                seen += 1
    assert seen == 8
