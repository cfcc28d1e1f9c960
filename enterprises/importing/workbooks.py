"""The workbooks that go back to the clerk: the empty template, and the own sheet with its faults marked."""

import io
from datetime import date, datetime, time

import xlsxwriter
from django.utils.translation import gettext as _

from enterprises.importing.columns import COLUMNS
from enterprises.importing.preview import Preview
from enterprises.importing.values import STATUSES, shown
from enterprises.models import MOU

_SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_TEMPLATE_ROWS = 500
_EXAMPLE = {
    "number": "01/BGN-2026",
    "signed_on": date(2026, 5, 17),
    "signed_at": "Nơi ký (ví dụ)",
    "party_a": "Công ty TNHH Ví dụ A (xóa dòng này)",
    "party_b": "Hợp tác xã Ví dụ B (xóa dòng này)",
    "area": 6,
    "content": "Tiêu thụ nông sản",
    "value": 1_200_000_000,
    "currency": "VND",
    "term": "12 tháng",
    "status": "đã ký",
}


def template(area_numbers: list[int]) -> bytes:
    """Return the canonical template: headers, one example row, drop-down lists, dates as dates."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _SAFE) as workbook:
        sheet = workbook.add_worksheet("Bản ghi nhớ")
        needed = workbook.add_format({"bold": True, "bg_color": "#D5EBF0", "text_wrap": True})
        optional = workbook.add_format({"bold": True, "text_wrap": True})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_string(0, 0, "STT", optional)
        for index, column in enumerate(COLUMNS, 1):
            sheet.write_string(0, index, column.header, needed if column.required else optional)
            if column.field.endswith("_on"):
                sheet.set_column(index, index, 13, day)
            else:
                sheet.set_column(index, index, 18)
            if column.field in _EXAMPLE:
                _write(sheet, 1, index, _EXAMPLE[column.field], day)
            if choices := _choices(column.field, area_numbers):
                sheet.data_validation(
                    1, index, _TEMPLATE_ROWS, index, {"validate": "list", "source": choices}
                )
        sheet.write_number(1, 0, 1)
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()


def _choices(field: str, area_numbers: list[int]) -> list:
    if field == "status":
        return [str(MOU.Status(code).label) for code in STATUSES]
    if field == "currency":
        return ["VND", "USD", "KHR"]
    return area_numbers if field == "area" else []


def annotated(preview: Preview) -> bytes:
    """Return the clerk's own sheet with the problem cells coloured and a column "Lỗi"."""
    buffer = io.BytesIO()
    by_row = {row.number: row.problems for row in preview.rows}
    width = max((len(cells) for cells in preview.sheet.rows), default=0)
    with xlsxwriter.Workbook(buffer, _SAFE) as workbook:
        sheet = workbook.add_worksheet(_sheet_name(preview.sheet.name))
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        colours = {
            "error": workbook.add_format({"bg_color": "#F8C9C4", "num_format": "dd/mm/yyyy"}),
            "warning": workbook.add_format({"bg_color": "#FCE7B2", "num_format": "dd/mm/yyyy"}),
        }
        for offset, cells in enumerate(preview.sheet.rows):
            number = preview.sheet.first_row + offset
            marks = {
                preview.header.index(problem.field): problem.severity for problem in by_row.get(number, ())
            }
            for index, cell in enumerate(cells):
                _write(sheet, number - 1, index, cell, day, colours.get(marks.get(index)))
            if by_row.get(number):
                words = "; ".join(f"{problem.column}: {problem.message}" for problem in by_row[number])
                sheet.write_string(
                    number - 1, width, words, colours["error" if "error" in marks.values() else "warning"]
                )
        sheet.write_string(preview.header.row - 1, width, _("Lỗi"), workbook.add_format({"bold": True}))
        sheet.set_column(width, width, 60)
    return buffer.getvalue()


def _sheet_name(name: str) -> str:
    """The name as Excel accepts it: at most 31 characters, without some."""
    return name.translate(str.maketrans("[]:*?/\\", "       "))[:31].strip("' ") or "Bản ghi nhớ"


def _write(sheet, row, column, value, day, colour=None) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, colour)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, colour)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime.combine(value, time()), colour or day)
    elif shown(value):
        sheet.write_string(row, column, shown(value)[:32_767], colour)
    elif colour:
        sheet.write_blank(row, column, None, colour)
