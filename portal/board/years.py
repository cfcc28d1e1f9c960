"""The matrix area × year: each area as of the last day of each year of the plan, today for the running one.

A past year that is sealed is read from what was sealed and kept for good by its hash. A past year that is
not sealed is computed from the records, all years in one reading, and kept for a quarter of an hour as long
as nothing was written: by the newest entry of each history. A plan of more than `MOST_ACTIVITIES` does not
compute its years here, the cells lead to the page of that day instead.
"""

import datetime
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Subquery

from cooperation.dates import last_day
from cooperation.models import CooperationArea, JointPlan
from programs.changes.days import SealedDay
from programs.facts import FactsOverTime, published_of
from programs.measures import AreaFigure, Period, Status
from programs.models import (
    Activity,
    Indicator,
    IndicatorValue,
    Milestone,
    ProgressUpdate,
    ReportingPeriod,
    ScheduleChange,
    Snapshot,
    Suspension,
)
from programs.periods.in_force import thresholds_in_force
from programs.progress import area_figure, headline, leaf_figure

MOST_ACTIVITIES = 5_000
MOST_YEARS = 12
KEPT_SECONDS = 15 * 60
_FOLLOWED = (
    JointPlan, CooperationArea, Activity, ScheduleChange, Suspension, ProgressUpdate, Milestone, Indicator,
    IndicatorValue,
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """What is kept of an area as of a day."""

    value: Decimal | None
    status: Status
    sufficient: bool


@dataclass(frozen=True)
class KeptDay:
    value: Decimal | None
    areas: dict[int, Kept]


@dataclass(frozen=True)
class Year:
    """`day` is None where the year has not begun; `kept` is None where the plan is too large to compute."""

    year: int
    day: datetime.date | None = None
    kept: KeptDay | None = None
    is_sealed: bool = False


class Years:
    """The reporting periods of a plan and what they sealed: one query, and one for what is not kept yet."""

    def __init__(self, plan: JointPlan, on: datetime.date, figures: dict[int, AreaFigure]):
        self.plan, self.on = plan, on
        self._today = kept_day(figures)
        rows = ReportingPeriod.objects.filter(plan=plan).values(
            "pk",
            "kind",
            "label",
            "start_on",
            "end_on",
            "snapshot__pk",
            "snapshot__sealed_at",
            "snapshot__sha256",
        )
        self._periods = list(rows)
        sealed = [row for row in self._periods if row["snapshot__pk"]]
        # Of several that end on one day the one sealed first stands for it, as everywhere (figures.py).
        self._sealed: dict[datetime.date, dict] = {}
        for row in sorted(sealed, key=lambda row: (row["snapshot__sealed_at"], row["snapshot__pk"])):
            self._sealed.setdefault(row["end_on"], row)

    def sealed_days(self) -> list[SealedDay]:
        """What `sealed_days(plan)` says, of the periods read already."""
        return [
            SealedDay(day, row["label"], row["snapshot__pk"], row["snapshot__sha256"])
            for day, row in sorted(self._sealed.items())
        ]

    def last_sealed(self) -> tuple[dict, KeptDay] | None:
        """The newest sealed period that ended before `on`, and what it says."""
        days = [day for day in self._sealed if day < self.on]
        if not days:
            return None
        day = max(days)
        return self._sealed[day], self._read_sealed([day])[day]

    def on_day(self, day: datetime.date) -> KeptDay:
        """Any day that somebody asks for, whatever it costs."""
        return self._today if day == self.on else self._read([day], compute=True)[day]

    def matrix(self, size: int) -> list[Year]:
        """The years of the plan, the oldest first; `size`: how many activities the plan has."""
        years = self._years()
        days = {year: self._day_of(year) for year in years if year <= self.on.year}
        past = [day for year, day in days.items() if year < self.on.year]
        kept = self._read(past, compute=size <= MOST_ACTIVITIES)
        found = []
        for year in years:
            if year > self.on.year:
                found.append(Year(year))
            elif year == self.on.year:
                found.append(Year(year, self.on, self._today, self.on in self._sealed))
            else:
                found.append(Year(year, days[year], kept.get(days[year]), days[year] in self._sealed))
        return found

    def _years(self) -> range:
        first = self.plan.start_year or (self.plan.signed_on or self.on).year
        last = self.plan.end_year or max(first, self.on.year)
        return range(max(first, last - MOST_YEARS + 1), last + 1)

    def _day_of(self, year: int) -> datetime.date:
        """The end of the sealed year period, else 31 December."""
        ends = [
            row["end_on"]
            for row in self._periods
            if row["snapshot__pk"] and row["kind"] == ReportingPeriod.Kind.YEAR and row["end_on"].year == year
        ]
        return max(ends, default=last_day(year))

    def _read(self, days: list[datetime.date], *, compute: bool) -> dict[datetime.date, KeptDay]:
        sealed = [day for day in days if day in self._sealed]
        found = self._read_sealed(sealed, fetch=compute)
        others = [day for day in days if day not in self._sealed]
        if others and compute:
            found |= self._computed(others)
        return found

    def _read_sealed(self, days, *, fetch: bool = True) -> dict[datetime.date, KeptDay]:
        keys = {f"board:{self._sealed[day]['snapshot__sha256']}": day for day in days}
        kept = cache.get_many(keys)
        found = {keys[key]: value for key, value in kept.items()}
        missing = {self._sealed[day]["snapshot__pk"]: day for day in days if day not in found}
        if not missing or not fetch:
            return found
        for snapshot in Snapshot.objects.filter(pk__in=missing):
            sealed = snapshot.sealed
            day = kept_day({area.id: area.figure for area in sealed.areas}, sealed.headline.value)
            cache.set(f"board:{snapshot.sha256}", day, None)
            found[missing[snapshot.pk]] = day
        return found

    def _computed(self, days: list[datetime.date]) -> dict[datetime.date, KeptDay]:
        thresholds = thresholds_in_force()
        spans = {day: self._span(day) for day in days}
        version = repr((self.plan.pk, self._data_version(), thresholds, spans))
        key = f"board:{hashlib.sha256(version.encode()).hexdigest()}"
        kept = cache.get(key)
        if kept is not None:
            return kept
        areas = list(CooperationArea.objects.published().filter(plan=self.plan).values_list("pk", flat=True))
        facts = FactsOverTime(published_of(self.plan.pk))
        found = {}
        for day in days:
            leaves = defaultdict(list)
            for activity in facts.on(day):
                leaves[activity.area_id].append(leaf_figure(activity.facts, day, spans[day], thresholds))
            found[day] = kept_day({pk: area_figure(leaves[pk], thresholds) for pk in areas})
        cache.set(key, found, KEPT_SECONDS)
        return found

    def _span(self, day: datetime.date) -> Period | None:
        """The shortest period that holds the day (R6)."""
        holding = [row for row in self._periods if row["start_on"] <= day <= row["end_on"]]
        holding.sort(
            key=lambda row: (row["end_on"] - row["start_on"], -row["start_on"].toordinal(), row["pk"])
        )
        return Period(holding[0]["start_on"], holding[0]["end_on"]) if holding else None

    def _data_version(self) -> tuple:
        """The newest entry of every history that figures hang on: one query."""
        newest = {
            f"newest_{model._meta.model_name}": Subquery(
                model.history.model.objects.order_by("-history_id").values("history_id")[:1]
            )
            for model in _FOLLOWED
        }
        row = JointPlan.objects.filter(pk=self.plan.pk).values(**newest).first()
        return tuple(row.values()) if row else ()


def kept_day(figures: dict[int, AreaFigure], value: Decimal | None = None) -> KeptDay:
    areas = {pk: Kept(figure.value, figure.status, figure.sufficient) for pk, figure in figures.items()}
    return KeptDay(headline(figures.values()).value if value is None else value, areas)
