"""Public lists: filters that refuse what they cannot read, counts beside choices, pages that always exist.

A list's whole state is its address: it can be sent on, saved (saved_filters.py) and had as a file
(list_exports.py).
"""

from collections import Counter

import django_filters
from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, F
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from cooperation.list_exports import FORMAT_LABELS, PARAMETER, ListFile, export_asked, export_fault, exported
from cooperation.text import fold

PAGE_SIZE = 25
DEEP_PAGE = 8
# A longer list is shown without counts: each would be a pass over all of it.
COUNTED_LIMIT = 50_000


def page_of(rows, number: str | None, size: int = PAGE_SIZE) -> Page:
    """Return the asked page of `rows`, or the nearest one that exists; never raises."""
    paginator = Paginator(rows, size)
    try:
        asked = int(number or 1)
    except ValueError:
        asked = 1
    return paginator.page(min(max(asked, 1), paginator.num_pages))


def _page_of_records(rows, number: str | None, size: int) -> Page:
    """`page_of`; a page far back is found by its keys first, because what is skipped must be sorted too."""
    page = page_of(rows, number, size)
    if page.number > DEEP_PAGE:
        first = (page.number - 1) * size
        keys = list(rows.values_list("pk", flat=True)[first : first + size])
        page.object_list = list(rows.filter(pk__in=keys))
    return page


def ascending(field: str):
    """Order with unknown values last, on every database alike."""
    return F(field).asc(nulls_last=True)


def descending(field: str):
    """Order backwards, unknown values last all the same."""
    return F(field).desc(nulls_last=True)


def without_nul(data: QueryDict) -> QueryDict:
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
        super().__init__(without_nul(data), queryset, **kwargs)
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

    def count_choices(self) -> None:
        """Write beside every choice how many rows it would give, with the other filters as they are.

        One grouped query a filter.
        """
        for name, filter_ in self.filters.items():
            if filter_.field_name is None or name in ("tim", "sap_xep") or not hasattr(filter_, "count_by"):
                continue
            rows = self.queryset.all()
            for other, value in self.form.cleaned_data.items():
                if other != name:
                    rows = self.filters[other].filter(rows, value)
            grouped = rows.order_by().values_list(filter_.count_by).annotate(count=Count("pk"))
            filter_.show_counts(self.form.fields[name], dict(grouped))

    @property
    def messages(self) -> list[str]:
        """What the reader must be told about values that could not be read."""
        return [
            f"{self.form.fields[name].label}: {error}"
            for name, errors in self.form.errors.items()
            for error in errors
        ]


class ChoiceFilter(django_filters.ChoiceFilter):
    """One of a fixed list of values."""

    @property
    def count_by(self) -> str:
        return self.field_name

    def show_counts(self, field, counts: dict) -> None:
        field.choices = [
            (value, f"{label} ({counts.get(value, 0)})" if value else label) for value, label in field.choices
        ]


class RecordFilter(django_filters.ModelChoiceFilter):
    """One record, by the value that stands for it in an address."""

    @property
    def count_by(self) -> str:
        return f"{self.field_name}__{self.extra['to_field_name']}"

    def show_counts(self, field, counts: dict) -> None:
        key = self.extra["to_field_name"]
        field.label_from_instance = lambda record: f"{record} ({counts.get(getattr(record, key), 0)})"


class YearFilter(django_filters.Filter):
    """Rows whose date lies in the year, 1900 to 2100."""

    field_class = forms.IntegerField

    @property
    def count_by(self) -> str:
        """By the day: SQLite would call back into Python for the year of every row."""
        return self.field_name

    def show_counts(self, field, counts: dict) -> None:
        """A year is typed; those that there are stand below as suggestions."""
        years = Counter()
        for day, count in counts.items():
            if day is not None:
                years[day.year] += count
        field.years = sorted(years.items())

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


def list_page(
    request,
    template: str,
    filters: ListFilterSet,
    file: ListFile,
    context: dict,
    *,
    shown=None,
    unreadable: str = "",
) -> HttpResponse:
    """Answer a list: the page that is asked for, or all its rows as a file.

    `shown` is called with the page's rows before they are shown, where the list adds something to them.
    `unreadable` says why, beside the filters, the address cannot be made a file of: the page then tells it.
    """
    request.GET = without_nul(request.GET)  # what templates repeat of the address
    rows = filters.qs
    page = _page_of_records(rows, request.GET.get("page"), context.pop("page_size", PAGE_SIZE))
    asked, fault = export_asked(request), ""
    if asked and not filters.messages:
        fault = unreadable or export_fault(asked, page.paginator.count)
        if not fault:
            return exported(asked, file, rows)
    if shown is not None:
        shown(page)
    counted = not filters.messages and _is_countable(filters, page.paginator.count)
    if counted:
        filters.count_choices()
    return render(
        request,
        template,
        {
            "filter": filters,
            "page": page,
            "not_counted": not counted and not filters.messages,
            "export_fault": fault,
            "state": _state(request.GET).urlencode(),
            "files": files_of(request.GET),
            **context,
        },
    )


def _is_countable(filters: ListFilterSet, found: int) -> bool:
    if found > COUNTED_LIMIT:
        return False
    filtered = any(value for name, value in filters.form.cleaned_data.items() if name != "sap_xep")
    return not filtered or filters.queryset.order_by()[: COUNTED_LIMIT + 1].count() <= COUNTED_LIMIT


def files_of(asked: QueryDict) -> list[tuple[str, str]]:
    """The formats with the query that asks for what is shown as such a file."""
    state = _state(asked).urlencode()
    return [
        (label, f"{state}&{PARAMETER}={name}" if state else f"{PARAMETER}={name}")
        for name, label in FORMAT_LABELS.items()
    ]


def _state(asked: QueryDict) -> QueryDict:
    """What makes the list what it is: neither the page one is on, nor the file one asked for, nor what is
    empty."""
    state = QueryDict(mutable=True)
    for name, values in without_nul(asked).lists():
        if name not in ("page", PARAMETER) and (given := [value for value in values if value]):
            state.setlist(name, given)
    return state
