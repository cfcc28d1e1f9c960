"""What a kind of sheet is made of: one `Column` a field. The tables stand with their models' importers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cooperation.importing import values

# What the template's example row says, folded: a row that still says so is no data.
EXAMPLE_MARK = "xoa dong nay"
# Columns that lists have and nobody keeps; "Lỗi" is our own, in a sheet that comes back corrected.
IGNORED_HEADERS = ("STT", "TT", "Số TT", "Số thứ tự", "Lỗi")
# What a column of free text takes: all that the portal's own forms store, and less than the 32,767 characters
# at which a cell of Excel cuts a text, so that a cut one is refused and never read as the whole.
LONG = 32_000


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    `parse` turns a cell into a value or raises values.ValueProblemError. `variants` are other headers that
    mean it; `under` are what stands below the name of its `side` in a two-row header ("Bên A" over "MST").
    `source` is the path from the record to what an export writes ("party_a.tax_code"); `shown` turns that
    into what the cell says; a column with `exported` False is never exported. `instead` is the field of
    a column that may say it too: the pair of parties in one cell.
    """

    field: str
    header: str
    parse: Callable
    required: bool = False
    variants: tuple[str, ...] = ()
    side: str = ""
    under: tuple[str, ...] = ()
    is_money: bool = False
    choices: tuple[str, ...] = ()
    example: object = None
    source: str = ""
    shown: Callable | None = None
    exported: bool = True
    instead: str = ""

    @property
    def path(self) -> str:
        return self.source or self.field


def text(length: int | None = None, *, lines: bool = False) -> Callable:
    """The parser of a text column."""
    return partial(values.text, max_length=length, lines=lines)
