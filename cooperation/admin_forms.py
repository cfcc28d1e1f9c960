"""What every admin form does beyond Django's: numbers as people write them, faults said before saving."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from unfold.contrib.import_export.forms import ExportForm as SkinExportForm
from unfold.widgets import UnfoldAdminTextInputWidget

from cooperation.models import Searchable

_GROUPED = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?\Z")


class RecordForm(forms.ModelForm):
    """Says in the form what the database would refuse on saving, derived columns included."""

    def validate_unique(self):
        """Django checks only constraints whose every column is in the form: check all of them."""
        super().validate_unique()
        if self.errors:
            return
        if isinstance(self.instance, Searchable):
            self.instance.prepare()
        try:
            self.instance.validate_constraints()
        except ValidationError as refusal:
            self.add_error(None, refusal.messages)


class ExportForm(SkinExportForm):
    """Excel is what nearly everybody wants: the first format is chosen beforehand."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].initial = "0"


class NumberWidget(UnfoldAdminTextInputWidget):
    """A text box: a browser's number box refuses the dots and commas of Vietnamese numbers."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "decimal", **(attrs or {})})


class NumberField(forms.DecimalField):
    """Reads 1.200.000 and 40,5 (also 40.5), and shows numbers as the public pages do."""

    widget = NumberWidget

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace(" ", "").replace("\u00a0", "")
            if _GROUPED.match(value):
                value = value.replace(".", "")
            value = value.replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value):
        if not isinstance(value, Decimal):
            return value
        shown = f"{value:,f}"
        if "." in shown:
            shown = shown.rstrip("0").rstrip(".")
        return shown.translate(str.maketrans(",.", ".,"))
