"""One press asks for an explanation: of the only body that leads, with the figures as reason, in a week."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cooperation.models import CooperationArea, JointPlan
from cooperation.permissions import VIEW
from cooperation.plans import plan_or_404
from programs.explanations.asking import addressees, ask
from programs.explanations.forms import DAYS_TO_ANSWER
from programs.figures import activity_figure, area_progress
from programs.measures import STATUS_LABELS
from programs.models import Activity
from programs.templatetags.progress_display import points, timeliness_label


@require_POST
@never_cache
@login_required
def ask_at_once(request, plan=None):
    """Ask about `hoat_dong` (code) or `linh_vuc` (number). Where it is not plain whom to ask, the page of
    the request comes up with the words filled in."""
    user, plan = request.user, plan_or_404(plan)
    if not user.has_perm("programs.add_explanationrequest"):
        raise PermissionDenied(_("Tài khoản của bạn không có quyền yêu cầu giải trình."))
    about, today = _subject(request, plan), localdate()
    question = question_about(about, today)
    bodies = list(addressees(about, today)[:2])
    if len(bodies) != 1:
        return redirect(f"{_ask_page(about)}?{urlencode({'noi_dung': question})}")
    due_on = today + timedelta(days=DAYS_TO_ANSWER)
    try:
        ask(about=about, agency=bodies[0], question=question, due_on=due_on, user=user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        words = {"agency": bodies[0].name, "day": f"{due_on:%d/%m/%Y}"}
        messages.success(request, _("Đã gửi yêu cầu giải trình tới %(agency)s, hạn trả lời %(day)s.") % words)
    return redirect(reverse("board", kwargs=plan.url_kwargs))


def _subject(request, plan: JointPlan) -> Activity | CooperationArea:
    user, number = request.user, request.POST.get("linh_vuc", "")
    if code := request.POST.get("hoat_dong"):
        rows = Activity.objects.for_user(user, VIEW).select_related("area__plan", "lead_agency")
        return get_object_or_404(rows, area__plan=plan, code=code.replace("\x00", ""))
    if not number.isdecimal() or len(number) > len("99999"):
        raise Http404(_("Hãy chọn hoạt động hoặc lĩnh vực cần giải trình."))
    rows = CooperationArea.objects.for_user(user, VIEW).select_related("plan")
    return get_object_or_404(rows, plan=plan, number=int(number))


def _ask_page(about: Activity | CooperationArea) -> str:
    if isinstance(about, Activity):
        return reverse("explanation-ask-activity", kwargs={"code": about.code})
    return reverse("explanation-ask-area", kwargs={"pk": about.pk})


def question_about(about: Activity | CooperationArea, on: date) -> str:
    """The words of the request, with the figures that gave rise to it."""
    if isinstance(about, Activity):
        leaf = activity_figure(about, on)
        text = _("Hoạt động “%(title)s” đến ngày %(day)s: %(state)s, tiến độ %(value)s %%.") % {
            "title": about.title,
            "day": f"{on:%d/%m/%Y}",
            "state": timeliness_label(leaf, about),
            "value": points(leaf.shown),
        }
    else:
        figure = area_progress(about, on).figure
        text = _(
            "Lĩnh vực %(number)s đến ngày %(day)s: %(state)s, tiến độ %(value)s %%, "
            "theo kế hoạch %(planned)s %%, %(late)s hoạt động quá hạn."
        ) % {
            "number": about.number,
            "day": f"{on:%d/%m/%Y}",
            "state": STATUS_LABELS[figure.status],
            "value": points(figure.value),
            "planned": points(figure.planned),
            "late": figure.overdue,
        }
    return f"{text} " + _("Đề nghị nêu nguyên nhân, biện pháp và ngày hoàn thành.")
