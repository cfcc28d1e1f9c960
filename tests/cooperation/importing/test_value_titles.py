"""Headers and title rows → the unit and the currency of the amounts below."""

import pytest

from cooperation.importing import values


@pytest.mark.parametrize(
    ("title", "unit", "currency", "bare"),
    [
        ("Giá trị (triệu đồng)", 10**6, "VND", "Giá trị"),
        ("Giá trị\n(triệu đồng)", 10**6, "VND", "Giá trị"),
        ("GIÁ TRỊ (TRIỆU ĐỒNG)", 10**6, "VND", "GIÁ TRỊ"),
        ("Giá trị (triệu)", 10**6, None, "Giá trị"),
        ("Trị giá (tr.đ)", 10**6, "VND", "Trị giá"),
        ("Trị giá (dự kiến) (trđ)", 10**6, "VND", "Trị giá (dự kiến)"),
        ("Giá trị (ĐVT: tr.đ)", 10**6, "VND", "Giá trị"),
        ("Giá trị (triệu đồng/năm)", 10**6, "VND", "Giá trị"),
        ("Giá trị triệu đồng", 10**6, "VND", "Giá trị"),
        ("Giá trị, tỷ đồng", 10**9, "VND", "Giá trị"),
        ("Giá trị HĐ (1.000đ)", 1000, "VND", "Giá trị HĐ"),
        ("Doanh thu [tỷ đồng]", 10**9, "VND", "Doanh thu"),
        ("ĐVT: triệu đồng", 10**6, "VND", ""),
        ("Đvt : Triệu đồng", 10**6, "VND", ""),
        ("Đơn vị tính: 1.000 đồng", 1000, "VND", ""),
        ("Đơn vị tính: 1.000.000 đồng", 10**6, "VND", ""),
        ("Đơn vị: tỷ đồng", 10**9, "VND", ""),
        ("DANH SÁCH GHI NHỚ (số 1/BC) Đơn vị tính: triệu đồng", 10**6, "VND", "DANH SÁCH GHI NHỚ (số 1/BC)"),
        ("(nghìn đồng)", 1000, "VND", ""),
        ("(đồng)", 1, "VND", ""),
        ("(VND)", 1, "VND", ""),
        ("Giá trị (VNĐ)", 1, "VND", "Giá trị"),
        ("Kim ngạch (USD)", 1, "USD", "Kim ngạch"),
        ("Kim ngạch (1.000 USD)", 1000, "USD", "Kim ngạch"),
        ("Kim ngạch (triệu USD)", 10**6, "USD", "Kim ngạch"),
        ("ĐVT: USD", 1, "USD", ""),
    ],
)
def test_titles_that_set_a_unit(title, unit, currency, bare):
    assert values.column_unit(title) == unit
    assert values.column_currency(title) == currency
    assert values.bare_title(title) == bare


@pytest.mark.parametrize(
    "title",
    [
        "", "Giá trị", "Giá trị hợp đồng", "Nội dung hợp đồng", "SL (tấn/năm)", "Tỷ lệ (%)", "(1)", "(1000)",
        "Đơn vị", "Đơn vị tính", "Đơn vị: Sở Công Thương", "Tên đơn vị", "Địa điểm (tỉnh)",
        "Giá trị (dự kiến)", "Phụ lục (tỷ lệ hợp đồng)",
    ],
)  # fmt: skip
def test_titles_that_set_none(title):
    assert values.column_unit(title) is None
    assert values.column_currency(title) is None
    assert values.bare_title(title) == title
