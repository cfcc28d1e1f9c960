"""Excel and CSV of any list: readable headers, text kept as text, no formula ever."""

import csv
import datetime
import io
from decimal import Decimal

import xlsxwriter
from django.db import models
from import_export import resources
from import_export.formats.base_formats import Format

# A spreadsheet program takes a text that begins so for a formula (CSV has no types to say otherwise).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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


class ExportFormat(Format):
    def can_import(self):
        return False

    def can_export(self):
        return True


class Excel(ExportFormat):
    """An .xlsx whose strings are strings: `==1+1` stays text."""

    def get_title(self):
        return "xlsx"

    def get_extension(self):
        return "xlsx"

    def is_binary(self):
        return True

    def get_content_type(self):
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def export_data(self, dataset, **kwargs):
        buffer = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(buffer, options) as workbook:
            sheet = workbook.add_worksheet()
            bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            day = workbook.add_format({"num_format": "dd/mm/yyyy"})
            for column, header in enumerate(dataset.headers or ()):
                sheet.write_string(0, column, header, bold)
            for row, values in enumerate(dataset, 1):
                for column, value in enumerate(values):
                    _write(sheet, row, column, value, day)
            sheet.freeze_panes(1, 0)
            sheet.autofit(400)
        return buffer.getvalue()


def _write(sheet, row, column, value, day) -> None:
    if isinstance(value, bool):
        sheet.write_string(row, column, "có" if value else "không")
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime.datetime):
        sheet.write_string(row, column, f"{value:%H:%M %d/%m/%Y}")
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, datetime.datetime.combine(value, datetime.time()), day)
    else:
        sheet.write_string(row, column, str(value))


class CSV(ExportFormat):
    """UTF-8 with BOM for Excel; ISO dates; a text that looks like a formula gets a leading apostrophe."""

    def get_title(self):
        return "csv"

    def get_extension(self):
        return "csv"

    def get_content_type(self):
        return "text/csv"

    def export_data(self, dataset, **kwargs):
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        writer.writerow(dataset.headers or ())
        for values in dataset:
            writer.writerow([_inert(value) for value in values])
        return "\ufeff" + buffer.getvalue()


def _inert(value):
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


EXPORT_FORMATS = [Excel, CSV]
