"""The staff page on which the other side confirms a completion, or says why not."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cooperation.accounts.kept_text import kept_text_page
from cooperation.corrections import ReasonRequiredError
from cooperation.permissions import CHANGE
from programs.models import Evidence, ProgressUpdate
from programs.reporting.answering import ChangedMeanwhileError, answer, answering_seat, asked_of
from programs.reporting.forms import CompletionAnswerForm
from programs.reporting.seats import reportable
from programs.reporting.views import staff_page


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def completion_answer(request, code):
    """What the leading side says, and the two buttons of an approver of the other side."""
    user = request.user
    if not user.has_perm("programs.accept_progressupdate"):
        if page := _kept(request, _("Tài khoản của bạn không còn quyền duyệt nên chưa ghi gì.")):
            return page
        raise PermissionDenied
    activities = reportable(user).select_related("area__plan", "lead_agency")
    activity = activities.filter(code=code).first()
    sits = activity and answering_seat(activity, user)
    if sits is None:
        if page := _kept(request, _("Hoạt động này không còn chờ đơn vị bạn xác nhận nên chưa ghi gì.")):
            return page
        raise Http404
    form, told = CompletionAnswerForm(request.POST or None, activity=activity), ""
    if request.method == "POST" and form.is_valid():
        try:
            written = answer(
                activity=activity, user=user, seen=request.POST.get("seen", ""),
                completed_on=form.cleaned_data["completed_on"], percent=form.cleaned_data.get("percent"),
                note=form.cleaned_data["note"],
            )  # fmt: skip
        except ChangedMeanwhileError as change:
            told = str(change)
            activity.refresh_from_db(fields=("version", "lifecycle", "completed_on"))
        except ReasonRequiredError as needed:
            form.add_error("note", str(needed))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            _say(request, written)
            return redirect("my-work")
    return _page(request, activity, sits, form, told)


def _kept(request, why: str):
    """What was typed, to be copied, where the page has closed meanwhile; None where nothing was typed."""
    return kept_text_page(request, why, reverse("my-work")) if request.POST.get("note") else None


def _say(request, written: ProgressUpdate) -> None:
    said = (
        _("Đã xác nhận hoàn thành “%s”.")
        if written.completed_on
        else _("Đã ghi ý kiến chưa thống nhất về “%s”: bên chủ trì đọc được trên trang hoạt động.")
    )
    messages.success(request, said % written.activity.title)


def _page(request, activity, sits, form, told):
    asked = asked_of(activity, sits.agency)
    lead = asked.waiting.lead if asked.waiting else None
    if lead:
        form.initial["completed_on"] = min(lead.completed_on, localdate())
    context = {
        "activity": activity,
        "plan": activity.area.plan,
        "seat": sits,
        "asked": asked,
        "lead": lead,
        "evidence": _evidence(activity, lead, request.user),
        "own_report": ProgressUpdate.objects.for_user(request.user, CHANGE)
        .filter(activity=activity, status=ProgressUpdate.Status.SUBMITTED, is_counterpart=True)
        .first(),
        "form": form,
        "told": told,
        # What was told is known from now on; what only failed a check is still what was looked at.
        "seen": asked.seen if told or not form.is_bound else request.POST.get("seen", ""),
        "title": _("Xác nhận hoàn thành: %s") % activity.title,
    }
    return render(request, "programs/reporting/completion_answer.html", context)


def _evidence(activity, lead, user):
    """What the leading side shows for it, as far as `user` may see it."""
    if lead is None or not user.has_perm("programs.view_evidence"):
        return Evidence.objects.none()
    shown = Q(update__isnull=True) | Q(update=lead.report) if lead.report else Q(update__isnull=True)
    return Evidence.objects.for_user(user).filter(shown, activity=activity).order_by("added_at")
