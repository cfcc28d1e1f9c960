"""Admin of explanation requests: read and taken out, never written. Asking and answering have pages."""

from django.contrib import admin
from import_export.admin import ExportMixin

from cooperation.admin_base import ScopedAdmin
from cooperation.admin_forms import ExportForm
from cooperation.exports import EXPORT_FORMATS, list_resource
from programs.models import ExplanationRequest


@admin.register(ExplanationRequest)
class ExplanationRequestAdmin(ExportMixin, ScopedAdmin):
    list_display = ("__str__", "agency", "asked_by", "asked_at", "due_on", "answered_by", "answered_at")
    list_filter = (("answered_at", admin.EmptyFieldListFilter), "due_on")
    list_select_related = ("activity", "area", "agency", "asked_by", "answered_by")
    search_fields = ("activity__search_text", "area__search_text")
    export_form_class = ExportForm
    export_formats = EXPORT_FORMATS
    export_fields = (
        "activity", "area", "agency", "question", "due_on", "asked_by", "asked_at", "answer", "answered_by",
        "answered_at",
    )  # fmt: skip

    def get_resource_classes(self, request):
        return [list_resource(self.model, self.export_fields)]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
