"""Pages of yêu cầu giải trình, for staff: the list, one request with its answer, and asking."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cooperation.lists import page_of
from cooperation.models import CooperationArea
from cooperation.permissions import VIEW
from programs.explanations.asking import addressees, answer, ask, asked_about, may_answer
from programs.explanations.forms import LONGEST_TEXT, AnswerForm, AskForm, ExplanationFilter
from programs.models import Activity, ExplanationRequest


def _require(user, action: str) -> None:
    if not user.has_perm(f"programs.{action}_explanationrequest"):
        raise PermissionDenied


def _requests_of(user):
    rows = ExplanationRequest.objects.for_user(user, VIEW)
    return rows.select_related("activity__area__plan", "area__plan", "agency", "asked_by", "answered_by")


@never_cache
@login_required
def explanation_list(request):
    """What was asked of the own agency; for leaders, of all. Those still open come first by due day."""
    _require(request.user, "view")
    filters = ExplanationFilter(request.GET, _requests_of(request.user))
    page = page_of(filters.qs, request.GET.get("page"))
    context = {"filter": filters, "page": page, "today": localdate(), "title": _("Yêu cầu giải trình")}
    return render(request, "programs/explanations/list.html", context)


@never_cache
@login_required
def explanation_detail(request, pk):
    """Question and answer side by side; whoever was asked answers here."""
    _require(request.user, "view")
    explanation = get_object_or_404(_requests_of(request.user), pk=pk)
    may = may_answer(request.user, explanation) and explanation.answered_at is None
    form = AnswerForm(request.POST or None) if may else None
    if request.method == "POST":
        if form is None and explanation.answered_at is None:
            raise PermissionDenied
        # Somebody else's answer may have come first: then the words just written stay on the page.
        form = form or AnswerForm(request.POST)
        if form.is_valid() and _written(form, answer, explanation=explanation, user=request.user):
            return redirect(explanation)
    others = asked_about(request.user, explanation.about).exclude(pk=explanation.pk)
    context = {
        "explanation": explanation,
        "form": form,
        "others": page_of(others, request.GET.get("page")),
        "today": localdate(),
        "title": _("Yêu cầu giải trình"),
    }
    return render(request, "programs/explanations/detail.html", context)


@never_cache
@login_required
def ask_about_activity(request, code):
    _require(request.user, "add")
    rows = Activity.objects.for_user(request.user, VIEW).select_related("area__plan")
    return _ask(request, get_object_or_404(rows, code=code))


@never_cache
@login_required
def ask_about_area(request, pk):
    _require(request.user, "add")
    rows = CooperationArea.objects.for_user(request.user, VIEW).select_related("plan")
    return _ask(request, get_object_or_404(rows, pk=pk))


def _ask(request, about):
    agencies = addressees(about, localdate())
    form = AskForm(request.POST or None, agencies=agencies)
    form.initial["question"] = request.GET.get("noi_dung", "")[:LONGEST_TEXT]
    if request.method == "POST" and form.is_valid():
        asked = _written(form, ask, about=about, user=request.user)
        if asked:
            return redirect(asked)
    context = {
        "about": about,
        "agencies": agencies,
        "form": form,
        "others": page_of(asked_about(request.user, about), request.GET.get("page")),
        "today": localdate(),
        "title": _("Yêu cầu giải trình"),
    }
    return render(request, "programs/explanations/ask.html", context)


def _written(form, write, **kwargs):
    """Return what `write` made of the form, or None with the refusal on the form."""
    fields = dict(form.cleaned_data)
    if "answer" in fields:
        fields["text"] = fields.pop("answer")
    try:
        return write(**fields, **kwargs)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None
