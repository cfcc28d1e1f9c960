"""Figures of many days: what was sealed is read once a process, since it never changes; the rest in five
queries, however many days.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from cooperation.models import CooperationArea, JointPlan
from programs.changes.days import SealedDay, sealed_days
from programs.facts import FactsOverTime, published_of
from programs.measures import AreaFigure
from programs.models import Activity, Snapshot
from programs.progress import area_figure, headline, leaf_figure

# A content may be megabytes: a line of three years of quarters is read on a page's first visit.
LONGEST_LINE = 12
READ_AT_ONCE = 4
REMEMBERED = 256


class TrendPoint(NamedTuple):
    day: datetime.date
    actual: Decimal | None
    planned: Decimal | None


@dataclass(frozen=True)
class Values:
    """As pages show them: the headline, and by area id (actual, planned)."""

    headline: Decimal | None
    areas: Mapping[int, tuple[Decimal | None, Decimal | None]]


class _Remembered:
    """Values by the hash of the content they stand in: another content has another hash."""

    def __init__(self):
        self._found: dict[str, Values] = {}

    def of(self, days: Iterable[SealedDay]) -> dict[datetime.date, Values]:
        days = list(days)
        missing = [day.snapshot_id for day in days if day.sha256 not in self._found]
        if missing:
            if len(self._found) > REMEMBERED:
                self._found.clear()
            rows = Snapshot.objects.filter(pk__in=missing).order_by("pk")
            for snapshot in rows.iterator(chunk_size=READ_AT_ONCE):
                self._found[snapshot.sha256] = _values_of(snapshot)
        return {day.day: self._found[day.sha256] for day in days if day.sha256 in self._found}


@lru_cache(maxsize=1)
def remembered() -> _Remembered:
    return _Remembered()


def _values_of(snapshot: Snapshot) -> Values:
    sealed = snapshot.sealed
    return Values(sealed.headline.value, {area.id: _pair(area.figure) for area in sealed.areas})


def _pair(figure: AreaFigure) -> tuple[Decimal | None, Decimal | None]:
    return figure.value, figure.planned


def values_on(
    plan: JointPlan, days: Iterable[datetime.date], sealed: list[SealedDay] | None = None
) -> dict[datetime.date, Values]:
    """The figures of these days: one query for the sealed ones not read yet, six for all others together.

    `sealed`: sealed_days(plan), where the caller has them.
    """
    days = set(days)
    standing = [day for day in (sealed_days(plan) if sealed is None else sealed) if day.day in days]
    found = remembered().of(standing)
    live = days - found.keys()
    if live:
        facts = FactsOverTime(published_of(plan.pk))
        areas = list(CooperationArea.objects.published().filter(plan=plan).values_list("pk", flat=True))
        for day in live:
            figures = _figures(facts, areas, day)
            pairs = {pk: _pair(figure) for pk, figure in figures.items()}
            found[day] = Values(headline(figures.values()).value, pairs)
    return found


def trend(
    subject: CooperationArea | JointPlan,
    days: Iterable[datetime.date],
    *,
    known: Mapping[datetime.date, AreaFigure] | None = None,
    sealed: list[SealedDay] | None = None,
) -> list[TrendPoint]:
    """Actual against planned of an area on these days, oldest first; of a plan the headline, which has no
    planned figure. `known`: figures of the area that the page has already."""
    known = known or {}
    days = sorted(set(days))
    if isinstance(subject, JointPlan):
        values = values_on(subject, days, sealed)
        return [TrendPoint(day, values[day].headline, None) for day in days]
    standing = sealed_days(subject.plan) if sealed is None else sealed
    pairs = {day: _pair(figure) for day, figure in known.items()}
    wanted = [day for day in standing if day.day in days and day.day not in pairs]
    for day, values in remembered().of(wanted).items():
        pairs[day] = values.areas.get(subject.pk, (None, None))
    live = [day for day in days if day not in pairs]
    if live:
        facts = FactsOverTime(Activity.objects.published().filter(area=subject))
        for day in live:
            pairs[day] = _pair(_figures(facts, [subject.pk], day)[subject.pk])
    return [TrendPoint(day, *pairs[day]) for day in days]


def line_of(
    area: CooperationArea, on: datetime.date, figure: AreaFigure, sealed: list[SealedDay]
) -> list[TrendPoint]:
    """The trend that the area's page shows: the newest sealed days before `on`, and that day."""
    before = [day.day for day in sealed if day.day < on][-LONGEST_LINE:]
    return trend(area, [*before, on], known={on: figure}, sealed=sealed)


def _figures(facts: FactsOverTime, areas: Iterable[int], on: datetime.date) -> dict[int, AreaFigure]:
    leaves = defaultdict(list)
    for activity in facts.on(on):
        leaves[activity.area_id].append(leaf_figure(activity.facts, on))
    return {pk: area_figure(leaves[pk]) for pk in areas}
