"""The rule, R1 to R14: the golden cases, and what must always hold.

Golden case 9 (submitted is not accepted) is decided where updates are read: test_figures.py.
"""

import dataclasses
import datetime
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.measures import (
    Kind,
    LeafFacts,
    MilestoneFacts,
    Period,
    Status,
    Thresholds,
    Timeliness,
    round_half_up,
)
from programs.progress import area_figure, headline, indicator_percent, leaf_figure

D = date(2022, 12, 31)
START = date(2019, 1, 1)


def leaf(percent=None, **facts):
    """A started activity without a due date; `percent` makes an accepted update of mid 2022."""
    updates = () if percent is None else ((date(2022, 6, 30), Decimal(percent)),)
    return LeafFacts(**{"start_on": START, "updates": updates, **facts})


def completed(on=date(2022, 6, 30), **facts):
    return leaf(completed_on=on, **facts)


def area(*leaves, on=D, period=None):
    return area_figure(leaf_figure(one, on, period) for one in leaves)


def yearly(done=(), waived=()):
    days = {year: date(year, 12, 31) for year in range(2019, 2026)}
    return leaf(
        kind=Kind.PERIODIC,
        milestones=tuple(
            MilestoneFacts(
                day,
                done_on=day if year in done else None,
                waived_on=day if year in waived else None,
            )
            for year, day in days.items()
        ),
    )


def test_golden_1_no_activity():
    figure = area()
    assert (figure.value, figure.status) == (None, Status.NO_ACTIVITY)


def test_golden_2_never_reported_counts_as_zero_and_coverage_is_too_low():
    figure = area(leaf(40), leaf())
    assert figure.value == Decimal("20.0")
    assert (figure.reported, figure.expected, figure.unreported) == (1, 2, 1)
    assert figure.status == Status.INSUFFICIENT


def test_golden_3_validly_cancelled_leaves_the_figure():
    gone = leaf(due_on=date(2022, 12, 1), cancelled_on=date(2022, 3, 1))
    figure = area(completed(), leaf(50), gone)
    assert (figure.value, figure.cancelled) == (Decimal("75.0"), 1)


def test_golden_4_late_cancellation_without_document_still_counts():
    late = leaf(0, due_on=date(2022, 2, 1), cancelled_on=date(2022, 3, 1))
    figure = area(completed(), leaf(50), late)
    assert (figure.value, figure.cancelled, figure.countable) == (Decimal("50.0"), 0, 3)


def test_golden_5_waived_milestone_leaves_the_denominator():
    figure = area(yearly(done=(2019, 2020, 2022), waived=(2021,)))
    assert (figure.value, figure.planned, figure.gap) == (Decimal("50.0"), Decimal("50.0"), Decimal("0.0"))
    assert figure.status == Status.ON_TRACK


def test_golden_6_missed_milestone_stays():
    figure = area(yearly(done=(2019, 2020, 2022)))
    assert (figure.value, figure.planned, figure.gap) == (Decimal("42.9"), Decimal("57.1"), Decimal("-14.3"))
    assert figure.status == Status.ATTENTION


def test_golden_7_weights():
    assert area(completed(weight=3), leaf(0)).value == Decimal("75.0")


def test_golden_8_rounds_half_up_below_100():
    assert area(completed(), completed(), leaf(99)).value == Decimal("99.7")


def test_golden_10_reported_100_is_not_completed():
    assert area(leaf(100)).value == Decimal("99.0")


def test_golden_11_only_continuous():
    figure = area(leaf(kind=Kind.CONTINUOUS, updates=((date(2022, 5, 4), None),)))
    assert (figure.value, figure.status) == (None, Status.ONLY_CONTINUOUS)
    assert figure.last_activity_on == date(2022, 5, 4)


def test_golden_12_suspended_keeps_its_value_and_its_clock_stops():
    halted = leaf(30, suspended_on=date(2022, 6, 30), due_on=date(2023, 6, 30), start_on=date(2021, 6, 30))
    figures = [leaf_figure(one, D) for one in (halted, completed())]
    assert area_figure(figures).value == Decimal("65.0")
    assert figures[0].planned_shown == Decimal("50.0")
    assert leaf_figure(halted, date(2022, 6, 30)).planned == figures[0].planned
    assert leaf_figure(halted, date(2022, 3, 31)).planned < figures[0].planned


def test_golden_13_done_late():
    figure = leaf_figure(completed(date(2022, 12, 10), due_on=date(2022, 11, 30)), D)
    assert (figure.shown, figure.timeliness, figure.days_late) == (Decimal("100.0"), Timeliness.DONE_LATE, 10)


def test_golden_14_headline_counts_only_areas_with_a_value():
    result = headline([*(area(leaf(50)) for _ in range(11)), area()])
    assert (result.value, result.with_value, result.areas) == (Decimal("50.0"), 11, 12)


def test_golden_15_before_the_cancellation_it_still_counts():
    gone = leaf(0, due_on=date(2022, 12, 1), cancelled_on=date(2022, 9, 1))
    the_day_before = date(2022, 8, 31)
    assert area(completed(), leaf(50), gone, on=the_day_before).value == Decimal("50.0")
    assert area(completed(), leaf(50), gone, on=date(2022, 9, 1)).value == Decimal("75.0")


def test_cancelled_with_a_document_is_valid_after_the_due_date():
    gone = leaf(due_on=date(2022, 2, 1), cancelled_on=date(2022, 3, 1), cancellation_document="12/QĐ")
    assert area(completed(), gone).value == Decimal("100.0")


def test_all_cancelled_has_no_value():
    gone = leaf(due_on=date(2022, 12, 1), cancelled_on=date(2022, 3, 1))
    assert (area(gone).value, area(gone).status) == (None, Status.ALL_CANCELLED)


def test_100_is_printed_only_when_everything_is_completed():
    many = [completed() for _ in range(2000)]
    assert area(*many, leaf(99)).value == Decimal("99.9")
    assert area(*many).value == Decimal("100.0")


def test_activity_put_into_the_plan_later_is_not_there_before():
    late_comer = leaf(added_on=date(2022, 7, 1))
    assert area(completed(), late_comer, on=date(2022, 6, 30)).countable == 1
    assert area(completed(), late_comer, on=date(2022, 7, 1)).countable == 2


def test_without_any_date_there_is_no_gap_and_no_praise():
    figure = area(leaf(80))
    assert (figure.planned, figure.gap, figure.status) == (None, None, Status.NO_SCHEDULE)


@pytest.mark.parametrize(
    ("percent", "status"),
    [("90", Status.ON_TRACK), ("89.9", Status.ATTENTION), ("75", Status.ATTENTION), ("74.9", Status.LATE)],
)
def test_thresholds_of_the_gap(percent, status):
    """Due on D itself: planned 100 and not yet overdue."""
    assert area(leaf(percent, due_on=D)).status == status


def test_overdue_is_never_better_than_attention_and_never_changes_the_value():
    on_time, overdue = leaf(95, due_on=D), leaf(95, due_on=date(2022, 12, 30))
    assert area(on_time).status == Status.ON_TRACK
    assert (area(overdue).status, area(overdue).overdue) == (Status.ATTENTION, 1)
    assert area(overdue).value == area(on_time).value
    assert leaf_figure(overdue, D).days_late == 1
    assert leaf_figure(overdue, D).missed_milestone_on is None


def test_a_missed_milestone_makes_late_before_the_due_date_does():
    figure = leaf_figure(dataclasses.replace(yearly(done=(2019,)), due_on=date(2025, 12, 31)), D)
    assert (figure.timeliness, figure.days_late) == (Timeliness.OVERDUE, 730)
    assert figure.missed_milestone_on == date(2020, 12, 31)


def test_linear_plan_between_start_and_due():
    figure = leaf_figure(leaf(start_on=date(2022, 1, 1), due_on=date(2022, 12, 31)), date(2022, 7, 2))
    assert figure.planned == Fraction(100 * 182, 364)


def test_coverage_in_a_reporting_period():
    quarter = Period(date(2022, 9, 15), date(2022, 12, 14))
    on = quarter.end_on
    spoke = LeafFacts(start_on=START, updates=((date(2022, 12, 1), Decimal(10)),))
    silent = leaf(40)
    done_before = completed(date(2022, 6, 1))
    not_begun = leaf(start_on=date(2023, 1, 1))
    figure = area(spoke, silent, done_before, not_begun, on=on, period=quarter)
    assert (figure.reported, figure.expected, figure.coverage) == (1, 2, Decimal("50.0"))
    assert figure.status == Status.INSUFFICIENT


def test_indicator_is_clipped_and_capped():
    assert indicator_percent(Decimal(10), Decimal(20), Fraction(15)) == 50
    assert indicator_percent(Decimal(10), Decimal(20), Fraction(5)) == 0
    assert indicator_percent(Decimal(10), Decimal(20), Fraction(99)) == 100
    assert indicator_percent(Decimal(10), Decimal(10), Fraction(15)) is None
    full = leaf(uses_indicator=True, indicator_percent=Fraction(100))
    assert leaf_figure(full, D).shown == Decimal("99.0")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(-1, 100), "0.0"),
        (Fraction(1, 20), "0.1"),
        (Fraction(-57, 4), "-14.3"),
        (Fraction(299, 3), "99.7"),
        (Fraction(0), "0.0"),
    ],
)
def test_round_half_up(value, shown):
    assert str(round_half_up(value)) == shown


days = st.dates(date(2018, 1, 1), date(2027, 12, 31))
maybe_day = st.none() | days
percents = st.decimals(0, 100, places=1)


@st.composite
def leaves(draw):
    start, due = draw(maybe_day), draw(maybe_day)
    if start and due and due < start:
        start, due = due, start
    suspended = draw(maybe_day)
    milestones = []
    for _ in range(draw(st.integers(0, 4))):
        done = draw(maybe_day)
        milestones.append(MilestoneFacts(draw(days), done, None if done else draw(maybe_day)))
    ending = draw(st.sampled_from(["", "completed_on", "cancelled_on"]))
    return LeafFacts(
        kind=draw(st.sampled_from(Kind)),
        weight=draw(st.integers(1, 9)),
        added_on=draw(maybe_day),
        start_on=start,
        due_on=due,
        suspended_on=suspended,
        resumed_on=suspended and draw(st.none() | st.dates(suspended, date(2027, 12, 31))),
        cancellation_document=draw(st.sampled_from(["", "12/QĐ-UBND"])),
        updates=tuple(draw(st.lists(st.tuples(days, percents), max_size=4, unique_by=lambda u: u[0]))),
        milestones=tuple(milestones),
        **({ending: draw(days)} if ending else {}),
    )


@given(st.lists(leaves(), max_size=8), days)
def test_always_between_0_and_100_and_none_only_without_countable(leaves, on):
    figure = area(*leaves, on=on)
    assert (figure.value is None) == (figure.countable == 0)
    for value in (figure.value, figure.planned, figure.coverage):
        assert value is None or 0 <= value <= 100
    assert figure.value != 100 or figure.completed == figure.countable
    if figure.overdue:
        assert figure.status != Status.ON_TRACK


@given(st.lists(leaves(), max_size=8), days, st.randoms())
def test_order_of_rows_is_irrelevant(leaves, on, random):
    shuffled = leaves[:]
    random.shuffle(shuffled)
    assert area(*shuffled, on=on) == area(*leaves, on=on)


@given(leaves(), days, percents)
def test_an_earlier_day_never_sees_a_later_update(one, on, percent):
    later = on + datetime.timedelta(days=1)
    updated = dataclasses.replace(one, updates=(*one.updates, (later, percent)))
    assert leaf_figure(updated, on) == leaf_figure(one, on)


@given(st.lists(leaves(), max_size=6), days)
def test_area_is_the_weighted_mean_of_its_countable_leaves(leaves, on):
    figures = [leaf_figure(one, on) for one in leaves]
    counted = [figure for figure in figures if figure.countable]
    result = area_figure(figures)
    if counted:
        total = sum(figure.weight for figure in counted)
        assert result.exact * total == sum(figure.weight * figure.percent for figure in counted)


@given(leaves(), days)
def test_thresholds_move_labels_and_never_values(one, on):
    strict = Thresholds(attention_gap=Decimal("-1"), late_gap=Decimal("-2"))
    loose = area_figure([leaf_figure(one, on)])
    tight = area_figure([leaf_figure(one, on)], strict)
    assert (loose.value, loose.gap) == (tight.value, tight.gap)


def test_what_nobody_completed_is_not_printed_as_100():
    figure = leaf_figure(yearly(done=range(2019, 2026)), D)
    assert (figure.percent, figure.shown) == (Fraction(400, 7), Decimal("57.1"))
    figure = leaf_figure(yearly(done=range(2019, 2026)), date(2025, 12, 31))
    assert (figure.percent, figure.shown, figure.completed) == (100, Decimal("99.9"), False)


def test_a_late_undocumented_cancellation_goes_on_counting_and_being_late():
    """A periodic activity without a due date is due with its last milestone."""
    cancelled = dataclasses.replace(yearly(), cancelled_on=date(2026, 1, 15))
    figure = leaf_figure(cancelled, date(2026, 2, 1))
    assert (figure.countable, figure.timeliness) == (True, Timeliness.OVERDUE)
    both = area(cancelled, completed(), on=date(2026, 2, 1))
    assert (both.value, both.cancelled, both.overdue) == (Decimal("50.0"), 0, 1)
    documented = dataclasses.replace(cancelled, cancellation_document="12/QĐ")
    assert leaf_figure(documented, date(2026, 2, 1)).cancelled
    before_the_last = dataclasses.replace(cancelled, cancelled_on=date(2025, 12, 30))
    assert leaf_figure(before_the_last, date(2026, 2, 1)).cancelled


def test_the_last_continuous_activity_is_not_that_of_another():
    goes_on = leaf(None, kind=Kind.CONTINUOUS, updates=((date(2020, 3, 1), None),))
    assert area(goes_on, leaf(40)).last_activity_on == date(2020, 3, 1)


def test_coverage_is_compared_before_it_is_rounded():
    """1,499 of 2,500 is 59.96 %: printed as 60,0, and yet not enough."""
    figure = area(*[leaf(40)] * 1499, *[leaf()] * 1001)
    assert (figure.coverage, figure.sufficient) == (Decimal("60.0"), False)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"uses_indicator": True}, "chỉ tiêu chưa cho biết phần trăm: tính 0"),
        ({"updates": ((date(2022, 6, 30), None),)}, "báo cáo không ghi phần trăm: tính 0"),
    ],
)
def test_a_zero_says_where_it_comes_from(facts, reason):
    figure = leaf_figure(leaf(**facts) if "updates" not in facts else LeafFacts(**facts), D)
    assert (figure.shown, figure.reason) == (Decimal("0.0"), reason)
