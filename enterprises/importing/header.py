"""Finds the header row of a sheet and says which column is which field."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cooperation.text import clean, fold
from enterprises.importing.columns import BY_FIELD, COLUMNS, IGNORED_HEADERS, Column
from enterprises.importing.reader import Sheet, UnusableFileError
from enterprises.importing.values import shown

SEARCHED_ROWS = 30
# A row is taken for the header when it names this many known columns.
ENOUGH = 3
_UNIT = re.compile(
    r"\((?:đvt:?\s*)?(triệu đồng|triệu|tr\.? ?đ|trđ|tỷ đồng|tỷ|nghìn đồng|ngàn đồng|1\.000 đồng)\)",
    re.IGNORECASE,
)
_UNIT_VALUES = {"tr": 10**6, "ty": 10**9, "ng": 1000, "1": 1000}

_KNOWN = {fold(name): column for column in COLUMNS for name in (column.header, *column.variants)}
_IGNORED = {fold(name) for name in IGNORED_HEADERS}


@dataclass(frozen=True)
class Header:
    """`row` is the spreadsheet row; `columns` maps the index of a cell to its column."""

    row: int
    columns: dict[int, Column]
    titles: dict[int, str]
    units: dict[int, int]
    unmapped: tuple[str, ...]

    def title(self, field: str) -> str:
        """The header as the sheet has it, else the canonical one."""
        for index, column in self.columns.items():
            if column.field == field:
                return self.titles[index]
        return BY_FIELD[field].header

    def index(self, field: str) -> int | None:
        return next((index for index, column in self.columns.items() if column.field == field), None)


def find(sheet: Sheet) -> Header:
    """Return the header: the row of the first 30 that names most columns. Raises UnusableFileError."""
    best: tuple[int, int] | None = None
    for position, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        known = len({column.field for cell in row if (column := _column(shown(cell)))})
        if known >= ENOUGH and (best is None or known > best[0]):
            best = (known, position)
    if best is None:
        raise UnusableFileError(
            _(
                "Không tìm thấy dòng tiêu đề trong 30 dòng đầu: cần ít nhất các cột "
                "Ngày ký, Bên A, Bên B, Lĩnh vực. Hãy dùng tệp mẫu."
            )
        )
    header = _read(sheet.rows[best[1]], sheet.first_row + best[1])
    found = {column.field for column in header.columns.values()}
    missing = [column.header for column in COLUMNS if column.required and column.field not in found]
    if missing:
        raise UnusableFileError(
            _("Dòng tiêu đề (dòng %(row)s) thiếu cột: %(columns)s. Hãy thêm cột ấy hoặc dùng tệp mẫu.")
            % {"row": header.row, "columns": ", ".join(missing)}
        )
    return header


def _read(row: list, number: int) -> Header:
    columns: dict[int, Column] = {}
    titles: dict[int, str] = {}
    units: dict[int, int] = {}
    unmapped = []
    for index, cell in enumerate(row):
        title = clean(shown(cell))
        column = _column(title)
        if column and column not in columns.values():
            columns[index] = column
            titles[index] = title
            if unit := _UNIT.search(title):
                units[index] = _unit_value(unit[1])
        elif title and fold(title) not in _IGNORED:
            unmapped.append(title)
    return Header(number, columns, titles, units, tuple(unmapped))


def _column(title: str) -> Column | None:
    folded = fold(title)
    return _KNOWN.get(folded) or _KNOWN.get(fold(_UNIT.sub("", title)))


def _unit_value(unit: str) -> int:
    folded = fold(unit)
    return next(value for start, value in _UNIT_VALUES.items() if folded.startswith(start))
