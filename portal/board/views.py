"""The leaders' board: where the plan stands, whose it is, what changed, what came of it; in that order."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache

from cooperation.models import JointPlan
from cooperation.plans import asked_day, plan_or_404
from portal.board.access import require_board
from portal.board.links import Links
from portal.board.memoranda import Memoranda, memoranda
from portal.board.pictures import bars_of, funnel_of, heat_map_of
from portal.board.reading import AreaLine, Board, Tally
from portal.board.requests import Requests
from portal.board.works import DUE_WITHIN, GROUPS
from portal.board.years import Years

FIRST_ROWS = 5
# What a row of an agency shows, in this order, with its short head; then that of a side.
_AGENCY_GROUPS = {
    "qua-han": _lazy("Quá hạn"),
    "chua-bao-cao": _lazy("Chưa báo cáo"),
    "dang-lam": _lazy("Chưa xong"),
    "den-han-30": _lazy("Hạn ≤ 30 ngày"),
    "den-han-60": _lazy("≤ 60 ngày"),
    "den-han-90": _lazy("≤ 90 ngày"),
}
_SIDE_GROUPS = ("chu-tri", "hoan-thanh", "dang-lam", "qua-han", "chua-bao-cao")


@never_cache
@login_required
def board(request, plan=None):
    """The board of a plan as of a day."""
    require_board(request.user)
    try:
        plan = plan_or_404(plan)
    except Http404:
        if plan is None:
            return redirect("plan-list")
        raise
    on, day = asked_day(request)
    read, links = Board(plan, on), Links(plan, on)
    years = Years(plan, on, read.figures)
    since = _Since(years, plan, on, day["compared_on"])
    signed = memoranda(plan, on, request.user)
    late = read.lines(read.rows("qua-han")[:FIRST_ROWS])
    coming = read.lines(read.rows("den-han-90")[:FIRST_ROWS])
    asking = Requests(request.user, plan, late)
    total, merged_on = read.total, read.merged_on()
    context = {
        **day,
        "plan": plan,
        "board": read,
        "sealed_days": years.sealed_days(),
        "since": since,
        "moved": since.moved(None, read.headline.value),
        "facts": [
            (_lower_first(GROUPS[name][0]), total.counts[name], links.activities(name))
            for name in ("qua-han", "chua-bao-cao", *(f"den-han-{days}" for days in DUE_WITHIN))
        ],
        "areas": [_area_row(line, since, links, asking) for line in read.in_trouble],
        "late": asking.beside(late),
        "late_count": total.counts["qua-han"],
        "late_address": links.activities("qua-han"),
        "coming": [(line, None) for line in coming],
        "coming_count": total.counts["den-han-90"],
        "coming_address": links.activities("den-han-90"),
        "agency_heads": list(_AGENCY_GROUPS.values()),
        "agencies": [
            (
                tally.body,
                [
                    (head, tally.counts[name], links.activities(name, agency=tally.body or False))
                    for name, head in _AGENCY_GROUPS.items()
                ],
                tally.longest_on(on),
            )
            for tally in read.agencies()
        ],
        "sides": _sides(read, links),
        "merged_on": merged_on,
        "before_merger": merged_on and merged_on - timedelta(days=1),
        "bars": bars_of(read, links),
        "matrix": heat_map_of(read, years.matrix(read.size), links) if read.areas else None,
        "funnel": funnel_of(signed, links),
        "conversion": _conversion(read, signed, links),
        "money": signed.money,
        "asking": asking,
        "today": localdate(),
        "may_ask_today": asking.may_ask and day["is_today"],
        "title": _("Bảng lãnh đạo"),
    }
    return render(request, "portal/board/board.html", context)


def _lower_first(text) -> str:
    """A title in the middle of a sentence."""
    return str(text)[:1].lower() + str(text)[1:]


class _Since:
    """What the board is compared with: the day of `?so_voi=`, else the newest sealed one, else nothing."""

    def __init__(self, years: Years, plan: JointPlan, on, compared):
        self.on, self.label, self._kept = compared, "", None
        if compared is not None:
            self._kept = years.on_day(compared)
        elif last := years.last_sealed():
            period, self._kept = last
            self.on, self.label = period["end_on"], period["label"]
        self.explained = ""
        if self.on is not None:
            days = {"tu": min(self.on, on).isoformat(), "den": max(self.on, on).isoformat()}
            self.explained = f"{reverse('changes', kwargs=plan.url_kwargs)}?{urlencode(days)}"

    def moved(self, area_id: int | None, value: Decimal | None) -> Decimal | None:
        """How far an area's figure, or the headline, moved since, as both are shown; None where one of the
        days has no value."""
        if self._kept is None or value is None:
            return None
        kept = self._kept if area_id is None else self._kept.areas.get(area_id)
        return None if kept is None or kept.value is None else value - kept.value


def _area_row(line: AreaLine, since: _Since, links: Links, asking: Requests) -> dict:
    area, figure = line.area, line.figure
    return {
        "area": area,
        "figure": figure,
        "longest": line.longest,
        "moved": since.moved(area.pk, figure.value),
        "explained": since.explained and f"{since.explained}&linh_vuc={area.number}",
        "late": links.activities("qua-han", area),
        "silent": links.activities("chua-bao-cao", area),
        "silent_count": figure.expected - figure.reported,
        "counted": links.activities("chu-tri", area),
        "asked": asking.areas.get(area.pk),
        "is_trouble": line.trouble[0] <= 1,
    }


def _sides(read: Board, links: Links) -> dict:
    """Rows of what is counted, a column a side."""
    tallies: list[Tally] = read.by_side()
    return {
        "bodies": [tally.body for tally in tallies],
        "rows": [
            (
                GROUPS[name][0],
                [
                    (tally.counts[name], links.activities(name, province=tally.body or False))
                    for tally in tallies
                ],
            )
            for name in _SIDE_GROUPS
        ],
        "longest": [tally.longest_on(read.on) for tally in tallies],
        "newest": [tally.newest for tally in tallies],
    }


def _conversion(read: Board, signed: Memoranda, links: Links) -> dict:
    """How far the memoranda of each area, and of each year, got."""
    numbered = sorted(read.areas, key=lambda line: line.area.number)
    by_area = [
        (line.area, signed.by_area[line.area.pk]) for line in numbered if line.area.pk in signed.by_area
    ]
    return {
        "areas": [
            (
                area,
                [(number, links.memoranda(name, area)) for name, number in reached.by_stage],
                reached.contracted_share,
            )
            for area, reached in by_area
        ],
        "years": [
            (
                reached.key,
                [(number, links.memoranda(name, year=reached.key)) for name, number in reached.by_stage],
                reached.contracted_share,
            )
            for reached in signed.by_year
        ],
    }
