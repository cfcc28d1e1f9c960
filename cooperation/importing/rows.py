"""One data row → its outcome: new, changed, unchanged, a duplicate, or rejected with every problem it has.

`RowBuilder` is what all kinds share; a kind's own builder says what a row means (`resolve`), which stored
record it is (`identify`, `load`), and what must hold between its values (`judge`).
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from cooperation.importing.header import Header
from cooperation.importing.kinds import Kind, importable_plans
from cooperation.importing.values import ValueProblemError, shown
from cooperation.models import ImportRow, JointPlan

Outcome = ImportRow.Outcome
_NO_VALUE = (None, "")


@dataclass(frozen=True, slots=True)
class Problem:
    row: int
    column: str
    field: str
    value: str
    severity: str
    code: str
    message: str


@dataclass(slots=True, eq=False)
class NewRecord:
    """A further record that a row brings (an enterprise), or changes where `pk` is known from the start."""

    model: type
    values: dict
    before: dict = field(default_factory=dict)
    pk: int | None = None
    is_new: bool = True


@dataclass(slots=True)
class Row:
    """One data row: its spreadsheet number, what becomes of it, and the record as it would be.

    `found` is what its cells say; `values` what would be written (attname → value, a NewRecord where the
    record is new too); `before` the stored record's values; `changes` field → (old, new) as text.
    """

    number: int
    outcome: str = Outcome.REJECTED
    found: dict = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    pk: int | None = None
    before: dict | None = None
    values: dict = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    title: str = ""
    related: list[NewRecord] = field(default_factory=list)

    @property
    def faulty(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def digest(self) -> str:
        """Changes when anything that the row would write changes."""
        written = [
            (
                name,
                (value.pk, sorted(value.values.items(), key=str)) if isinstance(value, NewRecord) else value,
            )
            for name, value in self.values.items()
        ]
        said = repr((self.outcome, self.pk, self.changes, written))
        return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


class RowBuilder:
    """Turns the rows of one sheet into outcomes, in order, remembering what earlier rows brought."""

    def __init__(self, kind: Kind, header: Header, plan: JointPlan, user, options: dict):
        self.kind = kind
        self.header = header
        self.plan = plan
        self.user = user
        self.options = options
        plans = JointPlan.objects.filter(pk=plan.pk)
        self.may_import = user is None or importable_plans(kind, user, plans).exists()
        self._columns = []
        for index, column in header.columns.items():
            parse = column.parse
            if column.is_money:
                parse = partial(parse, unit=header.units.get(index, 1))
            self._columns.append((index, column.field, column, parse))
        self._index = {name: index for index, name, _column, _parse in self._columns}
        self._titles = {name: header.titles[index] for index, name, _column, _parse in self._columns}
        self._seen: dict[object, tuple[int, dict]] = {}
        self._claimed: dict[int, int] = {}

    # What a kind says.

    def resolve(self, row: Row) -> None:
        """Replace in `row.found` what needs look-ups or a second cell; note problems."""

    def identify(self, row: Row) -> list:
        """The keys that make two rows, or a row and a stored record, the same; the strongest first."""
        raise NotImplementedError

    def load(self, rows: list[Row]) -> None:
        """Fetch the stored records that any of `rows` may be, in chunks."""

    def stored(self, row: Row) -> dict | None:
        """The stored record that the row speaks of: attname → value, `id` included."""
        raise NotImplementedError

    def wanted(self, row: Row, stored: dict | None) -> dict:
        """attname → value that the sheet asks for; an empty cell asks for nothing."""
        raise NotImplementedError

    def judge(self, row: Row, merged: dict) -> None:
        """Note what is wrong with the record as it would be."""

    @property
    def _foreign_plan(self) -> str:
        return _("Bạn không có quyền nhập vào kế hoạch này.")

    def may_write(self, stored: dict | None) -> str:
        """Empty, or the sentence why the user may not create it (None) or change it."""
        return ""

    def title(self, row: Row, merged: dict) -> str:
        raise NotImplementedError

    def accept(self, row: Row) -> None:
        """The row will be written: list the further records it brings in `row.related`."""

    def finish(self, values: dict) -> None:
        """Fill the derived columns of a whole record, once the keys of all further records are known."""

    def clashes(self, records: list[dict]) -> bool:
        """True where one of the new, finished records has been stored by somebody else since `load`."""
        return False

    def settled(self, record: NewRecord) -> None:
        """A further record has been stored, and has its key."""

    def readable(self, name: str, value) -> str:
        """A value as the clerk reads it."""
        if isinstance(value, Decimal):
            return f"{value.normalize():,f}".translate(str.maketrans(",.", ".,"))
        return shown(value)

    @property
    def questions(self) -> list:
        """What the clerk is asked to decide."""
        return []

    # What all kinds share.

    def build(self, body: list[tuple[int, list]]) -> list[Row]:
        rows = [self._parse(number, cells) for number, cells in body]
        self.load([row for row in rows if not row.faulty])
        for row in rows:
            if not row.faulty:
                self._decide(row)
        return rows

    def problem(self, row: Row, name: str, code: str, message: str, severity: str = "error", cell="") -> None:
        title = self._titles.get(name) or self.kind.label(name)
        value = shown(cell)[:200]
        row.problems.append(Problem(row.number, title, name, value, severity, code, message))

    def attempt(self, row: Row, name: str, look_up, *args, cell=""):
        """The result of a look-up, or None and its problem noted."""
        try:
            return look_up(*args)
        except ValueProblemError as problem:
            self.problem(row, name, problem.code, problem.message, cell=cell)
            return None

    def _parse(self, number: int, cells: list) -> Row:
        """Every cell by itself; a cell that is empty or faulty leaves nothing in `found`."""
        row = Row(number)
        found = row.found
        self.cells = cells
        width = len(cells)
        for index, name, column, parse in self._columns:
            cell = cells[index] if index < width else ""
            value = None
            if cell != "" and cell is not None:
                try:
                    value = parse(cell)
                except ValueProblemError as problem:
                    self.problem(row, name, problem.code, problem.message, cell=cell)
                    continue
            if value is not None:
                found[name] = value
            elif column.required and not shown(self.cell(column.instead)):
                message = _("Cột “%s” không được để trống.") % column.header
                self.problem(row, name, "required", message)
        for name, (value, _title) in self.header.defaults.items():
            found.setdefault(name, value)
        self.resolve(row)
        for key in self.identify(row) if row.faulty else ():
            self._seen.setdefault(key, (row.number, {}))
        return row

    def cell(self, name: str):
        """The cell of the row that is being parsed."""
        index = self._index.get(name)
        return self.cells[index] if index is not None and index < len(self.cells) else ""

    def _decide(self, row: Row) -> None:
        if not self._first(row):
            return
        stored = self.stored(row)
        if stored is not None:
            first = self._claimed.setdefault(stored["id"], row.number)
            if first != row.number:
                self._repeated(row, first, {})
                return
            row.pk, row.before = stored["id"], stored
        # Before all else: what is said of it would tell whoever may not see it what is stored.
        refusal = self.may_write(stored) if self.may_import else self._foreign_plan
        if refusal:
            self.problem(row, self.kind.columns[0].field, "not_allowed", refusal)
            row.pk = row.before = None
            return
        wanted = self.wanted(row, stored)
        if stored is None:
            row.values = {name: value for name, value in wanted.items() if value not in _NO_VALUE}
            merged = row.values
        else:
            row.values = {name: value for name, value in wanted.items() if stored[name] != value}
            merged = {**stored, **row.values} if row.values else stored
            row.changes = {
                name: (self.readable(name, stored[name]), self.readable(name, value))
                for name, value in row.values.items()
            }
        row.title = self.title(row, merged)[:300]
        self.judge(row, merged)
        if row.faulty:
            row.values, row.changes, row.pk = {}, {}, None
            return
        self.accept(row)
        if stored is not None and not row.changes and not row.related:
            row.outcome = Outcome.UNCHANGED
        else:
            row.outcome = Outcome.CREATED if stored is None else Outcome.UPDATED

    def _first(self, row: Row) -> bool:
        """False where an earlier row is the same record; the problem is then noted."""
        for key in self.identify(row):
            first, earlier = self._seen.setdefault(key, (row.number, row.found))
            if first != row.number:
                self._repeated(row, first, earlier)
                return False
        return True

    def _repeated(self, row: Row, first: int, earlier: dict) -> None:
        name = self.kind.columns[0].field
        if earlier == row.found:
            row.outcome = Outcome.DUPLICATE
            message = _("Trùng hoàn toàn với dòng %d: bỏ qua.") % first
            self.problem(row, name, "duplicate_in_file", message, "warning")
        else:
            message = (
                _("Dòng %d của tệp đã ghi bản này: mỗi bản chỉ một dòng, hãy bỏ bớt hoặc sửa lại.") % first
            )
            self.problem(row, name, "duplicate_in_file", message)


def as_text(value) -> str:
    """Return the value as a batch stores it: numbers with a point, dates in ISO, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
