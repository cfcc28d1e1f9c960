"""What the search page looks into: seven kinds of public records, each with how a hit is shown.

A kind may be kept in several tables (documents). Which rows are public is said by `published()` alone; what
was made up for the demonstration is found only within a plan of the demonstration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.models import Agency, Agreement, CooperationArea, JointPlan, Source
from enterprises.models import MOU, Enterprise
from programs.models import Activity, Program


@dataclass(frozen=True)
class Table:
    """One table of a kind: its public rows within a plan (None: all real ones), and what a hit shows."""

    rows: Callable[[JointPlan | None], QuerySet]
    relations: tuple[str, ...]
    title: Callable[[object], str]
    number: Callable[[object], str]
    about: Callable[[object], str]
    body: tuple[str, ...]
    address: Callable[[object], str] = lambda record: record.get_absolute_url()

    def text(self, record) -> str:
        """What the record is found by besides title and number."""
        return " · ".join(filter(None, (_value(record, path) for path in self.body)))


@dataclass(frozen=True)
class Kind:
    key: str
    label: str
    tables: tuple[Table, ...]
    # The list that the same words can be taken to, where it is the plan's, or everybody's.
    list_name: str = ""
    list_of_plan: bool = True


def _value(record, path: str) -> str:
    for name in path.split("."):
        record = getattr(record, name)
    return str(record or "").replace("\n", " · ")


def _in_plan(model, path: str) -> Callable[[JointPlan | None], QuerySet]:
    def rows(plan):
        found = model.objects.published()
        wanted = {f"{path}is_demonstration": False} if plan is None else {path.removesuffix("__"): plan}
        return found.filter(**wanted)

    return rows


def _invented_or_not(model) -> Callable[[JointPlan | None], QuerySet]:
    """Bodies and firms belong to no plan: those of the plan's world, real or invented."""
    return lambda plan: model.objects.published().filter(
        is_demonstration=plan is not None and plan.is_demonstration
    )


def _plans(plan):
    found = JointPlan.objects.published()
    return found.filter(is_demonstration=False) if plan is None else found.filter(pk=plan.pk)


def _agreements(plan):
    found = Agreement.objects.published()
    return found.exclude(plans__is_demonstration=True) if plan is None else found.filter(plans=plan)


def _sources(plan):
    found = Source.objects.published()
    return found.none() if plan is not None and plan.is_demonstration else found


def _joined(*parts) -> str:
    return " · ".join(str(part) for part in parts if part)


AREAS = Table(
    rows=_in_plan(CooperationArea, "plan__"),
    relations=("plan",),
    title=lambda area: area.title,
    number=lambda area: str(area.number),
    about=lambda area: area.plan.title,
    body=("summary", "subtopics"),
)
ACTIVITIES = Table(
    rows=_in_plan(Activity, "area__plan__"),
    relations=("area__plan", "lead_agency"),
    title=lambda activity: activity.title,
    number=lambda activity: activity.code,
    about=lambda activity: _joined(
        activity.area, activity.lead_agency and activity.lead_agency.called, activity.get_lifecycle_display()
    ),
    body=("summary", "place"),
)
PROGRAMS = Table(
    rows=_in_plan(Program, "area__plan__"),
    relations=("area__plan", "lead_agency"),
    title=lambda program: program.title,
    number=lambda program: program.code,
    about=lambda program: _joined(program.area, program.lead_agency and program.lead_agency.called),
    body=("summary",),
)
MOUS = Table(
    rows=_in_plan(MOU, "plan__"),
    relations=("plan", "area", "party_a", "party_b"),
    title=lambda mou: mou.parties,
    number=lambda mou: mou.number,
    about=lambda mou: _joined(f"{mou.signed_on:%d/%m/%Y}", mou.area, mou.get_status_display()),
    body=("event", "products", "content", "party_a.other_names", "party_b.other_names"),
)
ENTERPRISES = Table(
    rows=_invented_or_not(Enterprise),
    relations=("province",),
    title=lambda enterprise: enterprise.name,
    number=lambda enterprise: enterprise.tax_code,
    about=lambda enterprise: _joined(enterprise.province),
    body=("other_names",),
)
AGENCIES = Table(
    rows=_invented_or_not(Agency),
    relations=("province",),
    title=lambda agency: agency.name,
    number=lambda agency: agency.short_name,
    about=lambda agency: _joined(agency.get_kind_display(), agency.province),
    body=(),
)
AGREEMENTS = Table(
    rows=_agreements,
    relations=(),
    title=lambda agreement: agreement.title,
    number=lambda agreement: agreement.number,
    about=lambda agreement: _joined(_("thỏa thuận"), agreement.signed_label),
    body=("summary",),
)
PLANS = Table(
    rows=_plans,
    relations=(),
    title=lambda plan: plan.title,
    number=lambda plan: plan.number,
    about=lambda plan: _joined(_("kế hoạch liên tịch"), plan.years_label),
    body=("purpose",),
)
SOURCES = Table(
    rows=_sources,
    relations=(),
    title=lambda source: source.title,
    number=lambda source: source.code,
    about=lambda source: _joined(_("nguồn"), source.publisher, source.date_label),
    body=(),
    address=lambda source: f"{reverse('source-list')}?{urlencode({'tim': source.code})}",
)

KINDS = (
    Kind("linh-vuc", _("Lĩnh vực"), (AREAS,)),
    Kind("hoat-dong", _("Hoạt động"), (ACTIVITIES,), "activity-list"),
    Kind("chuong-trinh", _("Chương trình"), (PROGRAMS,), "program-list"),
    Kind("ban-ghi-nho", _("Bản ghi nhớ"), (MOUS,), "mou-list"),
    Kind("doanh-nghiep", _("Doanh nghiệp"), (ENTERPRISES,), "enterprise-list"),
    Kind("co-quan", _("Cơ quan"), (AGENCIES,), "agency-list", list_of_plan=False),
    Kind("van-ban", _("Văn bản"), (AGREEMENTS, PLANS, SOURCES)),
)
