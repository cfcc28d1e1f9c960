"""A plan of two areas that was sealed at the end of 2021 and of the first half of 2022."""

from datetime import date
from types import SimpleNamespace

import pytest

from tests import factories

IN_2021, IN_2022 = date(2021, 6, 30), date(2022, 3, 1)
END_2021, END_2022 = date(2021, 12, 14), date(2022, 6, 14)


@pytest.fixture
def user():
    return factories.make_user(is_superuser=True)


@pytest.fixture
def world():
    """2021: area 6 at 60 (40, 80), area 7 without value. 2022: one completed, one added at 0: 60."""
    plan = factories.make_plan(is_main=True, signed_on=date(2019, 5, 17))
    area, other = factories.make_area(plan, 6), factories.make_area(plan, 7)
    first = factories.make_activity(area, code="HD-A", title="Hội chợ", start_on=date(2020, 1, 1))
    second = factories.make_activity(area, code="HD-B", title="Tập huấn", start_on=date(2020, 1, 1))
    factories.make_update(first, 40, IN_2021)
    factories.make_update(second, 80, IN_2021)
    year = factories.make_period(plan)
    half = factories.make_period(
        plan, kind="half_year", label="6 tháng 2022", start_on=date(2021, 12, 15), end_on=END_2022,
        due_on=date(2022, 6, 16),
    )  # fmt: skip
    return SimpleNamespace(
        plan=plan, area=area, other=other, first=first, second=second, year=year, half=half
    )


def go_on(world) -> None:
    """What happens in 2022."""
    world.first.lifecycle, world.first.completed_on = "completed", IN_2022
    world.first.save()
    world.third = factories.make_activity(
        world.area, code="HD-C", title="Khảo sát", added_on=IN_2022, start_on=IN_2022
    )
