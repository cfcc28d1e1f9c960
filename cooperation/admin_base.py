"""The admin classes that all floors build on: skin, row scope, history, search, export.

The skin (django-unfold) is named in cooperation/admin*.py and in settings only, so that it can be swapped.
"""

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.widgets import UnfoldAdminFileFieldWidget as FileWidget
from unfold.widgets import UnfoldAdminSelectWidget as SelectWidget

from cooperation.admin_forms import ExportForm, NumberField, NumberWidget, RecordForm
from cooperation.exports import EXPORT_FORMATS, list_resource, sheet_relations, sheet_resource
from cooperation.importing.kinds import kind_named
from cooperation.models import Agency, JointPlan
from cooperation.permissions import CHANGE, VIEW, agency_ids, home_agency
from cooperation.text import search_fold, slug

# The skin's widgets for forms that are not a model's.
__all__ = [
    "FileWidget",
    "PortalAdmin",
    "PortalStackedInline",
    "PortalTabularInline",
    "ScopedAdmin",
    "SelectWidget",
]


_OVERRIDES = {models.DecimalField: {"form_class": NumberField, "widget": NumberWidget}}


class ScopedAdmin(ModelAdmin):
    """Rows come from `for_user()`: a foreign row answers like one that does not exist."""

    form = RecordForm
    formfield_overrides = _OVERRIDES
    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = True
    warn_unsaved_form = True
    compressed_fields = True
    # Foreign keys that decide who owns a row: only what the user may write can be chosen.
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
        """Folded text is searched with folded words: accents and case aside."""
        if all(field.endswith("search_text") for field in self.search_fields):
            search_term = search_fold(search_term)
        return super().get_search_results(request, queryset, search_term)

    def get_form(self, request, obj=None, **kwargs):
        """Whoever may write only their own rows must say whose a row is, and cannot disown it."""
        form = super().get_form(request, obj, **kwargs)
        for name in self.owner_fields:
            owned = obj is None or getattr(obj, f"{name}_id") is not None
            if name in form.base_fields and owned and not request.user.is_superuser:
                form.base_fields[name].required = True
        return form

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        related = db_field.remote_field.model
        manager = related._default_manager
        if db_field.name in self.owner_fields and not request.user.is_superuser:
            if related is Agency:
                kwargs["queryset"] = manager.filter(pk__in=agency_ids(request.user)).in_order()
                kwargs["initial"] = home_agency(request.user)
            else:
                kwargs["queryset"] = self._writable(manager, db_field, request)
        elif hasattr(manager, "for_user") and "queryset" not in kwargs:
            kwargs["queryset"] = manager.for_user(request.user, VIEW)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _writable(self, manager, db_field, request):
        """What may be chosen: what the user writes into, and what the row already has."""
        if hasattr(manager, "written_by"):
            rows = manager.written_by(request.user)
        else:
            rows = manager.for_user(request.user, CHANGE)
        edited = self.model._default_manager.filter(pk=request.resolver_match.kwargs.get("object_id"))
        return manager.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=edited.values(db_field.attname)))

    def save_related(self, request, form, formsets, change):
        """Refuse, and roll back, a row that its author could not write again: it is another agency's."""
        super().save_related(request, form, formsets, change)
        if not self._in_scope(request, form.instance, CHANGE):
            raise PermissionDenied(_("Hồ sơ phải thuộc cơ quan của bạn."))


class HistoryAdmin(SimpleHistoryAdmin):
    """History pages check the row too: simple-history alone shows what the list hides."""

    def history_view(self, request, object_id, extra_context=None):
        self._require_in_scope(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        if request.method not in ("GET", "HEAD"):  # simple-history would write the old version back
            return HttpResponseNotAllowed(("GET", "HEAD"))
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
    # The kind of sheet that brings in records of this model (importing/kinds.py).
    import_kind = ""
    import_export_change_list_template = "admin/cooperation/change_list_import.html"

    def changelist_view(self, request, extra_context=None):
        may_import = request.user.has_perm(f"{self.opts.app_label}.import_{self.opts.model_name}")
        context = {**(extra_context or {}), "import_kind": self.import_kind if may_import else ""}
        return super().changelist_view(request, context)

    def get_resource_classes(self, request):
        """What can be brought in goes out as the same sheet, everything else as a list to read."""
        if self.import_kind:
            return [sheet_resource(kind_named(self.import_kind))]
        return [list_resource(self.model, self.export_fields)]

    def has_export_permission(self, request):
        return bool(self.import_kind or self.export_fields) and super().has_export_permission(request)

    def get_export_filename(self, request, queryset, file_format):
        """hoat-dong-2022-12-31.xlsx; hoat-dong-ke-hoach-1-2022-12-31.xlsx where the filter names one plan."""
        names = [slug(str(self.opts.verbose_name_plural)), self._plan_filtered_by(request), str(localdate())]
        return f"{'-'.join(filter(None, names))}.{file_format.get_extension()}"

    def _plan_filtered_by(self, request) -> str:
        """The slug of the plan that the list is filtered by: a sheet is brought into one plan."""
        keys = [value for name, value in request.GET.items() if name.endswith("plan__id__exact")]
        if len(keys) != 1 or not keys[0].isdecimal():
            return ""
        plans = JointPlan.objects.for_user(request.user, VIEW).filter(pk=keys[0])
        return plans.values_list("slug", flat=True).first() or ""

    def get_export_queryset(self, request):
        """The filtered list, with every relation that the export names."""
        rows = super().get_export_queryset(request)
        if self.import_kind:
            relations = sheet_relations(kind_named(self.import_kind))
        else:
            relations = [name for name in self.export_fields if self.opts.get_field(name).is_relation]
        return rows.select_related(*relations) if relations else rows

    def export_action(self, request):
        """Like the list, answer a filter that does not exist with the bare list."""
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            messages.warning(request, _("Bộ lọc không hợp lệ nên chưa xuất gì."))
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


class ScopedInline:
    """Rows of an inline belong to the record they stand on; who may not write that writes none of them."""

    form = RecordForm
    formfield_overrides = _OVERRIDES
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
