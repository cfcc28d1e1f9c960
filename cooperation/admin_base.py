"""The admin classes that all floors build on: skin, row scope, history, search, export.

The skin (django-unfold) is named here and in settings only, so that it can be swapped.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from import_export.admin import ExportMixin
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.contrib.import_export.forms import ExportForm
from unfold.widgets import UnfoldAdminFileFieldWidget as FileWidget
from unfold.widgets import UnfoldAdminSelectWidget as SelectWidget

from cooperation.exports import EXPORT_FORMATS, list_resource
from cooperation.models import Agency
from cooperation.permissions import CHANGE, VIEW, agency_ids

# The skin's widgets for forms that are not a model's.
__all__ = [
    "FileWidget",
    "PortalAdmin",
    "PortalStackedInline",
    "PortalTabularInline",
    "ScopedAdmin",
    "SelectWidget",
]


class ScopedAdmin(ModelAdmin):
    """Rows come from `for_user()`: a foreign row answers like one that does not exist."""

    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = True
    warn_unsaved_form = True
    compressed_fields = True
    # Foreign keys to the agency that owns a row: only the user's own agencies may be chosen.
    owner_fields: tuple[str, ...] = ()
    # Every relation that list_display shows. Django's default would follow all, five levels deep.
    list_select_related: tuple[str, ...] = ()

    def get_queryset(self, request):
        rows = self.model._default_manager.for_user(request.user, VIEW)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def _in_scope(self, request, obj, action) -> bool:
        return self.model._default_manager.for_user(request.user, action).filter(pk=obj.pk).exists()

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and (
            obj is None or obj.pk is None or self._in_scope(request, obj, VIEW)
        )

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (
            obj is None or obj.pk is None or self._in_scope(request, obj, CHANGE)
        )

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (
            obj is None or obj.pk is None or self._in_scope(request, obj, CHANGE)
        )

    def get_search_results(self, request, queryset, search_term):
        """Search the folded text where the model keeps one: accents and word order aside."""
        if self.search_fields == ("search_text",):
            return queryset.search(search_term), False
        return super().get_search_results(request, queryset, search_term)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        manager = db_field.remote_field.model._default_manager
        if hasattr(manager, "for_user") and "queryset" not in kwargs:
            kwargs["queryset"] = manager.for_user(request.user, VIEW)
        if db_field.name in self.owner_fields and not request.user.is_superuser:
            kwargs["queryset"] = Agency.objects.filter(pk__in=agency_ids(request.user)).in_order()
            kwargs["initial"] = request.user.agency_id
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change):
        """Refuse, and roll back, a row that its author could not write again: it is another agency's."""
        super().save_related(request, form, formsets, change)
        if not self._in_scope(request, form.instance, CHANGE):
            raise PermissionDenied("Hồ sơ phải thuộc cơ quan của bạn.")


class HistoryAdmin(SimpleHistoryAdmin):
    """History pages check the row too: simple-history alone shows what the list hides."""

    def history_view(self, request, object_id, extra_context=None):
        self._require_in_scope(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        self._require_in_scope(request, object_id)
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _require_in_scope(self, request, object_id):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if self.get_object(request, object_id) is None and not request.user.is_superuser:
            raise Http404


class PortalAdmin(ExportMixin, HistoryAdmin, ScopedAdmin):
    """An admin with scope, history and export of the filtered list."""

    export_form_class = ExportForm
    export_formats = EXPORT_FORMATS
    export_fields: tuple[str, ...] = ()

    def get_resource_classes(self, request):
        return [list_resource(self.model, self.export_fields)]

    def has_export_permission(self, request):
        return bool(self.export_fields) and super().has_export_permission(request)


class ScopedInline:
    """Rows of an inline belong to the record they stand on; who may not write that writes none of them."""

    extra = 0

    def _writes_parent(self, request, parent) -> bool:
        if parent is None:
            return True
        return type(parent)._default_manager.for_user(request.user, CHANGE).filter(pk=parent.pk).exists()

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and self._writes_parent(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._writes_parent(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._writes_parent(request, obj)


class PortalTabularInline(ScopedInline, TabularInline):
    pass


class PortalStackedInline(ScopedInline, StackedInline):
    pass
