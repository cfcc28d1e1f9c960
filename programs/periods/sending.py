"""Who owes a report for a period, what is still missing in it, and an agency's word that it is complete."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation.models import Agency
from cooperation.permissions import CHANGE, VIEW, agency_line, runs_the_system
from programs.facts import FactsOverTime
from programs.figures import thresholds_in_force
from programs.measures import Period
from programs.models import Activity, PeriodReport, ProgressUpdate, ReportingPeriod
from programs.periods.locking import hold_plan
from programs.progress import leaf_figure


def owing_agencies(period: ReportingPeriod, bodies: dict[int, Agency] | None = None) -> list[Agency]:
    """The bodies that owe a report: the plan's signatories and their successors, as far as they existed
    during the period. One that crosses a merger has a row for each side of that day.

    `bodies`: all agencies by id; pass them where many periods are asked for.
    """
    bodies = bodies or Agency.objects.in_bulk()
    found: dict[int, Agency] = {}
    for signatory in sorted(period.plan.agencies.all(), key=lambda body: (body.sort_key, body.pk)):
        body, seen = bodies.get(signatory.pk), set()
        while body is not None and body.pk not in seen:
            seen.add(body.pk)
            began = body.valid_from is None or body.valid_from <= period.end_on
            went_on = body.dissolved_on is None or body.dissolved_on > period.start_on
            if began and went_on:
                found.setdefault(body.pk, body)
            if body.dissolved_on is None or body.dissolved_on > period.end_on:
                break
            body = bodies.get(body.successor_id)
    return list(found.values())


@dataclass(frozen=True)
class Owed:
    """One line of the page: an agency, its report where it was sent, and what `user` may do with it."""

    agency: Agency
    report: PeriodReport | None
    may_send: bool = False
    may_read: bool = False


def owed_reports(period: ReportingPeriod, user=None) -> list[Owed]:
    sent = {report.agency_id: report for report in period.reports.select_related("agency", "sent_by")}
    writes = user is not None and _may_send(user)
    line = agency_line(user) if writes else frozenset()
    read = () if user is None else PeriodReport.objects.for_user(user, VIEW).filter(period=period)
    readable = {report.agency_id for report in read}
    return [
        Owed(
            agency,
            sent.get(agency.pk),
            writes and agency.pk not in sent and (runs_the_system(user) or agency.pk in line),
            agency.pk in readable,
        )
        for agency in owing_agencies(period)
    ]


def _may_send(user) -> bool:
    return user.is_active and user.is_staff and user.has_perm("programs.add_periodreport")


@dataclass(frozen=True)
class Missing:
    """What is not in yet of a user's own activities: codes and titles, and reports that nobody accepted."""

    unreported: list[tuple[str, str]]
    unsent: list[ProgressUpdate]
    waiting: list[ProgressUpdate]

    def __bool__(self) -> bool:
        return bool(self.unreported or self.unsent or self.waiting)


def missing_of(period: ReportingPeriod, user) -> Missing:
    """Return what `user`'s own activities still lack in the period (R6), as of its end or of today."""
    own = Activity.objects.for_user(user, CHANGE).filter(area__plan=period.plan_id)
    own = Activity.objects.filter(pk__in=own.values("pk"))
    on = min(period.end_on, timezone.localdate())
    span, thresholds = Period(period.start_on, period.end_on), thresholds_in_force()
    unreported = []
    for activity in FactsOverTime(own).on(on):
        figure = leaf_figure(activity.facts, on, span, thresholds)
        if figure.expected and not figure.reported:
            unreported.append((activity.code, activity.title))
    Status = ProgressUpdate.Status  # noqa: N806
    reports = ProgressUpdate.objects.for_user(user, CHANGE).filter(
        activity__in=own.values("pk"),
        effective_on__range=(period.start_on, period.end_on),
        status__in=(Status.DRAFT, Status.RETURNED, Status.SUBMITTED),
    )
    reports = list(reports.select_related("activity").order_by("effective_on", "pk"))
    return Missing(
        unreported,
        [report for report in reports if report.status != Status.SUBMITTED],
        [report for report in reports if report.status == Status.SUBMITTED],
    )


@transaction.atomic
def send(*, period: ReportingPeriod, agency: Agency, user, note: str = "") -> PeriodReport:
    """Declare that the agency's part of the period is complete. Once; before the figures are sealed."""
    # The plan is held as for sealing: a report is in before, or refused after.
    hold_plan(period.plan_id)
    period = ReportingPeriod.objects.select_related("plan", "snapshot").get(pk=period.pk)
    if period.is_sealed:
        raise ValidationError(_("Kỳ này đã chốt số liệu: không gửi thêm báo cáo được."))
    if period.start_on > timezone.localdate():
        raise ValidationError(_("Kỳ này chưa bắt đầu nên chưa gửi báo cáo được."))
    owed = next((row for row in owed_reports(period, user) if row.agency.pk == agency.pk), None)
    if owed is not None and owed.report is not None:
        raise ValidationError(_("Cơ quan đã gửi báo cáo của kỳ này."))
    if owed is None or not owed.may_send:
        raise PermissionDenied(_("Tài khoản của bạn không gửi báo cáo thay cơ quan này được."))
    return PeriodReport.objects.create(
        period=period, agency=agency, note=note.strip(), sent_by=user, sent_at=timezone.now()
    )
