"""What is stored of an activity says, on every day until `next_change_on`, what the rule says of that day."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from programs.measures import Kind, LeafFacts, MilestoneFacts, Period, Thresholds, Timeliness
from programs.progress import earliest_open_day, leaf_figure
from programs.standings.leaves import Frame, leaf_values, next_change

ON = date(2022, 6, 30)
DAYS = st.integers(-120, 120).map(lambda n: ON + timedelta(days=n))
MAYBE = st.none() | DAYS
PERIODS = st.none() | st.just(Period(date(2022, 3, 15), date(2022, 12, 14)))


@st.composite
def facts_over_time(draw):
    """Facts with all updates, those of days to come too."""
    start, due = sorted((draw(DAYS), draw(DAYS)))
    ends = st.just((None, None)) | st.tuples(DAYS, st.none()) | st.tuples(st.none(), DAYS)
    milestones = tuple(MilestoneFacts(draw(DAYS), *draw(ends)) for _n in range(draw(st.integers(0, 3))))
    percents = st.none() | st.integers(0, 1000).map(lambda tenths: Decimal(tenths) / 10)
    updates = draw(st.dictionaries(DAYS, percents, max_size=4))
    lifecycle = draw(st.sampled_from(["open", "completed", "suspended", "resumed", "cancelled"]))
    suspended = draw(DAYS) if lifecycle in ("suspended", "resumed") else None
    return LeafFacts(
        kind=draw(st.sampled_from(list(Kind))),
        weight=draw(st.integers(1, 5)),
        added_on=draw(MAYBE),
        start_on=draw(st.sampled_from([start, None])),
        due_on=draw(st.sampled_from([due, None])),
        completed_on=draw(DAYS) if lifecycle == "completed" else None,
        suspended_on=suspended,
        resumed_on=suspended + timedelta(days=draw(st.integers(0, 60))) if lifecycle == "resumed" else None,
        cancelled_on=draw(DAYS) if lifecycle == "cancelled" else None,
        cancellation_document=draw(st.sampled_from(["", "1/QĐ"])),
        updates=tuple(sorted(updates.items())),
        milestones=milestones,
    )


@settings(max_examples=400, deadline=None)
@given(facts_over_time(), PERIODS, st.integers(0, 200))
def test_a_stored_leaf_holds_until_its_next_change(facts, period, ahead):
    frame = Frame(ON, period, Thresholds())
    known = [day for day, _percent in facts.updates if day > ON]
    values = leaf_values(facts, known, frame)
    day = ON + timedelta(days=ahead)
    if values["next_change_on"] and day >= values["next_change_on"]:
        day = values["next_change_on"] - timedelta(days=1)
    figure = leaf_figure(facts, day, period, Thresholds())
    for name in ("in_plan", "countable", "cancelled", "completed", "reported", "expected", "last_report_on"):
        assert values[name] == getattr(figure, name), name
    assert values["percent"] == (None if figure.percent is None else str(figure.percent))
    assert values["has_planned"] == (figure.planned is not None)
    if figure.percent is not None:
        stands = Fraction(values["planned_base"]) + Fraction(values["planned_slope"]) * day.toordinal()
        assert stands == (figure.percent if figure.planned is None else figure.planned)
    assert values["overdue"] == (figure.countable and figure.timeliness == Timeliness.OVERDUE)
    if values["overdue"]:
        assert (day - values["due_on"]).days == figure.days_late
    if values["open"]:
        due = earliest_open_day(facts, day)
        assert values["due_on"] == due
        days = None if due is None else (due - day).days
        within = next((n for n in (30, 60, 90) if days is not None and 0 <= days <= n), 0)
        assert values["due_within"] == within


def test_nothing_more_happens_to_what_is_done():
    done = LeafFacts(due_on=date(2020, 1, 1), completed_on=date(2020, 1, 5))
    assert next_change(done, [], ON) is None
