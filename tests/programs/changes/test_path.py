"""Whatever happened between two days, and was corrected: the parts sum exactly, areas and headline."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cooperation.models import JointPlan
from programs.changes.explaining import explained
from programs.changes.path import Path, Step, headline_of
from programs.changes.states import Area, Leaf, State
from programs.measures import LeafFacts, round_half_up

DAYS = (date(2021, 12, 14), date(2022, 6, 14))
MAIN = JointPlan(slug="chinh", is_main=True)
LABEL = SimpleNamespace(label="Năm 2021")
SNAPSHOT = SimpleNamespace(period=LABEL, get_absolute_url=lambda: "/so-lieu-chot/1/")


def leaf(pk, area, weight, percent, counts=True):
    return Leaf(pk, f"HD-{pk}", f"Việc {pk}", area, counts, not counts, False, weight, percent, LeafFacts())


LEAVES = st.builds(
    leaf,
    st.integers(1, 12),
    st.integers(1, 4),
    st.integers(1, 9),
    st.fractions(min_value=0, max_value=100, max_denominator=99),
    st.booleans(),
)


def shown_as(state: State) -> State:
    exact = state.exact
    values = {pk: round_half_up(exact[pk]) if pk in exact else None for pk in state.areas}
    headline = headline_of(exact)
    return replace(state, value=None if headline is None else round_half_up(headline), values=values)


@st.composite
def states(draw):
    areas = {pk: Area(pk * 3, f"Lĩnh vực {pk}") for pk in draw(st.sets(st.integers(1, 4)))}
    leaves = {one.pk: one for one in draw(st.lists(LEAVES, max_size=10)) if one.area in areas}
    return shown_as(State(areas, leaves))


@st.composite
def paths(draw):
    """Two days, with up to two errata laid over before and taken back after."""
    steps = [Step(draw(states()))]
    for number in range(draw(st.integers(0, 2))):
        erratum = SimpleNamespace(number=number + 1, reason="Đếm lại", snapshot=SNAPSHOT)
        steps.append(Step(draw(states()), erratum))
    steps.append(Step(draw(states())))
    for number in range(draw(st.integers(0, 2))):
        erratum = SimpleNamespace(number=number + 1, reason="Đếm lại", snapshot=SNAPSHOT)
        steps.append(Step(draw(states()), erratum, taken_back=True))
    return Path(DAYS, steps)


@settings(max_examples=100, deadline=None)
@given(paths())
def test_the_contributions_sum_exactly_for_the_plan_and_for_every_area(path):
    whole = explained(path, MAIN)
    old, new = path.old.exact, path.new.exact
    headline = (headline_of(new) or 0) - (headline_of(old) or 0)
    assert sum(one.points for one in whole.contributions) == whole.difference == headline
    assert sum(row.points for row in whole.areas) == headline
    assert {row.pk for row in whole.areas} >= path.old.areas.keys() | path.new.areas.keys()
    for row in whole.areas:
        moved = (new.get(row.pk) or 0) - (old.get(row.pk) or 0)
        assert sum(one.points for one in row.own.contributions) == row.own.difference == moved


@settings(max_examples=100, deadline=None)
@given(paths())
def test_what_is_shown_sums_to_the_difference_of_what_is_shown(path):
    whole = explained(path, MAIN)
    for explanation in (whole, *(row.own for row in whole.areas)):
        shown = sum((one.shown for one in explanation.contributions), explanation.residue)
        assert shown == explanation.shown == (explanation.new or 0) - (explanation.old or 0)
        assert abs(explanation.residue) <= Fraction(2, 10)
    assert sum((row.shown for row in whole.areas), whole.areas_residue) == whole.shown


@settings(max_examples=100, deadline=None)
@given(states(), states())
def test_going_back_has_the_opposite_points(old, new):
    forth = explained(Path(DAYS, [Step(old), Step(new)]), MAIN)
    back = explained(Path(DAYS[::-1], [Step(new), Step(old)]), MAIN)

    def points(explanation):
        return sorted((one.area.number, one.activity.code, one.points) for one in explanation.contributions)

    assert points(forth) == [(area, code, -value) for area, code, value in points(back)]


@settings(max_examples=100, deadline=None)
@given(states(), states(), st.randoms(use_true_random=False))
def test_the_order_of_areas_and_activities_does_not_matter(old, new, chance):
    def shuffled(state):
        leaves = dict(chance.sample(list(state.leaves.items()), len(state.leaves)))
        return replace(state, leaves=leaves, areas=dict(reversed(state.areas.items())))

    one = explained(Path(DAYS, [Step(old), Step(new)]), MAIN)
    other = explained(Path(DAYS, [Step(shuffled(old)), Step(shuffled(new))]), MAIN)
    assert one == other
    assert [part.words for part in one.contributions] == [part.words for part in other.contributions]
    assert [part.activity for part in one.contributions] == [part.activity for part in other.contributions]


def test_an_area_that_comes_lowers_the_headline_by_how_far_it_lies_below():
    areas = {1: Area(1, "x"), 2: Area(2, "y")}
    old = shown_as(State(areas, {1: leaf(1, 1, 1, Fraction(60))}))
    new = shown_as(State(areas, {**old.leaves, 2: leaf(2, 2, 1, Fraction(20))}))
    whole = explained(Path(DAYS, [Step(old), Step(new)]), MAIN)
    assert (whole.old, whole.new, whole.difference) == (60, 40, -20)
    [came] = [row for row in whole.areas if row.own.contributions]
    assert (came.area.number, came.points) == (2, -20)
    assert came.own.starts
    assert not came.own.ends
    assert (came.own.old, came.own.new, came.own.contributions[0].points) == (None, 20, 20)


def test_moving_to_another_area_is_told_on_both_sides():
    areas = {1: Area(3, "x"), 2: Area(5, "y")}
    stays = {9: leaf(9, 1, 1, Fraction(10)), 8: leaf(8, 2, 1, Fraction(10))}
    old = shown_as(State(areas, {**stays, 1: leaf(1, 1, 1, Fraction(50))}))
    new = shown_as(State(areas, {**stays, 1: leaf(1, 2, 1, Fraction(50))}))
    told = {
        one.area.number: one.words
        for one in explained(Path(DAYS, [Step(old), Step(new)]), MAIN).contributions
    }
    assert told == {3: "chuyển sang lĩnh vực 5", 5: "chuyển từ lĩnh vực 3 (đang ở 50,0)"}


@pytest.mark.parametrize("taken_back", [False, True])
def test_an_erratum_is_one_contribution_of_its_own(taken_back):
    areas = {1: Area(1, "x")}
    old = shown_as(State(areas, {1: leaf(1, 1, 1, Fraction(40)), 2: leaf(2, 1, 1, Fraction(80))}))
    corrected = shown_as(State(areas, {1: leaf(1, 1, 1, Fraction(50)), 2: leaf(2, 1, 1, Fraction(90))}))
    erratum = SimpleNamespace(number=1, reason="Đếm lại", snapshot=SNAPSHOT)
    steps = [Step(old), Step(corrected, erratum, taken_back=taken_back)]
    [one] = explained(Path(DAYS, steps), MAIN).contributions
    assert (one.activity, one.points, one.url) == (None, 10, "/so-lieu-chot/1/#dinh-chinh")
    assert ("không có trong số liệu đã chốt" in one.words) == taken_back
    assert one.words.startswith("đính chính số 1 (Năm 2021)")
