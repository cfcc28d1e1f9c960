"""The steps of a batch between its states: read and write. Pages run them, or tasks in the background."""

from dataclasses import asdict

from django.utils.translation import gettext as _

from cooperation.importing import batch as batches
from cooperation.importing import preview as previews
from cooperation.importing.kinds import importable_plans, kind_named
from cooperation.importing.reader import UnusableFileError
from cooperation.importing.rows import Outcome, Problem
from cooperation.importing.storage import Waiting
from cooperation.models import ImportBatch, JointPlan

State = ImportBatch.State


def read(batch: ImportBatch) -> None:
    """Read the waiting file: the batch is then PREVIEWED, MAPPING where required columns miss, or FAILED."""
    waiting = Waiting(batch)
    waiting.set_progress(10)
    try:
        seen = _build(batch, waiting)
    except (UnusableFileError, FileNotFoundError) as refusal:
        _fail(
            batch,
            waiting,
            str(refusal) if isinstance(refusal, UnusableFileError) else _("Tệp không còn được giữ."),
        )
        return
    batch.options.setdefault(
        "generation", batches.generation(batch.sha256, batch.kind, batch.plan_id, batch.user)
    )
    _show(batch, waiting, seen)


def _fail(batch: ImportBatch, waiting: Waiting, message: str) -> None:
    """The file is of no use: say why, and let it go."""
    batch.state, batch.message = State.FAILED, message
    batch.save(update_fields=["state", "message"])
    waiting.remove()


def write(batch: ImportBatch, *, partial: bool = False) -> ImportBatch | None:
    """Write what the preview showed, and nothing else; then the file, with its phones and names, goes.

    Returns the batch, or None where there was nothing to write. Raises ImportConflictError, after which the
    batch shows a new preview with the changed rows marked, and AlreadyWrittenError.
    """
    waiting = Waiting(batch)
    plans = importable_plans(kind_named(batch.kind), batch.user, JointPlan.objects.filter(pk=batch.plan_id))
    if not plans.exists():
        raise batches.ImportConflictError(_("Bạn không còn quyền nhập vào kế hoạch này nên chưa ghi gì."))
    try:
        shown = waiting.digests()
        seen = _build(batch, waiting)
    except FileNotFoundError as gone:  # the other click was faster, and the file went with it
        raise _written_or_lost(batch) from gone
    except UnusableFileError as refusal:
        _fail(batch, waiting, str(refusal))
        raise batches.ImportConflictError(str(refusal)) from refusal
    changed = _mark_changed(seen, shown)
    if changed:
        _show(batch, waiting, seen)
        raise batches.ImportConflictError(
            _(
                "Dữ liệu đã thay đổi từ lúc xem trước ở %(count)d dòng nên chưa ghi gì. "
                "Đây là bản xem trước mới."
            )
            % {"count": changed}
        )
    if any(row.outcome == Outcome.REJECTED for row in seen.rows) and not partial:
        _set_state(batch, State.PREVIEWED)
        raise batches.ImportConflictError(
            _("Còn dòng lỗi: hãy sửa tệp, hoặc chọn ghi riêng những dòng đúng.")
        )
    try:
        stored = batches.commit(seen, batch, user=batch.user, progress=waiting.set_progress)
    except batches.ImportConflictError:
        seen = _build(batch, waiting)
        _mark_changed(seen, shown)
        _show(batch, waiting, seen)
        raise
    if stored is not None:
        waiting.remove()
    return stored


def supersede(batch: ImportBatch, winner: ImportBatch) -> str:
    """Another batch has written the same file under the same rights: this one has nothing left to do."""
    message = _("Tệp này vừa được ghi ở lần nhập %(batch)s.") % {"batch": winner.pk}
    if winner.pk != batch.pk:
        rows = ImportBatch.objects.filter(pk=batch.pk).exclude(state__in=ImportBatch.WRITTEN)
        rows.update(state=State.FAILED, message=message)
        Waiting(batch).remove()
    return message


def _mark_changed(seen: previews.Preview, shown: dict[int, str]) -> int:
    """Warn on the rows that are not as the clerk was shown them; return how many they are."""
    changed = [row for row in seen.rows if shown.get(row.number) != row.digest]
    message = _("Dữ liệu đã được người khác thay đổi từ lúc xem trước: hãy xem lại dòng này.")
    for row in changed:
        row.problems.append(Problem(row.number, "", "", "", "warning", "conflict", message))
    return len(changed)


def _written_or_lost(batch: ImportBatch) -> Exception:
    stored = ImportBatch.objects.get(pk=batch.pk)
    if stored.state in ImportBatch.WRITTEN:
        return batches.AlreadyWrittenError(stored)
    return batches.ImportConflictError(_("Tệp không còn được giữ: hãy tải lên lại."))


def _build(batch: ImportBatch, waiting: Waiting) -> previews.Preview:
    return previews.build(
        waiting.file,
        kind_named(batch.kind),
        batch.plan,
        user=batch.user,
        file_name=batch.file_name,
        options=batch.options,
        keep=waiting.cells,
    )


def _show(batch: ImportBatch, waiting: Waiting, seen: previews.Preview) -> None:
    """Keep the preview for the pages."""
    waiting.keep(seen)
    batch.state = State.MAPPING if seen.missing else State.PREVIEWED
    batch.report = {
        **seen.summary(),
        "places": seen.places,
        "missing": seen.missing,
        "notes": [asdict(note) for note in seen.notes],
        "questions": [asdict(question) for question in seen.builder.questions] if seen.builder else [],
        "defaults": [
            [seen.kind.label(name), value, title] for name, (value, title) in seen.header.defaults.items()
        ],
        "sample": [
            [str(cell) if index in seen.header.unmapped else "" for index, cell in enumerate(row)]
            for row in seen.sheet.rows[seen.header.row : seen.header.row + 3]
        ],
        "unmapped_columns": [[index, title] for index, title in seen.header.unmapped.items()],
        "pairs": any(problem.field == "parties" for row in seen.rows for problem in row.problems),
    }
    # Never over what another click has written meanwhile.
    ImportBatch.objects.filter(pk=batch.pk).exclude(state__in=ImportBatch.WRITTEN).update(
        state=batch.state, report=batch.report, options=batch.options
    )
    waiting.set_progress(100)


def _set_state(batch: ImportBatch, state: str) -> None:
    batch.state = state
    ImportBatch.objects.filter(pk=batch.pk).exclude(state__in=ImportBatch.WRITTEN).update(state=state)
