"""The report of an activity: three fields and a file, on a phone too."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cooperation.conflicts import find_conflict
from cooperation.dates import EARLIEST
from cooperation.number_field import NumberField
from cooperation.text import clean_multiline
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


def by_milestones(activity: Activity) -> bool:
    return activity.kind == Activity.Kind.PERIODIC and activity.milestones.exists()


def by_percent(activity: Activity) -> bool:
    """True where reports say a percentage: not where milestones, an indicator or nothing measures it (R1)."""
    return not (by_milestones(activity) or activity.kind == Activity.Kind.CONTINUOUS or activity.indicator_id)


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
        if by_milestones(activity):
            self.fields["milestones"].queryset = milestones.order_by("due_on")
            self.fields["milestones"].label_from_instance = lambda m: f"{m.title} (hạn {m.due_on:%d/%m/%Y})"
            self.fields["milestones"].help_text = _("Đánh dấu những mốc đã xong.")
        else:
            del self.fields["milestones"]
        if not by_percent(activity):
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


class CompletionAnswerForm(forms.Form):
    """Whether a completion that the other side reported is one: the pressed button says which.

    Cleaned, `completed_on` is None where it is not agreed with; then `note` says why.
    """

    completed_on = forms.DateField(
        label=_("Ngày hoàn thành"),
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=DayInput,
        help_text=_("Ghi sẵn ngày của bên chủ trì; sửa nếu đơn vị bạn ghi nhận ngày khác."),
    )
    note = _text(
        _("Ý kiến"),
        help_text=_(
            "Không bắt buộc khi xác nhận. Chưa thống nhất thì ghi lý do: lý do hiện trên trang hoạt động."
        ),
    )
    percent = NumberField(
        label=_("Tiến độ theo đơn vị bạn (%)"), required=False, min_value=0, max_value=100, max_digits=4,
        decimal_places=1, help_text=_("Chỉ ghi khi chưa thống nhất, nếu có số; ví dụ 80."),
    )  # fmt: skip

    def __init__(self, *args, activity: Activity, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["completed_on"].widget.attrs["max"] = f"{localdate():%Y-%m-%d}"
        if not by_percent(activity):
            del self.fields["percent"]

    def clean_completed_on(self):
        day = self.cleaned_data["completed_on"]
        if day is not None and day > localdate():
            raise ValidationError(_("Ngày này chưa đến: chỉ ghi việc đã xảy ra."))
        if day is not None and day.year < EARLIEST:
            raise ValidationError(_("Năm phải từ %s: hãy xem lại ngày này.") % EARLIEST)
        return day

    def clean_note(self):
        return clean_multiline(self.cleaned_data["note"])

    def clean(self):
        cleaned = super().clean()
        agreed, percent = "confirm" in self.data, cleaned.get("percent")
        if not agreed and "disagree" not in self.data:
            raise ValidationError(_("Hãy bấm “Xác nhận hoàn thành” hoặc “Chưa thống nhất”."))
        if agreed and not cleaned.get("completed_on") and "completed_on" not in self.errors:
            self.add_error("completed_on", _("Xác nhận hoàn thành phải ghi ngày hoàn thành."))
        if agreed and percent not in (None, 100):
            self.add_error(
                "percent",
                _("Đã hoàn thành thì tiến độ là 100: hãy bỏ số này, hoặc bấm “Chưa thống nhất”."),
            )
        if not agreed and percent == 100:
            self.add_error(
                "percent",
                _("Chưa thống nhất thì tiến độ dưới 100: hãy sửa số, hoặc bấm “Xác nhận hoàn thành”."),
            )
        if not agreed and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Chưa thống nhất phải ghi lý do."))
        if not agreed:
            cleaned["completed_on"] = None
        return cleaned
