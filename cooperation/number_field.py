"""Numbers as people write them: 1.200.000 and 40,5, also 40.5."""

import re
from decimal import Decimal

from django import forms

_GROUPED = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?\Z")


class NumberField(forms.DecimalField):
    """Shows numbers as the public pages do."""

    # A browser's number box refuses the dots and commas of Vietnamese numbers.
    widget = forms.TextInput(attrs={"inputmode": "decimal"})

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
