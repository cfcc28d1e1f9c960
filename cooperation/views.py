"""Pages of the ground floor: plans, agreements, agencies, sources."""

from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.filters import AgencyFilter
from cooperation.lists import descending, page_of
from cooperation.models import Agency, Agreement, JointPlan, Province, Source


def plan_list(request):
    plans = JointPlan.objects.published().prefetch_related("agencies")
    plans = plans.order_by(descending("signed_on"), "slug")
    return render(
        request, "cooperation/plan_list.html", {"plans": plans, "title": _("Các kế hoạch liên tịch")}
    )


def agreement_list(request):
    """The agreement of the demonstration stays with the demonstration plan."""
    agreements = Agreement.objects.published().exclude(plans__is_demonstration=True)
    agreements = agreements.order_by(descending("signed_on"), "slug").prefetch_related("provinces")
    context = {"page": page_of(agreements, request.GET.get("page")), "title": _("Thỏa thuận hợp tác")}
    return render(request, "cooperation/agreement_list.html", context)


def agreement_detail(request, slug):
    agreement = get_object_or_404(Agreement.objects.published().select_related("predecessor"), slug=slug)
    today = localdate()
    plans = list(agreement.plans.published())
    context = {
        "agreement": agreement,
        "demonstration": agreement.plans.filter(is_demonstration=True).exists(),
        "provinces": agreement.provinces.all(),
        "signatories": agreement.signatories.all(),
        "acting_provinces": Province.objects.acting_map(today),
        "acting_agencies": Agency.objects.acting_map(today),
        "plans": plans,
        "today": today,
        "title": agreement.title,
    }
    return render(request, "cooperation/agreement_detail.html", context)


def agency_list(request):
    agencies = Agency.objects.published().select_related("province", "successor")
    filters = AgencyFilter(request.GET, agencies.filter(is_demonstration=False))
    context = {"filter": filters, "page": page_of(filters.qs, request.GET.get("page")), "title": _("Cơ quan")}
    return render(request, "cooperation/agency_list.html", context)


def source_list(request):
    page = page_of(Source.objects.order_by("publisher", "code"), request.GET.get("page"), 50)
    return render(request, "cooperation/source_list.html", {"page": page, "title": _("Nguồn thông tin")})
