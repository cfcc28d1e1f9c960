"""Any list as a file, in the formats of export_formats.py: readable headers, names instead of keys.

A list whose records can be brought in goes out as that sheet: what was exported reads back unchanged.
"""

from django.db import models
from import_export import fields, resources

from cooperation.export_formats import CSV, EXPORT_FORMATS, JSON, ODS, Excel
from cooperation.importing.kinds import Kind

__all__ = [
    "CSV",
    "EXPORT_FORMATS",
    "JSON",
    "ODS",
    "Excel",
    "list_resource",
    "sheet_relations",
    "sheet_resource",
]

_NUMBERING = "STT"


class ListResource(resources.ModelResource):
    """The columns of a list as a reader sees them: Vietnamese headers, names instead of keys."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        for name, field in self.fields.items():
            field.column_name = str(self._meta.model._meta.get_field(name).verbose_name)

    def export_field(self, field, instance, **kwargs):
        model_field = instance._meta.get_field(field.attribute)
        if model_field.choices:
            return str(getattr(instance, f"get_{model_field.name}_display")())
        value = getattr(instance, model_field.name)
        if isinstance(value, models.Model):
            return str(value)
        return "" if value is None else value


def list_resource(model: type[models.Model], fields: tuple[str, ...]) -> type[ListResource]:
    """Return the export of `model` with these fields, in this order."""
    meta = type("Meta", (), {"model": model, "fields": fields, "export_order": fields})
    return type(f"{model.__name__}ListResource", (ListResource,), {"Meta": meta})


class SheetResource(resources.Resource):
    """The records as a sheet of `kind`, numbered as its template is.

    The numbers are more than a habit: a row that begins with "Ghi chú …" or holds one cell only would read
    as a note or a group's title, not as data.
    """

    kind: Kind

    @classmethod
    def get_display_name(cls):
        return cls.kind.title

    def before_export(self, queryset, **kwargs):
        self._row = 0

    def export_resource(self, instance, selected_fields=None, **kwargs):
        self._row += 1
        return super().export_resource(instance, selected_fields, **kwargs)

    def export_field(self, field, instance, **kwargs):
        if field.column_name == _NUMBERING:
            return self._row
        column = self.kind.by_field[field.attribute]
        value = instance
        for name in column.path.split("."):
            value = getattr(value, name, None)
        if value is None:
            return ""
        return column.shown(value) if column.shown else value


def sheet_resource(kind: Kind) -> type[SheetResource]:
    """Return the export of a kind's records as a sheet that the import reads back unchanged."""
    exported = [column for column in kind.columns if column.exported]
    # A prefix, because a column may be called as something of the resource's own is (kind).
    named = {f"column_{column.field}": fields.Field(column.field, column.header) for column in exported}
    order = (_NUMBERING, *named)
    meta = type("Meta", (), {"export_order": order})
    members = {_NUMBERING: fields.Field(column_name=_NUMBERING), **named, "kind": kind, "Meta": meta}
    return type(f"{kind.model.__name__}SheetResource", (SheetResource,), members)


def sheet_relations(kind: Kind) -> list[str]:
    """The relations that the sheet's columns follow, for `select_related`."""
    found = set()
    for column in kind.columns:
        if not column.exported:
            continue
        model, followed = kind.model, []
        for name in column.path.split("."):
            field = model._meta.get_field(name)
            if not field.is_relation:
                break
            followed.append(name)
            model = field.related_model
        if followed:
            found.add("__".join(followed))
    return sorted(found)
