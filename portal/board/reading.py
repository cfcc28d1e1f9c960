"""What the board shows of a plan as of a day: areas by trouble, agencies, sides, what is late and due."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from cooperation.dates import DatePrecision
from cooperation.lists import ascending
from cooperation.models import Agency, CooperationArea, JointPlan, Province
from portal.board.works import GROUPS, Work, bodies_acting_as, in_board_order, meets, works_of
from programs.deadlines import deadline_words
from programs.figures import activities_shown, plan_progress
from programs.measures import AreaFigure, Status
from programs.models import Activity, AgencyStanding, AreaStanding, LeafStanding
from programs.sides import Sides

_TROUBLE = {Status.LATE: 0, Status.ATTENTION: 1, Status.INSUFFICIENT: 2}
_NO_GAP = Decimal(0)
# Group → where the kept standings of an agency count it.
_KEPT = {
    "chu-tri": "countable",
    "dang-lam": "open",
    "hoan-thanh": "completed",
    "qua-han": "overdue",
    "chua-bao-cao": "owing",
    "den-han-30": "due_30",
    "den-han-60": "due_60",
    "den-han-90": "due_90",
}


@dataclass(frozen=True)
class AreaLine:
    """An area; `longest`: days late of what is late longest there."""

    area: CooperationArea
    figure: AreaFigure
    longest: int

    @property
    def trouble(self) -> tuple:
        """Late before "cần chú ý" before "chưa đủ số liệu", then by gap, then by days late."""
        gap = self.figure.gap if self.figure.gap is not None else _NO_GAP
        return _TROUBLE.get(self.figure.status, len(_TROUBLE)), gap, -self.longest, self.area.number


@dataclass
class Tally:
    """How many activities of an agency, or of a side, stand in each of the groups."""

    body: Agency | Province | None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GROUPS, 0))
    late_since: datetime.date | None = None
    newest: datetime.date | None = None

    def add(self, other: "Tally") -> None:
        for name, count in other.counts.items():
            self.counts[name] += count
        self.late_since = min(filter(None, (self.late_since, other.late_since)), default=None)
        self.newest = max(filter(None, (self.newest, other.newest)), default=None)

    def longest_on(self, on: datetime.date) -> int:
        return (on - self.late_since).days if self.late_since else 0


@dataclass(frozen=True)
class Line:
    """An activity in a table: who led it that day, and its deadline in words."""

    activity: Activity
    work: Work
    lead: Agency | None
    deadline: str


class Board:
    """The figures and the works of a plan as of `on`. Seven queries today, some more for another day."""

    def __init__(self, plan: JointPlan, on: datetime.date):
        self.plan, self.on = plan, on
        self.sides = Sides()
        self.lineage = self.sides.agencies
        self.progress = progress = plan_progress(plan, on, leaves=False)
        self.headline, self.period, self.snapshot = progress.headline, progress.period, progress.snapshot
        self._works: list[Work] | None = None if progress.kept else works_of(progress, self.lineage)
        self.figures = {row.area.pk: row.figure for row in progress.areas}
        late_since = self._late_since()
        self.areas = [
            AreaLine(
                row.area,
                row.figure,
                (on - late_since[row.area.pk]).days if late_since.get(row.area.pk) else 0,
            )
            for row in progress.areas
        ]
        self.by_body = self._by_body()

    @property
    def are_kept(self) -> bool:
        """Whether the works are the kept standings of today, or made of the figures of the day."""
        return self._works is None

    @property
    def size(self) -> int:
        return sum(
            figure.countable + figure.continuous + figure.cancelled for figure in self.figures.values()
        )

    @property
    def in_trouble(self) -> list[AreaLine]:
        return sorted(self.areas, key=lambda line: line.trouble)

    @property
    def total(self) -> Tally:
        total = Tally(None)
        for tally in self.by_body.values():
            total.add(tally)
        return total

    def agencies(self) -> list[Tally]:
        """Those with the most overdue first, then the longest late; whoever has nothing to do is left out."""
        busy = [tally for tally in self.by_body.values() if any(tally.counts.values())]
        return sorted(
            busy,
            key=lambda tally: (
                -tally.counts["qua-han"],
                -tally.longest_on(self.on),
                -tally.counts["chua-bao-cao"],
                tally.body.sort_key if tally.body else "",
            ),
        )

    def by_side(self) -> list[Tally]:
        """One tally a province, as the agencies stand on that day; what belongs to none comes last."""
        found: dict[int | None, Tally] = {}
        for pk, tally in self.by_body.items():
            province = self.sides.of(pk, self.on)
            found.setdefault(province and province.pk, Tally(province)).add(tally)
        busy = [tally for tally in found.values() if any(tally.counts.values())]
        return sorted(busy, key=lambda tally: (tally.body is None, tally.body.sort_key if tally.body else ""))

    def merged_on(self) -> datetime.date | None:
        """The newest day, up to `on`, on which a province was merged into another."""
        return next(iter(self.sides.provinces.turning_days(self.on)), None)

    def rows(self, group: str, area: CooperationArea | None = None, agency=None, province=None):
        """The works of a group, the earliest due first: a query set or a list. None: whatever area, body
        or side; `False` asks for what has no lead or no side."""
        conditions = dict(GROUPS[group][1])
        if area is not None:
            conditions["area_id"] = area.pk
        if agency:
            conditions["agency_id__in"] = bodies_acting_as(self.lineage, agency.pk, self.on)
        elif agency is False:
            conditions["agency_id"] = None
        if province is not None:
            wanted = province.pk if province else None
            sides = {pk: self.sides.of(pk, self.on) for pk in (*self.lineage.bodies, None)}
            conditions["agency_id__in"] = {
                pk for pk, side in sides.items() if (side and side.pk) == wanted
            }  # fmt: skip
        if not self.are_kept:
            return in_board_order(work for work in self._works if meets(work, conditions))
        return self._standings(conditions)

    def _standings(self, conditions: dict):
        bodies = conditions.pop("agency_id__in", None)
        if "agency_id" in conditions:
            conditions["agency_id__isnull"] = conditions.pop("agency_id") is None
        dated = "overdue" in conditions or "due_within__in" in conditions
        if "due_within__in" in conditions:
            # Says nothing new, and lets the database walk the index of open work by its due day.
            conditions |= {"open": True, "due_on__gte": self.on}
        rows = LeafStanding.objects.filter(plan=self.plan, in_plan=True, **conditions)
        if bodies is not None:
            nobodys = Q(agency_id__isnull=True) if None in bodies else Q()
            rows = rows.filter(Q(agency_id__in=bodies - {None}) | nobodys)
        return rows.order_by("due_on" if dated else ascending("due_on"), "activity_id")

    def _late_since(self) -> dict[int, datetime.date]:
        """By area, the earliest date that was missed."""
        if self.are_kept:
            return dict(AreaStanding.objects.filter(plan=self.plan).values_list("pk", "late_since"))
        found: dict[int, datetime.date] = {}
        for work in self._works:
            if work.overdue and work.due_on:
                found[work.area_id] = min(found.get(work.area_id, work.due_on), work.due_on)
        return found

    def _by_body(self) -> dict[int | None, Tally]:
        """By the id of the body that acts on the day for whoever leads."""
        found: dict[int | None, Tally] = {}
        for agency_id, tally in self._by_lead().items():
            body = self.lineage.acting(agency_id, self.on) if agency_id in self.lineage.bodies else None
            found.setdefault(body and body.pk, Tally(body)).add(tally)
        return found

    def _by_lead(self) -> dict[int | None, Tally]:
        tallies: dict[int | None, Tally] = defaultdict(lambda: Tally(None))
        if self.are_kept:
            for row in AgencyStanding.objects.filter(plan=self.plan):
                tally = tallies[row.agency_id]
                tally.counts = {name: getattr(row, column) for name, column in _KEPT.items()}
                tally.late_since, tally.newest = row.late_since, row.newest_on
            return tallies
        for work in self._works:
            tally = tallies[work.agency_id]
            for name, (_title, conditions) in GROUPS.items():
                tally.counts[name] += meets(work, conditions)
            since = work.due_on if work.overdue else None
            tally.late_since = min(filter(None, (tally.late_since, since)), default=None)
            tally.newest = max(filter(None, (tally.newest, work.last_report_on)), default=None)
        return tallies

    def lines(self, works) -> list[Line]:
        """These works as rows of a table; on a sealed day activities are called as they were then.
        One query."""
        works = list(works)
        activities = activities_shown(self.progress, [work.activity_id for work in works], self.on)
        return [
            Line(activity, work, self._lead(work), _deadline(activity, work, self.on))
            for work in works
            if (activity := activities.get(work.activity_id))
        ]

    def _lead(self, work: Work) -> Agency | None:
        known = work.agency_id in self.lineage.bodies
        return self.lineage.acting(work.agency_id, self.on) if known else None


def _deadline(activity: Activity, work: Work, on: datetime.date) -> str:
    """The earliest open date; only the activity's own may be known to the month or year alone."""
    if work.due_on is None:
        return ""
    own = work.due_on == activity.due_on
    return deadline_words(work.due_on, on, activity.date_precision if own else DatePrecision.DAY)
