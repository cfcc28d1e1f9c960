"""Reads the facts of a plan as of a date and hands them to the rule: five queries, whatever the size."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from django.conf import settings
from django.db.models import OuterRef, Subquery

from cooperation.models import CooperationArea, JointPlan
from programs.measures import (
    AreaFigure,
    Headline,
    Kind,
    LeafFacts,
    LeafFigure,
    MilestoneFacts,
    Period,
    Thresholds,
)
from programs.models import Activity, Indicator, IndicatorValue, Milestone, ProgressUpdate, ReportingPeriod
from programs.progress import area_figure, headline, indicator_percent, leaf_figure

_LEAF_FIELDS = (
    "pk",
    "area_id",
    "kind",
    "weight",
    "added_on",
    "start_on",
    "due_on",
    "completed_on",
    "suspended_on",
    "resumed_on",
    "cancelled_on",
    "cancellation_document",
    "indicator_id",
)


@dataclass(frozen=True)
class AreaProgress:
    """An area with its figure and, by activity id, the figures of its leaves."""

    area: CooperationArea
    figure: AreaFigure
    leaves: dict[int, LeafFigure]


@dataclass(frozen=True)
class PlanProgress:
    """All figures of a plan as of `on`. `period` is the reporting period that coverage refers to (R6)."""

    plan: JointPlan
    on: datetime.date
    headline: Headline
    areas: tuple[AreaProgress, ...]
    period: ReportingPeriod | None
    thresholds: Thresholds

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
    thresholds = thresholds_in_force()
    areas = list(CooperationArea.objects.published().filter(plan=plan).order_by("number"))
    for area in areas:
        area.plan = plan
    period = reporting_period(plan.pk, on)
    activities = Activity.objects.published().filter(area__plan=plan)
    leaves = _leaf_figures(activities, on, {plan.pk: period}, thresholds)
    rows = tuple(
        AreaProgress(area, area_figure(leaves[area.pk].values(), thresholds), leaves[area.pk])
        for area in areas
    )
    return PlanProgress(plan, on, headline(row.figure for row in rows), rows, period, thresholds)


def area_progress(area: CooperationArea, on: datetime.date) -> AreaProgress:
    """Return one area as `plan_progress` has it, without reading the others."""
    thresholds = thresholds_in_force()
    period = reporting_period(area.plan_id, on)
    activities = Activity.objects.published().filter(area=area)
    leaves = _leaf_figures(activities, on, {area.plan_id: period}, thresholds)[area.pk]
    return AreaProgress(area, area_figure(leaves.values(), thresholds), leaves)


def activity_figure(activity: Activity, on: datetime.date) -> LeafFigure:
    """Return the figure of one activity as of `on`, published or not."""
    return activity_figures(Activity.objects.filter(pk=activity.pk), on)[activity.pk]


def activity_figures(activities, on: datetime.date) -> dict[int, LeafFigure]:
    """Return the figures of these activities, of whichever plans, by their ids: five queries."""
    periods: dict[int, ReportingPeriod] = {}
    for period in ReportingPeriod.objects.containing(on):
        periods.setdefault(period.plan_id, period)
    by_area = _leaf_figures(activities, on, periods, thresholds_in_force())
    return {pk: leaf for leaves in by_area.values() for pk, leaf in leaves.items()}


def reporting_period(plan_id: int, on: datetime.date) -> ReportingPeriod | None:
    """The shortest reporting period that `on` closes or falls in (R6)."""
    return ReportingPeriod.objects.filter(plan=plan_id).containing(on).first()


def _leaf_figures(activities, on, periods, thresholds) -> dict[int, dict[int, LeafFigure]]:
    """Figures by area id and activity id; `periods` by plan id."""
    spans = {
        plan_id: Period(start_on=period.start_on, end_on=period.end_on)
        for plan_id, period in periods.items()
        if period is not None
    }
    leaves: dict[int, dict[int, LeafFigure]] = defaultdict(dict)
    for plan_id, area_id, pk, facts in _leaf_facts(activities, on):
        leaves[area_id][pk] = leaf_figure(facts, on, spans.get(plan_id), thresholds)
    return leaves


def _leaf_facts(activities, on: datetime.date):
    """Yield (plan id, area id, activity id, facts): newest accepted update, milestones, indicator."""
    newest = (
        ProgressUpdate.objects.accepted(on)
        .filter(activity=OuterRef("pk"), percent__isnull=False)
        .newest_first()
    )
    any_kind = ProgressUpdate.objects.accepted(on).filter(activity=OuterRef("pk")).newest_first()
    rows = activities.order_by().annotate(
        newest_on=Subquery(newest.values("effective_on")[:1]),
        newest_percent=Subquery(newest.values("percent")[:1]),
        spoke_on=Subquery(any_kind.values("effective_on")[:1]),
    )
    milestones = _milestones(activities)
    indicators = _indicator_percents(activities, on)
    for row in rows.values(
        *_LEAF_FIELDS, "area__plan_id", "area__plan__signed_on", "newest_on", "newest_percent", "spoke_on"
    ):
        updates = []
        if row["newest_on"]:
            updates.append((row["newest_on"], row["newest_percent"]))
        if row["spoke_on"] and row["spoke_on"] != row["newest_on"]:
            updates.append((row["spoke_on"], row["newest_percent"]))
        percent, indicator_on = indicators.get(row["indicator_id"], (None, None))
        yield (
            row["area__plan_id"],
            row["area_id"],
            row["pk"],
            LeafFacts(
                kind=Kind(row["kind"]),
                weight=row["weight"],
                added_on=row["added_on"] or row["area__plan__signed_on"],
                start_on=row["start_on"],
                due_on=row["due_on"],
                completed_on=row["completed_on"],
                suspended_on=row["suspended_on"],
                resumed_on=row["resumed_on"],
                cancelled_on=row["cancelled_on"],
                cancellation_document=row["cancellation_document"],
                updates=tuple(updates),
                milestones=milestones.get(row["pk"], ()),
                uses_indicator=row["indicator_id"] is not None,
                indicator_percent=percent,
                indicator_on=indicator_on,
            ),
        )


def _milestones(activities) -> dict[int, tuple[MilestoneFacts, ...]]:
    found: dict[int, list[MilestoneFacts]] = defaultdict(list)
    rows = Milestone.objects.filter(activity__in=activities.order_by().values("pk")).order_by()
    for activity_id, due_on, done_on, waived_on in rows.values_list(
        "activity_id", "due_on", "done_on", "waived_on"
    ):
        found[activity_id].append(MilestoneFacts(due_on, done_on, waived_on))
    return {pk: tuple(milestones) for pk, milestones in found.items()}


def _indicator_percents(activities, on: datetime.date) -> dict[int, tuple[Fraction | None, datetime.date]]:
    """R13 for the indicators that drive an activity: (percent, day of the newest value) by indicator id."""
    driving = activities.order_by().exclude(indicator=None).values("indicator")
    rows = (
        IndicatorValue.objects.filter(indicator__in=driving, actual__isnull=False, effective_on__lte=on)
        .order_by("indicator_id", "effective_on", "year")
        .values_list(
            "indicator_id",
            "actual",
            "denominator",
            "indicator__aggregation",
            "indicator__is_ratio",
            "indicator__baseline",
            "indicator__target",
            "effective_on",
        )
    )
    by_indicator = defaultdict(list)
    for row in rows:
        by_indicator[row[0]].append(row)
    percents = {}
    for pk, values in by_indicator.items():
        _pk, _actual, _denominator, aggregation, is_ratio, baseline, target, newest = values[-1]
        used = values if aggregation == Indicator.Aggregation.PERIODIC else values[-1:]
        actual = sum((Fraction(row[1]) for row in used), Fraction(0))
        if is_ratio:
            denominator = sum((Fraction(row[2] or 0) for row in used), Fraction(0))
            actual = actual / denominator if denominator else None
        percents[pk] = indicator_percent(baseline, target, actual), newest
    return percents
