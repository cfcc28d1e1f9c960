"""Mã số thuế: 10 digits with a check digit, or 13 for a branch. Pure functions.

With S = 31·d1 + 29·d2 + 23·d3 + 19·d4 + 17·d5 + 13·d6 + 7·d7 + 5·d8 + 3·d9 and r = S mod 11, the number
holds when d10 = 10 − r; r = 0 gives 10, so no such number exists; d3 to d9 are not all 0.
"""

import re
import unicodedata
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
# [0-9] and not \d, which also takes the digits of other scripts.
_SHAPE = re.compile(r"([0-9]{10})(?:-?([0-9]{3}))?\Z")
_LABEL = re.compile(r"(?:mst|msdn|mã số thuế|mã số dn|mã số doanh nghiệp)\b[\s:.]*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s.'’/\-‐‑‒–—−]+")
_SPACING = re.compile(r"[\s.'’]+")
_LONGEST = 60


def check_digit(digits: str) -> int | None:
    """Return the digit that must follow the first nine, or None where no number begins with them."""
    if digits[2:9] == "0000000":
        return None
    right = 10 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11
    return right if right < 10 else None


def check_digit_holds(digits: str) -> bool:
    """True where ten digits carry the right check digit."""
    return check_digit(digits) == int(digits[9])


def _bare(value: str) -> str:
    """What was typed without "MST:", with ASCII digits."""
    if len(value) > _LONGEST:
        return ""
    if not value.isascii():
        value = unicodedata.normalize("NFKC", value)
    return _LABEL.sub("", value.strip(), count=1)


@lru_cache(maxsize=10_000)
def normalise(value: str) -> str | None:
    """Return 0123456789 or 0123456789-001, or None where it is no tax code.

    "MST:", spaces, dots, hyphens and strokes go; one zero lost by a number cell (9 or 12 digits) comes back
    where the mended number then holds. Twelve digits that do not hold may be a person's number: None.
    """
    digits = _SEPARATORS.sub("", _bare(value))
    # A number cell keeps no zero in front: what begins with one has lost none. So no person's number, which
    # begins with its province's 0, is ever taken for a branch.
    for candidate in (digits,) if digits[:1] == "0" else (digits, f"0{digits}"):
        match = _SHAPE.match(candidate)
        if match and check_digit_holds(match[1]) and match[2] != "000":
            return f"{match[1]}-{match[2]}" if match[2] else match[1]
    return None


def personal_number(value: str) -> str | None:
    """Return the twelve digits of a person's number, or None; a branch that lost its zero is none.

    A hyphen or stroke makes it no person's number: "0301175691-13" is a branch with a digit missing.
    """
    digits = _SPACING.sub("", _bare(value))
    if len(digits) != 12 or not (digits.isascii() and digits.isdigit()) or normalise(digits):
        return None
    return digits


def is_personal(code: str) -> bool:
    """True for a stored code that is a person's number and not a tax code."""
    return len(code) == 12


def fault(value: str) -> str:
    """Return a Vietnamese sentence that says what keeps `value` from being a tax code, and what to do."""
    bare = _bare(value)
    digits = _SEPARATORS.sub("", bare)
    if not (digits.isascii() and digits.isdigit()):
        return gettext("chỉ được có chữ số: hãy ghi 10 số, hoặc 13 số như 0301175691-013.")
    if len(digits) == 11 or len(digits) < 10:
        return gettext(
            "có %(n)s số mà mã số thuế có 10 hoặc 13 số: hãy dò lại, và định dạng ô là văn bản "
            "để không mất số 0 đầu."
        ) % {"n": len(digits)}
    if len(digits) not in (10, 13):
        return gettext(
            "có %(n)s số mà mã số thuế có 10 hoặc 13 số (chi nhánh ghi đủ 3 số, như 0301175691-013): "
            "hãy dò lại."
        ) % {"n": len(digits)}
    right = check_digit(digits)
    if right is None:
        return gettext("không mã số thuế nào bắt đầu bằng %(head)s: hãy dò lại từng số.") % {
            "head": digits[:9]
        }
    if right != int(digits[9]):
        return gettext(
            "sai số kiểm tra: sau %(head)s phải là số %(right)s, không phải %(found)s. Hãy dò lại từng số."
        ) % {"head": digits[:9], "right": right, "found": digits[9]}
    return gettext("chi nhánh đánh số từ 001 đến 999: hãy dò lại 3 số cuối.")


def validate_tax_code(value: str) -> None:
    """Raise ValidationError unless `value` is a tax code in its stored form."""
    if value and normalise(value) != value:
        raise ValidationError(
            _("Mã số thuế gồm 10 số, hoặc 13 số viết như 0301175691-013, với số kiểm tra đúng.")
        )


def validate_personal_number(value: str) -> None:
    """Raise ValidationError unless `value` is a person's number in its stored form."""
    if value and personal_number(value) != value:
        raise ValidationError(_("Số định danh cá nhân gồm đúng 12 chữ số."))
