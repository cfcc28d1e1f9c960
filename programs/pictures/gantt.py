"""Gantt-like timeline: when an area's activities run, by quarter, and how each stands. Pure.

An activity without any date is counted in the description and not drawn.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.measures import LeafFigure, Timeliness
from programs.pictures.drawing import Box, Label, Line, box, label, line, shortened

WIDTH = 760
LABELS = 300
HEAD, ROW = 34, 26
LONGEST_LABEL = 40
MOST_ROWS = 40
_QUARTERS_WITH_LABELS = 12
_HEAD_WIDTH = 36
_STATES = {
    Timeliness.DONE_ON_TIME: "done",
    Timeliness.DONE_LATE: "done",
    Timeliness.OVERDUE: "late",
    Timeliness.STOPPED: "stopped",
}
# A sign in every bar: a state is never told by shade alone.
SIGNS = {"done": "✓", "late": "!", "stopped": "×", "open": ""}


@dataclass(frozen=True)
class Row:
    text: str
    code: str
    first: str
    last: str
    state: str
    timeliness: str
    name: Label
    bar: Box
    sign: Label | None


@dataclass(frozen=True)
class Gantt:
    name: str
    title: str
    description: str
    rows: tuple[Row, ...]
    grid: tuple[Line, ...]
    heads: tuple[Label, ...]
    today: Line | None
    view_box: str


def quarter(day: datetime.date) -> int:
    """Quarters counted from the year 0, so that they can be subtracted."""
    return day.year * 4 + (day.month - 1) // 3


def quarter_label(number: int) -> str:
    return f"{('I', 'II', 'III', 'IV')[number % 4]}/{number // 4}"


def _span(activity, leaf: LeafFigure) -> tuple[datetime.date, datetime.date] | None:
    """From its start to its due day, or to its completion where that came later or is all that is known."""
    days = [day for day in (activity.start_on, activity.due_on, activity.completed_on) if day]
    if not days:
        return None
    if leaf.completed and activity.completed_on and activity.start_on:
        return activity.start_on, max(activity.completed_on, activity.start_on)
    return min(days), max(days)


def gantt(name: str, title: str, activities: Iterable[tuple], on: datetime.date, words) -> Gantt | None:
    """Draw pairs (activity, figure). `words(leaf, activity)` says how one stands. None without any date."""
    pairs = [(activity, leaf, _span(activity, leaf)) for activity, leaf in activities if leaf.in_plan]
    dated = sorted(
        ((activity, leaf, span) for activity, leaf, span in pairs if span),
        key=lambda row: (row[2][0], row[2][1], row[0].code),
    )
    if not dated:
        return None
    shown = dated[:MOST_ROWS]
    first = min(quarter(span[0]) for _activity, _leaf, span in shown)
    end = max(quarter(span[1]) for _activity, _leaf, span in shown) + 1
    width = (WIDTH - LABELS) / (end - first)

    def x(number):
        return LABELS + width * (number - first)

    height = HEAD + ROW * len(shown)
    rows = []
    for place, (activity, leaf, span) in enumerate(shown):
        state = _STATES.get(leaf.timeliness, "open")
        top = HEAD + ROW * place
        start, last = quarter(span[0]), quarter(span[1])
        bar_width = max(width * (last - start + 1) - 2, 4)
        sign = SIGNS[state]
        rows.append(
            Row(
                activity.title,
                activity.code,
                quarter_label(start),
                quarter_label(last),
                state,
                words(leaf, activity),
                label(0, top + 18, shortened(activity.title, LONGEST_LABEL)),
                box(x(start) + 1, top + 5, bar_width, ROW - 10),
                label(x(start) + 1 + bar_width / 2, top + 18, sign, "middle") if sign else None,
            )
        )
    every = 1 if end - first <= _QUARTERS_WITH_LABELS else 4
    marks = [n for n in range(first, end + 1) if every == 1 or n % 4 == 0]
    part = (on - datetime.date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)).days / 92
    now = quarter(on) + part
    return Gantt(
        name=name,
        title=title,
        description=_description(len(pairs), dated, shown),
        rows=tuple(rows),
        grid=tuple(line(x(n), HEAD - 8, x(n), height) for n in marks),
        heads=tuple(
            label(x(n) + 3, HEAD - 14, quarter_label(n) if every == 1 else str(n // 4))
            for n in marks
            if x(n) + _HEAD_WIDTH <= WIDTH
        ),
        today=line(x(now), HEAD - 8, x(now), height) if first <= now <= end else None,
        view_box=f"0 0 {WIDTH} {height}",
    )


def _description(all_of_them: int, dated: list, shown: list) -> str:
    text = ngettext(
        "%(n)s hoạt động theo quý, xếp theo ngày bắt đầu.",
        "%(n)s hoạt động theo quý, xếp theo ngày bắt đầu.",
        len(shown),
    ) % {"n": len(shown)}
    if len(dated) > len(shown):
        text += " " + _("Còn %(n)s hoạt động có ngày nữa, xem ở bảng của trang.") % {
            "n": len(dated) - len(shown)
        }
    if all_of_them > len(dated):
        text += " " + _("%(n)s hoạt động không rõ ngày nên không vẽ được.") % {"n": all_of_them - len(dated)}
    return text
