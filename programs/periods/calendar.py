"""The dates of reporting periods. Pure.

"decree": data close on a day of the month, the 14th by Nghị định 09/2019/NĐ-CP, and the next period begins
the day after: quý II runs from 15/3 to 14/6. "calendar": calendar months. 9 months is not in the decree's
list; provinces add it.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cooperation.dates import last_day

KINDS = ("month", "quarter", "half_year", "nine_months", "year")
CALENDARS = ("decree", "calendar")
DECREE_CUTOFF = 14
# Every month has that many days.
LATEST_CUTOFF = 28
_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "nine_months": 9, "year": 12}
_ROMAN = ("I", "II", "III", "IV")
_SATURDAY = 5


@dataclass(frozen=True)
class Span:
    """A period to be: both days inclusive."""

    kind: str
    label: str
    start_on: datetime.date
    end_on: datetime.date


def periods_of(year: int, kind: str, cutoff: int | None = DECREE_CUTOFF) -> Iterator[Span]:
    """Yield the year's periods of one kind. `cutoff` is the day that closes a month; None: its last day."""
    if cutoff is not None and not 1 <= cutoff <= LATEST_CUTOFF:
        raise ValueError(f"the cut-off day must be 1 to {LATEST_CUTOFF}")
    length = _MONTHS[kind]
    for number, last_month in enumerate(range(length, 13, length)):
        before = _close(year - 1, 12, cutoff) if number == 0 else _close(year, last_month - length, cutoff)
        yield Span(
            kind,
            _label(year, kind, number),
            before + datetime.timedelta(days=1),
            _close(year, last_month, cutoff),
        )


def _close(year: int, month: int, cutoff: int | None) -> datetime.date:
    return last_day(year, month) if cutoff is None else datetime.date(year, month, cutoff)


def _label(year: int, kind: str, number: int) -> str:
    if kind == "month":
        return _("Tháng %(month)s năm %(year)s") % {"month": number + 1, "year": year}
    if kind == "quarter":
        return _("Quý %(quarter)s năm %(year)s") % {"quarter": _ROMAN[number], "year": year}
    if kind == "half_year":
        first = _("6 tháng đầu năm %(year)s")
        return (_("6 tháng cuối năm %(year)s") if number else first) % {"year": year}
    if kind == "nine_months":
        return _("9 tháng đầu năm %(year)s") % {"year": year}
    return _("Năm %(year)s") % {"year": year}


def working_days_after(day: datetime.date, count: int) -> datetime.date:
    """Return the `count`-th working day after `day`. Weekends are left out; public holidays are not known."""
    while count > 0:
        day += datetime.timedelta(days=1)
        if day.weekday() < _SATURDAY:
            count -= 1
    return day
