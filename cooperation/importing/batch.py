"""Writes a preview: one transaction, once, with history and every row's old values."""

import hashlib
from collections.abc import Callable

from django.contrib.admin.models import ADDITION, LogEntry
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation import corrections
from cooperation.importing import writer
from cooperation.importing.collector import collector_paused
from cooperation.importing.preview import Preview
from cooperation.importing.rows import NewRecord, Outcome, Row, as_text
from cooperation.importing.stored import chunks
from cooperation.models import ImportBatch, ImportRow
from cooperation.permissions import agency_ids, home_agency, runs_the_system

# From these states a batch can be written; WRITING too, because a worker may have died.
_WRITABLE = (ImportBatch.State.PREVIEWED, ImportBatch.State.WRITING)


class ImportConflictError(Exception):
    """What the preview was built on has changed since: nothing was written."""


class AlreadyWrittenError(Exception):
    """The same preview, or the same file under the same rights, was written by another click: `batch`."""

    def __init__(self, batch: ImportBatch):
        super().__init__(str(batch.pk))
        self.batch = batch


def new_batch(seen: Preview, user) -> ImportBatch:
    """A batch for a preview that no page has made one for; not saved before it is committed."""
    return ImportBatch(
        kind=seen.kind.name,
        plan=seen.plan,
        file_name=seen.file_name[:255],
        sha256=seen.sha256,
        user=user,
        agency=home_agency(user) if user else None,
        options={"generation": generation(seen.sha256, seen.kind.name, seen.plan.pk, user)},
    )


def generation(sha256: str, kind: str, plan_pk: int, user) -> int:
    """How often this file has been written to this plan under these rights."""
    return ImportBatch.objects.filter(key__startswith=f"{_stem(sha256, kind, plan_pk, user)}:").count()


def _stem(sha256: str, kind: str, plan_pk: int, user) -> str:
    scope = "*" if user is None or runs_the_system(user) else sorted(agency_ids(user))
    return hashlib.sha256(f"{sha256}:{kind}:{plan_pk}:{scope}".encode()).hexdigest()[:56]


@collector_paused()
def commit(
    seen: Preview, batch: ImportBatch, *, user=None, progress: Callable[[int], None] = lambda percent: None
) -> ImportBatch | None:
    """Write what the preview says. Returns the batch, or None where there was nothing to write.

    Sent twice, or by two at once, it is written once. Raises ImportConflictError, AlreadyWrittenError.
    """
    written = [row for row in seen.rows if row.outcome in (Outcome.CREATED, Outcome.UPDATED)]
    if not written:
        return None
    key = f"{_stem(batch.sha256, batch.kind, batch.plan_id, user)}:{batch.options.get('generation', 0)}"
    try:
        with transaction.atomic():
            _claim(batch, key)
            _Writing(seen, batch, user, progress).write(written)
    except IntegrityError as fault:
        _undo_claim(batch)
        winner = ImportBatch.objects.filter(key=key).first()
        if winner is not None and winner.pk != batch.pk:
            raise AlreadyWrittenError(winner) from fault
        raise ImportConflictError(
            _("Dữ liệu đã được người khác thay đổi từ lúc xem trước: chưa ghi gì. Hãy xem trước lại.")
        ) from fault
    except OperationalError as fault:
        _undo_claim(batch)
        raise ImportConflictError(
            _("Cơ sở dữ liệu đang bận: chưa ghi gì. Hãy thử lại sau ít phút.")
        ) from fault
    except ImportConflictError:
        _undo_claim(batch)
        raise
    return batch


def _claim(batch: ImportBatch, key: str) -> None:
    """Make the batch ours, or find that somebody else has written it. Locks its row until the end."""
    now = timezone.now()
    if batch.pk is not None:
        claimed = ImportBatch.objects.filter(pk=batch.pk, state__in=_WRITABLE).update(
            state=ImportBatch.State.COMMITTED, key=key, committed_at=now
        )
        if not claimed:
            raise AlreadyWrittenError(ImportBatch.objects.get(pk=batch.pk))
    batch.state, batch.key, batch.committed_at = ImportBatch.State.COMMITTED, key, now
    if batch.pk is None:
        batch.save()


def _undo_claim(batch: ImportBatch) -> None:
    """The transaction is gone: let the object say again what is stored."""
    stored = ImportBatch.objects.filter(uuid=batch.uuid).first()
    batch.state, batch.key, batch.committed_at = ImportBatch.State.PREVIEWED, "", None
    if stored is None:
        batch.pk = None


def keep_trail(batch: ImportBatch, user, action: int, words: str) -> None:
    """The admin's own log says who brought in, or took back, which batch."""
    if user is not None:
        LogEntry.objects.log_actions(user.pk, [batch], action, change_message=words, single_object=True)


class _Writing:
    """The writes of one commit, in order: further records, new records, changed ones, what the rows did."""

    def __init__(self, seen: Preview, batch: ImportBatch, user, progress):
        self.seen = seen
        self.batch = batch
        self.user = user
        self.progress = progress
        self.model = seen.kind.model
        self._defaults = {
            field.attname: field.get_default()
            for field in self.model._meta.concrete_fields
            if field.attname != "id"
        }

    def write(self, written: list[Row]) -> None:
        self.progress(5)
        self._write_related({id(record): record for row in written for record in row.related}.values())
        self.progress(20)
        created = [self._whole(row) for row in written if row.outcome == Outcome.CREATED]
        changing = [row for row in written if row.outcome == Outcome.UPDATED]
        self._require_unchanged([row for row in changing if row.values])
        updated = [self._whole(row) for row in changing if row.values]
        if self.seen.builder.clashes(created):
            raise ImportConflictError(
                _("Một bản ghi vừa được người khác nhập nên chưa ghi gì. Hãy xem trước lại.")
            )
        self.progress(40)
        writer.insert(self.model, created)
        self.progress(55)
        columns = {name for row in changing for name in row.values} | _derived(self.model)
        writer.update(self.model, updated, sorted(columns & self._defaults.keys()))
        self.progress(70)
        self._history(self.model, created, "+")
        self._history(self.model, updated, "~")
        if self.seen.kind.refresh:
            self.seen.kind.refresh([row["id"] for row in updated])
        corrections.written(
            self.model,
            [row["id"] for row in (*created, *updated)],
            user=self.user,
            reason=self.batch.change_reason,
        )
        self.progress(85)
        writer.insert(ImportRow, [self._import_row(row) for row in self.seen.rows])
        self.batch.report = {**self.seen.summary(), "committed": True, "batch": self.batch.pk}
        self.batch.save(update_fields=["report"])
        keep_trail(self.batch, self.user, ADDITION, self.batch.change_reason)
        self.progress(100)

    def _history(self, model, rows: list[dict], kind: str) -> None:
        writer.keep_history(model, rows, kind, user=self.user, reason=self.batch.change_reason)

    def _write_related(self, records) -> None:
        """New enterprises at once; known ones that gain a name, one by one: they are few."""
        new = [record for record in records if record.is_new]
        for model in {record.model for record in new}:
            own = [record for record in new if record.model is model]
            rows = []
            for record, pk in zip(own, writer.allocate(model, len(own)), strict=True):
                instance = model(pk=pk, **record.values)
                instance.prepare()
                record.pk = pk
                rows.append({f.attname: getattr(instance, f.attname) for f in model._meta.concrete_fields})
                self.seen.builder.settled(record)
            writer.insert(model, rows)
            self._history(model, rows, "+")
        for record in records:
            if not record.is_new:
                instance = record.model._default_manager.select_for_update().get(pk=record.pk)
                if any(getattr(instance, name) != value for name, value in record.before.items()):
                    raise ImportConflictError(
                        _("“%s” vừa được người khác sửa nên chưa ghi gì. Hãy xem trước lại.") % instance
                    )
                for name, value in record.values.items():
                    setattr(instance, name, value)
                instance._history_user, instance._change_reason = self.user, self.batch.change_reason
                instance.save()
                self.seen.builder.settled(record)

    def _whole(self, row: Row) -> dict:
        """Every column of the record as it will be stored."""
        values = {
            name: value.pk if isinstance(value, NewRecord) else value for name, value in row.values.items()
        }
        if row.outcome == Outcome.CREATED:
            whole = {**self._defaults, **values}
            if self.seen.kind.owner and self.batch.agency_id:
                whole[self.seen.kind.owner] = self.batch.agency_id
            row.pk = whole["id"] = self._next_key()
        else:
            whole = {**row.before, **values, "version": row.before["version"] + 1}
        self.seen.builder.finish(whole)
        return whole

    def _next_key(self) -> int:
        if not hasattr(self, "_keys"):
            count = sum(row.outcome == Outcome.CREATED for row in self.seen.rows)
            self._keys = iter(writer.allocate(self.model, count))
        return next(self._keys)

    def _require_unchanged(self, rows: list[Row]) -> None:
        """Lock the rows that are about to change and compare them with what the preview saw."""
        by_pk = {row.pk: row for row in rows}
        names = list(rows[0].before) if rows else []
        for chunk in chunks(by_pk):
            stored = self.model._default_manager.filter(pk__in=chunk).order_by("pk").select_for_update()
            for values in stored.values_list(*names):
                row = by_pk.pop(values[names.index("id")])
                if row.before != dict(zip(names, values, strict=True)):
                    self._conflict(row)
        for row in by_pk.values():  # deleted since
            self._conflict(row)

    def _conflict(self, row: Row) -> None:
        raise ImportConflictError(
            _("Dòng %(row)s: bản ghi vừa được người khác sửa nên chưa ghi gì. Hãy xem trước lại.")
            % {"row": row.number}
        )

    def _import_row(self, row: Row) -> dict:
        old, new = {}, {}
        if row.outcome == Outcome.UPDATED:
            for name, value in row.values.items():
                old[name] = _plain(row.before[name])
                new[name] = _plain(value.pk if isinstance(value, NewRecord) else value)
        return {
            "batch_id": self.batch.pk,
            "number": row.number,
            "outcome": str(row.outcome),
            "object_id": row.pk,
            "title": row.title,
            "old_values": old,
            "new_values": new,
            "changes": [
                [self.seen.kind.label(name), *change]
                for name, change in row.changes.items()
                if row.outcome == Outcome.UPDATED
            ],
            "problems": [
                {"column": problem.column, "severity": problem.severity, "code": problem.code,
                 "message": problem.message}
                for problem in row.problems
            ],
            "related": [
                {"model": record.model._meta.label_lower, "id": record.pk, "old": record.before}
                for record in row.related
                if row.outcome in (Outcome.CREATED, Outcome.UPDATED)
            ],
        }  # fmt: skip


def _derived(model) -> set[str]:
    """Columns that a model fills itself: those that no form shows."""
    return {field.attname for field in model._meta.concrete_fields if not field.editable}


def _plain(value):
    return value if value is None or isinstance(value, int) else as_text(value)
