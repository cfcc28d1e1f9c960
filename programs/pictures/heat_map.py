"""Heat map: a table whose cells are shaded by their value, and say it. Pure.

The shade is one hue in five steps of lightness, so that it survives grey paper and colour-blind eyes; the
value stands in every cell, so that nothing is told by shade alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

STEPS = 5
_WIDTH = Decimal(100) / STEPS


def step_of(value: Decimal | None) -> int | None:
    """Return 0 (below 20), 1, 2, 3 or 4 (80 to 100); None where there is no value."""
    return None if value is None else int(min(max(value, Decimal(0)) // _WIDTH, STEPS - 1))


@dataclass(frozen=True)
class HeatCell:
    """`text` stands in the cell; `note` is what a reader must know besides; `doubtful` hatches it."""

    value: Decimal | None = None
    text: str = ""
    address: str = ""
    note: str = ""
    doubtful: bool = False

    @property
    def step(self) -> int | None:
        return step_of(self.value)


@dataclass(frozen=True)
class HeatRow:
    number: int
    title: str
    address: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class HeatMap:
    """`name` is unique on the page: the ids of title and description are made of it."""

    name: str
    title: str
    description: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]

    @property
    def scale(self) -> Sequence[tuple[int, str]]:
        """The steps with their spans, for the legend."""
        bounds = [int(_WIDTH * step) for step in range(STEPS + 1)]
        return [(step, f"{bounds[step]}–{bounds[step + 1]}") for step in range(STEPS)]
