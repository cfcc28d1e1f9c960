"""The mail: one a person and a run, plain text, what is late first."""

import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.reminders.gathering import Reminder
from programs.reminders.rules import Kind

HEADINGS = {
    Kind.OVERDUE: gettext_lazy("Quá hạn"),
    Kind.DUE_TODAY: gettext_lazy("Đến hạn hôm nay"),
    Kind.DUE_SOON: gettext_lazy("Sắp đến hạn"),
    Kind.NOT_REPORTED: gettext_lazy("Chưa báo cáo"),
    Kind.RETURNED: gettext_lazy("Báo cáo bị trả lại"),
    Kind.TO_ACCEPT: gettext_lazy("Chờ duyệt"),
    Kind.TO_CONFIRM: gettext_lazy("Chờ xác nhận hoàn thành"),
    Kind.EXPLAIN: gettext_lazy("Yêu cầu giải trình"),
    Kind.EXPLAIN_LATE: gettext_lazy("Giải trình quá hạn"),
}


def digest(user, reminders: list[Reminder], on: datetime.date) -> EmailMessage:
    """Return the mail to `user` about these things, each said as of `on`."""
    base = settings.PORTAL_BASE_URL
    groups = [
        (
            str(heading),
            [
                {"title": reminder.title, "note": reminder.note, "address": base + reminder.address}
                for reminder in reminders
                if reminder.steps[-1].kind == kind
            ],
        )
        for kind, heading in HEADINGS.items()
    ]
    context = {
        "name": str(user),
        "on": on,
        "count": len(reminders),
        "groups": [(heading, rows) for heading, rows in groups if rows],
        "address": base + reverse("my-work"),
    }
    return EmailMessage(
        subject=_("[Liên Tịch] %(count)s việc cần làm") % {"count": len(reminders)},
        body=render_to_string("programs/reminders/digest.txt", context),
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
