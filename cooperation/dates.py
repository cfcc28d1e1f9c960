"""Dates as the sources give them (a year is not 1 January) and dates that readers ask for."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The years that a date may lie in.
EARLIEST, LATEST = 1900, 2100


class DatePrecision(models.TextChoices):
    """How much of a stored date is known. Month and year are stored as the last day of their span."""

    DAY = "day", gettext_lazy("đúng ngày")
    MONTH = "month", gettext_lazy("chỉ biết tháng")
    YEAR = "year", gettext_lazy("chỉ biết năm")


def format_date(value: datetime.date | None, precision: str = DatePrecision.DAY) -> str:
    """Return 17/05/2019, 05/2019, 2019 or "không rõ ngày"."""
    if value is None:
        return _("không rõ ngày")
    if precision == DatePrecision.YEAR:
        return f"{value:%Y}"
    if precision == DatePrecision.MONTH:
        return f"{value:%m/%Y}"
    return f"{value:%d/%m/%Y}"


def format_span(
    start: datetime.date | None, end: datetime.date | None, precision: str = DatePrecision.DAY
) -> str:
    """Return "01/03/2019 – 17/05/2019", one day where that is all, or "không rõ ngày"."""
    if start and end and start != end:
        return f"{format_date(start, precision)} – {format_date(end, precision)}"
    return format_date(end or start, precision)


def last_day(year: int, month: int = 12) -> datetime.date:
    """Return the last day of the month, by default of the year."""
    first_of_next = datetime.date(year + month // 12, month % 12 + 1, 1)
    return first_of_next - datetime.timedelta(days=1)


def span_end(value: datetime.date | None, precision: str) -> datetime.date | None:
    """Return the last day of the month or year that `value` stands for, or `value` where the day is known."""
    if value is None or precision == DatePrecision.DAY:
        return value
    return last_day(value.year, value.month if precision == DatePrecision.MONTH else 12)


def require_years(record: models.Model, *fields: str) -> None:
    """Raise ValidationError for every field outside EARLIEST and LATEST years: a slip of the fingers."""
    odd = [
        name
        for name in fields
        if (day := getattr(record, name)) is not None and not EARLIEST <= day.year <= LATEST
    ]
    if odd:
        message = _("Năm phải từ %(first)s đến %(last)s: hãy xem lại ngày này.")
        raise ValidationError(dict.fromkeys(odd, message % {"first": EARLIEST, "last": LATEST}))


def require_past(record: models.Model, *fields: str) -> None:
    """Raise ValidationError for every field whose day is yet to come: what has not happened is a plan."""
    today = localdate()
    future = [name for name in fields if (day := getattr(record, name)) is not None and day > today]
    if future:
        raise ValidationError(dict.fromkeys(future, _("Ngày này chưa đến: chỉ ghi việc đã xảy ra.")))


def parse_as_of(raw: str | None) -> tuple[datetime.date, str]:
    """Return the day that `?as_of=` asks for and a message for the reader, empty where all is well.

    Without a value: today. A value that is no date, or lies outside those years: today, and a sentence.
    """
    today = localdate()
    if not raw:
        return today, ""
    try:
        asked = datetime.date.fromisoformat(raw.strip())
    except ValueError:
        asked = None
    if asked is None or not EARLIEST <= asked.year <= LATEST:
        return today, _(
            "Không đọc được ngày “%(value)s”. Hãy ghi theo dạng năm-tháng-ngày, ví dụ 2022-12-31. "
            "Trang đang hiện số liệu hôm nay."
        ) % {"value": raw[:40]}
    return asked, ""
