"""The report of an activity: three fields and a file, on a phone too."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cooperation.conflicts import find_conflict
from cooperation.number_field import NumberField
from programs.models import Activity, ProgressUpdate

KINDS = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


def _text(label, rows=4, **kwargs):
    return forms.CharField(
        label=label, required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class ReportForm(forms.ModelForm):
    """A draft of one agency about one activity. What the activity does not measure by is not asked."""

    form_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    percent = NumberField(
        label=_("Tiến độ (%)"), required=False, min_value=0, max_value=100, max_digits=4, decimal_places=1,
        help_text=_("0 đến 100, ví dụ 40 hoặc 42,5."),
    )  # fmt: skip
    results = _text(_("Kết quả"))
    difficulties = _text(_("Khó khăn, vướng mắc"))
    proposals = _text(_("Kiến nghị"), rows=3)
    fall_reason = _text(_("Lý do giảm"), rows=2, help_text=_("Chỉ cần khi tiến độ thấp hơn báo cáo trước."))
    evidence = forms.FileField(
        label=_("Minh chứng"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": KINDS}),
        help_text=_("Ảnh, PDF, docx hoặc xlsx, đến 25 MiB. Điện thoại mở được máy ảnh."),
    )
    evidence_title = forms.CharField(
        label=_("Tên minh chứng"),
        required=False,
        max_length=200,
        help_text=_("Ví dụ: Ảnh hội nghị ngày 17/5."),
    )

    class Meta:
        model = ProgressUpdate
        fields = (
            "percent", "milestones", "results", "difficulties", "proposals",
            "effective_on", "completed_on", "fall_reason",
        )  # fmt: skip
        widgets = {
            "effective_on": DayInput,
            "completed_on": DayInput,
            "milestones": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict = None
        activity = self.instance.activity
        for name in ("effective_on", "completed_on"):
            self.fields[name].input_formats = ["%Y-%m-%d", "%d/%m/%Y"]
            self.fields[name].widget.attrs["max"] = f"{localdate():%Y-%m-%d}"
        self.fields["form_version"].initial = self.instance.version
        milestones = activity.milestones.filter(done_on__isnull=True, waived_on__isnull=True)
        by_milestones = activity.kind == Activity.Kind.PERIODIC and activity.milestones.exists()
        if by_milestones:
            self.fields["milestones"].queryset = milestones.order_by("due_on")
            self.fields["milestones"].label_from_instance = lambda m: f"{m.title} (hạn {m.due_on:%d/%m/%Y})"
            self.fields["milestones"].help_text = _("Đánh dấu những mốc đã xong.")
        else:
            del self.fields["milestones"]
        if by_milestones or activity.kind == Activity.Kind.CONTINUOUS or activity.indicator_id:
            del self.fields["percent"], self.fields["fall_reason"]
        if activity.kind == Activity.Kind.CONTINUOUS:
            del self.fields["completed_on"]

    FURTHER = ("effective_on", "completed_on", "fall_reason", "evidence_title")

    def first_fields(self):
        """What every report says."""
        return [field for field in self.visible_fields() if field.name not in self.FURTHER]

    def further_fields(self):
        return [field for field in self.visible_fields() if field.name in self.FURTHER]

    def further_is_open(self) -> bool:
        """Shown at once where one of them is wrong, or says something."""
        return any(
            field.errors or (field.name != "effective_on" and field.value())
            for field in self.further_fields()
        )

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            self.conflict = find_conflict(self, cleaned.get("form_version"))
            if self.conflict:
                self.add_error(None, self.conflict.sentence)
        if (
            cleaned.get("completed_on")
            and "percent" in self.fields
            and cleaned.get("percent") not in (100, None)
        ):
            self.add_error(
                "percent", _("Đã hoàn thành thì tiến độ là 100. Hãy sửa số hoặc bỏ ngày hoàn thành.")
            )
        if cleaned.get("completed_on") and "percent" in self.fields and cleaned.get("percent") is None:
            cleaned["percent"] = 100
        said = ("percent", "milestones", "results", "difficulties", "proposals", "completed_on", "evidence")
        if not any(cleaned.get(name) or cleaned.get(name) == 0 for name in said):
            raise ValidationError(_("Báo cáo còn trống: hãy ghi tiến độ, kết quả hoặc khó khăn."))
        if cleaned.get("evidence_title") and not cleaned.get("evidence"):
            self.add_error("evidence", _("Có tên minh chứng mà chưa chọn tệp."))
        return cleaned
