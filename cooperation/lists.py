"""Public lists: filters that refuse what they cannot read, and pages that always exist."""

import django_filters
from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cooperation.text import fold

PAGE_SIZE = 25


def page_of(rows, number: str | None, size: int = PAGE_SIZE) -> Page:
    """Return the asked page of `rows`, or the nearest one that exists; never raises."""
    paginator = Paginator(rows, size)
    try:
        asked = int(number or 1)
    except ValueError:
        asked = 1
    return paginator.page(min(max(asked, 1), paginator.num_pages))


def ascending(field: str):
    """Order with unknown values last, on every database alike."""
    return F(field).asc(nulls_last=True)


def descending(field: str):
    """Order backwards, unknown values last all the same."""
    return F(field).desc(nulls_last=True)


def _without_nul(data: QueryDict) -> QueryDict:
    """PostgreSQL takes no NUL in a text, and a page should not echo one."""
    data = data.copy()
    for key, values in list(data.lists()):
        data.setlist(key, [value.replace("\x00", "\ufffd") for value in values])
    return data


class ListFilterSet(django_filters.FilterSet):
    """A filter form over a list. A value it cannot read gives a message and no rows, never all rows."""

    SORTS: dict[str, tuple[str, tuple]] = {}

    tim = django_filters.CharFilter(
        label=_("Tìm"),
        method="search",
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": _("không cần gõ dấu")}),
    )
    sap_xep = django_filters.ChoiceFilter(
        label=_("Sắp xếp"), method="sort", empty_label=None, null_label=None
    )

    def __init__(self, data, queryset, **kwargs):
        super().__init__(_without_nul(data), queryset, **kwargs)
        for field in self.form.fields.values():
            if "invalid_choice" in field.error_messages:
                field.error_messages["invalid_choice"] = _("giá trị này không có trong danh sách.")
        field = self.form.fields["sap_xep"]
        field.choices = [(key, label) for key, (label, _order) in self.SORTS.items()]
        field.required = False
        self.default_sort = next(iter(self.SORTS))

    def search(self, rows, _name, value):
        """A search without any letter or digit finds nothing, rather than everything."""
        return rows.search(value) if fold(value) else rows.none()

    def sort(self, rows, _name, _value):
        """Sorting comes last, in `qs`: it must also happen without a value."""
        return rows

    @property
    def qs(self):
        if not self.form.is_valid():
            return self.queryset.none()
        rows = self.filter_queryset(self.queryset.all())
        _label, order = self.SORTS[self.form.cleaned_data.get("sap_xep") or self.default_sort]
        return rows.order_by(*order, "pk")

    @property
    def messages(self) -> list[str]:
        """What the reader must be told about values that could not be read."""
        return [
            f"{self.form.fields[name].label}: {error}"
            for name, errors in self.form.errors.items()
            for error in errors
        ]


class YearFilter(django_filters.Filter):
    """Rows whose date lies in the year, 1900 to 2100."""

    field_class = forms.IntegerField

    def __init__(self, label, field_name: str):
        advice = _("hãy ghi năm bằng bốn chữ số, từ 1900 đến 2100.")
        super().__init__(
            label=label,
            field_name=field_name,
            lookup_expr="year",
            min_value=1900,
            max_value=2100,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), advice),
        )
