"""The sheet around its data: legacy text, which rows are data, merged cells, dates that were turned round."""

import re
from datetime import date

from django.utils.translation import gettext as _

from cooperation.importing import legacy, values
from cooperation.importing.columns import EXAMPLE_MARK
from cooperation.importing.header import Header
from cooperation.importing.reader import Sheet
from cooperation.importing.rows import Problem
from cooperation.importing.values import shown
from cooperation.text import fold

_END_OF_DATA = re.compile(r"(?:tong cong(?! ty\b)|tong so|cong(?: tong)?\Z|noi nhan|nguoi lap|ghi chu)\b")
# A row with one filled cell that begins so is the title of the group below it.
_GROUP = re.compile(r"(?:linh vuc|tinh|thanh pho|nhom|nganh|phan|muc|nam|quy|thang|[ivx]+|[a-h]|\d{1,2})\b")
# Below the end of the table only a row that is nearly whole is data; a signature fills one or two cells.
_WHOLE = 3
_SAMPLE = 400
# The template's example row stands right below the header; perhaps a row of numbers comes between.
_NEAR_THE_TOP = 5


def convert_legacy(sheet: Sheet) -> dict[int, tuple[str, str, str]]:
    """Turn columns typed in TCVN3 or VNI into Unicode, in place.

    Returns what was done: index → (encoding, a text as typed, the same converted).
    """
    converted: dict[int, tuple[str, str, str]] = {}
    for index in range(max((len(row) for row in sheet.rows), default=0)):
        texts = [
            row[index] for row in sheet.rows if index < len(row) and type(row[index]) is str and row[index]
        ]
        sample = texts if len(texts) <= _SAMPLE else texts[:: len(texts) // _SAMPLE]
        encoding = legacy.detect(sample)
        if encoding is None:
            continue
        for row in sheet.rows:
            if index < len(row) and type(row[index]) is str and row[index]:
                typed = row[index]
                row[index] = legacy.convert(typed, encoding)
                if row[index] != typed and index not in converted:
                    converted[index] = (str(encoding), typed, row[index])
    return converted


def legacy_notes(converted: dict[int, tuple[str, str, str]], header: Header) -> list[Problem]:
    """One warning for every column of the table that was converted."""
    return [
        Problem(
            header.row,
            header.titles.get(index) or header.unmapped.get(index, ""),
            header.columns[index].field if index in header.columns else "",
            typed[:200],
            "warning",
            "legacy_encoding",
            _("Cột viết bằng bảng mã %(encoding)s, đã chuyển sang Unicode: “%(typed)s” → “%(read)s”.")
            % {"encoding": encoding, "typed": values.quoted(typed), "read": values.quoted(read)},
        )
        for index, (encoding, typed, read) in sorted(converted.items())
        if index in header.columns or index in header.unmapped
    ]


def turned_dates(sheet: Sheet, header: Header) -> list[Problem]:
    """A warning for a column of dates in which day and month may have been taken for each other.

    A program set to English takes 5/6/2019 for 6 May and leaves 25/6/2019 a text: then no date of the
    column has a day above 12, and the texts have.
    """
    found = []
    for index, column in header.columns.items():
        if not column.field.endswith("_on"):
            continue
        cells = [row[index] for row in sheet.rows[header.row :] if index < len(row)]
        days = [cell for cell in cells if isinstance(cell, date)]
        late = [cell for cell in cells if isinstance(cell, str) and _LATE_DAY.match(cell)]
        if len(days) > 2 and late and all(day.day <= 12 for day in days):
            message = _(
                "Có thể ngày và tháng đã bị đổi chỗ khi gõ trên máy đặt tiếng Anh: mọi ô ngày đều có ngày từ "
                "1 đến 12, còn “%(late)s” là chữ. Hãy đối chiếu với văn bản."
            )
            found.append(
                Problem(
                    header.row, header.titles[index], column.field, late[0], "warning", "ambiguous_date",
                    message % {"late": late[0]},
                )
            )  # fmt: skip
    return found


_LATE_DAY = re.compile(r"\s*(?:1[3-9]|2\d|3[01])\s*/\s*\d{1,2}\s*/\s*\d{4}")


def data_rows(sheet: Sheet, header: Header) -> list[tuple[int, list]]:
    """Rows below the header that hold a required cell, or two cells of known columns, by spreadsheet number.

    The row that numbers the columns, the template's example, titles of groups, and totals, notes and
    signatures below are not data. A cell merged downwards holds for every row that it covers.
    """
    required = {index for index, column in header.columns.items() if column.required}
    known = header.columns.keys()
    covered = _covered(sheet, header)
    rows, ended = [], False
    for number, cells in enumerate(sheet.rows[header.row :], header.row + 1):
        filled = [index for index, cell in enumerate(cells) if cell != "" and cell is not None]
        if not filled:
            continue
        cell = cells[filled[0]]
        first = fold(cell) if type(cell) is str else "0"
        if not first and len(filled) == 1:
            continue
        if not ended and _END_OF_DATA.match(first):
            ended = True
        named = known & set(filled)
        wanted = required & named
        if number <= header.row + _NEAR_THE_TOP and any(
            type(cells[index]) is str and EXAMPLE_MARK in fold(cells[index]) for index in named
        ):
            continue
        if ended:
            is_data = len(wanted) >= _WHOLE
        elif number == header.row + 1 and _numbers_the_columns(cells, filled):
            is_data = False
        elif len(named) == 1:
            is_data = bool(wanted) and not _titles_a_group(cells, filled, *named)
        else:
            is_data = bool(named)
        if is_data:
            rows.append((number, _with_merged(cells, covered.get(number - 1)) if covered else cells))
    return rows


def _numbers_the_columns(cells: list, filled: list[int]) -> bool:
    words = [fold(shown(cells[index])) for index in filled]
    return len(words) >= _WHOLE and words == [str(number) for number in range(1, len(words) + 1)]


def _titles_a_group(cells: list, filled: list[int], index: int) -> bool:
    """One known cell is filled: "Lĩnh vực nông sản", "I | Tỉnh Long An" stand over the rows of a group."""
    numbered = len(filled) == 2 and re.fullmatch(r"[ivx]+|[a-h]", fold(shown(cells[filled[0]]))) is not None
    return numbered or (len(filled) == 1 and bool(_GROUP.match(fold(shown(cells[index])))))


def _covered(sheet: Sheet, header: Header) -> dict[int, dict[int, object]]:
    """row → column → value, for cells merged downwards below the header."""
    found: dict[int, dict[int, object]] = {}
    for top, left, bottom, _right in sheet.merged:
        if bottom > top >= header.row and top < len(sheet.rows) and left < len(sheet.rows[top]):
            for row in range(top + 1, min(bottom + 1, len(sheet.rows))):
                found.setdefault(row, {})[left] = sheet.rows[top][left]
    return found


def _with_merged(cells: list, covered: dict[int, object] | None) -> list:
    if not covered:
        return cells
    whole = [*cells, *[""] * (max(covered) + 1 - len(cells))]
    for index, value in covered.items():
        if whole[index] in ("", None):
            whole[index] = value
    return whole
