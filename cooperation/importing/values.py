"""Cell → value, one pure function a kind. An empty cell gives None. Raises ValueProblemError.

The one door to value_text, value_dates, value_money and value_titles: importers say `values.day`.
"""

from cooperation.importing.value_dates import day, term_end
from cooperation.importing.value_money import currency, money, whole_number
from cooperation.importing.value_text import (
    ValueProblemError,
    choice,
    nearest,
    ordinal,
    phone,
    quoted,
    shown,
    text,
)
from cooperation.importing.value_titles import bare_title, column_currency, column_unit

__all__ = (
    "ValueProblemError",
    "bare_title",
    "choice",
    "column_currency",
    "column_unit",
    "currency",
    "day",
    "money",
    "nearest",
    "ordinal",
    "phone",
    "quoted",
    "shown",
    "term_end",
    "text",
    "whole_number",
)
