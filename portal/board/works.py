"""The plan's activities as the board counts them, as of a day, and the groups that its numbers stand for.

Today they are the kept standings, which the database counts; of another day, or of a sealed one, they are
made from the figures of that day. Both have the same fields, so that one table of groups serves a number and
the list of the rows behind it.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cooperation.models import Agency
from cooperation.succession import Lineage
from programs.facts import published_of
from programs.figures import PlanProgress
from programs.handing_over import lead_then, with_lead_then
from programs.measures import LeafFacts, LeafFigure, Timeliness
from programs.models import Milestone
from programs.periods.content import decode
from programs.progress import earliest_open_day
from programs.schedules import EarlierDates

DUE_WITHIN = (30, 60, 90)
_OPEN = {Timeliness.ON_TIME, Timeliness.DUE_SOON, Timeliness.OVERDUE, Timeliness.NO_DUE_DATE}

# Group → its title, and what holds for its activities, as a query set's filter says it.
GROUPS = {
    "chu-tri": (_("Hoạt động được tính"), {"countable": True}),
    "dang-lam": (_("Chưa xong"), {"open": True}),
    "hoan-thanh": (_("Đã hoàn thành"), {"countable": True, "completed": True}),
    "qua-han": (_("Quá hạn"), {"overdue": True}),
    "chua-bao-cao": (_("Chưa báo cáo kỳ này"), {"expected": True, "reported": False}),
    "den-han-30": (_("Đến hạn trong 30 ngày"), {"due_within__in": (30,)}),
    "den-han-60": (_("Đến hạn trong 60 ngày"), {"due_within__in": (30, 60)}),
    "den-han-90": (_("Đến hạn trong 90 ngày"), {"due_within__in": (30, 60, 90)}),
}


@dataclass(frozen=True)
class Work:
    """An activity as of a day, with the fields of LeafStanding. `agency_id`: who led it that day."""

    activity_id: int
    area_id: int
    agency_id: int | None
    countable: bool
    completed: bool
    expected: bool
    reported: bool
    overdue: bool
    open: bool
    due_on: datetime.date | None
    due_within: int
    last_report_on: datetime.date | None


def meets(work: Work, conditions: dict) -> bool:
    """What `filter(**conditions)` asks of a row, asked of a work."""
    return all(
        getattr(work, name.removesuffix("__in")) in wanted
        if name.endswith("__in")
        else getattr(work, name) == wanted
        for name, wanted in conditions.items()
    )


def works_of(progress: PlanProgress, lineage: Lineage) -> list[Work]:
    """Return the works behind the figures of a plan: three queries, none where the day is sealed."""
    if progress.snapshot is not None:
        return _sealed_works(progress, lineage)
    on, activities = progress.on, published_of(progress.plan.pk)
    milestones: dict[int, list[datetime.date]] = {}
    still_open = Milestone.objects.filter(activity__in=activities.order_by().values("pk"))
    for pk, due_on, done_on, waived_on in still_open.order_by().values_list(
        "activity_id", "due_on", "done_on", "waived_on"
    ):
        if not any(day is not None and day <= on for day in (done_on, waived_on)):
            milestones.setdefault(pk, []).append(due_on)
    earlier = EarlierDates(activities, on)
    known = {
        pk: (
            lead_then(lineage, agency_id, day),
            schedule.due_on if (schedule := earlier.schedule_on(pk, on)) else due_on,
        )
        for pk, agency_id, day, due_on in with_lead_then(activities, on)
        .order_by()
        .values_list("pk", "lead_then_id", "lead_day", "due_on")
    }
    found = []
    for row in progress.areas:
        for pk, leaf in row.leaves.items():
            lead, due_on = known.get(pk, (None, None))
            due = min(filter(None, (due_on, *milestones.get(pk, ()))), default=None)
            found.append(_work(pk, row.area.pk, lead, leaf, due, on))
    return [work for work in found if work is not None]


def _sealed_works(progress: PlanProgress, lineage: Lineage) -> list[Work]:
    """From what was sealed: who led then, and the dates as they were known then."""
    by_slug: dict[str, Agency] = {body.slug: body for body in lineage.bodies.values()}
    entries = progress.snapshot.sealed.entries
    found = []
    for row in progress.areas:
        for pk, leaf in row.leaves.items():
            entry = entries[pk]
            lead = by_slug.get(entry["lead"]["slug"]) if entry["lead"] else None
            lead = lineage.acting(lead.pk, progress.on) if lead else None
            due = earliest_open_day(decode(LeafFacts, entry["facts"]), progress.on)
            found.append(_work(pk, row.area.pk, lead, leaf, due, progress.on))
    return [work for work in found if work is not None]


def _work(pk, area_id, lead: Agency | None, leaf: LeafFigure, due, on) -> Work | None:
    if not leaf.in_plan:
        return None
    is_open = leaf.countable and leaf.timeliness in _OPEN
    return Work(
        activity_id=pk,
        area_id=area_id,
        agency_id=lead and lead.pk,
        countable=leaf.countable,
        completed=leaf.completed,
        expected=leaf.expected,
        reported=leaf.reported,
        overdue=leaf.countable and leaf.timeliness == Timeliness.OVERDUE,
        open=is_open,
        due_on=due if is_open else None,
        due_within=_within(due, on) if is_open else 0,
        last_report_on=leaf.last_report_on,
    )


def _within(due: datetime.date | None, on: datetime.date) -> int:
    if due is None or due < on:
        return 0
    return next((days for days in DUE_WITHIN if (due - on).days <= days), 0)


def bodies_acting_as(lineage: Lineage, agency_id: int, on: datetime.date) -> set[int]:
    """The ids of those for whom that body acts on `on`, its own among them."""
    return {pk for pk in lineage.bodies if lineage.acting(pk, on).pk == agency_id}


def in_board_order(works: Iterable[Work]) -> list[Work]:
    """The earliest due day first, those without one last: what the kept standings are ordered by."""
    return sorted(works, key=lambda work: (work.due_on or datetime.date.max, work.activity_id))
