"""Files for the reader's tests: small ones that are well, and ways to make them ill."""

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The same rows are the same bytes, whenever they are written.
MADE = datetime(2019, 5, 17)
CORNER = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def write(path: Path, rows: list[list], sheets=(), merged=()) -> Path:
    """Write `rows` to the first sheet; `sheets` are further names, hidden where they start with "~".

    A dict of `sheets` gives each its rows; `merged` are (top, left, bottom, right) on the first sheet.
    """
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": MADE})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        minute = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet = book.add_worksheet("Bản ghi nhớ")
        for top, left, bottom, right in merged:
            sheet.merge_range(top, left, bottom, right, "")
        _fill(sheet, rows, day, minute)
        for name in sheets:
            further = book.add_worksheet(name.lstrip("~"))
            _fill(further, sheets[name] if isinstance(sheets, dict) else [["x"]], day, minute)
            if name.startswith("~"):
                further.hide()
    return path


def _fill(sheet, rows: list[list], day, minute) -> None:
    for r, line in enumerate(rows):
        for c, cell in enumerate(line):
            if isinstance(cell, str):
                sheet.write_string(r, c, cell)
            elif isinstance(cell, datetime):
                sheet.write_datetime(r, c, cell, minute)
            elif isinstance(cell, date):
                sheet.write_datetime(r, c, datetime.combine(cell, time()), day)
            elif isinstance(cell, bool):
                sheet.write_boolean(r, c, cell)
            elif cell is not None:
                sheet.write_number(r, c, cell)


def replace(path: Path, parts: dict[str, bytes | str | None]) -> Path:
    """Write the archive again with some parts replaced, added, or (None) left out."""
    source = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        kept = {part: old.read(part) for part in old.namelist()} | parts
        for name, content in kept.items():
            if content is not None:
                new.writestr(name, content)
    return path


def raw(path: Path, cells: str, before: str = "", after: str = "", encoding: str = "utf-8") -> Path:
    """Write a workbook whose sheet holds the `<row>` elements given, right or wrong."""
    sheet = f'<worksheet xmlns="{MAIN}">{before}<sheetData>{cells}</sheetData>{after}</worksheet>'
    if encoding != "utf-8":
        sheet = f'<?xml version="1.0" encoding="{encoding}"?>{sheet}'
    return replace(write(path, [["x"]]), {"xl/worksheets/sheet1.xml": sheet.encode(encoding)})


def row(number: int, *values) -> str:
    """A `<row>` of numbers from column A on, each with its position."""
    cells = "".join(f'<c r="{chr(65 + n)}{number}"><v>{value}</v></c>' for n, value in enumerate(values))
    return f'<row r="{number}">{cells}</row>'


def archive(path: Path, parts: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def ods_row(*values, repeated: int = 1) -> str:
    """A row of an .ods: text, number, date or None."""
    cells = ""
    for value in values:
        if value is None:
            cells += "<table:table-cell/>"
        elif isinstance(value, date):
            cells += f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
        elif isinstance(value, str):
            cells += (
                f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
            )
        else:
            cells += f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def ods(path: Path, rows: str, hidden: str = "", encrypted: bool = False) -> Path:
    """Write an .ods with a visible sheet "DS" of rows made by `ods_row`; `hidden` are those of a second."""
    names = " ".join(f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    style = (
        '<style:style style:name="t2" style:family="table"><style:table-properties table:display="false"/>'
    )
    tables = f'<table:table table:name="DS">{rows}</table:table>'
    tables += f'<table:table table:name="Ẩn" table:style-name="t2">{hidden}</table:table>' if hidden else ""
    lock = "<manifest:encryption-data/>" if encrypted else ""
    entry = f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{lock}'
    return archive(
        path,
        {
            "mimetype": _ODS,
            "content.xml": f"<office:document-content {names}><office:automatic-styles>{style}</style:style>"
            f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0">{entry}'
            "</manifest:file-entry></manifest:manifest>",
        },
    )


def ole(path: Path, *streams: str) -> Path:
    """Write the beginning of an OLE file: a header, and directory entries of the names given."""
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + (2 * len(name) + 2).to_bytes(2, "little")
        + b"\2"
        + bytes(61)
        for name in streams
    )
    path.write_bytes(OLE + bytes(504) + entries.ljust(4096, b"\0"))
    return path
