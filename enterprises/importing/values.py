"""Cell → value, one pure function a kind. An empty cell gives None. Raises ValueProblemError."""

import math
import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from cooperation.dates import last_day
from cooperation.text import clean, clean_multiline, fold, unaccent
from enterprises import tax_codes

_DMY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})\Z")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?\Z")
_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})\Z")
_PERIOD = re.compile(
    r"(?:(?:thang )?\d{1,2}[/.\-]\d{4}|(?:ngay )?\d{1,2}/\d{1,2}|(?:nam )?\d{4}"
    r"|(?:quy|q)\s*[ivx\d]+.*|\d+ thang (?:dau|cuoi) nam.*|thang \d{1,2}.*)\Z"
)
_EXCEL_EPOCH = date(1899, 12, 30)
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)

_UNITS = {
    "ty": 10**9, "ti": 10**9, "trieu": 10**6, "tr": 10**6, "trd": 10**6, "tr.d": 10**6,
    "nghin": 1000, "ngan": 1000, "ngd": 1000,
}  # fmt: skip
_CURRENCIES = {
    "dong": "VND",
    "d": "VND",
    "vnd": "VND",
    "usd": "USD",
    "$": "USD",
    "eur": "EUR",
    "riel": "KHR",
    "khr": "KHR",
}
_ISO_4217 = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ "
    "GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR "
    "LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN "
    "PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB "
    "TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW"
)
_CURRENCY_CODES = frozenset(_ISO_4217.split())
_NO_AMOUNT = {"", "-", "–", "khong", "theo thoa thuan", "chua xac dinh"}
_AMOUNT = re.compile(r"(-?[\d.,]+)\s*([a-z$.]*)")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?\Z")
_PLAIN = re.compile(r"\d+(?:,\d{1,2}|,\d{4,})?\Z")

STATUSES = {
    "signed": ("da ky", "da ky ket", "moi ky"),
    "in_progress": ("dang thuc hien", "dang trien khai", "dang trien khai thuc hien", "da trien khai"),
    "contracted": ("da ky hop dong", "da co hop dong"),
    "expired": ("het han", "da het han", "het hieu luc"),
    "terminated": ("cham dut", "da cham dut", "huy", "thanh ly"),
}
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}


class ValueProblemError(Exception):
    """A cell that cannot be read: a code of the contract, and a sentence that names what is valid."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message


def shown(cell) -> str:
    """Return the cell as the clerk sees it."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def quoted(cell) -> str:
    """Return the cell as a message names it: never a whole page."""
    value = shown(cell)
    return value if len(value) <= 80 else f"{value[:79]}…"


def text(cell, *, max_length: int | None = None, lines: bool = False) -> str | None:
    """Return cleaned text; `lines` keeps line breaks. Problem: too_long."""
    value = shown(cell).replace("\x00", "")
    value = clean_multiline(value) if lines else clean(value)
    if max_length and len(value) > max_length:
        raise ValueProblemError(
            "too_long",
            _("Dài %(n)s ký tự, tối đa %(max)s: hãy rút gọn.") % {"n": len(value), "max": max_length},
        )
    return value or None


def day(cell) -> date | None:
    """Return a date, day first always. Problems: invalid_date, ambiguous_date (a month, quarter or year)."""
    if isinstance(cell, date):
        return _sane(cell, cell)
    if isinstance(cell, bool):
        raise _no_date(cell)
    if isinstance(cell, int | float):
        if 20_000 <= cell <= 80_000 and float(cell).is_integer():
            return _sane(_EXCEL_EPOCH + timedelta(days=int(cell)), cell)
        if 1900 <= cell <= 2100 and float(cell).is_integer():
            raise _ambiguous(cell)
        raise _no_date(cell)
    value = text(cell)
    if value is None:
        return None
    words = unaccent(value).lstrip("'")
    if match := _ISO.match(words):
        return _build(match[1], match[2], match[3], value)
    for pattern in (_DMY, _WORDS):
        if match := pattern.match(re.sub(r"^ngay (?=\d{1,2}\s*[/.\-])", "", words)):
            return _build(match[3], match[2], match[1], value)
    if _PERIOD.match(words):
        raise _ambiguous(value)
    raise _no_date(value)


def _build(year: str, month: str, day_: str, value) -> date:
    try:
        return _sane(date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day_)), value)
    except ValueError as fault:
        raise _no_date(value) from fault


def _sane(found: date, value) -> date:
    if not _EARLIEST <= found <= _LATEST:
        raise _no_date(value)
    return found


def _no_date(value) -> ValueProblemError:
    return ValueProblemError(
        "invalid_date",
        _("“%(value)s” không phải ngày: hãy ghi ngày/tháng/năm, ví dụ 17/05/2019.")
        % {"value": quoted(value)},
    )


def _ambiguous(value) -> ValueProblemError:
    return ValueProblemError(
        "ambiguous_date",
        _("“%(value)s” là một khoảng thời gian, chưa phải một ngày: hãy ghi đủ ngày/tháng/năm.")
        % {"value": quoted(value)},
    )


def money(cell, *, unit: int = 1) -> tuple[Decimal, str | None] | None:
    """Return (amount, currency or None). Dot groups, comma is the decimal sign. Problem: invalid_number.

    `unit` is the whole column's unit, as a header "(triệu đồng)" sets it: 10**6.
    """
    if isinstance(cell, bool | date):
        raise _no_amount(cell)
    if isinstance(cell, int | float):
        if isinstance(cell, float) and not math.isfinite(cell):
            raise _no_amount(cell)
        return _positive(Decimal(str(cell)) * unit, cell), None
    value = text(cell)
    if value is None or unaccent(value) in _NO_AMOUNT:
        return None
    words = re.sub(
        r"/\s*(nam|thang|quy)\Z", "", unaccent(value).replace("khoang", "").replace("~", "")
    ).strip()
    total, currency, scaled, position, parts = Decimal(0), None, 0, 0, 0
    for match in _AMOUNT.finditer(words):
        if words[position : match.start()].strip() not in {"", "va"}:
            raise _no_amount(value)
        amount = _number(match[1], value)
        for word in filter(None, [match[2], *re.findall(r"\A\s+([a-z$.]+)", words[match.end() :])]):
            if word in _UNITS:
                amount, scaled = amount * _UNITS[word], scaled + 1
            elif word in _CURRENCIES:
                currency = _CURRENCIES[word]
            else:
                raise _no_amount(value)
        position = match.end() + len(re.match(r"(?:\s+[a-z$.]+)?", words[match.end() :])[0])
        total, parts = total + amount, parts + 1
    # "1 tỷ 200 triệu" adds up because each part has its unit; "1 200 000" must not.
    if position == 0 or words[position:].strip() or (parts > 1 and scaled != parts):
        raise _no_amount(value)
    return _positive(total if scaled or currency else total * unit, value), currency


def _number(digits: str, value) -> Decimal:
    if digits.startswith("-"):
        raise _no_amount(value)
    if _GROUPED.match(digits):
        digits = digits.replace(".", "")
    elif not _PLAIN.match(digits):
        raise _no_amount(value)
    try:
        return Decimal(digits.replace(",", "."))
    except InvalidOperation as fault:
        raise _no_amount(value) from fault


def _positive(amount: Decimal, value) -> Decimal:
    if amount < 0 or amount >= Decimal(10) ** 18:
        raise _no_amount(value)
    return amount.quantize(Decimal("0.01"))


def _no_amount(value) -> ValueProblemError:
    return ValueProblemError(
        "invalid_number",
        _("“%(value)s” không phải số tiền: hãy ghi như 1.200.000.000 hoặc 1,2 tỷ, không âm.")
        % {"value": quoted(value)},
    )


def currency(cell) -> str | None:
    """Return an ISO 4217 code. Problem: invalid_choice."""
    value = text(cell)
    if value is None:
        return None
    code = _CURRENCIES.get(unaccent(value), value.upper())
    if code not in _CURRENCY_CODES:
        raise ValueProblemError(
            "invalid_choice", _("“%(value)s” không phải đơn vị tiền: VND, USD …") % {"value": quoted(value)}
        )
    return code


def term_end(cell, start: date) -> date | None:
    """Return the last day of "12 tháng", "2 năm" or "đến 31/12/2025". Problem: invalid_date."""
    value = text(cell)
    if value is None:
        return None
    words = unaccent(value)
    if match := re.search(r"den (?:het )?(?:ngay )?(\d.*)\Z", words):
        return day(match[1])
    if match := re.fullmatch(r"(\d{1,3}) (thang|nam)", fold(value)):
        months = int(match[1]) * (12 if match[2] == "nam" else 1)
        month0 = start.month - 1 + months
        year, month = start.year + month0 // 12, month0 % 12 + 1
        if year > _LATEST.year:
            raise _no_date(value)
        return date(year, month, min(start.day, last_day(year, month).day))
    raise ValueProblemError(
        "invalid_date",
        _("Không hiểu thời hạn “%(value)s”: hãy ghi như 12 tháng, 2 năm, đến 31/12/2025.")
        % {"value": quoted(value)},
    )


def tax_code(cell) -> str | None:
    """Return a tax code in its stored form; a number cell that lost its zero is mended.

    Problem: invalid_tax_code.
    """
    value = text(cell)
    if value is None:
        return None
    found = tax_codes.normalise(value)
    if found is None:
        raise ValueProblemError(
            "invalid_tax_code",
            _("“%(value)s” không phải mã số thuế: cần 10 hoặc 13 số (0301175691-013), đúng số kiểm tra.")
            % {"value": quoted(value)},
        )
    return found


def status(cell) -> str | None:
    """Return a status of MOU. Problem: invalid_choice."""
    value = text(cell)
    if value is None:
        return None
    words = fold(value)
    for code, spellings in STATUSES.items():
        if words in spellings:
            return code
    raise ValueProblemError(
        "invalid_choice",
        _("“%(value)s” không có trong: đã ký, đang thực hiện, đã ký hợp đồng, hết hạn, chấm dứt.")
        % {"value": quoted(value)},
    )


def area_number(cell) -> int | str | None:
    """Return the area's number, or its folded title where the cell is no number."""
    value = text(cell)
    if value is None:
        return None
    words = re.sub(r"^(?:linh vuc|noi dung|lv)(?: so)? ", "", fold(value))
    if words.isdigit() and len(words) < 5:
        return int(words)
    return _ROMAN.get(words, words)


def phone(cell) -> str | None:
    """Return a telephone number as typed; a number cell's lost leading zero comes back."""
    value = text(cell, max_length=60)
    if value and isinstance(cell, int | float) and len(value) in (9, 10) and not value.startswith("0"):
        return f"0{value}"
    return value
