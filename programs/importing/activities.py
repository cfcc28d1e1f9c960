"""Sheets of activities: their columns, and what a row means. `code` is the stable key."""

import re
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cooperation.dates import DatePrecision, span_end
from cooperation.importing import values
from cooperation.importing.areas import Areas
from cooperation.importing.columns import LONG, Column, text
from cooperation.importing.kinds import Kind
from cooperation.importing.rows import RowBuilder
from cooperation.importing.stored import stored_rows
from cooperation.importing.values import ValueProblemError, quoted
from cooperation.permissions import CHANGE
from cooperation.text import fold, search_text, sort_key
from programs.models import Activity
from programs.schedules import again_suspended

_CODE = re.compile(r"[-a-zA-Z0-9_]{1,40}\Z")


def code(cell) -> str | None:
    """Return an activity's code. Problem: invalid_choice."""
    value = values.text(cell, max_length=40)
    if value is not None and not _CODE.match(value):
        raise ValueProblemError(
            "invalid_choice",
            _("Mã “%(value)s” chỉ được gồm chữ không dấu, số, “-” và “_”, không có khoảng trắng.")
            % {"value": quoted(value)},
        )
    return value


def _one_of(choices, also: dict[str, tuple[str, ...]] | None = None):
    """The parser of a column with choices, by label; `also` are other spellings."""
    also = also or {}
    spellings = {value: (fold(str(label)), *also.get(value, ())) for value, label in choices}
    labels = tuple(str(label) for _value, label in choices)

    def parse(cell):
        return values.choice(cell, spellings, labels)

    return parse


def _labels(choices):
    return tuple(str(label) for _value, label in choices)


def _label_of(choices):
    names = dict(choices)
    return lambda value: str(names[value])


_LIFECYCLES = {
    "planned": ("chua trien khai", "chua bat dau"),
    "in_progress": ("dang trien khai", "thuong xuyen"),
    "completed": ("hoan thanh", "ht"),
    "suspended": ("tam hoan", "gian tien do"),
    "cancelled": ("huy", "da huy", "dung"),
}


def _chosen(field: str, header: str, choices, variants=(), also=None) -> Column:
    return Column(
        field,
        header,
        _one_of(choices, also),
        False,
        variants,
        choices=_labels(choices),
        shown=_label_of(choices),
    )


COLUMNS = (
    Column("code", "Mã", code, True, ("Mã hoạt động", "Mã số"), example="HD-VI-DU"),
    Column(
        "title", "Tên hoạt động", text(300), True,
        ("Hoạt động", "Nhiệm vụ", "Tên nhiệm vụ", "Nội dung công việc"),
        example="Hội nghị ví dụ (xóa dòng này)",
    ),
    Column(
        "area", "Lĩnh vực", values.ordinal, True, ("Lĩnh vực chính", "LV", "Nội dung số"),
        source="area.number", example=6,
    ),
    Column("summary", "Nội dung", text(LONG, lines=True), False, ("Tóm tắt",)),
    _chosen("kind", "Loại", Activity.Kind.choices),
    _chosen("form", "Hình thức", Activity.Form.choices),
    Column("place", "Nơi thực hiện", text(200), False, ("Địa điểm",)),
    Column("weight", "Trọng số", values.whole_number),
    Column("added_on", "Đưa vào kế hoạch ngày", values.day),
    Column("start_on", "Bắt đầu", values.day, False, ("Ngày bắt đầu", "Từ ngày")),
    Column("due_on", "Hạn hoàn thành", values.day, False, ("Thời hạn", "Hạn", "Đến ngày")),
    _chosen("date_precision", "Độ chính xác của ngày", DatePrecision.choices),
    _chosen("lifecycle", "Tình trạng", Activity.Lifecycle.choices, ("Trạng thái",), _LIFECYCLES),
    Column("completed_on", "Hoàn thành ngày", values.day, False, ("Ngày hoàn thành",)),
    Column("suspended_on", "Tạm dừng từ ngày", values.day),
    Column("resumed_on", "Tiếp tục từ ngày", values.day),
    Column("cancelled_on", "Hủy ngày", values.day, False, ("Ngày hủy",)),
    Column("cancellation_reason", "Lý do hủy", text(LONG, lines=True)),
    Column("cancellation_document", "Văn bản cho phép hủy", text(120)),
    Column("note", "Ghi chú", text(LONG, lines=True), False, ("GC",)),
)  # fmt: skip
_CORRECTS = _lazy(
    "Ngày trong bảng thay cho ngày cũ cả trong số liệu trước đây, như sửa lỗi ghi. "
    "Nếu là điều chỉnh thời hạn, hãy đổi ở hồ sơ hoạt động: thời hạn cũ sẽ được giữ."
)
_PLAIN = tuple(column.field for column in COLUMNS if column.field != "area")


class ActivityRows(RowBuilder):
    def __init__(self, *args):
        super().__init__(*args)
        self.areas = Areas(self.plan)
        self._stored: dict[str, dict] = {}
        self._area_plans: dict[int, int] = {}
        self._writable: set[int] | None = None

    def resolve(self, row):
        found = row.found
        if "area" in found:
            cell = self.cell("area")
            found["area"] = self.attempt(row, "area", self.areas.named, found["area"], cell, cell=cell)
        precision = found.get("date_precision", DatePrecision.DAY)
        for name in ("due_on", "completed_on"):
            if name in found:
                found[name] = span_end(found[name], precision)

    def identify(self, row):
        return [row.found["code"]] if "code" in row.found else []

    def load(self, rows):
        keys = {row.found["code"] for row in rows}
        self._stored = {stored["code"]: stored for stored in stored_rows(Activity, {}, "code", keys)}
        if self.user is not None:
            own = Activity.objects.for_user(self.user, CHANGE).order_by()
            self._writable = set(own.values_list("pk", flat=True))

    def stored(self, row):
        return self._stored.get(row.found["code"])

    def wanted(self, row, stored):
        wanted = {name: row.found[name] for name in _PLAIN if name in row.found}
        wanted["area_id"] = row.found["area"].pk
        return wanted

    def may_write(self, stored):
        if stored is None:
            return ""
        if self._writable is not None and stored["id"] not in self._writable:
            return _("Hoạt động này thuộc cơ quan khác: bạn không sửa được.")
        if stored["area_id"] not in self.areas.keys:
            return _("Mã này là của hoạt động thuộc kế hoạch khác: hãy đặt mã khác.")
        return ""

    def judge(self, row, merged):
        """What the model's constraints and `Activity.clean` ask (activity.py), said of the cell."""
        say = self._say(row)
        start, due = merged.get("start_on"), merged.get("due_on")
        if start and due and due < start:
            say("due_on", "date_order", _("Hạn hoàn thành không được trước ngày bắt đầu."))
        for name in ("start_on", "due_on"):
            if name in row.values and row.before and row.before[name] not in (None, merged[name]):
                self.problem(row, name, "date_order", str(_CORRECTS), "warning", merged[name])
        lifecycle = merged.get("lifecycle", Activity.Lifecycle.PLANNED)
        if (lifecycle == "completed") != bool(merged.get("completed_on")):
            say("completed_on", "required", _("Đã hoàn thành thì ghi ngày hoàn thành; chưa thì để trống."))
        if (lifecycle == "cancelled") != bool(merged.get("cancelled_on")):
            say("cancelled_on", "required", _("Không thực hiện thì ghi ngày hủy; không hủy thì để trống."))
        suspended, resumed = merged.get("suspended_on"), merged.get("resumed_on")
        was = tuple((row.before or {}).get(name) for name in ("suspended_on", "resumed_on"))
        if again_suspended(was, suspended):
            say(
                "suspended_on",
                "date_order",
                _("Lần tạm dừng trước đã kết thúc: hãy ghi lần mới ở hồ sơ hoạt động để giữ lại lần trước."),
            )
        elif lifecycle == "suspended" and (not suspended or resumed):
            say("suspended_on", "required", _("Tạm dừng thì ghi ngày tạm dừng và chưa ghi ngày tiếp tục."))
        if resumed and (not suspended or resumed < suspended):
            say("resumed_on", "date_order", _("Ngày tiếp tục không được trước ngày tạm dừng."))
        if merged.get("weight", 1) < 1:
            say("weight", "invalid_number", _("Trọng số là số nguyên từ 1 trở lên."))
        precise = merged.get("date_precision", DatePrecision.DAY) == DatePrecision.DAY
        for name in (*(("completed_on",) if precise else ()), "suspended_on", "cancelled_on"):
            if merged.get(name) and merged[name] > localdate() and name in row.values:
                say(name, "invalid_date", _("Ngày này chưa đến: chỉ ghi việc đã xảy ra."))
        if row.before and row.before.get("program_id") and "area_id" in row.values:
            say(
                "area",
                "unknown_area",
                _("Hoạt động thuộc một chương trình của lĩnh vực cũ: hãy đổi ở hồ sơ."),
            )

    def _say(self, row):
        def say(name: str, problem_code: str, message: str) -> None:
            found = row.found.get(name, "")
            cell = found if isinstance(found, str | int | date) else self.areas.label(found)
            self.problem(row, name, problem_code, message, cell=cell)

        return say

    def title(self, row, merged):
        return f"{merged['code']}: {merged['title']}"

    def finish(self, values):
        rest = (values["summary"], values["place"])
        values["search_text"] = search_text(values["title"], values["code"], *rest)
        values["sort_key"] = sort_key(values["title"])

    def readable(self, name, value):
        if name == "area_id":
            return self.areas.label_of(value)
        field = Activity._meta.get_field(name)
        if field.choices:
            return str(dict(field.choices).get(value, value))
        return super().readable(name, value)


ACTIVITIES = Kind(
    name="activity",
    model=Activity,
    columns=COLUMNS,
    builder=ActivityRows,
    title="Hoạt động",
    sheet_name="hoat-dong",
    owner="lead_agency_id",
    ignored=("Cơ quan chủ trì", "Chương trình", "Công khai"),
)
