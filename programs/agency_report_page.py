"""The page of the report by body, and its file."""

from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation.list_exports import Column, ListFile, export_asked, export_fault, exported
from cooperation.lists import files_of
from cooperation.plans import asked_day, days_fault, plan_or_404
from programs.agency_report import FIRST_DAY, NOW, THEN, agency_report
from programs.models import ReportingPeriod
from programs.periods.in_force import reporting_period


class _ReportFile(ListFile):
    """The rows of a report with the days they are of, and the sums of what adds up, as on the page."""

    def rows(self, found):
        names = [path for column in self.columns for path in column.paths]
        cells = [column.of(names) for column in self.columns]
        lines = [vars(row) for row in found.rows]
        if lines:
            lines.append({"label": _("Cộng"), **found.total})
        for line in lines:
            values = tuple(line.get(name) for name in names)
            yield tuple(cell(values) for cell in cells)


_COLUMNS = (
    Column(gettext_lazy("Cơ quan"), ("label",)),
    Column(gettext_lazy("Từ ngày"), ("since",), lambda day: None if day == FIRST_DAY else day),
    Column(gettext_lazy("Đến ngày"), ("until",)),
    Column(gettext_lazy("Chủ trì"), ("led",)),
    Column(gettext_lazy("Hoàn thành"), ("completed",)),
    Column(gettext_lazy("Quá hạn"), ("overdue",)),
    Column(gettext_lazy("Đã báo cáo"), ("reported",)),
    Column(gettext_lazy("Phải báo cáo"), ("expected",)),
    Column(gettext_lazy("Báo cáo đã duyệt"), ("reports",)),
)
_FILES = {by: _ReportFile(f"bao-cao-don-vi-{by}", _COLUMNS) for by in (THEN, NOW)}


def agency_report_page(request, plan=None):
    plan = plan_or_404(plan)
    on, day = asked_day(request)
    refused, messages = [], []
    by = request.GET.get("theo") or THEN
    if by not in (THEN, NOW):
        refused.append(
            _("Chỉ xem được theo “đơn vị lúc đó” hoặc “đơn vị hiện nay”: trang đang theo đơn vị lúc đó.")
        )
        by = THEN
    rows = ReportingPeriod.objects.filter(plan=plan).select_related("snapshot").defer("snapshot__content")
    periods = list(rows.order_by("-end_on", "kind"))
    asked = request.GET.get("ky") or ""
    period = next((row for row in periods if str(row.pk) == asked), None)
    if asked and period is None:
        refused.append(_("Kế hoạch này không có kỳ báo cáo ấy: hãy chọn kỳ trong danh sách."))
    if period is None:
        messages.append(day["as_of_message"])
    else:
        on = min(period.end_on, localdate())
        if period.start_on > on:
            messages.append(_("Kỳ này chưa bắt đầu."))
            on = period.start_on
        elif on < period.end_on:
            messages.append(_("Kỳ chưa chốt: số liệu đến hôm nay."))
    report = agency_report(plan, by, on, period)
    if file_asked := export_asked(request):
        fault = export_fault(file_asked, len(report.rows))
        if refused:
            fault = _("Tệp chưa được tạo: hãy chọn lại ở đầu trang rồi tải lại.")
        elif period is None:
            fault = days_fault(request) or fault
        if not fault:
            return exported(file_asked, _FILES[by], report)
        messages.append(fault)
    context = {
        "plan": plan,
        **day,
        "on": on,
        "by": by,
        "period": period,
        "periods": periods,
        "coverage_period": period or reporting_period(plan.pk, on),
        "report": report,
        "files": files_of(request.GET),
        "messages_shown": [message for message in (*refused, *messages) if message],
        "title": _("Báo cáo theo đơn vị"),
    }
    return render(request, "programs/agency_report.html", context)
