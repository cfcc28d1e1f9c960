"""Figures of plans, areas and activities as of a day: five queries, whatever the size; seven for a day
before today.

Where a reporting period that ends on that day is sealed, they are read from what was sealed, never from
today's records. Of several sealed periods that end on one day, the one sealed first stands for the day, so
that sealing another changes nothing; each has its own page.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.timezone import localdate

from cooperation.models import Agency, CooperationArea, JointPlan
from programs.facts import leaf_facts, published_of
from programs.measures import AreaFigure, Headline, LeafFigure, Period, Thresholds
from programs.models import Activity, ReportingPeriod, Snapshot
from programs.periods.content import Sealed
from programs.periods.in_force import (
    closes,
    in_order,
    reporting_period,
    thresholds_in_force,
    with_content,
)
from programs.progress import area_figure, headline, leaf_figure
from programs.schedules import shown_as_of
from programs.standings.reading import area_figure_today, area_figures, is_of_today


@dataclass(frozen=True)
class AreaProgress:
    """An area with its figure and, by activity id, the figures of its leaves. `snapshot`: where sealed.

    `kept`: read from the standings, so that there are no leaves.
    """

    area: CooperationArea
    figure: AreaFigure
    leaves: dict[int, LeafFigure]
    snapshot: Snapshot | None = None
    kept: bool = False


@dataclass(frozen=True)
class PlanProgress:
    """All figures of a plan as of `on`. `period` is the reporting period that coverage refers to (R6).

    `kept`: read from the standings, so that no area has leaves.
    """

    plan: JointPlan
    on: datetime.date
    headline: Headline
    areas: tuple[AreaProgress, ...]
    period: ReportingPeriod | None
    thresholds: Thresholds
    snapshot: Snapshot | None = None
    kept: bool = False

    def area(self, number: int) -> AreaProgress | None:
        return next((row for row in self.areas if row.area.number == number), None)


def plan_progress(plan: JointPlan, on: datetime.date, *, leaves: bool = True) -> PlanProgress:
    """Return every published figure of `plan` as of `on`.

    Without `leaves` today's headline and areas are read from what every write keeps, where it is of today.
    """
    period = reporting_period(plan.pk, on)
    if closes(period, on):
        return _sealed_progress(plan, period)
    if not leaves and on == localdate() and is_of_today(plan, period, on):
        rows = tuple(AreaProgress(row.area, row.figure, {}, kept=True) for row in area_figures(plan, on))
        figure = headline(row.figure for row in rows)
        return PlanProgress(plan, on, figure, rows, period, thresholds_in_force(), kept=True)
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


def area_progress(area: CooperationArea, on: datetime.date, *, leaves: bool = True) -> AreaProgress:
    """Return one area as `plan_progress` has it, without reading the others."""
    thresholds = thresholds_in_force()
    period = reporting_period(area.plan_id, on)
    if closes(period, on):
        snapshot = with_content(period)
        for sealed in snapshot.sealed.areas:
            if sealed.id == area.pk:
                return AreaProgress(area, sealed.figure, sealed.leaves, snapshot)
        return AreaProgress(area, area_figure((), thresholds), {}, snapshot)
    if not leaves and on == localdate() and is_of_today(area.plan, period, on):
        return AreaProgress(area, area_figure_today(area, on), {}, kept=True)
    activities = Activity.objects.published().filter(area=area)
    found = _leaf_figures(activities, on, {area.plan_id: period}, thresholds)[area.pk]
    return AreaProgress(area, area_figure(found.values(), thresholds), found)


def activity_figure(activity: Activity, on: datetime.date) -> LeafFigure:
    """Return the figure of one activity as of `on`, published or not."""
    return activity_figures(Activity.objects.filter(pk=activity.pk), on)[activity.pk]


def activity_figures(
    activities, on: datetime.date, asked: dict[int, ReportingPeriod | None] | None = None
) -> dict[int, LeafFigure]:
    """Return the figures of these activities, of whichever plans, by their ids: five queries, seven for
    a day before today.

    On a day that is sealed, the sealed ones; what was not public in its plan when that was sealed has
    today's. With `asked`, periods by plan id, coverage refers to those and nothing sealed is read.
    """
    periods: dict[int, ReportingPeriod | None] = dict(asked or {})
    if asked is None:
        for period in in_order(ReportingPeriod.objects.containing(on), on):
            periods.setdefault(period.plan_id, period)
    spans, thresholds = _spans(periods), thresholds_in_force()
    figures, plans = {}, {}
    for plan_id, _area_id, pk, facts in leaf_facts(activities, on):
        plans[pk] = plan_id
        figures[pk] = leaf_figure(facts, on, spans.get(plan_id), thresholds)
    for period in periods.values() if asked is None else ():
        if closes(period, on):
            for area in with_content(period).sealed.areas:
                figures |= {pk: leaf for pk, leaf in area.leaves.items() if plans.get(pk) == period.plan_id}
    return figures


def activities_shown(
    progress: AreaProgress | PlanProgress, ids: Iterable[int], on: datetime.date
) -> dict[int, Activity]:
    """Return these activities as the page of `progress`, which is of `on`, lists them: one query, two where
    `on` is before today.

    From a sealed content they come as they were called then; `published` says whether they have a page now.
    """
    rows = Activity.objects.published()
    if progress.snapshot is None:
        shown = rows.select_related("area__plan", "lead_agency").in_bulk(ids)
        shown_as_of(shown.values(), on)
        return shown
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
    start_on, due_on, completed_on = (
        datetime.date.fromisoformat(facts[name]) if facts[name] else None
        for name in ("start_on", "due_on", "completed_on")
    )
    return Activity(
        pk=entry["id"],
        area=area,
        code=entry["code"],
        title=entry["title"],
        lead_agency=Agency(**entry["lead"]) if entry["lead"] else None,
        date_precision=entry["date_precision"],
        start_on=start_on,
        due_on=due_on,
        completed_on=completed_on,
        published=has_page,
    )


def _sealed_progress(plan: JointPlan, period: ReportingPeriod) -> PlanProgress:
    snapshot = with_content(period)
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
    spans = _spans(periods)
    leaves: dict[int, dict[int, LeafFigure]] = defaultdict(dict)
    for plan_id, area_id, pk, facts in leaf_facts(activities, on):
        leaves[area_id][pk] = leaf_figure(facts, on, spans.get(plan_id), thresholds)
    return leaves


def _spans(periods) -> dict[int, Period]:
    return {
        plan_id: Period(start_on=period.start_on, end_on=period.end_on)
        for plan_id, period in periods.items()
        if period is not None
    }
