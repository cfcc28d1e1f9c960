"""The other side's word on a completion: confirmed, or not agreed with, by one person at one press.

"Whoever writes a report does not accept it" (workflow.accept) guards a side's word on its own work: two of
its people. Here the leading side has written and accepted; the word of an approver of the OTHER side is
itself the second key, so one person of that side is enough. It is kept as that side's accepted report, with
who and when: confirmation.py reads nothing else.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.corrections import written
from cooperation.permissions import reads_all
from programs.awaiting import Waiting, waiting_keys
from programs.confirmation import Confirmation, confirmation
from programs.models import Activity, ProgressUpdate
from programs.reporting.forms import by_percent
from programs.reporting.seats import Seat, reportable, seat
from programs.sides import Sides
from programs.workflow import require_reason_for_fall

Status = ProgressUpdate.Status


class ChangedMeanwhileError(Exception):
    """Nothing was written. The message says who changed what was shown, and when."""


@dataclass(frozen=True)
class Asked:
    """What the page shows. `waiting` is None where nothing waits for the side; `seen` names this state."""

    confirmation: Confirmation
    waiting: Waiting | None
    seen: str


def answering_seat(activity: Activity, user) -> Seat | None:
    """For whom `user` may answer today: an approver of another side than the lead's that takes part."""
    if not user.has_perm("programs.accept_progressupdate") or reads_all(user):
        return None
    sits = seat(activity, user)
    return sits if sits is not None and sits.is_counterpart else None


def asked_of(activity: Activity, agency) -> Asked:
    """What the side of `agency` is asked about `activity` today."""
    today, sides = localdate(), Sides()
    found, waiting = confirmation(activity, today, sides), None
    if activity.lifecycle != Activity.Lifecycle.CANCELLED:
        side = sides.of(agency.pk, today)
        keys = (one for one in waiting_keys(found) if one.lead is not None and one.key.side == side)
        waiting = next(keys, None)
    return Asked(found, waiting, f"{activity.version}.{_accepted(activity).count()}")


def may_answer(activity: Activity, user) -> bool:
    """True where a completion waits for the word of `user`'s side, and `user` may give it."""
    sits = answering_seat(activity, user)
    return sits is not None and asked_of(activity, sits.agency).waiting is not None


@transaction.atomic
def answer(
    *,
    activity: Activity,
    user,
    seen: str,
    completed_on: datetime.date | None,
    percent: Decimal | None,
    note: str,
) -> ProgressUpdate:
    """Confirm the completion on that day, or where it is None say in `note` why not, with the side's own
    percentage (0 to 100) if there is one. A second press of the same returns what the first has written.

    Raises PermissionDenied, ValidationError, ReasonRequiredError (cooperation.corrections), and
    ChangedMeanwhileError where the state is not the one that was `seen`.
    """
    # As reports are decided, one after the other (workflow.accept).
    locked = reportable(user).select_for_update().filter(pk=activity.pk).first()
    sits = answering_seat(locked, user) if locked else None
    if sits is None:
        raise PermissionDenied(_("Đơn vị của bạn không xác nhận hoạt động này."))
    report = ProgressUpdate(
        activity=locked,
        agency=sits.agency,
        is_counterpart=True,
        status=Status.ACCEPTED,
        effective_on=localdate(),
        completed_on=completed_on,
        percent=percent,
        reported_by=user,
        decided_by=user,
    )
    if completed_on is not None:
        report.results = note
        report.percent = Decimal(100) if by_percent(locked) else None
    else:
        report.difficulties = note
    asked = asked_of(locked, sits.agency)
    if asked.seen != seen:
        newest = _accepted(locked).order_by("-decided_at", "-pk").first()
        if newest is not None and _says_the_same(newest, report):
            return newest
        raise ChangedMeanwhileError(_changed_by(locked, newest))
    if asked.waiting is None:
        raise ValidationError(_("Không có gì chờ đơn vị bạn xác nhận ở hoạt động này."))
    return _keep(report, user, note)


def _keep(report: ProgressUpdate, user, note: str) -> ProgressUpdate:
    report.clean()
    try:
        require_reason_for_fall(report)
    except ValidationError:
        report.fall_reason = note
    report.submitted_at = report.decided_at = timezone.now()
    report._history_user = user
    report._change_reason = (
        _("Xác nhận hoàn thành của bên phối hợp")
        if report.completed_on
        else _("Bên phối hợp chưa thống nhất")
    )
    report.save()
    written(ProgressUpdate, [report.pk], user=user, reason=note)
    return report


def _accepted(activity: Activity):
    return ProgressUpdate.objects.filter(activity=activity, status=Status.ACCEPTED)


_WORD = ("agency_id", "reported_by_id", "decided_by_id", "completed_on", "percent", "results", "difficulties")


def _says_the_same(stored: ProgressUpdate, report: ProgressUpdate) -> bool:
    return all(getattr(stored, name) == getattr(report, name) for name in _WORD)


def _changed_by(activity: Activity, report: ProgressUpdate | None) -> str:
    """Who last accepted a report of the activity, or saved the activity itself, whichever came later."""
    saved = activity.history.select_related("history_user").order_by("history_id").last()
    changes = [(report.decided_at, report.decided_by)] if report else []
    changes += [(saved.history_date, saved.history_user)] if saved else []
    told = _("Trong lúc bạn xem, số liệu đã thay đổi nên chưa ghi gì.")
    if changes:  # what was loaded at once has no history
        when, who = max(changes, key=lambda change: change[0])
        told = _("Trong lúc bạn xem, %(who)s đã ghi thay đổi lúc %(when)s nên chưa ghi gì.") % {
            "who": who or _("hệ thống"),
            "when": date_format(timezone.localtime(when), "H:i d/m/Y"),
        }
    return told + " " + _("Chữ của bạn còn nguyên: hãy xem lại số liệu mới nhất dưới đây.")
