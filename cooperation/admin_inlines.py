"""The inlines that all floors build on: rows that are written on the page of the record they belong to."""

from django.db.models import UniqueConstraint
from unfold.admin import StackedInline, TabularInline

from cooperation.admin_forms import FIELD_OVERRIDES, RecordForm
from cooperation.models.record import ALIVE
from cooperation.permissions import CHANGE, VIEW


class RowsFormSet(TabularInline.formset):
    """Says which rows of the list collide with each other: each alone would only be held against the stored
    ones, and the database would refuse the second."""

    def clean(self):
        super().clean()
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and constraint.condition == ALIVE:
                self._refuse_twins(constraint)

    def _refuse_twins(self, constraint):
        names = [name for name in constraint.fields if name != self.fk.name]
        seen = set()
        for form in self.forms:
            if form in self.deleted_forms or not hasattr(form, "cleaned_data"):
                continue
            values = tuple(form.cleaned_data.get(name) for name in names)
            if None not in values and values in seen and not form.non_field_errors():
                form.add_error(None, constraint.violation_error_message)
            seen.add(values)


class ScopedInline:
    """Rows of an inline belong to the record they stand on; who may not write that writes none of them."""

    form = RecordForm
    formset = RowsFormSet
    formfield_overrides = FIELD_OVERRIDES
    extra = 0

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return [*fields, "form_version"] if self.has_change_permission(request, obj) else fields

    def get_queryset(self, request):
        """A page that partners read may hold rows that they may not: another agency's drafts."""
        rows = super().get_queryset(request)
        return rows.filter(pk__in=self.model._default_manager.for_user(request.user, VIEW).values("pk"))

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
