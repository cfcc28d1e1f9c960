"""Cell → amount, currency, whole number. Dots group digits, the comma is the decimal sign."""

import math
import re
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from cooperation.importing.value_text import ValueProblemError, nearest, plain, quoted, says_nothing, text

_CENT = Decimal("0.01")
_LIMIT = 10**18
_LONGEST = 120

_SCALES = {"ty": 10**9, "ti": 10**9, "trieu": 10**6, "tr": 10**6, "nghin": 1000, "ngan": 1000, "k": 1000}
_DONG = ("dong", "d", "vnd")
# "trđ", "tr.đ", "tỷđồng": a unit and its currency in one word (dots are gone by then).
_JOINED = {f"{scale}{dong}": amount for scale, amount in {**_SCALES, "ng": 1000}.items() for dong in _DONG}
# "yên" is not here: without its mark it is "yến", ten kilograms.
_CURRENCIES = {
    **dict.fromkeys((*_DONG, "dong viet nam", "viet nam dong", "d viet nam"), "VND"),
    **dict.fromkeys(("$", "us$", "do", "do la", "dola", "do la my", "dola my", "usd my"), "USD"),
    **dict.fromkeys(("euro", "€"), "EUR"),
    **dict.fromkeys(("riel", "riel campuchia"), "KHR"),
    **dict.fromkeys(("nhan dan te", "ndt", "rmb"), "CNY"),
    "yen nhat": "JPY",
    "baht": "THB",
    "kip": "LAK",
}
_ISO_4217 = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ "
    "GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR "
    "LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN "
    "PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB "
    "TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW"
)
_CODES = frozenset(_ISO_4217.split())

_NO_AMOUNT = frozenset((
    "khong", "khong co", "chua co", "chua ro", "chua xac dinh", "khong xac dinh", "dang cap nhat", "n/a",
    "thoa thuan", "theo thoa thuan", "dang thoa thuan", "theo hop dong", "theo don hang", "theo thuc te",
    "theo thi truong", "theo gia thi truong", "theo thoi diem", "theo tung thoi diem",
))  # fmt: skip
_GOODS = frozenset((
    "tan", "ta", "yen", "kg", "kilogam", "gam", "g", "lit", "l", "m", "m2", "m3", "met", "ha",
    "con", "cai", "chiec", "bo", "cay", "qua", "trai", "chai", "lo", "thung", "bao", "hop", "goi",
    "tui", "container", "cont", "kien", "san", "sp", "suat", "nguoi", "ho", "diem", "kwh",
))  # fmt: skip
_PLAIN_DIGITS = re.compile(r"[0-9]{1,30}\Z")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?\Z")
# Three digits after a lone comma may be an English group: only "0,350" cannot.
_DECIMAL = re.compile(r"(?:[0-9]+(?:,[0-9]{1,2}|,[0-9]{4,})?|0+,[0-9]+)\Z")
_TWO_WAYS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}\Z")
_ENGLISH = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?\Z")
_POINT = re.compile(r"[0-9]+\.[0-9]+\Z")
_SPACED = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+\Z")

_ABOUT = re.compile(r"(?:[~≈]|(?:khoang|uoc(?: tinh| dat)?|tam tinh|du kien|gan|hon)\b) ?:? ?")
_PER = re.compile(r" ?(?:/ ?(?:1 |mot |moi )?|(?:mot|moi|hang) )(?:nam|thang|quy|tuan|ngay|vu)\Z")
_IN_WORDS = re.compile(r" ?\([^0-9()]*\)\Z")
_TOKEN = re.compile(r"(?P<digits>[0-9][0-9.,]*)|(?P<word>m[23]\b|[a-z$€]+(?:\.[a-z]+)*)|(?P<other>[^ ])")
_SPAN = re.compile(r".*[0-9a-z] ?(?:-|den|toi) ?[0-9]")
_THOUSANDS = re.compile(r"(?:x ?)?(1(?:[., ]?000){1,3}) ?")
_NEGATIVE = re.compile(r"(?:[$€]|[a-z]{1,4}(?= ))? ?- ?[0-9]|\([0-9.,]+\)")


def money(cell, *, unit: int = 1) -> tuple[Decimal, str | None] | None:
    """Return (amount, currency or None). Problem: invalid_number.

    `unit` is the column's unit, as a header "(triệu đồng)" sets it: 10**6. It counts only where the cell
    names neither a unit nor a currency of its own.
    """
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool | date):
        raise _no_amount(cell)
    if isinstance(cell, int | float):
        return _from_number(cell, unit), None
    value = text(cell)
    if value is None:
        return None
    if _PLAIN_DIGITS.match(value) or _GROUPED.match(value):
        return _within(Decimal(value.replace(".", "").replace(",", ".")) * unit, value), None
    words = plain(value).strip(" ;:'") if len(value) <= _LONGEST else "?"
    if words.rstrip(".") in _NO_AMOUNT or says_nothing(words):
        return None
    words = _IN_WORDS.sub("", words.rstrip(".,;- ") if words[:1].isdigit() else words)
    words = _PER.sub("", _ABOUT.sub("", words, count=1) if _ABOUT.match(words) else words)
    if _NEGATIVE.match(words):
        raise _negative(value)
    if _SPAN.match(words):
        raise _problem(_("“%(value)s” là một khoảng: hãy ghi một số tiền, ví dụ 1,2 tỷ."), value)
    total, currency, named = _sum(words, value)
    return _within(total if named else total * unit, value), currency


def _from_number(cell: int | float, unit: int) -> Decimal:
    if isinstance(cell, float) and not math.isfinite(cell):
        raise _no_amount(cell)
    if cell < 0:
        raise _negative(cell)
    if cell >= _LIMIT:
        raise _too_much(cell)
    # A spreadsheet keeps 15 digits; what a float adds behind them was never typed.
    exact = Decimal(cell) if isinstance(cell, int) or cell.is_integer() else Decimal(f"{cell:.15g}")
    return _within(exact * unit, cell)


def _within(amount: Decimal, value) -> Decimal:
    if amount >= _LIMIT:
        raise _too_much(value)
    rounded = abs(amount).quantize(_CENT)
    if rounded >= _LIMIT:
        raise _too_much(value)
    return rounded


def _sum(words: str, value) -> tuple[Decimal, str | None, bool]:
    """The amount, its currency, whether the cell names a unit: "1 tỷ 2 triệu" adds up, "1 tỷ 2" does not."""
    lead, parts = _parts(words, value)
    if not parts:
        raise _no_amount(value)
    currencies = {_currency_word(lead)} if lead else set()
    total, before, named = Decimal(0), None, bool(lead)
    for digits, names in parts:
        scale, currency = _unit(names, value)
        counted = bool(scale or currency)
        if currency:
            currencies.add(currency)
        amount = _number(digits, value) * (scale or 1)
        # A part counts on only below the part before it, and both must say what they count.
        if before is not None and (amount >= before or not counted):
            raise _confused(words, value)
        total, before, named = total + amount, (scale or 1) * counted, named or counted
    if len(currencies) > 1 or None in currencies:
        raise _no_amount(value)
    return total, next(iter(currencies), None), named


def _parts(words: str, value) -> tuple[str, list[tuple[str, list[str]]]]:
    """The words before the first number, and every number with the words behind it."""
    lead: list[str] = []
    parts: list[tuple[str, list[str]]] = []
    for match in _TOKEN.finditer(words):
        if match["digits"]:
            parts.append((match["digits"], []))
        elif match["word"] and match["word"] != "va":
            (parts[-1][1] if parts else lead).append(match["word"].replace(".", ""))
        elif match["other"] and match["other"] not in ".,;":
            raise _confused(words, value)
    return " ".join(lead), parts


def _unit(names: list[str], value) -> tuple[int | None, str | None]:
    """The scale and the currency that words behind a number name: "nghìn tỷ đồng", "tr.đ", "USD"."""
    scale, position = None, 0
    while position < len(names):
        name = names[position]
        if name in _SCALES:
            scale = (scale or 1) * _SCALES[name]
        elif name == "tram" and names[position + 1 : position + 2] and names[position + 1] in _SCALES:
            scale = (scale or 1) * 100
        elif name in _JOINED and position == len(names) - 1:
            return (scale or 1) * _JOINED[name], "VND"
        else:
            break
        position += 1
    rest = " ".join(names[position:])
    if not rest:
        return scale, None
    if currency := _currency_word(rest):
        return scale, currency
    if names[position] in _GOODS:
        raise _goods(value)
    raise _no_amount(value)


def _currency_word(words: str) -> str | None:
    code = words.upper()
    return _CURRENCIES.get(words) or (code if code in _CODES else None)


def _number(digits: str, value) -> Decimal:
    digits = digits.rstrip(".,")
    if _GROUPED.match(digits):
        return Decimal(digits.replace(".", "").replace(",", "."))
    if _DECIMAL.match(digits):
        return Decimal(digits.replace(",", "."))
    if _TWO_WAYS.match(digits):
        whole, decimals = digits.split(",")
        fraction = decimals.rstrip("0")
        raise _problem(
            _(
                "“%(value)s” có hai cách đọc: là %(whole)s hay %(decimal)s? "
                "Hãy ghi %(grouped)s hoặc %(decimal)s."
            ),
            value,
            whole=whole + decimals,
            decimal=f"{whole},{fraction}" if fraction else whole,
            grouped=f"{whole}.{decimals}",
        )
    if _ENGLISH.match(digits) or _POINT.match(digits):
        raise _maybe(value, digits.translate(str.maketrans(",.", ".,")))
    raise _no_amount(value)


def _problem(message: str, value, **names) -> ValueProblemError:
    return ValueProblemError("invalid_number", message % {"value": quoted(value), **names})


def _no_amount(value) -> ValueProblemError:
    return _problem(
        _("“%(value)s” không phải số tiền: hãy ghi như 1.200.000.000 hoặc 1,2 tỷ, hay để trống nếu chưa có."),
        value,
    )


def _maybe(value, guess: str) -> ValueProblemError:
    return _problem(
        _("“%(value)s” chưa đúng cách ghi số (dấu chấm chia nhóm, dấu phẩy thập phân): có phải %(guess)s?"),
        value,
        guess=quoted(guess),
    )


def _negative(value) -> ValueProblemError:
    return _problem(_("“%(value)s” là số âm: số tiền không được âm, hãy kiểm tra rồi ghi lại."), value)


def _too_much(value) -> ValueProblemError:
    return _problem(_("“%(value)s” quá lớn: hãy kiểm tra số và đơn vị của cột (đồng, triệu đồng)."), value)


def _goods(value) -> ValueProblemError:
    return _problem(
        _("“%(value)s” là số lượng, không phải số tiền: hãy ghi vào cột Sản lượng, cột này ghi số tiền."),
        value,
    )


def _confused(words: str, value) -> ValueProblemError:
    if _SPACED.match(words):
        return _maybe(value, words.replace(" ", "."))
    return _no_amount(value)


def currency(cell) -> str | None:
    """Return an ISO 4217 code; also "đồng", "đô la", "riel" … Problem: invalid_choice."""
    value = text(cell)
    if value is None:
        return None
    if value in _CODES:
        return value
    words = plain(value[:_LONGEST]).strip(" .")
    if says_nothing(words):
        return None
    if code := _currency_word(words.replace(".", "")):
        return code
    names = {"value": quoted(value), "near": nearest(value, ("VND", "USD", "EUR", "KHR", "CNY"))}
    if names["near"]:
        message = _(
            "“%(value)s” không phải đơn vị tiền: có phải %(near)s? Hãy ghi mã ba chữ như VND, USD, EUR."
        )
    else:
        message = _("“%(value)s” không phải đơn vị tiền: hãy ghi mã ba chữ như VND, USD, EUR, KHR.")
    raise ValueProblemError("invalid_choice", message % names)


def whole_number(cell, minimum: int = 0, maximum: int = 10**9) -> int | None:
    """Return a whole number from `minimum` to `maximum`. Problem: invalid_number."""
    found = None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if isinstance(cell, int) or cell.is_integer():
            found = int(cell)
    elif not isinstance(cell, bool | date):
        value = text(cell)
        words = plain(value[:40]) if value else ""
        if says_nothing(words):
            return None
        if match := re.fullmatch(r"(-?)([0-9]{1,30}|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:[.,]0{1,2})?", words):
            found = int(match[1] + match[2].replace(".", ""))
    if found is not None and minimum <= found <= maximum:
        return found
    raise _problem(
        _("“%(value)s” không hợp lệ: hãy ghi một số nguyên từ %(minimum)s đến %(maximum)s."),
        cell,
        minimum=minimum,
        maximum=maximum,
    )


def unit_of(words: str) -> tuple[int, str | None] | None:
    """Return scale and currency of "triệu đồng", "tr.đ", "1.000 đồng" or "USD" in plain words, else None."""
    scale = 1
    if match := _THOUSANDS.match(words):
        scale, words = int(re.sub(r"[., ]", "", match[1])), words[match.end() :]
    names = [match["word"] for match in _TOKEN.finditer(_PER.sub("", words))]
    if not names or None in names:
        return None
    try:
        named, code = _unit([name.replace(".", "") for name in names], words)
    except ValueProblemError:
        return None
    return scale * (named or 1), code
