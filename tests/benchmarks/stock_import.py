"""django-import-export as its documentation shows it: the yardstick of `make bench-import`."""

from datetime import datetime
from pathlib import Path

from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import CharWidget, DateWidget, DecimalWidget, ForeignKeyWidget
from tablib import Dataset

from cooperation.models import CooperationArea, JointPlan, Province
from enterprises.models import MOU, Enterprise
from tests.benchmarks.import_workbooks import HEADERS, STATUSES

_TEXTS = ("number", "signed_at", "event", "content", "products", "quantity")


class DayWidget(DateWidget):
    """A date cell of Excel is read as midnight."""

    def clean(self, value, row=None, **kwargs):
        return value.date() if isinstance(value, datetime) else super().clean(value, row, **kwargs)


class StatusWidget(CharWidget):
    def clean(self, value, row=None, **kwargs):
        return STATUSES.get(value, value)


def _field(name: str, widget, header: str = "") -> Field:
    return Field(attribute=name, column_name=HEADERS[header or name], widget=widget)


class MemorandumResource(ModelResource):
    number = _field("number", CharWidget())
    signed_on = _field("signed_on", DayWidget("%d/%m/%Y"))
    signed_at = _field("signed_at", CharWidget())
    event = _field("event", CharWidget())
    party_a = _field("party_a", ForeignKeyWidget(Enterprise, "tax_code"), "party_a_tax_code")
    party_b = _field("party_b", ForeignKeyWidget(Enterprise, "tax_code"), "party_b_tax_code")
    area = _field("area", ForeignKeyWidget(CooperationArea, "number"))
    content = _field("content", CharWidget())
    products = _field("products", CharWidget())
    quantity = _field("quantity", CharWidget())
    value = _field("value", DecimalWidget())
    status = _field("status", StatusWidget())

    class Meta:
        model = MOU
        import_id_fields = ("number",)
        fields = (*_TEXTS, "signed_on", "party_a", "party_b", "area", "value", "status")

    def before_import_row(self, row, **kwargs):
        """New enterprises, as "Creating non-existent relations" of the documentation has it."""
        for side in ("party_a", "party_b"):
            name, province = row[HEADERS[side]], row[HEADERS[f"{side}_province"]]
            Enterprise.objects.get_or_create(
                tax_code=row[HEADERS[f"{side}_tax_code"]],
                defaults={"name": name, "province_id": kwargs["provinces"][province]},
            )

    def before_save_instance(self, instance, row, **kwargs):
        instance.plan = kwargs["plan"]


def _import(path: Path, *, dry_run: bool):
    provinces = dict(Province.objects.filter(dissolved_on__isnull=False).values_list("name", "pk"))
    sheet = Dataset().load(path.read_bytes(), format="xlsx")
    return MemorandumResource().import_data(
        sheet, dry_run=dry_run, plan=JointPlan.objects.get(), provinces=provinces
    )


def check(path: Path) -> int:
    """Return how many rows are wrong."""
    return sum(bool(row.errors or row.validation_error) for row in _import(path, dry_run=True).rows)


def commit(path: Path) -> int:
    """Return how many rows were written."""
    totals = _import(path, dry_run=False).totals
    return totals["new"] + totals["update"]
