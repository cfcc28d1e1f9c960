"""The page "Việc của tôi": what waits for the user first. The admin's first page shows the same boxes."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cooperation.lists import page_of
from cooperation.models import ImportBatch
from programs.deadlines import deadline_words
from programs.measures import Timeliness
from programs.models import Activity, ExplanationRequest, ProgressUpdate
from programs.templatetags.progress_display import timeliness_label
from programs.todo import Box, boxes, task_count
from programs.work_links import work_address

FIRST_ROWS = 6
LONGEST_QUOTE = 120
# What a row shows of others, by model.
_RELATIONS = {
    Activity: ("area__plan",),
    ProgressUpdate: ("activity",),
    ExplanationRequest: ("activity", "area", "agency"),
    ImportBatch: ("plan",),
}


@never_cache
@login_required
def my_work(request):
    """All boxes with their first rows, or with `?viec=` one of them, whole. One query a kind of row."""
    user = request.user
    if not user.is_staff:
        raise PermissionDenied
    today = localdate()
    found = boxes(user, today)
    request.task_count = task_count(found)
    asked = request.GET.get("viec")
    if asked is not None:
        return _one_box(request, found, asked, today)
    shown = shown_boxes([box for box in found if box.pks], today)
    context = {
        "title": _("Việc của tôi"),
        "today": today,
        "count": request.task_count,
        "tasks": [box for box in shown if box["is_task"]],
        "to_know": [box for box in shown if not box["is_task"]],
        "nothing": [box.title for box in found if not box.pks],
        "has_boxes": bool(found),
    }
    return render(request, "portal/my_work.html", context)


def _one_box(request, found: list[Box], name: str, today):
    box = next((box for box in found if box.name == name), None)
    if box is None:
        raise Http404(_("Không có danh sách việc này."))
    page = page_of(box.pks, request.GET.get("page"))
    records = box.model._default_manager.select_related(*_RELATIONS[box.model]).in_bulk(page.object_list)
    context = {
        "title": box.title,
        "today": today,
        "page": page,
        "rows": [_row(box, records[pk], today) for pk in page if pk in records],
    }
    return render(request, "portal/my_work_list.html", context)


def shown_boxes(found: list[Box], today, address=work_address) -> list[dict]:
    """Return the boxes as templates show them: title, count, first rows, the address of the whole list."""
    records = {}
    for model in {box.model for box in found}:
        wanted = {pk for box in found if box.model is model for pk in box.pks[:FIRST_ROWS]}
        records[model] = model._default_manager.select_related(*_RELATIONS[model]).in_bulk(wanted)
    return [
        {
            "name": box.name,
            "title": box.title,
            "count": len(box.pks),
            "is_task": box.is_task,
            "address": f"{reverse('my-work')}?viec={box.name}",
            "rows": [
                _row(box, records[box.model][pk], today, address)
                for pk in box.pks[:FIRST_ROWS]
                if pk in records[box.model]
            ],
        }
        for box in found
    ]


def _row(box: Box, record, today, address=work_address) -> dict:
    return {
        "label": str(record) if isinstance(record, ImportBatch) else _subject(record),
        "address": (box.address or address)(record, writes=box.is_task),
        "note": " · ".join(filter(None, (_note(box, record, today), box.notes.get(record.pk)))),
    }


def _subject(record) -> str:
    if isinstance(record, Activity):
        return record.title
    if isinstance(record, ExplanationRequest):
        return str(record.about)
    return record.activity.title


def _note(box: Box, record, today) -> str:
    match record:
        case Activity():
            leaf = box.leaves.get(record.pk)
            if leaf and leaf.timeliness == Timeliness.OVERDUE:
                return timeliness_label(leaf, record)
            if record.due_on is None or (record.completed_on and record.completed_on <= today):
                return ""
            return deadline_words(record.due_on, today, record.date_precision)
        case ProgressUpdate():
            day = _("số liệu đến %(day)s") % {"day": f"{record.effective_on:%d/%m/%Y}"}
            note = Truncator(record.return_note).chars(LONGEST_QUOTE)
            return f"{day}: {note}" if note else day
        case ExplanationRequest():
            return Truncator(record.question).chars(LONGEST_QUOTE)
        case ImportBatch():
            return record.get_state_display()
    return ""
