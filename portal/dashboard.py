"""The admin's first page starts from the work: what is mine, late, due, silent, waiting."""

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.permissions import CHANGE
from programs.measures import Timeliness
from programs.models import Activity, ProgressUpdate
from programs.templatetags.progress_display import timeliness_label
from programs.todo import QUESTIONS, mine, work_to_do

FIRST_ROWS = 6


def dashboard_callback(request, context):
    """Add `work`: boxes with a count, the first rows and the address of the filtered list.

    Who may see no activities has no boxes. The list behind a box holds as many rows as the box counts.
    """
    user = request.user
    context["work"] = []
    if not user.has_perm("programs.view_activity"):
        return context
    address = reverse("admin:programs_activity_changelist")
    context["work"] = [
        _activities(QUESTIONS[name][0], leaves, f"{address}?viec={name}")
        for name, leaves in work_to_do(mine(user), localdate()).items()
    ] + _reports(user)
    return context


def _activities(title, leaves, address) -> dict:
    first = list(leaves)[:FIRST_ROWS]
    activities = Activity.objects.in_bulk(first)
    return {
        "title": title,
        "count": len(leaves),
        "address": address,
        "rows": [
            {
                "label": activities[pk].title,
                "address": reverse("admin:programs_activity_change", args=(pk,)),
                "note": _due_note(activities[pk], leaves[pk]),
            }
            for pk in first
            if pk in activities
        ],
    }


def _due_note(activity, leaf) -> str:
    if leaf.timeliness == Timeliness.OVERDUE:
        return timeliness_label(leaf, activity)
    if activity.due_on is None:
        return ""
    return _("hạn %(day)s") % {"day": f"{activity.due_on:%d/%m/%Y}"}


def _reports(user) -> list[dict]:
    """What waits for this user's word: to accept, returned to the unit, written and not yet sent."""
    if not user.has_perm("programs.change_progressupdate"):
        return []
    states = [
        (_("Trả lại cho đơn vị tôi"), ProgressUpdate.Status.RETURNED),
        (_("Bản nháp chưa gửi"), ProgressUpdate.Status.DRAFT),
    ]
    if user.has_perm("programs.accept_progressupdate"):
        states.insert(0, (_("Chờ tôi duyệt"), ProgressUpdate.Status.SUBMITTED))
    address = reverse("admin:programs_progressupdate_changelist")
    boxes = []
    for title, status in states:
        rows = ProgressUpdate.objects.for_user(user, CHANGE).filter(status=status).select_related("activity")
        boxes.append(
            {
                "title": title,
                "count": rows.count(),
                "address": f"{address}?status__exact={status}",
                "rows": [
                    {
                        "label": update.activity.title,
                        "address": reverse("admin:programs_progressupdate_change", args=(update.pk,)),
                        "note": f"{update.effective_on:%d/%m/%Y}",
                    }
                    for update in rows.order_by("effective_on", "pk")[:FIRST_ROWS]
                ],
            }
        )
    return boxes
