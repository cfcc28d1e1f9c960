"""Filters of the activity and programme lists, and their files."""

from django.utils.translation import gettext_lazy as _

from cooperation.dates import DatePrecision
from cooperation.list_exports import Column, ListFile, choice
from cooperation.lists import ChoiceFilter, ListFilterSet, RecordFilter, YearFilter, ascending, descending
from cooperation.models import Agency, CooperationArea
from programs.models import Activity, Program


class AreaChoice(RecordFilter):
    """One area of the plan, by its number. `plan` is an attribute of the FilterSet."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("Lĩnh vực"),
            field_name="area",
            queryset=lambda request: CooperationArea.objects.published().order_by("number"),
            to_field_name="number",
            empty_label=_("mọi lĩnh vực"),
            **kwargs,
        )


class PlanFilterSet(ListFilterSet):
    """Filters over rows of one plan: areas are those of the plan."""

    linh_vuc = AreaChoice()

    def __init__(self, data, queryset, *, plan):
        super().__init__(data, queryset)
        area = self.form.fields["linh_vuc"]
        area.queryset = area.queryset.filter(plan=plan)


class ActivityFilter(PlanFilterSet):
    SORTS = {
        "ten": (_("theo tên"), ("sort_key",)),
        "han": (_("theo hạn"), (ascending("due_on"),)),
        "moi": (_("mới hoàn thành trước"), (descending("completed_on"),)),
        "linh-vuc": (_("theo lĩnh vực"), ("area__number", "sort_key")),
    }

    tinh_trang = ChoiceFilter(
        label=_("Tình trạng"),
        field_name="lifecycle",
        choices=Activity.Lifecycle.choices,
        empty_label=_("mọi tình trạng"),
    )
    co_quan = RecordFilter(
        label=_("Cơ quan chủ trì"),
        field_name="lead_agency",
        queryset=Agency.objects.published(),
        to_field_name="slug",
        empty_label=_("mọi cơ quan"),
    )
    nam = YearFilter(_("Năm đến hạn"), "due_on")

    class Meta:
        model = Activity
        fields = ("tim", "linh_vuc", "tinh_trang", "co_quan", "nam", "sap_xep")

    def __init__(self, data, queryset, *, plan, due="due_on"):
        """`due`: the field of `queryset` that holds the due day of the day that is asked for."""
        super().__init__(data, queryset, plan=plan)
        self.filters["nam"].field_name = due
        label, _order = self.SORTS["han"]
        self.SORTS = {**self.SORTS, "han": (label, (ascending(due),))}
        leads = Activity.objects.published().filter(area__plan=plan).exclude(lead_agency=None).order_by()
        agency = self.form.fields["co_quan"]
        agency.queryset = agency.queryset.filter(pk__in=leads.values("lead_agency")).in_order()


ACTIVITY_FILE = ListFile(
    "hoat-dong",
    (
        Column(_("Mã"), ("code",)),
        Column(_("Hoạt động"), ("title",)),
        Column(_("Lĩnh vực số"), ("area__number",)),
        Column(_("Lĩnh vực"), ("area__title",)),
        Column(_("Cơ quan chủ trì"), ("lead_agency__name",)),
        Column(_("Bắt đầu"), ("start_on",)),
        Column(_("Hạn hoàn thành"), ("due_on",)),
        Column(_("Tình trạng"), ("lifecycle",), choice(Activity.Lifecycle.choices)),
        Column(_("Hoàn thành ngày"), ("completed_on",)),
        Column(_("Độ chính xác của ngày"), ("date_precision",), choice(DatePrecision.choices)),
    ),
)
PROGRAM_FILE = ListFile(
    "chuong-trinh",
    (
        Column(_("Mã"), ("code",)),
        Column(_("Chương trình"), ("title",)),
        Column(_("Lĩnh vực số"), ("area__number",)),
        Column(_("Lĩnh vực"), ("area__title",)),
        Column(_("Cơ quan chủ trì"), ("lead_agency__name",)),
        Column(_("Bắt đầu"), ("start_on",)),
        Column(_("Kết thúc"), ("end_on",)),
    ),
)


class ProgramFilter(PlanFilterSet):
    SORTS = {
        "linh-vuc": (_("theo lĩnh vực"), ("area__number", "sort_key")),
        "ten": (_("theo tên"), ("sort_key",)),
    }

    class Meta:
        model = Program
        fields = ("tim", "linh_vuc", "sap_xep")
