"""The sums of areas and agencies: added to and taken from, leaf by leaf, under the lock of their plan."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Max, Min, Q

from programs.measures import exact_sum
from programs.models import AgencyStanding, AreaStanding, LeafStanding
from programs.standings.leaves import DUE_WITHIN

_EXACT = ("weighted", "planned_base", "planned_slope")
AREA_COUNTS = (
    "weight", "with_planned", "countable", "continuous", "cancelled", "completed", "overdue", "expected",
    "reported", "unreported",
)  # fmt: skip
AGENCY_COUNTS = (
    "countable", "completed", "open", "overdue", "unreported", "owing", "due_30", "due_60", "due_90",
)  # fmt: skip


@dataclass(frozen=True)
class Extreme:
    """A first or last day over the leaves that meet a condition: it is no sum, and cannot be taken from."""

    column: str
    of: str
    best: Callable
    over: type
    condition: dict

    def among(self, leaves: Iterable[dict]) -> datetime.date | None:
        days = (
            leaf[self.of]
            for leaf in leaves
            if all(leaf[name] == wanted for name, wanted in self.condition.items())
        )
        return self.best(filter(None, days), default=None)

    def moved(self, stored, gone, come, rows):
        """The day after a change. Only where the one that made it is gone the leaves are asked: one query."""
        left, found = self.among(gone), self.among(come)
        ahead = self.best(filter(None, (stored, found)), default=None)
        if left is None or left != stored or (found is not None and found == ahead):
            return ahead
        return rows.filter(**self.condition).aggregate(day=self.over(self.of))["day"]


AREA_EXTREMES = (
    Extreme(
        "last_activity_on", "last_report_on", max, Max,
        {"in_plan": True, "countable": False, "cancelled": False},
    ),
    Extreme("late_since", "due_on", min, Min, {"overdue": True}),
)  # fmt: skip
AGENCY_EXTREMES = (
    Extreme("late_since", "due_on", min, Min, {"overdue": True}),
    Extreme("newest_on", "last_report_on", max, Max, {"in_plan": True}),
)


def move(plan_id: int, gone: list[dict], come: list[dict]) -> None:
    """Take the leaves `gone` out of the sums of the plan and put those that `come` in: five queries, and
    one for every first or last day that has to be looked for again."""
    if not gone and not come:
        return
    _move_areas(plan_id, _grouped(gone, come, "area_id"))
    _move_agencies(plan_id, _grouped(gone, come, "agency_id"))


def area_values(gone: list[dict], come: list[dict]) -> dict:
    """By how much these leaves move the sums of their area."""
    values = dict.fromkeys(AREA_COUNTS, 0)
    exact: dict[str, list[Fraction]] = {name: [] for name in _EXACT}
    for sign, leaf in _signed(gone, come):
        values["continuous"] += sign * (leaf["in_plan"] and not leaf["countable"] and not leaf["cancelled"])
        values["cancelled"] += sign * leaf["cancelled"]
        if not leaf["countable"]:
            continue
        weight = leaf["weight"]
        values["weight"] += sign * weight
        values["countable"] += sign
        values["with_planned"] += sign * leaf["has_planned"]
        values["completed"] += sign * leaf["completed"]
        values["overdue"] += sign * leaf["overdue"]
        values["expected"] += sign * leaf["expected"]
        values["reported"] += sign * (leaf["reported"] and leaf["expected"])
        values["unreported"] += sign * (leaf["last_report_on"] is None)
        for name, column in zip(_EXACT, ("percent", "planned_base", "planned_slope"), strict=True):
            exact[name].append(sign * weight * Fraction(leaf[column] or 0))
    return values | {name: exact_sum(parts) for name, parts in exact.items()}


def agency_values(gone: list[dict], come: list[dict]) -> dict:
    """By how much these leaves move the counts of their agency."""
    values = dict.fromkeys(AGENCY_COUNTS, 0)
    for sign, leaf in _signed(gone, come):
        if not leaf["countable"]:
            continue
        values["countable"] += sign
        values["completed"] += sign * leaf["completed"]
        values["open"] += sign * leaf["open"]
        values["overdue"] += sign * leaf["overdue"]
        values["unreported"] += sign * (leaf["last_report_on"] is None)
        values["owing"] += sign * (leaf["expected"] and not leaf["reported"])
        for days in DUE_WITHIN:
            values[f"due_{days}"] += sign * (0 < leaf["due_within"] <= days)
    return values


def _signed(gone: list[dict], come: list[dict]):
    yield from ((-1, leaf) for leaf in gone)
    yield from ((1, leaf) for leaf in come)


def _grouped(gone, come, column: str) -> dict[int | None, tuple[list, list]]:
    groups: dict[int | None, tuple[list, list]] = defaultdict(lambda: ([], []))
    for place, leaves in enumerate((gone, come)):
        for leaf in leaves:
            groups[leaf[column]][place].append(leaf)
    return groups


def _move_areas(plan_id: int, groups) -> None:
    stored = AreaStanding.objects.in_bulk(groups)
    for pk, (gone, come) in groups.items():
        row = stored.setdefault(pk, AreaStanding(area_id=pk, plan_id=plan_id))
        if come:  # an area that was moved to this plan
            row.plan_id = plan_id
        leaves = LeafStanding.objects.filter(area=pk)
        _move(row, area_values(gone, come), AREA_EXTREMES, gone, come, leaves)
    _store(stored.values())


def _move_agencies(plan_id: int, groups) -> None:
    rows = AgencyStanding.objects.filter(plan=plan_id).filter(
        Q(agency__in=groups.keys() - {None}) | (Q(agency__isnull=True) if None in groups else Q(pk__in=()))
    )
    stored = {row.agency_id: row for row in rows}
    for pk, (gone, come) in groups.items():
        row = stored.setdefault(pk, AgencyStanding(plan_id=plan_id, agency_id=pk))
        leaves = LeafStanding.objects.filter(plan=plan_id)
        leaves = leaves.filter(agency__isnull=True) if pk is None else leaves.filter(agency=pk)
        _move(row, agency_values(gone, come), AGENCY_EXTREMES, gone, come, leaves)
    _store(stored.values())


def _store(rows) -> None:
    """A single row is the common case, and quicker told in an UPDATE of its own."""
    rows = list(rows)
    new = [row for row in rows if row._state.adding]
    old = [row for row in rows if not row._state.adding]
    if len(rows) == 1:
        rows[0].save(force_insert=bool(new), force_update=bool(old))
        return
    model = type(rows[0])
    names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    model.objects.bulk_create(new)
    model.objects.bulk_create(
        old, update_conflicts=True, unique_fields=[model._meta.pk.name], update_fields=names
    )


def _move(row, values: dict, extremes, gone, come, leaves) -> None:
    for name, value in values.items():
        setattr(row, name, getattr(row, name) + value)
    for extreme in extremes:
        stored = getattr(row, extreme.column)
        setattr(row, extreme.column, extreme.moved(stored, gone, come, leaves))
