"""Finds the header of a sheet, one row or two, and says which column is which field."""

import re
from dataclasses import dataclass, field

from cooperation.importing import values
from cooperation.importing.columns import IGNORED_HEADERS, Column
from cooperation.importing.kinds import Kind, Side
from cooperation.importing.reader import Sheet
from cooperation.text import clean, fold

SEARCHED_ROWS = 30
# A row is taken for the header when it names this many known columns.
ENOUGH = 3
_DEPTHS = (1, 2)


@dataclass
class Header:
    """`row` is the last spreadsheet row of the header, `top` the first; keys are the indexes of columns.

    `paired` is the number of columns that both rows of a two-row header name together.
    `defaults` holds what a header says of every row: field → (value, the header that says so).
    """

    row: int
    top: int
    columns: dict[int, Column] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    units: dict[int, int] = field(default_factory=dict)
    currencies: dict[int, str] = field(default_factory=dict)
    unmapped: dict[int, str] = field(default_factory=dict)
    defaults: dict[str, tuple[str, str]] = field(default_factory=dict)
    paired: int = 0

    def index(self, name: str) -> int | None:
        return next((index for index, column in self.columns.items() if column.field == name), None)

    def missing(self, kind: Kind) -> list[Column]:
        """Required columns that the sheet does not have, nor one that may stand for them."""
        found = {column.field for column in self.columns.values()}
        return [
            column
            for column in kind.columns
            if column.required and not found & {column.field, column.instead}
        ]


class Finder:
    """Knows the headers of one kind of sheet, and what a clerk has mapped by hand.

    `mapping` is folded header → field ("" is a column to leave out); `places` are folded names of provinces.
    """

    def __init__(self, kind: Kind, mapping: dict[str, str], places: frozenset[str]):
        self.kind = kind
        self._mapping = mapping
        self._places = places
        self._known = {fold(name): column for column in kind.columns for name in _names(column)}
        self._under = {
            (column.side, fold(name)): column
            for column in kind.columns
            for name in column.under
            if column.side
        }
        self._sides = {fold(name): side for side in kind.sides for name in side.names}
        self._ignored = {fold(name) for name in (*IGNORED_HEADERS, *kind.ignored)}
        words = "|".join(kind.by_place)
        self._by_place = re.compile(rf"(?:{words})(?: tinh)? (.+)\Z") if words else None

    def find(self, sheet: Sheet) -> Header | None:
        """The row, or pair of rows, of the first 30 that names most columns; None where none names three."""
        searched = min(SEARCHED_ROWS, len(sheet.rows))
        headers = [
            self._read(sheet, position, depth)
            for position in range(searched)
            for depth in _DEPTHS
            if position + depth <= searched
        ]
        return max((header for header in headers if len(header.columns) >= ENOUGH), key=_score, default=None)

    def _read(self, sheet: Sheet, position: int, depth: int) -> Header:
        header = Header(row=position + depth, top=position + 1)
        places: dict[str, Side] = {}
        side: Side | None = None
        for index, (top, sub) in enumerate(_titles(sheet, position, depth)):
            title = " – ".join(filter(None, (top, sub)))
            if not title:
                continue
            own_side, place = self._side(top, places)
            if own_side is not None:
                side = own_side
                if place:
                    header.defaults.setdefault(f"{own_side.name}_province", (place, top))
            column, paired = self._column(top, sub, side, own_side)
            if column == "":
                continue
            if column is not None:  # what stands right of a party is the party's
                side = next((one for one in self.kind.sides if one.name == column.side), None)
            if column is None or column in header.columns.values():
                header.unmapped[index] = title
                continue
            header.columns[index] = column
            header.titles[index] = title
            header.paired += paired
            if column.is_money:
                if unit := values.column_unit(title):
                    header.units[index] = unit
                if currency := values.column_currency(title):
                    header.currencies[index] = currency
        for name in [name for name in header.defaults if header.index(name) is not None]:
            del header.defaults[name]  # the rows say it themselves
        self._sheet_unit(sheet, header)
        return header

    def _side(self, top: str, places: dict[str, Side]) -> tuple[Side | None, str]:
        """The side that a header names, and its province where it names the side by that."""
        folded = fold(top)
        if side := self._sides.get(folded):
            return side, ""
        match = self._by_place.match(folded) if self._by_place else None
        if not match or match[1] not in self._places:
            return None, ""
        if match[1] not in places and len(places) < len(self.kind.sides):
            places[match[1]] = self.kind.sides[len(places)]
        side = places.get(match[1])
        return side, " ".join(clean(top).split()[-len(match[1].split()) :]) if side else ""

    def _column(
        self, top: str, sub: str, side: Side | None, own_side: Side | None
    ) -> tuple[Column | str | None, bool]:
        """The column of a title; "" for one that is left out, None for one that nobody knows.

        True with it where it takes both rows to name the column.
        """
        two = bool(top and sub)
        whole = fold(f"{top} {sub}")
        if whole in self._mapping:
            named = self._mapping[whole]
            return (self.kind.by_field.get(named) if named else ""), two
        if own_side is not None:
            return self._under.get((own_side.name, fold(values.bare_title(sub)) if sub else "")), two
        for title in (f"{top} {sub}", f"{sub} {top}", sub) if two else (top or sub,):
            for folded in (fold(title), fold(values.bare_title(title))):
                if folded in self._ignored:
                    return "", False
                if column := self._known.get(folded):
                    return column, two and title != sub
        if side is not None and not two:
            return self._under.get((side.name, fold(top or sub))), False
        return None, False

    def _sheet_unit(self, sheet: Sheet, header: Header) -> None:
        """ "ĐVT: triệu đồng" above the table holds for the money columns that name no unit of their own."""
        for row in sheet.rows[: header.top - 1]:
            for cell in row:
                if not isinstance(cell, str) or not fold(cell).startswith(("dvt", "don vi")):
                    continue
                unit, currency = values.column_unit(cell), values.column_currency(cell)
                for index, column in header.columns.items():
                    if column.is_money and index not in header.units and index not in header.currencies:
                        if unit:
                            header.units[index] = unit
                        if currency:
                            header.currencies[index] = currency


def _score(header: Header) -> tuple[int, ...]:
    """The higher, the likelier: a second row counts where it names more, or more exactly."""
    units = len(header.units) + len(header.currencies)
    return len(header.columns), units, header.paired, -len(header.unmapped), header.top - header.row


def _names(column: Column) -> tuple[str, ...]:
    return (column.header, *column.variants)


def _titles(sheet: Sheet, position: int, depth: int) -> list[tuple[str, str]]:
    """(upper, lower) title of every column; merged cells hold for all that they cover."""
    anchors = {
        (row, column): (top, left)
        for top, left, bottom, right in sheet.merged
        if top <= position + 1 and bottom >= position
        for row in range(max(top, position), min(bottom, position + 1) + 1)
        for column in range(left, right + 1)
    }
    width = max(len(row) for row in sheet.rows[position : position + depth])

    def text(row: int, column: int) -> str:
        cells = sheet.rows[row]
        return clean(values.shown(cells[column])) if column < len(cells) else ""

    if depth == 1:
        return [(text(*_upwards(anchors, position, column)), "") for column in range(width)]
    found, carried = [], ""
    for column in range(width):
        top_anchor = anchors.get((position, column), (position, column))
        sub_anchor = anchors.get((position + 1, column), (position + 1, column))
        top = text(*top_anchor)
        sub = "" if sub_anchor == top_anchor else text(*sub_anchor)
        # Formats that do not tell what is merged leave the cells after the first one empty.
        if not top and sub and top_anchor == (position, column) and not sheet.merged:
            top = carried
        carried = top or ("" if not sub else carried)
        found.append((top, sub))
    return found


def _upwards(anchors: dict, position: int, column: int) -> tuple[int, int]:
    """The cell that a header cell shows: merged from above it counts, merged from the left it is empty."""
    row, left = anchors.get((position, column), (position, column))
    return (row, left) if left == column else (position, column)
