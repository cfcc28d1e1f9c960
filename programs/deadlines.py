"""How a deadline is said, counted from the day of reading. Pure."""

import datetime

from django.utils.translation import gettext as _

from cooperation.dates import DatePrecision, format_date


def deadline_words(due_on: datetime.date, on: datetime.date, precision: str = DatePrecision.DAY) -> str:
    """Return "quá hạn 12 ngày (hạn 01/06/2022)", "đến hạn hôm nay", "còn 4 ngày (hạn 05/07/2022)".

    Days are counted only where the day is known.
    """
    words = {"day": format_date(due_on, precision), "days": abs((due_on - on).days)}
    if precision != DatePrecision.DAY:
        return (_("quá hạn %(day)s") if due_on < on else _("hạn %(day)s")) % words
    if due_on < on:
        return _("quá hạn %(days)s ngày (hạn %(day)s)") % words
    if due_on == on:
        return _("đến hạn hôm nay (%(day)s)") % words
    return _("còn %(days)s ngày (hạn %(day)s)") % words
