"""Admin of reports and indicators. A report's state moves by actions, never by a field."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from cooperation.admin import SOURCED
from cooperation.admin_base import PortalAdmin
from cooperation.admin_inlines import PortalTabularInline
from cooperation.corrections import ReasonRequiredError
from cooperation.posted import posted_text
from programs import workflow
from programs.models import Indicator, IndicatorValue, ProgressUpdate
from programs.reporting.seats import written_by


@admin.register(ProgressUpdate)
class ProgressUpdateAdmin(PortalAdmin):
    list_display = ("activity", "agency", "effective_on", "percent", "status", "reported_by", "decided_by")
    list_filter = ("status", "activity__area__plan")
    list_select_related = ("activity", "agency", "reported_by", "decided_by")
    search_fields = ("activity__search_text",)
    autocomplete_fields = ("activity",)
    owner_fields = ("activity",)
    actions = ("submit_reports", "accept_reports", "return_reports")
    export_fields = (
        "activity", "effective_on", "percent", "results", "difficulties", "proposals", "status",
        "reported_by",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("activity", "effective_on", "percent", "completed_on", "fall_reason")}),
        (_("Nội dung"), {"fields": ("results", "difficulties", "proposals")}),
        (
            _("Duyệt"),
            {
                "fields": (
                    "status",
                    "agency",
                    "reported_by",
                    "submitted_at",
                    "decided_by",
                    "decided_at",
                    "return_note",
                )
            },
        ),
    )
    readonly_fields = (
        "status",
        "agency",
        "reported_by",
        "submitted_at",
        "decided_by",
        "decided_at",
        "return_note",
    )

    def get_readonly_fields(self, request, obj=None):
        return (*self.readonly_fields, "activity") if obj else self.readonly_fields

    def has_change_permission(self, request, obj=None):
        """What waits for approval or was accepted is read here, not rewritten."""
        editable = (ProgressUpdate.Status.DRAFT, ProgressUpdate.Status.RETURNED)
        return super().has_change_permission(request, obj) and (obj is None or obj.status in editable)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (
            obj is None or obj.status == ProgressUpdate.Status.DRAFT
        )

    def save_model(self, request, obj, form, change):
        if not change or set(form.changed_data) - {"form_version", "change_reason", "change_document"}:
            written_by(obj, request.user)
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Gửi duyệt"), permissions=["change"])
    def submit_reports(self, request, queryset):
        self._move(request, queryset, workflow.submit, _gettext("Đã gửi duyệt %d báo cáo."))

    @admin.action(description=_("Duyệt"), permissions=["accept"])
    def accept_reports(self, request, queryset):
        self._move(request, queryset, workflow.accept, _gettext("Đã duyệt %d báo cáo."))

    @admin.action(description=_("Trả lại"), permissions=["accept"])
    def return_reports(self, request, queryset):
        """Ask for the approver's word on a page of its own, then give the reports back with it."""
        note = posted_text(request, "return_note")
        if note:
            self._move(
                request, queryset, partial(workflow.return_, note=note), _gettext("Đã trả lại %d báo cáo.")
            )
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _gettext("Trả lại báo cáo"),
            "reports": queryset,
            "missing": "return_note" in request.POST,
        }
        return TemplateResponse(request, "admin/programs/return_reports.html", context)

    def has_accept_permission(self, request):
        return request.user.has_perm("programs.accept_progressupdate")

    def _move(self, request, queryset, step, done):
        """Move each report that can be moved; say of each other why it could not."""
        moved = 0
        for update in queryset:
            try:
                step(update=update, user=request.user)
                moved += 1
            except (ValidationError, PermissionDenied, ReasonRequiredError) as refusal:
                reason = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
                self.message_user(request, f"{update}: {reason}", messages.WARNING)
        if moved:
            self.message_user(request, done % moved, messages.SUCCESS)


class IndicatorValueInline(PortalTabularInline):
    model = IndicatorValue
    fields = ("year", "target", "actual", "denominator", "effective_on")


@admin.register(Indicator)
class IndicatorAdmin(PortalAdmin):
    list_display = ("name", "code", "unit", "area", "aggregation", "published")
    list_filter = ("area__plan", "aggregation")
    list_select_related = ("area",)
    search_fields = ("search_text",)
    autocomplete_fields = ("area", "sources")
    inlines = (IndicatorValueInline,)
    export_fields = ("code", "name", "unit", "area", "aggregation", "baseline", "target")
    fieldsets = (
        (None, {"fields": ("area", "code", "name", "unit", "aggregation", "is_ratio", "published")}),
        (_("Đầu kỳ và đích"), {"fields": ("baseline", "target")}),
        SOURCED,
    )
