"""Filters of the ground floor's lists, and their files."""

from django.utils.translation import gettext_lazy as _

from cooperation.dates import DatePrecision
from cooperation.list_exports import Column, ListFile, choice
from cooperation.lists import ChoiceFilter, ListFilterSet, RecordFilter, YearFilter, ascending, descending
from cooperation.models import Agency, Agreement, Province, Source

_PRECISION = choice(DatePrecision.choices)


class AgencyFilter(ListFilterSet):
    SORTS = {"ten": (_("theo tên"), ("sort_key",)), "loai": (_("theo loại"), ("kind", "sort_key"))}

    loai = ChoiceFilter(label=_("Loại"), field_name="kind", choices=Agency.Kind.choices)
    tinh = RecordFilter(
        label=_("Tỉnh"),
        field_name="province",
        queryset=Province.objects.published(),
        to_field_name="slug",
        empty_label=_("mọi tỉnh"),
    )

    class Meta:
        model = Agency
        fields = ("tim", "loai", "tinh", "sap_xep")

    def __init__(self, data, queryset):
        super().__init__(data, queryset)
        province = self.form.fields["tinh"]
        province.queryset = province.queryset.filter(pk__in=queryset.order_by().values("province")).in_order()


AGENCY_FILE = ListFile(
    "co-quan",
    (
        Column(_("Cơ quan"), ("name",)),
        Column(_("Tên gọn"), ("short_name",)),
        Column(_("Loại"), ("kind",), choice(Agency.Kind.choices)),
        Column(_("Tỉnh"), ("province__name",)),
        Column(_("Có từ ngày"), ("valid_from",)),
        Column(_("Thôi tồn tại từ ngày"), ("dissolved_on",)),
        Column(_("Nay là"), ("successor__name",)),
    ),
)


class AgreementFilter(ListFilterSet):
    SORTS = {
        "moi": (_("mới ký trước"), (descending("signed_on"), "slug")),
        "cu": (_("cũ trước"), (ascending("signed_on"), "slug")),
        "ten": (_("theo tên"), ("sort_key",)),
    }

    cap = ChoiceFilter(
        label=_("Cấp ký"), field_name="level", choices=Agreement.Level.choices, empty_label=_("mọi cấp")
    )
    tinh = RecordFilter(
        label=_("Tỉnh"),
        field_name="provinces",
        queryset=Province.objects.published(),
        to_field_name="slug",
        empty_label=_("mọi tỉnh"),
    )
    nam = YearFilter(_("Năm ký"), "signed_on")

    class Meta:
        model = Agreement
        fields = ("tim", "cap", "tinh", "nam", "sap_xep")

    def __init__(self, data, queryset):
        super().__init__(data, queryset)
        province = self.form.fields["tinh"]
        province.queryset = province.queryset.filter(
            pk__in=Agreement.provinces.through.objects.values("province")
        ).in_order()


class _AgreementFile(ListFile):
    """An agreement has several provinces: they stand in one cell."""

    def rows(self, found):
        found = found.prefetch_related(None)
        parties: dict[int, list[str]] = {}
        links = Agreement.provinces.through.objects.filter(agreement__in=found.order_by().values("pk"))
        links = links.order_by("province__sort_key").values_list("agreement", "province__name")
        for agreement, name in links:
            parties.setdefault(agreement, []).append(name)
        for pk, *values in super().rows(found):
            yield (*values, ", ".join(parties.get(pk, ())))

    @property
    def headings(self):
        return [*super().headings[1:], str(_("Các bên"))]


AGREEMENT_FILE = _AgreementFile(
    "thoa-thuan",
    (
        Column("", ("pk",)),
        Column(_("Thỏa thuận"), ("title",)),
        Column(_("Số"), ("number",)),
        Column(_("Cấp ký"), ("level",), choice(Agreement.Level.choices)),
        Column(_("Ngày ký"), ("signed_on",)),
        Column(_("Độ chính xác của ngày"), ("signed_precision",), _PRECISION),
        Column(_("Từ năm"), ("start_year",)),
        Column(_("Đến năm"), ("end_year",)),
    ),
)


class SourceFilter(ListFilterSet):
    SORTS = {
        "noi-dang": (_("theo nơi đăng"), ("publisher", "code")),
        "moi": (_("mới đăng trước"), (descending("dated_on"),)),
        "ten": (_("theo tên"), ("sort_key",)),
    }

    muc_doc = ChoiceFilter(
        label=_("Mức đọc"), field_name="extent", choices=Source.Extent.choices, empty_label=_("mọi mức")
    )
    nam = YearFilter(_("Năm đăng"), "dated_on")

    class Meta:
        model = Source
        fields = ("tim", "muc_doc", "nam", "sap_xep")


SOURCE_FILE = ListFile(
    "nguon",
    (
        Column(_("Mã"), ("code",)),
        Column(_("Tên bài, văn bản"), ("title",)),
        Column(_("Nơi đăng"), ("publisher",)),
        Column(_("Ngày đăng"), ("dated_on",)),
        Column(_("Độ chính xác của ngày"), ("date_precision",), _PRECISION),
        Column(_("Mức đọc"), ("extent",), choice(Source.Extent.choices)),
        Column(_("Địa chỉ"), ("url",)),
    ),
)
