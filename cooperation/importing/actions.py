"""What the buttons of the import pages do to a batch that is not written yet."""

from django.conf import settings
from django.contrib import messages
from django.utils.translation import gettext as _

from cooperation.importing import tasks, work
from cooperation.importing.access import kind_for
from cooperation.importing.batch import AlreadyWrittenError, ImportConflictError
from cooperation.importing.forms import MappingForm
from cooperation.importing.kinds import Kind
from cooperation.importing.storage import Waiting
from cooperation.models import ColumnMapping, ImportBatch
from cooperation.permissions import home_agency
from cooperation.text import fold

State = ImportBatch.State


def act(request, batch: ImportBatch) -> ImportBatch:
    """Do what the button named by `viec` says; what the batch's state does not allow is left undone.

    Returns the batch to show next: another one, where that has written the same file.
    """
    if request.method != "POST" or batch.state in ImportBatch.WRITTEN:
        return batch
    kind = kind_for(request, batch.kind)
    if batch.state in (State.READING, State.WRITING):
        actions = {"lai": _retry}
    elif Waiting(batch).exists():
        actions = {"ghep": _map, "quyet": _decide, "tach": _split, "trang": _sheet, "ghi": _commit}
    else:
        actions = {}
    action = actions.get(request.POST.get("viec", ""))
    return (action and action(request, kind, batch)) or batch


def _again(batch: ImportBatch) -> None:
    """Read the sheet again with the clerk's choices."""
    batch.message = ""
    if batch.report.get("rows", 0) > settings.PORTAL_IMPORT_BACKGROUND_ROWS:
        batch.state = State.READING
        batch.save(update_fields=["state", "options", "message"])
        tasks.read_batch.enqueue(batch.pk)
    else:
        batch.save(update_fields=["options", "message"])
        work.read(batch)


def _map(request, kind: Kind, batch: ImportBatch) -> None:
    """Take the clerk's mapping for this sheet, and remember it for the next ones of the agency."""
    form = MappingForm(request.POST, kind=kind, report=batch.report)
    if not form.is_valid():
        for error in form.errors.values():
            messages.error(request, " ".join(error))
        return
    titles = dict(batch.report["unmapped_columns"])
    chosen = {fold(titles[index])[:200]: field for index, field in form.mapping().items()}
    agency = home_agency(request.user)
    for header, field in chosen.items():
        ColumnMapping.objects.update_or_create(
            kind=kind.name,
            header=header,
            agency=agency,
            defaults={"field": field, "created_by": request.user},
        )
    batch.options["mapping"] = {**batch.options.get("mapping", {}), **chosen}
    _again(batch)


def _decide(request, kind: Kind, batch: ImportBatch) -> None:
    decisions = dict(batch.options.get("decisions", {}))
    for position, question in enumerate(batch.report["questions"]):
        answer = request.POST.get(f"tra_loi_{position}", "")
        if answer in ("same", "new"):
            decisions[question["key"]] = answer
    batch.options["decisions"] = decisions
    _again(batch)


def _split(request, kind: Kind, batch: ImportBatch) -> None:
    batch.options["split_parties"] = True
    _again(batch)


def _sheet(request, kind: Kind, batch: ImportBatch) -> None:
    name = request.POST.get("trang", "")
    if name in batch.report.get("other_sheets", ()):
        batch.options["sheet"] = name
        Waiting(batch).forget_cells()
        _again(batch)


def _commit(request, kind: Kind, batch: ImportBatch) -> ImportBatch | None:
    """Write it. Returns the other batch, where that one has written the same file already."""
    if batch.state != State.PREVIEWED:
        return None
    partial_wanted = request.POST.get("partial") == "1"
    if batch.report["rejected"] and not partial_wanted:
        messages.error(request, _("Còn dòng lỗi: hãy sửa tệp, hoặc chọn ghi riêng những dòng đúng."))
        return None
    if batch.report["rows"] > settings.PORTAL_IMPORT_BACKGROUND_ROWS:
        claimed = ImportBatch.objects.filter(pk=batch.pk, state=State.PREVIEWED).update(
            state=State.WRITING, message="", options={**batch.options, "partial": partial_wanted}
        )
        if claimed:
            Waiting(batch).set_progress(0)
            tasks.write_batch.enqueue(batch.pk, partial_wanted)
        return None
    try:
        if work.write(batch, partial=partial_wanted) is None:
            messages.info(request, _("Không có gì thay đổi: mọi dòng đã có trong hệ thống."))
    except AlreadyWrittenError as written:
        messages.info(request, work.supersede(batch, written.batch))
        return written.batch
    except ImportConflictError as conflict:
        messages.warning(request, str(conflict))
    return None


def _retry(request, kind: Kind, batch: ImportBatch) -> None:
    """The worker may have died: a task that runs twice does no harm."""
    if batch.state == State.READING:
        tasks.read_batch.enqueue(batch.pk)
    elif batch.state == State.WRITING:
        tasks.write_batch.enqueue(batch.pk, batch.options.get("partial", False))
