"""Admin of import batches and remembered columns."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from cooperation.admin_base import ScopedAdmin
from cooperation.importing.kinds import kind_named
from cooperation.importing.pages import import_links, import_urls
from cooperation.models import ColumnMapping, ImportBatch

# A batch's own page says what its task is doing; the raw queue is nobody's work.
admin.site.unregister(DBTaskResult)


@admin.register(ImportBatch)
class ImportBatchAdmin(ScopedAdmin):
    """The list of batches; each has its own page in importing/pages.py."""

    list_display = ("link", "kind_title", "plan", "user", "state", "created_at", "committed_at")
    list_display_links = None
    list_filter = ("state", "kind")
    list_select_related = ("plan", "user")
    search_fields = ("file_name",)
    change_list_template = "admin/cooperation/importbatch/change_list.html"

    @admin.display(description=_("tệp"), ordering="file_name")
    def link(self, batch):
        address = reverse("admin:cooperation_importbatch_detail", kwargs={"uuid": batch.uuid})
        return format_html('<a href="{}">{}</a>', address, batch.file_name)

    @admin.display(description=_("loại dữ liệu"), ordering="kind")
    def kind_title(self, batch):
        return kind_named(batch.kind).title

    def get_urls(self):
        return [*import_urls(self.admin_site), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request) or request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        batch = get_object_or_404(self.get_queryset(request), pk=object_id)
        return redirect("admin:cooperation_importbatch_detail", uuid=batch.uuid)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {**(extra_context or {}), "import_kinds": import_links(request.user)}
        )

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ColumnMapping)
class ColumnMappingAdmin(ScopedAdmin):
    list_display = ("header", "field", "kind", "agency")
    list_select_related = ("agency",)
    search_fields = ("header",)
    owner_fields = ("agency",)
    readonly_fields = ("created_by",)
