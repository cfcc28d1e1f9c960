"""The questions of the admin's first page: the same answers as the public pages give."""

from datetime import date

import pytest

from programs.figures import plan_progress
from programs.measures import Timeliness
from programs.models import ReportingPeriod
from programs.todo import mine, work_to_do
from tests.factories import (
    make_activity,
    make_agency,
    make_area,
    make_milestone,
    make_plan,
    make_update,
    make_user,
)

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
    with django_assert_num_queries(4):
        work_to_do(area.activities.all(), DAY)
