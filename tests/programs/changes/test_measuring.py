"""The parts of a moved mean: exact, whatever the order, undone by going back; rounded so that they sum."""

import random
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from programs.changes.measuring import mean, moved, shown_parts
from programs.measures import round_half_up

PERCENTS = st.fractions(min_value=0, max_value=100, max_denominator=840)
SIDES = st.dictionaries(st.integers(1, 12), st.tuples(st.integers(1, 9), PERCENTS), max_size=8)
POINTS = st.lists(st.fractions(min_value=-100, max_value=100, max_denominator=10_000), max_size=30)


def value(side):
    return mean(side) or Fraction(0)


@given(SIDES, SIDES)
def test_the_parts_sum_to_the_difference_exactly(old, new):
    assert sum(part.points for part in moved(old, new).values()) == value(new) - value(old)


@given(SIDES, SIDES, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(old, new, chance: random.Random):
    shuffled = [dict(chance.sample(list(side.items()), len(side))) for side in (old, new)]
    assert moved(*shuffled) == moved(old, new)


@given(SIDES, SIDES)
def test_going_back_undoes_it_part_by_part(old, new):
    forth, back = moved(old, new), moved(new, old)
    assert {key: part.points for key, part in forth.items()} == {
        key: -part.points for key, part in back.items()
    }


@given(SIDES, SIDES)
def test_what_did_not_change_has_no_part(old, new):
    changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    assert moved(old, new).keys() == changed


@given(SIDES.filter(bool), st.integers(1, 9), PERCENTS)
def test_what_comes_raises_the_mean_only_where_it_lies_above(old, weight, percent):
    new = {**old, 99: (weight, percent)}
    part = moved(old, new)[99]
    assert (part.points > 0) == (value(new) > value(old))
    assert part.points == value(new) - value(old)


def test_the_example_of_the_page():
    """Two at 30 and 54, the first is completed and one comes in at 0: 42 → 51 1/3."""
    old = {"A": (1, Fraction(30)), "B": (1, Fraction(54))}
    new = {"A": (1, Fraction(100)), "B": (1, Fraction(54)), "C": (1, Fraction(0))}
    parts = moved(old, new)
    assert parts["A"].points == 28
    assert parts["C"].points == Fraction(-56, 3)
    assert sum(part.points for part in parts.values()) == Fraction(154, 3) - 42


def test_a_weight_alone_moves_the_mean():
    old, new = (
        {"A": (1, Fraction(100)), "B": (1, Fraction(0))},
        {"A": (3, Fraction(100)), "B": (1, Fraction(0))},
    )
    assert {key: part.points for key, part in moved(old, new).items()} == {"A": Fraction(25)}


@given(POINTS, st.integers(-2, 2))
def test_shown_parts_and_residue_sum_to_the_shown_whole(points, off):
    total = round_half_up(sum(points, Fraction(0))) + Decimal(off).scaleb(-1)
    shown, residue = shown_parts(points, total)
    assert sum(shown, residue) == total
    for exact, rounded in zip(points, shown, strict=True):
        assert abs(exact - Fraction(rounded)) < Fraction(1, 10)
        assert exact * 10 != int(exact * 10) or Fraction(rounded) == exact


@given(POINTS)
def test_without_rounding_of_the_whole_nothing_is_left_over(points):
    total = round_half_up(sum(points, Fraction(0)))
    _shown, residue = shown_parts(points, total)
    assert abs(residue) <= Decimal("0.1")
    assert residue == 0 or sum(points) * 10 != int(sum(points) * 10)


def test_half_points_are_shared_out():
    assert shown_parts([Fraction(1, 20), Fraction(1, 20)], Decimal("0.1")) == (
        [Decimal("0.1"), Decimal("0.0")],
        Decimal("0.0"),
    )
