"""Reports that a period still lacks when its sending day comes near or has just passed (R6)."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from programs.figures import activity_figures
from programs.measures import LeafFigure
from programs.models import ProgressUpdate, ReportingPeriod


@dataclass(frozen=True)
class Owed:
    """A period and, by activity id, those of which it expects a report and has none, not even a sent one."""

    period: ReportingPeriod
    leaves: dict[int, LeafFigure]


def owed_reports(activities, on: datetime.date, periods) -> list[Owed]:
    """Return what is owed to these `periods` as of `on`, or of the day on which they close.

    Of several periods that hold that day the shortest speaks, as it does for the figures; a sealed one
    waits for nothing. One query where no period is near, whatever the number of activities.
    """
    by_day = defaultdict(list)
    for period in periods.filter(start_on__lte=on, snapshot__isnull=True).order_by("due_on", "pk"):
        by_day[min(on, period.end_on)].append(period)
    found = []
    for as_of, near in by_day.items():
        speaking: dict[int, int] = {}
        for period in ReportingPeriod.objects.containing(as_of):
            speaking.setdefault(period.plan_id, period.pk)
        heard = [period for period in near if speaking.get(period.plan_id) == period.pk]
        if heard:
            found += _owed_as_of(activities, as_of, heard)
    return found


def _owed_as_of(activities, as_of: datetime.date, periods: list[ReportingPeriod]) -> list[Owed]:
    plans = dict(
        activities.order_by()
        .filter(area__plan__in={period.plan_id for period in periods})
        .values_list("pk", "area__plan")
    )
    # By the periods that ask: a longer one that ends on the same day may be sealed already.
    asked = {period.plan_id: period for period in periods}
    rows = activities.filter(area__plan__in=set(plans.values()))
    silent = {
        pk: leaf
        for pk, leaf in activity_figures(rows, as_of, asked).items()
        if leaf.countable and leaf.expected and not leaf.reported
    }
    sent = defaultdict(list)
    waiting = ProgressUpdate.objects.filter(
        status=ProgressUpdate.Status.SUBMITTED,
        is_counterpart=False,
        effective_on__gte=min(period.start_on for period in periods),
    )
    for activity_id, effective_on in waiting.order_by().values_list("activity_id", "effective_on"):
        sent[activity_id].append(effective_on)
    return [
        Owed(
            period,
            {
                pk: leaf
                for pk, leaf in silent.items()
                if plans.get(pk) == period.plan_id
                and not any(period.start_on <= day <= period.end_on for day in sent[pk])
            },
        )
        for period in periods
    ]
