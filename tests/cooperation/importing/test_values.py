"""Cells → words: text, telephone numbers, choices, ordinals; and that no parser fails in another way."""

import unicodedata
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.importing import values
from cooperation.importing.values import ValueProblemError

CODES = {"required", "invalid_date", "ambiguous_date", "invalid_number", "invalid_choice", "too_long"}
WORDS = (
    "tỷ", "triệu", "tr.đ", "nghìn", "đồng", "USD", "$", "tấn", "ngày", "tháng", "năm", "quý", "II", "hết",
    "đến", "từ", "kể", "ký", "khoảng", "-", "–", "/", ".", ",", "(", ")", "2019", "31/02", "5",
)  # fmt: skip
CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=200),
    st.integers(10**400, 10**410), st.integers(30_000, 80_000),
    st.from_regex(r"[-\d.,/ ]{0,20}( ?(tỷ|triệu|đồng|USD|tháng|năm|quý))?", fullmatch=True),
    st.lists(st.one_of(st.sampled_from(WORDS), st.integers(0, 10**6).map(str)), max_size=12).map(" ".join),
    st.lists(st.one_of(st.sampled_from(WORDS), st.integers(0, 40).map(str)), max_size=12).map("".join),
)  # fmt: skip
ANSWERS = {"yes": ("da ky", "ky roi"), "no": ("chua ky",)}
LABELS = ("đã ký", "chưa ký")


def refused(parse, cell, code, *args, **options):
    with pytest.raises(ValueProblemError) as caught:
        parse(cell, *args, **options)
    assert caught.value.code == code
    return caught.value.message


def test_text_is_nfc_with_single_spaces_and_has_an_end():
    assert values.text(" Mo\u0323\u0302c \u00a0 Ho\u0301a\x00 ") == "Mộc Hóa"
    assert values.text("một\n\n\n\nhai ", lines=True) == "một\n\nhai"
    assert values.text("một\r\nhai") == "một hai"
    assert values.text("   ") is None
    assert values.text("") is None
    message = refused(values.text, "dài quá rồi", "too_long", max_length=5)
    assert "“dài quá rồi”" in message
    assert "5" in message


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ("Mộc\u200bHóa", "MộcHóa"), ("\ufeffMộc", "Mộc"), ("a\x07b", "ab"), ("a\tb", "a b"),
        ("a\u202eb", "ab"),
        ("Th\u00ad¬ng", "Th\u00ad¬ng"),  # TCVN3: the soft hyphen is a letter there
        ("a\ud800b", "ab"),
        (12.0, "12"), (0.1 + 0.2, "0.3"), (1123723353.0, "1123723353"), (1e17, "100000000000000000"),
        (1e300, "1e+300"), (7, "7"), (True, "TRUE"), (False, "FALSE"), (date(2019, 5, 7), "07/05/2019"),
        (date(1, 2, 3), "03/02/0001"),
    ],
)  # fmt: skip
def test_text_of_every_kind_of_cell(cell, seen):
    assert values.text(cell) == seen


def test_a_number_too_long_for_python_to_write_is_shown():
    assert values.text(10**5000) == "1.00000000000000E+5000"
    assert "1.00000000000000E+5000" in refused(values.money, 10**5000, "invalid_number")


@given(st.text(), st.booleans())
def test_text_is_stable_and_safe_to_store(cell, lines):
    value = values.text(cell, lines=lines)
    if value is None:
        return
    assert value == values.text(value, lines=lines) == unicodedata.normalize("NFC", value).strip()
    assert not {unicodedata.category(char) for char in value.replace("\n", "")} & {"Cc", "Cs", "Zl", "Zp"}
    assert lines or "\n" not in value
    assert "  " not in value


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        (912345678.0, "0912345678"),
        ("912345678", "0912345678"),  # a CSV file lost it in the spreadsheet program
        (2723826123, "02723826123"),
        (723826123, "0723826123"),  # a land line of before 2017
        (1689123456, "01689123456"),  # a mobile number of before 2018
        (1900123456, "1900123456"),
        ("0272 3826 123", "0272 3826 123"),
        ("+84 272 3826 123", "+84 272 3826 123"),
        ("0912.345.678 / 0272 3826123", "0912.345.678 / 0272 3826123"),
        ("", None),
    ],
)
def test_a_telephone_number_gets_its_zero_back(cell, stored):
    assert values.phone(cell) == stored


def test_a_telephone_number_has_an_end():
    refused(values.phone, "0" * 61, "too_long")


@pytest.mark.parametrize("cell", ["Đã ký", "ĐÃ  KÝ", "đã kí", "da ky.", "Ký rồi"])
def test_choices_by_their_folded_spellings(cell):
    assert values.choice(cell, ANSWERS, LABELS) == "yes"


@pytest.mark.parametrize("cell", [None, "", " ", "-", "…"])
def test_no_choice(cell):
    assert values.choice(cell, ANSWERS, LABELS) is None


def test_a_wrong_choice_names_what_is_valid_and_what_is_near():
    message = refused(values.choice, "đã kýy", "invalid_choice", ANSWERS, LABELS)
    assert "có phải “đã ký”?" in message
    assert "đã ký, chưa ký" in message
    assert "có phải" not in refused(values.choice, "xyz", "invalid_choice", ANSWERS, LABELS)
    refused(values.choice, "★", "invalid_choice", ANSWERS, LABELS)


def test_the_nearest_is_found_by_folded_text_or_not_at_all():
    provinces = ["Long An", "Tây Ninh", "Bến Tre"]
    assert values.nearest("tay nin", provinces) == "Tây Ninh"
    assert values.nearest("LONG  ÁN", iter(provinces)) == "Long An"
    assert values.nearest("Sài Gòn Mới", provinces) is None
    assert values.nearest("", provinces) is None
    assert values.nearest("…", []) is None


@pytest.mark.parametrize(
    "cell",
    [
        6, 6.0, "6", "06", "(6)", "6.", "Lĩnh vực 6", "Lĩnh vực số 6", "LĨNH VỰC THỨ 6", "LV6", "LV 6",
        "VI", "vi", "VI.", "Lĩnh vực VI", "Nội dung số 6", "6. Thương mại điện tử", "VI. Thương mại",
        "6 - Thương mại", "Lĩnh vực 6: Thương mại", "Lĩnh vực 6 Thương mại", "６",
    ],
)  # fmt: skip
def test_an_ordinal(cell):
    assert values.ordinal(cell) == 6


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ("Xúc tiến  Thương mại", "xuc tien thuong mai"),
        ("6 tháng", "6 thang"),
        ("Vi mạch", "vi mach"),
        ("Lĩnh vực vi mạch", "linh vuc vi mach"),
        ("6, 7", "6 7"),
        ("12/BGN", "12 bgn"),
        (6.5, "6 5"),
        (-6, "6"),  # a text, so it is no area's number
        ("XLI", "xli"),
        ("-", None),
        (None, None),
    ],
)
def test_what_is_no_ordinal_is_a_title(cell, title):
    assert values.ordinal(cell) == title


@given(st.integers(1, 40))
def test_roman_numerals_to_forty(number):
    tens, ones = divmod(number, 10)
    roman = ("", "X", "XX", "XXX", "XL")[tens] + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[
        ones
    ]
    assert values.ordinal(roman) == values.ordinal(f"Lĩnh vực {roman}") == number


def test_a_message_never_carries_a_whole_page():
    for parse in (values.day, values.money, values.currency):
        with pytest.raises(ValueProblemError) as caught:
            parse("x y\n" * 30_000)
        assert len(caught.value.message) < 250
        assert "\n" not in caught.value.message


PARSERS = {
    "text": partial(values.text, max_length=50),
    "lines": partial(values.text, max_length=50, lines=True),
    "day": values.day,
    "money": values.money,
    "millions": partial(values.money, unit=10**6),
    "currency": values.currency,
    "term": lambda cell: values.term_end(cell, date(2019, 5, 31)),
    "late term": lambda cell: values.term_end(cell, date.max),
    "term of nothing": lambda cell: values.term_end(cell, None),
    "ordinal": values.ordinal,
    "phone": values.phone,
    "choice": lambda cell: values.choice(cell, ANSWERS, LABELS),
    "whole": values.whole_number,
}


@given(CELLS, st.sampled_from(sorted(PARSERS)))
def test_any_cell_gives_a_value_or_a_problem(cell, name):
    """No other exception leaves a parser, and what it gives fits the database."""
    try:
        value = PARSERS[name](cell)
    except ValueProblemError as problem:
        assert problem.code in CODES
        assert problem.message.strip()
        assert values.quoted(cell) in problem.message or "term" in name
        return
    if isinstance(value, tuple):
        amount, currency = value
        assert 0 <= amount < 10**18
        assert amount == amount.quantize(Decimal("0.01"))
        assert not amount.is_signed()
        assert currency is None or len(currency) == 3
    elif isinstance(value, date):
        assert 1990 <= value.year <= 2100


@given(st.one_of(st.text(max_size=200), st.sampled_from(WORDS)))
def test_any_title_is_read(title):
    unit, currency = values.column_unit(title), values.column_currency(title)
    assert unit is None or unit > 0
    assert unit is not None or currency is None
    assert isinstance(values.bare_title(title), str)


@given(st.text(), st.lists(st.text(), max_size=5))
def test_the_nearest_is_one_of_the_candidates(typed, candidates):
    assert values.nearest(typed, candidates) in {None, *candidates}
