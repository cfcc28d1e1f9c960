"""Mã số thuế: 10 digits with a check digit, or 13 for a branch. Pure functions.

With S = 31·d1 + 29·d2 + 23·d3 + 19·d4 + 17·d5 + 13·d6 + 7·d7 + 5·d8 + 3·d9 and r = S mod 11, the number
holds when d10 = 10 − r; r = 0 gives 10, so no such number exists; d3 to d9 are not all 0.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_SHAPE = re.compile(r"(\d{10})(?:-?(\d{3}))?\Z")


def check_digit_holds(digits: str) -> bool:
    """True where ten digits carry the right check digit."""
    if digits[2:9] == "0000000":
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return 10 - total % 11 == int(digits[9])


def normalise(value: str) -> str | None:
    """Return 0123456789 or 0123456789-001, or None where it is no tax code.

    Spaces, dots and hyphens go; one zero lost by a number cell (9 or 12 digits) comes back where the
    mended number then holds. Twelve digits that do not hold may be a person's number: None.
    """
    digits = re.sub(r"[\s.\-]", "", value)
    for candidate in (digits, "0" + digits):
        match = _SHAPE.match(candidate)
        if match and check_digit_holds(match[1]) and match[2] != "000":
            return f"{match[1]}-{match[2]}" if match[2] else match[1]
    return None


def validate_tax_code(value: str) -> None:
    """Raise ValidationError unless `value` is a tax code in its stored form."""
    if value and normalise(value) != value:
        raise ValidationError(
            _("Mã số thuế gồm 10 số, hoặc 13 số viết như 0301175691-013, với số kiểm tra đúng.")
        )
