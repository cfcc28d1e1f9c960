"""The admin classes that all floors build on: skin, row scope, search, export.

The skin (django-unfold) is named in cooperation/admin*.py and in settings only, so that it can be swapped.
"""

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminFileFieldWidget as FileWidget
from unfold.widgets import UnfoldAdminSelectWidget as SelectWidget
from unfold.widgets import UnfoldAdminSingleDateWidget as DateWidget

from cooperation import corrections
from cooperation.accounts.kept_text import kept_text_page
from cooperation.admin_bin import BinAdmin
from cooperation.admin_forms import FIELD_OVERRIDES, ExportForm, ReasonedForm, RecordField, RecordsField
from cooperation.admin_history import HistoryAdmin
from cooperation.discarding import discard
from cooperation.exports import EXPORT_FORMATS, list_resource, sheet_relations, sheet_resource
from cooperation.importing.kinds import kind_named
from cooperation.models import Agency, JointPlan, Record
from cooperation.permissions import CHANGE, VIEW, agency_ids, home_agency, runs_the_system
from cooperation.posted import as_key
from cooperation.text import search_fold, slug

# The skin's widgets for forms that are not a model's.
__all__ = [
    "DateWidget",
    "FileWidget",
    "PortalAdmin",
    "ScopedAdmin",
    "SelectWidget",
]


class ScopedAdmin(ModelAdmin):
    """Rows come from `for_user()`: a foreign row answers like one that does not exist."""

    form = ReasonedForm
    formfield_overrides = FIELD_OVERRIDES
    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = True
    warn_unsaved_form = True
    compressed_fields = True
    # Foreign keys that decide who owns a row: only what the user may write can be chosen.
    owner_fields: tuple[str, ...] = ()
    # Every relation that list_display shows. Django's default would follow all, five levels deep.
    list_select_related: tuple[str, ...] = ()

    # The version that the form was filled from, and what another person saved meanwhile.
    change_form_before_template = "admin/record_conflict.html"

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

    def get_object(self, request, object_id, from_field=None):
        """A record that is about to be written is locked first: who saves second sees what came before."""
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            locked = self.model._default_manager.select_for_update().order_by()
            list(locked.filter(pk=as_key(str(object_id))).values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """One answer for what is not there and for what is not the user's: no page tells them apart."""
        raise Http404

    def get_view_on_site_url(self, obj=None):
        """The page itself: Django's way there by the kind and key of a record asks nobody's rights."""
        if obj is None or not self.view_on_site or not hasattr(obj, "get_absolute_url"):
            return None
        return obj.get_absolute_url()

    def history_view(self, request, object_id, extra_context=None):
        """The role is asked before the record: Django's order tells whoever may not look what exists."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A write that wants a reason is rolled back, and the form shown again with all that was typed.

        Where somebody deleted the record meanwhile, what was typed stays on the page to be copied.
        """
        if request.method == "POST" and (gone := self._deleted_meanwhile(request, object_id)) is not None:
            why = _("“%s” vừa bị xóa nên chưa ghi gì; người có quyền có thể khôi phục ở mục “Đã xóa”.") % gone
            list_address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            return kept_text_page(request, why, list_address) or redirect(list_address)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except corrections.ReasonRequiredError as needed:
            request.reason_required = str(needed)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _deleted_meanwhile(self, request, object_id):
        if not issubclass(self.model, Record) or not object_id:
            return None
        if not self.has_change_permission(request):
            return None
        rows = self.model.with_deleted.for_user(request.user, CHANGE)
        return rows.filter(pk=as_key(str(object_id)), deleted_at__isnull=False).first()

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if not issubclass(self.model, Record) or not self.form_asks_why(request, obj):
            return fieldsets
        return [*fieldsets, (None, {"fields": ("change_reason", "change_document")})]

    def form_asks_why(self, request, obj) -> bool:
        """A new record needs no reason, unless it would change sealed figures."""
        if obj is None:
            return bool(getattr(request, "reason_required", ""))
        return self.has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        obj._change_reason = form.cleaned_data.get("change_reason") or None
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        """What is crossed out in a list goes to the bin; everything carries the form's reason."""
        written = formset.save(commit=False)
        why = form.cleaned_data.get("change_reason") or None
        for part in formset.deleted_objects:
            discard(part, user=request.user, reason=why or _("Bỏ khỏi “%s”") % form.instance)
        for part in written:
            part._change_reason = why
            self.prepare_part(request, part)
            part.save()
        formset.save_m2m()

    def prepare_part(self, request, part) -> None:
        """Fill what a new row of an inline does not ask for."""

    def lists_saved(self, request, form, change) -> None:
        """Write what follows from the form once the lists on its page are saved."""

    def written(self, request, obj, reason: str, document: str) -> None:
        """Called in the transaction of every write, after it. May raise ReasonRequiredError."""
        corrections.written(self.model, [obj.pk], user=request.user, reason=reason, document=document)

    def get_search_results(self, request, queryset, search_term):
        """Folded text is searched with folded words: accents and case aside."""
        if all(field.endswith("search_text") for field in self.search_fields):
            search_term = search_fold(search_term)
        return super().get_search_results(request, queryset, search_term)

    def get_form(self, request, obj=None, **kwargs):
        """Whoever may write only their own rows must say whose a row is, and cannot disown it."""
        form = super().get_form(request, obj, **kwargs)
        form.reason_required = getattr(request, "reason_required", "")
        for name in self.owner_fields:
            owned = obj is None or getattr(obj, f"{name}_id") is not None
            if name in form.base_fields and owned and not runs_the_system(request.user):
                form.base_fields[name].required = True
        return form

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("form_class", RecordsField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("form_class", RecordField)
        related = db_field.remote_field.model
        manager = related._default_manager
        if db_field.name in self.owner_fields and not runs_the_system(request.user):
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
        self.lists_saved(request, form, change)
        if not self._in_scope(request, form.instance, CHANGE):
            raise PermissionDenied(_("Hồ sơ phải thuộc cơ quan của bạn."))
        data = form.cleaned_data
        self.written(
            request, form.instance, data.get("change_reason") or "", data.get("change_document") or ""
        )


class PortalAdmin(BinAdmin, ExportMixin, HistoryAdmin, ScopedAdmin):
    """An admin with scope, history, a bin, and export of the filtered list."""

    export_form_class = ExportForm
    export_formats = EXPORT_FORMATS
    export_fields: tuple[str, ...] = ()
    # The kind of sheet that brings in records of this model (importing/kinds.py).
    import_kind = ""
    import_export_change_list_template = "admin/cooperation/change_list_import.html"

    def changelist_view(self, request, extra_context=None):
        may_import = request.user.has_perm(f"{self.opts.app_label}.import_{self.opts.model_name}")
        context = {
            **(extra_context or {}),
            "import_kind": self.import_kind if may_import else "",
            "bin_address": self.bin_address() if self.has_delete_permission(request) else "",
        }
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
