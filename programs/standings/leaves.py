"""The standing of an activity: its figure as of a day, and until which day it holds by the calendar alone."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Min, OuterRef, Subquery

from programs.facts import leaf_facts
from programs.measures import Kind, LeafFacts, LeafFigure, Period, Thresholds, Timeliness
from programs.models import Activity, IndicatorValue, ProgressUpdate
from programs.progress import earliest_open_day, leaf_figure
from programs.schedules import EarlierDates

DUE_WITHIN = (30, 60, 90)
_ONE_DAY = datetime.timedelta(days=1)
_OPEN = {Timeliness.ON_TIME, Timeliness.DUE_SOON, Timeliness.OVERDUE, Timeliness.NO_DUE_DATE}


@dataclass(frozen=True)
class Frame:
    """What the standings of a plan hang on beside its records."""

    on: datetime.date
    period: Period | None
    thresholds: Thresholds


def leaf_rows(activities, frame: Frame, *, few: bool = False) -> dict[int, dict]:
    """The stored rows, attname → value, of public `activities` by their ids: five queries at most, nine
    where the standings are of an earlier day.

    `few`: so few that the other queries may name their ids instead of looking for them again.
    """
    beside = _beside(activities, frame.on)
    if few:
        activities = Activity.objects.filter(pk__in=list(beside))
    facts = {pk: (plan, area, known) for plan, area, pk, known in leaf_facts(activities, frame.on)}
    driven = any(known.uses_indicator for _plan, _area, known in facts.values())
    indicators = _next_values(activities, frame.on) if driven else {}
    earlier = EarlierDates(activities, frame.on)
    rows = {}
    for pk, (plan, area, known) in facts.items():
        if pk not in beside:
            continue  # written between two queries, by somebody who refreshes it after us
        agency, indicator, *days = beside[pk]
        days += [indicators.get(indicator), earlier.next_change(pk, frame.on)]
        to_come = [day for day in days if day]
        rows[pk] = {
            "activity_id": pk,
            "plan_id": plan,
            "area_id": area,
            "agency_id": agency,
            **leaf_values(known, to_come, frame),
        }
    return rows


def leaf_values(facts: LeafFacts, to_come: Iterable[datetime.date], frame: Frame) -> dict:
    """What is stored of one activity. `to_come`: the days from which reports known already will count."""
    figure = leaf_figure(facts, frame.on, frame.period, frame.thresholds)
    slope = _slope(facts, figure, frame)
    planned = figure.planned if figure.planned is not None else figure.percent
    is_open = figure.countable and figure.timeliness in _OPEN
    due_on = earliest_open_day(facts, frame.on) if is_open else None
    return {
        "weight": figure.weight,
        "percent": _text(figure.percent),
        "planned_base": _text(None if planned is None else planned - slope * frame.on.toordinal()),
        "planned_slope": _text(slope),
        "has_planned": figure.planned is not None,
        "in_plan": figure.in_plan,
        "countable": figure.countable,
        "cancelled": figure.cancelled,
        "completed": figure.completed,
        "reported": figure.reported,
        "expected": figure.expected,
        "overdue": figure.countable and figure.timeliness == Timeliness.OVERDUE,
        "open": is_open,
        "due_on": due_on,
        "due_within": _due_within(due_on, frame.on),
        "last_report_on": figure.last_report_on,
        "next_change_on": next_change(facts, to_come, frame.on),
    }


def next_change(
    facts: LeafFacts, to_come: Iterable[datetime.date], on: datetime.date
) -> datetime.date | None:
    """The first day after `on` on which the figure may change although nobody writes anything."""
    days = {
        facts.added_on, facts.start_on, facts.completed_on, facts.suspended_on, facts.resumed_on,
        facts.cancelled_on, *to_come,
    }  # fmt: skip
    for milestone in facts.milestones:
        days |= {milestone.done_on, milestone.waived_on}
    for due in (facts.due_on, *(milestone.due_on for milestone in facts.milestones)):
        if due is not None:
            days |= {due, due + _ONE_DAY}
            days |= {due - datetime.timedelta(days=ahead) for ahead in DUE_WITHIN}
    return min((day for day in days if day is not None and day > on), default=None)


def _slope(facts: LeafFacts, figure: LeafFigure, frame: Frame) -> Fraction:
    """By how much planned grows a day: 0 but for what runs from its start to its due day (R7)."""
    runs = facts.start_on and facts.due_on and facts.start_on <= frame.on < facts.due_on
    if not runs or figure.planned is None or facts.kind == Kind.CONTINUOUS:
        return Fraction(0)
    tomorrow = leaf_figure(facts, frame.on + _ONE_DAY, frame.period, frame.thresholds)
    return Fraction(0) if tomorrow.planned is None else tomorrow.planned - figure.planned


def _due_within(due_on: datetime.date | None, on: datetime.date) -> int:
    if due_on is None or due_on < on:
        return 0
    return next((days for days in DUE_WITHIN if (due_on - on).days <= days), 0)


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(Fraction(value))


def _beside(activities, on: datetime.date) -> dict[int, tuple]:
    """By id: who leads, which indicator drives it, from when its next accepted report counts, and the newest
    suspension, which may begin after `on`."""
    later = ProgressUpdate.objects.filter(
        activity=OuterRef("pk"),
        status=ProgressUpdate.Status.ACCEPTED,
        is_counterpart=False,
        effective_on__gt=on,
    ).order_by("effective_on")
    rows = activities.order_by().annotate(next_report_on=Subquery(later.values("effective_on")[:1]))
    names = ("pk", "lead_agency_id", "indicator_id", "next_report_on", "suspended_on", "resumed_on")
    return {pk: rest for pk, *rest in rows.values_list(*names)}


def _next_values(activities, on: datetime.date) -> dict[int, datetime.date]:
    driving = activities.order_by().exclude(indicator=None).values("indicator")
    rows = IndicatorValue.objects.filter(indicator__in=driving, actual__isnull=False, effective_on__gt=on)
    return dict(rows.order_by().values_list("indicator").annotate(first=Min("effective_on")))


def public_in(plan_id: int, ids: Iterable[int] | None = None):
    """The activities that the plan's figures count, all or these."""
    rows = Activity.objects.published().filter(area__plan=plan_id)
    return rows if ids is None else rows.filter(pk__in=list(ids))
