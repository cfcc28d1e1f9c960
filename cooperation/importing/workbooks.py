"""The workbooks that go back to the clerk: the empty template, and the own sheet with its faults marked."""

import io
from collections import defaultdict
from datetime import date, datetime, time

import xlsxwriter
from django.utils.translation import gettext as _

from cooperation.importing import reader, table
from cooperation.importing.kinds import Kind
from cooperation.importing.preview import Preview
from cooperation.importing.storage import Waiting
from cooperation.importing.values import shown
from cooperation.models import ImportBatch, JointPlan

_SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_TEMPLATE_ROWS = 500


def template(kind: Kind, plan: JointPlan | None) -> bytes:
    """Return the canonical template: headers, one example row, drop-down lists, dates as dates."""
    areas = list(plan.areas.order_by("number").values_list("number", flat=True)) if plan else []
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _SAFE) as workbook:
        sheet = workbook.add_worksheet(kind.title[:31])
        needed = workbook.add_format({"bold": True, "bg_color": "#D5EBF0", "text_wrap": True})
        optional = workbook.add_format({"bold": True, "text_wrap": True})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_string(0, 0, "STT", optional)
        for index, column in enumerate(kind.columns, 1):
            sheet.write_string(0, index, column.header, needed if column.required else optional)
            width, look = (13, day) if column.field.endswith("_on") else (18, None)
            sheet.set_column(index, index, width, look)
            if column.example is not None:
                _write(sheet, 1, index, column.example, day)
            choices = areas if column.field == "area" else list(column.choices)
            if choices:
                sheet.data_validation(
                    1, index, _TEMPLATE_ROWS, index, {"validate": "list", "source": choices}
                )
        sheet.write_number(1, 0, 1)
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()


def annotated(waiting: Waiting, batch: ImportBatch) -> bytes:
    """Return the waiting sheet with the problem cells coloured and a column "Lỗi"."""
    sheet = reader.reopen(waiting.cells)
    table.convert_legacy(sheet)
    problems = {row["number"]: row["problems"] for row in waiting.rows() if row["problems"]}
    return _marked(sheet, batch.report["header_row"], problems, batch.report["places"])


def annotated_preview(seen: Preview) -> bytes:
    """The same for a preview that no page keeps."""
    problems: dict[int, list[dict]] = defaultdict(list)
    for row in seen.rows:
        for problem in row.problems:
            problems[row.number].append(
                {"column": problem.column, "severity": problem.severity, "message": problem.message}
            )
    return _marked(seen.sheet, seen.header.row, problems, seen.places)


def _marked(
    sheet: reader.Sheet, header_row: int, problems: dict[int, list[dict]], places: dict[str, int]
) -> bytes:
    width = _error_column(sheet, header_row)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _SAFE) as workbook:
        target = workbook.add_worksheet(_sheet_name(sheet.name))
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        shades = {"error": "#F8C9C4", "warning": "#FCE7B2"}
        colours = {name: workbook.add_format({"bg_color": shade}) for name, shade in shades.items()}
        days = {
            name: workbook.add_format({"bg_color": shade, "num_format": "dd/mm/yyyy"})
            for name, shade in shades.items()
        }
        for number, cells in enumerate(sheet.rows, 1):
            said = problems.get(number, ())
            marks = {}
            for problem in sorted(said, key=lambda one: one["severity"] == "error"):
                marks[places.get(problem["column"])] = problem["severity"]
            for index, cell in enumerate(cells[:width]):
                mark = marks.get(index)
                _write(target, number - 1, index, cell, days.get(mark, day), colours.get(mark))
            if said:
                words = "; ".join(f"{one['column']}: {one['message']}" for one in said)
                worst = "error" if any(one["severity"] == "error" for one in said) else "warning"
                target.write_string(number - 1, width, words, colours[worst])
        target.write_string(header_row - 1, width, _("Lỗi"), workbook.add_format({"bold": True}))
        target.set_column(width, width, 60)
    return buffer.getvalue()


def _error_column(sheet: reader.Sheet, header_row: int) -> int:
    """The place of the column "Lỗi": that of an earlier one where it is the last, else behind all others."""
    width = max((len(cells) for cells in sheet.rows), default=0)
    header = sheet.rows[header_row - 1]
    return width - 1 if len(header) == width and header[-1] == _("Lỗi") else width


def _sheet_name(name: str) -> str:
    """The name as Excel accepts it: at most 31 characters, without some."""
    return name.translate(str.maketrans("[]:*?/\\", "       "))[:31].strip("' ") or "Sheet1"


def _write(sheet, row, column, value, day, colour=None) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, colour)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, colour)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime.combine(value, time()), day)
    elif shown(value):
        sheet.write_string(row, column, shown(value)[:32_767], colour)
    elif colour:
        sheet.write_blank(row, column, None, colour)
