"""Sheet → what would happen to every row. Reads the database, writes nothing, holds no lock."""

import hashlib
import json
import time
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from cooperation.models import JointPlan
from cooperation.text import fold
from enterprises.importing import header as headers
from enterprises.importing import reader, values
from enterprises.importing.columns import BY_FIELD, MONEY_FIELDS
from enterprises.importing.identity import Directory
from enterprises.importing.values import ValueProblemError, shown
from enterprises.models import MOU, ImportRow
from enterprises.models.mou import identity_key

Outcome = ImportRow.Outcome
# Fields that go from the sheet to the memorandum as they are.
PLAIN_FIELDS = (
    "number", "signed_on", "signed_at", "event",
    "party_a_address", "party_a_representative", "party_a_phone",
    "party_b_address", "party_b_representative", "party_b_phone",
    "content", "products", "quantity", "value", "currency", "effective_on", "expires_on",
    "status", "realised_value", "result", "note",
)  # fmt: skip
_END_OF_DATA = ("tong cong", "noi nhan", "nguoi lap", "ghi chu")


@dataclass(frozen=True)
class Problem:
    row: int
    column: str
    field: str
    value: str
    severity: str
    code: str
    message: str


@dataclass
class Row:
    """One data row: its spreadsheet number, what becomes of it, and the record as it would be."""

    number: int
    outcome: str
    mou: MOU | None = None
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    cells: list = field(default_factory=list)
    before: dict = field(default_factory=dict)


@dataclass
class Preview:
    """What `commit` would do. `fingerprint` changes when anything that it would write changes."""

    plan: JointPlan
    file_name: str
    sha256: str
    sheet: reader.Sheet
    header: headers.Header
    rows: list[Row]
    seconds: float

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def problems(self) -> list[Problem]:
        return [problem for row in self.rows for problem in row.problems]

    @property
    def fingerprint(self) -> str:
        content = [[row.number, row.outcome, row.changes] for row in self.rows]
        return hashlib.sha256(json.dumps([self.sha256, self.plan.pk, content]).encode()).hexdigest()

    def report(self, *, committed: bool = False, batch: int | None = None) -> dict:
        """The report of the import contract."""
        return {
            "file": self.file_name,
            "sheet": self.sheet.name,
            "header_row": self.header.row,
            "columns": {
                self.header.titles[index]: column.field for index, column in self.header.columns.items()
            },
            "unmapped": list(self.header.unmapped),
            "rows": len(self.rows),
            "created": self.count(Outcome.CREATED),
            "updated": self.count(Outcome.UPDATED),
            "unchanged": self.count(Outcome.UNCHANGED),
            "duplicates": self.count(Outcome.DUPLICATE),
            "rejected": self.count(Outcome.REJECTED),
            "committed": committed,
            "batch": batch,
            "seconds": round(self.seconds, 3),
            "problems": [asdict(problem) for problem in self.problems],
        }


def build(path: Path, plan: JointPlan, *, user=None, sheet: str = "", file_name: str = "") -> Preview:
    """Return the preview of a file. `user` limits what may be written; None is the machine's operator.

    Raises UnusableFileError.
    """
    began = time.monotonic()
    path = Path(path)
    content = reader.read(path, sheet)
    header = headers.find(content)
    body = _data_rows(content, header)
    if not body:
        raise reader.UnusableFileError(
            _("Không có dòng dữ liệu nào dưới dòng tiêu đề (dòng %d).") % header.row
        )
    directory = Directory(plan, user)
    builder = _RowBuilder(header, directory)
    rows = [builder.build(number, cells) for number, cells in body]
    return Preview(
        plan=plan,
        file_name=file_name or path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        sheet=content,
        header=header,
        rows=rows,
        seconds=time.monotonic() - began,
    )


def _data_rows(sheet: reader.Sheet, header: headers.Header) -> list[tuple[int, list]]:
    """Rows below the header that hold a party, a date or an area; the signature block ends the table."""
    telling = [index for index, column in header.columns.items() if column.required]
    rows = []
    start = header.row - sheet.first_row + 1
    for offset, cells in enumerate(sheet.rows[start:], header.row + 1):
        words = [fold(shown(cell)) for cell in cells]
        first = next((word for word in words if word), "")
        if first.startswith(_END_OF_DATA) and sum(bool(words[index]) for index in telling) < 2:
            break
        if all(word.isdigit() for word in words if word) and len(set(filter(None, words))) == len(cells):
            continue
        if any(words[index] for index in telling if index < len(words)):
            rows.append((offset, cells))
    return rows


class _RowBuilder:
    """Turns the rows of one sheet into outcomes, in order, remembering what earlier rows brought."""

    def __init__(self, header: headers.Header, directory: Directory):
        self.header = header
        self.directory = directory
        self.seen: dict[object, tuple[int, dict]] = {}

    def build(self, number: int, cells: list) -> Row:
        row = Row(number, Outcome.REJECTED, cells=cells)
        found = self._parse(row)
        if any(problem.severity == "error" for problem in row.problems):
            return row
        self._resolve(row, found)
        if any(problem.severity == "error" for problem in row.problems):
            return row
        self._decide(row, found)
        return row

    def _problem(self, row: Row, field_name: str, code: str, message: str, severity: str = "error") -> None:
        index = self.header.index(field_name)
        value = shown(row.cells[index])[:200] if index is not None and index < len(row.cells) else ""
        row.problems.append(
            Problem(row.number, self.header.title(field_name), field_name, value, severity, code, message)
        )

    def _parse(self, row: Row) -> dict:
        """Every cell by itself: all problems of the row in one pass."""
        found: dict = {}
        for index, column in self.header.columns.items():
            cell = row.cells[index] if index < len(row.cells) else None
            try:
                if column.field in MONEY_FIELDS:
                    value = column.parse(cell, unit=self.header.units.get(index, 1))
                else:
                    value = column.parse(cell)
            except ValueProblemError as problem:
                self._problem(row, column.field, problem.code, problem.message)
                continue
            if value is not None:
                found[column.field] = value
            elif column.required:
                self._problem(
                    row, column.field, "required", _("Cột “%s” không được để trống.") % column.header
                )
        for name in MONEY_FIELDS:
            if name in found:
                found[name], currency = found[name]
                if currency and name == "value":
                    found.setdefault("currency", currency)
        return found

    def _resolve(self, row: Row, found: dict) -> None:
        """What needs the database or a second cell: area, term, provinces, parties, order of dates."""
        signed_on = found["signed_on"]
        typed = shown(row.cells[self.header.index("area")])
        self._try(row, found, "area", lambda: self.directory.area(found["area"], typed))
        if "term" in found and "expires_on" not in found:
            self._try(row, found, "term", lambda: values.term_end(found["term"], signed_on))
            if isinstance(found.get("term"), date):
                found["expires_on"] = found["term"]
        if found.get("expires_on") and found["expires_on"] < signed_on:
            self._problem(row, "expires_on", "date_order", _("Ngày hết hạn không được trước ngày ký."))
        for side in ("party_a", "party_b"):
            province = None
            if f"{side}_province" in found:
                name = found[f"{side}_province"]
                province = self._try(
                    row, found, f"{side}_province", lambda name=name: self.directory.province(name, signed_on)
                )
                if province is None:
                    continue
            enterprise, near = self.directory.enterprise(found[side], found.get(f"{side}_tax_code"), province)
            found[side] = enterprise
            if near:
                message = _("Tên gần giống “%(near)s” đã có: cùng một doanh nghiệp thì hãy ghi đúng tên ấy.")
                self._problem(row, side, "possible_duplicate", message % {"near": near}, "warning")
        parties = (found["party_a"], found["party_b"])
        if parties[0] is parties[1] or getattr(parties[0], "name_key", 0) == getattr(
            parties[1], "name_key", 1
        ):
            self._problem(row, "party_b", "same_party", _("Bên A và bên B là cùng một doanh nghiệp."))

    def _try(self, row: Row, found: dict, field_name: str, resolve):
        try:
            found[field_name] = resolve()
        except ValueProblemError as problem:
            self._problem(row, field_name, problem.code, problem.message)
            return None
        return found[field_name]

    def _decide(self, row: Row, found: dict) -> None:
        number, content = found.get("number"), found.get("content", "")
        party_a, party_b = found["party_a"], found["party_b"]
        key = (
            fold(number)
            if number
            else (*sorted((id(party_a), id(party_b))), found["signed_on"], fold(content))
        )
        if key in self.seen:
            first, earlier = self.seen[key]
            if earlier == found:
                row.outcome = Outcome.DUPLICATE
                message = _("Trùng hoàn toàn với dòng %d: bỏ qua.") % first
                self._problem(row, "number", "duplicate_in_file", message, "warning")
            else:
                message = _("Dòng %d của tệp đã mang số (hoặc cùng hai bên, ngày, nội dung) này.") % first
                self._problem(row, "number", "duplicate_in_file", message)
            return
        self.seen[key] = (row.number, found)
        stored = self.directory.mou(number, party_a, party_b, found["signed_on"], content)
        row.mou = stored or MOU(plan=self.directory.plan)
        if stored is not None:
            row.before = {
                column.attname: getattr(stored, column.attname) for column in MOU._meta.concrete_fields
            }
        row.changes = self._apply(row.mou, found, is_new=stored is None)
        if stored is None:
            row.outcome = Outcome.CREATED
        elif not row.changes:
            row.outcome = Outcome.UNCHANGED
        elif self.directory.may_write(stored):
            row.outcome = Outcome.UPDATED
        else:
            message = _("Bản ghi nhớ này thuộc cơ quan khác: bạn không sửa được.")
            self._problem(row, "number", "not_allowed", message)

    def _apply(self, mou: MOU, found: dict, *, is_new: bool) -> dict[str, tuple[str, str]]:
        """Set what the sheet says; an empty cell erases nothing. Return field → (old, new) as text."""
        wanted = {name: found[name] for name in PLAIN_FIELDS if name in found}
        wanted["area"] = found["area"]
        swapped = not is_new and {mou.party_a_id, mou.party_b_id} == {
            found["party_a"].pk,
            found["party_b"].pk,
        }
        if not swapped:
            wanted |= {"party_a": found["party_a"], "party_b": found["party_b"]}
        if is_new or mou.activity_id is None:
            activity = self.directory.activity(found.get("event"))
            if activity is not None:
                wanted["activity"] = activity
        changes = {}
        for name, value in wanted.items():
            old = None if is_new else getattr(mou, name)
            if is_new or old != value:
                setattr(mou, name, value)
                changes[name] = ("" if old is None else _as_text(old), _as_text(value))
        if not is_new:
            self._keep_identity_free(mou)
        return changes

    def _keep_identity_free(self, mou: MOU) -> None:
        """Later rows must find the memorandum by what it says now."""
        if mou.party_a_id and mou.party_b_id:
            key = identity_key(mou.party_a_id, mou.party_b_id, mou.signed_on, mou.content)
            self.directory.mous_by_identity.setdefault(key, mou)


def _as_text(value) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def label(field_name: str) -> str:
    """The canonical header of a field, for old → new."""
    return (
        BY_FIELD[field_name].header
        if field_name in BY_FIELD
        else str(MOU._meta.get_field(field_name).verbose_name)
    )
