"""The rows behind a number of the board: activities of a group, memoranda that reached a stage."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cooperation.lists import page_of
from cooperation.models import Agency, CooperationArea, JointPlan, Province
from cooperation.plans import asked_day, plan_or_404
from portal.board.access import require_board
from portal.board.links import NOBODY
from portal.board.memoranda import STAGES, memoranda_of
from portal.board.reading import Board
from portal.board.requests import Requests
from portal.board.works import GROUPS


@never_cache
@login_required
def board_activities(request, plan=None):
    """Activities of `nhom` (by default what is overdue): all, or those of one area, agency or side."""
    require_board(request.user)
    plan = plan_or_404(plan)
    on, day = asked_day(request)
    group = request.GET.get("nhom", "qua-han")
    if group not in GROUPS:
        raise Http404(_("Không có danh sách hoạt động này: hãy mở từ bảng lãnh đạo."))
    area, agency = _area(request, plan), _body(request, "co_quan", Agency)
    province = _body(request, "tinh", Province)
    board = Board(plan, on)
    page = page_of(board.rows(group, area, agency, province), request.GET.get("page"))
    lines = board.lines(page)
    asking = Requests(request.user, plan, lines)
    of = [area and _("lĩnh vực %(n)s") % {"n": area.number}, _named(agency), _named(province)]
    context = {
        **day,
        "plan": plan,
        "page": page,
        "rows": asking.beside(lines),
        "narrowed": " · ".join(filter(None, of)),
        "may_ask": asking.may_ask and day["is_today"],
        "title": GROUPS[group][0],
    }
    return render(request, "portal/board/activities.html", context)


@never_cache
@login_required
def board_memoranda(request, plan=None):
    """Memoranda that reached `buoc`, all or those of one area, one year."""
    require_board(request.user)
    plan = plan_or_404(plan)
    on, day = asked_day(request)
    stage = request.GET.get("buoc", "da-ky")
    if stage not in STAGES:
        raise Http404(_("Không có danh sách bản ghi nhớ này: hãy mở từ bảng lãnh đạo."))
    area, year = _area(request, plan), request.GET.get("nam")
    rows = memoranda_of(plan, on).filter(STAGES[stage][1])
    if area is not None:
        rows = rows.filter(area=area)
    if year is not None:
        if not (len(year) == 4 and year.isdecimal() and 1900 <= int(year) <= 2100):
            raise Http404(_("Năm ký phải là bốn chữ số."))
        rows = rows.filter(signed_on__year=int(year))
    rows = rows.select_related("plan", "area", "party_a", "party_b").order_by("-signed_on", "-pk")
    of = [area and _("lĩnh vực %(n)s") % {"n": area.number}, year and _("ký năm %(y)s") % {"y": year}]
    context = {
        **day,
        "plan": plan,
        "page": page_of(rows, request.GET.get("page")),
        "narrowed": " · ".join(filter(None, of)),
        "title": _("Bản ghi nhớ: %(stage)s") % {"stage": STAGES[stage][0]},
    }
    return render(request, "portal/board/memoranda.html", context)


def _area(request, plan: JointPlan) -> CooperationArea | None:
    number = request.GET.get("linh_vuc")
    if number is None:
        return None
    if not number.isdecimal() or len(number) > len("99999"):
        raise Http404(_("Kế hoạch không có lĩnh vực này."))
    return get_object_or_404(CooperationArea.objects.published(), plan=plan, number=int(number))


def _body(request, parameter: str, model):
    """The asked body; False for "none", None where nothing is asked."""
    slug = request.GET.get(parameter)
    if slug is None:
        return None
    return False if slug == NOBODY else get_object_or_404(model, slug=slug.replace("\x00", ""))


def _named(body) -> str:
    if body is None:
        return ""
    return body.name if body else _("nguồn không nêu")
