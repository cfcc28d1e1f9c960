"""What staff have to do: the questions behind "Việc của tôi", the menu's count and the admin's first page.

A list of overdue activities here is the same list as on the public pages: both read the figures.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from cooperation.models import ImportBatch
from cooperation.permissions import CHANGE, VIEW, reads_all, runs_the_system
from programs.awaiting import awaiting_key
from programs.deadlines import deadline_words
from programs.figures import activity_figures
from programs.measures import LeafFigure, Timeliness
from programs.models import Activity, ExplanationRequest, ProgressUpdate, ReportingPeriod
from programs.owed_reports import owed_reports
from programs.work_links import answer_address

Status = ProgressUpdate.Status


def _overdue(leaf: LeafFigure) -> bool:
    return leaf.countable and leaf.timeliness == Timeliness.OVERDUE


def _due_soon(leaf: LeafFigure) -> bool:
    return leaf.countable and leaf.timeliness == Timeliness.DUE_SOON


def _unreported(leaf: LeafFigure) -> bool:
    """The other side of "đã báo cáo k/n": owes a report and gave none in the period (R6)."""
    return leaf.countable and leaf.expected and not leaf.reported


def _open(leaf: LeafFigure) -> bool:
    return leaf.in_plan and not leaf.completed and leaf.timeliness != Timeliness.STOPPED


# Name in the address → (title, question), in the order of the page.
QUESTIONS: dict[str, tuple[str, Callable[[LeafFigure], bool]]] = {
    "qua-han": (_("Quá hạn"), _overdue),
    "sap-den-han": (_("Sắp đến hạn"), _due_soon),
    "chua-bao-cao": (_("Chưa báo cáo"), _unreported),
    "dang-lam": (_("Hoạt động của đơn vị tôi"), _open),
}
# Silence is a task; to go on with one's work is not.
TASKS = {"qua-han", "sap-den-han", "chua-bao-cao"}


@dataclass(frozen=True)
class Box:
    """One question and the rows that it holds for, in their order. `is_task`: they are the user's to do.

    `address`: where a row is gone on with, if not at its own page (work_links.work_address).
    """

    name: str
    title: str
    model: type[models.Model]
    pks: tuple[int, ...]
    is_task: bool = True
    leaves: dict[int, LeafFigure] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    # Rows with which somebody else has to go on: shown, and not counted as the user's.
    waiting: frozenset[int] = frozenset()
    address: Callable[..., str] | None = None


def mine(user):
    """The activities whose work is `user`'s: those the user writes, else (leaders) all to be seen."""
    own = Activity.objects.for_user(user, CHANGE)
    return own if own.exists() else Activity.objects.for_user(user, VIEW)


def work_to_do(activities, on: datetime.date) -> dict[str, dict[int, LeafFigure]]:
    """Return, for each question, the activities it holds for, by id, what is longest overdue first."""
    going_on = activities.filter(Q(completed_on__isnull=True) | Q(completed_on__gt=on))
    figures = sorted(activity_figures(going_on, on).items(), key=lambda row: (-row[1].days_late, row[0]))
    return {
        name: {pk: leaf for pk, leaf in figures if holds(leaf)} for name, (_title, holds) in QUESTIONS.items()
    }


def boxes(user, on: datetime.date, *, tasks_only: bool = False) -> list[Box]:
    """Return the boxes that this user's roles have, empty ones too, what waits for a word first.

    `tasks_only` leaves out what is only good to know, and the work to find it: the menu asks on every page.
    """
    reports, sent = _reports(user, tasks_only)
    found = [
        *reports,
        *_keys(user, on),
        *_explanations(user, on),
        *_activities(user, on, sent, tasks_only),
        *_imports(user),
    ]
    return [box for box in found if box.is_task or not tasks_only]


def task_count(found: list[Box]) -> int:
    """How many different things wait for the user; what is overdue and unreported is one thing."""
    return len({(box.model, pk) for box in found if box.is_task for pk in box.pks if pk not in box.waiting})


def _writes_reports(user) -> bool:
    """Administrators may write everything; what they find is not theirs to do."""
    return (
        user.has_perm("programs.change_progressupdate") and not runs_the_system(user) and not reads_all(user)
    )


def _reports(user, tasks_only: bool) -> tuple[list[Box], frozenset[int]]:
    """Reports by what waits for whom, and the activities of which one was sent."""
    is_task = _writes_reports(user)
    if not is_task and (tasks_only or not user.has_perm("programs.change_progressupdate")):
        return [], frozenset()
    rows = list(
        ProgressUpdate.objects.for_user(user, CHANGE)
        .filter(activity__deleted_at__isnull=True)
        .exclude(status=Status.ACCEPTED)
        .order_by("effective_on", "pk")
        .values_list("pk", "status", "activity_id", "is_counterpart")
    )
    asked = [
        ("tra-lai", _("Trả lại cho đơn vị tôi"), Status.RETURNED),
        ("ban-nhap", _("Bản nháp chưa gửi"), Status.DRAFT),
    ]
    if user.has_perm("programs.accept_progressupdate"):
        asked.insert(0, ("cho-duyet", _("Chờ tôi duyệt"), Status.SUBMITTED))
    found = [
        Box(name, title, ProgressUpdate, tuple(row[0] for row in rows if row[1] == status), is_task)
        for name, title, status in asked
    ]
    sent = frozenset(row[2] for row in rows if row[1] == Status.SUBMITTED and not row[3])
    return found, sent


def _keys(user, on: datetime.date) -> list[Box]:
    """Completions that wait for the own side: an approver confirms at one press what the leading side says;
    the rest takes a report. What was answered with "chưa thống nhất" is the leading side's again."""
    if not _writes_reports(user):
        return []
    keys = awaiting_key(user, on)
    order = Activity.objects.filter(pk__in=keys).in_order().values_list("pk", flat=True)
    rows: dict[bool, list[int]] = {True: [], False: []}
    for pk in order:
        rows[keys[pk].lead is not None].append(pk)
    notes = {
        pk: _gettext("bên chủ trì báo xong ngày %s") % f"{keys[pk].lead.completed_on:%d/%m/%Y}"
        for pk in rows[True]
    }
    answered = frozenset(pk for pk in rows[True] if keys[pk].answered)
    notes |= dict.fromkeys(answered, _gettext("đã trả lời: chưa thống nhất"))
    if not user.has_perm("programs.accept_progressupdate"):
        title = _("Chờ đơn vị tôi xác nhận hoàn thành")
        return [Box("xac-nhan", title, Activity, tuple(order), notes=notes, waiting=answered)]
    return [
        Box(
            "cho-xac-nhan",
            _("Chờ tôi xác nhận hoàn thành"),
            Activity,
            tuple(rows[True]),
            notes=notes,
            waiting=answered,
            address=answer_address,
        ),
        Box("xac-nhan", _("Bên kia báo hoàn thành, đơn vị tôi chưa"), Activity, tuple(rows[False])),
    ]


def _explanations(user, on: datetime.date) -> list[Box]:
    """Whoever asks sees what is late and what is still due; whoever answers, what is asked."""
    asks = user.has_perm("programs.add_explanationrequest")
    if not asks and not user.has_perm("programs.answer_explanationrequest"):
        return []
    rows = ExplanationRequest.objects.for_user(user, VIEW if asks else CHANGE).unanswered().about_living()
    due = dict(rows.order_by("due_on", "pk").values_list("pk", "due_on"))
    notes = {pk: deadline_words(day, on) for pk, day in due.items()}
    if not asks:
        title = _("Chờ đơn vị tôi giải trình")
        return [Box("giai-trinh", title, ExplanationRequest, tuple(due), notes=notes)]
    late = tuple(pk for pk, day in due.items() if day < on)
    still = tuple(pk for pk, day in due.items() if day >= on)
    return [
        Box(
            "giai-trinh-qua-han",
            _("Giải trình quá hạn"),
            ExplanationRequest,
            late,
            not runs_the_system(user),
            notes=notes,
        ),
        Box("giai-trinh-cho", _("Giải trình đang chờ"), ExplanationRequest, still, False, notes=notes),
    ]


def _activities(user, on: datetime.date, sent: frozenset[int], tasks_only: bool) -> list[Box]:
    if not user.has_perm("programs.view_activity"):
        return []
    writes = _writes_reports(user)
    activities = Activity.objects.for_user(user, CHANGE)
    if tasks_only:
        if not writes:
            return []
    elif not activities.exists():
        activities, writes = Activity.objects.for_user(user, VIEW), False
    found = [_closed_periods(activities, on, writes)]
    for name, leaves in work_to_do(activities, on).items():
        is_task = writes and name in TASKS
        waiting = sent & leaves.keys() if name == "chua-bao-cao" else frozenset()
        notes = dict.fromkeys(waiting, _gettext("đã gửi, chờ duyệt"))
        title = QUESTIONS[name][0]
        found.append(Box(name, title, Activity, tuple(leaves), is_task, leaves, notes, frozenset(waiting)))
    return found


def _closed_periods(activities, on: datetime.date, writes: bool) -> Box:
    """Reports that a period which is closed already still waits for."""
    since = on - timedelta(days=settings.PORTAL_REMIND_CATCH_UP_DAYS)
    periods = ReportingPeriod.objects.filter(end_on__lt=on, due_on__gte=since)
    leaves, notes = {}, {}
    for owed in owed_reports(activities, on, periods):
        leaves |= owed.leaves
        words = {"period": owed.period.label, "deadline": deadline_words(owed.period.due_on, on)}
        notes |= dict.fromkeys(owed.leaves, _gettext("%(period)s: %(deadline)s") % words)
    title = _("Kỳ đã chốt còn thiếu báo cáo")
    return Box("ky-da-chot", title, Activity, tuple(leaves), writes, leaves, notes)


def _imports(user) -> list[Box]:
    """Files that the user brought in and has not written yet."""
    if not user.has_perm("cooperation.view_importbatch"):
        return []
    rows = ImportBatch.objects.for_user(user).filter(user=user, state__in=ImportBatch.OPEN)
    pks = tuple(rows.order_by("-created_at", "-pk").values_list("pk", flat=True))
    return [Box("tep-nhap", _("Tệp nhập đang dở"), ImportBatch, pks)]
