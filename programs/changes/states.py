"""A plan as it stands on a day, to be held against another day: from sealed content, or from the records."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from programs.changes.measuring import mean
from programs.facts import FactsOverTime
from programs.measures import LeafFacts
from programs.periods.content import Sealed, decode
from programs.progress import area_figure, headline, leaf_figure


@dataclass(frozen=True)
class Leaf:
    """An activity of the plan. `stored`: its facts, encoded where they were sealed."""

    pk: int
    code: str
    title: str
    area: int
    counts: bool
    cancelled: bool
    completed: bool
    weight: int
    percent: Fraction | None
    stored: LeafFacts | dict

    @property
    def facts(self) -> LeafFacts:
        return self.stored if isinstance(self.stored, LeafFacts) else decode(LeafFacts, self.stored)

    @property
    def part(self) -> tuple[int, Fraction]:
        return self.weight, self.percent or Fraction(0)


@dataclass(frozen=True)
class Area:
    number: int
    title: str


@dataclass(frozen=True)
class State:
    """Areas and leaves by id. `value`, `values`: the headline and the areas' figures as pages show them."""

    areas: dict[int, Area]
    leaves: dict[int, Leaf]
    value: Decimal | None = None
    values: dict[int, Decimal | None] = field(default_factory=dict)

    @cached_property
    def counted(self) -> dict[int, dict[int, tuple[int, Fraction]]]:
        """Area id → activity id → (weight, percent): the parts of each area's mean."""
        found: dict[int, dict] = {pk: {} for pk in self.areas}
        for leaf in self.leaves.values():
            if leaf.counts and leaf.area in found:
                found[leaf.area][leaf.pk] = leaf.part
        return found

    @cached_property
    def exact(self) -> dict[int, Fraction]:
        """The exact figures of the areas that have one (R3, R4)."""
        means = {pk: mean(parts) for pk, parts in self.counted.items()}
        return {pk: value for pk, value in means.items() if value is not None}

    def corrected(self, erratum: dict) -> "State":
        """This state with an erratum's content laid over it (periods/standing.py)."""
        leaves = dict(self.leaves)
        for key, entry in erratum["leaves"].items():
            if entry is None:
                leaves.pop(int(key), None)
            else:
                leaves[int(key)] = _sealed_leaf(entry, entry["area"])
        areas = self.areas
        if "areas" in erratum:
            areas = {area["id"]: Area(area["number"], area["title"]) for area in erratum["areas"]}
        return replace(self, areas=areas, leaves=leaves)


def sealed_state(sealed: Sealed) -> State:
    """What was sealed, as it was sealed (R14)."""
    leaves = {entry["id"]: _sealed_leaf(entry, area.id) for area in sealed.areas for entry in area.entries}
    return State(
        areas={area.id: Area(area.number, area.title) for area in sealed.areas},
        leaves=leaves,
        value=sealed.headline.value,
        values={area.id: area.figure.value for area in sealed.areas},
    )


def live_state(areas: dict[int, Area], facts: FactsOverTime, on: datetime.date) -> State:
    """What today's records say of that day."""
    leaves, by_area = {}, defaultdict(list)
    for activity in facts.on(on):
        figure = leaf_figure(activity.facts, on)
        if not figure.in_plan or activity.area_id not in areas:
            continue
        by_area[activity.area_id].append(figure)
        leaves[activity.pk] = Leaf(
            pk=activity.pk,
            code=activity.code,
            title=activity.title,
            area=activity.area_id,
            counts=figure.countable,
            cancelled=figure.cancelled,
            completed=figure.completed,
            weight=figure.weight,
            percent=figure.percent,
            stored=activity.facts,
        )
    figures = {pk: area_figure(by_area[pk]) for pk in areas}
    return State(
        areas=areas,
        leaves=leaves,
        value=headline(figures.values()).value,
        values={pk: figure.value for pk, figure in figures.items()},
    )


def _sealed_leaf(entry: dict, area: int) -> Leaf:
    figure = entry["figure"]
    return Leaf(
        pk=entry["id"],
        code=entry["code"],
        title=entry["title"],
        area=area,
        counts=figure["countable"],
        cancelled=figure["cancelled"],
        completed=figure["completed"],
        weight=figure["weight"],
        percent=None if figure["percent"] is None else Fraction(figure["percent"]),
        stored=entry["facts"],
    )
