"""Exports: what a reader sees in the list, as text that starts no formula."""

import datetime
import io
import json
from decimal import Decimal

import pytest
import python_calamine
import tablib
from hypothesis import given
from hypothesis import strategies as st

from cooperation.exports import CSV, EXPORT_FORMATS, JSON, ODS, Excel, list_resource
from cooperation.models import Agency
from tests.factories import make_agency, make_province

FORMULAS = ["==1+1", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")']


def table(*rows):
    return tablib.Dataset(*rows, headers=["Tên", "Giá trị"])


def cells(content: bytes):
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return sheet.to_python()


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_stays_text(text):
    for typed in (Excel(), ODS()):
        assert cells(typed.export_data(table((text, 1))))[1][0].strip() == text.strip()
    assert json.loads(JSON().export_data(table((text, 1)))) == [{"Tên": text, "Giá trị": 1}]
    line = CSV().export_data(table((text, 1))).split("\n", 1)[1]
    assert line.lstrip('"').startswith("'")


@pytest.mark.parametrize("typed", [Excel, ODS])
def test_types_survive(typed):
    row = (datetime.date(2019, 5, 17), Decimal("1200000000.50"))
    assert cells(typed().export_data(table(row)))[1] == [datetime.date(2019, 5, 17), 1200000000.5]


@pytest.mark.parametrize(
    ("value", "cell", "text"),
    [
        (Decimal("1200000000.00"), 1200000000, "1200000000"),
        (Decimal("1200000000.50"), 1200000000.5, '"1200000000,5"'),
        (Decimal("0.10"), 0.1, '"0,1"'),
        (Decimal("123456789012345"), 123456789012345, "123456789012345"),
        (Decimal("1E+17"), 10**17, "100000000000000000"),
        (Decimal("1234567890123456.78"), "1234567890123456,78", '"1234567890123456,78"'),
        (1234567890123456, "1234567890123456", "1234567890123456"),
        (True, "có", "có"),
        (None, "", ""),
        (datetime.datetime(2019, 5, 17, 8, 30), "08:30 17/05/2019", "08:30 17/05/2019"),
    ],
)
def test_a_number_that_a_spreadsheet_would_round_is_text(value, cell, text):
    row = table((1, value))
    for typed in (Excel(), ODS()):
        assert [*cells(typed.export_data(row))[1], ""][1] == cell
    assert json.loads(JSON().export_data(row))[0]["Giá trị"] == cell
    assert CSV().export_data(row).splitlines()[1] == f"1,{text}"


def test_dates_are_iso_where_a_file_has_no_types():
    row = table((datetime.date(2019, 5, 17), datetime.date(1899, 1, 2)))
    assert CSV().export_data(row).splitlines()[1] == "2019-05-17,1899-01-02"
    assert json.loads(JSON().export_data(row)) == [{"Tên": "2019-05-17", "Giá trị": "1899-01-02"}]
    assert cells(Excel().export_data(row))[1] == [datetime.date(2019, 5, 17), "1899-01-02"]


def test_lines_and_spaces_survive_in_ods():
    text = 'một\n\n  hai   ba <&> "bốn"'
    assert cells(ODS().export_data(table((text, 1))))[1] == [text, 1]


@pytest.mark.parametrize("text", ["một <&> hai", " đầu", "hai  ba", "sáu\rbảy", "tám "])
def test_a_line_of_signs_or_spaces_survives_in_ods(text):
    assert cells(ODS().export_data(table((text, 1))))[1] == [text, 1]


def test_numbers_that_are_equal_are_written_alike():
    """What is remembered of one may stand for the other."""
    rows = [(str(n), value) for n, value in enumerate((1, Decimal("1.0"), Decimal(1), True, 1.0))]
    found = [row[1] for row in cells(ODS().export_data(table(*rows)))[1:]]
    assert found == [1, 1, 1, "có", 1]


def test_what_xml_cannot_hold_is_left_out():
    for one in EXPORT_FORMATS:
        content = one().export_data(table(("a\x00\x01\ufffeb", 1)))
        assert "ab" in (content if isinstance(content, str) else str(cells(content)))


def test_a_text_longer_than_a_cell_is_cut_not_lost():
    assert cells(Excel().export_data(table(("a" * 40_000, 1))))[1][0] == "a" * 32_767


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("'=1", "''=1"), ("'Hồng", "'Hồng"), ("a;b", '"a;b"'), ("a\tb", '"a\tb"'),
        ('"', '""""'),
    ],
)  # fmt: skip
def test_what_csv_sets_before_a_formula_can_be_taken_away_again(text, field):
    assert CSV().export_data(table((text, 1))).splitlines()[1] == f"{field},1"


def test_excel_comes_first():
    assert [one().get_title() for one in EXPORT_FORMATS] == ["xlsx", "csv", "ods", "json"]


def test_csv_is_read_by_excel_as_unicode():
    content = CSV().export_data(table(("Mộc Hóa", 1)))
    assert content.startswith("\ufeffTên,Giá trị")
    assert "Mộc Hóa,1" in content


@given(st.text(max_size=50))
def test_any_text_at_all(text):
    content = CSV().export_data(table((text, 1)))
    assert not content.split("\n", 1)[1].startswith(("=", "+", "-", "@"))


@pytest.mark.django_db
def test_columns_have_vietnamese_headers_and_names_instead_of_keys():
    make_agency("Sở Công Thương", province=make_province("Long An"))
    resource = list_resource(Agency, ("name", "kind", "province", "valid_from"))()
    data = resource.export(Agency.objects.select_related("province"))
    assert data.headers == ["tên", "loại", "tỉnh", "có từ ngày"]
    name, kind, province, valid_from = data[0]
    assert (kind, province, valid_from) == ("Sở", "Tỉnh Long An", "")
    assert name.startswith("Sở Công Thương")
