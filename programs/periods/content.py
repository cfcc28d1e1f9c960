"""What a sealed period holds, as canonical JSON and back. Pure: no database, no clock.

Canonical: keys sorted, no spaces, Unicode NFC as it is, days in ISO form, decimals and exact fractions
("130/3") as text. One content has one byte sequence, so its SHA-256 can be taken again by anybody.
"""

import datetime
import hashlib
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from django.utils import translation

from programs.measures import AreaFigure, Headline, LeafFacts, LeafFigure, Period, Thresholds
from programs.progress import RULE_VERSION, area_figure, headline, leaf_figure

FORMAT = 1


def encode(value) -> Any:
    """Return `value` as JSON can hold it without losing a digit. Labels are stored in Vietnamese."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: encode(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [encode(inner) for inner in value]
    if is_dataclass(value):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value) if field.repr}
    if isinstance(value, Enum):
        return value.value
    if not isinstance(value, str):
        with translation.override("vi"):
            value = str(value)
    return unicodedata.normalize("NFC", value)


def decode(kind, value):
    """Return the `kind` (a dataclass of measures.py) that `encode` made `value` from."""
    return _decoder(kind)(value)


@cache
def _decoder(kind) -> Callable:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        some = _decoder(next(one for one in inner if one is not NoneType))
        return lambda value: None if value is None else some(value)
    if origin is tuple and inner[-1] is Ellipsis:
        every = _decoder(inner[0])
        return lambda values: tuple(every(value) for value in values)
    if origin is tuple:
        each = [_decoder(one) for one in inner]
        return lambda values: tuple(read(value) for read, value in zip(each, values, strict=True))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        readers = {field.name: _decoder(hints[field.name]) for field in fields(kind) if field.repr}
        return lambda value: kind(**{name: read(value[name]) for name, read in readers.items()})
    return datetime.date.fromisoformat if kind is datetime.date else kind


def canonical(content) -> str:
    """Return the one text of an encoded content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def leaf_entry(activity, figure: LeafFigure) -> dict:
    """One activity (facts.ActivityFacts) with its figure, encoded."""
    return encode(
        {
            "id": activity.pk,
            "code": activity.code,
            "title": activity.title,
            "lead": activity.lead and {"slug": activity.lead[0], "name": activity.lead[1]},
            "date_precision": activity.date_precision,
            "facts": activity.facts,
            "rows": activity.rows,
            "figure": {**encode(figure), "shown": figure.shown, "planned_shown": figure.planned_shown},
        }
    )


def leaf_of(entry: dict, on: datetime.date, period: Period, thresholds: Thresholds) -> LeafFigure:
    """Compute the figure of a stored activity anew, by today's rule, from the facts beside it."""
    return leaf_figure(decode(LeafFacts, entry["facts"]), on, period, thresholds)


@dataclass(frozen=True)
class SealedArea:
    id: int
    number: int
    title: str
    figure: AreaFigure
    entries: list[dict]

    @cached_property
    def leaves(self) -> dict[int, LeafFigure]:
        return {entry["id"]: decode(LeafFigure, entry["figure"]) for entry in self.entries}


class Sealed:
    """The content of a snapshot, read. Figures are the stored ones, whatever the rule says by now (R14)."""

    def __init__(self, text: str):
        self.data = json.loads(text)

    @property
    def rule_version(self) -> int:
        return self.data["rule_version"]

    @property
    def by_rule_of_today(self) -> bool:
        return self.rule_version == RULE_VERSION

    @cached_property
    def thresholds(self) -> Thresholds:
        return decode(Thresholds, self.data["thresholds"])

    @cached_property
    def period(self) -> Period:
        return decode(Period, self.data["period"])

    @property
    def on(self) -> datetime.date:
        return self.period.end_on

    @cached_property
    def areas(self) -> tuple[SealedArea, ...]:
        return tuple(
            SealedArea(
                area["id"],
                area["number"],
                area["title"],
                decode(AreaFigure, area["figure"]),
                area["activities"],
            )
            for area in self.data["areas"]
        )

    @cached_property
    def headline(self) -> Headline:
        stored = decode(Headline, self.data["headline"])
        return replace(stored, figures=tuple(area.figure for area in self.areas))

    @cached_property
    def entries(self) -> dict[int, dict]:
        """The stored activities by their ids."""
        return {entry["id"]: entry for area in self.data["areas"] for entry in area["activities"]}

    def faults(self) -> list[str]:
        """Compute every figure anew from the stored facts; name what differs from the stored figure."""
        found, figures = [], []
        for area in self.areas:
            leaves = [leaf_of(entry, self.on, self.period, self.thresholds) for entry in area.entries]
            for entry, leaf in zip(area.entries, leaves, strict=True):
                stored = {name: entry["figure"].get(name) for name in encode(leaf)}
                if stored != encode(leaf):
                    found.append(entry["code"])
            figure = area_figure(leaves, self.thresholds)
            figures.append(figure)
            if encode(figure) != encode(area.figure):
                found.append(str(area.number))
        if encode(headline(figures)) != encode(self.headline):
            found.append("*")
        return found
