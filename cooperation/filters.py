"""Filters of the ground floor's lists."""

import django_filters
from django.utils.translation import gettext_lazy as _

from cooperation.lists import ListFilterSet
from cooperation.models import Agency


class AgencyFilter(ListFilterSet):
    SORTS = {"ten": (_("theo tên"), ("sort_key",)), "loai": (_("theo loại"), ("kind", "sort_key"))}

    loai = django_filters.ChoiceFilter(label=_("Loại"), field_name="kind", choices=Agency.Kind.choices)

    class Meta:
        model = Agency
        fields = ("tim", "loai", "sap_xep")
