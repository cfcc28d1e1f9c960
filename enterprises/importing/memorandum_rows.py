"""Rows of an MOU sheet: which stored memorandum each is, what must hold, what is written."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from cooperation.importing.rows import NewRecord, Row
from cooperation.importing.stored import chunks, stored_rows
from cooperation.permissions import CHANGE
from cooperation.text import fold, search_text, sort_key
from enterprises.importing.directory import Party
from enterprises.importing.memorandum_cells import OTHER_SIDE, SIDES, MemorandumCells
from enterprises.models import MOU, Enterprise
from enterprises.models.mou import content_key, identity_key
from programs.models import Activity

# Fields that go from the sheet to the memorandum as they are.
PLAIN_FIELDS = (
    "number", "signed_on", "signed_at", "event",
    "party_a_address", "party_a_representative", "party_a_phone",
    "party_b_address", "party_b_representative", "party_b_phone",
    "content", "products", "quantity", "value", "currency", "effective_on", "expires_on",
    "status", "realised_value", "result", "note",
)  # fmt: skip


class MemorandumRows(MemorandumCells):
    def __init__(self, *args):
        super().__init__(*args)
        self._activities = defaultdict(list)
        for pk, title in Activity.objects.filter(area__plan=self.plan).values_list("pk", "title"):
            self._activities[fold(title)].append(pk)
        self._by_number: dict[str, dict] = {}
        self._by_identity: dict[str, dict] = {}
        self._new_records: dict[int, NewRecord] = {}
        self._final_names: dict[int, tuple[str, str]] = {}
        self._writable: set[int] | None = None

    def identify(self, row):
        return [("number", fold(row.found["number"]))] if "number" in row.found else []

    def load(self, rows):
        numbers = {row.found["number"] for row in rows if "number" in row.found}
        for stored in stored_rows(MOU, {"plan_id": self.plan.pk}, "number", numbers):
            self._by_number.setdefault(fold(stored["number"]), stored)
        for stored in self._same({self._identity(row): row.found.get("number", "") for row in rows}):
            self._by_identity.setdefault(stored["identity_key"], stored)
        if self.user is not None:
            own = MOU.objects.for_user(self.user, CHANGE).filter(plan=self.plan)
            self._writable = set(own.order_by().values_list("pk", flat=True))

    def _same(self, numbers: dict[str, str]) -> Iterator[dict]:
        """Stored memoranda of those identity keys (→ number), where a number does not tell them apart."""
        plan = {"plan_id": self.plan.pk}
        yield from stored_rows(
            MOU, plan, "identity_key", [key for key, number in numbers.items() if not number]
        )
        numbered = [key for key, number in numbers.items() if number]
        if numbered and MOU.objects.filter(**plan, number="").exists():
            yield from stored_rows(MOU, {**plan, "number": ""}, "identity_key", numbered)

    def _identity(self, row: Row) -> str:
        """The identity key, where both parties are stored."""
        a, b = row.found["party_a"].pk, row.found["party_b"].pk
        if a is None or b is None:
            return ""
        return identity_key(a, b, row.found["signed_on"], row.found.get("content", ""))

    def _first(self, row):
        """Two numbers tell two memoranda apart; a number and none do not."""
        if not super()._first(row):
            return False
        found = row.found
        pair = sorted((id(found["party_a"]), id(found["party_b"])))
        key = (*pair, found["signed_on"], content_key(found.get("content", "")))
        first, earlier = self._seen.setdefault(key, (row.number, found))
        if first != row.number and not ("number" in found and "number" in earlier):
            self._repeated(row, first, earlier)
            return False
        return True

    def stored(self, row):
        number = row.found.get("number")
        if number and (found := self._by_number.get(fold(number))):
            return found
        found = self._by_identity.get(self._identity(row))
        return None if found is not None and number and found["number"] else found

    def wanted(self, row, stored):
        found = row.found
        wanted = {name: found[name] for name in PLAIN_FIELDS if name in found}
        wanted["area_id"] = found["area"].pk
        if stored is None:
            wanted["plan_id"] = self.plan.pk
        for side in SIDES:
            wanted[f"{side}_id"] = self._reference(found[side])
        if stored is not None and (stored["party_a_id"], stored["party_b_id"]) == (
            found["party_b"].pk,
            found["party_a"].pk,
        ):
            wanted = {_on_other_side(name): value for name, value in wanted.items()}
        # An event that stays as it is has been looked at: who left it without a link, or cut it, is right.
        known = fold(stored["event"]) if stored is not None else ""
        if "event" in found and fold(found["event"]) != known and not (stored and stored["activity_id"]):
            activities = self._activities.get(fold(found["event"]), [])
            if len(activities) == 1:
                wanted["activity_id"] = activities[0]
        return wanted

    def _reference(self, party: Party) -> int | NewRecord:
        return party.pk if party.pk else self._record(party)

    def _record(self, party: Party) -> NewRecord:
        """The further record that writing this party makes or changes; one for all its rows."""
        if id(party) not in self._new_records:
            if party.pk is None:
                wanted = {
                    "name": party.name,
                    "tax_code": party.tax_code,
                    "personal_number": party.personal_number,
                    "province_id": party.province_id,
                    "other_names": "\n".join(party.added),
                    "published": not party.personal_number,
                    "is_demonstration": self.plan.is_demonstration,
                }
                record = NewRecord(Enterprise, wanted)
            else:
                names = "\n".join(filter(None, (party.other_names, *dict.fromkeys(party.added))))
                before = {"other_names": party.other_names}
                record = NewRecord(Enterprise, {"other_names": names}, before, party.pk, is_new=False)
            self._new_records[id(party)] = record
        return self._new_records[id(party)]

    def judge(self, row, merged):
        expires_on, signed_on = merged.get("expires_on"), merged["signed_on"]
        if expires_on and expires_on < signed_on and not row.faulty:
            self._date_order(row, "signed_on", expires_on, signed_on)

    def may_write(self, stored):
        if stored is not None and self._writable is not None and stored["id"] not in self._writable:
            return _("Bản ghi nhớ này thuộc cơ quan khác: bạn không sửa được.")
        return ""

    def title(self, row, merged):
        names = []
        for side in SIDES:
            reference = merged[f"{side}_id"]
            party = self.companies.by_pk.get(reference)
            names.append(
                party.name if party else reference.values["name"] if isinstance(reference, NewRecord) else ""
            )
        parties = " – ".join(names)
        return f"{merged['number']}: {parties}" if merged.get("number") else parties

    def accept(self, row):
        for side in SIDES:
            party = row.found[side]
            if party.pk is None or party.added:
                row.related.append(self._record(party))

    # What the pages show and the writer needs.

    @property
    def questions(self):
        return list(self.companies.questions.values())

    def readable(self, name: str, value) -> str:
        """A value as the clerk reads it."""
        if name in ("party_a_id", "party_b_id"):
            party = self.companies.by_pk.get(value)
            return party.name if party else value.values["name"] if isinstance(value, NewRecord) else ""
        if name == "area_id":
            return self.areas.label_of(value)
        if name == "status":
            return str(MOU.Status(value).label)
        return super().readable(name, value)

    def finish(self, values):
        """As `MOU.prepare` and `Enterprise.prepare` do, without a model's instance for every row."""
        parties = [self._name_of(values[f"{side}_id"]) for side in SIDES]
        title = f"{parties[0][0]} – {parties[1][0]}"
        rest = [others for _name, others in parties if others]
        rest += filter(None, (values["event"], values["content"], values["products"]))
        values["search_text"] = search_text(title, values["number"] or "", *rest)
        values["sort_key"] = sort_key(title)
        values["identity_key"] = identity_key(
            values["party_a_id"], values["party_b_id"], values["signed_on"], values["content"]
        )

    def clashes(self, records):
        """True where somebody else has brought one of them since, or has merged one of the parties.

        Two numbers tell two memoranda of the same pair, day and content apart, nothing else does.
        """
        parties = {record[f"{side}_id"] for record in records for side in SIDES}
        for chunk in chunks(parties):
            locked = Enterprise.objects.filter(pk__in=chunk).order_by("pk").select_for_update()
            if any(kept for _pk, kept in locked.values_list("pk", "merged_into")):
                return True
        numbers = {record["identity_key"]: record["number"] for record in records}
        return any(True for _stored in self._same(numbers))

    def _name_of(self, pk: int) -> tuple[str, str]:
        """Name and other names of a party, as they will be."""
        if pk in self._final_names:
            return self._final_names[pk]
        party = self.companies.by_pk[pk]
        return party.name, party.other_names

    def settled(self, record: NewRecord) -> None:
        self._final_names[record.pk] = (
            record.values.get("name") or self.companies.by_pk[record.pk].name,
            record.values["other_names"],
        )


def _on_other_side(name: str) -> str:
    side = name[: len("party_a")]
    return OTHER_SIDE.get(side, side) + name[len(side) :]
