"""Takes a batch back: rows that nobody has touched since return, the others are listed and left alone.

"Touched" is read off the history: the newest entry of a record is then no longer the batch's own.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.apps import apps
from django.contrib.admin.models import CHANGE as CHANGE_ENTRY
from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation import corrections
from cooperation.importing import writer
from cooperation.importing.batch import ImportConflictError, keep_trail
from cooperation.importing.kinds import Kind, kind_named
from cooperation.importing.stored import chunks
from cooperation.models import ImportBatch, ImportRow
from cooperation.permissions import CHANGE

_WRITTEN = (ImportRow.Outcome.CREATED, ImportRow.Outcome.UPDATED)


@dataclass
class UndoPlan:
    """What an undo would do: rows that go back, and (row, reason) of those that stay."""

    back: list[ImportRow] = field(default_factory=list)
    stay: list[tuple[ImportRow, str]] = field(default_factory=list)


def plan_undo(batch: ImportBatch, user) -> UndoPlan:
    """Look at every row that the batch wrote. Reads only."""
    kind = kind_named(batch.kind)
    found = UndoPlan()
    rows = list(batch.rows.filter(outcome__in=_WRITTEN).order_by("number"))
    keys = [row.object_id for row in rows]
    newest = _newest_reasons(kind.model, keys)
    writable = _writable(kind, user, keys)
    for row in rows:
        if row.object_id not in writable:
            reason = _("không còn, hoặc thuộc cơ quan khác") if row.object_id in newest else _("không còn")
            found.stay.append((row, reason))
        elif newest.get(row.object_id) != batch.change_reason and _is_touchable(row):
            found.stay.append((row, _("đã được sửa sau khi nhập")))
        else:
            found.back.append(row)
    return found


def _is_touchable(row: ImportRow) -> bool:
    """A row that only brought further records wrote nothing to its own record."""
    return row.outcome == ImportRow.Outcome.CREATED or bool(row.old_values)


def _newest_reasons(model: type[models.Model], keys: list[int]) -> dict[int, str]:
    """Record → reason of its newest history entry."""
    history = model.history.model
    found = {}
    for chunk in chunks(keys):
        newest = history.objects.filter(id__in=chunk).values("id").annotate(last=Max("history_id"))
        last = {entry["last"] for entry in newest}
        for some in chunks(last):
            found.update(
                history.objects.filter(history_id__in=some).values_list("id", "history_change_reason")
            )
    return found


def _writable(kind: Kind, user, keys: list[int]) -> set[int]:
    manager = kind.model._default_manager
    allowed = manager.all() if user is None else manager.for_user(user, CHANGE)
    return {pk for chunk in chunks(keys) for pk in allowed.filter(pk__in=chunk).values_list("pk", flat=True)}


def undo(batch: ImportBatch, *, user=None) -> UndoPlan:
    """Take the batch back in one transaction. Returns what went back and what stayed.

    Raises ImportConflictError where it was undone already, or another record now needs one of its own.
    """
    try:
        with transaction.atomic():
            now = timezone.now()
            claimed = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.COMMITTED).update(
                state=ImportBatch.State.UNDONE, undone_at=now, undone_by=user
            )
            if not claimed:
                raise ImportConflictError(_("Lần nhập này đã được hoàn tác."))
            found = _take_back(batch, user)
    except IntegrityError as fault:
        raise ImportConflictError(
            _(
                "Một bản ghi khác đang dùng bản ghi của lần nhập này nên chưa hoàn tác gì. "
                "Hãy gỡ bản ghi ấy trước."
            )
        ) from fault
    batch.refresh_from_db()
    return found


def _take_back(batch: ImportBatch, user) -> UndoPlan:
    kind = kind_named(batch.kind)
    _lock(kind.model, [row.object_id for row in batch.rows.filter(outcome__in=_WRITTEN)])
    found = plan_undo(batch, user)
    created = [row.object_id for row in found.back if row.outcome == ImportRow.Outcome.CREATED]
    changed = {row.object_id: row.old_values for row in found.back if row.old_values}
    records = _whole_rows(kind.model, [*created, *changed])
    restored = []
    for pk, old in changed.items():
        instance = kind.model(**records[pk])
        for name, value in old.items():
            column = kind.model._meta.get_field(name)
            setattr(instance, name, None if value in (None, "") and column.null else column.to_python(value))
        instance.version += 1
        restored.append(instance)
    _prepare(kind.model, restored)
    rows = [
        {f.attname: getattr(one, f.attname) for f in kind.model._meta.concrete_fields} for one in restored
    ]
    names = [f.attname for f in kind.model._meta.concrete_fields if f.attname != "id"]
    writer.update(kind.model, rows, names)
    writer.keep_history(kind.model, rows, "~", user=user, reason=batch.undo_reason)
    if kind.refresh:
        kind.refresh(list(changed))
    gone = [records[pk] for pk in created if pk in records]
    writer.keep_history(kind.model, gone, "-", user=user, reason=batch.undo_reason)
    writer.delete(kind.model, created)
    corrections.written(kind.model, [*created, *changed], user=user, reason=batch.undo_reason)
    there = _whole_rows(kind.model, [row.object_id for row, _reason in found.stay])
    lost = [row for row, _reason in found.stay if row.object_id not in there]
    left = _take_back_related(batch, [*found.back, *lost], user)
    report = {
        **batch.report,
        "undone": len(found.back),
        "left": [{"row": row.number, "title": row.title, "reason": reason} for row, reason in found.stay],
        "left_related": left,
    }
    ImportBatch.objects.filter(pk=batch.pk).update(report=report)
    keep_trail(batch, user, CHANGE_ENTRY, batch.undo_reason)
    return found


def _lock(model: type[models.Model], keys: list[int]) -> None:
    for chunk in chunks(keys):
        list(model._default_manager.filter(pk__in=chunk).order_by("pk").select_for_update().values_list("pk"))


def _prepare(model: type[models.Model], instances: list) -> None:
    """Fill derived columns; relations that they need are fetched once for all."""
    relations = [f.name for f in model._meta.concrete_fields if f.is_relation and f.name.startswith("party")]
    models.prefetch_related_objects(instances, *relations)
    for instance in instances:
        instance.prepare()


def _whole_rows(model: type[models.Model], keys: list[int]) -> dict[int, dict]:
    names = [f.attname for f in model._meta.concrete_fields]
    return {
        values[names.index("id")]: dict(zip(names, values, strict=True))
        for chunk in chunks(keys)
        for values in model._default_manager.filter(pk__in=chunk).values_list(*names)
    }


def _take_back_related(batch: ImportBatch, rows: list[ImportRow], user) -> list[str]:
    """Further records: new ones go where nothing else needs them, changed ones get back what they had."""
    new, left = defaultdict(list), []
    entries = {(entry["model"], entry["id"]): entry for row in rows for entry in row.related}
    for entry in entries.values():  # several rows may have brought the same one
        model = apps.get_model(entry["model"])
        if not entry["old"]:
            new[model].append(entry["id"])
            continue
        instance = model._default_manager.select_for_update().filter(pk=entry["id"]).first()
        reasons = _newest_reasons(model, [entry["id"]])
        if instance is None or reasons.get(entry["id"]) != batch.change_reason:
            left.append(str(instance or entry["id"]))
            continue
        for name, value in entry["old"].items():
            setattr(instance, name, value)
        instance._history_user, instance._change_reason = user, batch.undo_reason
        instance.save()
    for model, keys in new.items():
        left += _delete_unneeded(batch, model, keys, user)
    return left


def _delete_unneeded(batch: ImportBatch, model: type[models.Model], keys: list[int], user) -> list[str]:
    """Delete those of `keys` that nobody touched and nothing points to; return the names of the others."""
    reasons = _newest_reasons(model, keys)
    needed = {pk for pk in keys if reasons.get(pk) != batch.change_reason}
    for relation in model._meta.related_objects:
        if relation.many_to_many or relation.related_model is model.history.model:
            continue
        column = relation.field.attname
        for chunk in chunks(keys):
            users = relation.related_model._base_manager.filter(**{f"{column}__in": chunk})  # the bin too
            needed.update(users.values_list(column, flat=True))
    records = _whole_rows(model, keys)
    gone = [pk for pk in keys if pk not in needed and pk in records]
    writer.keep_history(model, [records[pk] for pk in gone], "-", user=user, reason=batch.undo_reason)
    writer.delete(model, gone)
    return [str(model(**records[pk])) for pk in keys if pk in needed and pk in records]
