"""The writes that move a progress report: submit, withdraw, accept, return. Atomic, with who and when."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cooperation.permissions import CHANGE
from programs.models import Activity, ProgressUpdate
from programs.periods.written import activities_written

Status = ProgressUpdate.Status
Lifecycle = Activity.Lifecycle


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
        activity=update.activity_id,
        is_counterpart=update.is_counterpart,
        status=Status.ACCEPTED,
        percent__isnull=False,
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
    if row.activity.lifecycle == Lifecycle.CANCELLED and row.completed_on:
        raise ValidationError(_("Hoạt động đã hủy: không báo cáo hoàn thành được."))
    require_reason_for_fall(row)
    row.status = Status.SUBMITTED
    row.submitted_at = timezone.now()
    row.reported_by = row.reported_by or user
    row.save()
    return row


@transaction.atomic
def withdraw(*, update: ProgressUpdate, user) -> ProgressUpdate:
    """Take a submitted report back before anybody decided: it is a draft again."""
    _require(user, "change")
    row = _locked(update, user, (Status.SUBMITTED,))
    row.status = Status.DRAFT
    row.submitted_at = None
    row.save()
    return row


@transaction.atomic
def accept(*, update: ProgressUpdate, user, reason: str = "", document: str = "") -> ProgressUpdate:
    """Accept a submitted report: from now on its figure counts and never changes.

    Of the leading side, milestones and completion move the activity. Raises ReasonRequiredError where
    sealed figures would change and neither `reason` nor the report says why.
    """
    _require(user, "accept")
    row = _locked(update, user, (Status.SUBMITTED,))
    if row.reported_by_id == user.pk:
        raise ValidationError(_("Người lập báo cáo không tự duyệt: hãy nhờ một người duyệt khác."))
    require_reason_for_fall(row)
    row.status = Status.ACCEPTED
    row.decided_by = user
    row.decided_at = timezone.now()
    row.save()
    if not row.is_counterpart:
        _move_activity(row, user)
        why = reason or row.fall_reason
        activities_written([row.activity_id], user=user, reason=why, document=document)
    return row


def _move_activity(report: ProgressUpdate, user) -> None:
    """What an accepted report says was done is written where the rule reads it (R1)."""
    why = _("Báo cáo đã duyệt, số liệu đến %s") % f"{report.effective_on:%d/%m/%Y}"
    for milestone in report.milestones.filter(done_on__isnull=True, waived_on__isnull=True):
        milestone.done_on = report.effective_on
        milestone._change_reason = why
        milestone.save()
    activity = Activity.objects.get(pk=report.activity_id)
    if activity.lifecycle == Lifecycle.CANCELLED:
        return
    if report.completed_on and activity.lifecycle != Lifecycle.COMPLETED:
        activity.lifecycle, activity.completed_on = Lifecycle.COMPLETED, report.completed_on
    elif activity.lifecycle == Lifecycle.PLANNED:
        activity.lifecycle = Lifecycle.IN_PROGRESS
    else:
        return
    activity._history_user, activity._change_reason = user, why
    activity.save()


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
