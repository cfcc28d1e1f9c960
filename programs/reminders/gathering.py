"""What there is to be reminded of on a day, for everybody at once; the figures decide what is true."""

import datetime
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from cooperation.text import clean
from programs.awaiting import awaiting_answer
from programs.deadlines import deadline_words
from programs.figures import activity_figures
from programs.measures import Timeliness
from programs.models import Activity, ExplanationRequest, Milestone, ProgressUpdate, ReportingPeriod
from programs.owed_reports import owed_reports
from programs.reminders.rules import (
    Calendar,
    Step,
    confirmation_steps,
    deadline_steps,
    explanation_steps,
    late_explanation_steps,
    owed_report_steps,
    returned_steps,
    waiting_steps,
)
from programs.work_links import answer_address, work_address


class Audience(StrEnum):
    """Who is told: of the row's agency those who report, correct, accept or answer; of the other side those
    who confirm; or who asked."""

    REPORTS = "reports"
    CORRECTS = "corrects"
    ACCEPTS = "accepts"
    CONFIRMS = "confirms"
    ANSWERS = "answers"
    ASKED = "asked"


@dataclass(frozen=True)
class Reminder:
    """One thing that is true today. `row`: whose scope decides; `steps`: in time, the newest last."""

    audience: Audience
    row: int
    steps: tuple[Step, ...]
    title: str
    note: str
    address: str
    asked_by: int | None = None


def calendar_in_force() -> Calendar:
    return Calendar(
        days_before=tuple(settings.PORTAL_REMIND_DAYS_BEFORE),
        overdue_every=settings.PORTAL_REMIND_OVERDUE_EVERY,
        catch_up=settings.PORTAL_REMIND_CATCH_UP_DAYS,
        report_days_before=settings.PORTAL_REMIND_REPORT_DAYS_BEFORE,
        explanation_days_before=settings.PORTAL_REMIND_EXPLANATION_DAYS_BEFORE,
        accept_after=settings.PORTAL_REMIND_ACCEPT_AFTER_DAYS,
    )


def reminders_on(on: datetime.date, calendar: Calendar | None = None) -> list[Reminder]:
    """Return everything that is true on `on` and has a step in time. The number of queries is constant."""
    calendar = calendar or calendar_in_force()
    going_on = Activity.objects.filter(Q(completed_on__isnull=True) | Q(completed_on__gt=on))
    found = [
        *_deadlines(going_on, on, calendar),
        *_owed(going_on, on, calendar),
        *_reports(on, calendar),
        *_confirmations(on, calendar),
        *_explanations(on, calendar),
    ]
    return [reminder for reminder in found if reminder.steps]


def _deadlines(going_on, on, calendar) -> list[Reminder]:
    """Activities and open milestones that are due, by the same figures as "quá hạn" on the pages."""
    horizon = on + timedelta(days=max(calendar.days_before, default=0))
    open_milestones = Milestone.objects.filter(
        Q(done_on__isnull=True) | Q(done_on__gt=on),
        Q(waived_on__isnull=True) | Q(waived_on__gt=on),
        due_on__lte=horizon,
    )
    near = going_on.filter(Q(due_on__lte=horizon) | Q(pk__in=open_milestones.order_by().values("activity")))
    open_ids = {
        pk
        for pk, leaf in activity_figures(near, on).items()
        if leaf.countable and not leaf.completed and leaf.timeliness != Timeliness.STOPPED
    }
    activities = {
        activity.pk: activity
        for activity in near.select_related("area__plan").order_by("due_on", "pk")
        if activity.pk in open_ids
    }
    found = [
        Reminder(
            Audience.REPORTS,
            activity.pk,
            deadline_steps(f"hd{activity.pk}", activity.due_on, on, calendar),
            _named(activity),
            deadline_words(activity.due_on, on, activity.date_precision),
            work_address(activity),
        )
        for activity in activities.values()
        if activity.due_on is not None
    ]
    for milestone in open_milestones.filter(activity__in=near.order_by().values("pk")).order_by(
        "due_on", "pk"
    ):
        activity = activities.get(milestone.activity_id)
        # A milestone of the last day is the activity's own deadline.
        if activity is None or milestone.due_on == activity.due_on:
            continue
        words = {"milestone": milestone.title, "deadline": deadline_words(milestone.due_on, on)}
        found.append(
            Reminder(
                Audience.REPORTS,
                activity.pk,
                deadline_steps(f"moc{milestone.pk}", milestone.due_on, on, calendar),
                _named(activity),
                _("mốc “%(milestone)s” %(deadline)s") % words,
                work_address(activity),
            )
        )
    return found


def _owed(going_on, on, calendar) -> list[Reminder]:
    periods = ReportingPeriod.objects.filter(
        due_on__gte=on - timedelta(days=calendar.catch_up + 1),
        due_on__lte=on + timedelta(days=calendar.report_days_before),
    )
    found = []
    for owed in owed_reports(going_on, on, periods):
        period = owed.period
        words = {"period": period.label, "deadline": deadline_words(period.due_on, on)}
        note = _("chưa có báo cáo kỳ “%(period)s”: %(deadline)s") % words
        for activity in Activity.objects.filter(pk__in=going_on.values("pk"), area__plan=period.plan_id):
            if activity.pk in owed.leaves:
                about = f"bc{activity.pk}k{period.pk}"
                steps = owed_report_steps(about, period.due_on, on, calendar)
                address = work_address(activity)
                found.append(Reminder(Audience.REPORTS, activity.pk, steps, _named(activity), note, address))
    return found


def _reports(on, calendar) -> list[Reminder]:
    """Reports that came back, and reports that wait for a word."""
    states = (ProgressUpdate.Status.RETURNED, ProgressUpdate.Status.SUBMITTED)
    rows = ProgressUpdate.objects.filter(status__in=states, activity__deleted_at__isnull=True)
    found = []
    for update in rows.select_related("activity").order_by("effective_on", "pk"):
        title, address = _named(update.activity), work_address(update)
        if update.status == ProgressUpdate.Status.RETURNED:
            steps = returned_steps(f"tra{update.pk}", timezone.localtime(update.decided_at), on, calendar)
            note = _("trả lại: %(note)s") % {"note": Truncator(clean(update.return_note)).chars(300)}
            found.append(Reminder(Audience.CORRECTS, update.pk, steps, title, note, address))
        elif update.submitted_at is not None:
            sent_at = timezone.localtime(update.submitted_at)
            steps = waiting_steps(f"duyet{update.pk}", sent_at, on, calendar)
            note = _("chờ duyệt %(days)s ngày") % {"days": (on - sent_at.date()).days}
            found.append(Reminder(Audience.ACCEPTS, update.pk, steps, title, note, address))
    return found


def _confirmations(on, calendar) -> list[Reminder]:
    """What the leading side calls completed, for each side that has not answered."""
    waiting = awaiting_answer(on)
    found = []
    for pk, activity in sorted(Activity.objects.in_bulk(waiting).items()):
        lead = waiting[pk]
        said_on = timezone.localtime(lead.turned_at).date() if lead.turned_at else lead.completed_on
        steps = confirmation_steps(f"xn{pk}", said_on, on, calendar)
        note = _("bên chủ trì báo xong ngày %s, chờ xác nhận") % f"{lead.completed_on:%d/%m/%Y}"
        found.append(Reminder(Audience.CONFIRMS, pk, steps, _named(activity), note, answer_address(activity)))
    return found


def _explanations(on, calendar) -> list[Reminder]:
    """Told to the agency that was asked; once late, also to who asked."""
    found = []
    rows = ExplanationRequest.objects.unanswered().about_living().select_related("activity", "area", "agency")
    for row in rows.order_by("due_on", "pk"):
        about = f"gt{row.pk}"
        asked_on = timezone.localtime(row.asked_at).date()
        steps = explanation_steps(about, asked_on, row.due_on, on, calendar)
        note, address = deadline_words(row.due_on, on), row.get_absolute_url()
        found.append(Reminder(Audience.ANSWERS, row.pk, steps, str(row.about), note, address))
        late = late_explanation_steps(about, row.due_on, on, calendar)
        note = f"{row.agency.called}: {note}"
        found.append(Reminder(Audience.ASKED, row.pk, late, str(row.about), note, address, row.asked_by_id))
    return found


def _named(activity: Activity) -> str:
    return f"{activity.title} ({activity.code})"
