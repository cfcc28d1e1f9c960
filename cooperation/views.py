"""Pages of the ground floor: plans, agreements, agencies, sources."""

from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.filters import (
    AGENCY_FILE,
    AGREEMENT_FILE,
    SOURCE_FILE,
    AgencyFilter,
    AgreementFilter,
    SourceFilter,
)
from cooperation.lists import descending, list_page
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
    filters = AgreementFilter(request.GET, agreements.prefetch_related("provinces"))
    context = {"title": _("Thỏa thuận hợp tác")}
    return list_page(request, "cooperation/agreement_list.html", filters, AGREEMENT_FILE, context)


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
    context = {"title": _("Cơ quan")}
    return list_page(request, "cooperation/agency_list.html", filters, AGENCY_FILE, context)


def source_list(request):
    filters = SourceFilter(request.GET, Source.objects.published())
    context = {"title": _("Nguồn thông tin"), "page_size": 50}
    return list_page(request, "cooperation/source_list.html", filters, SOURCE_FILE, context)
