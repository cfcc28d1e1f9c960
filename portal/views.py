"""Pages that join all floors: a plan's home page and its areas."""

from collections import defaultdict

from django.conf import settings
from django.db.models import Count, Window
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cooperation.dates import format_date
from cooperation.lists import descending, page_of
from cooperation.models import Agency, BackgroundFact, Confidence, CooperationArea, JointPlan, Province
from cooperation.plans import asked_day, plan_or_404
from enterprises.models import MOU
from programs.changes.comparing import Compared, area_compared, plan_then
from programs.changes.days import sealed_days
from programs.changes.trend import Values, line_of
from programs.figures import (
    AreaProgress,
    PlanProgress,
    activities_shown,
    activity_figures,
    area_progress,
    plan_progress,
)
from programs.measures import Timeliness
from programs.models import Activity, IndicatorValue, Program
from programs.percents import show_terms_on
from programs.schedules import shown_as_of
from programs.standings.reading import overdue_leaves, recent_leaves

SHORT_LIST = 5
CALCULATION_PAGE = 100
BACKGROUND_FIRST = 6


def home(request, plan=None):
    """A plan as of a day: headline, areas, what is late, what was reported last. At most 18 queries,
    today of any size in the same time."""
    try:
        plan = plan_or_404(plan)
    except Http404:
        if plan is None:
            return redirect("plan-list")
        raise
    on, day = asked_day(request)
    progress = plan_progress(plan, on, leaves=False)
    late_page, recent, activity_count, leaves = _lists(progress, request.GET.get("qua_han"))
    activities = activities_shown(progress, {*late_page, *recent}, on)
    mou_counts = dict(
        MOU.objects.published()
        .filter(plan=plan)
        .signed_by(on)
        .order_by()
        .values_list("area_id")
        .annotate(count=Count("pk"))
    )
    agencies = list(plan.agencies.select_related("province"))
    sealed = sealed_days(plan)
    then = plan_then(plan, day["compared_on"], sealed)
    context = {
        **day,
        "plan": plan,
        "before_signing": plan.signed_on is not None and on < plan.signed_on,
        "progress": progress,
        "rows": [
            (row.area, row.figure, mou_counts.get(row.area.pk, 0), _compared(row, then))
            for row in progress.areas
        ],
        "compared": then and Compared(then.headline, progress.headline.value),
        "sealed_days": sealed,
        "has_schedule": any(row.figure.planned is not None for row in progress.areas),
        "activity_count": activity_count,
        "mou_count": sum(mou_counts.values()),
        "late_page": late_page,
        "late": [(activities[pk], leaves[pk]) for pk in late_page if pk in activities],
        "recent": [(activities[pk], leaves[pk]) for pk in recent if pk in activities],
        "agencies": agencies,
        "provinces": list(
            {agency.province_id: agency.province for agency in agencies if agency.province}.values()
        ),
        "acting_agencies": Agency.objects.acting_map(on),
        "acting_provinces": Province.objects.acting_map(on),
        "demonstration_plan": _demonstration_for(plan),
        "title": plan.title,
    }
    return render(request, "portal/home.html", context)


def _lists(progress: PlanProgress, late_number: str | None) -> tuple:
    """The asked page of ids of what is late, the ids heard of last, the number of activities, and the figures
    of those on the page: from what every write keeps, or from all leaves of another day."""
    if progress.kept:
        figures = [row.figure for row in progress.areas]
        late = Counted(
            overdue_leaves(progress.plan).values_list("pk", flat=True), sum(f.overdue for f in figures)
        )
        late_page = page_of(late, late_number, SHORT_LIST)
        recent = list(recent_leaves(progress.plan).values_list("pk", flat=True)[:SHORT_LIST])
        shown = Activity.objects.published().filter(pk__in={*late_page, *recent})
        count = sum(f.countable + f.continuous + f.cancelled for f in figures)
        return late_page, recent, count, activity_figures(shown, progress.on)
    leaves = {pk: leaf for row in progress.areas for pk, leaf in row.leaves.items() if leaf.in_plan}
    late = sorted(
        (pk for pk, leaf in leaves.items() if leaf.countable and leaf.timeliness == Timeliness.OVERDUE),
        key=lambda pk: (-leaves[pk].days_late, pk),
    )
    spoken = [pk for pk, leaf in leaves.items() if leaf.last_report_on]
    recent = sorted(spoken, key=lambda pk: (leaves[pk].last_report_on, pk), reverse=True)[:SHORT_LIST]
    return page_of(late, late_number, SHORT_LIST), recent, len(leaves), leaves


def _compared(row: AreaProgress, then: Values | None) -> Compared | None:
    return then and Compared(then.areas.get(row.area.pk, (None, None))[0], row.figure.value)


def _demonstration_for(plan: JointPlan) -> JointPlan | None:
    if plan.is_demonstration or not settings.PORTAL_DEMONSTRATION:
        return None
    return JointPlan.objects.published().filter(is_demonstration=True).first()


def area_detail(request, number, plan=None):
    """One area as of a day, with every summand of its figure. At most 17 queries, 23 where another day is
    compared with one before today; one more on a process's first sight of sealed days."""
    areas = CooperationArea.objects.published().select_related("plan__agreement")
    area = (
        (areas.filter(plan__slug=plan) if plan else areas.filter(plan__is_main=True))
        .filter(number=number)
        .first()
    )
    if area is None:
        raise Http404(_("Kế hoạch không có lĩnh vực số %(number)s.") % {"number": number})
    on, day = asked_day(request)
    progress = area_progress(area, on, leaves=False)
    page, calculation = _calculation(progress, on, request.GET.get("page"))
    published = Activity.objects.published().select_related("area__plan", "lead_agency")
    mous = list(
        MOU.objects.published()
        .filter(area=area)
        .signed_by(on)
        .select_related("plan", "area", "party_a", "party_b")
        .annotate(total=Window(Count("pk")))
        .order_by("-signed_on", "-pk")[: 2 * SHORT_LIST]
    )
    further = list(published.filter(further_areas=area).in_plan_on(on).in_order())
    show_terms_on(area.plan, further, on)
    background = _background(area, on)
    sealed = sealed_days(area.plan)
    context = {
        **day,
        "plan": area.plan,
        "area": area,
        "subtopics": area.subtopics.splitlines(),
        "figure": progress.figure,
        "snapshot": progress.snapshot,
        "compared": area_compared(area, day["compared_on"], progress.figure.value, sealed),
        "sealed_days": sealed,
        "line": line_of(area, on, progress.figure, sealed),
        "page": page,
        "calculation": calculation,
        "sum": (progress.figure.exact or 0) * progress.figure.weight,
        "further": page_of(further, request.GET.get("lien_quan")),
        "programs": Program.objects.published().filter(area=area).select_related("area__plan").in_order(),
        "mous": mous,
        "mou_count": mous[0].total if mous else 0,
        "indicators": _indicators(area, on),
        "background": background[:BACKGROUND_FIRST],
        "more_background": background[BACKGROUND_FIRST:],
        "sources": area.sources.all(),
        "title": area.title,
    }
    return render(request, "portal/area_detail.html", context)


def _calculation(progress: AreaProgress, on, number: str | None) -> tuple:
    """The asked page, and its activities with their figures, by code; as sealed where the day is sealed."""
    rows = Activity.objects.published().filter(area=progress.area)
    listed = rows.select_related("area__plan", "lead_agency").order_by("code")
    if progress.kept:
        page = page_of(listed, number, CALCULATION_PAGE)
        leaves = activity_figures(rows.filter(pk__in=[activity.pk for activity in page]), on)
        return page, [(activity, leaves[activity.pk]) for activity in page if activity.pk in leaves]
    leaves = progress.leaves
    page = page_of(range(len(leaves)), number, CALCULATION_PAGE)
    part = slice((page.number - 1) * CALCULATION_PAGE, page.number * CALCULATION_PAGE)
    if progress.snapshot:
        # A sealed area holds its activities by code.
        activities = activities_shown(progress, list(leaves)[part], on).values()
    else:
        activities = list(listed[part])
        shown_as_of(activities, on)
    return page, [(activity, leaves[activity.pk]) for activity in activities if activity.pk in leaves]


class Counted:
    """Rows whose number is known, so that a page of them needs no count from the database."""

    ordered = True

    def __init__(self, rows, count: int):
        self._rows, self._count = rows, count

    def __len__(self):
        return self._count

    def __getitem__(self, part):
        return self._rows[part]


def _indicators(area: CooperationArea, on) -> list[tuple]:
    """Indicators of the area with their values; an actual value that was not known yet is left out."""
    values = (
        IndicatorValue.objects.filter(indicator__area=area, indicator__published=True)
        .select_related("indicator")
        .order_by("indicator__sort_key", "indicator_id", "year")
    )
    grouped = defaultdict(list)
    for value in values:
        if value.effective_on and value.effective_on > on:
            value.actual = value.denominator = None
        grouped[value.indicator].append(value)
    return list(grouped.items())


def _background(area: CooperationArea, on) -> list[dict]:
    """Facts that are context, with their sources: one query, grouped here."""
    facts: dict[int, dict] = {}
    rows = (
        BackgroundFact.objects.published()
        .known_on(on)
        .filter(areas=area)
        .order_by(descending("dated_on"), "code", "sources__code")
        .values(
            "pk", "title", "summary", "relation", "dated_on", "date_precision", "confidence", "note",
            "sources__publisher", "sources__title", "sources__url",
        )
    )  # fmt: skip
    for row in rows:
        fact = facts.setdefault(
            row["pk"],
            {
                "title": row["title"],
                "summary": row["summary"],
                "note": row["note"],
                "relation": BackgroundFact.Relation(row["relation"]).label,
                "confidence": Confidence(row["confidence"]).label if row["confidence"] else "",
                "date_label": format_date(row["dated_on"], row["date_precision"]),
                "sources": [],
            },
        )
        if row["sources__publisher"]:
            fact["sources"].append(
                {
                    "publisher": row["sources__publisher"],
                    "title": row["sources__title"],
                    "url": row["sources__url"],
                }
            )
    return list(facts.values())
