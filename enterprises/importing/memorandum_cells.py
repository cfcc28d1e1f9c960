"""What the cells of an MOU row mean: its money, its dates, its two parties."""

import re
from datetime import date
from functools import partial

from django.utils.translation import gettext as _

from cooperation.importing import values
from cooperation.importing.areas import Areas
from cooperation.importing.rows import Row, RowBuilder
from cooperation.importing.values import shown
from cooperation.text import clean, fold
from enterprises.importing.directory import Companies, Party, Provinces
from enterprises.tax_codes import is_personal

SIDES = ("party_a", "party_b")
OTHER_SIDE = dict(zip(SIDES, reversed(SIDES), strict=True))
_MONEY = ("value", "realised_value")
_BETWEEN = re.compile(r"\s+[-–—]\s+|\s*\n\s*|\s+và\s+|\s+với\s+", re.IGNORECASE)


class MemorandumCells(RowBuilder):
    """The first of the two passes; memorandum_rows.py has the second."""

    def __init__(self, *args):
        super().__init__(*args)
        self.provinces = Provinces()
        self.companies = Companies(
            self.provinces,
            is_demonstration=self.plan.is_demonstration,
            decisions=self.options.get("decisions", {}),
        )
        self.areas = Areas(self.plan)

    def resolve(self, row):
        found = row.found
        if not fold(found.get("number", "")):  # "-" and "…" number nothing
            found.pop("number", None)
        self._settle_currency(row)
        if "area" in found:
            typed = self.cell("area")
            found["area"] = self.attempt(row, "area", self.areas.named, found["area"], typed, cell=typed)
        self._settle_expiry(row)
        if "parties" in found:
            self._split(row, found.pop("parties"))
        elif not shown(self.cell("parties")) and any(side not in self._index for side in SIDES):
            self.problem(row, "parties", "required", _("Ô này không được để trống: hãy ghi hai bên."))
        for side in SIDES:
            self._resolve_party(row, side)
        parties = [found[side] for side in SIDES if isinstance(found.get(side), Party)]
        if len(parties) == 2 and parties[0].is_same(parties[1]):
            message = _("Bên A và bên B là cùng một doanh nghiệp: hãy sửa tên hoặc mã số thuế của một bên.")
            self.problem(row, "party_b", "same_party", message, cell=self.cell("party_b"))

    def _settle_currency(self, row: Row) -> None:
        """One currency for the whole memorandum: the column's, or what stands beside an amount."""
        found = row.found
        stated = found.get("currency")
        named = {stated} - {None}
        for name in _MONEY:
            if name not in found:
                continue
            amount, beside = found[name]
            found[name] = amount
            beside = beside or self.header.currencies.get(self._index[name])
            if beside:
                found["currency"] = beside
            if amount:
                named.add(beside or stated or "VND")
        if len(named) > 1:
            message = _("Một dòng chỉ dùng một đơn vị tiền, ở đây có %s: hãy ghi lại cho thống nhất.")
            self.problem(row, "currency", "invalid_choice", message % ", ".join(sorted(named)))

    def _settle_expiry(self, row: Row) -> None:
        found = row.found
        signed_on = found.get("signed_on")
        if signed_on and "term" in found and "expires_on" not in found:
            cell = self.cell("term")
            ends = self.attempt(row, "term", values.term_end, found["term"], signed_on, cell=cell)
            if ends:
                found["expires_on"] = ends
        if signed_on and "expires_on" in found and found["expires_on"] < signed_on:
            column = "expires_on" if "expires_on" in self._index else "term"
            self._date_order(row, column, found["expires_on"], signed_on)

    def _date_order(self, row: Row, name: str, expires_on: date, signed_on: date) -> None:
        message = _("Ngày hết hạn %(end)s trước ngày ký %(signed)s: hãy sửa một trong hai ngày.")
        words = {"end": shown(expires_on), "signed": shown(signed_on)}
        self.problem(row, name, "date_order", message % words, cell=expires_on)

    def _split(self, row: Row, pair: str) -> None:
        """One cell that holds both parties: split only where the clerk said so, and only in one way."""
        if all(side in row.found for side in SIDES):
            return
        pieces = [clean(piece) for piece in _BETWEEN.split(pair) if clean(piece)]
        if len(pieces) == 2 and self.options.get("split_parties"):
            row.found["party_a"], row.found["party_b"] = pieces
        elif len(pieces) == 2:
            message = _("Ô ghi cả hai bên: “%(a)s” và “%(b)s”. Nếu đúng, hãy chọn “Tách hai bên”.")
            words = {"a": pieces[0], "b": pieces[1]}
            self.problem(row, "parties", "required", message % words, cell=pair)
        else:
            message = _("Không rõ đâu là bên A, đâu là bên B: hãy ghi hai bên ở hai cột.")
            self.problem(row, "parties", "required", message, cell=pair)

    def _resolve_party(self, row: Row, side: str) -> None:
        found = row.found
        province, named = None, found.pop(f"{side}_province", None)
        if named:
            cell = self.cell(f"{side}_province")
            province = self.attempt(
                row, f"{side}_province", self.provinces.named, named, found.get("signed_on"), cell=cell
            )
        code = found.pop(f"{side}_tax_code", "")
        if side not in found:
            return
        cell = self.cell(side)
        partner = found.get(OTHER_SIDE[side])
        find = partial(
            self.companies.find,
            is_faulty=row.faulty,
            partner=partner if isinstance(partner, Party) else None,
        )
        known = self.attempt(row, side, find, found.pop(side), code, province, row.number, cell=cell)
        if known is None:
            return
        party, near = known
        found[side] = party
        if is_personal(code):
            message = _("12 số là số định danh cá nhân: chỉ lưu nội bộ, doanh nghiệp này không công khai.")
            self.problem(row, f"{side}_tax_code", "invalid_tax_code", message, "warning", code)
        elif code and party.pk and not party.codes:
            message = _("“%(name)s” đã có mà chưa ghi MST: nếu đúng, hãy bổ sung MST ở hồ sơ doanh nghiệp.")
            self.problem(
                row, f"{side}_tax_code", "possible_duplicate", message % {"name": party.name}, "warning", code
            )
        if near:
            message = _(
                "Tên gần giống “%(near)s” đã có: cùng một doanh nghiệp thì hãy chọn ở trang xem trước."
            )
            self.problem(row, side, "possible_duplicate", message % {"near": near}, "warning", cell)
