"""The admin's import pages: upload → (map columns) → preview → commit → result → undo."""

import hashlib
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from cooperation.importing import actions, tasks, undo, work, workbooks
from cooperation.importing.access import batch_for, kind_for, plans_for
from cooperation.importing.batch import ImportConflictError
from cooperation.importing.forms import MappingForm, UploadForm
from cooperation.importing.kinds import Kind, all_kinds, kind_named
from cooperation.importing.storage import Waiting, clear_out
from cooperation.lists import page_of
from cooperation.models import ImportBatch, ImportRow, JointPlan
from cooperation.permissions import home_agency

PAGE_SIZE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = ImportBatch.State
Outcome = ImportRow.Outcome
NAME = "cooperation_importbatch"


def import_urls(admin_site) -> list:
    """The pages, to be mounted by the admin of import batches."""

    def page(route, view, name):
        return path(route, admin_site.admin_view(partial(view, admin_site)), name=f"{NAME}_{name}")

    return [
        page("nhap/<slug:kind>/", upload, "upload"),
        page("nhap/<slug:kind>/mau/", template, "template"),
        page("<uuid:uuid>/", detail, "detail"),
        page("<uuid:uuid>/lam/", act, "act"),
        page("<uuid:uuid>/loi/", annotated, "annotated"),
        page("<uuid:uuid>/hoan-tac/", undo_page, "undo"),
    ]


def _render(request, admin_site, name, **context):
    context = {**admin_site.each_context(request), "title": _("Nhập từ bảng tính"), **context}
    return render(request, f"cooperation/importing/{name}.html", context)


def _to(batch: ImportBatch):
    return redirect(f"admin:{NAME}_detail", uuid=batch.uuid)


def upload(admin_site, request, kind):
    kind = kind_for(request, kind)
    form = UploadForm(request.POST or None, request.FILES or None, plans=plans_for(request, kind))
    if request.method == "POST" and form.is_valid():
        batch = _receive(request, kind, form.cleaned_data["plan"], form.cleaned_data["file"])
        if batch.state == State.FAILED:
            form.add_error("file", batch.message)
            batch.delete()
        else:
            return _to(batch)
    return _render(request, admin_site, "upload", form=form, kind=kind)


def _receive(request, kind: Kind, plan: JointPlan, file) -> ImportBatch:
    clear_out()
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    batch = ImportBatch.objects.create(
        kind=kind.name,
        plan=plan,
        file_name=file.name[:255],
        sha256=digest.hexdigest(),
        user=request.user,
        agency=home_agency(request.user),
        options=_carried_on(request, kind, plan),
    )
    Waiting(batch).receive(file.chunks())
    if file.size > settings.PORTAL_IMPORT_BACKGROUND_BYTES:
        tasks.read_batch.enqueue(batch.pk)
        batch.refresh_from_db()
    else:
        work.read(batch)
    return batch


def _carried_on(request, kind: Kind, plan: JointPlan) -> dict:
    """What the clerk decided about the last sheet that is not written yet: this one is its correction."""
    last = ImportBatch.objects.filter(
        user=request.user, kind=kind.name, plan=plan, state__in=(State.PREVIEWED, State.MAPPING)
    ).first()
    kept = ("decisions", "split_parties")
    return {name: last.options[name] for name in kept if name in last.options} if last else {}


def detail(admin_site, request, uuid):
    batch = batch_for(request, uuid)
    if batch.state in ImportBatch.WRITTEN:
        return _result(admin_site, request, batch)
    if batch.state in (State.READING, State.WRITING):
        return _render(
            request, admin_site, "progress", batch=batch, kind=kind_named(batch.kind),
            percent=Waiting(batch).progress(),
        )  # fmt: skip
    if batch.state == State.FAILED:
        return _render(request, admin_site, "failed", batch=batch, kind=kind_named(batch.kind))
    if not Waiting(batch).exists():
        Waiting(batch).remove()
        messages.warning(request, _("Tệp không còn được giữ: hãy tải lên lại."))
        return redirect(f"admin:{NAME}_upload", kind=batch.kind)
    return _preview(admin_site, request, batch)


def _preview(admin_site, request, batch: ImportBatch):
    kind, report = kind_named(batch.kind), batch.report
    chosen = request.GET.get("loai", "")
    chosen = chosen if chosen in Outcome.values else ""
    counts = {
        Outcome.CREATED: report["created"], Outcome.UPDATED: report["updated"],
        Outcome.UNCHANGED: report["unchanged"], Outcome.DUPLICATE: report["duplicates"],
        Outcome.REJECTED: report["rejected"],
    }  # fmt: skip
    total = counts[chosen] if chosen else report["rows"]
    page = page_of(range(total), request.GET.get("page"), PAGE_SIZE)
    rows = Waiting(batch).page(chosen, page.number, PAGE_SIZE)
    for row in rows:
        row["label"] = Outcome(row["outcome"]).label
        row["changes"] = [(kind.label(name), *change) for name, change in row["changes"].items()]
    return _render(
        request,
        admin_site,
        "preview",
        batch=batch,
        kind=kind,
        report=report,
        page=page,
        rows=rows,
        counts=list(counts.items()),
        chosen=chosen,
        writable=report["created"] + report["updated"],
        mapping_form=MappingForm(kind=kind, report=report) if report["unmapped_columns"] else None,
        questions=report["questions"],
    )


def act(admin_site, request, uuid):
    """What the buttons of the preview and progress pages ask for."""
    return _to(actions.act(request, batch_for(request, uuid)))


def annotated(admin_site, request, uuid):
    """The clerk's own sheet with its faults."""
    batch = batch_for(request, uuid)
    waiting = Waiting(batch)
    if batch.state != State.PREVIEWED or not waiting.exists():
        raise Http404
    content = workbooks.annotated(waiting, batch)
    return _download(content, f"{kind_named(batch.kind).sheet_name}-co-loi.xlsx")


def template(admin_site, request, kind):
    kind = kind_for(request, kind)
    plan = plans_for(request, kind).first()
    return _download(workbooks.template(kind, plan), f"mau-{kind.sheet_name}.xlsx")


def _download(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _result(admin_site, request, batch: ImportBatch):
    kind = kind_named(batch.kind)
    chosen = request.GET.get("loai", "")
    rows = batch.rows.order_by("number")
    rows = rows.filter(outcome=chosen) if chosen in Outcome.values else rows
    page = page_of(rows, request.GET.get("page"), PAGE_SIZE)
    manager = kind.model._default_manager
    keys = [row.object_id for row in page if row.object_id]
    mine = set(manager.for_user(request.user).filter(pk__in=keys).values_list("pk", flat=True))
    for row in page:
        row.reachable = row.object_id in mine
    change_url = f"admin:{kind.model._meta.app_label}_{kind.model._meta.model_name}_change"
    return _render(
        request, admin_site, "result", batch=batch, kind=kind, page=page, change_url=change_url,
        can_undo=batch.state == State.COMMITTED and request.user.has_perm(kind.permission),
    )  # fmt: skip


def undo_page(admin_site, request, uuid):
    batch = batch_for(request, uuid)
    kind_for(request, batch.kind)
    if batch.state != State.COMMITTED:
        return _to(batch)
    if request.method == "POST":
        try:
            found = undo.undo(batch, user=request.user)
        except ImportConflictError as conflict:
            messages.error(request, str(conflict))
        else:
            messages.success(
                request,
                _("Đã hoàn tác %(back)d dòng; %(stay)d dòng để nguyên.")
                % {"back": len(found.back), "stay": len(found.stay)},
            )
        return _to(batch)
    found = undo.plan_undo(batch, request.user)
    return _render(request, admin_site, "undo", batch=batch, kind=kind_named(batch.kind), found=found)


def import_links(user) -> list[Kind]:
    """The kinds of sheet that the user may bring in."""
    return [kind for kind in all_kinds() if user.has_perm(kind.permission)]
