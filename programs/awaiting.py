"""Completions that wait for the other side: whose key is not turned yet, and what one press is enough for."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from cooperation.permissions import VIEW, agency_ids
from programs.confirmation import Confirmation, Key, State, confirmations
from programs.models import Activity, ProgressUpdate
from programs.sides import Sides


@dataclass(frozen=True)
class Waiting:
    """A key that is waited for. `lead` is the leading side's, where that side calls the activity completed:
    then one press is enough (reporting/answering.py)."""

    key: Key
    lead: Key | None

    @property
    def answered(self) -> bool:
        """True where the side has said why it does not agree, and the leading side nothing since."""
        if self.lead is None or self.key.answer is None:
            return False
        if self.lead.turned_at is None:
            return self.key.answer.effective_on >= self.lead.completed_on
        return self.key.answer.decided_at >= self.lead.turned_at


def waiting_keys(found: Confirmation) -> list[Waiting]:
    """The keys that the completion of one activity still waits for; none where no side speaks of one."""
    if found.state != State.DISAGREED:
        return []
    lead = next((key for key in found.keys if key.leads and key.turned), None)
    return [Waiting(key, lead) for key in found.keys if key.required and not key.turned]


def awaiting_key(user, on: datetime.date) -> dict[int, Waiting]:
    """Activities, by id, that another side calls completed and whose key `user`'s own side has not turned.

    Of the leading side only the lead is asked: its partners do not report (reporting/seats.py).
    """
    if not user.agency_id:
        return {}
    own, sides = agency_ids(user), Sides()
    mine = sides.of(user.agency_id, on)
    seen = Activity.objects.for_user(user, VIEW).filter(Activity.objects.all().owned_by(own, VIEW))
    asked = {
        pk: waiting
        for pk, found in confirmations(called_completed(seen, on), on, sides).items()
        for waiting in waiting_keys(found)
        if waiting.key.side == mine
    }
    leading = [pk for pk, waiting in asked.items() if waiting.key.leads]
    partnered = Activity.objects.filter(pk__in=leading).exclude(lead_agency__in=own).order_by()
    for pk in partnered.values_list("pk", flat=True):
        del asked[pk]
    return asked


def awaiting_answer(on: datetime.date) -> dict[int, Key]:
    """Activities, by id, that the leading side calls completed and that another side has not answered yet,
    each with the leading side's key: seven queries."""
    return {
        pk: waiting.lead
        for pk, found in confirmations(called_completed(Activity.objects.all(), on), on).items()
        for waiting in waiting_keys(found)
        if waiting.lead and not waiting.answered
    }


def called_completed(activities, on: datetime.date):
    """Those that some side calls completed by then. What is cancelled is nobody's to confirm."""
    said = ProgressUpdate.objects.filter(
        activity=OuterRef("pk"), completed_on__isnull=False, status=ProgressUpdate.Status.ACCEPTED
    )
    return activities.exclude(lifecycle=Activity.Lifecycle.CANCELLED).filter(
        Q(completed_on__lte=on) | Exists(said.filter(effective_on__lte=on))
    )
