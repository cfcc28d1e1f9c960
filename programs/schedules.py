"""What the dates of an activity were on an earlier day, and how a change of them keeps the earlier ones.

An activity holds the newest dates. A new term counts from the day it was decided; a suspension has its own
days. Both leave a row behind (models/schedules.py), so that a figure of an earlier day stays what it was.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, DateField, Exists, F, OuterRef, QuerySet, Subquery, When
from django.utils.timezone import localdate

from cooperation.dates import format_span
from programs.models import Activity, ScheduleChange, Suspension

_ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Schedule:
    """The term of an activity. The due day is the last one of the month or year where no day is known."""

    start_on: datetime.date | None
    due_on: datetime.date | None
    date_precision: str


@dataclass(frozen=True)
class Span:
    """A term and the days for which it was the one, both inclusive; None where it has no first or last."""

    first: datetime.date | None
    last: datetime.date | None
    label: str
    document: str


class EarlierDates:
    """The rows that activities left behind, each kind read once when asked: two queries at most, none where
    `asked`, the one day that will be asked for, is not before today: nothing is written of days to come.
    """

    def __init__(self, activities, asked: datetime.date | None = None):
        self._chosen = activities.order_by().values("pk")
        self._any = asked is None or asked < localdate()

    @cached_property
    def _schedules(self) -> dict[int, list[tuple[datetime.date, Schedule]]]:
        found = defaultdict(list)
        names = ("activity", "on", "start_before", "due_before", "precision_before")
        rows = ScheduleChange.objects.filter(activity__in=self._chosen).order_by("on")
        for pk, on, *before in rows.values_list(*names) if self._any else ():
            found[pk].append((on, Schedule(*before)))
        return found

    @cached_property
    def _suspensions(self) -> dict[int, list[tuple[datetime.date, datetime.date]]]:
        found = defaultdict(list)
        rows = Suspension.objects.filter(activity__in=self._chosen).order_by("suspended_on")
        for pk, *span in rows.values_list("activity", "suspended_on", "resumed_on") if self._any else ():
            found[pk].append(tuple(span))
        return found

    def row_on(self, row: dict, day: datetime.date) -> dict:
        """Return `row` (pk, start_on, due_on, suspended_on, resumed_on) with the dates as of `day`."""
        pk, then = row["pk"], {}
        if (schedule := self.schedule_on(pk, day)) is not None:
            then |= {name: value for name, value in vars(schedule).items() if name in row}
        spans = self._suspensions.get(pk, ())
        covering = [span for span in spans if _covers(span, day)]
        if covering and not _covers((row["suspended_on"], row["resumed_on"]), day):
            then |= dict(zip(("suspended_on", "resumed_on"), covering[0], strict=True))
        return {**row, **then} if then else row

    def schedule_on(self, pk: int, day: datetime.date) -> Schedule | None:
        """The term of the activity on `day` where it was another one than it is now."""
        return next((before for on, before in self._schedules.get(pk, ()) if on > day), None)

    def schedules_on(self, day: datetime.date) -> dict[int, Schedule]:
        """The terms of all activities that had another one on `day` than they have now."""
        terms = ((pk, self.schedule_on(pk, day)) for pk in self._schedules)
        return {pk: term for pk, term in terms if term is not None}

    def next_change(self, pk: int, day: datetime.date) -> datetime.date | None:
        """The first day after `day` from which another term holds."""
        return next((on for on, _before in self._schedules.get(pk, ()) if on > day), None)


def _covers(span: tuple[datetime.date | None, datetime.date | None], day: datetime.date) -> bool:
    first, resumed_on = span
    return first is not None and first <= day and (resumed_on is None or day < resumed_on)


def shown_as_of(activities: Iterable[Activity], on: datetime.date) -> None:
    """Give these records, which nobody saves, the term that they had on `on`."""
    activities = list(activities)
    rows = Activity.objects.filter(pk__in=[activity.pk for activity in activities])
    earlier = EarlierDates(rows, on)
    for activity in activities:
        if (term := earlier.schedule_on(activity.pk, on)) is not None:
            shown_with(activity, term, on)


def shown_with(activity: Activity, term: Schedule, on: datetime.date) -> None:
    """Give the record, which nobody saves, this term. A day of completion is known as well as it is now."""
    activity.start_on, activity.due_on = term.start_on, term.due_on
    if activity.completed_on is None or activity.completed_on > on:
        activity.date_precision = term.date_precision


def with_due_then(plan_id: int, activities, on: datetime.date) -> tuple[QuerySet, str]:
    """Return the activities of a plan, and the field that holds the due day which they had on `on`."""
    changes = ScheduleChange.objects.filter(on__gt=on)
    if on >= localdate() or not changes.filter(activity__area__plan=plan_id).exists():
        return activities, "due_on"
    later = changes.filter(activity=OuterRef("pk")).order_by("on")
    then = Case(
        When(Exists(later), then=Subquery(later.values("due_before")[:1])),
        default=F("due_on"),
        output_field=DateField(),
    )
    return activities.annotate(due_then=then), "due_then"


def spans_of(activity: Activity) -> list[Span]:
    """The terms that the activity had and has, the first one first; none where it never had another."""
    changes = list(activity.schedule_changes.order_by("on"))
    spans, first = [], None
    for change in changes:
        document = spans and changes[len(spans) - 1].document
        spans.append(Span(first, change.on - _ONE_DAY, change.before_label, document or ""))
        first = change.on
    if changes:
        label = format_span(activity.start_on, activity.due_on, activity.date_precision)
        spans.append(Span(first, None, label, changes[-1].document))
    return spans


def schedule_left(
    activity: Activity, was: Schedule, on: datetime.date | None, document: str
) -> ScheduleChange | None:
    """Return the row to save where the term of `activity` is no longer `was`, which held until `on`.

    None without a day (the new term corrects a mistake: it holds for the past as well), or where nothing
    changed. A row of that very day says already what held before it: it gets the newer document.
    """
    now = Schedule(activity.start_on, activity.due_on, activity.date_precision)
    if on is None or now == was:
        return None
    if stored := activity.schedule_changes.filter(on=on).first():
        stored.document = document or stored.document
        return stored
    return ScheduleChange(
        activity=activity,
        on=on,
        start_before=was.start_on,
        due_before=was.due_on,
        precision_before=was.date_precision,
        document=document,
    )


def suspension_left(
    activity: Activity, was: tuple[datetime.date | None, datetime.date | None]
) -> Suspension | None:
    """Return the row to save where `activity` was suspended again, after the span `was` had ended.

    None where a row says so already. One that begins on the same day is put right.
    """
    suspended_on, resumed_on = was
    if suspended_on is None or not again_suspended(was, activity.suspended_on):
        return None
    stored = activity.suspensions.filter(suspended_on=suspended_on).first()
    if stored is not None:
        if stored.resumed_on == resumed_on:
            return None
        stored.resumed_on = resumed_on
        return stored
    return Suspension(activity=activity, suspended_on=suspended_on, resumed_on=resumed_on)


def again_suspended(
    was: tuple[datetime.date | None, datetime.date | None], suspended_on: datetime.date | None
) -> bool:
    """Whether `suspended_on` begins another suspension than the ended one of `was`."""
    return None not in (*was, suspended_on) and suspended_on >= was[1] and suspended_on != was[0]
