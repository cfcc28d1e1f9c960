"""The unit and the currency that a header or a title row sets for the amounts below it."""

import re

from cooperation.importing.value_money import unit_of
from cooperation.importing.value_text import plain
from cooperation.text import clean

_BRACKET = re.compile(r"[(\[]([^()\[\]]{1,60})[)\]]")
_STATED = re.compile(
    r"[(\[]? ?\b(?:đvt|dvt|(?:đơn vị|don vi)(?: (?:tính|tiền|tinh|tien))?) ?[:.]? ?([^()\[\];]{1,60})[)\]]?",
    re.IGNORECASE,
)
# Without a bracket a mere "đồng" sets nothing: "Giá trị hợp đồng".
_TAIL = re.compile(
    r"[ ,:–-]((?:tỷ|tỉ|triệu|nghìn|ngàn|tr|ng)[. ]?(?:đồng|đ|vnđ|vnd|usd))\.?\Z", re.IGNORECASE
)
_LABEL = re.compile(r"(?:dvt|don vi(?: tinh| tien)?)\b ?[:.]? ?")


def _stated(title: str) -> tuple[int, str | None, str] | None:
    """The unit and the currency that a title names, and the title without them."""
    title = clean(title[:1000])
    for pattern in (_BRACKET, _STATED, _TAIL):
        for match in pattern.finditer(title):
            words = plain(match[1]).strip(" .,:;")
            if label := _LABEL.match(words):
                words = words[label.end() :]
            if found := unit_of(words):
                return *found, clean(f"{title[: match.start()]} {title[match.end() :]}").strip(" ,:;-–")
    return None


def column_unit(title: str) -> int | None:
    """Return the unit that a header or a title row sets: 10**6 for "Trị giá (tr.đ)" or "ĐVT: triệu đồng"."""
    found = _stated(title)
    return found[0] if found else None


def column_currency(title: str) -> str | None:
    """Return the currency that a header or a title row sets: USD for "Kim ngạch (USD)"."""
    found = _stated(title)
    return found[1] if found else None


def bare_title(title: str) -> str:
    """Return the title without the unit that it names: "Giá trị" for "Giá trị (triệu đồng)"."""
    found = _stated(title)
    return found[2] if found else clean(title)
