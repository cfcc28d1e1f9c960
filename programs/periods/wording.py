"""Stored figures and their changes, in words."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.measures import STATUS_LABELS, TIMELINESS_LABELS, Status, Timeliness, round_half_up

_FIELDS = {
    "in_plan": gettext_lazy("có trong số liệu"),
    "area": gettext_lazy("lĩnh vực"),
    "countable": gettext_lazy("được tính"),
    "cancelled": gettext_lazy("đã hủy"),
    "completed": gettext_lazy("hoàn thành"),
    "weight": gettext_lazy("trọng số"),
    "percent": gettext_lazy("giá trị, %"),
    "planned": gettext_lazy("theo kế hoạch, %"),
    "timeliness": gettext_lazy("thời hạn"),
    "days_late": gettext_lazy("số ngày trễ"),
    "missed_milestone_on": gettext_lazy("mốc bị trễ"),
    "expected": gettext_lazy("phải báo cáo"),
    "reported": gettext_lazy("đã báo cáo"),
    "last_report_on": gettext_lazy("ghi nhận gần nhất"),
    "value": gettext_lazy("tiến độ, %"),
    "exact": gettext_lazy("tiến độ chính xác, %"),
    "gap": gettext_lazy("chênh lệch, điểm"),
    "status": gettext_lazy("tình trạng"),
    "coverage": gettext_lazy("độ phủ báo cáo, %"),
    "continuous": gettext_lazy("hoạt động thường xuyên"),
    "overdue": gettext_lazy("quá hạn"),
    "unreported": gettext_lazy("chưa báo cáo"),
    "last_activity_on": gettext_lazy("hoạt động gần nhất"),
    "all_completed": gettext_lazy("hoàn thành tất cả"),
    "sufficient": gettext_lazy("đủ số liệu"),
    "with_value": gettext_lazy("lĩnh vực có giá trị"),
    "areas": gettext_lazy("số lĩnh vực"),
}
# The same name means another thing in an area than in an activity.
_OF_AREA = {
    "countable": gettext_lazy("hoạt động được tính"),
    "cancelled": gettext_lazy("hoạt động đã hủy"),
    "completed": gettext_lazy("hoạt động hoàn thành"),
    "weight": gettext_lazy("tổng trọng số"),
    "expected": gettext_lazy("hoạt động phải báo cáo"),
    "reported": gettext_lazy("hoạt động đã báo cáo"),
}
_EXACT = ("percent", "planned")
_DAYS = ("missed_milestone_on", "last_report_on", "last_activity_on")
_POINTS = ("value", "gap", "coverage")


def field_label(what: str, field: str) -> str:
    labels = _FIELDS if what == "activity" else {**_FIELDS, **_OF_AREA}
    return str(labels.get(field, field))


def shown(field: str, value) -> str:
    """A stored value as a reader expects it: 43,3; 14/12/2021; có; quá hạn; – where there is none."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if field in _DAYS:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    if field == "timeliness":
        return str(TIMELINESS_LABELS[Timeliness(value)])
    if field == "status":
        return str(STATUS_LABELS[Status(value)])
    if field in _EXACT:
        return number_format(round_half_up(Fraction(value)), 1)
    if field in _POINTS:
        return number_format(Decimal(value), 1)
    return str(value)


def subject(change: dict) -> str:
    if change["what"] == "activity":
        return _("Hoạt động %(code)s: %(title)s") % {"code": change["name"], "title": change["title"]}
    if change["what"] == "area":
        return _("Lĩnh vực %(number)s: %(title)s") % {"number": change["name"], "title": change["title"]}
    return _("Toàn kế hoạch")


def row(change: dict) -> dict:
    """One change as a line of a table. Where rounding would hide it, the exact values are shown."""
    field, old, new = change["field"], change["old"], change["new"]
    was, now = shown(field, old), shown(field, new)
    if was == now:
        was, now = str(old), str(new)
    return {
        "subject": subject(change),
        "field": field_label(change["what"], field),
        "old": was,
        "new": now,
    }


def told(change: dict) -> str:
    line = row(change)
    return f"{line['subject']}; {line['field']}: {line['old']} → {line['new']}"
