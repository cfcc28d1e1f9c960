"""When something is said: once a step, the newest only, however the job runs."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from programs.reminders.rules import (
    Calendar,
    Kind,
    confirmation_steps,
    deadline_steps,
    explanation_steps,
    owed_report_steps,
    returned_steps,
    unsaid,
    waiting_steps,
)

CALENDAR = Calendar()
DUE = date(2022, 6, 30)


def said(days, steps_on):
    """What a job that runs on these days says: (day, kind) in order."""
    marked, found = set(), []
    for on in days:
        steps = steps_on(on)
        if step := unsaid(steps, marked):
            found.append((on, step.kind))
            marked |= {step.key for step in steps}
    return found


def every_day(first, last):
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def of_deadline(on):
    return deadline_steps("hd1", DUE, on, CALENDAR)


def test_the_steps_of_a_deadline():
    assert said(every_day(date(2022, 5, 1), date(2022, 8, 1)), of_deadline) == [
        (date(2022, 5, 31), Kind.DUE_SOON),
        (date(2022, 6, 23), Kind.DUE_SOON),
        (date(2022, 6, 30), Kind.DUE_TODAY),
        (date(2022, 7, 1), Kind.OVERDUE),
        (date(2022, 7, 15), Kind.OVERDUE),
        (date(2022, 7, 29), Kind.OVERDUE),
    ]


def test_three_days_without_the_job():
    """The reminder of the 23rd goes out on the 26th, once."""
    days = [day for day in every_day(date(2022, 6, 1), DUE) if not 23 <= day.day <= 25]
    assert said(days, of_deadline) == [
        (date(2022, 6, 1), Kind.DUE_SOON),
        (date(2022, 6, 26), Kind.DUE_SOON),
        (DUE, Kind.DUE_TODAY),
    ]


def test_what_was_overtaken_is_said_in_one():
    """Away from the 29th to the 2nd: "hôm nay" and "quá hạn" came due; only what is true now is said."""
    days = every_day(date(2022, 6, 24), date(2022, 6, 28)) + every_day(date(2022, 7, 3), date(2022, 7, 10))
    assert said(days, of_deadline) == [
        (date(2022, 6, 24), Kind.DUE_SOON),
        (date(2022, 7, 3), Kind.OVERDUE),
    ]


def test_a_first_run_over_old_data_says_each_thing_once():
    on = date(2026, 11, 23)
    steps = of_deadline(on)
    assert {step.kind for step in steps} == {Kind.OVERDUE}
    assert len(said([on, on, on + timedelta(1)], of_deadline)) == 1


@given(
    due=st.integers(-200, 60),
    run=st.sets(st.integers(0, 90), min_size=1),
    calendar=st.builds(
        Calendar,
        days_before=st.sets(st.integers(1, 60), max_size=4).map(tuple),
        overdue_every=st.integers(1, 30),
        catch_up=st.integers(0, 30),
    ),
)
def test_whatever_days_the_job_runs_on(due, run, calendar):
    """Each run says at most one thing, never twice the same, and exactly when a step came due since the
    run before (or lies within the catch-up)."""
    start = date(2022, 1, 1)
    due_on = start + timedelta(due)
    fixed = {due_on - timedelta(n) for n in calendar.days_before} | {due_on}
    step_days = fixed | {due_on + timedelta(1 + n * calendar.overdue_every) for n in range(300)}
    marked, before = set(), None
    for on in sorted(start + timedelta(n) for n in run):
        oldest = on - timedelta(calendar.catch_up)
        since = oldest if before is None else max(oldest, before + timedelta(1))
        steps = deadline_steps("hd1", due_on, on, calendar)
        step = unsaid(steps, marked)
        assert (step is not None) == any(since <= day <= on for day in step_days)
        if step:
            assert step.key not in marked
            assert step.day == max(day for day in step_days if day <= on)
            assert (step.kind == Kind.OVERDUE) == (due_on < on)
            marked |= {each.key for each in steps}
        before = on


def test_another_due_day_is_another_deadline():
    on = date(2022, 6, 1)
    assert not {step.key for step in of_deadline(on)} & {
        step.key for step in deadline_steps("hd1", DUE + timedelta(1), on, CALENDAR)
    }


def test_an_owed_report_is_asked_for_before_and_after():
    due = date(2022, 6, 16)
    found = said(
        every_day(date(2022, 6, 1), date(2022, 7, 31)), lambda on: owed_report_steps("bc1", due, on, CALENDAR)
    )
    assert [day for day, _kind in found] == [date(2022, 6, 13), date(2022, 6, 17)]


def test_a_report_that_comes_back_twice_is_told_twice():
    first, second = datetime(2022, 6, 1, 9), datetime(2022, 6, 1, 15)
    keys = {step.key for at in (first, second) for step in returned_steps("tra1", at, at.date(), CALENDAR)}
    assert len(keys) == 2
    assert returned_steps("tra1", first, date(2022, 6, 16), CALENDAR) == ()


def test_a_report_may_wait_three_days():
    sent = datetime(2022, 6, 1, 23, 59)
    found = said(
        every_day(date(2022, 6, 1), date(2022, 6, 30)), lambda on: waiting_steps("duyet1", sent, on, CALENDAR)
    )
    assert [day for day, _kind in found] == [date(2022, 6, 5), date(2022, 6, 19)]


def test_a_completion_may_wait_three_days():
    said_on = date(2022, 6, 1)
    found = said(
        every_day(said_on, date(2022, 6, 30)),
        lambda on: confirmation_steps("xn1", said_on, on, CALENDAR),
    )
    assert found == [(date(2022, 6, 5), Kind.TO_CONFIRM), (date(2022, 6, 19), Kind.TO_CONFIRM)]
    late = [date(2022, 6, 9), date(2022, 6, 10)]
    assert said(late, lambda on: confirmation_steps("xn1", said_on, on, CALENDAR)) == [
        (date(2022, 6, 9), Kind.TO_CONFIRM)
    ]


def test_an_explanation():
    asked, due = date(2022, 6, 1), date(2022, 6, 8)
    found = said(
        every_day(asked, date(2022, 6, 25)), lambda on: explanation_steps("gt1", asked, due, on, CALENDAR)
    )
    assert found == [
        (date(2022, 6, 1), Kind.EXPLAIN),
        (date(2022, 6, 6), Kind.EXPLAIN),
        (date(2022, 6, 8), Kind.EXPLAIN),
        (date(2022, 6, 9), Kind.EXPLAIN_LATE),
        (date(2022, 6, 23), Kind.EXPLAIN_LATE),
    ]


def test_asked_and_due_on_one_day():
    found = said([DUE, DUE], lambda on: explanation_steps("gt1", DUE, DUE, on, CALENDAR))
    assert found == [(DUE, Kind.EXPLAIN)]


def test_keys_fit_their_column():
    longest = deadline_steps(f"bc{2**63}k{2**63}", DUE, DUE + timedelta(4000), CALENDAR)
    assert all(len(step.key) <= 80 and len(step.kind) <= 20 for step in longest)
