"""Cells of enterprises and memoranda: tax codes and statuses."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.importing.values import ValueProblemError, quoted
from cooperation.text import fold
from enterprises.importing import cells
from tests.cooperation.importing.test_values import refused


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ("0301175691", "0301175691"),
        ("0301175691-013", "0301175691-013"),
        ("0301175691/013", "0301175691-013"),
        ("0301175691 - 013", "0301175691-013"),
        ("MST: 0301175691", "0301175691"),
        ("Mã số thuế 0301175691", "0301175691"),
        ("'0301175691", "0301175691"),
        ("０３０１１７５６９１", "0301175691"),
        (1123723353.0, "1123723353"),
        (300588569, "0300588569"),
        (300588569.0, "0300588569"),
        (301175691013, "0301175691-013"),
        ("079081234567", "079081234567"),
        ("079 081 234 567", "079081234567"),
        (None, None),
        ("", None),
        ("-", None),
        ("…", None),
    ],
)
def test_tax_codes(cell, stored):
    assert cells.tax_code(cell) == stored


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("1234567890", "phải là số"),
        ("0301175619", "sau 030117561 phải là số 3, không phải 9"),
        ("030117569", "có 9 số"),
        (123, "có 3 số"),
        (79081234567, "có 11 số"),
        ("0301175691-13", "chi nhánh ghi đủ 3 số"),
        ("03011756910131", "có 14 số"),
        ("0301175691-000", "001 đến 999"),
        ("0100000000", "không mã số thuế nào bắt đầu bằng 010000000"),
        ("chưa có", "chỉ được có chữ số"),
        ("0301175691A", "chỉ được có chữ số"),
        (True, "chỉ được có chữ số"),
        (float("nan"), "chỉ được có chữ số"),
        (date(2019, 5, 17), "có 8 số"),
    ],
)
def test_a_wrong_tax_code_is_told_what_is_wrong(cell, says):
    message = refused(cells.tax_code, cell, "invalid_tax_code")
    assert says in message
    assert quoted(cell) in message


@pytest.mark.parametrize("code", sorted(cells.STATUSES))
def test_statuses_by_every_spelling(code):
    for spelling in cells.STATUSES[code]:
        assert cells.status(spelling) == cells.status(spelling.upper()) == code
        assert spelling == fold(spelling)


def test_statuses_by_their_labels():
    assert [cells.status(label) for label in cells.STATUS_LABELS] == list(cells.STATUSES)
    assert [cells.status_label(code) for code in cells.STATUSES] == list(cells.STATUS_LABELS)
    assert cells.status("ĐANG  THỰC HIỆN") == "in_progress"
    assert cells.status("đã kí") == "signed"
    assert cells.status("") is None


def test_a_wrong_status_names_what_is_valid_and_what_is_near():
    message = refused(cells.status, "chờ xem", "invalid_choice")
    assert all(label in message for label in cells.STATUS_LABELS)
    assert "có phải “đang thực hiện”?" in refused(cells.status, "đang thực hien viec", "invalid_choice")


@given(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=80),
        st.from_regex(r"(MST:? ?)?[0-9]{8,13}([ ./-]{1,3}[0-9]{1,3})?", fullmatch=True),
        st.integers(10**400, 10**410),
    ),
    st.sampled_from((cells.tax_code, cells.status)),
)  # fmt: skip
def test_any_cell_gives_a_value_or_a_problem(cell, parse):
    try:
        value = parse(cell)
    except ValueProblemError as problem:
        assert problem.code in {"invalid_tax_code", "invalid_choice"}
        assert quoted(cell) in problem.message
        return
    assert value is None or value in cells.STATUSES or (value.isascii() and len(value) in (10, 12, 14))
