"""Đính chính: a later correction that reaches back into a sealed period stands beside it, with its reason.

Every path that writes activities, reports, milestones, indicator values or areas calls `correct` in its own
transaction, after the write. From there to its end nobody seals the plans concerned (locking.py): a write is
in what is sealed after it, or corrects what was sealed before.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation.corrections import ReasonRequiredError
from cooperation.models import CooperationArea
from programs.facts import FactsOverTime
from programs.models import Activity, Erratum, Snapshot
from programs.periods.content import canonical, encode, leaf_entry
from programs.periods.locking import share_plans
from programs.periods.standing import Standing, changes
from programs.progress import leaf_figure

# Above that many the activities of the whole plan are read: a database takes only so many parameters.
FEW = 1_000
# A content may be megabytes.
READ_AT_ONCE = 4


class CorrectionNeedsReasonError(ReasonRequiredError):
    """The write would change these sealed periods' figures, and says no reason. Roll it back."""

    def __init__(self, periods):
        self.periods = list(periods)
        labels = "; ".join(f"{period} (chốt số liệu đến {period.end_on:%d/%m/%Y})" for period in self.periods)
        super().__init__(
            _("Thay đổi này làm khác số liệu đã chốt của: %s. Hãy ghi lý do đính chính.") % labels
        )


def correct(
    activity_ids: Iterable[int] = (),
    *,
    user,
    plan_ids: Iterable[int] = (),
    reason: str = "",
    document: str = "",
) -> list[Erratum]:
    """Add one erratum to every sealed period whose figures these activities change.

    `plan_ids`: plans to compare as a whole, where areas were added, hidden or shown. Raises
    CorrectionNeedsReasonError, having written nothing, where a figure changed and `reason` is empty.
    """
    ids, whole = set(activity_ids), set(plan_ids)
    plans = _shared(ids, whole)
    sealed = Snapshot.objects.filter(period__plan__in=plans).order_by()
    differing, unexplained = [], []
    for plan_id in sorted(sealed.values_list("period__plan", flat=True).distinct()):
        today = LivePlan(plan_id, None if plan_id in whole else ids)
        for snapshot in today.differing_snapshots():
            differing.append((today, snapshot.pk))
            unexplained.append(snapshot.period)
    if not differing:
        return []
    if not reason.strip():
        raise CorrectionNeedsReasonError(sorted(unexplained, key=lambda period: period.end_on))
    with transaction.atomic():
        written = [today.write(pk, user, reason.strip(), document.strip()) for today, pk in differing]
    return [erratum for erratum in written if erratum is not None]


def _shared(ids: set[int], whole: set[int]) -> set[int]:
    """Share the plans of these activities, and `whole`, with other writers; return them all."""
    plans = set()
    # Asked again once they are ours: somebody may just have moved an area to another plan.
    while missing := (whole | _plans_ever_of(ids)) - plans:
        share_plans(missing)
        plans |= missing
    return plans


def _plans_ever_of(ids: set[int]) -> set[int]:
    """The plans that these activities are in or ever were: what moved away is missing where it was."""
    found = set()
    ordered = sorted(ids)
    for part in (ordered[first : first + FEW] for first in range(0, len(ordered), FEW)):
        now = Activity.with_deleted.filter(pk__in=part).order_by().values("area")
        ever = Activity.history.model.objects.filter(id__in=part).order_by().values("area")
        areas = CooperationArea.with_deleted.filter(pk__in=now) | CooperationArea.with_deleted.filter(
            pk__in=ever
        )
        found |= set(areas.order_by().values_list("plan", flat=True))
    return found


class LivePlan:
    """Today's records of a plan, to be held against its sealed periods; of some activities, or of all.

    A plan that is hidden as a whole corrects nothing: its own flag is not asked.
    """

    def __init__(self, plan_id: int, ids: set[int] | None = None):
        self.plan_id, self.ids = plan_id, ids
        activities = Activity.objects.filter(published=True, area__published=True, area__plan=plan_id)
        if ids is not None and len(ids) <= FEW:
            activities = activities.filter(pk__in=ids)
        self._facts = FactsOverTime(activities)
        self._areas = {}
        if ids is None:
            rows = CooperationArea.objects.filter(published=True, plan=plan_id).order_by("number")
            self._areas = {area.pk: {"number": area.number, "title": encode(area.title)} for area in rows}

    def leaves(self, standing: Standing) -> dict[int, dict | None]:
        """The state of the activities as of the sealed day, by the thresholds of that time."""
        sealed = standing.sealed
        known = set(standing.leaves) if self.ids is None else self.ids & set(standing.leaves)
        found: dict[int, dict | None] = dict.fromkeys(known)
        for activity in self._facts.on(sealed.on):
            if self.ids is not None and activity.pk not in self.ids:
                continue
            figure = leaf_figure(activity.facts, sealed.on, sealed.period, sealed.thresholds)
            if figure.in_plan:
                found[activity.pk] = {**leaf_entry(activity, figure), "area": activity.area_id}
        return found

    def differing_snapshots(self) -> Iterator[Snapshot]:
        """Yield the plan's snapshots that say something else than today's records, a few at a time."""
        errata = defaultdict(list)
        rows = Erratum.objects.filter(snapshot__period__plan=self.plan_id).order_by("snapshot", "number")
        for snapshot_id, content in rows.values_list("snapshot", "content"):
            errata[snapshot_id].append(json.loads(content))
        snapshots = Snapshot.objects.filter(period__plan=self.plan_id).select_related("period__plan")
        for snapshot in snapshots.order_by("pk").iterator(chunk_size=READ_AT_ONCE):
            standing = Standing(snapshot.sealed, errata[snapshot.pk])
            if standing.differing(self.leaves(standing)) or self._areas_differ(standing):
                yield snapshot

    def _areas_differ(self, standing: Standing) -> bool:
        return self.ids is None and self._areas.keys() != standing.areas.keys()

    def changes(self, snapshot: Snapshot) -> tuple[list[dict], dict]:
        """What reads differently today, and the content of the erratum that says so."""
        before, after = standing_of(snapshot), standing_of(snapshot)
        leaves = before.differing(self.leaves(before))
        areas = self._areas if self._areas_differ(before) else None
        if areas is None:
            areas = self._moved_into(leaves, before)
        after.overlay(leaves, areas)
        found = changes(before, after)
        content = {"changes": found, "leaves": {str(pk): leaf for pk, leaf in leaves.items()}}
        if areas is not None:
            content["areas"] = [{"id": pk, **area} for pk, area in sorted(areas.items())]
        return found, content

    def _moved_into(self, leaves, standing: Standing) -> dict[int, dict] | None:
        """All areas, where an activity now stands in one that the sealed content does not know."""
        new = {leaf["area"] for leaf in leaves.values() if leaf} - standing.areas.keys()
        if not new:
            return None
        rows = CooperationArea.objects.filter(pk__in=new)
        return standing.areas | {
            area.pk: {"number": area.number, "title": encode(area.title)} for area in rows
        }

    def write(self, pk: int, user, reason: str, document: str) -> Erratum | None:
        """Write the erratum; None where somebody else has just written the same."""
        snapshot = Snapshot.objects.select_for_update(of=("self",)).select_related("period").get(pk=pk)
        found, content = self.changes(snapshot)
        if not found:
            return None
        newest = snapshot.errata.order_by("-number").values_list("number", flat=True).first() or 0
        return Erratum.objects.create(
            snapshot=snapshot,
            number=newest + 1,
            reason=reason,
            document=document,
            content=canonical(content),
            recorded_by=user,
            recorded_at=timezone.now(),
        )


def standing_of(snapshot: Snapshot) -> Standing:
    errata = snapshot.errata.order_by("number").values_list("content", flat=True)
    return Standing(snapshot.sealed, [json.loads(content) for content in errata])
