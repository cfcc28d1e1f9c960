"""Admin of reporting periods, and of what is only read: sealed figures, errata, what agencies sent."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from cooperation.admin_base import PortalAdmin, ScopedAdmin, SelectWidget
from cooperation.models import Agency, JointPlan
from cooperation.permissions import VIEW
from programs.models import Erratum, PeriodReport, ReportingPeriod, Snapshot
from programs.periods.opening import open_year
from programs.periods.sending import owing_agencies


class OpenYearForm(forms.Form):
    plan = forms.ModelChoiceField(label=_("Kế hoạch"), queryset=JointPlan.objects.none(), widget=SelectWidget)
    year = forms.IntegerField(label=_("Năm"), min_value=1990, max_value=2100)
    kinds = forms.MultipleChoiceField(
        label=_("Loại kỳ"),
        choices=ReportingPeriod.Kind.choices,
        initial=[ReportingPeriod.Kind.QUARTER, ReportingPeriod.Kind.YEAR],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, plans, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(PortalAdmin):
    list_display = ("label", "kind", "plan", "start_on", "end_on", "due_on", "state", "page")
    list_filter = ("plan", "kind")
    list_select_related = ("plan", "snapshot")
    search_fields = ("label",)
    autocomplete_fields = ("plan",)
    export_fields = ("plan", "kind", "label", "start_on", "end_on", "due_on")
    import_export_change_list_template = "admin/programs/reportingperiod/change_list.html"

    def get_queryset(self, request):
        rows = super().get_queryset(request).defer("snapshot__content")
        return rows.annotate(sent_count=Count("reports")).prefetch_related("plan__agencies")

    def get_changelist_instance(self, request):
        """Say of every period on the page how many agencies owe a report."""
        changes = super().get_changelist_instance(request)
        bodies = Agency.objects.in_bulk()
        for period in changes.result_list:
            period.owed_count = len(owing_agencies(period, bodies))
        return changes

    def get_urls(self):
        opening = path(
            "mo-ky/", self.admin_site.admin_view(self.open_year_view), name="programs_reportingperiod_open"
        )
        return [opening, *super().get_urls()]

    @admin.display(description=_("tình trạng"))
    def state(self, period):
        today = localdate()
        if period.is_sealed:
            return _gettext("đã chốt %s") % f"{localdate(period.snapshot.sealed_at):%d/%m/%Y}"
        if period.start_on > today:
            return _gettext("chưa đến kỳ")
        counts = {"sent": period.sent_count, "owed": period.owed_count}
        sent = _gettext("đã gửi %(sent)s/%(owed)s") % counts
        if period.end_on >= today:
            return _gettext("đang mở, %s") % sent
        return _gettext("chờ chốt, %s") % sent

    @admin.display(description=_("trang của kỳ"))
    def page(self, period):
        return format_html('<a href="{}">{}</a>', period.get_absolute_url(), _("gửi, chốt"))

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.is_sealed)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.is_sealed)

    def open_year_view(self, request):
        """Open all periods of a plan's year at once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = OpenYearForm(
            request.POST if request.method == "POST" else None,
            plans=JointPlan.objects.for_user(request.user, VIEW),
            initial={"year": localdate().year},
        )
        if request.method == "POST" and form.is_valid():
            try:
                opened, there = open_year(**form.cleaned_data, user=request.user)
            except ValidationError as refusal:
                form.add_error("year", refusal.messages)
            else:
                told = _gettext("Đã mở %(new)s kỳ; %(old)s kỳ đã có từ trước.")
                self.message_user(request, told % {"new": len(opened), "old": there}, messages.SUCCESS)
                return redirect("admin:programs_reportingperiod_changelist")
        context = {**self.admin_site.each_context(request), "title": _gettext("Mở kỳ của năm"), "form": form}
        return TemplateResponse(request, "admin/programs/open_year.html", context)


class ReadOnlyAdmin(ScopedAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("period", "sealed_at", "sealed_by", "rule_version", "sha256")
    list_select_related = ("period", "sealed_by")
    fields = ("period", "sealed_at", "sealed_by", "rule_version", "sha256", "incomplete_reason")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")


@admin.register(Erratum)
class ErratumAdmin(ReadOnlyAdmin):
    list_display = ("period", "number", "reason", "document", "recorded_by", "recorded_at")
    list_select_related = ("snapshot__period", "recorded_by")
    fields = ("period", "number", "reason", "document", "recorded_by", "recorded_at")
    readonly_fields = ("period",)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content", "snapshot__content")

    @admin.display(description=_("kỳ báo cáo"), ordering="snapshot")
    def period(self, erratum):
        address = f"{erratum.snapshot.get_absolute_url()}#dinh-chinh"
        return format_html('<a href="{}">{}</a>', address, erratum.snapshot.period)


@admin.register(PeriodReport)
class PeriodReportAdmin(ReadOnlyAdmin):
    list_display = ("period", "agency", "sent_by", "sent_at", "note")
    list_filter = ("period__plan",)
    list_select_related = ("period", "agency", "sent_by")
