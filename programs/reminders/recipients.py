"""Who is told of what: active staff with an address, by what their roles may do, each of own rows only."""

import datetime
from collections.abc import Iterable

from cooperation.models import User
from cooperation.permissions import CHANGE, RUNS_THE_SYSTEM, VIEW, reads_all
from programs.awaiting import awaiting_key
from programs.models import Activity, ExplanationRequest, ProgressUpdate
from programs.reminders.gathering import Audience, Reminder

Status = ProgressUpdate.Status


def recipients():
    """Administrators of the system are told nothing: everything is theirs to see, and nothing to do."""
    return (
        User.objects.filter(is_active=True, is_staff=True, is_superuser=False)
        .exclude(groups__name=RUNS_THE_SYSTEM)
        .exclude(email="")
        .order_by("pk")
    )


def theirs(user, reminders: Iterable[Reminder], on: datetime.date) -> list[Reminder]:
    """The reminders of `on` that are `user`'s; what follows from one right is read once."""
    rows: dict[Audience, set[int]] = {}
    found = []
    for reminder in reminders:
        if reminder.audience not in rows:
            rows[reminder.audience] = _rows(user, reminder.audience, on)
        if reminder.row in rows[reminder.audience] and reminder.asked_by in (None, user.pk):
            found.append(reminder)
    return found


def _rows(user, audience: Audience, on: datetime.date) -> set[int]:
    accepts = user.has_perm("programs.accept_progressupdate")
    reports = user.has_perm("programs.change_progressupdate") and not accepts
    match audience:
        case Audience.REPORTS:
            rows = Activity.objects.for_user(user, CHANGE) if reports else None
        case Audience.CORRECTS:
            rows = _updates(user, Status.RETURNED) if reports else None
        case Audience.ACCEPTS:
            rows = _updates(user, Status.SUBMITTED) if accepts else None
        case Audience.CONFIRMS:
            waiting = awaiting_key(user, on) if accepts and not reads_all(user) else {}
            return {pk for pk, one in waiting.items() if one.lead and not one.answered}
        case Audience.ANSWERS:
            may = user.has_perm("programs.answer_explanationrequest")
            rows = ExplanationRequest.objects.for_user(user, CHANGE).unanswered() if may else None
        case Audience.ASKED:
            may = user.has_perm("programs.add_explanationrequest")
            rows = ExplanationRequest.objects.for_user(user, VIEW).unanswered() if may else None
    return set() if rows is None else set(rows.order_by().values_list("pk", flat=True))


def _updates(user, status):
    return ProgressUpdate.objects.for_user(user, CHANGE).filter(status=status)
