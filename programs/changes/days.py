"""The days of a plan that are sealed, and what stands for them."""

import datetime
from collections.abc import Collection
from typing import NamedTuple

from cooperation.models import JointPlan
from programs.models import Snapshot


class SealedDay(NamedTuple):
    day: datetime.date
    label: str
    snapshot_id: int
    sha256: str


def _standing(plan: JointPlan):
    """Of several snapshots of one day the one sealed first stands for it (figures.py)."""
    return Snapshot.objects.filter(period__plan=plan, period__deleted_at__isnull=True).order_by(
        "period__end_on", "sealed_at", "pk"
    )


def sealed_days(plan: JointPlan) -> list[SealedDay]:
    """The sealed days, the oldest first: one query."""
    rows = _standing(plan).values_list("period__end_on", "period__label", "pk", "sha256")
    found: dict[datetime.date, SealedDay] = {}
    for row in rows:
        found.setdefault(row[0], SealedDay(*row))
    return list(found.values())


def last_sealed(plan: JointPlan, before: datetime.date) -> SealedDay | None:
    """The newest sealed day before `before`."""
    newest = _standing(plan).filter(period__end_on__lt=before).order_by("-period__end_on", "sealed_at", "pk")
    row = newest.values_list("period__end_on", "period__label", "pk", "sha256").first()
    return SealedDay(*row) if row else None


def snapshots_of(plan: JointPlan, days: Collection[datetime.date]) -> dict[datetime.date, Snapshot]:
    """What stands for these days, with its content: one query."""
    found: dict[datetime.date, Snapshot] = {}
    for snapshot in _standing(plan).filter(period__end_on__in=set(days)).select_related("period"):
        found.setdefault(snapshot.period.end_on, snapshot)
    return found
