"""Tax codes: the check digit, the branch, the lost zero, the numbers of persons."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from enterprises.tax_codes import (
    check_digit,
    check_digit_holds,
    fault,
    normalise,
    personal_number,
    validate_tax_code,
)
from tests.enterprises.workbooks import tax_code

STEMS = st.integers(min_value=0, max_value=10**9 - 1).map("{:09}".format)


def valid(stem: str) -> str:
    """The code of that stem; gives the example up where there is none."""
    right = check_digit(stem)
    assume(right is not None)
    return f"{stem}{right}"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0100112437", "0100112437"),
        ("0301175691", "0301175691"),
        ("0300588569", "0300588569"),
        ("0301175691-013", "0301175691-013"),
        ("0301175691013", "0301175691-013"),
        ("0301175691/013", "0301175691-013"),
        ("0301175691 - 013", "0301175691-013"),
        ("0301175691–013", "0301175691-013"),
        ("MST: 0301175691", "0301175691"),
        ("mst 0301175691", "0301175691"),
        ("Mã số thuế: 0301175691", "0301175691"),
        (" 0301 175 691 ", "0301175691"),
        ("0301175691.013", "0301175691-013"),
        ("'0301175691", "0301175691"),
        ("０３０１１７５６９１", "0301175691"),
        ("300588569", "0300588569"),
        ("301175691013", "0301175691-013"),
    ],
)
def test_codes_that_hold(typed, stored):
    assert normalise(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "0301175619", "1234567890", "0301175691-000", "0301175691-13", "079081234567", "030117569",
        "0100000000", "MST", "", "²³", "٠٣٠١١٧٥٦٩١", "0301175691 0301175691", "0" * 100_000,
    ],
)  # fmt: skip
def test_codes_that_do_not(typed):
    assert normalise(typed) is None
    assert fault(typed)


@given(STEMS, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_caught(stem, place, shift):
    """Weights are prime to 11 and differences below 11, so a single wrong digit never passes."""
    right = valid(stem)
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert not check_digit_holds(wrong)
    assert normalise(wrong) is None


@given(STEMS, st.integers(1, 999))
def test_every_spelling_of_a_code_is_stored_in_one(stem, branch):
    code = valid(stem)
    assert normalise(code) == normalise(f"MST: {code}") == code
    stored = f"{code}-{branch:03}"
    for typed in (
        f"{code}{branch:03}",
        f"{code}/{branch:03}",
        f"{code} - {branch:03}",
        f"{code}.{branch:03}",
    ):
        assert normalise(typed) == stored
    validate_tax_code(stored)


@given(STEMS, st.integers(1, 999))
def test_a_lost_zero_comes_back(stem, branch):
    code = valid(f"0{int(stem[0]) or 1}{stem[2:]}")
    assert normalise(code[1:]) == code
    branch_code = f"{code[1:]}{branch:03}"
    assert normalise(branch_code) == f"{code}-{branch:03}"
    assert personal_number(branch_code) is None


@given(st.from_regex(r"0[0-9]{11}", fullmatch=True))
def test_a_persons_number_is_never_taken_for_a_branch(number):
    assert normalise(number) is None
    assert personal_number(number) == number


def test_what_is_no_persons_number():
    for typed in (
        "",
        "0301175691",
        "301175691013",
        "0301175691-13",
        "07908123456a",
        "0301175691013",
        "٠" * 12,
    ):
        assert personal_number(typed) is None
    assert personal_number("079 081 234 567") == "079081234567"


@given(st.text(max_size=80))
def test_any_text_gives_a_code_or_none(typed):
    code = normalise(typed)
    assert code is None or normalise(code) == code
    assert personal_number(typed) is None or code is None
    assert fault(typed)


@given(STEMS)
def test_the_fault_names_the_right_digit(stem):
    code = valid(stem)
    wrong = f"{stem}{(int(code[9]) + 1) % 10}"
    assert f"phải là số {code[9]}, không phải {wrong[9]}" in fault(wrong)


@pytest.mark.parametrize("value", ["301175691", "0301175691013", "0301175619", "079081234567"])
def test_only_the_stored_form_is_stored(value):
    with pytest.raises(ValidationError):
        validate_tax_code(value)


def test_the_builder_makes_codes_that_hold():
    codes = [tax_code(n) for n in range(30)]
    assert len(set(codes)) == 30
    assert all(normalise(code) == code for code in codes)
