"""RFC 4180: UTF-8 without a mark, commas, CRLF, ISO days, decimal points, exact fractions as text."""

import datetime
import io
from collections.abc import Iterable
from csv import QUOTE_MINIMAL, writer
from decimal import Decimal
from fractions import Fraction

# A spreadsheet takes a text that begins so for a formula. Numbers are written by their type, not by looks.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(header: Iterable[str], rows: Iterable[tuple]) -> str:
    out = io.StringIO()
    table = writer(out, quoting=QUOTE_MINIMAL, lineterminator="\r\n")
    table.writerow(header)
    table.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def cell(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value + 0:f}"  # a rounded −0.04 is 0.0, not -0.0
    if isinstance(value, int | Fraction):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
