"""The files that a list can be had as: .xlsx, .csv, .ods, .json. Text stays text, and no formula ever."""

import datetime
import io
import json
import re
import zipfile
from decimal import Decimal
from functools import lru_cache
from xml.sax.saxutils import escape

import xlsxwriter
from import_export.formats.base_formats import Format

# A spreadsheet program takes a text that begins so for a formula (CSV has no types to say otherwise). The
# reader (importing/child.py) takes one apostrophe away again: a text that has some of its own gets one more.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
# Quoted although the delimiter is the comma: the reader must find one delimiter only.
_QUOTED = re.compile(r'[",;\t\r\n]|\A\s|\s\Z')
# What XML cannot hold, and what no text needs.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A spreadsheet keeps that many digits of a number, and shows no sign that it has dropped the others.
_EXACT_DIGITS = 15
# Numbers and days come again and again down a column: so many are written once only.
_REMEMBERED = 8_192
# What a cell of Excel holds; xlsxwriter would leave a longer text out.
_LONGEST = 32_767


def exported_cell(value) -> str | int | float | datetime.date:
    """The value as a typed cell says it; a number that a spreadsheet would round is text."""
    if isinstance(value, str):  # first, because most are
        return _UNWRITABLE.sub("", value)
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int | Decimal):
        return _number(value)
    if isinstance(value, datetime.datetime):
        return f"{value:%H:%M %d/%m/%Y}"
    if isinstance(value, float | datetime.date):
        return value
    return _UNWRITABLE.sub("", "" if value is None else str(value))


@lru_cache(maxsize=_REMEMBERED)
def _number(value: int | Decimal) -> str | int | float:
    number = Decimal(value).normalize()
    if not number.is_finite() or len(number.as_tuple().digits) > _EXACT_DIGITS:
        return _digits(value)
    return int(number) if number == number.to_integral_value() else float(number)


def _digits(value: int | Decimal) -> str:
    """Plain digits with a decimal comma, as `values.money` reads them: 1200000000,5."""
    text = f"{Decimal(value):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


class ExportFormat(Format):
    name = ""
    content_type = ""

    def get_title(self):
        return self.name

    def get_extension(self):
        return self.name

    def get_content_type(self):
        return self.content_type

    def can_import(self):
        return False

    def can_export(self):
        return True


class Excel(ExportFormat):
    """An .xlsx whose strings are strings: `==1+1` stays text."""

    name = "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def is_binary(self):
        return True

    def export_data(self, dataset, **kwargs):
        buffer = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(buffer, options) as workbook:
            sheet = workbook.add_worksheet()
            bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            day = workbook.add_format({"num_format": "dd/mm/yyyy"})
            for column, header in enumerate(dataset.headers or ()):
                sheet.write_string(0, column, header, bold)
            for row, values in enumerate(dataset, 1):
                for column, value in enumerate(values):
                    _write(sheet, row, column, exported_cell(value), day)
            sheet.freeze_panes(1, 0)
            sheet.autofit(400)
        return buffer.getvalue()


def _write(sheet, row, column, cell, day) -> None:
    if isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime.date) and cell.year >= 1900:
        sheet.write_datetime(row, column, datetime.datetime.combine(cell, datetime.time()), day)
    elif cell != "":
        sheet.write_string(row, column, str(cell)[:_LONGEST])


class CSV(ExportFormat):
    """UTF-8 with BOM for Excel; ISO dates; a text that looks like a formula gets a leading apostrophe."""

    name = "csv"
    content_type = "text/csv"

    def export_data(self, dataset, **kwargs):
        rows = (dataset.headers or (), *dataset)
        return "\ufeff" + "".join(",".join(map(_field, row)) + "\r\n" for row in rows)


def _field(value) -> str:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        text = _digits(value)
    else:
        cell = exported_cell(value)
        text = f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else str(cell)
    return '"{}"'.format(text.replace('"', '""')) if _QUOTED.search(text) else text


class ODS(ExportFormat):
    """An .ods of typed cells. Written by hand: odfpy, and so tablib, takes a second for 200 rows."""

    name = "ods"
    content_type = "application/vnd.oasis.opendocument.spreadsheet"

    def is_binary(self):
        return True

    def export_data(self, dataset, **kwargs):
        lines = [_ods_row(dataset.headers or (), ' table:style-name="head"')]
        lines += [_ods_row(map(exported_cell, values)) for values in dataset]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            # The format asks that it comes first and is not compressed.
            package.writestr("mimetype", self.content_type, zipfile.ZIP_STORED)
            package.writestr("META-INF/manifest.xml", _ODS_MANIFEST.format(self.content_type))
            package.writestr("content.xml", _ODS_CONTENT.format("".join(lines)))
        return buffer.getvalue()


_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_ODS_MANIFEST = (
    f'{_XML}<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="{0}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_ODS_CONTENT = (
    f'{_XML}<office:document-content xmlns:office="{_OASIS}:office:1.0" xmlns:style="{_OASIS}:style:1.0" '
    f'xmlns:text="{_OASIS}:text:1.0" xmlns:table="{_OASIS}:table:1.0" xmlns:number="{_OASIS}:datastyle:1.0" '
    f'xmlns:fo="{_OASIS}:xsl-fo-compatible:1.0" office:version="1.2"><office:automatic-styles>'
    '<number:date-style style:name="date"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
    '</number:date-style><style:style style:name="day" style:family="table-cell" '
    'style:data-style-name="date"/><style:style style:name="head" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles><office:body>'
    '<office:spreadsheet><table:table table:name="Sheet1">{0}</table:table></office:spreadsheet>'
    "</office:body></office:document-content>"
)
_SPACES = re.compile(r"(?<= ) +|\A +")
# A text without any of these stands as it is.
_ODS_SPECIAL = re.compile(r"[&<>\t\r\n]|  |\A ")


def _ods_row(cells, style: str = "") -> str:
    return f"<table:table-row>{''.join(_ods_cell(cell, style) for cell in cells)}</table:table-row>"


def _ods_cell(cell, style: str) -> str:
    if cell == "":
        return "<table:table-cell/>"
    if not isinstance(cell, str):
        return _ods_typed(cell)
    if _ODS_SPECIAL.search(cell):
        cell = "</text:p><text:p>".join([_ods_line(line) for line in cell.split("\n")])
    return f'<table:table-cell{style} office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'


@lru_cache(maxsize=_REMEMBERED, typed=True)
def _ods_typed(cell: float | datetime.date) -> str:
    if isinstance(cell, int | float):
        said = f' office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p>'
    else:
        said = (
            f' table:style-name="day" office:value-type="date" office:date-value="{cell.isoformat()}">'
            f"<text:p>{cell.day:02}/{cell.month:02}/{cell.year:04}</text:p>"
        )
    return f"<table:table-cell{said}</table:table-cell>"


def _ods_line(line: str) -> str:
    """XML of one line: OpenDocument, like HTML, sees one space where several stand."""
    if "  " not in line and not line.startswith(" "):
        return _ods_plain(line)
    text = _SPACES.sub(lambda match: f"\0{len(match[0])}\0", line)
    return re.sub("\0([0-9]+)\0", r'<text:s text:c="\1"/>', _ods_plain(text))


def _ods_plain(text: str) -> str:
    return escape(text).replace("\t", "<text:tab/>").replace("\r", "&#13;")


class JSON(ExportFormat):
    """UTF-8: a list of objects keyed by the headers; ISO dates; numbers as numbers where they stay exact."""

    name = "json"
    content_type = "application/json"

    def export_data(self, dataset, **kwargs):
        headers = dataset.headers or ()
        records = [dict(zip(headers, map(exported_cell, values), strict=True)) for values in dataset]
        return json.dumps(records, ensure_ascii=False, indent=1, default=datetime.date.isoformat)


EXPORT_FORMATS = [Excel, CSV, ODS, JSON]
