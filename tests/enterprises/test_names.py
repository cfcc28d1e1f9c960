"""One key for one name, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enterprises.names import core_key, name_key, proper_key

MOC_HOA = "cong ty co phan thuong mai moc hoa"


def core(name):
    return core_key(name_key(name))


def proper(name):
    return proper_key(name_key(name))


@pytest.mark.parametrize(
    "written",
    [
        "Cty CP TM Mộc Hoá",
        "CÔNG TY CỔ PHẦN THƯƠNG MẠI MỘC HÓA",
        "C.ty CP TM Mộc Hóa",
        "Công ty  Cp. TM  mộc hóa",
        "Co\u0302ng ty CP TM Mo\u0323\u0302c Ho\u0301a",
    ],
)
def test_spellings_of_one_name_have_one_key(written):
    assert name_key(written) == MOC_HOA


def test_one_member_in_figures_and_words():
    assert name_key("Cty TNHH 1 thành viên Trà Tâm Lan") == name_key("Công ty TNHH MTV Trà Tâm Lan")


@pytest.mark.parametrize("word", ["CN", "TP"])
def test_what_has_several_readings_is_not_expanded(word):
    assert name_key(f"Công ty {word} Long An").split()[2] == word.lower()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Công ty TNHH Huy Long An - Mỹ Bình", "Công ty TNHH Huy Long An"),
        ("Công ty TNHH TM DV Hùng Duy", "Công ty TNHH TM CN DV Hùng Duy"),
        ("Công ty TNHH Mộc Hóa", "Công ty CP Mộc Hóa"),
    ],
)
def test_near_names_stay_apart(one, other):
    assert name_key(one) != name_key(other)


def test_the_core_leaves_the_legal_form_aside():
    assert core(" Công ty TNHH Mộc Hóa") == core("CTY CP MỘC HOÁ") == "moc hoa"
    assert core("Cty TNHH TM Mộc Hóa") == "thuong mai moc hoa"
    assert core("Hợp tác xã") == "hop tac xa"  # nothing else is left: then the form is the name


def test_the_proper_name_leaves_the_lines_of_business_aside_too():
    assert proper("Công ty TNHH TM DV và SX Mộc Hóa") == proper("CTY CP MỘC HOÁ") == "moc hoa"
    assert proper("Cty TNHH Hùng Duy") != proper("Cty TNHH Hùng Duy 2")


@pytest.mark.parametrize("name", ["Công ty TNHH Thương mại Dịch vụ", "Cty CP Xây dựng An", "Hợp tác xã"])
def test_a_proper_name_of_less_than_two_words_says_nothing(name):
    assert proper(name) == ""


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(name):
    key = name_key(name)
    assert name_key(key) == key
    assert set(key) <= set("0123456789abcdefghijklmnopqrstuvwxyz ")


def test_a_key_fits_its_column():
    assert len(name_key("XNK " * 200)) == 300
