"""Cell → words: text, telephone numbers, choices, yes or no, ordinals; and what every message needs.

A cell is None, "", str, int, float, bool or datetime.date. Pure functions; an empty cell gives None.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache

from django.utils.translation import gettext as _

from cooperation.text import clean, clean_multiline, fold, search_fold, unaccent

_PLAIN = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},  # full-width forms
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣"), "-"),
    **dict.fromkeys(map(ord, "‘’ʼ´`"), "'"),
    **dict.fromkeys(map(ord, "⁄∕"), "/"),
    ord("₫"): "d",
}
_NOTHING = re.compile(r"[-.…_/*\s]*\Z")
# Without its zero: 9 digits (mobile, land line before 2017), 10 from 2 (land line), 10 of the mobile
# numbers of before 2018. 1800 and 1900 numbers have no zero to lose.
_LOST_ZERO = re.compile(r"(?:[2-9][0-9]{8}|2[0-9]{9}|1(?:[26][0-9]|86|88|99)[0-9]{7})\Z")
_ROMAN = {
    tens + ones: 10 * ten + one
    for ten, tens in enumerate(("", "x", "xx", "xxx", "xl"))
    for one, ones in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if 0 < 10 * ten + one <= 40
}
_ORDINAL = re.compile(
    r"(?P<lead>(?:linh vuc|noi dung|lv|nd|muc)(?: (?:hop tac|phoi hop))? ?(?:so|thu)? ?:? ?)?"
    r"\(?(?P<number>[0-9]{1,4}|[ivxl]{1,7})(?P<end>[.):]* ?\Z| ?[.):-] ?(?=[a-z])| (?=[a-z]))"
)


class ValueProblemError(Exception):
    """A cell that cannot be read: a code of the contract, and a sentence that says what to do."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message


def shown(cell) -> str:
    """Return the cell as the clerk sees it: a date day first, a number with 15 digits at most."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell.day:02}/{cell.month:02}/{cell.year:04}"
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e21:
        return str(int(cell))
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if abs(cell) < 10**40:
        return str(cell)
    return f"{Decimal(cell):.14E}"  # str() refuses integers beyond 4300 digits


def quoted(cell) -> str:
    """Return the cell as a message names it: one line, never a whole page."""
    value = _tidy(shown(cell)[:400])
    return value if len(value) <= 80 else f"{value[:79]}…"


def _tidy(value: str) -> str:
    # A printable string holds no control, no zero width and no space but " ".
    if value.isprintable() and "  " not in value and unicodedata.is_normalized("NFC", value):
        return value.strip(" ")
    return clean(value)


def text(cell, *, max_length: int | None = None, lines: bool = False) -> str | None:
    """Return text in NFC, trimmed, with single spaces; `lines` keeps line breaks. Problem: too_long."""
    if cell is None or cell == "":
        return None
    value = shown(cell)
    value = clean_multiline(value) if lines else _tidy(value)
    if max_length and len(value) > max_length:
        raise ValueProblemError(
            "too_long",
            _("“%(value)s” dài %(n)s ký tự, tối đa %(max)s: hãy rút gọn.")
            % {"value": quoted(value), "n": len(value), "max": max_length},
        )
    return value or None


def plain(value: str) -> str:
    """Return lower-case text without marks, with ASCII digits, hyphens, quotes and slashes."""
    return value.lower() if value.isascii() else unaccent(value.translate(_PLAIN))


def says_nothing(words: str) -> bool:
    """True for "-", "–", "…" and their like, which clerks put into a cell that has no value."""
    return _NOTHING.match(words) is not None


def phone(cell) -> str | None:
    """Return a telephone number as typed; a lost leading zero comes back. Problem: too_long."""
    value = text(cell, max_length=60)
    if value and _LOST_ZERO.match(value):
        return f"0{value}"
    return value


@lru_cache(maxsize=4096)
def _closest(key: str, keys: tuple[str, ...]) -> int | None:
    found = get_close_matches(key, keys, n=1, cutoff=0.6)
    return keys.index(found[0]) if found else None


def nearest(typed, candidates) -> str | None:
    """Return the candidate that is closest to what was typed by folded text, for a message; or None."""
    candidates = list(candidates)
    # difflib is quadratic: what differs after 80 characters makes no better guess.
    key = fold(shown(typed)[:200])[:80]
    index = _closest(key, tuple(fold(candidate)[:80] for candidate in candidates)) if key else None
    return None if index is None else candidates[index]


# Statuses repeat down a column; folding is the dear part of reading one.
_key = lru_cache(maxsize=4096)(fold)


def choice(cell, spellings: dict[str, tuple[str, ...]], labels) -> str | None:
    """Return the code whose folded spellings hold the cell. Problem: invalid_choice.

    `labels` are the valid values as a message names them.
    """
    value = text(cell)
    if value is None:
        return None
    key = _key(value[:200])
    for code, words in spellings.items():
        if key in words:
            return code
    if not key:
        if says_nothing(plain(value)):
            return None
    else:
        wavering = search_fold(value[:200])  # "đã kí" is "đã ký"
        for code, words in spellings.items():
            if any(wavering == search_fold(word) for word in words):
                return code
    raise _no_choice(value, tuple(labels))


def _no_choice(value, labels: tuple[str, ...]) -> ValueProblemError:
    names = {"value": quoted(value), "labels": ", ".join(labels)}
    if near := nearest(value, labels):
        message = _("“%(value)s” không có trong danh mục: có phải “%(near)s”? Hãy chọn: %(labels)s.")
        return ValueProblemError("invalid_choice", message % {**names, "near": near})
    message = _("“%(value)s” không có trong danh mục. Hãy chọn: %(labels)s.")
    return ValueProblemError("invalid_choice", message % names)


def ordinal(cell) -> int | str | None:
    """Return the number of 6, "Lĩnh vực số 6", "LV6", "VI" or "6. Thương mại", else the folded title."""
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    if is_number and 0 <= cell < 10_000 and cell == int(cell):
        return int(cell)
    value = text(cell)
    if value is None:
        return None
    if value.isascii() and value.isdigit() and len(value) < 5:
        return int(value)
    words = plain(value[:300])
    if match := _ORDINAL.match(words):
        number, end = match["number"], match["end"]
        # A mere space ends a number only after "lĩnh vực": "6 tháng" and "Lĩnh vực vi mạch" are titles.
        if end != " " or (match["lead"] and number.isdigit()):
            if number.isdigit():
                return int(number)
            if number in _ROMAN:
                return _ROMAN[number]
    return fold(value) or None
