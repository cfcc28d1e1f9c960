"""THE rule of progress, version 1 (R1 to R14). Pure: facts in, figures out, no database.

Everything is as of a date `on`. Arithmetic is exact (Fraction); figures are rounded once, to one decimal,
half up (R12), when they are made. `figures.py` reads the facts from the database.
"""

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from programs.measures import (
    FIGURE_CAP,
    AreaFigure,
    AreaSums,
    Headline,
    Kind,
    LeafFacts,
    LeafFigure,
    MilestoneFacts,
    PercentFacts,
    Period,
    Status,
    Thresholds,
    Timeliness,
    exact_sum,
    leaf_shown,
    round_half_up,
)

RULE_VERSION = 1
HUNDRED = Fraction(100)
OPEN_CAP = Fraction(99)  # R1: an activity that nobody has completed never shows 100
DEFAULTS = Thresholds()


def indicator_percent(baseline: Decimal, target: Decimal | None, actual: Fraction | None) -> Fraction | None:
    """R13: clip((actual − baseline) ÷ (target − baseline), 0, 1) in points; no value where they are equal."""
    if target is None or actual is None or target == baseline:
        return None
    share = (actual - Fraction(baseline)) / (Fraction(target) - Fraction(baseline))
    return HUNDRED * min(max(share, Fraction(0)), Fraction(1))


def indicator_actual(
    values: Sequence[tuple[Decimal, Decimal | None]], *, adds_up: bool, is_ratio: bool
) -> Fraction | None:
    """R13: the newest of the values (actual, denominator), the oldest first, or where it adds up their sum.

    A ratio adds numerators and denominators, never percentages.
    """
    used = values if adds_up else values[-1:]
    actual = sum((Fraction(value) for value, _denominator in used), Fraction(0))
    if not is_ratio:
        return actual
    denominator = sum((Fraction(below or 0) for _value, below in used), Fraction(0))
    return actual / denominator if denominator else None


def leaf_figure(
    leaf: LeafFacts, on: datetime.date, period: Period | None = None, thresholds: Thresholds = DEFAULTS
) -> LeafFigure:
    """Return the figure of one activity as of `on`."""
    in_plan = _in_plan(leaf, on)
    cancelled_by_now = _happened(leaf.cancelled_on, on)
    validly_cancelled = _validly_cancelled(leaf, on)
    continuous = leaf.kind == Kind.CONTINUOUS
    countable = in_plan and not continuous and not validly_cancelled
    completed = _happened(leaf.completed_on, on)
    suspended = _suspended(leaf, on)
    latest = max((update for update in leaf.updates if update[0] <= on), key=lambda u: u[0], default=None)
    milestones_done = [m.done_on for m in leaf.milestones if m.done_on is not None and m.done_on <= on]
    known_days = [day for day in (latest and latest[0], leaf.indicator_on, *milestones_done) if day]
    if completed:
        known_days.append(leaf.completed_on)
    last_report_on = max(known_days, default=None)
    percent = None if continuous else _percent(leaf, on, latest and latest[1])
    planned = None if continuous else _planned(leaf, on, percent)
    stopped = suspended or validly_cancelled
    timeliness, days_late, missed = _timeliness(leaf, on, completed, stopped, thresholds)
    reported, expected = _report_state(leaf, on, countable, completed, suspended, last_report_on, period)
    return LeafFigure(
        in_plan=in_plan,
        countable=countable,
        cancelled=in_plan and validly_cancelled,
        weight=leaf.weight,
        percent=percent,
        planned=planned,
        completed=completed,
        reported=reported,
        expected=expected,
        timeliness=timeliness,
        days_late=days_late,
        missed_milestone_on=missed,
        last_report_on=last_report_on,
        reason=_reason(
            leaf, in_plan, continuous, validly_cancelled, cancelled_by_now, completed, suspended, latest
        ),
    )


def shown_percent(leaf: PercentFacts, on: datetime.date) -> Decimal | None:
    """Return what pages show of one activity as of `on`, without the rest of its figure: as
    `leaf_figure(…).shown` where it is countable, None where it is not."""
    if leaf.kind == Kind.CONTINUOUS or not _in_plan(leaf, on) or _validly_cancelled(leaf, on):
        return None
    return leaf_shown(_percent(leaf, on, leaf.reported), _happened(leaf.completed_on, on))


def _happened(day: datetime.date | None, on: datetime.date) -> bool:
    return day is not None and day <= on


def _in_plan(leaf: LeafFacts | PercentFacts, on: datetime.date) -> bool:
    return leaf.added_on is None or leaf.added_on <= on


def _validly_cancelled(leaf: LeafFacts | PercentFacts, on: datetime.date) -> bool:
    """R2: before its last due day, or with a document."""
    if not _happened(leaf.cancelled_on, on):
        return False
    last_due = leaf.due_on or max((m.due_on for m in _counted_milestones(leaf, on)), default=None)
    return last_due is None or leaf.cancelled_on < last_due or bool(leaf.cancellation_document)


def _suspended(leaf: LeafFacts, on: datetime.date) -> bool:
    return (
        leaf.suspended_on is not None
        and leaf.suspended_on <= on
        and (leaf.resumed_on is None or leaf.resumed_on > on)
    )


def _counted_milestones(leaf: LeafFacts | PercentFacts, on: datetime.date) -> list[MilestoneFacts]:
    return [m for m in leaf.milestones if m.waived_on is None or m.waived_on > on]


def _percent(leaf: LeafFacts | PercentFacts, on: datetime.date, reported: Decimal | None) -> Fraction:
    """R1 and R13; `reported` by the newest report. A countable leaf without anything known is at 0 (R3)."""
    if _happened(leaf.completed_on, on):
        return HUNDRED
    if leaf.uses_indicator:
        return min(leaf.indicator_percent or Fraction(0), OPEN_CAP)
    if leaf.kind == Kind.PERIODIC and leaf.milestones:
        counted = _counted_milestones(leaf, on)
        if not counted:
            return Fraction(0)
        done = sum(1 for m in counted if m.done_on is not None and m.done_on <= on)
        return HUNDRED * done / len(counted)
    if reported is None:
        return Fraction(0)
    return min(Fraction(reported), OPEN_CAP)


def _planned(leaf: LeafFacts, on: datetime.date, percent: Fraction) -> Fraction | None:
    """R7 and R9. None where no date says what was planned; such a leaf has no gap of its own."""
    clock = leaf.suspended_on if _suspended(leaf, on) else on
    if leaf.kind == Kind.PERIODIC and leaf.milestones:
        counted = _counted_milestones(leaf, on)
        if not counted:
            return None
        return HUNDRED * sum(1 for m in counted if m.due_on <= clock) / len(counted)
    if leaf.due_on is None:
        return None
    if clock >= leaf.due_on:
        return HUNDRED
    if leaf.start_on is None or clock <= leaf.start_on:
        return Fraction(0)
    return HUNDRED * (clock - leaf.start_on).days / (leaf.due_on - leaf.start_on).days


def _timeliness(leaf, on, completed, stopped, thresholds):
    """Timeliness, days late, and the milestone that makes it late where the activity itself is not (R8).

    What was cancelled too late, without a document, is not stopped: it goes on being late (R2).
    """
    if completed:
        if leaf.due_on is None:
            return Timeliness.DONE_ON_TIME, 0, None
        late = max((leaf.completed_on - leaf.due_on).days, 0)
        return (Timeliness.DONE_LATE if late else Timeliness.DONE_ON_TIME), late, None
    if stopped:
        return Timeliness.STOPPED, 0, None
    if leaf.kind == Kind.CONTINUOUS:
        return Timeliness.NO_DUE_DATE, 0, None
    due = earliest_open_day(leaf, on)
    if due is None:
        return Timeliness.NO_DUE_DATE, 0, None
    if due < on:
        return Timeliness.OVERDUE, (on - due).days, (None if due == leaf.due_on else due)
    if (due - on).days <= thresholds.due_soon_days:
        return Timeliness.DUE_SOON, 0, None
    return Timeliness.ON_TIME, 0, None


def earliest_open_day(leaf: LeafFacts, on: datetime.date) -> datetime.date | None:
    """The due day, or an earlier one of a milestone that is neither done nor waived by `on`."""
    days = [m.due_on for m in _counted_milestones(leaf, on) if m.done_on is None or m.done_on > on]
    return min(filter(None, (leaf.due_on, *days)), default=None)


def _report_state(leaf, on, countable, completed, suspended, last_report_on, period) -> tuple[bool, bool]:
    """R6: (reported, should have reported). What was done before the period or has not begun owes none."""
    if not countable:
        return False, False
    if period is None:
        expected = leaf.start_on is None or leaf.start_on <= on or last_report_on is not None
        return expected and last_report_on is not None, expected
    if completed and leaf.completed_on < period.start_on:
        return False, False
    if suspended and leaf.suspended_on < period.start_on:
        return False, False
    reported = last_report_on is not None and period.start_on <= last_report_on <= on
    return reported, reported or leaf.start_on is None or leaf.start_on <= on


def _reason(leaf, in_plan, continuous, validly_cancelled, cancelled, completed, suspended, latest):
    """Why this leaf counts as it does, in a few words for "Cách tính"."""
    if not in_plan:
        return _("chưa có trong kế hoạch vào ngày này")
    if continuous:
        return _("thường xuyên: không tính phần trăm")
    if validly_cancelled:
        return _("đã hủy hợp lệ: không tính")
    if completed:
        return _("đã hoàn thành: 100")
    if cancelled:
        return _("hủy sau hạn, không có văn bản: vẫn tính")
    if suspended:
        return _("tạm dừng: giữ giá trị cuối, đồng hồ kế hoạch dừng")
    if leaf.uses_indicator:
        if leaf.indicator_percent is None:
            return _("chỉ tiêu chưa cho biết phần trăm: tính 0")
        return _("tính theo chỉ tiêu")
    if leaf.kind == Kind.PERIODIC and leaf.milestones:
        return _("tính theo mốc đã đạt")
    if latest is None:
        return _("chưa báo cáo: tính 0")
    if latest[1] is None:
        return _("báo cáo không ghi phần trăm: tính 0")
    if latest[1] > OPEN_CAP:
        return _("báo cáo đã duyệt, tối đa 99 khi chưa hoàn thành")
    return _("báo cáo đã duyệt gần nhất")


def area_figure(leaves: Iterable[LeafFigure], thresholds: Thresholds = DEFAULTS) -> AreaFigure:
    """Return R3, R4, R6, R7, R8 for one area. Order of the leaves is irrelevant."""
    return figure_of(area_sums(leaves), thresholds)


def area_sums(leaves: Iterable[LeafFigure]) -> AreaSums:
    """Return what an area's figure is made from. Planned over the same set: a leaf without dates counts at
    its actual value, so it moves no gap (R7)."""
    leaves = [leaf for leaf in leaves if leaf.in_plan]
    counted = [leaf for leaf in leaves if leaf.countable]
    goes_on = [leaf for leaf in leaves if not leaf.countable and not leaf.cancelled]
    return AreaSums(
        weight=sum(leaf.weight for leaf in counted),
        weighted=exact_sum(leaf.contribution for leaf in counted),
        planned=exact_sum(leaf.planned_contribution for leaf in counted),
        with_planned=sum(leaf.planned is not None for leaf in counted),
        countable=len(counted),
        continuous=len(goes_on),
        cancelled=sum(leaf.cancelled for leaf in leaves),
        completed=sum(leaf.completed for leaf in counted),
        overdue=sum(leaf.timeliness == Timeliness.OVERDUE for leaf in counted),
        expected=sum(leaf.expected for leaf in counted),
        reported=sum(leaf.reported and leaf.expected for leaf in counted),
        unreported=sum(leaf.last_report_on is None for leaf in counted),
        last_activity_on=max((leaf.last_report_on for leaf in goes_on if leaf.last_report_on), default=None),
    )


def figure_of(sums: AreaSums, thresholds: Thresholds = DEFAULTS) -> AreaFigure:
    """Return the figure that these sums make."""
    coverage = HUNDRED * sums.reported / sums.expected if sums.expected else None
    sufficient = coverage is None or coverage >= Fraction(thresholds.minimum_coverage)
    all_completed = 0 < sums.countable == sums.completed
    exact = sums.weighted / sums.weight if sums.countable else None
    planned = sums.planned / sums.weight if sums.with_planned else None
    gap = None if planned is None else round_half_up(exact - planned)
    return AreaFigure(
        value=_capped(exact, all_completed),
        exact=exact,
        planned=None if planned is None else round_half_up(planned),
        gap=gap,
        status=_status(sums, gap, sufficient, thresholds),
        coverage=None if coverage is None else round_half_up(coverage),
        reported=sums.reported,
        expected=sums.expected,
        countable=sums.countable,
        continuous=sums.continuous,
        cancelled=sums.cancelled,
        completed=sums.completed,
        overdue=sums.overdue,
        unreported=sums.unreported,
        weight=sums.weight,
        last_activity_on=sums.last_activity_on,
        all_completed=all_completed,
        sufficient=sufficient,
    )


def _status(sums: AreaSums, gap: Decimal | None, sufficient: bool, thresholds: Thresholds) -> Status:
    if not sums.countable:
        if sums.continuous:
            return Status.ONLY_CONTINUOUS
        return Status.ALL_CANCELLED if sums.cancelled else Status.NO_ACTIVITY
    if not sufficient:
        return Status.INSUFFICIENT
    if gap is None:
        return Status.ATTENTION if sums.overdue else Status.NO_SCHEDULE
    if gap < thresholds.late_gap:
        return Status.LATE
    if gap < thresholds.attention_gap or sums.overdue:
        return Status.ATTENTION
    return Status.ON_TRACK


def _capped(exact: Fraction | None, all_completed: bool) -> Decimal | None:
    """R12: 100,0 is printed only where every countable activity is completed."""
    if exact is None:
        return None
    return round_half_up(exact) if all_completed else min(round_half_up(exact), FIGURE_CAP)


def headline(areas: Iterable[AreaFigure]) -> Headline:
    """Return R5: the simple mean of the areas that have a value."""
    areas = tuple(areas)
    valued = [area for area in areas if area.exact is not None]
    exact = sum((area.exact for area in valued), Fraction(0)) / len(valued) if valued else None
    return Headline(
        value=_capped(exact, all(area.all_completed for area in valued)),
        with_value=len(valued),
        areas=len(areas),
        figures=areas,
    )
