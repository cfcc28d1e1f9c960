"""Cells → values: what the contract accepts, what it refuses, and that nothing else ever happens."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enterprises.importing import values
from enterprises.importing.columns import COLUMNS, MONEY_FIELDS
from enterprises.importing.values import ValueProblemError

CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=60),
    st.from_regex(r"[-\d.,/ ]{0,20}( ?(tỷ|triệu|đồng|USD|tháng|năm|quý))?", fullmatch=True),
)  # fmt: skip


def refused(parse, cell, code, **options):
    with pytest.raises(ValueProblemError) as caught:
        parse(cell, **options)
    assert caught.value.code == code
    return caught.value.message


@pytest.mark.parametrize(
    "cell",
    [
        date(2019, 5, 17), 43602, 43602.0, "17/5/2019", "17-05-2019", "17.5.2019", "17.5.19", "2019-05-17",
        "2019-05-17 00:00:00", "ngày 17 tháng 5 năm 2019", "Ngày 17/5/2019", "'17/05/2019", " 17 / 5 / 2019 ",
        "17 tháng 5 năm 2019",
    ],
)  # fmt: skip
def test_every_spelling_of_a_day(cell):
    assert values.day(cell) == date(2019, 5, 17)


def test_the_day_comes_first_always():
    assert values.day("5/6/2024") == date(2024, 6, 5)
    assert values.day("31/12/2025") == date(2025, 12, 31)
    refused(values.day, "12/31/2025", "invalid_date")


@pytest.mark.parametrize(
    "cell", ["31/02/2021", "hôm qua", "0/1/2020", 17.5, 5, True, "1/1/1066", 10**400, float("nan")]
)
def test_what_is_no_day(cell):
    assert "17/05/2019" in refused(values.day, cell, "invalid_date")


@pytest.mark.parametrize(
    "cell",
    [
        "Quý II/2019", "Q2-2019", "5/2019", "tháng 5/2019", "năm 2019", "2019", 2019, "6 tháng đầu năm 2019",
        "17/5",
    ],
)  # fmt: skip
def test_a_period_is_not_a_day(cell):
    refused(values.day, cell, "ambiguous_date")


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)))
def test_a_day_reads_back_from_every_spelling(day):
    for spelling in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "ngày %d tháng %m năm %Y"):
        assert values.day(day.strftime(spelling)) == day


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        (1_200_000_000, "1200000000", None),
        (150.5, "150.5", None),
        ("1200000000", "1200000000", None),
        ("1.200.000.000", "1200000000", None),
        ("1.200.000.000 đồng", "1200000000", "VND"),
        ("1.200.000.000đ", "1200000000", "VND"),
        ("1,2 tỷ", "1200000000", None),
        ("1,2 tỉ đồng", "1200000000", "VND"),
        ("1 tỷ 200 triệu", "1200000000", None),
        ("350 triệu", "350000000", None),
        ("1.200 tr.đ", "1200000000", None),
        ("khoảng 2 tỷ", "2000000000", None),
        ("350 triệu/năm", "350000000", None),
        ("50.000 USD", "50000", "USD"),
        ("1.500", "1500", None),
        ("1,5", "1.5", None),
        (0, "0", None),
    ],
)
def test_amounts(cell, amount, currency):
    assert values.money(cell) == (Decimal(amount), currency)


@pytest.mark.parametrize("cell", [None, "", "-", "Theo thỏa thuận"])
def test_no_amount(cell):
    assert values.money(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "một ít", -5, "-5", "100 tấn", "1,200", "1.2", "1 200 000 000", "1 tỷ 200", "1.20.000", 10**18, True,
        date(2019, 5, 17), float("nan"), float("inf"), "1.000 triệu tấn",
    ],
)  # fmt: skip
def test_what_is_no_amount(cell):
    assert "1.200.000.000" in refused(values.money, cell, "invalid_number")


def test_the_unit_of_the_column_counts_where_the_cell_names_none():
    assert values.money("1.200,5", unit=10**6) == (Decimal("1200500000"), None)
    assert values.money(50, unit=10**6) == (Decimal("50000000"), None)
    assert values.money("1,2 tỷ", unit=10**6) == (Decimal("1200000000"), None)


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_an_amount_reads_back_with_its_dots(amount):
    assert values.money(f"{amount:,}".replace(",", ".")) == (Decimal(amount), None)


def test_currencies():
    assert [values.currency(cell) for cell in ("VND", "đồng", "usd", "KHR", None)] == [
        "VND", "VND", "USD", "KHR", None,
    ]  # fmt: skip
    for cell in ("ABC", "triệu đồng", "12"):
        refused(values.currency, cell, "invalid_choice")


def test_terms_give_the_last_day():
    start = date(2019, 5, 31)
    assert values.term_end("12 tháng", start) == date(2020, 5, 31)
    assert values.term_end("2 NĂM", start) == date(2021, 5, 31)
    assert values.term_end("9 tháng", start) == date(2020, 2, 29)
    assert values.term_end("đến 31/12/2025", start) == date(2025, 12, 31)
    assert values.term_end("đến hết ngày 31/12/2025", start) == date(2025, 12, 31)
    assert values.term_end(None, start) is None
    assert "12 tháng" in refused(lambda cell: values.term_end(cell, start), "lâu dài", "invalid_date")
    refused(lambda cell: values.term_end(cell, start), "999 năm", "invalid_date")


def test_statuses_name_what_is_valid():
    assert values.status("ĐANG THỰC HIỆN") == "in_progress"
    assert values.status("đã ký hợp đồng") == "contracted"
    assert "chấm dứt" in refused(values.status, "chờ xem", "invalid_choice")


@pytest.mark.parametrize("cell", [6, 6.0, "6", "06", "Lĩnh vực 6", "Lĩnh vực số 6", "VI", "vi", "LV 6"])
def test_an_area_by_its_number(cell):
    assert values.area_number(cell) == 6


def test_an_area_by_its_title():
    assert values.area_number("Xúc tiến  Thương mại") == "xuc tien thuong mai"


def test_a_telephone_number_gets_its_zero_back():
    assert values.phone(912345678.0) == "0912345678"
    assert values.phone("0272 3826 123") == "0272 3826 123"
    assert values.phone(2723826123) == "02723826123"


def test_text_is_nfc_with_single_spaces_and_has_an_end():
    assert values.text(" Mo\u0323\u0302c \u00a0 Ho\u0301a\x00 ") == "Mộc Hóa"
    assert values.text("một\n\n\n\nhai ", lines=True) == "một\n\nhai"
    assert values.text(12.0) == "12"
    assert values.text("   ") is None
    assert "5" in refused(values.text, "dài quá rồi", "too_long", max_length=5)


def test_a_message_never_carries_a_whole_page():
    assert len(refused(values.day, "x" * 30_000, "invalid_date")) < 200


@given(CELLS, st.sampled_from(COLUMNS))
def test_any_cell_gives_a_value_or_a_problem(cell, column):
    """No other exception leaves a parser, and what it gives fits the database."""
    try:
        value = column.parse(cell)
    except ValueProblemError as problem:
        assert problem.code
        assert problem.message.strip()
        return
    if value is not None and column.field in MONEY_FIELDS:
        amount, currency = value
        assert 0 <= amount < 10**18
        assert amount == amount.quantize(Decimal("0.01"))
        assert currency is None or len(currency) == 3
    elif isinstance(value, date):
        assert 1990 <= value.year <= 2100
