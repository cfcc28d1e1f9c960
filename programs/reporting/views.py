"""Staff pages of a report's way: write, send, withdraw, accept, return."""

from contextlib import suppress

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cooperation.corrections import ReasonRequiredError
from cooperation.lists import page_of
from cooperation.permissions import CHANGE
from cooperation.posted import as_key, posted_document, posted_text
from programs import workflow
from programs.evidence.attaching import attach
from programs.evidence.files import prepare
from programs.models import Activity, ProgressUpdate
from programs.reporting.forms import ReportForm
from programs.reporting.seats import reportable, seat

Status = ProgressUpdate.Status
OPEN = (Status.DRAFT, Status.RETURNED)


def staff_page(view):
    """For staff, and kept by no browser: drafts and names stand on it."""
    return never_cache(staff_member_required(view, login_url="admin:login"))


def _refused(fault) -> str:
    return " ".join(fault.messages) if isinstance(fault, ValidationError) else str(fault)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def report_write(request, code):
    """Write, go on with, or withdraw the own agency's report about one activity."""
    if not request.user.has_perm("programs.add_progressupdate"):
        raise PermissionDenied
    activity = get_object_or_404(
        reportable(request.user).select_related("area__plan", "lead_agency"), code=code
    )
    sits = seat(activity, request.user)
    if sits is None:
        raise Http404
    mine = ProgressUpdate.objects.filter(activity=activity, agency=sits.agency)
    waiting = mine.filter(status=Status.SUBMITTED).order_by("-submitted_at", "-pk").first()
    if request.method == "POST" and "withdraw" in request.POST:
        return _withdraw(request, activity, waiting)
    if request.method == "POST":
        form, report = _saved(request, activity, sits)
        if report is not None:
            return _after_saving(request, activity, report)
    else:
        draft = mine.filter(status__in=OPEN).order_by("-pk").first()
        form = ReportForm(instance=draft or _blank(activity, sits))
    return _form_page(request, activity, sits, form, waiting)


def _blank(activity, sits) -> ProgressUpdate:
    return ProgressUpdate(
        activity=activity, agency=sits.agency, is_counterpart=sits.is_counterpart, effective_on=localdate()
    )


def _form_page(request, activity, sits, form, waiting):
    accepted = ProgressUpdate.objects.filter(
        activity=activity, is_counterpart=sits.is_counterpart, status=Status.ACCEPTED
    )
    context = {
        "activity": activity,
        "plan": activity.area.plan,
        "seat": sits,
        "form": form,
        "report": form.instance if form.instance.pk else None,
        "waiting": waiting,
        "last": accepted.newest_first().first(),
        "title": _("Báo cáo: %s") % activity.title,
    }
    return render(request, "programs/reporting/report_write.html", context)


def _saved(request, activity, sits):
    """Store the draft in one transaction. Returns the form, and the report where all went well."""
    if file := request.FILES.get("evidence"):
        with suppress(ValidationError):  # looked into before the transaction; the form says what is wrong
            prepare(file, request.user)
    with transaction.atomic():
        Activity.objects.select_for_update().get(pk=activity.pk)  # two of one office do not start two drafts
        draft = (
            ProgressUpdate.objects.filter(activity=activity, agency=sits.agency, status__in=OPEN)
            .select_for_update()
            .order_by("-pk")
            .first()
        )
        form = ReportForm(request.POST, request.FILES, instance=draft or _blank(activity, sits))
        if not form.is_valid():
            return form, None
        report = form.save(commit=False)
        report.reported_by = request.user
        try:
            with transaction.atomic():
                report.save()
                form.save_m2m()
                _keep_evidence(form, report, request.user)
        except ValidationError as refusal:
            form.add_error("evidence", refusal)
            return form, None
    return form, report


def _keep_evidence(form, report, user):
    file = form.cleaned_data.get("evidence")
    if file:
        title = form.cleaned_data.get("evidence_title") or file.name
        attach(activity=report.activity, update=report, file=file, title=title, document_number="", user=user)


def _after_saving(request, activity, report):
    """Send it where that was asked for: a draft that cannot be sent yet is kept, with the reason."""
    if "send" not in request.POST:
        messages.success(request, _("Đã lưu bản nháp. Chưa ai thấy cho đến khi gửi duyệt."))
        return redirect("report-write", code=activity.code)
    try:
        workflow.submit(update=report, user=request.user)
    except (ValidationError, PermissionDenied) as fault:
        messages.error(request, _("Đã lưu bản nháp, chưa gửi được: %s") % _refused(fault))
        return redirect("report-write", code=activity.code)
    messages.success(request, _("Đã gửi duyệt báo cáo “%s”.") % activity.title)
    return redirect("my-work")


def _withdraw(request, activity, waiting):
    try:
        if waiting is None:
            raise ValidationError(_("Báo cáo không còn chờ duyệt."))
        workflow.withdraw(update=waiting, user=request.user)
        messages.success(request, _("Đã rút báo cáo về bản nháp."))
    except (ValidationError, PermissionDenied) as fault:
        messages.error(request, _refused(fault))
    return redirect("report-write", code=activity.code)


def _waiting(user):
    if not user.has_perm("programs.accept_progressupdate"):
        raise PermissionDenied
    rows = ProgressUpdate.objects.for_user(user, CHANGE)
    return rows.select_related("activity__area__plan", "agency", "reported_by")


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def report_queue(request):
    """What waits for this approver, oldest first; the marked ones are accepted at one press."""
    rows = _waiting(request.user).filter(status=Status.SUBMITTED)
    if request.method == "POST":
        marked = [as_key(key) for key in request.POST.getlist("report")]
        found = list(rows.filter(pk__in=marked))
        if not marked:
            messages.warning(request, _("Chưa đánh dấu báo cáo nào."))
        elif len(found) < len(set(marked)):
            messages.warning(request, _("Có báo cáo không còn chờ duyệt: danh sách dưới đây là mới nhất."))
        accepted = sum(_accept_one(request, report) for report in found)
        if accepted:
            messages.success(request, _("Đã duyệt %d báo cáo.") % accepted)
        return redirect("report-queue")
    page = page_of(rows.order_by("submitted_at", "pk"), request.GET.get("page"), 50)
    context = {"page": page, "before": _accepted_before(page), "title": _("Báo cáo chờ duyệt")}
    return render(request, "programs/reporting/report_queue.html", context)


def _accepted_before(reports) -> dict[int, ProgressUpdate]:
    """Report → the newest accepted one of the same activity and side: one query for the page."""
    reports = list(reports)
    rows = ProgressUpdate.objects.filter(
        activity__in={report.activity_id for report in reports}, status=Status.ACCEPTED, percent__isnull=False
    ).newest_first()
    newest: dict[tuple, ProgressUpdate] = {}
    for row in rows:
        newest.setdefault((row.activity_id, row.is_counterpart), row)
    return {report.pk: newest.get((report.activity_id, report.is_counterpart)) for report in reports}


def _accept_one(request, report, reason="", document_field="") -> bool:
    """Accept, or say of this report why not."""
    try:
        document = posted_document(request, document_field) if document_field else ""
        workflow.accept(update=report, user=request.user, reason=reason, document=document)
    except ReasonRequiredError as needed:
        messages.warning(request, f"{report}: {needed} " + _("Hãy mở báo cáo để ghi lý do đính chính."))
    except (ValidationError, PermissionDenied) as fault:
        messages.warning(request, f"{report}: {_refused(fault)}")
    else:
        return True
    return False


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def report_review(request, pk):
    """One report with what it changes and its evidence: accept it, or return it with a note."""
    report = get_object_or_404(_waiting(request.user).exclude(status=Status.DRAFT), pk=pk)
    note = posted_text(request, "note")
    if request.method == "POST" and "return" in request.POST:
        try:
            workflow.return_(update=report, user=request.user, note=note)
        except (ValidationError, PermissionDenied) as fault:
            messages.error(request, _refused(fault))
        else:
            messages.success(request, _("Đã trả lại báo cáo “%s”.") % report.activity.title)
            return redirect("report-queue")
    elif request.method == "POST":
        if _accept_one(request, report, posted_text(request, "reason"), "document"):
            messages.success(request, _("Đã duyệt báo cáo “%s”.") % report.activity.title)
            return redirect("report-queue")
        report = get_object_or_404(_waiting(request.user), pk=pk)
    context = {
        "report": report,
        "plan": report.activity.area.plan,
        "before": _accepted_before([report])[report.pk],
        "milestones": report.milestones.order_by("due_on"),
        "evidence": report.evidence.order_by("added_at"),
        "note": note,
        "reason": request.POST.get("reason", ""),
        "document": request.POST.get("document", ""),
        "is_waiting": report.status == Status.SUBMITTED,
        "title": _("Duyệt báo cáo: %s") % report.activity.title,
    }
    return render(request, "programs/reporting/report_review.html", context)
