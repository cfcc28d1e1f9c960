"""What `?so_voi=` puts beside a figure: what it was on that day, and the difference of the two shown ones."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cooperation.models import CooperationArea, JointPlan
from programs.changes.days import SealedDay
from programs.changes.trend import Values, trend, values_on
from programs.figures import activity_figures
from programs.measures import LeafFigure
from programs.models import Activity


@dataclass(frozen=True)
class Compared:
    old: Decimal | None
    new: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """None where one of the days has no value: that is not 0 (R4)."""
        return None if self.old is None or self.new is None else self.new - self.old


def plan_then(plan: JointPlan, day: datetime.date | None, sealed: list[SealedDay]) -> Values | None:
    """The plan's figures on the day that is compared with; None where none is asked for."""
    return None if day is None else values_on(plan, [day], sealed)[day]


def area_compared(
    area: CooperationArea, day: datetime.date | None, now: Decimal | None, sealed: list[SealedDay]
) -> Compared | None:
    if day is None:
        return None
    [point] = trend(area, [day], sealed=sealed)
    return Compared(point.actual, now)


def put_beside(activities: Iterable[Activity], on: datetime.date, day: datetime.date | None) -> None:
    """Give each row of a list its `compared`: the percentage on `on`, and on `day` where one is asked for;
    None where it was not counted. Four queries a day, one more where the day is sealed."""
    activities = list(activities)
    rows = Activity.objects.filter(pk__in=[activity.pk for activity in activities])
    now = activity_figures(rows, on)
    then = {} if day is None else activity_figures(rows, day)
    for activity in activities:
        activity.compared = Compared(_counted(then, activity.pk), _counted(now, activity.pk))


def _counted(figures: dict[int, LeafFigure], pk: int) -> Decimal | None:
    leaf = figures.get(pk)
    return leaf.shown if leaf is not None and leaf.countable else None
