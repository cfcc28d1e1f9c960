"""What lists show of any number of activities of a plan on a few days: percentages and terms.

Figures are those of figures.py, the sealed ones where a day is sealed; only what a list shows of them is
read. What was sealed is read once a process: a content may be tens of megabytes, and never changes.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django.utils.timezone import localdate

from cooperation.models import JointPlan
from programs.facts import percent_facts
from programs.models import Activity, Snapshot
from programs.periods.in_force import closes, reporting_period
from programs.progress import shown_percent
from programs.schedules import EarlierDates, Schedule, shown_with

Percent = Decimal | None
REMEMBERED = 8


class Sealed(NamedTuple):
    percent: Percent
    term: Schedule


_NOTHING: Mapping[int, Sealed] = {}


def percents_on(plan: JointPlan, activities, days: Sequence[datetime.date]) -> dict[int, tuple[Percent, ...]]:
    """Return what pages show of these activities of `plan` on each of the days, by their ids; None where
    one was not counted.

    Four queries and one a day, and one more for a sealed day that was not read yet. What was not public
    when the day was sealed has today's figure of it.
    """
    sealed = [_sealed_on(plan, day) for day in days]
    found = {}
    for pk, facts in percent_facts(activities, days, plan.signed_on):
        found[pk] = tuple(
            stored[pk].percent if pk in stored else shown_percent(leaf, day)
            for stored, leaf, day in zip(sealed, facts, days, strict=True)
        )
    return found


def terms_on(plan: JointPlan, activities, on: datetime.date) -> dict[int, Schedule]:
    """Return the terms that activities of `plan` had on `on`, by their ids, of those that have another one
    now or whose term was sealed: at most two queries, one more for a sealed day that was not read yet."""
    if on >= localdate():
        return {}
    terms = EarlierDates(activities, on).schedules_on(on)
    return terms | {pk: one.term for pk, one in _sealed_on(plan, on).items()}


def show_terms_on(plan: JointPlan, activities: Iterable[Activity], on: datetime.date) -> None:
    """Give these records of `plan`, which nobody saves, the term that they had on `on`."""
    activities = list(activities)
    if not activities:
        return
    terms = terms_on(plan, Activity.objects.filter(pk__in=[activity.pk for activity in activities]), on)
    for activity in activities:
        if activity.pk in terms:
            shown_with(activity, terms[activity.pk], on)


def _sealed_on(plan: JointPlan, day: datetime.date) -> Mapping[int, Sealed]:
    period = reporting_period(plan.pk, day)
    if not closes(period, day):
        return _NOTHING
    return sealed_rows(period.snapshot.pk, period.snapshot.sha256)


@lru_cache(maxsize=REMEMBERED)
def sealed_rows(snapshot_id: int, sha256: str) -> Mapping[int, Sealed]:
    """What lists show of a sealed day, by activity id. By the hash too: another content has another one."""
    sealed = Snapshot.objects.only("content").get(pk=snapshot_id).sealed
    return {entry["id"]: _sealed(entry) for area in sealed.data["areas"] for entry in area["activities"]}


def _sealed(entry: dict) -> Sealed:
    """R14: as it was shown, whatever the rule says by now."""
    facts, figure = entry["facts"], entry["figure"]
    start_on, due_on = (
        datetime.date.fromisoformat(facts[name]) if facts[name] else None for name in ("start_on", "due_on")
    )
    counted = figure["countable"] and figure["shown"] is not None
    return Sealed(
        Decimal(figure["shown"]) if counted else None, Schedule(start_on, due_on, entry["date_precision"])
    )
