"""The admin's first page starts from the work: what is mine, late, due, silent, waiting."""

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.permissions import CHANGE, VIEW
from programs.models import Activity, ProgressUpdate

FIRST_ROWS = 6


def dashboard_callback(request, context):
    """Add `work`: boxes with a count, the first rows and the address of the filtered list.

    Two queries a box; who may see no activities has no boxes.
    """
    user = request.user
    context["work"] = []
    if not user.has_perm("programs.view_activity"):
        return context
    today = localdate()
    own = Activity.objects.for_user(user, CHANGE)
    if not own.exists():
        own = Activity.objects.for_user(user, VIEW)
    activities = reverse("admin:programs_activity_changelist")
    context["work"] = [
        _activities(
            _("Quá hạn"), own.overdue(today).order_by("due_on", "pk"), f"{activities}?viec=qua-han", today
        ),
        _activities(
            _("Sắp đến hạn"),
            own.due_soon(today).order_by("due_on", "pk"),
            f"{activities}?viec=sap-den-han",
            today,
        ),
        _activities(
            _("Chưa báo cáo"),
            own.unreported(today).order_by("start_on", "pk"),
            f"{activities}?viec=chua-bao-cao",
            today,
        ),
        _activities(
            _("Hoạt động của đơn vị tôi"),
            own.open_on(today).order_by("due_on", "pk"),
            f"{activities}?viec=dang-lam",
            today,
        ),
        *_reports(user),
    ]
    return context


def _activities(title, rows, address, today) -> dict:
    return {
        "title": title,
        "count": rows.count(),
        "address": address,
        "rows": [
            {
                "label": activity.title,
                "address": reverse("admin:programs_activity_change", args=(activity.pk,)),
                "note": _due_note(activity.due_on, today),
            }
            for activity in rows[:FIRST_ROWS]
        ],
    }


def _due_note(due_on, today) -> str:
    if due_on is None:
        return ""
    if due_on < today:
        return _("quá hạn %(days)s ngày") % {"days": (today - due_on).days}
    return _("hạn %(day)s") % {"day": f"{due_on:%d/%m/%Y}"}


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
