"""Public pages of the second floor: enterprises and memoranda. Staff-only fields never reach them."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.lists import list_page, page_of
from cooperation.models import Province
from cooperation.plans import plan_or_404
from enterprises.filters import ENTERPRISE_FILE, MOU_FILE, EnterpriseFilter, MOUFilter
from enterprises.models import MOU, Enterprise


def mou_list(request, plan=None):
    plan = plan_or_404(plan)
    mous = MOU.objects.published().filter(plan=plan).select_related("plan", "area", "party_a", "party_b")
    filters = MOUFilter(request.GET, mous, plan=plan)
    context = {"plan": plan, "title": _("Bản ghi nhớ")}
    return list_page(request, "enterprises/mou_list.html", filters, MOU_FILE, context)


def mou_detail(request, pk, plan=None):
    plan = plan_or_404(plan)
    mou = get_object_or_404(
        MOU.objects.published().select_related(
            "plan", "area__plan", "activity__area__plan", "party_a__province", "party_b__province"
        ),
        pk=pk,
        plan=plan,
    )
    context = {
        "plan": plan,
        "mou": mou,
        "sources": mou.sources.all(),
        "acting_provinces": Province.objects.acting_map(localdate()),
        "today": localdate(),
        "title": mou.title,
    }
    return render(request, "enterprises/mou_detail.html", context)


def enterprise_list(request, plan=None):
    """Enterprises of the demonstration stay with the demonstration plan."""
    plan = plan_or_404(plan)
    enterprises = Enterprise.objects.published().filter(is_demonstration=plan.is_demonstration)
    filters = EnterpriseFilter(request.GET, enterprises.select_related("province"))
    context = {"plan": plan, "title": _("Doanh nghiệp")}
    return list_page(request, "enterprises/enterprise_list.html", filters, ENTERPRISE_FILE, context)


def enterprise_detail(request, pk, slug):
    enterprise = Enterprise.objects.published().select_related("province").filter(pk=pk).first()
    if enterprise is None:
        return _redirect_to_kept(pk)
    mous = (
        MOU.objects.published()
        .filter(Q(party_a=enterprise) | Q(party_b=enterprise))
        .select_related("plan", "area", "party_a", "party_b")
        .order_by("-signed_on", "-pk")
    )
    today = localdate()
    context = {
        "enterprise": enterprise,
        "demonstration": enterprise.is_demonstration,
        "other_names": enterprise.other_names.splitlines(),
        "province_label": enterprise.province.label_on(today) if enterprise.province else "",
        "page": page_of(mous, request.GET.get("page")),
        "sources": enterprise.sources.all(),
        "title": enterprise.name,
    }
    return render(request, "enterprises/enterprise_detail.html", context)


def _redirect_to_kept(pk):
    """Lead from a merged enterprise to the one that was kept; not for good, a merge can be undone.

    Raises Http404 where either is not public.
    """
    merged = get_object_or_404(Enterprise, pk=pk, published=True, merged_into__isnull=False)
    kept = merged.living_record()
    if not kept.is_public:
        raise Http404
    return redirect(kept)
