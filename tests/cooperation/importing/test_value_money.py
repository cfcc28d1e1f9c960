"""Cells → amounts, currencies, whole numbers."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.importing import values
from tests.cooperation.importing.test_values import refused

CENTS = st.integers(0, 10**20 - 1)


def vietnamese(amount: Decimal) -> str:
    """1.234.567,89: dots group, the comma is the decimal sign."""
    return f"{amount:,}".translate(str.maketrans(",.", ".,"))


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        (1_200_000_000, "1200000000", None),
        (150.5, "150.5", None),
        (0.1 + 0.2, "0.3", None),
        (0, "0", None),
        (-0.0, "0", None),
        ("0", "0", None),
        ("1200000000", "1200000000", None),
        ("1.200.000.000", "1200000000", None),
        ("1.200.000.000,50", "1200000000.5", None),
        ("1.200.000.000 đồng", "1200000000", "VND"),
        ("1.200.000.000đ", "1200000000", "VND"),
        ("1.200.000 ₫", "1200000", "VND"),
        ("1.200.000 VNĐ", "1200000", "VND"),
        ("1,2 tỷ", "1200000000", None),
        ("1,2 tỉ đồng", "1200000000", "VND"),
        ("2 tỷ đồng.", "2000000000", "VND"),
        ("1 tỷ 200 triệu", "1200000000", None),
        ("1 tỷ và 200 triệu đồng", "1200000000", "VND"),
        ("1 tỷ 200 triệu 500 đồng", "1200000500", "VND"),
        ("2 tỷ (hai tỷ đồng)", "2000000000", None),
        ("2 nghìn tỷ", "2000000000000", None),
        ("3 trăm triệu", "300000000", None),
        ("350 triệu", "350000000", None),
        ("350 tr", "350000000", None),
        ("1.200 tr.đ", "1200000000", "VND"),
        ("1.200 trđ", "1200000000", "VND"),
        ("500 nghìn", "500000", None),
        ("500 ngàn đồng", "500000", "VND"),
        ("500 ngđ", "500000", "VND"),
        ("0,350 tỷ", "350000000", None),
        ("350 triệu/năm", "350000000", None),
        ("350 triệu đồng / năm", "350000000", "VND"),
        ("khoảng 2 tỷ", "2000000000", None),
        ("~2 tỷ", "2000000000", None),
        ("50.000 USD", "50000", "USD"),
        ("USD 50.000", "50000", "USD"),
        ("50.000 đô la Mỹ", "50000", "USD"),
        ("$50.000", "50000", "USD"),
        ("1.000 euro", "1000", "EUR"),
        ("1.500.000 riel", "1500000", "KHR"),
        ("20.000 CNY", "20000", "CNY"),
        ("1.500", "1500", None),
        ("1,5", "1.5", None),
        ("２ tỷ", "2000000000", None),
        ("999.999.999.999.999.999", "999999999999999999", None),
    ],
)
def test_amounts(cell, amount, currency):
    assert values.money(cell) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        " ",
        "-",
        "–",
        "—",
        "…",
        "Theo thỏa thuận",
        "theo thoả thuận",
        "chưa xác định",
        "Không",
        "n/a",
    ],
)
def test_no_amount(cell):
    assert values.money(cell) is None


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("1,200", "1200 hay 1,2?"),
        ("1,250 tỷ", "1250 hay 1,25?"),
        ("$50,000", "50000 hay 50?"),
        ("1,200,000", "có phải 1.200.000?"),
        ("1,200,000.50", "có phải 1.200.000,50?"),
        ("1.2 tỷ", "có phải 1,2?"),
        ("0.500", "có phải 0,500?"),
        ("1 200 000 000", "có phải 1.200.000.000?"),
        ("100 tấn", "Sản lượng"),
        ("100 tấn/năm", "Sản lượng"),
        ("1.000 triệu tấn", "Sản lượng"),
        ("500 con", "Sản lượng"),
        ("100 m2", "Sản lượng"),
        ("2-3 tỷ", "một khoảng"),
        ("từ 2 đến 3 tỷ", "một khoảng"),
        ("-5", "không được âm"),
        ("−5 triệu", "không được âm"),
        ("(5.000)", "không được âm"),
        (-5, "không được âm"),
        (-0.01, "không được âm"),
        (10**18, "quá lớn"),
        (10**400, "quá lớn"),
        (1e300, "quá lớn"),
        ("999999999999999999,9999", "quá lớn"),
        ("9999999999 tỷ", "quá lớn"),
        ("một ít", "1.200.000.000"),
        ("một ít - nhiều", "1.200.000.000"),
        ("1 tỷ 200", "1.200.000.000"),
        ("1 tỷ 2000 triệu", "1.200.000.000"),
        ("200 triệu 1 tỷ", "1.200.000.000"),
        ("5 0 đồng", "1.200.000.000"),
        ("1.20.000", "1.200.000.000"),
        ("50.000 USD (1,2 tỷ đồng)", "1.200.000.000"),
        ("12 %", "1.200.000.000"),
        ("tr.đ", "1.200.000.000"),
        ("1.200.000.000 hoặc hơn", "1.200.000.000"),
        (True, "1.200.000.000"),
        (date(2019, 5, 17), "1.200.000.000"),
        (float("nan"), "1.200.000.000"),
        (float("inf"), "1.200.000.000"),
    ],
)
def test_what_is_no_amount_is_told_what_to_write(cell, says):
    message = refused(values.money, cell, "invalid_number")
    assert says in message
    assert values.quoted(cell) in message


def test_the_unit_of_the_column_counts_where_the_cell_names_none():
    assert values.money("1.200,5", unit=10**6) == (Decimal("1200500000"), None)
    assert values.money("1.200", unit=10**6) == (Decimal("1200000000"), None)
    assert values.money(50, unit=10**6) == (Decimal("50000000"), None)
    assert values.money(1.1, unit=10**9) == (Decimal("1100000000"), None)
    assert values.money("1,2 tỷ", unit=10**6) == (Decimal("1200000000"), None)
    assert values.money("1.200 đồng", unit=10**6) == (Decimal("1200"), "VND")
    assert values.money("50.000 USD", unit=10**6) == (Decimal("50000"), "USD")
    refused(values.money, 10**12, "invalid_number", unit=10**6)


@given(CENTS)
def test_an_amount_reads_back_from_every_spelling(cents):
    amount = Decimal(cents) / 100
    plain = str(amount).replace(".", ",")
    for spelling in (vietnamese(amount), plain):
        assert values.money(spelling) == (amount, None)
        assert values.money(f"{spelling} đồng") == (amount, "VND")
        assert values.money(f"USD {spelling}") == (amount, "USD")


@given(st.integers(0, 10**9 - 1), st.integers(0, 99))
def test_an_amount_reads_back_in_thousands_of_millions(whole, hundredths):
    amount = Decimal(whole) + Decimal(hundredths) / 100
    for word in ("tỷ", "tỉ", "Tỷ đồng"):
        assert values.money(f"{vietnamese(amount)} {word}")[0] == amount * 10**9
    assert values.money(f"{whole} tỷ {hundredths} triệu")[0] == (Decimal(whole) * 1000 + hundredths) * 10**6


@given(st.integers(0, 10**15 - 1), st.sampled_from((1, 10, 100)), st.sampled_from((1, 1000)))
def test_a_number_cell_keeps_the_digits_it_shows(digits, tenths, unit):
    """What has 15 digits at most comes through a float unharmed."""
    amount = Decimal(digits) / tenths
    assert values.money(float(amount), unit=unit) == ((amount * unit).quantize(Decimal("0.01")), None)


def test_currencies():
    spellings = {
        "VND": ("VND", "vnd", "đồng", "Đ", "VNĐ", "₫", "Đồng Việt Nam"),
        "USD": ("usd", "$", "đô la", "US$", "Đô la Mỹ"),
        "EUR": ("EUR", "euro", "€"),
        "KHR": ("KHR", "riel"),
        "CNY": ("cny", "nhân dân tệ"),
    }
    for code, cells in spellings.items():
        for cell in cells:
            assert values.currency(cell) == code
    for cell in (None, "", "-"):
        assert values.currency(cell) is None
    for cell in ("ABC", "triệu đồng", "12", 12, True):
        assert "VND, USD" in refused(values.currency, cell, "invalid_choice")
    assert "có phải USD?" in refused(values.currency, "USDD", "invalid_choice")


def test_whole_numbers():
    for cell in (1200, 1200.0, "1200", "1.200", "1200,0", "1200.00"):
        assert values.whole_number(cell) == 1200
    assert values.whole_number("-5", -10, 10) == -5
    for cell in (None, "", " ", "-"):
        assert values.whole_number(cell) is None
    for cell in (
        1.5,
        "1,5",
        -1,
        "-1",
        10**10,
        "mười",
        True,
        date(2019, 5, 17),
        float("nan"),
        float("inf"),
        "1,200",
    ):
        message = refused(values.whole_number, cell, "invalid_number")
        assert "từ 0 đến 1000000000" in message
    assert "từ 1 đến 12" in refused(values.whole_number, 13, "invalid_number", 1, 12)


@given(st.integers(0, 10**9))
def test_a_whole_number_reads_back(number):
    for cell in (number, float(number), str(number), vietnamese(Decimal(number))):
        assert values.whole_number(cell) == number
