"""Trend: what was done against what was planned, day by day from 0 to 100. Pure."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from programs.pictures.drawing import Label, Line, coordinate, label, line

WIDTH, HEIGHT = 360, 210
LEFT, RIGHT, TOP, BOTTOM = 34, 12, 12, 28
GRID = (0, 25, 50, 75, 100)
DAY_LABELS = 4

Point = tuple[datetime.date, Decimal | None, Decimal | None]


@dataclass(frozen=True)
class Trend:
    """`actual` and `planned` are runs of "x,y x,y …": a gap where there is no value draws no line."""

    name: str
    title: str
    description: str
    points: tuple[Point, ...]
    actual: tuple[str, ...]
    planned: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    grid: tuple[Line, ...]
    levels: tuple[Label, ...]
    days: tuple[Label, ...]
    last: Label | None
    view_box: str = f"0 0 {WIDTH} {HEIGHT}"


def trend(name: str, title: str, points: Iterable[Point]) -> Trend | None:
    """Draw the points (day, actual, planned), in the order of the days. None where fewer than two have
    a value: one point shows no trend."""
    points = tuple(sorted(points, key=lambda point: point[0]))
    if sum(actual is not None for _day, actual, _planned in points) < 2:
        return None
    first, last = points[0][0], points[-1][0]
    span = (last - first).days or 1

    def x(day):
        return LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / span

    def y(value):
        return TOP + (HEIGHT - TOP - BOTTOM) * (100 - float(min(max(value, 0), 100))) / 100

    def runs(column: int) -> tuple[str, ...]:
        found: list[list[str]] = [[]]
        for point in points:
            if point[column] is None:
                found.append([])
            else:
                found[-1].append(f"{coordinate(x(point[0]))},{coordinate(y(point[column]))}")
        return tuple(" ".join(run) for run in found if len(run) > 1)

    valued = [point for point in points if point[1] is not None]
    end = valued[-1]
    return Trend(
        name=name,
        title=title,
        description=_description(valued),
        points=points,
        actual=runs(1),
        planned=runs(2),
        dots=tuple((coordinate(x(day)), coordinate(y(actual))) for day, actual, _planned in valued),
        grid=tuple(line(LEFT, y(level), WIDTH - RIGHT, y(level)) for level in GRID),
        levels=tuple(label(LEFT - 6, y(level) + 4, str(level), "end") for level in GRID),
        days=_day_labels([point[0] for point in points], x),
        last=_end_label(x(end[0]), y(end[1]), end[1]),
    )


def _end_label(x: float, y: float, value: Decimal) -> Label:
    """The newest value, written beside its dot and inside the picture."""
    above = y - 8 if y > TOP + 16 else y + 18
    return label(min(x, WIDTH - RIGHT), above, str(value).replace(".", ","), "end")


def _day_labels(days: Sequence[datetime.date], x) -> tuple[Label, ...]:
    """The first day, the last, and a few between that do not run into each other."""
    span = (days[-1] - days[0]).days or 1
    chosen = [days[0]]
    for day in days[1:-1]:
        far = (day - chosen[-1]).days / span > 1 / DAY_LABELS
        if far and (days[-1] - day).days / span > 1 / DAY_LABELS:
            chosen.append(day)
    if days[-1] != days[0]:
        chosen.append(days[-1])
    anchors = ["start", *["middle"] * (len(chosen) - 2), "end"]
    return tuple(
        label(x(day), HEIGHT - 8, f"{day:%m/%Y}", anchor)
        for day, anchor in zip(chosen, anchors, strict=False)
    )


def _description(valued: Sequence[Point]) -> str:
    (first, was, _then), (last, now, planned) = valued[0], valued[-1]
    words = {"first": f"{first:%d/%m/%Y}", "was": _points(was), "last": f"{last:%d/%m/%Y}"}
    words |= {"now": _points(now), "planned": _points(planned) if planned is not None else ""}
    falls = sum(after[1] < before[1] for before, after in pairwise(valued))
    text = _("Từ %(was)s %% ngày %(first)s đến %(now)s %% ngày %(last)s") % words
    if planned is not None:
        text += _("; theo kế hoạch đến ngày ấy %(planned)s %%") % words
    if falls:
        text += _("; %(falls)s lần giảm giữa hai mốc") % {"falls": falls}
    return f"{text}."


def _points(value: Decimal) -> str:
    return f"{value:.1f}".replace(".", ",")
