"""Opens the reporting periods of a plan's year; once, however often it is asked for."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cooperation.models import JointPlan
from programs.models import ReportingPeriod
from programs.periods.calendar import KINDS, periods_of, working_days_after
from programs.standings.keeping import refresh_plans


def cutoff_in_force() -> int | None:
    """The day that closes a month, or None where periods follow the calendar."""
    return None if settings.PORTAL_PERIOD_CALENDAR == "calendar" else settings.PORTAL_PERIOD_CUTOFF_DAY


@transaction.atomic
def open_year(
    *, plan: JointPlan, year: int, kinds: Iterable[str] = KINDS, user=None
) -> tuple[list[ReportingPeriod], int]:
    """Open what is not open yet; return the new periods and how many were there already.

    A period that would overlap one of its kind is taken to be there: its dates were set by a person, or by
    another cut-off day. `user` None: the system's command.
    """
    if user is not None and not user.has_perm("programs.add_reportingperiod"):
        raise PermissionDenied(_("Tài khoản của bạn không có quyền mở kỳ báo cáo."))
    plan = JointPlan.objects.select_for_update().get(pk=plan.pk)
    first, last = plan.start_year, plan.end_year
    if (first and year < first) or (last and year > last):
        raise ValidationError(
            _("Kế hoạch chạy %(years)s nên không mở kỳ báo cáo của năm %(year)s.")
            % {"years": plan.years_label, "year": year}
        )
    opened, there = [], 0
    for kind in kinds:
        existing = list(
            ReportingPeriod.objects.filter(plan=plan, kind=kind).values_list("start_on", "end_on")
        )
        for span in periods_of(year, kind, cutoff_in_force()):
            if any(start <= span.end_on and span.start_on <= end for start, end in existing):
                there += 1
                continue
            opened.append(
                ReportingPeriod.objects.create(
                    plan=plan,
                    kind=kind,
                    label=span.label,
                    start_on=span.start_on,
                    end_on=span.end_on,
                    due_on=working_days_after(span.end_on, settings.PORTAL_PERIOD_SEND_DAYS),
                )
            )
    if opened:
        refresh_plans([plan.pk])
    return opened, there
