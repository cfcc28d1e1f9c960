"""When a reminder is due. Pure: days in, steps out; who was already told is somebody else's question.

A thing with a deadline has steps, each with the day from which it is due and a key that never changes. Of
the steps that are due only the newest is said: a job that did not run for days tells each thing once, with
the days that remain today. A step older than the catch-up is never said.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a reminder is about, in the order of the mail."""

    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    DUE_SOON = "due_soon"
    NOT_REPORTED = "not_reported"
    RETURNED = "report_returned"
    TO_ACCEPT = "to_accept"
    TO_CONFIRM = "to_confirm"
    EXPLAIN = "explanation_due"
    EXPLAIN_LATE = "explanation_late"


@dataclass(frozen=True)
class Calendar:
    """The settings PORTAL_REMIND_…, in days."""

    days_before: tuple[int, ...] = (30, 7)
    overdue_every: int = 14
    catch_up: int = 14
    report_days_before: int = 3
    explanation_days_before: int = 2
    accept_after: int = 3


@dataclass(frozen=True)
class Step:
    kind: Kind
    key: str
    day: datetime.date


def in_time(steps: Iterable[Step], on: datetime.date, calendar: Calendar) -> tuple[Step, ...]:
    """The steps that are due on `on` and not too old, the newest last."""
    oldest = on - timedelta(days=calendar.catch_up)
    return tuple(sorted((step for step in steps if oldest <= step.day <= on), key=lambda step: step.day))


def repeated(kind: Kind, key: str, first: datetime.date, on: datetime.date, calendar: Calendar) -> list[Step]:
    """A step on `first`, then one every `overdue_every` days: those that can be in time."""
    every = calendar.overdue_every
    last = (on - first).days // every
    earliest = max(((on - first).days - calendar.catch_up) // every, 0)
    return [
        Step(kind, f"{key}:+{number}", first + timedelta(days=number * every))
        for number in range(earliest, last + 1)
    ]


def deadline_steps(
    about: str, due_on: datetime.date, on: datetime.date, calendar: Calendar
) -> tuple[Step, ...]:
    """An activity or a milestone: before, on the day, and again and again after it."""
    key = f"{about}:{due_on:%Y%m%d}"
    before = [
        Step(Kind.DUE_SOON, f"{key}:-{days}", due_on - timedelta(days=days)) for days in calendar.days_before
    ]
    late = repeated(Kind.OVERDUE, key, due_on + timedelta(days=1), on, calendar)
    return in_time([*before, Step(Kind.DUE_TODAY, f"{key}:0", due_on), *late], on, calendar)


def owed_report_steps(
    about: str, due_on: datetime.date, on: datetime.date, calendar: Calendar
) -> tuple[Step, ...]:
    """A report that a period lacks: shortly before its sending day, and once when that has passed."""
    key = f"{about}:{due_on:%Y%m%d}"
    days = calendar.report_days_before
    steps = [
        Step(Kind.NOT_REPORTED, f"{key}:-{days}", due_on - timedelta(days=days)),
        Step(Kind.NOT_REPORTED, f"{key}:+0", due_on + timedelta(days=1)),
    ]
    return in_time(steps, on, calendar)


def returned_steps(
    about: str, returned_at: datetime.datetime, on: datetime.date, calendar: Calendar
) -> tuple[Step, ...]:
    """A report that came back: once each time that it does."""
    step = Step(Kind.RETURNED, f"{about}:{returned_at:%Y%m%d%H%M%S}", returned_at.date())
    return in_time([step], on, calendar)


def waiting_steps(
    about: str, sent_at: datetime.datetime, on: datetime.date, calendar: Calendar
) -> tuple[Step, ...]:
    """A report that waits for its approver for more than `accept_after` days."""
    first = sent_at.date() + timedelta(days=calendar.accept_after + 1)
    key = f"{about}:{sent_at:%Y%m%d%H%M%S}"
    return in_time(repeated(Kind.TO_ACCEPT, key, first, on, calendar), on, calendar)


def confirmation_steps(
    about: str, said_on: datetime.date, on: datetime.date, calendar: Calendar
) -> tuple[Step, ...]:
    """A completion that waits for the other side's word for more than `accept_after` days."""
    first = said_on + timedelta(days=calendar.accept_after + 1)
    return in_time(repeated(Kind.TO_CONFIRM, f"{about}:{said_on:%Y%m%d}", first, on, calendar), on, calendar)


def explanation_steps(
    about: str, asked_on: datetime.date, due_on: datetime.date, on: datetime.date, calendar: Calendar
) -> tuple[Step, ...]:
    """A question to an agency: when it is asked, shortly before, on the day, and after it."""
    days = calendar.explanation_days_before
    key = f"{about}:{due_on:%Y%m%d}"
    steps = [
        Step(Kind.EXPLAIN, f"{key}:-{days}", due_on - timedelta(days=days)),
        Step(Kind.EXPLAIN, f"{key}:moi", asked_on),
        Step(Kind.EXPLAIN, f"{key}:0", due_on),
    ]
    return in_time([*steps, *late_explanation_steps(about, due_on, on, calendar)], on, calendar)


def late_explanation_steps(
    about: str, due_on: datetime.date, on: datetime.date, calendar: Calendar
) -> tuple[Step, ...]:
    key = f"{about}:{due_on:%Y%m%d}"
    late = repeated(Kind.EXPLAIN_LATE, key, due_on + timedelta(days=1), on, calendar)
    return in_time(late, on, calendar)


def unsaid(steps: tuple[Step, ...], marked: Collection[str]) -> Step | None:
    """The step to say now: the newest, unless it was said."""
    return steps[-1] if steps and steps[-1].key not in marked else None
