"""What goes into the rule of progress and what comes out of it: plain values, no database."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


def round_half_up(value: Fraction) -> Decimal:
    """Return `value` with one decimal, half up: away from zero (R12)."""
    scaled = Decimal(value.numerator) * 10 / Decimal(value.denominator)
    return scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP).scaleb(-1) + 0  # never -0,0


def exact_sum(values: Iterable[Fraction]) -> Fraction:
    """Return the sum; equal denominators first, because adding unlike ones is what takes the time."""
    numerators: dict[int, int] = defaultdict(int)
    for value in values:
        numerators[value.denominator] += value.numerator
    return sum((Fraction(above, below) for below, above in numerators.items()), Fraction(0))


FIGURE_CAP = Decimal("99.9")  # R12: 100,0 is printed only for what is completed


def leaf_shown(percent: Fraction, completed: bool) -> Decimal:
    """Return the percentage of one activity as pages show it."""
    shown = round_half_up(percent)
    return shown if completed else min(shown, FIGURE_CAP)


class Kind(StrEnum):
    ONE_OFF = "one_off"
    PERIODIC = "periodic"
    CONTINUOUS = "continuous"


class Timeliness(StrEnum):
    """Derived from dates, never stored."""

    ON_TIME = "on_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    NO_DUE_DATE = "no_due_date"
    STOPPED = "stopped"


class Status(StrEnum):
    """What an area's label says (R4, R6, R7, R8)."""

    ON_TRACK = "on_track"
    ATTENTION = "attention"
    LATE = "late"
    INSUFFICIENT = "insufficient"
    NO_SCHEDULE = "no_schedule"
    NO_ACTIVITY = "no_activity"
    ONLY_CONTINUOUS = "only_continuous"
    ALL_CANCELLED = "all_cancelled"


TIMELINESS_LABELS = {
    Timeliness.ON_TIME: _("trong hạn"),
    Timeliness.DUE_SOON: _("sắp đến hạn"),
    Timeliness.OVERDUE: _("quá hạn"),
    Timeliness.DONE_ON_TIME: _("hoàn thành đúng hạn"),
    Timeliness.DONE_LATE: _("hoàn thành quá hạn"),
    Timeliness.NO_DUE_DATE: _("không thời hạn"),
    Timeliness.STOPPED: _("đã dừng"),
}
STATUS_LABELS = {
    Status.ON_TRACK: _("đúng tiến độ"),
    Status.ATTENTION: _("cần chú ý"),
    Status.LATE: _("chậm tiến độ"),
    Status.INSUFFICIENT: _("chưa đủ số liệu"),
    Status.NO_SCHEDULE: _("chưa có thời hạn để so"),
    Status.NO_ACTIVITY: _("Chưa có hoạt động"),
    Status.ONLY_CONTINUOUS: _("Chỉ có hoạt động thường xuyên"),
    Status.ALL_CANCELLED: _("Đã hủy toàn bộ"),
}


@dataclass(frozen=True)
class Thresholds:
    """The settings that labels depend on; a sealed period keeps the ones it used (R7, R14)."""

    attention_gap: Decimal = Decimal("-10")
    late_gap: Decimal = Decimal("-25")
    minimum_coverage: Decimal = Decimal("60")
    due_soon_days: int = 30


@dataclass(frozen=True)
class Period:
    """A reporting period, both days inclusive."""

    start_on: datetime.date
    end_on: datetime.date


@dataclass(frozen=True)
class MilestoneFacts:
    due_on: datetime.date
    done_on: datetime.date | None = None
    waived_on: datetime.date | None = None


@dataclass(frozen=True)
class LeafFacts:
    """What the rule needs to know of one activity. `updates` are the accepted ones: (effective_on, percent).

    `updates` may hold the newest one only, as long as it is the newest by the date that is asked for.
    """

    kind: Kind = Kind.ONE_OFF
    weight: int = 1
    added_on: datetime.date | None = None
    start_on: datetime.date | None = None
    due_on: datetime.date | None = None
    completed_on: datetime.date | None = None
    suspended_on: datetime.date | None = None
    resumed_on: datetime.date | None = None
    cancelled_on: datetime.date | None = None
    cancellation_document: str = ""
    updates: tuple[tuple[datetime.date, Decimal | None], ...] = ()
    milestones: tuple[MilestoneFacts, ...] = ()
    uses_indicator: bool = False
    indicator_percent: Fraction | None = None
    indicator_on: datetime.date | None = None


class PercentFacts(NamedTuple):
    """Of LeafFacts what the percentage hangs on, as of one day. `reported`: by the newest report of a
    percentage."""

    kind: str
    added_on: datetime.date | None
    due_on: datetime.date | None
    completed_on: datetime.date | None
    cancelled_on: datetime.date | None
    cancellation_document: str
    milestones: tuple[MilestoneFacts, ...]
    uses_indicator: bool
    indicator_percent: Fraction | None
    reported: Decimal | None


@dataclass(frozen=True)
class LeafFigure:
    """One activity as of a date. `percent` and `planned` in points, exact; None where there is none."""

    in_plan: bool
    countable: bool
    cancelled: bool
    weight: int
    percent: Fraction | None
    planned: Fraction | None
    completed: bool
    reported: bool
    expected: bool
    timeliness: Timeliness
    days_late: int
    missed_milestone_on: datetime.date | None
    last_report_on: datetime.date | None
    reason: str

    @property
    def shown(self) -> Decimal | None:
        return None if self.percent is None else leaf_shown(self.percent, self.completed)

    @property
    def planned_shown(self) -> Decimal | None:
        return None if self.planned is None else round_half_up(self.planned)

    @property
    def contribution(self) -> Fraction:
        """Weight × percent, the summand of R3."""
        return self.weight * (self.percent or Fraction(0))

    @property
    def planned_contribution(self) -> Fraction:
        """Weight × planned, or what stands in for it (R7)."""
        return self.contribution if self.planned is None else self.weight * self.planned


@dataclass(frozen=True)
class AreaSums:
    """What the figure of an area is made from: sums over its countable leaves, and counts of all.

    `weighted` is Σ weight × percent; `planned` the same of what was planned, a leaf without dates standing
    at its percent; `with_planned` counts those that have dates.
    """

    weight: int = 0
    weighted: Fraction = Fraction(0)
    planned: Fraction = Fraction(0)
    with_planned: int = 0
    countable: int = 0
    continuous: int = 0
    cancelled: int = 0
    completed: int = 0
    overdue: int = 0
    expected: int = 0
    reported: int = 0
    unreported: int = 0
    last_activity_on: datetime.date | None = None


@dataclass(frozen=True)
class AreaFigure:
    """One area as of a date. `value` is None where the area has no value, which is not 0 (R4)."""

    value: Decimal | None
    exact: Fraction | None
    planned: Decimal | None
    gap: Decimal | None
    status: Status
    coverage: Decimal | None
    reported: int
    expected: int
    countable: int
    continuous: int
    cancelled: int
    completed: int
    overdue: int
    unreported: int
    weight: int
    last_activity_on: datetime.date | None
    all_completed: bool
    sufficient: bool


@dataclass(frozen=True)
class Headline:
    """R5: the simple mean of the areas that have a value, always said with "trên k/n lĩnh vực"."""

    value: Decimal | None
    with_value: int
    areas: int
    figures: tuple[AreaFigure, ...] = field(default=(), repr=False)
