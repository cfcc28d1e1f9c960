"""How figures look: a bar, a status, a percentage. The figures themselves come from the rule alone."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cooperation.dates import DatePrecision
from programs.measures import (
    STATUS_LABELS,
    TIMELINESS_LABELS,
    AreaFigure,
    LeafFigure,
    Status,
    Timeliness,
    round_half_up,
)

register = template.Library()

# A shape beside the words, so that a status is never told by colour alone.
_SHAPES = {
    Status.ON_TRACK: "●",
    Status.ATTENTION: "▲",
    Status.LATE: "■",
    Status.INSUFFICIENT: "◌",
    Status.NO_SCHEDULE: "○",
}

# The mark is one point wide: at 100 it would stand outside the bar.
_LAST_MARK = Decimal("99.0")


@register.filter
def points(value) -> str:
    """Return 62,4 (one decimal, decimal comma), or an en dash where there is no value."""
    return "–" if value is None else number_format(value, 1)


@register.filter
def fraction_points(value) -> str:
    """Return an exact sum with one decimal, half up like every figure."""
    return number_format(round_half_up(value), 1)


@register.inclusion_tag("includes/progress_bar.html")
def progress_bar(value, planned=None):
    """A bar from 0 to 100 with a mark where the plan stands; decoration, the numbers stand beside it."""
    mark = None if planned is None else min(planned, _LAST_MARK)
    return {"value": value, "mark": mark}


@register.inclusion_tag("includes/status.html")
def status_label(figure: AreaFigure):
    return {
        "status": figure.status.value.replace("_", "-"),
        "shape": _SHAPES.get(figure.status, ""),
        "label": STATUS_LABELS[figure.status],
    }


@register.filter
def timeliness_label(leaf: LeafFigure, activity=None) -> str:
    """Return "quá hạn 12 ngày", "trong hạn" …; what had no due date was done, but not "on time".

    Where only a milestone is late, its day is named, since it is not the day shown as due. Days are
    counted only where the dates of `activity` are known to the day.
    """
    if leaf.timeliness == Timeliness.DONE_ON_TIME and leaf.planned is None:
        return _("đã hoàn thành")
    label = TIMELINESS_LABELS[leaf.timeliness]
    by_day = activity is None or activity.date_precision == DatePrecision.DAY or leaf.missed_milestone_on
    if leaf.timeliness in (Timeliness.OVERDUE, Timeliness.DONE_LATE) and by_day:
        late = _("%(label)s %(days)s ngày") % {"label": label, "days": leaf.days_late}
        if leaf.missed_milestone_on is None:
            return late
        return _("mốc %(day)s %(late)s") % {"day": f"{leaf.missed_milestone_on:%d/%m/%Y}", "late": late}
    return str(label)


@register.simple_tag
def before_percent(before: dict, report) -> str:
    """The percentage of the accepted report before this one, or a dash."""
    earlier = before.get(report.pk)
    return f"{points(earlier.percent)} %" if earlier else "–"
