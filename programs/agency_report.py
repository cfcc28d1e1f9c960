"""Báo cáo theo đơn vị: what each body led, finished and reported, "đơn vị lúc đó" or "đơn vị hiện nay".

A period that a merger crosses keeps its split rows: each body as of its own last day in the period.
Only columns that add up are added.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.models import Agency, JointPlan
from cooperation.succession import Lineage
from programs.facts import leaf_facts, published_of
from programs.figures import activity_figures
from programs.handing_over import lead_then, with_lead_then
from programs.measures import LeafFacts, LeafFigure, Timeliness
from programs.models import Activity, Handover, ProgressUpdate, ReportingPeriod
from programs.periods.content import decode
from programs.periods.in_force import closes, reporting_period
from programs.progress import leaf_figure

THEN, NOW = "luc-do", "hien-nay"
FIRST_DAY = datetime.date.min
# What a body holds on a day cannot be added to what its successor holds later; what happened can.
STOCKS = ("led", "overdue", "reported", "expected")
FLOWS = ("completed", "reports")


@dataclass
class Row:
    """One body, from `since` to `until`. `led`, `overdue`, `reported`, `expected` are as of `until`."""

    agency: Agency | None
    label: str
    since: datetime.date
    until: datetime.date
    led: int = 0
    completed: int = 0
    overdue: int = 0
    reported: int = 0
    expected: int = 0
    reports: int = 0

    def __bool__(self):
        return any(getattr(self, name) for name in (*STOCKS, *FLOWS))


@dataclass(frozen=True)
class AgencyReport:
    rows: tuple[Row, ...]
    split_on: tuple[datetime.date, ...]

    @property
    def total(self) -> dict[str, int | None]:
        """The sums; None for what does not add up over a merger."""
        return {
            name: None if self.split_on and name in STOCKS else sum(getattr(row, name) for row in self.rows)
            for name in (*STOCKS, *FLOWS)
        }


def agency_report(
    plan: JointPlan, by: str, until: datetime.date, period: ReportingPeriod | None = None
) -> AgencyReport:
    """Report on a plan as of `until`, or, with `period`, over its days up to `until`.

    Over days, what was finished before them is left out, and `completed` counts what was finished in them.
    """
    return _Builder(plan, by, until, period).report()


class _Builder:
    def __init__(self, plan, by, until, period):
        self.plan, self.by, self.until, self.period = plan, by, until, period
        self.measured_by = period or reporting_period(plan.pk, until)  # R6
        sealed = closes(self.measured_by, until)
        self.snapshot = self.measured_by.snapshot if sealed else None
        self.activities = published_of(plan.pk)
        if sealed:
            self.activities = Activity.with_deleted.filter(pk__in=list(self.snapshot.sealed.entries))
        self.lineage, self.today = Lineage.of(Agency), localdate()
        self.first = period.start_on if period else FIRST_DAY
        self.rows: dict[int | None, Row] = {}

    def report(self) -> AgencyReport:
        split = self._days_of_split()
        ends = sorted({self.until, *(day - datetime.timedelta(days=1) for day in split)})
        for end in ends:
            self._count_activities(end)
        self._count_reports()
        rows = sorted(filter(None, self.rows.values()), key=self._place)
        shown = {row.until + datetime.timedelta(days=1) for row in rows if row.until < self.until}
        return AgencyReport(tuple(rows), tuple(sorted(shown)) if split else ())

    def _days_of_split(self) -> list[datetime.date]:
        """The days inside the period on which a leading or reporting body was succeeded."""
        if self.period is None or self.by == NOW:
            return []
        return [day for day in self.lineage.turning_days(self.until) if day > self.first]

    def _row_of(self, body: Agency | None) -> Row:
        key = body and body.pk
        if key not in self.rows:
            since, until = self.first, self.until
            label = _("Nguồn không nêu cơ quan chủ trì")
            if body is not None:
                since, until, label = self._span(body)
            self.rows[key] = Row(body, label, since, until)
        return self.rows[key]

    def _span(self, body: Agency) -> tuple[datetime.date, datetime.date, str]:
        since, until, label = self.first, self.until, body.display_name
        if self.by == NOW:
            return since, until, label
        if body.dissolved_on is not None and body.dissolved_on <= self.until:
            last = body.dissolved_on - datetime.timedelta(days=1)
            if self.period is not None and body.successor_id and last >= self.first:
                until = last
            label = _("%(name)s (đến %(day)s)") % {"name": label, "day": f"{last:%d/%m/%Y}"}
        took_over = [
            other.dissolved_on
            for other in self.lineage.bodies.values()
            if other.successor_id == body.pk and other.dissolved_on is not None
        ]
        if body.valid_from in took_over and self.first <= body.valid_from <= self.until:
            since = body.valid_from
            label = _("%(name)s (từ %(day)s)") % {"name": body.display_name, "day": f"{since:%d/%m/%Y}"}
        return since, until, label

    def _count_activities(self, end: datetime.date) -> None:
        """Add the activities whose body's last day is `end`."""
        for leaf, completed_on, lead in (
            self._works(end) if self.snapshot is None else self._sealed_works(end)
        ):
            done_before = leaf.completed and completed_on is not None and completed_on < self.first
            if not leaf.in_plan or leaf.cancelled or done_before:
                continue
            row = self._row_of(self._grouped(lead))
            if row.until != end:
                continue
            row.led += 1
            row.completed += leaf.completed
            row.overdue += leaf.countable and leaf.timeliness == Timeliness.OVERDUE
            row.expected += leaf.expected
            row.reported += leaf.expected and leaf.reported

    def _works(self, end: datetime.date) -> Iterator[tuple[LeafFigure, datetime.date | None, Agency | None]]:
        """Every activity as of `end`: its figure, the day it was completed, who led it."""
        figures = activity_figures(self.activities, end, {self.plan.pk: self.measured_by})
        leads = with_lead_then(self.activities, end).order_by()
        for pk, agency_id, day, completed_on in leads.values_list(
            "pk", "lead_then_id", "lead_day", "completed_on"
        ):
            yield figures[pk], completed_on, lead_then(self.lineage, agency_id, day)

    def _sealed_works(
        self, end: datetime.date
    ) -> Iterator[tuple[LeafFigure, datetime.date | None, Agency | None]]:
        """The same from what was sealed, whatever became of it since (R14)."""
        sealed = self.snapshot.sealed
        known = {pk: decode(LeafFacts, entry["facts"]) for pk, entry in sealed.entries.items()}
        if end == self.until:
            figures = {pk: leaf for area in sealed.areas for pk, leaf in area.leaves.items()}
        else:
            # Of reports and values only the newest is sealed: what was known by an earlier day is read anew.
            heard = {pk: facts for _plan, _area, pk, facts in leaf_facts(self.activities, end)}
            figures = {
                pk: leaf_figure(_heard(facts, heard.get(pk)), end, sealed.period, sealed.thresholds)
                for pk, facts in known.items()
            }
        for pk, facts in known.items():
            closed = (day for day in (facts.completed_on, facts.cancelled_on) if day and day < end)
            day = next(closed, end)
            yield figures[pk], facts.completed_on, lead_then(self.lineage, self._recorded_lead(pk, day), day)

    @cached_property
    def _leads(self) -> dict[int, int | None]:
        """Who leads each activity; where sealed, who led it when that was sealed."""
        if self.snapshot is None:
            return dict(self.activities.order_by().values_list("pk", "lead_agency"))
        by_slug = {body.slug: body.pk for body in self.lineage.bodies.values()}
        entries = self.snapshot.sealed.entries
        return {pk: entry["lead"] and by_slug.get(entry["lead"]["slug"]) for pk, entry in entries.items()}

    @cached_property
    def _handed(self) -> dict[int, list[tuple[datetime.date, int]]]:
        """The days on which it was handed over, and by whom. The sealed lead is before any later one."""
        found = defaultdict(list)
        rows = Handover.objects.filter(activity__in=self.activities.order_by().values("pk"))
        if self.snapshot is not None:
            rows = rows.filter(on__lte=self.until)
        for pk, on, body in rows.order_by("on").values_list("activity", "on", "from_agency"):
            found[pk].append((on, body))
        return found

    def _recorded_lead(self, pk: int, on: datetime.date) -> int | None:
        return next((body for day, body in self._handed[pk] if day > on), self._leads.get(pk))

    def _count_reports(self) -> None:
        """Count accepted reports by the body that made them: of both sides."""
        reports = ProgressUpdate.objects.filter(
            activity__in=self.activities.order_by().values("pk"),
            status=ProgressUpdate.Status.ACCEPTED,
            effective_on__range=(self.first, self.until),
        )
        if self.snapshot is not None:
            reports = reports.exclude(decided_at__gt=self.snapshot.sealed_at)
        for pk, agency_id, on in reports.order_by().values_list("activity", "agency", "effective_on"):
            body = agency_id or self._recorded_lead(pk, on)
            self._row_of(self._grouped(lead_then(self.lineage, body, on))).reports += 1

    def _grouped(self, body: Agency | None) -> Agency | None:
        return self.lineage.acting(body.pk, self.today) if body and self.by == NOW else body

    def _place(self, row: Row) -> tuple:
        """Predecessors before their successor, bodies in Vietnamese order, those unnamed last."""
        if row.agency is None:
            return (1,)
        now = self.lineage.acting(row.agency.pk, self.today)
        gone = row.agency.dissolved_on or datetime.date.max
        return (0, now.sort_key, now.pk, gone, row.agency.sort_key, row.agency.pk)


def _heard(facts: LeafFacts, then: LeafFacts | None) -> LeafFacts:
    """Sealed facts with the reports and values that were known on an earlier day."""
    if then is None:
        return facts
    return replace(
        facts,
        updates=then.updates,
        indicator_percent=then.indicator_percent,
        indicator_on=then.indicator_on,
    )
