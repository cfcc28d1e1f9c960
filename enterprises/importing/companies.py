"""Sheets of enterprises: their columns, and what a row means."""

from functools import partial

from django.db import models
from django.utils.translation import gettext as _

from cooperation.importing.columns import LONG, Column, text
from cooperation.importing.kinds import Kind
from cooperation.importing.rows import RowBuilder
from cooperation.importing.stored import chunks, stored_rows
from cooperation.text import search_text, sort_key
from enterprises.importing.cells import province_label, tax_code
from enterprises.importing.directory import Companies, Provinces
from enterprises.models import MOU, Enterprise
from enterprises.names import name_key
from enterprises.tax_codes import is_personal

COLUMNS = (
    Column(
        "name", "Tên", text(300), True,
        ("Tên doanh nghiệp", "Doanh nghiệp", "Tên DN", "Tên đơn vị", "Tên DN, HTX, cơ sở", "Tên công ty"),
        example="Công ty TNHH Ví dụ (xóa dòng này)",
    ),
    Column(
        "tax_code", "Mã số thuế", tax_code, False,
        ("MST", "MST/ĐKKD", "Mã số DN", "Mã số doanh nghiệp", "Số ĐKKD", "GCN ĐKKD"),
    ),
    Column(
        "province", "Tỉnh", text(200), False, ("Tỉnh/TP", "Tỉnh, thành phố", "Địa phương"),
        shown=province_label,
    ),
    Column("other_names", "Tên khác", text(LONG, lines=True), False, ("Tên viết tắt", "Tên giao dịch")),
    Column("note", "Ghi chú", text(LONG, lines=True), False, ("GC",)),
)  # fmt: skip


class CompanyRows(RowBuilder):
    """One enterprise a row: the same by tax code, else by its name within the province."""

    def __init__(self, *args):
        super().__init__(*args)
        self.provinces = Provinces()
        self.companies = Companies(
            self.provinces,
            is_demonstration=self.plan.is_demonstration,
            decisions=self.options.get("decisions", {}),
        )
        self._stored: dict[int, dict] = {}

    def resolve(self, row):
        found = row.found
        province, named = None, found.pop("province", None)
        if named:
            cell = self.cell("province")
            province = self.attempt(row, "province", self.provinces.named, named, None, cell=cell)
        found["province"] = province
        if "name" not in found:
            return
        code = found.get("tax_code", "")
        find = partial(self.companies.find, is_faulty=row.faulty)
        known = self.attempt(
            row,
            "name",
            find,
            found["name"],
            code,
            province,
            row.number,
            cell=self.cell("name"),
        )
        if known is None:
            return
        found["party"], near = known
        if is_personal(code):
            message = _("12 số là số định danh cá nhân: chỉ lưu nội bộ, doanh nghiệp này không công khai.")
            self.problem(row, "tax_code", "invalid_tax_code", message, "warning", code)
        if near:
            message = _(
                "Tên gần giống “%(near)s” đã có: cùng một doanh nghiệp thì hãy chọn ở trang xem trước."
            )
            self.problem(
                row, "name", "possible_duplicate", message % {"near": near}, "warning", found["name"]
            )

    def identify(self, row):
        return [id(row.found["party"])] if "party" in row.found else []

    def load(self, rows):
        keys = {row.found["party"].pk for row in rows}
        self._stored = {stored["id"]: stored for stored in stored_rows(Enterprise, {}, "id", keys)}

    def stored(self, row):
        return self._stored.get(row.found["party"].pk)

    def wanted(self, row, stored):
        found = row.found
        code = found.get("tax_code", "")
        wanted = {name: found[name] for name in ("name", "note") if name in found}
        if code:
            wanted["personal_number" if is_personal(code) else "tax_code"] = code
        if is_personal(code):
            wanted["published"] = False
        if found["province"]:
            wanted["province_id"] = found["province"].pk
        names = found.get("other_names", "").splitlines()
        if stored is None:
            wanted["is_demonstration"] = self.plan.is_demonstration
            wanted["other_names"] = "\n".join(names)
            return wanted
        party = found["party"]
        if party.name_key != name_key(found["name"]):
            del wanted["name"]  # it was found by its code or another name: the name that staff chose stays
            names.append(found["name"])
        known = stored["other_names"].splitlines()
        keys = {name_key(name) for name in (stored["name"], *known)}
        gained = [name for name in dict.fromkeys(names) if name_key(name) not in keys]
        if gained:
            wanted["other_names"] = "\n".join([*known, *gained])
        return wanted

    def judge(self, row, merged):
        stored = row.before
        if stored and stored["tax_code"] and stored["tax_code"] != merged["tax_code"]:
            message = _("“%(name)s” đã có MST %(code)s: nếu đổi, hãy sửa ở hồ sơ doanh nghiệp.")
            words = {"name": stored["name"], "code": stored["tax_code"]}
            self.problem(row, "tax_code", "possible_duplicate", message % words, cell=merged["tax_code"])

    def title(self, row, merged):
        return merged["name"]

    def may_write(self, stored):
        if self.user is None:
            return ""
        action = "add" if stored is None else "change"
        if self.user.has_perm(f"enterprises.{action}_enterprise"):
            return ""
        return _("Bạn không có quyền ghi doanh nghiệp.")

    def finish(self, values):
        values["name_key"] = name_key(values["name"])
        values["search_text"] = search_text(values["name"], values["tax_code"], values["other_names"])
        values["sort_key"] = sort_key(values["name"])

    def readable(self, name, value):
        if name == "province_id":
            province = self.provinces.by_pk.get(value)
            return province.display_name if province else ""
        return super().readable(name, value)

    @property
    def questions(self):
        return list(self.companies.questions.values())


def refresh_memoranda(keys: list[int]) -> None:
    """Memoranda are found and ordered by the names of their parties."""
    for chunk in chunks(keys, 400):
        found = list(
            MOU.objects.filter(models.Q(party_a__in=chunk) | models.Q(party_b__in=chunk)).select_related(
                "party_a", "party_b"
            )
        )
        for mou in found:
            mou.prepare()
        MOU.objects.bulk_update(found, ("search_text", "sort_key"), batch_size=200)


COMPANIES = Kind(
    name="enterprise",
    model=Enterprise,
    columns=COLUMNS,
    builder=CompanyRows,
    title="Doanh nghiệp",
    sheet_name="doanh-nghiep",
    ignored=("Công khai", "Dữ liệu minh họa", "Số định danh cá nhân", "Đã gộp vào"),
    refresh=refresh_memoranda,
)
