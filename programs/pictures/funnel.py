"""Funnel: how many of the first stage reached the second, the third … Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from programs.measures import round_half_up
from programs.pictures.drawing import Box, Label, box, label

WIDTH = 360
ROW = 58


def share(part: int, whole: int) -> Decimal | None:
    """Percent with one decimal, half up; None of nothing."""
    return round_half_up(Fraction(100 * part, whole)) if whole else None


@dataclass(frozen=True)
class Stage:
    """`of_first` and `of_before` are percentages of the first stage and of the one before."""

    text: str
    number: int
    address: str
    of_first: Decimal | None
    of_before: Decimal | None
    name: Label
    bar: Box


@dataclass(frozen=True)
class Funnel:
    name: str
    title: str
    description: str
    stages: tuple[Stage, ...]
    view_box: str


def funnel(name: str, title: str, description: str, stages: Iterable[tuple[str, int, str]]) -> Funnel:
    """Draw stages (text, number, address), the widest first, each centred under the one before."""
    stages = list(stages)
    first = before = stages[0][1] if stages else 0
    drawn = []
    for place, (text, number, address) in enumerate(stages):
        top = place * ROW
        width = Fraction(WIDTH * number, first) if first else Fraction(0)
        shares = share(number, first), share(number, before)
        words = f"{text}: {number}"
        if place and shares[0] is not None:
            words += f" · {shares[0]} %".replace(".", ",")
        drawn.append(
            Stage(
                text,
                number,
                address,
                *shares,
                label(Fraction(WIDTH, 2), top + 18, words, "middle"),
                box((WIDTH - width) / 2, top + 26, max(width, 2), 24),
            )
        )
        before = number
    return Funnel(name, title, description, tuple(drawn), f"0 0 {WIDTH} {max(len(stages), 1) * ROW}")
