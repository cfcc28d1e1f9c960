"""What all pictures share: how a number and a long text are written into SVG. Pure."""

from dataclasses import dataclass
from fractions import Fraction

ELLIPSIS = "…"


def coordinate(value) -> str:
    """Return a number as SVG reads it: a point, never a comma, no exponent, at most two decimals.

    Templates print numbers as the reader's language writes them ("380,0"), which SVG cannot read; so every
    coordinate reaches them as text.
    """
    text = f"{float(Fraction(value)):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def shortened(text: str, longest: int) -> str:
    """Cut at a word where one ends near, with an ellipsis; the whole text stands in the table."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > longest * 2 // 3 else cut).rstrip(" ,;:–-") + ELLIPSIS


@dataclass(frozen=True)
class Line:
    """A straight line, in coordinates."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Box:
    """A rectangle, in coordinates."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Label:
    """A text and where it stands. `anchor` is SVG's: start, middle or end."""

    x: str
    y: str
    text: str
    anchor: str = "start"


def box(x, y, width, height) -> Box:
    return Box(coordinate(x), coordinate(y), coordinate(width), coordinate(height))


def line(x1, y1, x2, y2) -> Line:
    return Line(coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2))


def label(x, y, text: str, anchor: str = "start") -> Label:
    return Label(coordinate(x), coordinate(y), str(text), anchor)
