"""What follows every write of records that figures are made from, in its transaction: sealed figures are
corrected beside, and the current ones are put right. `PORTAL_CORRECTIONS` names `after_write`.
"""

from collections.abc import Iterable

from django.db import models

from cooperation.models import CooperationArea, JointPlan
from programs.models import (
    Activity,
    Indicator,
    IndicatorValue,
    Milestone,
    ProgressUpdate,
    ReportingPeriod,
    ScheduleChange,
    Suspension,
)
from programs.periods.errata import correct
from programs.standings.keeping import refresh, refresh_plans


def after_write(
    model: type[models.Model], keys: list[int], *, user, reason: str = "", document: str = ""
) -> None:
    """Add errata where these records change sealed figures, and refresh today's. Raises
    CorrectionNeedsReasonError."""
    activities_written(
        _activities(model, keys), plan_ids=_plans(model, keys), user=user, reason=reason, document=document
    )
    if model in (JointPlan, CooperationArea, ReportingPeriod):
        refresh_plans(_plans_framed(model, keys))


def activities_written(
    activity_ids: Iterable[int],
    *,
    user,
    plan_ids: Iterable[int] = (),
    reason: str = "",
    document: str = "",
) -> None:
    """The same where the activities, and the plans to compare as a whole, are known."""
    ids, plans = set(activity_ids), set(plan_ids)
    if ids or plans:
        correct(ids, plan_ids=plans, user=user, reason=reason, document=document)
    if ids:
        refresh(ids)


def _activities(model, keys) -> set[int]:
    if model is Activity:
        return set(keys)
    if model in (Milestone, ProgressUpdate, ScheduleChange, Suspension):
        return _ever(model, keys, "activity")
    if model is IndicatorValue:
        keys = _ever(model, keys, "indicator")
    elif model is not Indicator:
        return set()
    return set(Activity.with_deleted.filter(indicator__in=keys).values_list("pk", flat=True))


def _plans(model, keys) -> set[int]:
    if model is JointPlan:
        return set(keys)
    if model is CooperationArea:
        return _ever(model, keys, "plan")
    return set()


def _plans_framed(model, keys) -> set[int]:
    """The plans whose figures hang on these: an area's are all that it ever stood in."""
    return set(keys) if model is JointPlan else _ever(model, keys, "plan")


def _ever(model, keys, name: str) -> set[int]:
    """What these records belong to, or did before they were moved."""
    now = model.with_deleted.filter(pk__in=keys).order_by().values_list(name, flat=True)
    return set(now) | set(
        model.history.model.objects.filter(id__in=keys, **{f"{name}__isnull": False})
        .order_by()
        .values_list(name, flat=True)
        .distinct()
    )
