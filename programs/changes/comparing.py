"""What `?so_voi=` puts beside a figure: what it was on that day, and the difference of the two shown ones; on
pages, and in the file of a list.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cooperation.list_exports import Column, ListFile
from cooperation.models import CooperationArea, JointPlan
from programs.changes.days import SealedDay
from programs.changes.trend import Values, trend, values_on
from programs.models import Activity
from programs.percents import percents_on, terms_on
from programs.schedules import Schedule


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


def put_beside(
    plan: JointPlan, activities: Iterable[Activity], on: datetime.date, day: datetime.date | None
) -> None:
    """Give each row of a list of `plan` its `compared`: the percentage on `on`, and on `day` where one is
    asked for; None where it was not counted. The queries are those of percents_on."""
    activities = list(activities)
    rows = Activity.objects.filter(pk__in=[activity.pk for activity in activities])
    percents = percents_on(plan, rows, (on,) if day is None else (on, day))
    for activity in activities:
        now, *then = percents.get(activity.pk, (None, None))
        activity.compared = Compared(then[0] if then else None, now)


def file_of_days(file: ListFile, plan: JointPlan, on: datetime.date, day: datetime.date | None) -> ListFile:
    """Return the file of a list of activities of `plan` with what its page shows of `on`, and of `day` where
    another one is compared with."""
    return _FileOfDays(file.name, (_KEY, *file.columns), plan, on, None if day == on else day)


_KEY = Column("", ("pk",))


@dataclass(frozen=True)
class _FileOfDays(ListFile):
    """The term is that of the day. The percentages and their difference in points come last; empty, not 0,
    where an activity was not counted (R4)."""

    plan: JointPlan
    on: datetime.date
    day: datetime.date | None

    @property
    def headings(self):
        percents = [_("Ngày %(day)s, %%") % {"day": date_format(day)} for day in self._days]
        if self.day is not None:
            percents.append(_("So với %(day)s") % {"day": date_format(self.day)})
        return [*super().headings[1:], *percents]

    @property
    def _days(self) -> tuple[datetime.date, ...]:
        return (self.on,) if self.day is None else (self.on, self.day)

    def rows(self, found):
        then = terms_on(self.plan, found, self.on)
        terms = [
            (place, column.paths[0], column.shown or (lambda value: value))
            for place, column in enumerate(self.columns[1:])
            if column.paths[0] in Schedule.__annotations__
        ]
        percents = percents_on(self.plan, found, self._days)
        for pk, *values in super().rows(found):
            if (term := then.get(pk)) is not None:
                for place, name, shown in terms:
                    values[place] = shown(getattr(term, name))
            # Written between the queries: the next reader finds it.
            new, *old = percents.get(pk, (None,) * len(self._days))
            yield (*values, new, *(figure for one in old for figure in (one, Compared(one, new).difference)))
