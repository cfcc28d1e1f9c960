"""One data row → its outcome: new, changed, unchanged, a duplicate, or rejected with every problem it has."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from cooperation.text import fold
from enterprises.importing import values
from enterprises.importing.columns import MONEY_FIELDS
from enterprises.importing.header import Header
from enterprises.importing.identity import Directory, same_enterprise
from enterprises.importing.values import ValueProblemError, shown
from enterprises.models import MOU, Enterprise, ImportRow

Outcome = ImportRow.Outcome
# Fields that go from the sheet to the memorandum as they are.
PLAIN_FIELDS = (
    "number", "signed_on", "signed_at", "event",
    "party_a_address", "party_a_representative", "party_a_phone",
    "party_b_address", "party_b_representative", "party_b_phone",
    "content", "products", "quantity", "value", "currency", "effective_on", "expires_on",
    "status", "realised_value", "result", "note",
)  # fmt: skip
RESOLVED_FIELDS = ("area", "party_a", "party_b")
_OTHER_SIDE = {"party_a": "party_b", "party_b": "party_a"}


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

    @property
    def faulty(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)


class RowBuilder:
    """Turns the rows of one sheet into outcomes, in order, remembering what earlier rows brought."""

    def __init__(self, header: Header, directory: Directory):
        self.header = header
        self.directory = directory
        self._numbers: dict[str, tuple[int, dict | None]] = {}
        self._identities: dict[tuple, tuple[int, dict]] = {}
        self._claimed: dict[int, int] = {}

    def build(self, number: int, cells: list) -> Row:
        row = Row(number, Outcome.REJECTED, cells=cells)
        found = self._parse(row)
        self._resolve(row, found)
        if row.faulty:
            self._remember_number(row, found, None)
        else:
            self._decide(row, found)
        return row

    def _problem(self, row: Row, field_name: str, code: str, message: str, severity: str = "error") -> None:
        index = self.header.index(field_name)
        value = shown(row.cells[index])[:200] if index is not None and index < len(row.cells) else ""
        row.problems.append(
            Problem(row.number, self.header.title(field_name), field_name, value, severity, code, message)
        )

    def _try(self, row: Row, field_name: str, resolve, *args):
        try:
            return resolve(*args)
        except ValueProblemError as problem:
            self._problem(row, field_name, problem.code, problem.message)
            return None

    def _parse(self, row: Row) -> dict:
        """Every cell by itself; a cell that is empty or faulty leaves nothing in the result."""
        found: dict = {}
        for index, column in self.header.columns.items():
            cell = row.cells[index] if index < len(row.cells) else None
            options = {"unit": self.header.units.get(index, 1)} if column.field in MONEY_FIELDS else {}
            before = len(row.problems)
            value = self._try(row, column.field, lambda c=column, v=cell, o=options: c.parse(v, **o))
            if value is not None:
                found[column.field] = value
            elif column.required and len(row.problems) == before:
                message = _("Cột “%s” không được để trống.") % column.header
                self._problem(row, column.field, "required", message)
        if not fold(found.get("number", "")):  # "-" and "…" number nothing
            found.pop("number", None)
        self._settle_currency(row, found)
        return found

    def _settle_currency(self, row: Row, found: dict) -> None:
        """One currency for the whole memorandum: the column's, or what stands beside an amount."""
        stated = found.get("currency")
        named = {stated} - {None}
        for name in MONEY_FIELDS:
            if name in found:
                amount, beside = found[name]
                found[name] = amount
                if beside:
                    found["currency"] = beside
                if amount:
                    named.add(beside or stated or "VND")
        if len(named) > 1:
            message = _("Một dòng chỉ dùng một đơn vị tiền, ở đây có %s: hãy ghi lại cho thống nhất.")
            self._problem(row, "currency", "invalid_choice", message % ", ".join(sorted(named)))

    def _resolve(self, row: Row, found: dict) -> None:
        """What needs the database or a second cell, as far as the row's cells could be read."""
        signed_on = found.get("signed_on")
        if "area" in found:
            typed = shown(row.cells[self.header.index("area")])
            found["area"] = self._try(row, "area", self.directory.area, found["area"], typed)
        if signed_on and "term" in found and "expires_on" not in found:
            ends = self._try(row, "term", values.term_end, found["term"], signed_on)
            if ends:
                found["expires_on"] = ends
        if signed_on and "expires_on" in found and found["expires_on"] < signed_on:
            column = "expires_on" if self.header.index("expires_on") is not None else "term"
            self._date_order(row, column, found["expires_on"], signed_on)
        for side in _OTHER_SIDE:
            self._resolve_party(row, found, side)
        parties = [found[side] for side in _OTHER_SIDE if isinstance(found.get(side), Enterprise)]
        if len(parties) == 2 and same_enterprise(*parties):
            self._problem(row, "party_b", "same_party", _("Bên A và bên B là cùng một doanh nghiệp."))

    def _resolve_party(self, row: Row, found: dict, side: str) -> None:
        province, named = None, found.get(f"{side}_province")
        if named:
            on = found.get("signed_on")
            province = self._try(row, f"{side}_province", self.directory.province, named, on)
        if side not in found:
            return
        tax_code = found.get(f"{side}_tax_code", "")
        named = found.pop(side)
        known = self._try(row, side, self.directory.enterprise, named, tax_code, province)
        if known is None:
            return
        found[side], near = known
        if tax_code and found[side].tax_code != tax_code:
            message = _("“%(name)s” đã có mà chưa ghi MST: nếu đúng, hãy bổ sung MST ở hồ sơ doanh nghiệp.")
            name = found[side].name
            self._problem(row, f"{side}_tax_code", "possible_duplicate", message % {"name": name}, "warning")
        if near:
            message = _("Tên gần giống “%(near)s” đã có: cùng một doanh nghiệp thì hãy ghi đúng tên ấy.")
            self._problem(row, side, "possible_duplicate", message % {"near": near}, "warning")

    def _date_order(self, row: Row, field_name: str, expires_on: date, signed_on: date) -> None:
        message = _("Ngày hết hạn %(end)s trước ngày ký %(signed)s: hãy sửa một trong hai ngày.")
        words = {"end": shown(expires_on), "signed": shown(signed_on)}
        self._problem(row, field_name, "date_order", message % words)

    def _remember_number(self, row: Row, found: dict, content: dict | None) -> bool:
        """False where an earlier row bears the number; the problem is then noted."""
        if "number" not in found:
            return True
        first, earlier = self._numbers.setdefault(fold(found["number"]), (row.number, content))
        return first == row.number or self._duplicate(row, first, earlier, content)

    def _duplicate(self, row: Row, first: int, earlier: dict | None, content: dict | None) -> bool:
        if earlier is not None and earlier == content:
            row.outcome = Outcome.DUPLICATE
            message = _("Trùng hoàn toàn với dòng %d: bỏ qua.") % first
            self._problem(row, "number", "duplicate_in_file", message, "warning")
        else:
            message = _("Dòng %d của tệp đã mang số (hoặc cùng hai bên, ngày, nội dung) này.") % first
            self._problem(row, "number", "duplicate_in_file", message)
        return False

    def _decide(self, row: Row, found: dict) -> None:
        typed = dict(found)
        if not self._remember_number(row, found, typed):
            return
        number, content = found.get("number"), found.get("content", "")
        party_a, party_b, signed_on = found["party_a"], found["party_b"], found["signed_on"]
        identity = (*sorted((id(party_a), id(party_b))), signed_on, fold(content))
        first, earlier = self._identities.setdefault(identity, (row.number, typed))
        if first != row.number and not (number and "number" in earlier):
            self._duplicate(row, first, earlier, typed)
            return
        stored = self.directory.mou(number, party_a, party_b, signed_on, content)
        if stored is not None and self._claimed.setdefault(stored.pk, row.number) != row.number:
            self._duplicate(row, self._claimed[stored.pk], None, typed)
            return
        if stored is None:
            row.mou = MOU(plan=self.directory.plan)
        else:
            row.mou = stored
            columns = MOU._meta.concrete_fields
            row.before = {column.attname: getattr(stored, column.attname) for column in columns}
        row.changes = self._apply(row.mou, found, is_new=stored is None)
        if row.mou.expires_on and row.mou.expires_on < signed_on:
            self._date_order(row, "signed_on", row.mou.expires_on, signed_on)
        elif not self.directory.may_create:
            message = _("Bạn không có quyền nhập bản ghi nhớ vào kế hoạch này.")
            self._problem(row, "number", "not_allowed", message)
        elif stored is not None and not self.directory.may_write(stored):
            # Before "unchanged": otherwise a guessed value would be confirmed to whoever may not see it.
            message = _("Bản ghi nhớ này thuộc cơ quan khác: bạn không sửa được.")
            self._problem(row, "number", "not_allowed", message)
        elif stored is not None and not row.changes:
            row.outcome = Outcome.UNCHANGED
        else:
            row.outcome = Outcome.CREATED if stored is None else Outcome.UPDATED
            for party in (party_a, party_b):
                self.directory.remember(party)

    def _apply(self, mou: MOU, found: dict, *, is_new: bool) -> dict[str, tuple[str, str]]:
        """Set what the sheet says; an empty cell erases nothing. Return field → (old, new) as text."""
        wanted = {name: found[name] for name in (*PLAIN_FIELDS, *RESOLVED_FIELDS) if name in found}
        if not is_new and (mou.party_a_id, mou.party_b_id) == (found["party_b"].pk, found["party_a"].pk):
            wanted = {_on_other_side(name): value for name, value in wanted.items()}
        if is_new or mou.activity_id is None:
            activity = self.directory.activity(found.get("event"))
            if activity is not None:
                wanted["activity"] = activity
        changes = {}
        for name, value in wanted.items():
            old = None if is_new else getattr(mou, name)
            if is_new or old != value:
                setattr(mou, name, value)
                changes[name] = ("" if old is None else as_text(old), as_text(value))
        return changes


def _on_other_side(name: str) -> str:
    side = name[: len("party_a")]
    return _OTHER_SIDE.get(side, side) + name[len(side) :]


def as_text(value) -> str:
    """Return the value as a batch stores it: numbers with a point, dates in ISO."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
