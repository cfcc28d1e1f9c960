"""Pages of the first floor: activities, programmes, and an agency with what it does."""

from functools import partial

from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.lists import list_page, page_of
from cooperation.models import Agency
from cooperation.plans import asked_day, days_fault, plan_or_404
from programs.changes.comparing import file_of_days, put_beside
from programs.confirmation import confirmation
from programs.figures import activity_figure
from programs.filters import ACTIVITY_FILE, PROGRAM_FILE, ActivityFilter, ProgramFilter
from programs.handing_over import lead_on
from programs.models import Activity, Program, ProgressUpdate
from programs.percents import show_terms_on
from programs.reporting.answering import may_answer
from programs.schedules import spans_of, with_due_then
from programs.sides import Sides


def activity_list(request, plan=None):
    plan = plan_or_404(plan)
    on, day = asked_day(request)
    activities = (
        Activity.objects.published().filter(area__plan=plan).select_related("area__plan", "lead_agency")
    )
    if not day["is_today"]:
        activities = activities.in_plan_on(on)
    activities, due = with_due_then(plan.pk, activities, on)
    filters = ActivityFilter(request.GET, activities, plan=plan, due=due)
    shows_figures = bool(day["as_of_query"])
    context = {
        **day,
        "plan": plan,
        "shows_figures": shows_figures,
        "title": _("Hoạt động"),
        "today": localdate(),
    }

    def beside(page):
        show_terms_on(plan, page, on)
        if shows_figures:
            put_beside(plan, page, on, day["compared_on"])

    file = ACTIVITY_FILE
    if shows_figures:
        file = file_of_days(file, plan, on, day["compared_on"])
    return list_page(
        request,
        "programs/activity_list.html",
        filters,
        file,
        context,
        shown=beside,
        unreadable=days_fault(request),
    )


def activity_detail(request, code, plan=None):
    plan = plan_or_404(plan)
    on, day = asked_day(request)
    activity = get_object_or_404(
        Activity.objects.published().select_related(
            "area__plan", "lead_agency", "program__area__plan", "indicator__area__plan"
        ),
        code=code,
        area__plan=plan,
    )
    updates = ProgressUpdate.objects.accepted(on).filter(activity=activity).newest_first()
    sides = Sides()
    terms = spans_of(activity)  # before the record is given the term of an earlier day
    show_terms_on(plan, [activity], on)
    context = {
        "plan": plan,
        "activity": activity,
        "terms": terms,
        "suspensions": activity.suspensions.order_by("suspended_on"),
        **day,
        "figure": activity_figure(activity, on),
        "confirmation": confirmation(activity, on, sides),
        # Asked by the page of those who report alone: readers cost it nothing.
        "may_answer": partial(may_answer, activity, request.user),
        "lead_then": lead_on(activity, on, sides.agencies),
        "handovers": activity.handovers.select_related("from_agency", "to_agency").order_by("on"),
        "milestones": activity.milestones.order_by("due_on"),
        "updates": page_of(updates, request.GET.get("page"), 12),
        "partners": activity.partner_agencies.in_order(),
        "further_areas": activity.further_areas.published().select_related("plan"),
        "sources": activity.sources.all(),
        "acting_agencies": sides.agencies.acting_map(on),
        "title": activity.title,
    }
    return render(request, "programs/activity_detail.html", context)


def program_list(request, plan=None):
    plan = plan_or_404(plan)
    programs = Program.objects.published().filter(area__plan=plan).select_related("area__plan", "lead_agency")
    filters = ProgramFilter(request.GET, programs, plan=plan)
    context = {"plan": plan, "title": _("Chương trình")}
    return list_page(request, "programs/program_list.html", filters, PROGRAM_FILE, context)


def program_detail(request, code, plan=None):
    plan = plan_or_404(plan)
    program = get_object_or_404(
        Program.objects.published().select_related("area__plan", "lead_agency"), code=code, area__plan=plan
    )
    activities = (
        Activity.objects.published().filter(program=program).select_related("area__plan", "lead_agency")
    )
    context = {
        "plan": plan,
        "program": program,
        "page": page_of(activities.in_order(), request.GET.get("page")),
        "sources": program.sources.all(),
        "title": program.title,
    }
    return render(request, "programs/program_detail.html", context)


def agency_detail(request, slug):
    agency = get_object_or_404(
        Agency.objects.published().select_related("province", "parent", "successor"), slug=slug
    )
    activities = Activity.objects.published().select_related("area__plan", "lead_agency")
    today = localdate()
    context = {
        "agency": agency,
        "demonstration": agency.is_demonstration,
        "today": today,
        "acting": agency.acting_on(today),
        "predecessors": agency.predecessors.all(),
        "units": agency.units.all(),
        "plans": agency.plans.published(),
        "led": page_of(activities.filter(lead_agency=agency).in_order(), request.GET.get("page")),
        "partnered": page_of(
            activities.filter(partner_agencies=agency).in_order(), request.GET.get("tham_gia")
        ),
        "sources": agency.sources.all(),
        "title": agency.name,
    }
    return render(request, "programs/agency_detail.html", context)
