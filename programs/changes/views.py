"""Pages of change: why figures moved between two days, as page and as CSV."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from tablib import Dataset

from cooperation.dates import parse_as_of
from cooperation.export_formats import CSV
from cooperation.lists import page_of
from cooperation.models import JointPlan
from cooperation.plans import days_query, plan_or_404
from programs.changes.days import SealedDay, sealed_days
from programs.changes.explaining import AreaExplained, Contribution, Explanation, explain

WITHOUT_SEALED = datetime.timedelta(days=90)
FIRST_OF_AREA = 10
PAGE = 100
HEADERS = (
    "Cấp", "Lĩnh vực", "Mã", "Tên", "Thay đổi", "Ngày đầu", "Ngày cuối", "Trước (%)", "Sau (%)",
    "Điểm", "Điểm chính xác: tử số", "Điểm chính xác: mẫu số",
)  # fmt: skip


@dataclass(frozen=True)
class Span:
    """The two days that are asked for, in order, and what the reader must be told about them."""

    since: datetime.date
    until: datetime.date
    messages: tuple[str, ...]
    unreadable: bool = False


@dataclass(frozen=True)
class Section:
    """What the page shows of one area. `rest`: how many more there are, and their shown sum."""

    row: AreaExplained
    contributions: list[Contribution]
    rest: int
    rest_shown: Decimal


def asked_span(request, sealed: list[SealedDay]) -> Span:
    """Return `?tu=` to `?den=`: by default since the last sealed day, or 90 days, until today."""
    messages = []

    def read(name: str, label: str) -> datetime.date | None:
        raw = request.GET.get(name)
        if not raw:
            return None
        day, unreadable = parse_as_of(raw)
        if not unreadable:
            return day
        messages.append(
            _("Không đọc được %(label)s “%(value)s”. Hãy ghi theo dạng năm-tháng-ngày, ví dụ 2022-12-31.")
            % {"label": label, "value": raw[:40]}
        )
        return None

    today = localdate()
    until = read("den", _("ngày cuối")) or today
    since = read("tu", _("ngày đầu")) or default_since(sealed, until)
    unreadable = bool(messages)
    if since > until:
        since, until = until, since
        messages.append(_("Ngày đầu sau ngày cuối: trang đã đổi chỗ hai ngày."))
    if until > today:
        messages.append(_("Ngày %s chưa đến: trang chỉ gồm những gì đã ghi nhận.") % f"{until:%d/%m/%Y}")
    return Span(since, until, tuple(messages), unreadable)


def default_since(sealed: list[SealedDay], until: datetime.date) -> datetime.date:
    before = [day.day for day in sealed if day.day < until]
    return before[-1] if before else until - WITHOUT_SEALED


def changes_page(request, plan=None):
    """The headline, its areas, and per area its activities, the biggest first."""
    plan = plan_or_404(plan)
    sealed = sealed_days(plan)
    span = asked_span(request, sealed)
    whole = explain(plan, span.since, span.until)
    asked = request.GET.get("linh_vuc", "")
    one = next((row for row in whole.areas if str(row.area.number) == asked), None)
    messages = list(span.messages)
    if asked and one is None:
        messages.append(
            _("Kế hoạch không có lĩnh vực số “%s”: trang hiện mọi lĩnh vực.") % asked.replace("\x00", "")[:10]
        )
    changed = [row for row in whole.areas if row.own.contributions or row.own.old != row.own.new]
    page = page_of(one.own.contributions, request.GET.get("page"), PAGE) if one else None
    context = {
        "plan": plan,
        "span": span,
        "messages_shown": messages,
        "sealed_days": sealed,
        "since_label": _label(sealed, span.since),
        "until_label": _label(sealed, span.until),
        "whole": whole,
        "one": one,
        "page": page,
        "changed": changed,
        "sections": [] if one else [_section(row) for row in changed],
        "unchanged": len(whole.areas) - len(changed),
        "span_query": _span_query(span),
        "as_of_query": days_query(span.until, span.since),
        "title": _("Vì sao tiến độ thay đổi"),
    }
    return render(request, "programs/changes/changes.html", context)


def _label(sealed: list[SealedDay], day: datetime.date) -> str:
    return next((one.label for one in sealed if one.day == day), "")


def _section(row: AreaExplained) -> Section:
    rest = row.own.contributions[FIRST_OF_AREA:]
    # A rest of one is shown rather than told of.
    first = FIRST_OF_AREA if len(rest) > 1 else FIRST_OF_AREA + 1
    rest = row.own.contributions[first:]
    shown = sum((one.shown for one in rest), Decimal(0))
    return Section(row, list(row.own.contributions[:first]), len(rest), shown)


def _span_query(span: Span) -> str:
    return f"?tu={span.since.isoformat()}&den={span.until.isoformat()}"


def changes_csv(request, plan=None):
    """Every contribution of the span; the exact points as two whole numbers, so that a sheet keeps them."""
    plan = plan_or_404(plan)
    span = asked_span(request, sealed_days(plan))
    if span.unreadable:
        return HttpResponse("\n".join(span.messages), content_type="text/plain; charset=utf-8", status=400)
    table = table_of(plan, explain(plan, span.since, span.until))
    response = HttpResponse(CSV().export_data(table), content_type="text/csv; charset=utf-8")
    name = f"thay-doi-{plan.slug}-{span.since}-{span.until}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table_of(plan: JointPlan, whole: Explanation) -> Dataset:
    """The plan, its areas' shares of the headline, then each area with its own contributions."""
    table = Dataset(headers=HEADERS)

    def add(level, number, code, title, told, explanation, shown, points):
        old, new = (explanation.old, explanation.new) if explanation else ("", "")
        table.append(
            (level, number, code, title, told, whole.since, whole.until, old, new, shown,
             points.numerator, points.denominator)
        )  # fmt: skip

    add("kế hoạch", "", plan.slug, plan.title, "", whole, whole.shown, whole.difference)
    for row in whole.areas:
        add(
            "lĩnh vực trong tiến độ chung",
            row.area.number,
            "",
            row.area.title,
            "",
            None,
            row.shown,
            row.points,
        )
    for row in whole.areas:
        add("lĩnh vực", row.area.number, "", row.area.title, "", row.own, row.own.shown, row.own.difference)
        for one in row.own.contributions:
            level = "hoạt động" if one.activity else "đính chính"
            code, title = (one.activity.code, one.activity.title) if one.activity else ("", "")
            add(level, row.area.number, code, title, one.words, None, one.shown, one.points)
    return table
