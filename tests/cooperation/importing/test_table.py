"""Which rows of a sheet are data, what merged cells hold, and what is said of whole columns."""

from datetime import date

import pytest

from cooperation.importing import table
from cooperation.importing.header import Finder
from cooperation.importing.kinds import kind_named
from cooperation.importing.reader import Sheet

HEADER = ["STT", "Ngày ký", "Bên A", "Bên B", "Lĩnh vực", "Nội dung hợp tác"]
PARTNER = "Công ty Cổ phần Thương mại"


def deal(n=1):
    return [n, "17/5/2019", f"Cty A{n}", f"Cty B{n}", 6, "Tiêu thụ"]


def sheet_of(*rows, merged=(), header=HEADER):
    sheet = Sheet("DS", [list(row) for row in (header, *rows)], merged, {})
    return sheet, Finder(kind_named("mou"), {}, frozenset()).find(sheet)


def numbers(*rows, merged=()):
    """The spreadsheet numbers of the data rows below the header, which is row 1."""
    return [number for number, _cells in table.data_rows(*sheet_of(*rows, merged=merged))]


def test_every_row_below_the_header_is_data_and_a_blank_one_is_none():
    assert table.data_rows(*sheet_of(deal(1), [], ["", None], deal(2))) == [(2, deal(1)), (5, deal(2))]


@pytest.mark.parametrize("spelled", ["({})", "{}", "[{}]", "{}."])
def test_the_row_that_numbers_the_columns_is_no_data(spelled):
    assert numbers([spelled.format(n) for n in range(1, 7)], deal()) == [3]


def test_only_the_first_row_numbers_the_columns():
    assert numbers(deal(), ["1", "2", "3", "4", "5", "6"]) == [2, 3]


@pytest.mark.parametrize(
    "title",
    [
        ["I. Lĩnh vực nông sản"],
        ["", "Tỉnh Long An"],
        ["", "", "Thành phố Tân An"],
        ["I", "", "Nông sản"],
        ["A", "Quý II/2019"],
        ["", "", "II. Công nghiệp"],
        ["", "", "Lĩnh vực 6"],
        ["Nông sản và thủy sản"],
    ],
)
def test_the_title_of_a_group_is_no_data(title):
    assert numbers(title, deal()) == [3]


def test_a_row_with_one_needed_cell_is_told_and_not_dropped():
    assert numbers(deal(), ["", "", PARTNER], [2, "", PARTNER]) == [2, 3, 4]


def test_a_row_with_two_cells_and_none_of_them_needed_is_told_too():
    header = [*HEADER, "Ghi chú"]
    rows = table.data_rows(*sheet_of(["", "", "", "", "", "Tiêu thụ", "gấp"], header=header))
    assert [number for number, _cells in rows] == [2]


@pytest.mark.parametrize(
    "last", ["Tổng cộng", "TỔNG SỐ:", "Cộng", "Cộng tổng", "Nơi nhận:", "Người lập biểu", "Ghi chú: đã đủ"]
)
def test_what_stands_below_the_table_is_no_data(last):
    signature = [
        ["", "", "", "KT. GIÁM ĐỐC"],
        ["- Lưu: VT", "", "", "PHÓ GIÁM ĐỐC"],
        ["", "", "Nguyễn Văn A"],
    ]
    assert numbers(deal(), [last, "", "", "", "", "12"], [], *signature) == [2]


def test_a_whole_row_below_a_total_is_data_again():
    assert numbers(deal(1), ["Cộng", "", "", "", "", "1"], deal(2)) == [2, 4]


@pytest.mark.parametrize("name", ["Tổng công ty Lương thực", "Công ty Ghi Chú", "Cộng đồng Vàm Cỏ"])
def test_a_party_does_not_end_the_table(name):
    assert numbers(deal(1), [name, "17/5/2019", name, "Cty B", 6], ["", "", PARTNER]) == [2, 3, 4]


def test_the_example_of_the_template_is_no_data():
    assert numbers([1, "17/5/2026", "Công ty TNHH Ví dụ A (XÓA dòng này)", "Cty", 6], deal()) == [3]


def test_a_cell_merged_downwards_holds_for_every_row_that_it_covers():
    below = [2, "", "Cty A2", "Cty B2", 6]
    rows = table.data_rows(*sheet_of(deal(1), below, deal(3), merged=((1, 1, 2, 1), (1, 5, 2, 5))))
    assert [cells[1] for _number, cells in rows] == ["17/5/2019"] * 3
    assert rows[1] == (3, [2, "17/5/2019", "Cty A2", "Cty B2", 6, "Tiêu thụ"])


def test_cells_merged_to_the_right_or_in_the_header_hold_for_no_row():
    below = [2, "", "Cty A2", "Cty B2", 6, ""]
    rows = table.data_rows(*sheet_of(deal(1), below, merged=((1, 1, 1, 2), (0, 5, 1, 5))))
    assert rows[1] == (3, below)


def test_merged_cells_alone_make_no_row_of_data():
    assert numbers(deal(1), ["", "", "", "", "", ""], merged=((1, 1, 2, 1), (1, 2, 2, 2))) == [2]


def test_a_column_typed_in_an_old_encoding_is_converted_and_told():
    typed = ["C«ng ty TNHH SX TM G¹o Vµm Cá Xanh", "Hîp t¸c x· Rau s¹ch Ph\xadíc HËu Xanh"]
    sheet, header = sheet_of(
        *([n, "17/5/2019", name, "Cty B", 6, "Tiêu thụ"] for n, name in enumerate(typed))
    )
    converted = table.convert_legacy(sheet)
    assert [row[2] for row in sheet.rows] == [
        "Bên A", "Công ty TNHH SX TM Gạo Vàm Cỏ Xanh", "Hợp tác xã Rau sạch Phước Hậu Xanh",
    ]  # fmt: skip
    (note,) = table.legacy_notes(converted, header)
    assert (note.row, note.column, note.field, note.severity, note.code, note.value) == (
        1, "Bên A", "party_a", "warning", "legacy_encoding", typed[0],
    )  # fmt: skip
    assert (
        note.message
        == f"Cột viết bằng bảng mã TCVN3 (ABC), đã chuyển sang Unicode: “{typed[0]}” → “{sheet.rows[1][2]}”."
    )


def test_unicode_is_not_converted():
    sheet, header = sheet_of(deal(1), deal(2))
    assert (table.convert_legacy(sheet), table.legacy_notes({}, header)) == ({}, [])
    assert sheet.rows[1] == deal(1)


def turned(*days):
    sheet, header = sheet_of(*([n, day, "A", "B", 6, ""] for n, day in enumerate(days)))
    return [(note.field, note.code, note.severity, note.value) for note in table.turned_dates(sheet, header)]


def test_dates_that_an_english_program_may_have_turned_round_are_told():
    low = [date(2019, 5, 6), date(2019, 7, 3), date(2019, 1, 12)]
    assert turned(*low, "25/6/2019") == [("signed_on", "ambiguous_date", "warning", "25/6/2019")]


@pytest.mark.parametrize(
    "days",
    [
        [date(2019, 5, 6), date(2019, 7, 3), date(2019, 1, 13), "25/6/2019"],
        [date(2019, 5, 6), date(2019, 7, 3), date(2019, 1, 12), "5/6/2019"],
        [date(2019, 5, 6), date(2019, 7, 3), date(2019, 1, 12)],
        [date(2019, 5, 6), "25/6/2019"],
        ["5/6/2019", "7/3/2019", "25/6/2019"],
    ],
)
def test_dates_that_nothing_speaks_against_are_not_told(days):
    assert turned(*days) == []
