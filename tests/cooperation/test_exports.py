"""Exports: what a reader sees in the list, as text that starts no formula."""

import datetime
import io
from decimal import Decimal

import pytest
import python_calamine
import tablib
from hypothesis import given
from hypothesis import strategies as st

from cooperation.exports import CSV, Excel, list_resource
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
    assert cells(Excel().export_data(table((text, 1))))[1][0].strip() == text.strip()
    line = CSV().export_data(table((text, 1))).split("\n", 1)[1]
    assert line.lstrip('"').startswith("'")


def test_types_survive_in_excel():
    row = (datetime.date(2019, 5, 17), Decimal("1200000000.50"))
    assert cells(Excel().export_data(table(row)))[1] == [datetime.date(2019, 5, 17), 1200000000.5]


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
