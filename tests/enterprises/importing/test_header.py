"""Which row is the header, and which column is which field."""

import pytest

from cooperation.text import fold
from enterprises.importing import header
from enterprises.importing.columns import COLUMNS, IGNORED_HEADERS
from enterprises.importing.reader import Sheet, UnusableFileError
from tests.enterprises import workbooks

NEEDED = ["Ngày ký", "Bên A", "Bên B", "Lĩnh vực"]


def find(*rows):
    return header.find(Sheet("2019", (), 1, [list(row) for row in rows]))


def test_the_canonical_header_names_every_field_once():
    found = find(workbooks.HEADERS)
    assert [column.field for column in found.columns.values()] == [column.field for column in COLUMNS]
    assert (found.row, found.unmapped) == (1, ())


def test_no_two_columns_share_a_header():
    names = [fold(name) for column in COLUMNS for name in (column.header, *column.variants)]
    names += [fold(name) for name in IGNORED_HEADERS]
    assert sorted(names) == sorted(set(names))


def test_case_accents_spacing_and_punctuation_are_aside():
    found = find(["NGÀY  KÝ:", "Be\u0302n A", "bên\nb", "linh vuc*", "Mã số thuế bên A"])
    assert [column.field for column in found.columns.values()] == [
        "signed_on", "party_a", "party_b", "area", "party_a_tax_code",
    ]  # fmt: skip


def test_titles_may_stand_above():
    found = find(["DANH SÁCH BẢN GHI NHỚ"], [], ["Ngày ký", "17/5/2019"], ["STT", *NEEDED], [1, "x"])
    assert found.row == 4
    assert found.index("signed_on") == 1


def test_an_unknown_column_is_listed_and_a_second_one_of_a_kind_too():
    assert find([*NEEDED, "Cột lạ", "", "Ngày ký kết"]).unmapped == ("Cột lạ", "Ngày ký kết")


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Giá trị (triệu đồng)", 10**6),
        ("Trị giá (tr.đ)", 10**6),
        ("GIÁ TRỊ (ĐVT: TỶ ĐỒNG)", 10**9),
        ("Giá trị (nghìn đồng)", 1000),
    ],
)
def test_a_unit_in_the_header_counts_for_the_column(title, unit):
    found = find([*NEEDED, title])
    assert found.columns[4].field == "value"
    assert found.units == {4: unit}


def test_a_header_that_lacks_a_needed_column_says_which():
    with pytest.raises(UnusableFileError, match=r"dòng 1\) thiếu cột: Bên B\."):
        find(["Ngày ký", "Bên A", "Lĩnh vực", "Nơi ký"])


def test_without_a_header_in_the_first_30_rows():
    with pytest.raises(UnusableFileError, match="dòng tiêu đề"):
        find(*[["x"]] * 30, NEEDED)
    assert find(*[["x"]] * 29, NEEDED).row == 30
