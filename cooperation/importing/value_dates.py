"""Cell → date, day first always; and the last day of a term."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from cooperation.dates import last_day
from cooperation.importing.value_text import ValueProblemError, plain, quoted, says_nothing, text

_EXCEL_EPOCH = date(1899, 12, 30)
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)
_LONGEST = 120

_DAY = (
    r"(?P<day>[0-9]{1,2})(?: ?[/.-] ?| ?,? ?thang ?)(?P<month>[0-9]{1,2})"
    r"(?: ?[/.-] ?| ?,? ?nam ?)(?P<year>[0-9]{4}|[0-9]{2})"
)
_YEAR_FIRST = r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})"
# Before the day only what cannot change it: a place with a comma, a weekday, "ký ngày". Not "trước ngày".
_LEAD = (
    r"(?:[0-9]{1,2} ?(?:h|:|gio) ?(?:[0-9]{2})? ?,? ?)?(?:[^0-9,]{1,60}, ?)?"
    r"(?:(?:thu ?[a-z0-9]+|t[2-7]|chu nhat|cn) ?,? ?)?(?:(?:ngay )?ky(?: ket)? ?:? ?)?(?:ngay ?:? ?)?"
)
# A time of day is dropped; one with a time zone is not read, because it may belong to the day before.
_TIME = r"(?:[ t,]+[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[ap]m)?)?"
_SHORT = re.compile(rf"{_DAY}\Z")
_FULL = re.compile(rf"{_LEAD}{_DAY}{_TIME}\Z")
_ISO = re.compile(rf"{_YEAR_FIRST}{_TIME}\Z")

_QUARTER = r"(?:quy|q) ?\.?(?P<quarter>i{1,3}|iv|[1-4])"
_PERIOD = re.compile(
    r"(?:ngay )?(?:"
    r"(?:(?:dau|giua|cuoi|trong) )?(?:thang |t)?[0-9]{1,2} ?[/.-] ?[0-9]{4}"
    r"|[0-9]{1,2} ?[/.-] ?[0-9]{1,2}|[0-9]{1,2} thang [0-9]{1,2}"
    r"|(?:(?:dau|giua|cuoi|trong) )?(?:nam )?[0-9]{4}"
    r"|(?:(?:dau|giua|cuoi|trong) )?(?:thang|t) ?[0-9]{1,2}\b.*"
    r"|[.… ]*thang[.… 0-9]*nam[.… 0-9]*"
    rf"|(?:quy|q) ?\.?[ivx0-9]+\b.*"
    r"|(?:[0-9]{1,2}|sau|ba|chin) thang (?:dau|cuoi)\b.*|nua (?:dau|cuoi) nam\b.*"
    r"|(?:giai doan |tu )?(?:nam )?[0-9]{4} ?(?:-|den) ?(?:nam )?[0-9]{4}"
    rf"|(?:tu )?(?:ngay )?{re.sub(r'[?]P<[a-z]+>', '?:', _DAY)} ?(?:-|den|va) ?(?:het )?(?:ngay )?[0-9].*"
    r")\Z"
)

_NO_TERM = frozenset(
    (
        "khong", "khong thoi han", "vo thoi han", "khong co thoi han", "khong gioi han", "khong ky han",
        "khong xac dinh", "khong xac dinh thoi han", "chua xac dinh", "chua xac dinh thoi han",
    )
)  # fmt: skip
_COUNTS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "muoi hai": 12,
}  # fmt: skip
_LENGTH = (
    rf"(?:[0-9]{{1,4}}(?:[.,][0-9])?|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
    r" ?(?:\([a-z ]{2,20}\) ?)?(?:nam|thang|quy|tuan|ngay)\b"
)
_LASTS = re.compile(
    rf"(?:thoi han |trong (?:vong |thoi han )?|la |: ?)*(?P<lengths>{_LENGTH}(?: ?(?:va )?{_LENGTH})?)"
    r"(?: ?\([a-z0-9 ]{2,30}\))?"
    r"(?: ?[,(]? ?(?:ke )?tu (?:ngay|khi|luc) (?P<from>(?:ky|co hieu luc)[^0-9()]*|[0-9][^()]*)\)?)?\Z"
)
_ONE_LENGTH = re.compile(
    rf"(?P<count>[0-9]{{1,4}}(?:[.,][0-9])?|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
    r" ?(?:\([a-z ]{2,20}\) ?)?(?P<unit>nam|thang|quy|tuan|ngay)\b"
)
_MONTHS = {"nam": 12, "quy": 3, "thang": 1}
_DAYS = {"tuan": 7, "ngay": 1}
_UNTIL = re.compile(r"(?P<head>.*?)\b(?:den|toi) ?(?P<tail>.+)\Z")
_HEAD_WORDS = frozenset((
    "giai", "doan", "thoi", "gian", "han", "hieu", "luc", "co", "thuc", "hien", "tu", "ngay", "ke", "ky",
    "khi", "nam", "thang", "quy",
))  # fmt: skip
_BOTH_ENDS = re.compile(
    r"(?:giai doan |thoi gian |tu |nam |ngay |thang |: ?)*(?:[0-9]{1,2}[/.]){0,2}[0-9]{4} ?- ?"
    r"(?P<tail>(?:nam |ngay |thang )?(?:[0-9]{1,2}[/.]){0,2}[0-9]{4})\Z"
)
_SPAN_END = re.compile(
    rf"(?:het |cuoi )*(?:(?:thang )?(?P<month>[0-9]{{1,2}})(?: ?[/.-] ?| nam )|{_QUARTER} ?(?:[/.-] ?|nam )?"
    r"|nam )?(?P<year>[0-9]{4})\Z"
)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def day(cell) -> date | None:
    """Return a date, day first always. Problems: invalid_date, ambiguous_date (a month, quarter or year)."""
    if type(cell) is date:
        return _within(cell, cell)
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime):
        return _within(cell.date(), cell)
    if isinstance(cell, bool):
        raise _no_date(cell)
    if isinstance(cell, int | float):
        return _serial(cell)
    value = text(cell)
    if value is None:
        return None
    words = plain(value) if len(value) <= _LONGEST else ""
    if match := _SHORT.match(words):
        return _build(match, value)
    words = words.strip("' .,;")
    for pattern in (_ISO, _FULL):
        if match := pattern.match(words):
            return _build(match, value)
    if len(words) == 5 and words.isdigit():
        return _serial(int(words))
    if _PERIOD.match(words):
        raise _ambiguous(value)
    if len(value) <= _LONGEST and says_nothing(words):
        return None
    raise _no_date(value)


def _serial(cell: float) -> date:
    """The date behind a number: spreadsheets count days from 30/12/1899; a fraction is the time of day."""
    if 20_000 <= cell <= 80_000:
        return _within(_EXCEL_EPOCH + timedelta(days=int(cell)), cell)
    if (1900 <= cell <= 2100 and cell == int(cell)) or re.fullmatch(r"[0-9]{1,2}\.[0-9]{4}", quoted(cell)):
        raise _ambiguous(cell)
    raise _no_date(cell)


def _build(match: re.Match, value) -> date:
    year, month, day_ = int(match["year"]), int(match["month"]), int(match["day"])
    if len(match["year"]) == 2:
        year += 2000 if year < _EARLIEST.year - 1900 else 1900
    try:
        found = date(year, month, day_)
    except ValueError:
        raise _no_such_day(value, year, month, day_) from None
    return _within(found, value)


def _within(found: date, value) -> date:
    if _EARLIEST <= found <= _LATEST:
        return found
    raise ValueProblemError(
        "invalid_date",
        _("“%(value)s” nằm ngoài các năm 1990 đến 2100: hãy kiểm tra năm rồi ghi lại, ví dụ 17/05/2019.")
        % {"value": quoted(value)},
    )


def _no_such_day(value, year: int, month: int, day_: int) -> ValueProblemError:
    if 1 <= month <= 12 and day_ > 28 and year:
        message = _(
            "“%(value)s” không có trong lịch: tháng %(month)s/%(year)s chỉ có %(days)s ngày. Hãy sửa ngày."
        )
        days = monthrange(year, month)[1]
        names = {"value": quoted(value), "month": month, "year": year, "days": days}
        return ValueProblemError("invalid_date", message % names)
    if 1 <= day_ <= 12 and 1 <= month <= 31 and year and month <= monthrange(year, day_)[1]:
        message = _("“%(value)s” sai thứ tự, ngày đứng trước: có phải %(swapped)s? Hãy ghi ngày/tháng/năm.")
        names = {"value": quoted(value), "swapped": f"{month:02}/{day_:02}/{year:04}"}
        return ValueProblemError("invalid_date", message % names)
    return _no_date(value)


def _no_date(value) -> ValueProblemError:
    return ValueProblemError(
        "invalid_date",
        _("“%(value)s” không phải ngày: hãy ghi ngày/tháng/năm, ví dụ 17/05/2019.")
        % {"value": quoted(value)},
    )


def _ambiguous(value) -> ValueProblemError:
    return ValueProblemError(
        "ambiguous_date",
        _("“%(value)s” chưa phải một ngày: hãy ghi đủ ngày/tháng/năm, ví dụ 17/05/2019.")
        % {"value": quoted(value)},
    )


def term_end(cell, start: date | None) -> date | None:
    """Return the last day of "12 tháng", "2 năm", "đến 31/12/2025" or "2019-2025". Problem: invalid_date.

    None where the term has no end. `start` is the day of signing; without it a length of time gives None.
    """
    if isinstance(cell, date):
        return day(cell)
    value = text(cell)
    if value is None:
        return None
    words = plain(value).strip("' .,;") if len(value) <= _LONGEST else "?"
    if words in _NO_TERM or says_nothing(words):
        return None
    if match := _LASTS.match(words):
        origin = match["from"]
        # "kể từ ngày ký" is `start`; "kể từ ngày 01/01/2020" names another.
        begins = day(origin) if origin and origin[0].isdigit() else start
        return None if begins is None else _after(begins, match["lengths"], value)
    if match := _BOTH_ENDS.match(words):
        return _last_of(match["tail"], value)
    if match := _UNTIL.match(words):
        tokens = re.split(r"[ ,:();.-]+", match["head"])
        if all(token in _HEAD_WORDS or token[0].isdigit() for token in tokens if token):
            return _last_of(match["tail"], value)
        raise _no_term(value)
    if words.startswith(("nam ", "het ")) or "/" in words:
        return _last_of(words, value)
    raise _no_term(value)


def _after(start: date, lengths: str, value) -> date:
    """`start` and the lengths; an end of month is cut: 31/1 and one month give 28/2 or 29/2."""
    months = days = 0
    for match in _ONE_LENGTH.finditer(lengths):
        count = _COUNTS.get(match["count"]) or float(match["count"].replace(",", "."))
        months += count * _MONTHS.get(match["unit"], 0)
        days += count * _DAYS.get(match["unit"], 0)
    if months != int(months) or days != int(days) or months + days == 0:
        raise _no_term(value)
    month0 = start.month - 1 + int(months)
    year, month = start.year + month0 // 12, month0 % 12 + 1
    if year > _LATEST.year:
        raise _no_term(value)
    end = date(year, month, min(start.day, last_day(year, month).day))
    return _within(end + timedelta(days=int(days)), value)


def _last_of(words: str, value) -> date:
    """The last day of the date, month, quarter or year that `words` name."""
    words = words.strip(" .,;()")
    if match := _SPAN_END.match(words):
        year, month = int(match["year"]), 12
        if match["quarter"]:
            month = 3 * _QUARTERS[match["quarter"]]
        elif match["month"]:
            month = int(match["month"])
        if _EARLIEST.year <= year <= _LATEST.year and 1 <= month <= 12:
            return last_day(year, month)
        raise _no_term(value)
    bare = re.sub(r"\A(?:het |ngay )+", "", words)
    if match := _SHORT.match(bare) or _ISO.match(bare):
        return _build(match, value)
    raise _no_term(value)


def _no_term(value) -> ValueProblemError:
    return ValueProblemError(
        "invalid_date",
        _("Không hiểu thời hạn “%(value)s”: hãy ghi như 12 tháng, 2 năm, đến 31/12/2025.")
        % {"value": quoted(value)},
    )
