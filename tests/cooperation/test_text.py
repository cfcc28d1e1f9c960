"""Vietnamese text: what is stored, what matches, what comes first."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.text import clean, clean_multiline, fold, search_fold, slug, sort_key

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
vietnamese = st.text(alphabet=LETTERS + LETTERS.upper() + " -0123456789", max_size=40)


def in_order(words):
    return sorted(words, key=sort_key)


def backwards(words):
    return words[::-1]


@pytest.mark.parametrize(
    "typed", ["Mộc Hóa", "MỘC HOÁ", "  mộc   hoá ", "moc hoa", "Mộc-Hóa", "Mo\u0323\u0302c Hoa\u0301"]
)
def test_fold_makes_spellings_of_one_name_equal(typed):
    assert fold(typed) == "moc hoa"


def test_fold_keeps_what_differs():
    assert fold("Tây Ninh") != fold("Tài Ninh")
    assert fold("Đà Nẵng") == "da nang"


@pytest.mark.parametrize(
    ("one", "other"), [("Mỹ Bình", "Mĩ Bình"), ("kỹ thuật", "kĩ thuật"), ("1,2 tỷ", "1,2 tỉ")]
)
def test_search_also_takes_i_for_y(one, other):
    assert search_fold(one) == search_fold(other)


def test_search_does_not_take_i_for_y_elsewhere():
    assert search_fold("Tây Ninh") == "tay ninh"


def test_clean_is_nfc_with_single_spaces():
    assert clean(" Mo\u0323\u0302c\u00a0 \n Hóa ") == "Mộc Hóa"
    assert clean_multiline(" một \r\n\r\n\r\n\r\n hai  ba \n") == "một\n\nhai ba"


def test_slug_of_letters_that_do_not_decompose():
    assert slug("Đà Nẵng") == "da-nang"


def test_order_of_the_alphabet_and_of_tones():
    words = [
        "a",
        "à",
        "ả",
        "ã",
        "á",
        "ạ",
        "ai",
        "ă",
        "â",
        "b",
        "d",
        "đ",
        "e",
        "ê",
        "o",
        "ô",
        "ơ",
        "u",
        "ư",
        "v",
        "y",
    ]
    assert in_order(backwards(words)) == words


def test_letters_decide_before_tones():
    """Dictionary order: "hoa" and all its tones stand together, before "hoan"."""
    words = ["hoa", "hòa", "hóa", "hoa lan", "hoan", "hoàn"]
    assert in_order(backwards(words)) == words


def test_numbers_come_before_letters_and_punctuation_does_not_count():
    assert sorted(["An Bình", "3 Tháng 2", "An-Bình 2"], key=sort_key) == [
        "3 Tháng 2",
        "An Bình",
        "An-Bình 2",
    ]


@given(vietnamese)
def test_keys_are_ascii_and_blind_to_unicode_form(text):
    decomposed = unicodedata.normalize("NFD", text)
    for function in (fold, search_fold, sort_key, slug):
        assert function(text) == function(decomposed)
        assert function(text).isascii()
    assert clean(decomposed) == clean(text)


@given(st.text(max_size=60))
def test_any_text_at_all_is_taken(text):
    assert clean(clean(text)) == clean(text)
    assert fold(fold(text)) == fold(text)
    assert set(sort_key(text)) <= set("0123456789abcdefghijklmnopqrstuvwxyz")
    assert len(sort_key("ộ" * 500)) <= 400


@given(vietnamese, vietnamese)
def test_order_of_keys_ignores_case(one, other):
    assert (sort_key(one) < sort_key(other)) == (sort_key(one.upper()) < sort_key(other.upper()))
