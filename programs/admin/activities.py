"""Admin of programmes and activities: an activity with its milestones, reports and evidence on one page."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cooperation.admin import SOURCED
from cooperation.admin_base import PortalAdmin
from cooperation.admin_inlines import PortalStackedInline, PortalTabularInline
from programs.admin.activity_form import ActivityForm, ScheduleChangeFormSet
from programs.evidence.forms import EvidenceForm, EvidenceFormSet, PreparesEvidence
from programs.models import (
    Activity,
    Evidence,
    Milestone,
    Program,
    ProgressUpdate,
    ScheduleChange,
    Suspension,
)
from programs.reporting.seats import written_by
from programs.todo import QUESTIONS, mine, work_to_do


class WorkToDoFilter(admin.SimpleListFilter):
    """The same questions as the admin's first page."""

    title = _("việc cần làm")
    parameter_name = "viec"

    def lookups(self, request, model_admin):
        return [(name, title) for name, (title, _holds) in QUESTIONS.items()]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in QUESTIONS:  # never all rows for a filter that does not exist
            return queryset.none()
        return queryset.filter(pk__in=list(work_to_do(mine(request.user), localdate())[self.value()]))


class MilestoneInline(PortalTabularInline):
    model = Milestone
    fields = ("title", "due_on", "done_on", "waived_on", "waiver_reason", "waiver_document")
    tab = True


class ScheduleChangeInline(PortalTabularInline):
    model = ScheduleChange
    formset = ScheduleChangeFormSet
    fields = ("on", "start_before", "due_before", "precision_before", "document")
    tab = True


class SuspensionInline(PortalTabularInline):
    model = Suspension
    fields = ("suspended_on", "resumed_on", "document")
    tab = True


class ProgressUpdateInline(PortalStackedInline):
    """New reports are written here; written ones are read here and moved on their own page."""

    model = ProgressUpdate
    fields = ("effective_on", "percent", "results", "difficulties", "proposals", "fall_reason", "status")
    readonly_fields = ("status",)
    tab = True
    show_change_link = True

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class EvidenceInline(PortalTabularInline):
    model = Evidence
    form = EvidenceForm
    formset = EvidenceFormSet
    fields = ("title", "document_number", "file")
    tab = True

    def get_queryset(self, request):
        return Evidence.objects.for_user(request.user)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.user = request.user
        return formset


@admin.register(Program)
class ProgramAdmin(PortalAdmin):
    list_display = ("title", "code", "area", "lead_agency", "published")
    list_filter = ("area__plan", "published")
    list_select_related = ("area", "lead_agency")
    search_fields = ("search_text",)
    autocomplete_fields = ("area", "lead_agency", "sources")
    export_fields = ("code", "title", "area", "lead_agency", "start_on", "end_on")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "area",
                    "code",
                    "title",
                    "summary",
                    "lead_agency",
                    "start_on",
                    "end_on",
                    "published",
                )
            },
        ),
        SOURCED,
    )


@admin.register(Activity)
class ActivityAdmin(PreparesEvidence, PortalAdmin):
    form = ActivityForm
    import_kind = "activity"
    list_display = ("title", "code", "area", "lead_agency", "due_on", "lifecycle", "published")
    list_filter = (WorkToDoFilter, "lifecycle", "kind", "area__plan", "published")
    list_select_related = ("area", "lead_agency")
    search_fields = ("search_text",)
    autocomplete_fields = ("area", "further_areas", "program", "partner_agencies", "indicator", "sources")
    owner_fields = ("lead_agency", "area")
    inlines = (
        ProgressUpdateInline,
        MilestoneInline,
        ScheduleChangeInline,
        SuspensionInline,
        EvidenceInline,
    )
    fieldsets = (
        (None, {"fields": ("title", "code", "area", "program", "summary", "published")}),
        (
            _("Ai làm"),
            {
                "fields": ("lead_agency", "partner_agencies", "place"),
                "description": _("Cơ quan chủ trì ghi hồ sơ này; cơ quan phối hợp chỉ xem."),
            },
        ),
        (
            _("Loại và thời hạn"),
            {"fields": ("kind", "form", "weight", "added_on", "start_on", "due_on", "date_precision")},
        ),
        (
            _("Tình trạng"),
            {
                "fields": ("lifecycle", "completed_on", "suspended_on", "resumed_on"),
                "description": _("“Quá hạn” không phải là một lựa chọn: cổng tự tính từ ngày."),
            },
        ),
        (
            _("Nếu không thực hiện"),
            {
                "fields": ("cancelled_on", "cancellation_reason", "cancellation_document"),
                "description": _("Hủy sau hạn mà không có văn bản thì hoạt động vẫn tính vào tiến độ."),
                "classes": ("collapse",),
            },
        ),
        (
            _("Liên quan"),
            {"fields": ("further_areas", "indicator", "figures"), "classes": ("collapse",)},
        ),
        SOURCED,
    )

    def get_fieldsets(self, request, obj=None):
        """Only a term that stands already can be changed from a day on."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return [
            (name, {**options, "fields": (*options["fields"], "schedule_from")})
            if "due_on" in options["fields"]
            else (name, options)
            for name, options in fieldsets
        ]

    def lists_saved(self, request, form, change):
        """After the lists: what somebody wrote there by hand is not written twice."""
        for row in form.left_behind() if change else ():
            row._change_reason = form.instance._change_reason
            row.save()

    def _say_how_to_send(self, request):
        address = reverse("admin:programs_progressupdate_changelist")
        message = _("Báo cáo mới còn là bản nháp. Mở {}, đánh dấu báo cáo rồi chọn “Gửi duyệt”.")
        link = format_html(
            '<a class="underline" href="{}?status__exact=draft">{}</a>', address, _("các bản nháp")
        )
        self.message_user(request, format_html(message, link), messages.WARNING)

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if formset.model is ProgressUpdate and formset.new_objects:
            self._say_how_to_send(request)

    def prepare_part(self, request, part):
        """A report written here is a draft of the person who wrote it, and of their agency."""
        super().prepare_part(request, part)
        if isinstance(part, ProgressUpdate):
            written_by(part, request.user)
