"""What happened to an activity between two days, in a few words."""

import datetime

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from programs.changes.states import Area, Leaf
from programs.measures import Kind, LeafFacts, round_half_up


def words(
    old: Leaf | None,
    new: Leaf | None,
    days: tuple[datetime.date, datetime.date],
    areas: dict[int, Area],
    area: int,
) -> str:
    """Why this activity counts otherwise in `area` on the second day than on the first."""
    was = old is not None and old.counts and old.area == area
    now = new is not None and new.counts and new.area == area
    if now and not was:
        return _("%(why)s (đang ở %(percent)s)") % {
            "why": _came(old, new, days, areas),
            "percent": _points(new),
        }
    if was and not now:
        return _left(old, new, areas)
    found = []
    if old.weight != new.weight:
        found.append(_("trọng số %(old)s → %(new)s") % {"old": old.weight, "new": new.weight})
    if old.percent != new.percent:
        found.append(_moved(old, new, days))
    return "; ".join(found)


def _came(old: Leaf | None, new: Leaf, days, areas) -> str:
    if old is None:
        added = new.facts.added_on
        new_then = added is not None and days[0] < added <= days[1]
        return _("thêm mới") if new_then else _("đưa vào số liệu")
    if old.area != new.area:
        return _("chuyển từ lĩnh vực %s") % _number(areas, old.area)
    if old.cancelled:
        return _("không còn hủy, được tính lại")
    return _("bắt đầu được tính phần trăm")


def _left(old: Leaf, new: Leaf | None, areas) -> str:
    if new is None:
        return _("không còn trong số liệu")
    if new.area != old.area:
        return _("chuyển sang lĩnh vực %s") % _number(areas, new.area)
    if new.cancelled:
        cancelled_on = new.facts.cancelled_on
        return _("hủy từ ngày %s") % f"{cancelled_on:%d/%m/%Y}" if cancelled_on else _("hủy")
    return _("thành hoạt động thường xuyên, thôi tính phần trăm")


def _moved(old: Leaf, new: Leaf, days) -> str:
    """Which input of the rule (R1) moved the percentage."""
    between = {"old": _points(old), "new": _points(new)}
    if new.completed and not old.completed:
        return _("hoàn thành (%(old)s → %(new)s)") % between
    if old.completed and not new.completed:
        return _("không còn ghi là hoàn thành (%(old)s → %(new)s)") % between
    before, after = old.facts, new.facts
    if after.uses_indicator:
        return _("chỉ tiêu đổi (%(old)s → %(new)s)") % between
    if after.kind == Kind.PERIODIC and after.milestones:
        return _("mốc đã đạt %(before)s → %(after)s (%(old)s → %(new)s)") % {
            **between,
            "before": _milestones(before, days[0]),
            "after": _milestones(after, days[1]),
        }
    if not after.updates:
        return _("không còn báo cáo được duyệt (%(old)s → %(new)s)") % between
    if not before.updates:
        return _("báo cáo đầu tiên được duyệt (%(old)s → %(new)s)") % between
    if new.percent < old.percent:
        return _("báo cáo giảm (%(old)s → %(new)s)") % between
    return _("báo cáo được duyệt (%(old)s → %(new)s)") % between


def _milestones(facts: LeafFacts, on: datetime.date) -> str:
    counted = [mark for mark in facts.milestones if mark.waived_on is None or mark.waived_on > on]
    done = sum(1 for mark in counted if mark.done_on is not None and mark.done_on <= on)
    return f"{done}/{len(counted)}"


def _points(leaf: Leaf) -> str:
    _weight, percent = leaf.part
    return number_format(round_half_up(percent), 1)


def _number(areas: dict[int, Area], pk: int) -> str:
    return str(areas[pk].number) if pk in areas else _("khác")
