"""Public lists: filters that refuse what they cannot read, and pages that always exist."""

import django_filters
from django import forms
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy as _

PAGE_SIZE = 25


def page_of(rows, number: str | None, size: int = PAGE_SIZE) -> Page:
    """Return the asked page of `rows`, or the nearest one that exists; never raises."""
    paginator = Paginator(rows, size)
    try:
        asked = int(number or 1)
    except ValueError:
        asked = 1
    return paginator.page(min(max(asked, 1), paginator.num_pages))


class ListFilterSet(django_filters.FilterSet):
    """A filter form over a list. A value it cannot read gives a message and no rows, never all rows."""

    SORTS: dict[str, tuple[str, tuple[str, ...]]] = {}

    tim = django_filters.CharFilter(
        label=_("Tìm"),
        method="search",
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": _("không cần gõ dấu")}),
    )
    sap_xep = django_filters.ChoiceFilter(
        label=_("Sắp xếp"), method="sort", empty_label=None, null_label=None
    )

    def __init__(self, data=None, queryset=None, **kwargs):
        super().__init__(data or {}, queryset, **kwargs)
        field = self.form.fields["sap_xep"]
        field.choices = [(key, label) for key, (label, _order) in self.SORTS.items()]
        field.required = False
        self.default_sort = next(iter(self.SORTS))

    def search(self, rows, _name, value):
        return rows.search(value)

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


def year_filter(label, field_name: str) -> django_filters.NumberFilter:
    return django_filters.NumberFilter(
        label=label,
        field_name=field_name,
        lookup_expr="year",
        min_value=1900,
        max_value=2100,
        decimal_places=0,
        widget=forms.NumberInput(attrs={"min": 1900, "max": 2100, "inputmode": "numeric"}),
    )
