"""Sends what is due, each thing once: marks are claimed before the mail and go with it or not at all."""

import datetime
import logging
from dataclasses import dataclass

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from programs.models import SentReminder
from programs.reminders.digest import digest
from programs.reminders.gathering import Reminder, reminders_on
from programs.reminders.recipients import recipients, theirs
from programs.reminders.rules import unsaid

logger = logging.getLogger(__name__)
_CLAIMS = 5
_KEYS_A_QUERY = 500


@dataclass
class Outcome:
    mails: int = 0
    things: int = 0
    failed: int = 0


def send_due(on: datetime.date, *, dry_run: bool = False) -> Outcome:
    """Send every person a digest of what is due on `on` and was not said yet.

    A mail that the server refuses takes its marks back and stops nobody else's: the next run sends it.
    """
    outcome = Outcome()
    reminders = reminders_on(on)
    for user in recipients():
        own = theirs(user, reminders, on)
        new = _new(own, _marked(user, own))
        if not new:
            continue
        if not dry_run:
            try:
                new = _send(user, own, on)
            except (OSError, ValueError, DatabaseError) as fault:  # smtplib's errors are OSErrors
                # By kind alone: a server's words may repeat the address.
                logger.warning("reminder mail not sent: %s", type(fault).__name__)
                outcome.failed += 1
                continue
        outcome.mails += bool(new)
        outcome.things += len(new)
    return outcome


@transaction.atomic
def _send(user, own: list[Reminder], on: datetime.date) -> list[Reminder]:
    """Claim, send, and only then let the marks stand."""
    claimed = _claim(user, own)
    if claimed:
        digest(user, claimed, on).send()
    return claimed


def _claim(user, own: list[Reminder]) -> list[Reminder]:
    """Mark what is new, with the steps that it overtook. What another job marks meanwhile is that job's."""
    for _attempt in range(_CLAIMS):
        marked = _marked(user, own)
        new = _new(own, marked)
        now = timezone.now()
        marks = [
            SentReminder(recipient=user, kind=step.kind, key=step.key, sent_at=now)
            for reminder in new
            for step in reminder.steps
            if step.key not in marked
        ]
        try:
            with transaction.atomic():
                # In one order, so that two jobs wait for each other and never in a circle.
                SentReminder.objects.bulk_create(sorted(marks, key=lambda mark: mark.key))
        except IntegrityError:
            continue
        return new
    return []


def _marked(user, own: list[Reminder]) -> set[str]:
    """The keys among theirs that were sent to `user` before."""
    keys = sorted({step.key for reminder in own for step in reminder.steps})
    return {
        key
        for first in range(0, len(keys), _KEYS_A_QUERY)
        for key in SentReminder.objects.filter(
            recipient=user, key__in=keys[first : first + _KEYS_A_QUERY]
        ).values_list("key", flat=True)
    }


def _new(own: list[Reminder], marked: set[str]) -> list[Reminder]:
    return [reminder for reminder in own if unsaid(reminder.steps, marked)]
