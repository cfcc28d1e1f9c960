"""Today's figures of a plan from what is kept: a handful of queries, whatever the size.

Where the standings are not of today (a plan never built, or a new day that moves more than ON_THE_WAY
activities before the daily job ran) there is None, and the figures are computed: a page never shows a figure
that its date does not bear out.
"""

import datetime
from dataclasses import dataclass

from django.utils.timezone import localdate

from cooperation.models import CooperationArea, JointPlan
from programs.measures import AreaFigure, AreaSums, Headline, Thresholds
from programs.models import (
    Activity,
    AgencyStanding,
    AreaStanding,
    KeptStandings,
    LeafStanding,
    ReportingPeriod,
)
from programs.periods.in_force import closes, reporting_period, thresholds_in_force
from programs.progress import figure_of, headline
from programs.standings.keeping import ON_THE_WAY, bring_to, frame_with, still_of
from programs.standings.sums import AGENCY_COUNTS, AREA_COUNTS


@dataclass(frozen=True)
class AreaToday:
    area: CooperationArea
    figure: AreaFigure


@dataclass(frozen=True)
class AgencyToday:
    """What an agency has to do (AgencyStanding); `due_60` holds what is due within 30 days too."""

    countable: int
    completed: int
    open: int
    overdue: int
    unreported: int
    owing: int
    due_30: int
    due_60: int
    due_90: int
    longest_late: int  # days


@dataclass(frozen=True)
class PlanStanding:
    """A plan as of today; `by_agency` by agency id, None for what nobody leads."""

    on: datetime.date
    headline: Headline
    areas: tuple[AreaToday, ...]
    by_agency: dict[int | None, AgencyToday]
    period: ReportingPeriod | None
    thresholds: Thresholds


def plan_standing(plan: JointPlan) -> PlanStanding | None:
    """Return today's stored figures of a public plan; None where they are not of today, or where today is
    sealed already. Five queries."""
    today = localdate()
    period = reporting_period(plan.pk, today)
    if closes(period, today) or not is_of_today(plan, period, today):
        return None
    areas = area_figures(plan, today)
    rows = AgencyStanding.objects.filter(plan=plan.pk, countable__gt=0)
    return PlanStanding(
        on=today,
        headline=headline(row.figure for row in areas),
        areas=areas,
        by_agency={row.agency_id: _agency(row, today) for row in rows},
        period=period,
        thresholds=thresholds_in_force(),
    )


def is_of_today(plan: JointPlan, period: ReportingPeriod | None, today: datetime.date) -> bool:
    """Whether the standings are of today; where little is missing, they are brought on. One query."""
    frame = frame_with(period, today)
    kept = KeptStandings.objects.filter(plan=plan.pk).first()
    if kept is None or kept.on > today:
        return False
    if kept.on == today and still_of(kept, plan, frame):
        return True
    bring_to(plan, today, ON_THE_WAY)
    kept.refresh_from_db()
    return kept.on == today and still_of(kept, plan, frame)


def area_figures(plan: JointPlan, today: datetime.date) -> tuple[AreaToday, ...]:
    """The areas of a plan whose standings are of today, with their figures. Two queries."""
    thresholds = thresholds_in_force()
    stored = {row.pk: row for row in AreaStanding.objects.filter(plan=plan.pk)}
    areas = list(CooperationArea.objects.published().filter(plan=plan.pk).order_by("number"))
    for area in areas:
        area.plan = plan
    return tuple(AreaToday(area, figure_of(_sums(stored.get(area.pk), today), thresholds)) for area in areas)


def area_figure_today(area: CooperationArea, today: datetime.date) -> AreaFigure:
    """The figure of one area of such a plan. One query."""
    row = AreaStanding.objects.filter(pk=area.pk, plan=area.plan_id).first()
    return figure_of(_sums(row, today), thresholds_in_force())


def overdue_leaves(plan: JointPlan):
    """Standings of what is late, the longest first."""
    return LeafStanding.objects.filter(plan=plan.pk, overdue=True).order_by("due_on", "activity")


def recent_leaves(plan: JointPlan):
    """Standings of what was heard of, the newest first."""
    rows = LeafStanding.objects.filter(plan=plan.pk, in_plan=True, last_report_on__isnull=False)
    return rows.order_by("-last_report_on", "-activity")


def overdue(plan: JointPlan, limit: int) -> list[tuple[Activity, int]]:
    """The activities that are late and by how many days, the longest first: two queries.

    Of the day that the standings are of: ask plan_standing first.
    """
    return _with_activities(overdue_leaves(plan)[:limit], late=True)


def due_within(plan: JointPlan, days: int, limit: int) -> list[tuple[Activity, int]]:
    """The open activities due within so many days, and in how many, the next first: two queries."""
    today = localdate()
    rows = LeafStanding.objects.filter(
        plan=plan.pk, open=True, due_on__range=(today, today + datetime.timedelta(days=days))
    )
    return _with_activities(rows.order_by("due_on", "activity")[:limit], late=False)


def _with_activities(rows, *, late: bool) -> list[tuple[Activity, int]]:
    today = localdate()
    days = {
        pk: (today - due if late else due - today).days for pk, due in rows.values_list("activity", "due_on")
    }
    found = Activity.objects.published().select_related("area__plan", "lead_agency").in_bulk(days)
    return [(found[pk], count) for pk, count in days.items() if pk in found]


def _sums(row: AreaStanding | None, today: datetime.date) -> AreaSums:
    if row is None:
        return AreaSums()
    return AreaSums(
        weighted=row.weighted,
        planned=row.planned_base + row.planned_slope * today.toordinal(),
        last_activity_on=row.last_activity_on,
        **{name: getattr(row, name) for name in AREA_COUNTS},
    )


def _agency(row: AgencyStanding, today: datetime.date) -> AgencyToday:
    late = (today - row.late_since).days if row.late_since else 0
    return AgencyToday(longest_late=late, **{name: getattr(row, name) for name in AGENCY_COUNTS})
