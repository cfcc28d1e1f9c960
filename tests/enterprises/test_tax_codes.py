"""Tax codes: the check digit, the branch, the lost zero."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enterprises.tax_codes import check_digit_holds, normalise
from tests.enterprises.workbooks import tax_code


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0301175691", "0301175691"),
        ("0300588569", "0300588569"),
        ("0301175691-013", "0301175691-013"),
        ("0301175691013", "0301175691-013"),
        (" 0301 175 691 ", "0301175691"),
        ("0301175691.013", "0301175691-013"),
        ("300588569", "0300588569"),
        ("301175691013", "0301175691-013"),
    ],
)
def test_codes_that_hold(typed, stored):
    assert normalise(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "0301175619",
        "1234567890",
        "0301175691-000",
        "079081234567",
        "030117569",
        "0100000000",
        "MST",
        "",
        "²³",
    ],
)
def test_codes_that_do_not(typed):
    assert normalise(typed) is None


@given(st.integers(min_value=0, max_value=10**9 - 1), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_caught(stem, place, shift):
    """Weights are prime to 11 and differences below 11, so a single wrong digit never passes."""
    digits = f"{stem:09}"
    right = next((f"{digits}{d}" for d in range(10) if check_digit_holds(f"{digits}{d}")), None)
    assume(right is not None)
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert not check_digit_holds(wrong)


def test_the_builder_makes_codes_that_hold():
    codes = [tax_code(n) for n in range(30)]
    assert len(set(codes)) == 30
    assert all(normalise(code) == code for code in codes)
