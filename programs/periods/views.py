"""Pages of reporting periods: who has sent, what was sealed, what was corrected since."""

import json

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.lists import page_of
from cooperation.models import Agency
from cooperation.permissions import VIEW
from cooperation.plans import plan_or_404
from cooperation.posted import as_key, posted_text
from programs.models import ReportingPeriod, Snapshot
from programs.periods.rendering import csv_of, file_name, section_of
from programs.periods.sealing import may_seal, seal
from programs.periods.sending import missing_of, owed_reports, send
from programs.periods.wording import row

LIST_PAGE = 25


def sealed_list(request, plan=None):
    """The plan's sealed periods, and those that wait to be sealed."""
    plan = plan_or_404(plan)
    snapshots = (
        Snapshot.objects.published()
        .filter(period__plan=plan)
        .defer("content")
        .select_related("period")
        .annotate(errata_count=Count("errata"))
        .order_by("-period__end_on", "-period__start_on", "pk")
    )
    waiting = ReportingPeriod.objects.filter(
        plan=plan, snapshot__isnull=True, start_on__lte=localdate()
    ).order_by("-end_on", "-start_on", "pk")
    context = {
        "plan": plan,
        "page": page_of(snapshots, request.GET.get("page"), LIST_PAGE),
        "waiting": page_of(waiting, request.GET.get("cho"), LIST_PAGE),
        "today": localdate(),
        "title": _("Số liệu đã chốt"),
    }
    return render(request, "programs/periods/sealed_list.html", context)


def _snapshot(pk: int) -> Snapshot:
    return get_object_or_404(Snapshot.objects.published().select_related("period__plan"), pk=pk)


def sealed_period(request, pk):
    """What was sealed, from the stored content alone, and beside it what was corrected since."""
    snapshot = _snapshot(pk)
    errata = [
        {"erratum": erratum, "rows": [row(change) for change in json.loads(erratum.content)["changes"]]}
        for erratum in snapshot.errata.order_by("number")
    ]
    context = {
        "plan": snapshot.period.plan,
        "snapshot": snapshot,
        "section": section_of(snapshot.content, request.GET.get("linh_vuc"), request.GET.get("page")),
        "errata": errata,
        "file_name": file_name(snapshot.sealed, "json"),
        "title": _("Số liệu đã chốt: %s") % snapshot.sealed.data["period"]["label"],
    }
    return render(request, "programs/periods/sealed_period.html", context)


def sealed_content(request, pk):
    """The very bytes that the hash was taken of."""
    snapshot = _snapshot(pk)
    response = HttpResponse(snapshot.content.encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{file_name(snapshot.sealed, "json")}"'
    response["X-Content-SHA256"] = snapshot.sha256
    return response


def sealed_csv(request, pk):
    snapshot = _snapshot(pk)
    response = HttpResponse(csv_of(snapshot.sealed), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(snapshot.sealed, "csv")}"'
    return response


def period_detail(request, pk):
    """The state of a period for everybody; for staff the forms to send a report and to seal."""
    user = request.user
    staff = user.is_active and user.is_staff and user.has_perm("programs.view_reportingperiod")
    periods = ReportingPeriod.objects.for_user(user, VIEW) if staff else ReportingPeriod.objects.published()
    rows = periods.select_related("plan", "snapshot").defer("snapshot__content")
    period = get_object_or_404(rows, pk=pk)
    faults: list[str] = []
    if request.method == "POST":
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not staff:
            raise PermissionDenied(_("Tài khoản của bạn không có quyền làm việc này."))
        try:
            return _act(request, period)
        except ValidationError as refusal:
            faults = refusal.messages
    today = localdate()
    owed = owed_reports(period, user if staff else None)
    sends = any(line.may_send for line in owed) and not period.is_sealed and period.start_on <= today
    context = {
        "plan": period.plan,
        "period": period,
        "owed": owed,
        "sent_count": sum(line.report is not None for line in owed),
        "today": today,
        "is_late": period.due_on is not None and period.due_on < today,
        "sends": sends,
        "missing": missing_of(period, user) if sends else None,
        "seals": staff and not period.is_sealed and period.end_on < today and may_seal(period, user),
        "incomplete": any(line.report is None for line in owed),
        "faults": faults,
        "typed": request.POST,
        "title": _("Kỳ báo cáo: %s") % period.label,
    }
    response = render(request, "programs/periods/period_detail.html", context, status=409 if faults else 200)
    if user.is_authenticated:  # notes and names stand on it
        add_never_cache_headers(response)
    return response


def _act(request, period: ReportingPeriod):
    """Send or seal, as the pressed button says; raises ValidationError with what to do."""
    action = request.POST.get("action")
    if action == "send":
        agency = get_object_or_404(Agency.objects.all(), pk=as_key(request.POST.get("agency", "")))
        send(period=period, agency=agency, user=request.user, note=posted_text(request, "note"))
        return redirect(period)
    if action == "seal":
        if not request.POST.get("seen"):
            raise ValidationError(_("Hãy đánh dấu rằng bạn đã xem số liệu: chốt rồi không sửa được."))
        reason = posted_text(request, "incomplete_reason")
        return redirect(seal(period=period, user=request.user, incomplete_reason=reason))
    raise PermissionDenied(_("Không rõ bạn muốn làm gì: hãy bấm một nút trên trang."))
