"""Writes a preview: one transaction, once, with history and every row's old values."""

from functools import partial

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from cooperation.permissions import home_agency
from enterprises.importing.preview import Preview
from enterprises.importing.rows import Outcome, Row, as_text
from enterprises.models import MOU, Enterprise, ImportBatch, ImportRow

CHUNK = 500
_KEYS_A_QUERY = 10_000
_NEVER_UPDATED = {"id", "plan"}
_UPDATED_FIELDS = [field.name for field in MOU._meta.concrete_fields if field.name not in _NEVER_UPDATED]


class ImportConflictError(Exception):
    """What the preview was built on has changed since: nothing was written."""


def committed(key: str) -> ImportBatch | None:
    """The batch that a preview with that key became."""
    return ImportBatch.objects.filter(key=key, state=ImportBatch.State.COMMITTED).first()


def commit(preview: Preview, *, user=None) -> ImportBatch | None:
    """Write what the preview says. Returns the batch, or None where there was nothing to write.

    The same preview sent twice, or by two at once, is written once. Raises ImportConflictError.
    """
    written = [row for row in preview.rows if row.outcome in (Outcome.CREATED, Outcome.UPDATED)]
    if not written:
        return None
    if done := committed(preview.key):
        return done
    agency = home_agency(user) if user is not None else None
    try:
        with transaction.atomic():
            return _write(preview, written, user, agency)
    except IntegrityError as fault:
        if winner := committed(preview.key):
            return winner
        raise ImportConflictError(
            _("Dữ liệu đã được người khác thay đổi từ lúc xem trước: chưa ghi gì. Hãy xem trước lại.")
        ) from fault
    except OperationalError as fault:
        raise ImportConflictError(
            _("Cơ sở dữ liệu đang bận: chưa ghi gì. Hãy thử lại sau ít phút.")
        ) from fault


def _write(preview: Preview, written, user, agency) -> ImportBatch:
    batch = ImportBatch.objects.create(
        key=preview.key,
        plan=preview.plan,
        file_name=preview.file_name[:255],
        sha256=preview.sha256,
        user=user,
    )
    reason = _("Nhập từ tệp %(file)s, lần %(batch)s") % {"file": preview.file_name, "batch": batch.pk}
    history = partial(_keep_history, user=user, reason=reason[:100])

    parties = {id(party): party for row in written for party in (row.mou.party_a, row.mou.party_b)}
    new_parties = [party for party in parties.values() if party.pk is None]
    Enterprise.objects.bulk_create(new_parties, batch_size=CHUNK)
    history(Enterprise, new_parties, update=False)

    created = [row.mou for row in written if row.outcome == Outcome.CREATED]
    changing = [row for row in written if row.outcome == Outcome.UPDATED]
    _require_unchanged(changing)
    updated = [row.mou for row in changing]
    for mou in (*created, *updated):
        # Assigned again for the keys that were just given; to set party_a_id would forget the object and
        # load it once more for every row.
        mou.party_a, mou.party_b = mou.party_a, mou.party_b
        mou.prepare()
    _require_new(created)
    for mou in created:
        mou.agency = agency
    MOU.objects.bulk_create(created, batch_size=CHUNK)
    history(MOU, created, update=False)
    if updated:
        MOU.objects.bulk_create(
            updated,
            batch_size=CHUNK,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=_UPDATED_FIELDS,
        )
        history(MOU, updated, update=True)

    ImportRow.objects.bulk_create(
        (
            ImportRow(
                batch=batch,
                number=row.number,
                outcome=row.outcome,
                object_id=row.mou.pk if row.mou else None,
                **_values(row),
            )
            for row in preview.rows
        ),
        batch_size=CHUNK,
    )
    batch.report = preview.report(committed=True, batch=batch.pk)
    batch.save(update_fields=["report"])
    return batch


def _values(row: Row) -> dict[str, dict]:
    """What the row replaced and what it put there, field → stored value; a relation by its key."""
    old, new = {}, {}
    for name in row.changes if row.outcome in (Outcome.CREATED, Outcome.UPDATED) else ():
        attname = MOU._meta.get_field(name).attname
        new[name] = _plain(getattr(row.mou, attname))
        if row.outcome == Outcome.UPDATED:
            old[name] = _plain(row.before[attname])
    return {"old_values": old, "new_values": new}


def _plain(value):
    return value if value is None or isinstance(value, int) else as_text(value)


def _keep_history(model, records, *, update: bool, user, reason: str) -> None:
    if records:
        model.history.bulk_history_create(
            records, batch_size=CHUNK, update=update, default_user=user, default_change_reason=reason
        )


def _require_new(created) -> None:
    """Refuse a memorandum that another import has brought since: the same pair, day and content.

    Two numbers tell two memoranda apart; a number and none do not, which no constraint can say.
    """
    numbers = {mou.identity_key: mou.number for mou in created}
    keys = list(numbers)
    for start in range(0, len(keys), _KEYS_A_QUERY):
        known = MOU.objects.filter(plan=created[0].plan, identity_key__in=keys[start : start + _KEYS_A_QUERY])
        for key, number in known.values_list("identity_key", "number"):
            if not (number and numbers[key]):
                raise ImportConflictError(
                    _("Một bản ghi nhớ vừa được người khác nhập nên chưa ghi gì. Hãy xem trước lại.")
                )


def _require_unchanged(rows) -> None:
    """Lock the rows that are about to change and compare them with what the preview saw."""
    stored = MOU.objects.select_for_update().in_bulk([row.mou.pk for row in rows])
    for row in rows:
        mou = stored.get(row.mou.pk)
        if mou is None or any(getattr(mou, name) != value for name, value in row.before.items()):
            raise ImportConflictError(
                _("Dòng %(row)s: bản ghi vừa được người khác sửa nên chưa ghi gì. Hãy xem trước lại.")
                % {"row": row.number}
            )
