"""The admin's first page starts from the work: the boxes of "Việc của tôi", with the admin's own lists."""

from django.urls import reverse
from django.utils.timezone import localdate

from portal.work import shown_boxes
from programs.models import Activity, ProgressUpdate
from programs.todo import QUESTIONS, boxes
from programs.work_links import work_address

_STATES = {
    "cho-duyet": ProgressUpdate.Status.SUBMITTED,
    "tra-lai": ProgressUpdate.Status.RETURNED,
    "ban-nhap": ProgressUpdate.Status.DRAFT,
}


def dashboard_callback(request, context):
    """Add `work`. The list behind a box holds as many rows as the box counts."""
    today = localdate()
    context["work"] = [
        {**box, "address": _admin_list(box["name"]) or box["address"]}
        for box in shown_boxes(boxes(request.user, today), today, _admin_page)
    ]
    return context


def _admin_page(record, *, writes: bool) -> str:
    """The form of the record, where milestones, evidence and history stand on one page."""
    if isinstance(record, Activity | ProgressUpdate):
        return reverse(f"admin:programs_{record._meta.model_name}_change", args=(record.pk,))
    return work_address(record, writes=writes)


def _admin_list(name: str) -> str:
    """The admin's list of the same rows, where it has one: there they can be filtered and acted upon."""
    if name in QUESTIONS:
        return f"{reverse('admin:programs_activity_changelist')}?viec={name}"
    if name in _STATES:
        return f"{reverse('admin:programs_progressupdate_changelist')}?status__exact={_STATES[name]}"
    return ""
