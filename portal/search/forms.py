"""What may be asked of the search page: words, a kind, a plan, a page. Anything else is told, not guessed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperation.models import JointPlan
from cooperation.search_index import LONGEST_QUERY, words_of
from portal.search.kinds import KINDS

_NOT_LISTED = {"invalid_choice": _("giá trị này không có trong danh sách.")}


class SearchForm(forms.Form):
    tim = forms.CharField(
        label=_("Từ cần tìm"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("không cần gõ dấu")}),
    )
    loai = forms.ChoiceField(
        label=_("Loại"),
        required=False,
        choices=[("", _("mọi loại")), *((kind.key, kind.label) for kind in KINDS)],
        error_messages=_NOT_LISTED,
    )
    ke_hoach = forms.ModelChoiceField(
        label=_("Kế hoạch"),
        required=False,
        queryset=JointPlan.objects.none(),
        to_field_name="slug",
        empty_label=_("mọi kế hoạch thật"),
        error_messages=_NOT_LISTED,
    )

    def __init__(self, data):
        super().__init__(data)
        self.fields["ke_hoach"].queryset = JointPlan.objects.published().in_order()

    def clean_tim(self):
        words = self.cleaned_data["tim"]
        if words.strip() and not words_of(words):
            raise forms.ValidationError(_("hãy ghi ít nhất một chữ hoặc số."))
        return words

    @property
    def messages(self) -> list[str]:
        return [
            f"{self.fields[name].label}: {error}" for name, errors in self.errors.items() for error in errors
        ]
