"""Admin of reporting periods and of sealed figures, which are only read."""

from django.contrib import admin

from cooperation.admin_base import PortalAdmin, ScopedAdmin
from programs.models import ReportingPeriod, Snapshot


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(PortalAdmin):
    list_display = ("label", "kind", "plan", "start_on", "end_on", "due_on")
    list_filter = ("plan", "kind")
    list_select_related = ("plan",)
    search_fields = ("label",)
    autocomplete_fields = ("plan",)
    export_fields = ("plan", "kind", "label", "start_on", "end_on", "due_on")


@admin.register(Snapshot)
class SnapshotAdmin(ScopedAdmin):
    list_display = ("period", "sealed_at", "rule_version", "sha256")
    list_select_related = ("period",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
