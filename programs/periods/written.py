"""Which figures a written record can move: what `PORTAL_CORRECTIONS` names, called after every write."""

from django.db import models

from cooperation.models import CooperationArea, JointPlan
from programs.models import Activity, Indicator, IndicatorValue, Milestone, ProgressUpdate
from programs.periods.errata import correct


def correct_written(
    model: type[models.Model], keys: list[int], *, user, reason: str = "", document: str = ""
) -> None:
    """Add errata where these records change sealed figures. Raises CorrectionNeedsReasonError."""
    activities = _activities(model, keys)
    plans = _plans(model, keys)
    if activities or plans:
        correct(activities, plan_ids=plans, user=user, reason=reason, document=document)


def _activities(model, keys) -> set[int]:
    if model is Activity:
        return set(keys)
    if model in (Milestone, ProgressUpdate):
        return set(model.with_deleted.filter(pk__in=keys).values_list("activity", flat=True))
    if model is IndicatorValue:
        keys = IndicatorValue.with_deleted.filter(pk__in=keys).values("indicator")
    elif model is not Indicator:
        return set()
    return set(Activity.with_deleted.filter(indicator__in=keys).values_list("pk", flat=True))


def _plans(model, keys) -> set[int]:
    if model is JointPlan:
        return set(keys)
    if model is CooperationArea:
        return set(CooperationArea.with_deleted.filter(pk__in=keys).values_list("plan", flat=True))
    return set()
