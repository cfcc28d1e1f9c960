"""Bars: one number a row, longest first or as given; each with its label, its number and its rows. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from programs.pictures.drawing import Box, Label, box, label, shortened

WIDTH = 360
ROW = 42
LONGEST_LABEL = 44
NUMBER_SPACE = 40


@dataclass(frozen=True)
class Bar:
    text: str
    number: int
    address: str
    name: Label
    value: Label
    bar: Box


@dataclass(frozen=True)
class Bars:
    name: str
    title: str
    description: str
    what: str
    unit: str
    bars: tuple[Bar, ...]
    view_box: str


def bars(
    name: str, title: str, description: str, rows: Iterable[tuple[str, int, str]], *, what: str, unit: str
) -> Bars:
    """Draw rows (text, number, address). `what` heads the texts in the table, `unit` the numbers."""
    rows = list(rows)
    most = max((number for _text, number, _address in rows), default=0) or 1
    drawn = []
    for place, (text, number, address) in enumerate(rows):
        top = place * ROW
        length = (WIDTH - NUMBER_SPACE) * number / most
        drawn.append(
            Bar(
                text,
                number,
                address,
                label(0, top + 14, shortened(text, LONGEST_LABEL)),
                label(length + 6, top + 33, str(number)),
                box(0, top + 21, max(length, 1), 15),
            )
        )
    return Bars(name, title, description, what, unit, tuple(drawn), f"0 0 {WIDTH} {max(len(rows), 1) * ROW}")
