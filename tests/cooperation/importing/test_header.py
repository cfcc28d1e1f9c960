"""Which rows are the header, and which column is which field."""

import unicodedata

import pytest

from cooperation.importing.header import Finder
from cooperation.importing.kinds import all_kinds, kind_named
from cooperation.importing.reader import Sheet
from cooperation.text import fold, unaccent
from tests.enterprises import workbooks

NEEDED = ["Ngày ký", "Bên A", "Bên B", "Lĩnh vực"]
FIELDS = ["signed_on", "party_a", "party_b", "area"]
PLACES = frozenset({"long an", "tay ninh"})
TWO_ROWS = [
    ["TT", "Ngày,\ntháng,\nnăm ký", "Doanh nghiệp Long An", "", "Doanh nghiệp Tây Ninh", "", "LĨNH VỰC",
     "Trị giá (tr.đ)"],
    ["", "", "Tên đơn vị", "Mã số thuế", "Tên đơn vị", "Mã số thuế", "", ""],
]  # fmt: skip
# (top, left, bottom, right) of TWO_ROWS when row 1 is a title.
MERGED = ((1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5), (1, 6, 2, 6), (1, 7, 2, 7))
TWO_ROW_FIELDS = ["signed_on", "party_a", "party_a_tax_code", "party_b", "party_b_tax_code", "area", "value"]


def find(*rows, merged=(), mapping=None, kind="mou"):
    finder = Finder(kind_named(kind), mapping or {}, PLACES)
    return finder.find(Sheet("2019", [list(row) for row in rows], merged, {}))


def fields(header):
    return [header.columns[index].field for index in sorted(header.columns)]


def test_the_canonical_header_names_every_field_once():
    for kind in all_kinds():
        found = find(["STT", *(column.header for column in kind.columns)], kind=kind.name)
        assert fields(found) == [column.field for column in kind.columns]
        assert (found.row, found.top, found.unmapped, found.missing(kind)) == (1, 1, {}, [])


def test_no_two_columns_of_a_kind_share_a_header():
    for kind in all_kinds():
        names = [fold(name) for column in kind.columns for name in (column.header, *column.variants)]
        names += [fold(name) for name in kind.ignored]
        assert sorted(names) == sorted(set(names))


def test_no_two_columns_of_a_side_share_what_stands_below_its_name():
    under = [(column.side, fold(name)) for column in kind_named("mou").columns for name in column.under]
    assert sorted(under) == sorted(set(under))


@pytest.mark.parametrize(
    "spelled",
    [
        lambda title: unicodedata.normalize("NFD", title),
        str.upper,
        unaccent,
        lambda title: title.replace(" ", "\n"),
        lambda title: f"  {title.replace(' ', '   ')}: *",
    ],
)
def test_form_case_accents_line_breaks_and_punctuation_are_aside(spelled):
    header = ["Ngày, tháng, năm ký", "Bên A", "Mã số thuế DN A", "Tên doanh nghiệp bên B", "Lĩnh vực"]
    found = find([spelled(title) for title in header])
    assert fields(found) == ["signed_on", "party_a", "party_a_tax_code", "party_b", "area"]
    assert found.unmapped == {}


def test_titles_may_stand_above():
    found = find(["DANH SÁCH BẢN GHI NHỚ"], [], ["Ngày ký", "17/5/2019"], ["STT", *NEEDED], [1, "x"])
    assert (found.row, found.top) == (4, 4)
    assert found.index("signed_on") == 1


def test_an_unknown_column_is_listed_and_a_second_one_of_a_kind_too():
    found = find([*NEEDED, "Cột lạ", "", "Ngày ký kết"])
    assert found.unmapped == {4: "Cột lạ", 6: "Ngày ký kết"}
    assert fields(found) == FIELDS


def test_two_rows_with_merged_cells():
    found = find(["DANH SÁCH"], *TWO_ROWS, ["(1)", "(2)", "(3)"], merged=MERGED)
    assert fields(found) == TWO_ROW_FIELDS
    assert (found.row, found.top, found.unmapped, found.units) == (3, 2, {}, {7: 10**6})
    assert found.titles[3] == "Doanh nghiệp Long An – Mã số thuế"
    assert found.titles[6] == "LĨNH VỰC"


def test_two_rows_of_a_format_that_does_not_tell_what_is_merged():
    found = find(["DANH SÁCH"], *TWO_ROWS)
    assert fields(found) == TWO_ROW_FIELDS
    assert (found.row, found.top, found.unmapped) == (3, 2, {})


def test_two_rows_below_the_names_of_the_sides():
    found = find(
        ["Số BBGN", "Ngày ký", "Bên bán", "", "", "", "Bên mua", "", "Ngành hàng"],
        ["", "", "Tên", "MST", "Địa chỉ", "SĐT", "Tên công ty", "Tỉnh/TP", ""],
    )
    assert fields(found) == [
        "number", "signed_on", "party_a", "party_a_tax_code", "party_a_address", "party_a_phone",
        "party_b", "party_b_province", "area",
    ]  # fmt: skip


def test_the_lower_row_may_hold_nothing_but_a_unit():
    found = find(
        [*NEEDED, "Giá trị"], ["", "", "", "", "(triệu đồng)"], ["17/5/2019", "Cty A", "Cty B", 6, 5]
    )
    assert (fields(found), found.row, found.units) == ([*FIELDS, "value"], 2, {4: 10**6})


def test_a_cell_merged_over_three_rows_is_one_title():
    rows = [["STT", "Bên A", "", *NEEDED[2:], "Ngày ký"], ["", "Tên", "MST", "", "", ""], [""] * 6]
    merged = ((0, 1, 0, 2), (1, 1, 2, 1), (1, 2, 2, 2), *((0, column, 2, column) for column in (0, 3, 4, 5)))
    found = find(*rows, merged=merged)
    assert fields(found) == ["party_a", "party_a_tax_code", "party_b", "area", "signed_on"]
    assert (found.unmapped, found.top) == ({}, 1)


def test_the_first_row_of_data_is_no_second_row_of_the_header():
    found = find([*NEEDED, "Ghi chú"], ["17/5/2019", "Cty A", "", "", ""], ["Ngày ký", "", "", "", ""])
    assert (found.row, found.top) == (1, 1)


def test_the_first_province_in_the_header_is_side_a_and_gives_its_province():
    found = find(["Ngày ký", "DN Tây Ninh", "Doanh nghiệp tỉnh LONG AN", "Lĩnh vực"])
    assert fields(found) == FIELDS
    assert found.defaults == {
        "party_a_province": ("Tây Ninh", "DN Tây Ninh"),
        "party_b_province": ("LONG AN", "Doanh nghiệp tỉnh LONG AN"),
    }


def test_a_column_of_the_province_wins_over_the_header():
    found = find(["Ngày ký", "Doanh nghiệp Long An", "Tỉnh bên A", "Doanh nghiệp Tây Ninh", "Lĩnh vực"])
    assert found.defaults == {"party_b_province": ("Tây Ninh", "Doanh nghiệp Tây Ninh")}
    assert found.index("party_a_province") == 2


def test_a_place_that_is_no_province_names_no_side():
    found = find([*NEEDED, "Doanh nghiệp Phương Nam"])
    assert (found.unmapped, found.defaults) == ({4: "Doanh nghiệp Phương Nam"}, {})


def test_what_stands_right_of_a_party_belongs_to_it():
    found = find(["Ngày ký", "Bên A", "MST", "Địa chỉ", "Bên B", "MST", "Lĩnh vực"])
    assert fields(found) == [
        "signed_on", "party_a", "party_a_tax_code", "party_a_address", "party_b", "party_b_tax_code", "area",
    ]  # fmt: skip
    assert find(["MST", *NEEDED]).unmapped == {0: "MST"}


def test_what_stands_right_of_a_party_named_by_a_variant_belongs_to_it_too():
    found = find(["Ngày ký", "Tên doanh nghiệp bên A", "MST", "Tên doanh nghiệp bên B", "MST", "Lĩnh vực"])
    assert fields(found) == [
        "signed_on",
        "party_a",
        "party_a_tax_code",
        "party_b",
        "party_b_tax_code",
        "area",
    ]


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Giá trị (triệu đồng)", 10**6),
        ("Trị giá (tr.đ)", 10**6),
        ("GIÁ TRỊ (ĐVT: TỶ ĐỒNG)", 10**9),
        ("Giá trị (nghìn đồng)", 1000),
        ("Giá trị hợp đồng, tr.đồng", 10**6),
    ],
)
def test_a_unit_in_the_header_counts_for_the_column(title, unit):
    found = find([*NEEDED, title])
    assert found.columns[4].field == "value"
    assert found.units == {4: unit}


def test_a_currency_in_the_header_counts_for_the_column():
    found = find([*NEEDED, "Kim ngạch (USD)", "Giá trị thực hiện (nghìn USD)"])
    assert fields(found) == [*FIELDS, "value", "realised_value"]
    assert found.currencies == {4: "USD", 5: "USD"}
    assert found.units[5] == 1000


def test_a_unit_above_the_table_counts_where_the_column_names_none():
    found = find(["", "ĐVT: triệu đồng"], [*NEEDED, "Giá trị", "Giá trị thực hiện (tỷ đồng)"])
    assert found.units == {4: 10**6, 5: 10**9}
    assert find([*NEEDED, "Giá trị"], ["", "", "", "", "5"], ["ĐVT: triệu đồng"]).units == {}


def test_what_the_clerk_mapped_counts_and_an_empty_field_leaves_the_column_out():
    found = find([*NEEDED, "Cột lạ", "Mã kho"], mapping={"cot la": "products", "ma kho": ""})
    assert fields(found) == [*FIELDS, "products"]
    assert found.unmapped == {}


def test_what_the_clerk_mapped_wins_over_what_is_known():
    found = find([*NEEDED, "Sản phẩm"], mapping={"san pham": "content"})
    assert fields(found) == [*FIELDS, "content"]


def test_what_the_clerk_mapped_in_a_two_row_header_is_known_by_both_titles():
    rows = [["Ngày ký", "Bên A", "", "Bên B", "Lĩnh vực"], ["", "Tên", "Mã kho", "Tên", ""]]
    assert find(*rows).unmapped == {2: "Bên A – Mã kho"}
    found = find(*rows, mapping={"ben a ma kho": "party_a_address"})
    assert fields(found) == ["signed_on", "party_a", "party_a_address", "party_b", "area"]


def test_a_header_that_lacks_needed_columns_says_which():
    found = find(["Ngày ký", "Bên A", "Nơi ký", "Sản phẩm"])
    assert [column.header for column in found.missing(kind_named("mou"))] == ["Bên B", "Lĩnh vực"]


def test_one_column_of_both_parties_stands_for_the_two():
    assert find(["Ngày ký", "Các bên", "Lĩnh vực"]).missing(kind_named("mou")) == []


def test_without_a_header_in_the_first_30_rows_there_is_none():
    assert find(*[["x"]] * 30, NEEDED) is None
    assert find(*[["x"]] * 29, NEEDED).row == 30
    assert find(["Ngày ký", "Bên A", "x"]) is None


def test_columns_of_our_own_are_never_taken_from_a_sheet():
    own = ["id", "agency", "published", "Cơ quan quản lý"]
    for kind in all_kinds():
        titles = [column.header for column in kind.columns]
        found = find([*titles, *own], kind=kind.name)
        assert list(found.unmapped.values()) == own
        assert fields(found) == [column.field for column in kind.columns]


def test_the_template_for_a_sheet_of_memoranda_has_a_serial_number_that_nobody_keeps():
    found = find(workbooks.HEADERS)
    assert (workbooks.HEADERS[0], min(found.columns)) == ("STT", 1)
