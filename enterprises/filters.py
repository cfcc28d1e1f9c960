"""Filters of the enterprise and memorandum lists."""

import django_filters
from django.utils.translation import gettext_lazy as _

from cooperation.lists import ListFilterSet, YearFilter, ascending
from cooperation.models import Province
from enterprises.models import MOU, Enterprise
from programs.filters import PlanFilterSet


class EnterpriseFilter(ListFilterSet):
    SORTS = {
        "ten": (_("theo tên"), ("sort_key",)),
        "tinh": (_("theo tỉnh"), (ascending("province__sort_key"), "sort_key")),
    }

    tinh = django_filters.ModelChoiceFilter(
        label=_("Tỉnh lúc ký"),
        field_name="province",
        queryset=Province.objects.published(),
        to_field_name="slug",
        empty_label=_("mọi tỉnh"),
    )

    class Meta:
        model = Enterprise
        fields = ("tim", "tinh", "sap_xep")

    def __init__(self, data, queryset):
        super().__init__(data, queryset)
        province = self.form.fields["tinh"]
        province.queryset = province.queryset.filter(pk__in=queryset.order_by().values("province")).in_order()


class MOUFilter(PlanFilterSet):
    SORTS = {
        "moi": (_("mới ký trước"), ("-signed_on",)),
        "cu": (_("cũ trước"), ("signed_on",)),
        "ten": (_("theo tên bên A"), ("sort_key",)),
        "linh-vuc": (_("theo lĩnh vực"), ("area__number", "-signed_on")),
    }

    tinh_trang = django_filters.ChoiceFilter(
        label=_("Tình trạng"),
        field_name="status",
        choices=MOU.Status.choices,
        empty_label=_("mọi tình trạng"),
    )
    nam = YearFilter(_("Năm ký"), "signed_on")

    class Meta:
        model = MOU
        fields = ("tim", "linh_vuc", "tinh_trang", "nam", "sap_xep")
