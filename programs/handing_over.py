"""Handing over: open work of a body that is gone goes to its successor; closed work keeps its body.

"Đơn vị lúc đó" is who led an activity on a day. Nothing that was reported, signed or computed is touched.
"""

import datetime
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import BigIntegerField, Case, DateField, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from cooperation.models import Agency
from cooperation.succession import Lineage, reason_of
from programs.models import Activity, Handover, Program
from programs.standings.keeping import refresh

OPEN = (Activity.Lifecycle.PLANNED, Activity.Lifecycle.IN_PROGRESS, Activity.Lifecycle.SUSPENDED)


@dataclass
class Moved:
    """What a handing over moved: (record, from, to) of each step, in the order of the codes."""

    activities: list[tuple[Activity, Agency, Agency]] = field(default_factory=list)
    programs: list[tuple[Program, Agency, Agency]] = field(default_factory=list)

    def __bool__(self):
        return bool(self.activities or self.programs)


@transaction.atomic
def hand_over(predecessors, *, today: datetime.date, document: str, user=None) -> Moved:
    """Move the open activities and programmes that `predecessors` lead to whoever acts for them today.

    A body that was merged on and on is followed step by step, one Handover a step. Running it again
    finds nothing left. Deleted records move too: they may be restored.
    """
    lineage, moved = Lineage.of(Agency), Moved()
    keys = [body.pk for body in predecessors]
    for activity in (
        Activity.with_deleted.select_for_update()
        .filter(lead_agency__in=keys, lifecycle__in=OPEN)
        .order_by("code", "pk")
    ):
        for body, heir in _steps(lineage, activity.lead_agency_id, today):
            activity.lead_agency = heir
            _save(activity, user, reason_of(heir, body.dissolved_on, document))
            Handover.objects.get_or_create(
                activity=activity,
                on=body.dissolved_on,
                defaults={
                    "from_agency": body,
                    "to_agency": heir,
                    "document": document,
                    "recorded_by": user,
                },
            )
            moved.activities.append((activity, body, heir))
    for program in (
        Program.with_deleted.select_for_update().filter(lead_agency__in=keys).order_by("code", "pk")
    ):
        for body, heir in _steps(lineage, program.lead_agency_id, today):
            if program.end_on is not None and program.end_on < body.dissolved_on:
                break  # it had ended: it stays with the body that ran it
            program.lead_agency = heir
            _save(program, user, reason_of(heir, body.dissolved_on, document))
            moved.programs.append((program, body, heir))
    refresh(activity.pk for activity, _body, _heir in moved.activities)
    return moved


def _save(record, user, reason: str) -> None:
    record._history_user, record._change_reason = user, reason
    record.save(update_fields=["lead_agency"])


def _steps(lineage: Lineage, pk: int, today: datetime.date):
    """Yield (body, its successor) from `pk` to the body that acts for it today."""
    last, body = lineage.acting(pk, today), lineage.bodies[pk]
    while body.pk != last.pk:
        heir = lineage.bodies[body.successor_id]
        yield body, heir
        body = heir


def without_living_lead(on: datetime.date):
    """Open activities whose leading body does not exist on that day: somebody must still take them over."""
    living = Agency.objects.existing_on(on)
    return (
        Activity.objects.filter(lifecycle__in=OPEN, lead_agency__isnull=False)
        .exclude(lead_agency__in=living.values("pk"))
        .order_by("code")
    )


def with_lead_then(activities, on: datetime.date):
    """Annotate `lead_day` (the day `on`, or the earlier one that closed the activity) and `lead_then_id`:
    the body recorded as leading on that day. `lead_then` makes "đơn vị lúc đó" of the two."""
    closed = Case(
        When(completed_on__lt=on, then=F("completed_on")),
        When(cancelled_on__lt=on, then=F("cancelled_on")),
        default=Value(on),
        output_field=DateField(),
    )
    next_one = Handover.objects.filter(activity=OuterRef("pk"), on__gt=OuterRef("lead_day")).order_by("on")
    return activities.annotate(lead_day=closed).annotate(
        lead_then_id=Coalesce(
            Subquery(next_one.values("from_agency")[:1]), F("lead_agency"), output_field=BigIntegerField()
        )
    )


def lead_then(lineage: Lineage, agency_id: int | None, day: datetime.date) -> Agency | None:
    """The body that acted on `day` for the one recorded: what an annotated row has."""
    return None if agency_id is None else lineage.acting(agency_id, day)


def lead_on(activity: Activity, on: datetime.date, lineage: Lineage | None = None) -> Agency | None:
    """Who led `activity` on `on`; of what was closed by then, who led it when it was closed."""
    row = with_lead_then(Activity.with_deleted.filter(pk=activity.pk), on).values("lead_then_id", "lead_day")
    found = row.get()
    return lead_then(lineage or Lineage.of(Agency), found["lead_then_id"], found["lead_day"])
