"""The bin: a record is taken out of every list, page and figure with a reason, and can be put back."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation.models import Record

NAMED_AT_MOST = 5


def uses(record: Record) -> list[str]:
    """Name what still needs this record. What belongs to it goes along: `DELETED_WITH` and its parts."""
    model = type(record)
    goes_along = getattr(model, "DELETED_WITH", ())
    found = []
    for relation in model._meta.related_objects:
        if relation.related_model is model.history.model or relation.get_accessor_name() in goes_along:
            continue
        on_delete = None if relation.many_to_many else relation.on_delete
        if on_delete not in (None, models.PROTECT):
            continue
        rows = relation.related_model._default_manager.filter(**{relation.field.name: record})
        name = relation.related_model._meta.verbose_name
        found += [f"{name}: {row}" for row in rows.distinct()[: NAMED_AT_MOST + 1]]
    return found


@transaction.atomic
def discard(record: Record, *, user, reason: str) -> None:
    """Put `record` into the bin. Raises ValidationError without a reason, or while something needs it."""
    if not reason.strip():
        raise ValidationError(_("Hãy ghi lý do xóa."))
    stored = type(record).with_deleted.select_for_update().get(pk=record.pk)
    if stored.deleted_at is not None:
        raise ValidationError(_("“%s” đã được xóa rồi.") % stored)
    if needed := uses(stored):
        more = " …" if len(needed) > NAMED_AT_MOST else ""
        raise ValidationError(
            _("Chưa xóa được vì đang được dùng – %(uses)s%(more)s. Hãy gỡ chỗ dùng trước.")
            % {"uses": "; ".join(needed[:NAMED_AT_MOST]), "more": more}
        )
    stored.deleted_at = timezone.now()
    _save(stored, user, reason.strip())


@transaction.atomic
def restore(record: Record, *, user, reason: str = "") -> None:
    """Take `record` out of the bin. Raises ValidationError where a living one bears its code or name."""
    stored = type(record).with_deleted.select_for_update().get(pk=record.pk)
    if stored.deleted_at is None:
        raise ValidationError(_("“%s” không nằm trong mục đã xóa.") % stored)
    stored.deleted_at = None
    try:
        stored.validate_constraints()
    except ValidationError as refusal:
        raise ValidationError(
            _("Chưa khôi phục được “%(record)s”: %(why)s Hãy sửa bản ghi kia trước.")
            % {"record": stored, "why": " ".join(refusal.messages)}
        ) from refusal
    _save(stored, user, reason.strip() or _("Khôi phục"))


def _save(stored: Record, user, reason: str) -> None:
    stored._history_user, stored._change_reason = user, reason
    stored.save()
