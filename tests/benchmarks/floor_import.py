"""A hand-made import with nothing but the memoranda: no history, no batch, no undo, no sentences.

What any import through the ORM costs at least; it stores the same memoranda as ours.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from python_calamine import CalamineWorkbook

from cooperation.models import JointPlan, Province
from cooperation.text import fold, search_text, sort_key
from enterprises.models import MOU, Enterprise
from enterprises.models.mou import identity_key
from enterprises.tax_codes import check_digit_holds
from tests.benchmarks.import_workbooks import HEADERS, STATUSES

_TEXTS = {"number": 60, "signed_at": 200, "event": 300, "content": 5_000, "products": 300, "quantity": 120}
_SIDES = ("party_a", "party_b")


class _Sheet:
    """One pass: good rows as keyword arguments of MOU, and (row, column) of every fault."""

    def __init__(self, path: Path):
        self.plan = JointPlan.objects.get()
        self.areas = dict(self.plan.areas.values_list("number", "pk"))
        self.provinces: dict[str, list[Province]] = {}
        for province in Province.objects.all():
            self.provinces.setdefault(fold(province.name), []).append(province)
        self.parties = {party.tax_code: party for party in Enterprise.objects.exclude(tax_code="")}
        self.new: dict[str, Enterprise] = {}
        self.good: list[dict] = []
        self.faults: list[tuple[int, str]] = []
        lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()
        at = {header: place for place, header in enumerate(next(lines))}
        places = {name: at[header] for name, header in HEADERS.items()}
        numbers = set()
        for row, cells in enumerate(lines, 2):
            found, wrong = self._row({name: cells[place] for name, place in places.items()})
            if found["number"] in numbers:
                wrong.append("number")
            numbers.add(found["number"])
            self.faults += [(row, name) for name in wrong]
            if not wrong:
                self.good.append(found)
        stored = MOU.objects.filter(plan=self.plan).values()
        self.stored = {one["number"]: one for one in stored if one["number"] in numbers}

    def _row(self, cells: dict) -> tuple[dict, list[str]]:
        wrong = []
        found = {name: str(cells[name]).strip() for name in _TEXTS}
        wrong += [name for name, length in _TEXTS.items() if len(found[name]) > length]
        signed_on, value = cells["signed_on"], cells["value"]
        if isinstance(signed_on, date):
            found["signed_on"] = signed_on
        else:
            wrong.append("signed_on")
        if isinstance(value, int | float) and value >= 0:
            found["value"] = Decimal(int(value))
        elif value != "":
            wrong.append("value")
        found["area_id"] = self.areas.get(cells["area"])
        found["status"] = STATUSES.get(cells["status"])
        wrong += [name for name, key in (("area", "area_id"), ("status", "status")) if found[key] is None]
        for side in _SIDES:
            found[side] = self._party(cells, side, signed_on)
            if found[side] is None:
                wrong.append(side)
        if found["party_a"] is found["party_b"]:
            wrong.append("party_b")
        return found, wrong

    def _party(self, cells: dict, side: str, signed_on) -> Enterprise | None:
        name, code = cells[side].strip(), cells[f"{side}_tax_code"].strip()
        province = self.provinces.get(fold(cells[f"{side}_province"]))
        if not (name and province and len(name) <= 300 and len(code) == 10 and check_digit_holds(code)):
            return None
        party = self.parties.get(code)
        if party is None:
            there = [one for one in province if isinstance(signed_on, date) and one.exists_on(signed_on)]
            party = Enterprise(name=name, tax_code=code, province=(there or province)[0])
            self.parties[code] = self.new[code] = party
        return party


def check(path: Path) -> int:
    """Return how many rows are wrong."""
    return len({row for row, _column in _Sheet(path).faults})


def commit(path: Path) -> int:
    """Return how many rows were written."""
    sheet = _Sheet(path)
    for party in sheet.new.values():
        party.prepare()
    with transaction.atomic():
        Enterprise.objects.bulk_create(sheet.new.values())
        created, updated = [], []
        for found in sheet.good:
            stored = sheet.stored.get(found["number"])
            whole = {**(stored or {"plan_id": sheet.plan.pk}), **found}
            a, b = whole.pop("party_a"), whole.pop("party_b")
            whole["party_a_id"], whole["party_b_id"] = a.pk, b.pk
            if whole == stored:
                continue
            rest = (a.other_names, b.other_names, whole["event"], whole["content"], whole["products"])
            whole["search_text"] = search_text(f"{a.name} – {b.name}", whole["number"], *rest)
            whole["sort_key"] = sort_key(f"{a.name} – {b.name}")
            whole["identity_key"] = identity_key(a.pk, b.pk, whole["signed_on"], whole["content"])
            (updated if stored else created).append(MOU(**whole))
        MOU.objects.bulk_create(created)
        columns = [field.name for field in MOU._meta.concrete_fields if not field.primary_key]
        MOU.objects.bulk_create(updated, update_conflicts=True, unique_fields=["id"], update_fields=columns)
    return len(created) + len(updated)
