"""Forms of the explanation pages, and the filters of their list."""

from datetime import timedelta

import django_filters
from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cooperation.lists import ListFilterSet
from cooperation.models import Agency
from cooperation.text import fold, search_fold
from programs.explanations.asking import searched
from programs.models import ExplanationRequest

DAYS_TO_ANSWER = 7
LONGEST_TEXT = 10_000


class AgencyChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, agency):
        return agency.name


class AskForm(forms.Form):
    """Filled in beforehand: the only agency that can be asked, and a week."""

    agency = AgencyChoiceField(
        label=_("Hỏi cơ quan"),
        queryset=Agency.objects.none(),
        empty_label=_("chọn cơ quan"),
        error_messages={"invalid_choice": _("Cơ quan này không chủ trì việc được hỏi: hãy chọn lại.")},
    )
    question = forms.CharField(
        label=_("Nội dung cần giải trình"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    due_on = forms.DateField(
        label=_("Hạn trả lời"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data=None, *, agencies):
        super().__init__(data)
        self.fields["agency"].queryset = agencies
        self.initial["due_on"] = localdate() + timedelta(days=DAYS_TO_ANSWER)
        self.fields["due_on"].widget.attrs["min"] = localdate().isoformat()
        if len(agencies) == 1:
            self.initial["agency"] = agencies[0]


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Nội dung giải trình"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Gửi rồi thì không sửa được nữa: yêu cầu và giải trình cùng được lưu."),
    )


class ExplanationFilter(ListFilterSet):
    SORTS = {
        "han": (_("hạn gần nhất trước"), ("due_on",)),
        "moi": (_("mới hỏi trước"), ("-asked_at",)),
    }

    trang_thai = django_filters.ChoiceFilter(
        label=_("Trạng thái"),
        method="in_state",
        choices=[("cho", _("đang chờ")), ("qua-han", _("quá hạn")), ("da-tra-loi", _("đã trả lời"))],
        empty_label=_("mọi trạng thái"),
    )
    co_quan = django_filters.ModelChoiceFilter(
        label=_("Cơ quan giải trình"),
        field_name="agency",
        queryset=Agency.objects.published(),
        to_field_name="slug",
        empty_label=_("mọi cơ quan"),
    )

    class Meta:
        model = ExplanationRequest
        fields = ("tim", "trang_thai", "co_quan", "sap_xep")

    def __init__(self, data, queryset):
        super().__init__(data, queryset)
        agency = self.form.fields["co_quan"]
        agency.queryset = agency.queryset.filter(
            pk__in=queryset.order_by().values("agency").distinct()
        ).in_order()

    def search(self, rows, _name, value):
        return searched(rows, search_fold(value).split()) if fold(value) else rows.none()

    def in_state(self, rows, _name, value):
        if value == "da-tra-loi":
            return rows.filter(answered_at__isnull=False)
        late = {"due_on__lt": localdate()} if value == "qua-han" else {}
        return rows.unanswered().filter(**late)
