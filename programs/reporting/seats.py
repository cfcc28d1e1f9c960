"""For whom a member of staff reports about an activity: the leading body, or the other province's.

One figure, one lead: of an agency's own side only the lead reports. The other side reports its own figure,
which stands beside (confirmation.py). Where nobody leads, every partner reports.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.timezone import localdate

from cooperation.models import Agency
from cooperation.permissions import CHANGE, agency_ids, runs_the_system
from programs.confirmation import counterpart_of
from programs.models import Activity, ProgressUpdate


@dataclass(frozen=True)
class Seat:
    agency: Agency
    is_counterpart: bool


def seat(activity: Activity, user) -> Seat | None:
    """Return whose report `user` may write about `activity` today, or None."""
    today = localdate()
    own = agency_ids(user)
    if runs_the_system(user) and activity.lead_agency_id:
        return Seat(activity.lead_agency.acting_on(today), False)
    if activity.lead_agency_id in own:
        return Seat(activity.lead_agency.acting_on(today), False)
    partners = activity.partner_agencies.filter(pk__in=own).order_by("pk")
    for partner in partners:
        acting = partner.acting_on(today)
        if activity.lead_agency_id is None:
            return Seat(acting, False)
        if counterpart_of(activity, acting, today):
            return Seat(acting, True)
    return None


def written_by(report: ProgressUpdate, user) -> None:
    """Say whose a report is: of the person who wrote it last and, where it has none yet, their seat.

    Whoever wrote does not accept (workflow.accept), also where a colleague had begun.
    """
    report.reported_by = user
    sits = seat(report.activity, user) if report.agency_id is None else None
    if sits is not None:
        report.agency, report.is_counterpart = sits.agency, sits.is_counterpart


def reportable(user):
    """Activities that `user` might report about; `seat` has the last word."""
    led = Activity.objects.for_user(user, CHANGE)
    partnered = Activity.partner_agencies.through.objects.filter(agency__in=agency_ids(user))
    return Activity.objects.filter(Q(pk__in=led.values("pk")) | Q(pk__in=partnered.values("activity")))
