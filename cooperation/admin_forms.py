"""What every admin form does beyond Django's: numbers as people write them, faults said before saving."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy
from unfold.contrib.import_export.forms import ExportForm as SkinExportForm
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from cooperation.conflicts import Conflict, find_conflict
from cooperation.models import Searchable
from cooperation.number_field import NumberField as PlainNumberField
from cooperation.posted import as_key


class RecordForm(forms.ModelForm):
    """Says in the form what the database would refuse on saving, derived columns included.

    `form_version` is the version that the form was filled from (conflicts.py).
    """

    form_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    conflict: Conflict | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "form_version" in self.fields:
            self.fields["form_version"].initial = getattr(self.instance, "version", None)

    def clean(self):
        cleaned = super().clean()
        if "form_version" in self.fields:
            self.conflict = find_conflict(self, self.cleaned_data.get("form_version"))
        if self.conflict:
            self.add_error(None, self.conflict.sentence)
        return cleaned

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


class ReasonedForm(RecordForm):
    """A record's own form: asks why it is changed, and insists where sealed figures would change."""

    # Set for one request, by the admin, where the write was refused for want of a reason.
    reason_required = ""

    change_reason = forms.CharField(
        label=gettext_lazy("Lý do thay đổi"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy("Ghi vào lịch sử. Bắt buộc khi đính chính số liệu đã chốt."),
    )
    change_document = forms.CharField(
        label=gettext_lazy("Văn bản cho phép"),
        required=False,
        max_length=120,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Số, ký hiệu; công khai cùng đính chính."),
    )

    def clean(self):
        cleaned = super().clean()
        if self.reason_required and not self.cleaned_data.get("change_reason"):
            self.add_error("change_reason", self.reason_required)
        return cleaned


class RecordField(forms.ModelChoiceField):
    """Shows no key that cannot be one: the skin's widgets would look for it and fail."""

    def prepare_value(self, value):
        value = super().prepare_value(value)
        return value if as_key(str(value)) else None


class RecordsField(forms.ModelMultipleChoiceField):
    """RecordField for several."""

    def clean(self, value):
        odd = next((one for one in value or () if not as_key(str(one))), None)
        if odd is not None:
            code = "invalid_pk_value"
            raise ValidationError(self.error_messages[code], code=code, params={"pk": str(odd)[:20]})
        return super().clean(value)

    def prepare_value(self, value):
        values = super().prepare_value(value)
        return [one for one in values if as_key(str(one))] if isinstance(values, list | tuple) else values


class ExportForm(SkinExportForm):
    """Excel is what nearly everybody wants: the first format is chosen beforehand."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].initial = "0"


class NumberWidget(UnfoldAdminTextInputWidget):
    """A text box: a browser's number box refuses the dots and commas of Vietnamese numbers."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "decimal", **(attrs or {})})


class NumberField(PlainNumberField):
    widget = NumberWidget


FIELD_OVERRIDES = {models.DecimalField: {"form_class": NumberField, "widget": NumberWidget}}
