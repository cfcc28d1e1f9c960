"""Dữ liệu mở: the plan's public files as of any day, and the page that says what stands in them."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.dates import parse_as_of
from cooperation.plans import asked_day, plan_or_404
from portal.opendata.columns import FILES
from portal.opendata.rows import OpenPlan
from portal.opendata.writing import csv_text


def open_data(request, plan=None):
    """The files with their columns. One query: the plan."""
    plan = plan_or_404(plan)
    on, day = asked_day(request)
    context = {
        **day,
        "plan": plan,
        "files": list(FILES.values()),
        "file_query": "" if on == localdate() else f"?as_of={on.isoformat()}",
        "title": _("Dữ liệu mở"),
    }
    return render(request, "portal/opendata/open_data.html", context)


def open_data_file(request, ten, plan=None):
    """One file. A day that cannot be read is refused: a programme must not take today's figures for it."""
    plan = plan_or_404(plan)
    if ten not in FILES:
        raise Http404(_("Không có tệp này."))
    on, message = parse_as_of(request.GET.get("as_of"))
    if message:
        message = _("Không đọc được ngày: hãy ghi as_of theo dạng năm-tháng-ngày, ví dụ 2022-12-31.")
        return HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")
    file = FILES[ten]
    text = csv_text((column.key for column in file.columns), OpenPlan(plan, on).rows(ten))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = f'attachment; filename="{plan.slug}-{ten}-{on.isoformat()}.csv"'
    # Anybody's page may read what anybody may download.
    response["Access-Control-Allow-Origin"] = "*"
    return response
