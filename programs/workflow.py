"""The writes that move a progress report: submit, accept, return. Atomic, with who and when."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cooperation.permissions import CHANGE
from programs.models import Activity, ProgressUpdate

Status = ProgressUpdate.Status


def _require(user, action: str) -> None:
    if not user.has_perm(f"programs.{action}_progressupdate"):
        raise PermissionDenied(_("Tài khoản của bạn không có quyền làm việc này."))


def _locked(update: ProgressUpdate, user, allowed: tuple[str, ...]) -> ProgressUpdate:
    """Return the row, locked, if it is `user`'s to write and stands in one of the allowed states."""
    rows = ProgressUpdate.objects.filter(pk__in=ProgressUpdate.objects.for_user(user, CHANGE).values("pk"))
    # The activity is locked first: two reports of one activity are decided one after the other (R11).
    Activity.objects.select_for_update().filter(pk=update.activity_id).first()
    row = rows.select_for_update().filter(pk=update.pk).first()
    if row is None:
        raise PermissionDenied(_("Báo cáo này không thuộc đơn vị của bạn."))
    if row.status not in allowed:
        raise ValidationError(
            _("Báo cáo đang ở trạng thái “%s” nên không làm được việc này.") % row.get_status_display()
        )
    return row


def require_reason_for_fall(update: ProgressUpdate) -> None:
    """R11: a percentage may fall only with a reason, from the report before to this one and from this one
    to the next, where it is dated back. Raises ValidationError."""
    if update.percent is None or update.fall_reason:
        return
    others = ProgressUpdate.objects.filter(
        activity=update.activity_id, status=Status.ACCEPTED, percent__isnull=False
    ).exclude(pk=update.pk)
    before = others.filter(effective_on__lte=update.effective_on).newest_first().first()
    after = others.filter(effective_on__gt=update.effective_on, fall_reason="").newest_first().last()
    old, new = (before, update) if before and update.percent < before.percent else (update, after)
    if new is not None and new.percent < old.percent:
        raise ValidationError(
            {
                "fall_reason": _("Tiến độ giảm từ %(old)s xuống %(new)s %% (%(day)s): hãy ghi lý do.")
                % {
                    "old": number_format(old.percent, 1),
                    "new": number_format(new.percent, 1),
                    "day": f"{new.effective_on:%d/%m/%Y}",
                }
            }
        )


@transaction.atomic
def submit(*, update: ProgressUpdate, user) -> ProgressUpdate:
    """Send a draft, or a returned report, to the approver."""
    _require(user, "change")
    row = _locked(update, user, (Status.DRAFT, Status.RETURNED))
    require_reason_for_fall(row)
    row.status = Status.SUBMITTED
    row.submitted_at = timezone.now()
    row.reported_by = row.reported_by or user
    row.save()
    return row


@transaction.atomic
def accept(*, update: ProgressUpdate, user) -> ProgressUpdate:
    """Accept a submitted report: from now on its figure counts and never changes."""
    _require(user, "accept")
    row = _locked(update, user, (Status.SUBMITTED,))
    require_reason_for_fall(row)
    row.status = Status.ACCEPTED
    row.decided_by = user
    row.decided_at = timezone.now()
    row.save()
    return row


@transaction.atomic
def return_(*, update: ProgressUpdate, user, note: str) -> ProgressUpdate:
    """Give a submitted report back with a note that says what to change."""
    _require(user, "accept")
    if not note.strip():
        raise ValidationError(_("Trả lại báo cáo phải ghi ý kiến."))
    row = _locked(update, user, (Status.SUBMITTED,))
    row.status = Status.RETURNED
    row.return_note = note.strip()
    row.decided_by = user
    row.decided_at = timezone.now()
    row.save()
    return row
