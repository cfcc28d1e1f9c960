"""Keeps the standings right: after every write, at every new day, and from scratch.

A plan's standings are all of one day, KeptStandings.on. A write refreshes what it touched as of that day; a
new day moves only the activities whose `next_change_on` has come. Whoever changes a plan's standings holds
the row of its KeptStandings: writes of one plan wait for each other at their very end.
"""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from cooperation.importing import writer
from cooperation.models import CooperationArea, JointPlan
from programs.measures import Period, Thresholds
from programs.models import (
    Activity,
    AgencyStanding,
    AreaStanding,
    KeptStandings,
    LeafStanding,
    ReportingPeriod,
)
from programs.periods.in_force import reporting_period, thresholds_in_force
from programs.progress import RULE_VERSION
from programs.standings import sums
from programs.standings.leaves import Frame, leaf_rows, public_in

# What a page or a write does on the way where a new day has come; above that the daily job does it.
ON_THE_WAY = 1_000
# So many activities are refreshed in one pass.
PASS = 5_000
COLUMNS = [field.attname for field in LeafStanding._meta.concrete_fields]


@transaction.atomic(savepoint=False)
def refresh(activity_ids: Iterable[int]) -> None:
    """Put these activities, changed by the caller's transaction, right in every plan that is kept."""
    for part in _parts(sorted(set(activity_ids))):
        held = _held(
            Q(plan__in=LeafStanding.objects.filter(activity__in=part).values("plan"))
            | Q(plan__in=Activity.with_deleted.filter(pk__in=part).values("area__plan"))
        )
        _refresh([(kept, _to_the_day(kept, localdate(), ON_THE_WAY)) for kept in held], part)


@transaction.atomic(savepoint=False)
def refresh_plans(plan_ids: Iterable[int]) -> None:
    """After a write to plans, their areas or their periods: only what that moves is counted again."""
    framed, public, stored = [], set(), set()
    for kept in _held(Q(plan__in=set(plan_ids))):
        frame = frame_of(kept.plan_id, kept.on)
        if not still_of(kept, kept.plan, frame):
            _build(kept.plan, max(kept.on, localdate()))
            continue
        framed.append((kept, frame))
        public |= {(kept.plan_id, pk) for pk in public_areas(kept.plan_id)}
        rows = AreaStanding.objects.filter(plan=kept.plan_id)
        stored |= {(kept.plan_id, pk) for pk in rows.values_list("pk", flat=True)}
    moved = Q(area__in={pk for _plan, pk in public ^ stored})
    if public != stored:
        leaves = LeafStanding.objects.filter(moved).values_list("pk", flat=True)
        ids = {*leaves, *Activity.objects.filter(moved).values_list("pk", flat=True)}
        for part in _parts(sorted(ids)):
            _refresh(framed, part)
        for kept, _frame in framed:
            hidden = {pk for plan, pk in stored - public if plan == kept.plan_id}
            AreaStanding.objects.filter(plan=kept.plan_id, pk__in=hidden).delete()
        for kept, _frame in framed:  # once no other plan has a row of theirs: an area has one
            _add_areas(kept.plan_id, {pk for plan, pk in public - stored if plan == kept.plan_id})


def frame_of(plan_id: int, on: datetime.date) -> Frame:
    return frame_with(reporting_period(plan_id, on), on)


def frame_with(period: ReportingPeriod | None, on: datetime.date) -> Frame:
    span = None if period is None else Period(start_on=period.start_on, end_on=period.end_on)
    return Frame(on, span, thresholds_in_force())


def still_of(kept: KeptStandings, plan: JointPlan, frame: Frame) -> bool:
    """Whether what the standings hang on, beside records and days, is what it was when they were built."""
    return kept_values(plan, frame).items() <= {**vars(kept), "on": frame.on}.items()


def kept_values(plan: JointPlan, frame: Frame) -> dict:
    return {
        "on": frame.on,
        "published": plan.published and plan.deleted_at is None,
        "signed_on": plan.signed_on,
        "period_start_on": frame.period and frame.period.start_on,
        "period_end_on": frame.period and frame.period.end_on,
        "thresholds": _written(frame.thresholds),
    }


@transaction.atomic
def bring_to(plan: JointPlan, day: datetime.date, at_most: int | None = None) -> bool:
    """Move a kept plan on to `day`; False where that is more than `at_most` activities, or it is not kept."""
    return any(_to_the_day(kept, day, at_most).on == day for kept in _held(Q(plan=plan.pk)))


@transaction.atomic
def rebuild(plan: JointPlan, day: datetime.date | None = None) -> int:
    """Count everything of the plan again; return the number of activities."""
    day = day or localdate()
    KeptStandings.objects.get_or_create(plan=plan, defaults=kept_values(plan, frame_of(plan.pk, day)))
    _held(Q(plan=plan.pk))
    return _build(plan, day)


def _held(which: Q) -> list[KeptStandings]:
    """The rows, locked, in one order for everybody."""
    rows = KeptStandings.objects.filter(which).select_related("plan")
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _parts(ids: list[int]) -> list[list[int]]:
    return [ids[first : first + PASS] for first in range(0, len(ids), PASS)]


def _to_the_day(kept: KeptStandings, day: datetime.date, at_most: int | None) -> Frame:
    """Move on to `day`, unless that is too much or lies before; return what the standings are of then."""
    frame = frame_of(kept.plan_id, day)
    anew = not still_of(kept, kept.plan, frame)
    if kept.on > day or (kept.on == day and not anew):
        return frame if kept.on == day else frame_of(kept.plan_id, kept.on)
    leaves = LeafStanding.objects.filter(plan=kept.plan_id)
    moved = leaves if anew else leaves.filter(next_change_on__lte=day)
    ids = list(moved.values_list("pk", flat=True)[: None if at_most is None else at_most + 1])
    if at_most is not None and len(ids) > at_most:
        return frame_of(kept.plan_id, kept.on)
    if anew:
        _build(kept.plan, day)
    else:
        for part in _parts(ids):
            _refresh([(kept, frame)], part)
    for name, value in kept_values(kept.plan, frame).items():
        setattr(kept, name, value)
    kept.save()
    return frame


def _refresh(held: list[tuple[KeptStandings, Frame]], ids: list[int]) -> None:
    """`held`: locked. What left one plan is taken out before it comes into another: a leaf has one row."""
    moves = []
    for kept, frame in held:
        old = LeafStanding.objects.filter(plan=kept.plan_id, activity__in=ids)
        before = {row["activity_id"]: row for row in map(as_stored, old.values(*COLUMNS))}
        after = leaf_rows(public_in(kept.plan_id, ids), frame, few=True)
        same = {pk for pk, row in after.items() if before.get(pk) == row}
        gone = [row for pk, row in before.items() if pk not in same]
        come = [row for pk, row in after.items() if pk not in same]
        moves.append((kept.plan_id, gone, come))
    for _plan_id, gone, _come in moves:
        _delete([row["activity_id"] for row in gone])
    for plan_id, gone, come in moves:
        writer.insert(LeafStanding, come)
        sums.move(plan_id, gone, come)


def _build(plan: JointPlan, day: datetime.date) -> int:
    frame = frame_of(plan.pk, day)
    for model in (LeafStanding, AreaStanding, AgencyStanding):
        rows = model.objects.filter(plan=plan.pk)
        rows._raw_delete(rows.db)
    KeptStandings.objects.filter(plan=plan.pk).update(**kept_values(plan, frame))
    _add_areas(plan.pk, public_areas(plan.pk))
    come = list(leaf_rows(public_in(plan.pk), frame).values())
    elsewhere = LeafStanding.objects.filter(activity__in=public_in(plan.pk).values("pk"))
    elsewhere._raw_delete(elsewhere.db)  # of another plan, where one was moved past the portal
    writer.insert(LeafStanding, come)
    sums.move(plan.pk, [], come)
    return len(come)


def public_areas(plan_id: int):
    return CooperationArea.objects.published().filter(plan=plan_id).values_list("pk", flat=True)


def _add_areas(plan_id: int, areas: Iterable[int]) -> None:
    rows = [AreaStanding(area_id=pk, plan_id=plan_id) for pk in areas]
    AreaStanding.objects.bulk_create(rows, ignore_conflicts=True)


def _delete(ids: list[int]) -> None:
    for part in _parts(ids):
        rows = LeafStanding.objects.filter(activity__in=part)
        rows._raw_delete(rows.db)


def as_stored(row: dict) -> dict:
    for name in ("percent", "planned_base", "planned_slope"):
        row[name] = None if row[name] is None else str(row[name])
    return row


def _written(thresholds: Thresholds) -> str:
    """With the version of the rule in front: what another one counted is counted anew."""
    return " ".join(str(value) for value in (RULE_VERSION, *vars(thresholds).values()))
