"""The areas of a plan as a row names them."""

import pytest

from cooperation.importing.areas import Areas
from cooperation.importing.values import ValueProblemError
from tests.factories import make_area, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    plan = make_plan()
    make_area(plan, 1, title="Nông nghiệp")
    make_area(plan, 2, title="Du lịch")
    make_area(number=3, title="Y tế")  # of another plan
    return plan


def refused(areas, named, typed):
    with pytest.raises(ValueProblemError) as caught:
        areas.named(named, typed)
    assert caught.value.code == "unknown_area"
    return caught.value.message


def test_an_area_is_found_by_number_and_by_folded_title(plan):
    areas = Areas(plan)
    assert areas.named(2, "II") == plan.areas.get(number=2)
    assert areas.named("nong nghiep", "NÔNG NGHIỆP") == plan.areas.get(number=1)


def test_an_area_of_another_plan_is_unknown_and_the_valid_numbers_are_said(plan):
    areas = Areas(plan)
    assert refused(areas, 3, 3) == (
        "Kế hoạch không có lĩnh vực “3”: hãy ghi số 1 – 2 hoặc đúng tên lĩnh vực."
    )
    assert refused(areas, "y te", "Y tế").startswith("Kế hoạch không có lĩnh vực “Y tế”")


def test_a_title_with_a_slip_of_the_pen_is_advised_and_never_taken(plan):
    assert refused(Areas(plan), "nong nghiepp", "Nông nghiepp") == (
        "Kế hoạch không có lĩnh vực “Nông nghiepp”: hãy ghi số 1 – 2 hoặc đúng tên lĩnh vực."
        " Có phải “1. Nông nghiệp”?"
    )


def test_a_plan_without_areas_says_so():
    assert refused(Areas(make_plan()), 1, 1) == (
        "Kế hoạch không có lĩnh vực “1”: hãy ghi số kế hoạch chưa có lĩnh vực hoặc đúng tên lĩnh vực."
    )


def test_an_area_is_shown_with_its_number(plan):
    areas = Areas(plan)
    assert areas.label_of(plan.areas.get(number=2).pk) == "2. Du lịch"
    assert areas.label_of(None) == ""
