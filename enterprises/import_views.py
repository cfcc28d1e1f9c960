"""The admin's import pages over the same code as the command: upload → preview → commit → result."""

import secrets
import time
from functools import partial
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from cooperation.admin_base import FileWidget, SelectWidget
from cooperation.lists import page_of
from cooperation.models import JointPlan
from enterprises.importing import batch as batches
from enterprises.importing import preview as previews
from enterprises.importing import workbooks
from enterprises.importing.identity import importable_plans
from enterprises.importing.reader import UnusableFileError
from enterprises.importing.rows import Outcome
from enterprises.models import MOU, ImportBatch

PAGE_SIZE = 100
KEPT_SECONDS = 24 * 3600
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    plan = forms.ModelChoiceField(
        JointPlan.objects.none(), label=_("Kế hoạch"), empty_label=None, widget=SelectWidget
    )
    file = forms.FileField(label=_("Bảng tính (.xlsx, .xls, .ods, .csv)"), widget=FileWidget)

    def __init__(self, *args, plans, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans


def import_urls(admin_site) -> list:
    """The pages, to be mounted by the memorandum's admin; each asks for the right to import."""

    def page(route, view, name):
        return path(f"nhap/{route}", admin_site.admin_view(partial(_allowed, view, admin_site)), name=name)

    return [
        page("", upload, "enterprises_mou_import"),
        page("mau/", template, "enterprises_mou_import_template"),
        page("xem-truoc/<str:token>/", preview, "enterprises_mou_import_preview"),
        page("lan/<int:batch>/", result, "enterprises_mou_import_batch"),
    ]


def _allowed(view, admin_site, request, **kwargs):
    if not request.user.has_perm("enterprises.import_mou"):
        raise PermissionDenied
    return view(request, admin_site, **kwargs)


def _render(request, admin_site, name, **context):
    context = {**admin_site.each_context(request), "title": _("Nhập bản ghi nhớ"), **context}
    return render(request, f"enterprises/{name}.html", context)


def _plans(request):
    plans = JointPlan.objects.for_user(request.user).order_by("-is_main", "sort_key")
    return importable_plans(request.user, plans)


def upload(request, admin_site):
    form = UploadForm(request.POST or None, request.FILES or None, plans=_plans(request))
    if request.method == "POST" and form.is_valid():
        plan, file = form.cleaned_data["plan"], form.cleaned_data["file"]
        name = secrets.token_hex(16)
        stored = _folder() / name
        with stored.open("xb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        try:
            seen = previews.build(stored, plan, user=request.user, file_name=file.name, nonce=name)
        except UnusableFileError as refusal:
            stored.unlink()
            form.add_error("file", str(refusal))
        else:
            return redirect("admin:enterprises_mou_import_preview", token=_token(request, name, seen))
    return _render(request, admin_site, "import_upload", form=form)


def _folder() -> Path:
    """Where files wait between upload and commit; those that nobody committed within a day are removed."""
    folder = Path(settings.MEDIA_ROOT) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    for waiting in folder.iterdir():
        if waiting.stat().st_mtime < time.time() - KEPT_SECONDS:
            waiting.unlink(missing_ok=True)
    return folder


def _token(request, name: str, seen: previews.Preview) -> str:
    """What the next pages need, signed: the file, the plan, whose it is, and what was shown."""
    content = [name, seen.file_name, seen.plan.pk, request.user.pk, seen.fingerprint]
    return signing.dumps(content, salt="import", compress=True)


def preview(request, admin_site, token):
    try:
        name, file_name, plan_pk, user_pk, fingerprint = signing.loads(
            token, salt="import", max_age=KEPT_SECONDS
        )
    except signing.BadSignature as fault:
        raise Http404 from fault
    if user_pk != request.user.pk:
        raise Http404
    key = previews.batch_key(name, fingerprint)
    if request.method == "POST" and (done := batches.committed(key)):
        return redirect("admin:enterprises_mou_import_batch", batch=done.pk)
    plan = get_object_or_404(_plans(request), pk=plan_pk)
    stored = _folder() / name
    try:
        seen = previews.build(stored, plan, user=request.user, file_name=file_name, nonce=name)
    except FileNotFoundError:
        if done := batches.committed(key):  # the other click was faster, and the file went with it
            return redirect("admin:enterprises_mou_import_batch", batch=done.pk)
        messages.warning(request, _gettext("Tệp không còn được giữ: hãy tải lên lại."))
        return redirect("admin:enterprises_mou_import")
    except UnusableFileError as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:enterprises_mou_import")
    if request.GET.get("tai") == "loi":
        return _download(workbooks.annotated(seen), "ban-ghi-nho-co-loi.xlsx")
    if request.method == "POST":
        return _commit(request, token, name, fingerprint, seen, stored)
    return _show(request, admin_site, seen)


def _commit(request, token, name, fingerprint, seen, file):
    """Write what was shown, and nothing else; then the uploaded file, with its phones and names, goes."""
    if seen.fingerprint != fingerprint:
        if done := batches.committed(previews.batch_key(name, fingerprint)):  # the other click was faster
            return redirect("admin:enterprises_mou_import_batch", batch=done.pk)
        messages.warning(
            request,
            _gettext("Dữ liệu đã thay đổi từ lúc xem trước nên chưa ghi gì. Đây là kết quả xem trước mới."),
        )
        return redirect("admin:enterprises_mou_import_preview", token=_token(request, name, seen))
    if seen.count(Outcome.REJECTED) and request.POST.get("partial") != "1":
        messages.error(request, _gettext("Còn dòng lỗi: hãy sửa tệp, hoặc chọn ghi riêng những dòng đúng."))
        return redirect("admin:enterprises_mou_import_preview", token=token)
    try:
        stored = batches.commit(seen, user=request.user)
    except batches.ImportConflictError as conflict:
        messages.error(request, str(conflict))
        return redirect("admin:enterprises_mou_import_preview", token=token)
    file.unlink(missing_ok=True)
    if stored is None:
        messages.info(request, _gettext("Không có gì thay đổi: mọi dòng đã có trong hệ thống."))
        return redirect("admin:enterprises_mou_changelist")
    return redirect("admin:enterprises_mou_import_batch", batch=stored.pk)


def _show(request, admin_site, seen: previews.Preview):
    chosen = request.GET.get("loai", "")
    rows = [row for row in seen.rows if row.outcome == chosen] if chosen in Outcome.values else seen.rows
    page = page_of(rows, request.GET.get("page"), PAGE_SIZE)
    shown = [
        {
            "number": row.number,
            "outcome": Outcome(row.outcome),
            "mou": row.mou,
            "changes": [
                (previews.label(name), *(previews.readable(name, value) for value in change))
                for name, change in row.changes.items()
            ]
            if row.outcome == Outcome.UPDATED
            else [],
            "problems": row.problems,
        }
        for row in page
    ]
    counts = [(outcome, seen.count(outcome)) for outcome in Outcome]
    return _render(
        request,
        admin_site,
        "import_preview",
        seen=seen,
        page=page,
        rows=shown,
        counts=counts,
        chosen=chosen,
        rejected=seen.count(Outcome.REJECTED),
        writable=seen.count(Outcome.CREATED) + seen.count(Outcome.UPDATED),
    )


def result(request, admin_site, batch):
    stored = get_object_or_404(ImportBatch.objects.for_user(request.user), pk=batch)
    page = page_of(stored.rows.order_by("number"), request.GET.get("page"), PAGE_SIZE)
    touched = MOU.objects.for_user(request.user).select_related("party_a", "party_b")
    mous = touched.in_bulk([row.object_id for row in page if row.object_id])
    rows = [(row, mous.get(row.object_id)) for row in page]
    return _render(request, admin_site, "import_result", batch=stored, page=page, rows=rows)


def template(request, admin_site):
    plan = _plans(request).first()
    numbers = list(plan.areas.order_by("number").values_list("number", flat=True)) if plan else []
    return _download(workbooks.template(numbers), "mau-ban-ghi-nho.xlsx")


def _download(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
