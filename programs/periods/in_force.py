"""What a figure of a day hangs on beside the records: the reporting period, and the thresholds in force."""

import datetime

from django.conf import settings
from django.db.models import Count

from programs.measures import Thresholds
from programs.models import ReportingPeriod, Snapshot


def thresholds_in_force() -> Thresholds:
    return Thresholds(
        attention_gap=settings.PORTAL_ATTENTION_GAP,
        late_gap=settings.PORTAL_LATE_GAP,
        minimum_coverage=settings.PORTAL_MINIMUM_COVERAGE,
        due_soon_days=settings.PORTAL_DUE_SOON_DAYS,
    )


def reporting_period(plan_id: int, on: datetime.date) -> ReportingPeriod | None:
    """The shortest reporting period that `on` closes or falls in (R6); where one that ends on that day is
    sealed, that one."""
    return next(iter(in_order(ReportingPeriod.objects.filter(plan=plan_id).containing(on), on)), None)


def in_order(periods, on: datetime.date) -> list[ReportingPeriod]:
    """`periods` of containing(on), with what was sealed first for this very day before the others."""
    rows = list(periods.select_related("snapshot").defer("snapshot__content"))
    sealed = [period for period in rows if closes(period, on)]
    sealed.sort(key=lambda period: (period.snapshot.sealed_at, period.snapshot.pk))
    return sealed + [period for period in rows if not closes(period, on)]


def closes(period: ReportingPeriod | None, on: datetime.date) -> bool:
    """Whether the period ends on that day and is sealed: then its snapshot is what that day says."""
    return period is not None and period.end_on == on and getattr(period, "snapshot", None) is not None


def with_content(period: ReportingPeriod) -> Snapshot:
    """The snapshot of a sealed period with its content and the number of its errata: one query."""
    snapshot = Snapshot.objects.annotate(errata_count=Count("errata")).get(pk=period.snapshot.pk)
    snapshot.period = period
    return snapshot
