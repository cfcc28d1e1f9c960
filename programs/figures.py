"""Figures of plans, areas and activities as of a day: five queries, whatever the size.

Where a reporting period that ends on that day is sealed, they are read from what was sealed, never from
today's records. Of several sealed periods that end on one day, the one sealed first stands for the day, so
that sealing another changes nothing; each has its own page.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count

from cooperation.models import Agency, CooperationArea, JointPlan
from programs.facts import leaf_facts, published_of
from programs.measures import AreaFigure, Headline, LeafFigure, Period, Thresholds
from programs.models import Activity, ReportingPeriod, Snapshot
from programs.periods.content import Sealed
from programs.progress import area_figure, headline, leaf_figure


@dataclass(frozen=True)
class AreaProgress:
    """An area with its figure and, by activity id, the figures of its leaves. `snapshot`: where sealed."""

    area: CooperationArea
    figure: AreaFigure
    leaves: dict[int, LeafFigure]
    snapshot: Snapshot | None = None


@dataclass(frozen=True)
class PlanProgress:
    """All figures of a plan as of `on`. `period` is the reporting period that coverage refers to (R6)."""

    plan: JointPlan
    on: datetime.date
    headline: Headline
    areas: tuple[AreaProgress, ...]
    period: ReportingPeriod | None
    thresholds: Thresholds
    snapshot: Snapshot | None = None

    def area(self, number: int) -> AreaProgress | None:
        return next((row for row in self.areas if row.area.number == number), None)


def thresholds_in_force() -> Thresholds:
    return Thresholds(
        attention_gap=settings.PORTAL_ATTENTION_GAP,
        late_gap=settings.PORTAL_LATE_GAP,
        minimum_coverage=settings.PORTAL_MINIMUM_COVERAGE,
        due_soon_days=settings.PORTAL_DUE_SOON_DAYS,
    )


def plan_progress(plan: JointPlan, on: datetime.date) -> PlanProgress:
    """Return every published figure of `plan` as of `on`."""
    period = reporting_period(plan.pk, on)
    if _closes(period, on):
        return _sealed_progress(plan, period)
    return live_progress(plan, on, period)


def live_progress(plan: JointPlan, on: datetime.date, period: ReportingPeriod | None) -> PlanProgress:
    """Return the figures that today's records give for `on`, sealed or not; coverage refers to `period`."""
    thresholds = thresholds_in_force()
    areas = list(CooperationArea.objects.published().filter(plan=plan).order_by("number"))
    for area in areas:
        area.plan = plan
    leaves = _leaf_figures(published_of(plan.pk), on, {plan.pk: period}, thresholds)
    rows = tuple(
        AreaProgress(area, area_figure(leaves[area.pk].values(), thresholds), leaves[area.pk])
        for area in areas
    )
    return PlanProgress(plan, on, headline(row.figure for row in rows), rows, period, thresholds)


def area_progress(area: CooperationArea, on: datetime.date) -> AreaProgress:
    """Return one area as `plan_progress` has it, without reading the others."""
    thresholds = thresholds_in_force()
    period = reporting_period(area.plan_id, on)
    if _closes(period, on):
        snapshot = _with_content(period)
        for sealed in snapshot.sealed.areas:
            if sealed.id == area.pk:
                return AreaProgress(area, sealed.figure, sealed.leaves, snapshot)
        return AreaProgress(area, area_figure((), thresholds), {}, snapshot)
    activities = Activity.objects.published().filter(area=area)
    leaves = _leaf_figures(activities, on, {area.plan_id: period}, thresholds)[area.pk]
    return AreaProgress(area, area_figure(leaves.values(), thresholds), leaves)


def activity_figure(activity: Activity, on: datetime.date) -> LeafFigure:
    """Return the figure of one activity as of `on`, published or not."""
    return activity_figures(Activity.objects.filter(pk=activity.pk), on)[activity.pk]


def activity_figures(activities, on: datetime.date) -> dict[int, LeafFigure]:
    """Return the figures of these activities, of whichever plans, by their ids: five queries.

    On a day that is sealed, the sealed ones; what was not public when it was sealed has today's.
    """
    periods: dict[int, ReportingPeriod] = {}
    for period in _standing(ReportingPeriod.objects.containing(on), on):
        periods.setdefault(period.plan_id, period)
    by_area = _leaf_figures(activities, on, periods, thresholds_in_force())
    figures = {pk: leaf for leaves in by_area.values() for pk, leaf in leaves.items()}
    for period in periods.values():
        if _closes(period, on):
            for area in _with_content(period).sealed.areas:
                figures |= {pk: leaf for pk, leaf in area.leaves.items() if pk in figures}
    return figures


def reporting_period(plan_id: int, on: datetime.date) -> ReportingPeriod | None:
    """The shortest reporting period that `on` closes or falls in (R6); where one that ends on that day is
    sealed, that one."""
    return next(iter(_standing(ReportingPeriod.objects.filter(plan=plan_id).containing(on), on)), None)


def activities_shown(progress: AreaProgress | PlanProgress, ids: Iterable[int]) -> dict[int, Activity]:
    """Return these activities as the page of `progress` lists them: one query.

    From a sealed content they come as they were called then; `published` says whether they have a page now.
    """
    rows = Activity.objects.published()
    if progress.snapshot is None:
        return rows.select_related("area__plan", "lead_agency").in_bulk(ids)
    areas = {
        row.area.pk: row.area
        for row in (progress.areas if isinstance(progress, PlanProgress) else (progress,))
    }
    wanted = set(ids)
    with_page = set(rows.filter(pk__in=wanted).values_list("pk", flat=True))
    return {
        entry["id"]: _as_sealed(entry, areas[area["id"]], entry["id"] in with_page)
        for area in progress.snapshot.sealed.data["areas"]
        if area["id"] in areas
        for entry in area["activities"]
        if entry["id"] in wanted
    }


def _as_sealed(entry: dict, area: CooperationArea, has_page: bool) -> Activity:
    facts = entry["facts"]
    due_on, completed_on = (
        datetime.date.fromisoformat(facts[name]) if facts[name] else None
        for name in ("due_on", "completed_on")
    )
    return Activity(
        pk=entry["id"],
        area=area,
        code=entry["code"],
        title=entry["title"],
        lead_agency=Agency(**entry["lead"]) if entry["lead"] else None,
        date_precision=entry["date_precision"],
        due_on=due_on,
        completed_on=completed_on,
        published=has_page,
    )


def _standing(periods, on: datetime.date) -> list[ReportingPeriod]:
    """`periods` of containing(on), with what was sealed first for this very day before the others."""
    rows = list(periods.select_related("snapshot").defer("snapshot__content"))
    sealed = [period for period in rows if _closes(period, on)]
    sealed.sort(key=lambda period: (period.snapshot.sealed_at, period.snapshot.pk))
    return sealed + [period for period in rows if not _closes(period, on)]


def _closes(period: ReportingPeriod | None, on: datetime.date) -> bool:
    return period is not None and period.end_on == on and getattr(period, "snapshot", None) is not None


def _with_content(period: ReportingPeriod) -> Snapshot:
    """The snapshot of a sealed period with its content and the number of its errata: one query."""
    snapshot = Snapshot.objects.annotate(errata_count=Count("errata")).get(pk=period.snapshot.pk)
    snapshot.period = period
    return snapshot


def _sealed_progress(plan: JointPlan, period: ReportingPeriod) -> PlanProgress:
    snapshot = _with_content(period)
    sealed: Sealed = snapshot.sealed
    with_page = set(CooperationArea.objects.published().filter(plan=plan).values_list("pk", flat=True))
    rows = tuple(
        AreaProgress(
            CooperationArea(
                pk=area.id, plan=plan, number=area.number, title=area.title, published=area.id in with_page
            ),
            area.figure,
            area.leaves,
            snapshot,
        )
        for area in sealed.areas
    )
    return PlanProgress(plan, sealed.on, sealed.headline, rows, period, sealed.thresholds, snapshot)


def _leaf_figures(activities, on, periods, thresholds) -> dict[int, dict[int, LeafFigure]]:
    """Figures by area id and activity id; `periods` by plan id."""
    spans = {
        plan_id: Period(start_on=period.start_on, end_on=period.end_on)
        for plan_id, period in periods.items()
        if period is not None
    }
    leaves: dict[int, dict[int, LeafFigure]] = defaultdict(dict)
    for plan_id, area_id, pk, facts in leaf_facts(activities, on):
        leaves[area_id][pk] = leaf_figure(facts, on, spans.get(plan_id), thresholds)
    return leaves
