"""Reads what the rule needs to know of activities: as of one day for any number of them (three queries, five
for a day before today), or once for all days of a few (seven queries).
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import OuterRef, Subquery

from programs.measures import Kind, LeafFacts, MilestoneFacts, PercentFacts
from programs.models import Activity, Handover, Indicator, IndicatorValue, Milestone, ProgressUpdate
from programs.progress import indicator_actual, indicator_percent
from programs.schedules import EarlierDates

_LEAF_FIELDS = (
    "pk",
    "area_id",
    "kind",
    "weight",
    "added_on",
    "start_on",
    "due_on",
    "completed_on",
    "suspended_on",
    "resumed_on",
    "cancelled_on",
    "cancellation_document",
    "indicator_id",
    "area__plan_id",
    "area__plan__signed_on",
)
_PERCENT_FIELDS = (
    "pk",
    "kind",
    "added_on",
    "due_on",
    "completed_on",
    "cancelled_on",
    "cancellation_document",
    "indicator_id",
)
_INDICATOR_FIELDS = (
    "pk",
    "indicator_id",
    "year",
    "actual",
    "denominator",
    "effective_on",
    "indicator__code",
    "indicator__aggregation",
    "indicator__is_ratio",
    "indicator__baseline",
    "indicator__target",
)


def leaf_facts(activities, on: datetime.date) -> Iterator[tuple[int, int, int, LeafFacts]]:
    """Yield (plan id, area id, activity id, facts): newest accepted update, milestones, indicator."""
    newest = (
        ProgressUpdate.objects.accepted(on)
        .filter(activity=OuterRef("pk"), percent__isnull=False)
        .newest_first()
    )
    any_kind = ProgressUpdate.objects.accepted(on).filter(activity=OuterRef("pk")).newest_first()
    rows = activities.order_by().annotate(
        newest_on=Subquery(newest.values("effective_on")[:1]),
        newest_percent=Subquery(newest.values("percent")[:1]),
        spoke_on=Subquery(any_kind.values("effective_on")[:1]),
    )
    milestones = _milestones(activities)
    indicators = {
        pk: _indicator_state(values) for pk, values in _indicator_values(activities, until=on).items()
    }
    earlier = EarlierDates(activities, on)
    for row in rows.values(*_LEAF_FIELDS, "newest_on", "newest_percent", "spoke_on"):
        facts = _facts(
            earlier.row_on(row, on),
            (row["newest_on"], row["newest_percent"]),
            row["spoke_on"],
            [facts for _pk, facts in milestones.get(row["pk"], ())],
            indicators.get(row["indicator_id"], (None, None)),
        )
        yield row["area__plan_id"], row["area_id"], row["pk"], facts


def percent_facts(
    activities, days: Sequence[datetime.date], signed_on: datetime.date | None
) -> Iterator[tuple[int, list[PercentFacts]]]:
    """Yield (activity id, its facts as of each of the days) of activities of one plan, signed on that day.

    Four queries, whatever the number of days. A third of what leaf_facts costs: a list of tens of thousands
    waits for it.
    """
    newest = ProgressUpdate.objects.filter(activity=OuterRef("pk"), percent__isnull=False).newest_first()
    reported = [Subquery(newest.accepted(day).values("percent")[:1]) for day in days]
    milestones = {pk: tuple(facts for _pk, facts in known) for pk, known in _milestones(activities).items()}
    values = _indicator_values(activities, until=max(days))
    indicators = [{pk: _percent_then(known, day) for pk, known in values.items()} for day in days]
    # The due day decides of what was cancelled only.
    earlier = EarlierDates(activities.filter(cancelled_on__isnull=False), min(days))
    rows = activities.order_by().values_list(*_PERCENT_FIELDS, *reported)
    for pk, kind, added_on, due_on, done_on, cancelled_on, document, indicator, *newest_percents in rows:
        added_on, found = added_on or signed_on, []
        for day, driven, percent in zip(days, indicators, newest_percents, strict=True):
            then = earlier.schedule_on(pk, day) if cancelled_on else None
            found.append(
                PercentFacts(
                    kind,
                    added_on,
                    then.due_on if then else due_on,
                    done_on,
                    cancelled_on,
                    document,
                    milestones.get(pk, ()),
                    indicator is not None,
                    driven.get(indicator),
                    percent,
                )
            )
        yield pk, found


def _percent_then(values: list[dict], day: datetime.date) -> Fraction | None:
    known = [value for value in values if value["effective_on"] <= day]
    return _indicator_state(known)[0] if known else None


@dataclass(frozen=True)
class ActivityFacts:
    """An activity as of a day: its name, who led it, the facts, and the rows they were read from."""

    plan_id: int
    area_id: int
    pk: int
    code: str
    title: str
    date_precision: str
    lead: tuple[str, str] | None  # slug and name of the body that led it that day
    facts: LeafFacts
    rows: dict


class FactsOverTime:
    """All that the rule can ask of these activities, read once: seven queries for any number of days."""

    def __init__(self, activities):
        names = ("code", "title", "date_precision", "lead_agency__slug", "lead_agency__name")
        self._activities = list(activities.order_by("code", "pk").values(*_LEAF_FIELDS, *names))
        self._milestones = _milestones(activities)
        self._indicators = _indicator_values(activities)
        self._earlier = EarlierDates(activities)
        chosen = activities.order_by().values("pk")
        self._updates: dict[int, list] = defaultdict(list)
        accepted = ProgressUpdate.objects.accepted(datetime.date.max).filter(activity__in=chosen)
        for activity_id, *update in accepted.newest_first().values_list(
            "activity_id", "pk", "effective_on", "percent"
        ):
            self._updates[activity_id].append(update)
        self._handovers: dict[int, list] = defaultdict(list)
        moved = Handover.objects.filter(activity__in=chosen).order_by("on", "pk")
        for activity_id, *handover in moved.values_list(
            "activity_id", "on", "from_agency__slug", "from_agency__name"
        ):
            self._handovers[activity_id].append(handover)

    def on(self, day: datetime.date) -> Iterator[ActivityFacts]:
        """Yield the activities as of `day`, in the order of their codes."""
        for row in (self._earlier.row_on(row, day) for row in self._activities):
            updates = [update for update in self._updates[row["pk"]] if update[1] <= day]
            newest = next((update for update in updates if update[2] is not None), None)
            values = [
                value
                for value in self._indicators.get(row["indicator_id"], ())
                if value["effective_on"] <= day
            ]
            milestones = self._milestones.get(row["pk"], ())
            facts = _facts(
                row,
                (newest[1], newest[2]) if newest else (None, None),
                updates[0][1] if updates else None,
                [facts for _pk, facts in milestones],
                _indicator_state(values) if values else (None, None),
            )
            used = {pk for pk, *_rest in (*updates[:1], *([newest] if newest else ()))}
            yield ActivityFacts(
                plan_id=row["area__plan_id"],
                area_id=row["area_id"],
                pk=row["pk"],
                code=row["code"],
                title=row["title"],
                date_precision=row["date_precision"],
                lead=self._lead(row, day),
                facts=facts,
                rows={
                    "updates": sorted(used),
                    "milestones": [pk for pk, _facts in milestones],
                    "indicator": _indicator_rows(values),
                },
            )

    def _lead(self, row, day) -> tuple[str, str] | None:
        """Who led it that day: before its first later handover, whoever handed it over."""
        for on, slug, name in self._handovers[row["pk"]]:
            if on > day:
                return slug, name
        return (row["lead_agency__slug"], row["lead_agency__name"]) if row["lead_agency__slug"] else None


def _facts(row, newest, spoke_on, milestones, indicator) -> LeafFacts:
    newest_on, newest_percent = newest
    updates = []
    if newest_on:
        updates.append((newest_on, newest_percent))
    if spoke_on and spoke_on != newest_on:
        updates.append((spoke_on, newest_percent))
    percent, indicator_on = indicator
    return LeafFacts(
        kind=Kind(row["kind"]),
        weight=row["weight"],
        added_on=row["added_on"] or row["area__plan__signed_on"],
        start_on=row["start_on"],
        due_on=row["due_on"],
        completed_on=row["completed_on"],
        suspended_on=row["suspended_on"],
        resumed_on=row["resumed_on"],
        cancelled_on=row["cancelled_on"],
        cancellation_document=row["cancellation_document"],
        updates=tuple(updates),
        milestones=tuple(milestones),
        uses_indicator=row["indicator_id"] is not None,
        indicator_percent=percent,
        indicator_on=indicator_on,
    )


def _milestones(activities) -> dict[int, list[tuple[int, MilestoneFacts]]]:
    found: dict[int, list] = defaultdict(list)
    rows = Milestone.objects.filter(activity__in=activities.order_by().values("pk")).order_by("due_on", "pk")
    for activity_id, pk, *days in rows.values_list("activity_id", "pk", "due_on", "done_on", "waived_on"):
        found[activity_id].append((pk, MilestoneFacts(*days)))
    return found


def _indicator_values(activities, until: datetime.date = datetime.date.max) -> dict[int, list[dict]]:
    """The known values, the oldest first, of the indicators that drive an activity, by indicator id."""
    driving = activities.order_by().exclude(indicator=None).values("indicator")
    rows = IndicatorValue.objects.filter(
        indicator__in=driving, actual__isnull=False, effective_on__lte=until
    ).order_by("indicator_id", "effective_on", "year")
    found = defaultdict(list)
    for row in rows.values(*_INDICATOR_FIELDS):
        found[row["indicator_id"]].append(row)
    return found


def _indicator_state(values: list[dict]) -> tuple[Fraction | None, datetime.date]:
    """R13: the percentage, and the day of the newest value."""
    newest = values[-1]
    actual = indicator_actual(
        [(value["actual"], value["denominator"]) for value in values],
        adds_up=newest["indicator__aggregation"] == Indicator.Aggregation.PERIODIC,
        is_ratio=newest["indicator__is_ratio"],
    )
    percent = indicator_percent(newest["indicator__baseline"], newest["indicator__target"], actual)
    return percent, newest["effective_on"]


def _indicator_rows(values: list[dict]) -> dict | None:
    """What the percentage of an indicator was made from, so that a reader can make it again."""
    if not values:
        return None
    newest = values[-1]
    return {
        "code": newest["indicator__code"],
        "aggregation": newest["indicator__aggregation"],
        "is_ratio": newest["indicator__is_ratio"],
        "baseline": newest["indicator__baseline"],
        "target": newest["indicator__target"],
        "values": [
            {name: value[name] for name in ("pk", "year", "actual", "denominator", "effective_on")}
            for value in values
        ],
    }


def published_of(plan_id: int):
    """The activities that a plan's figures count."""
    return Activity.objects.published().filter(area__plan=plan_id)
