"""An .xlsx of one sheet, written as text: half the time of a library's, for a list that a reader waits for.

Strings are inline strings, never formulas or links; dates are dates. What staff export from the admin, with
widths found cell by cell, is export_formats.Excel's.
"""

import datetime
import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

from cooperation.export_formats import exported_cell

_LONGEST = 32_767
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    # Three looks of a cell: plain, heading, date.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
        '</numFmts><fonts count="2"><font/><font><b/></font></fonts><fills count="2"><fill>'
        '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/>'
        '<xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>'
    ),
}
_FIRST_DAY = datetime.date(1899, 12, 30).toordinal()


def excel(headings: list[str], rows: Iterable[tuple]) -> bytes:
    """Return the workbook. The first row is the headings and stays in sight."""
    width = len(headings)
    lines = [_row(headings, ' s="1"'), *(_row(map(exported_cell, row)) for row in rows)]
    sheet = (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{width}" width="24" customWidth="1"/></cols>'
        f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, text in _PARTS.items():
            package.writestr(name, _XML + text)
        package.writestr("xl/worksheets/sheet1.xml", sheet)
    return buffer.getvalue()


def _row(cells: Iterable, style: str = "") -> str:
    return f"<row>{''.join([_written(cell, style) for cell in cells])}</row>"


def _written(cell, style: str) -> str:
    if cell == "":
        return f"<c{style}/>"
    if isinstance(cell, str):
        text = escape(cell[:_LONGEST]).replace("\r", "&#13;")
        return f'<c{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(cell, datetime.date):
        if cell.year < 1900:
            return _written(cell.isoformat(), style)
        return f'<c s="2"><v>{cell.toordinal() - _FIRST_DAY}</v></c>'
    return f"<c{style}><v>{cell}</v></c>"
