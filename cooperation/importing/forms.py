"""The forms of the import pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperation.admin_base import FileWidget, SelectWidget
from cooperation.importing.kinds import Kind
from cooperation.models import JointPlan


class UploadForm(forms.Form):
    plan = forms.ModelChoiceField(
        JointPlan.objects.none(), label=_("Kế hoạch"), empty_label=None, widget=SelectWidget
    )
    file = forms.FileField(label=_("Bảng tính (.xlsx, .xls, .ods, .csv)"), widget=FileWidget)

    def __init__(self, *args, plans, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans


LEFT_OUT = "-"


class MappingForm(forms.Form):
    """One choice for every column that nobody knows: a field, leave it out, or say nothing."""

    def __init__(self, *args, kind: Kind, report: dict, **kwargs):
        super().__init__(*args, **kwargs)
        taken = set(report["columns"].values())
        free = [(column.field, column.header) for column in kind.columns if column.field not in taken]
        choices = [("", _("– chưa ghép –")), (LEFT_OUT, _("bỏ qua cột này")), *free]
        for index, title in report["unmapped_columns"]:
            samples = [row[index] for row in report["sample"] if index < len(row) and row[index]]
            self.fields[f"cot_{index}"] = forms.ChoiceField(
                label=title,
                choices=choices,
                required=False,
                widget=SelectWidget,
                help_text=_("ví dụ: %s") % "; ".join(samples)[:120] if samples else "",
            )

    def clean(self):
        cleaned = super().clean()
        chosen = [value for value in cleaned.values() if value and value != LEFT_OUT]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("Hai cột không thể cùng là một trường: hãy chọn lại."))
        return cleaned

    def mapping(self) -> dict[int, str]:
        """Column index → field, "" for one that is left out."""
        return {
            int(name.removeprefix("cot_")): "" if value == LEFT_OUT else value
            for name, value in self.cleaned_data.items()
            if value
        }
