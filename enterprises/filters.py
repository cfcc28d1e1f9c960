"""Filters of the enterprise and memorandum lists, and their files."""

from django.utils.translation import gettext_lazy as _

from cooperation.list_exports import Column, ListFile, choice
from cooperation.lists import ChoiceFilter, ListFilterSet, RecordFilter, YearFilter, ascending
from cooperation.models import Province
from enterprises.models import MOU, Enterprise
from programs.filters import PlanFilterSet


class EnterpriseFilter(ListFilterSet):
    SORTS = {
        "ten": (_("theo tên"), ("sort_key",)),
        "tinh": (_("theo tỉnh"), (ascending("province__sort_key"), "sort_key")),
    }

    tinh = RecordFilter(
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

    tinh_trang = ChoiceFilter(
        label=_("Tình trạng"),
        field_name="status",
        choices=MOU.Status.choices,
        empty_label=_("mọi tình trạng"),
    )
    nam = YearFilter(_("Năm ký"), "signed_on")

    class Meta:
        model = MOU
        fields = ("tim", "linh_vuc", "tinh_trang", "nam", "sap_xep")


ENTERPRISE_FILE = ListFile(
    "doanh-nghiep",
    (
        Column(_("Doanh nghiệp"), ("name",)),
        Column(_("Mã số thuế"), ("tax_code",)),
        Column(_("Tỉnh lúc ký"), ("province__name",)),
    ),
)


def _agreed(value, is_public):
    """What both sides agreed to make public, and nothing else."""
    return value if is_public else None


MOU_FILE = ListFile(
    "ban-ghi-nho",
    (
        Column(_("Số"), ("number",)),
        Column(_("Ngày ký"), ("signed_on",)),
        Column(_("Bên A"), ("party_a__name",)),
        Column(_("Bên B"), ("party_b__name",)),
        Column(_("Lĩnh vực số"), ("area__number",)),
        Column(_("Lĩnh vực"), ("area__title",)),
        Column(_("Sản phẩm"), ("products",)),
        Column(_("Nội dung hợp tác"), ("content",)),
        Column(_("Tình trạng"), ("status",), choice(MOU.Status.choices)),
        Column(_("Sản lượng"), ("quantity", "value_is_public"), _agreed),
        Column(_("Giá trị"), ("value", "value_is_public"), _agreed),
        Column(
            _("Đơn vị tiền"),
            ("currency", "value", "value_is_public"),
            lambda currency, value, is_public: currency if is_public and value is not None else None,
        ),
    ),
)
