"""Every address, as nobody and as each role: no failure, and nothing for those who have no right.

The addresses come from the URL map itself, so a new page without a sample here fails the sweep.
"""

import datetime

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cooperation.models import BackgroundFact, ColumnMapping, ImportBatch, Source, User
from cooperation.permissions import ROLES
from cooperation.roles import sync_roles
from enterprises.models import EnterpriseMerge
from programs.models import (
    Activity,
    Erratum,
    Evidence,
    ExplanationRequest,
    Indicator,
    IndicatorValue,
    PeriodReport,
)
from tests import factories

pytestmark = pytest.mark.django_db

ADMINISTRATOR = "Quản trị hệ thống"
CAST = ["", *ROLES, ADMINISTRATOR]
DAY = datetime.date(2022, 6, 30)
# Public files: no headline.
FILES = {
    "changes-csv",
    "changes-feed",
    "open-data-file",
    "robots",
    "sealed-content",
    "sealed-csv",
    "share-picture",
    "sitemap",
    "sitemap-section",
}
# Addresses that only take a POST, or speak another protocol than pages.
NOT_A_PAGE = {"admin:jsi18n", "admin:view_on_site", "admin:logout", "board-ask"}


STAFF_PAGES = {
    "board",
    "board-activities",
    "board-memoranda",
    "evidence-file",
    "my-work",
    "completion-answer",
    "report-write",
    "report-queue",
    "report-review",
    "saved-filters",
}


def addresses(patterns, namespace="", converters=()):
    """Yield (full name, names of its parameters) of every named pattern."""
    for pattern in patterns:
        parameters = (*converters, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner, parameters)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}", parameters


ADDRESSES = sorted(set(addresses(get_resolver().url_patterns)))


@pytest.fixture
def world():
    """One record of everything, of an agency that none of the cast belongs to."""
    sync_roles()
    agency = factories.make_agency()
    plan = factories.make_plan(is_main=True, slug="chinh")
    other = factories.make_plan(slug="minh-hoa", is_demonstration=True)
    plan.agencies.add(agency)
    area = factories.make_area(plan, 6)
    factories.make_area(other, 6)
    activity = factories.make_activity(area, code="HD-1", program=factories.make_program(area, code="CT-1"))
    activity.partner_agencies.add(agency)
    factories.make_update(activity)
    factories.make_milestone(activity, DAY)
    factories.make_province()
    waiting = factories.make_update(activity, 60, status="submitted", decided_at=None, agency=agency)
    evidence = Evidence.objects.create(activity=activity, title="Biên bản", document_number="1/BB")
    indicator = Indicator.objects.create(
        area=area, code="CH-1", name="x", unit="lượt", aggregation="periodic"
    )
    IndicatorValue.objects.create(indicator=indicator, year=2020)
    snapshot = factories.make_snapshot(factories.make_period(plan))
    Erratum.objects.create(
        snapshot=snapshot, number=1, reason="Đếm lại", recorded_at="2023-01-01T00:00Z",
        content='{"changes": [], "leaves": {}}',
    )  # fmt: skip
    PeriodReport.objects.create(
        period=factories.make_period(plan, kind="quarter"), agency=agency, sent_at="2023-01-01T00:00Z",
        sent_by=factories.make_user(agency=agency),
    )  # fmt: skip
    Source.objects.create(code="S1", publisher="Báo", title="Tin")
    BackgroundFact.objects.create(code="F1", title="Tin", relation="one_side").areas.add(area)
    agreement = factories.make_agreement(slug="thoa-thuan")
    mou = factories.make_mou(area)
    gone = factories.make_enterprise(merged_into=mou.party_a)
    merge = EnterpriseMerge.objects.create(
        kept=mou.party_a, merged=gone, merged_by=factories.make_user(is_superuser=True)
    )
    batch = ImportBatch.objects.create(
        kind="mou", key="k", plan=plan, file_name="a.xlsx", sha256="0" * 64, state="committed",
        committed_at="2023-01-01T00:00Z",
    )  # fmt: skip
    explanation = ExplanationRequest.objects.create(
        activity=activity, agency=agency, question="Vì sao chậm?", due_on=DAY, asked_at="2022-06-01T00:00Z",
        asked_by=factories.make_user(is_superuser=True),
    )  # fmt: skip
    ColumnMapping.objects.create(kind="mou", header="ngay", field="signed_on")
    return {
        "plan": [plan.slug, other.slug],
        "number": 6,
        "code": {
            "activity-detail": "HD-1",
            "program-detail": "CT-1",
            "explanation-ask-activity": "HD-1",
            "report-write": "HD-1",
            "completion-answer": "HD-1",
        },
        "slug": {
            "agreement-detail": agreement.slug,
            "agency-detail": agency.slug,
            "enterprise-detail": "ten",
        },
        "pk": {
            "mou-detail": mou.pk,
            "enterprise-detail": mou.party_a.pk,
            "explanation-detail": explanation.pk,
            "explanation-ask-area": area.pk,
            "report-review": waiting.pk,
            "period-detail": snapshot.period_id,
            **dict.fromkeys(("sealed-period", *FILES), snapshot.pk),
        },
        "kind": "mou",
        "uuid": {
            "evidence-file": str(evidence.uuid),
            **{
                f"admin:cooperation_importbatch_{page}": str(batch.uuid)
                for page in ("detail", "act", "annotated", "undo")
            },
        },
        "ten": "hoat-dong",
        "section": "hoat-dong",
        "merge_id": merge.pk,
        "app_label": "programs",
        "token": "khong-co",
        "content_type_id": 1,
        "url": "x",
    }


def first_row(name):
    """The first row of the model that an admin address is about."""
    app, model = name.removeprefix("admin:").split("_")[:2]
    model_class = User if (app, model) == ("auth", "user") else apps.get_model(app, model)
    return model_class._default_manager.order_by("pk").first()


def visit(client, name, parameters, world):
    """Get one address with values from the world, or None where there is no row to show."""
    if name.endswith("_simple_history"):
        row = first_row(name)
        return row and client.get(reverse(name, args=(row.pk, row.history.latest().pk)))
    kwargs = {}
    for parameter in parameters:
        if parameter in {"object_id", "id"}:
            row = first_row(name)
            if row is None:
                return None
            kwargs[parameter] = row.pk
            continue
        value = world[parameter]
        if isinstance(value, dict):
            value = value[name]
        kwargs[parameter] = value[0] if isinstance(value, list) else value
    return client.get(reverse(name, kwargs=kwargs))


def enter(client, role):
    if not role:
        return
    superuser = role == ADMINISTRATOR
    user = factories.make_user(
        agency=factories.make_agency(), role=None if superuser else role, is_superuser=superuser
    )
    client.force_login(user)


@pytest.mark.parametrize("role", CAST)
def test_every_address(client, world, role):
    enter(client, role)
    seen = 0
    for name, parameters in ADDRESSES:
        if name in NOT_A_PAGE:
            continue
        response = visit(client, name, parameters, world)
        if response is None:
            continue
        staff_only = name.startswith(("admin:", "account", "explanation")) or name in STAFF_PAGES
        seen += 1
        if staff_only and not role and name != "admin:login":
            assert response.status_code in {302, 403, 404}, (name, response.status_code)
            assert response.status_code != 302 or "login" in response.url
        elif staff_only:
            assert response.status_code in {200, 302, 403, 404}, (name, response.status_code)
            if role not in {ADMINISTRATOR, "Lãnh đạo"} and name in FOREIGN_ROWS:
                assert response.status_code in {302, 403, 404}, (name, role)
        else:
            assert response.status_code == 200, (name, response.status_code)
            assert name in FILES or b"<h1" in response.content, name
    assert seen > (40 if role else 20)


# The world's activity and memorandum belong to somebody else than the cast.
FOREIGN_ROWS = {
    f"admin:{model}_{page}"
    for model in ("programs_activity", "programs_progressupdate", "enterprises_mou")
    for page in ("change", "history", "delete", "simple_history")
} | {"explanation-detail", "completion-answer", "report-write", "report-review"}


def test_the_map_holds_every_public_page():
    names = {name for name, _parameters in ADDRESSES}
    assert {"home", "area-detail", "activity-list", "activity-detail", "mou-list", "timeline"} <= names
    assert {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        for model in apps.get_models()
        if model._meta.app_label in {"cooperation", "programs", "enterprises"}
        and not model.__name__.startswith("Historical")
        and model.__name__
        not in {
            "LoadedFixture",
            "SavedFilter",
            "ImportRow",
            "IndicatorValue",
            "Milestone",
            "ScheduleChange",
            "Suspension",
            "Evidence",
            "Handover",
            "SentReminder",
            "KeptStandings",
            "LeafStanding",
            "AreaStanding",
            "AgencyStanding",
        }
    } <= names


@pytest.mark.parametrize("role", CAST)
def test_no_write_by_get(client, world, role):
    """Reading every page changes nothing."""
    enter(client, role)
    before = {
        model: model.objects.count() for model in apps.get_models() if model._meta.app_label == "programs"
    }
    for name, parameters in ADDRESSES:
        if name not in NOT_A_PAGE:
            visit(client, name, parameters, world)
    assert {model: model.objects.count() for model in before} == before
    assert Activity.objects.get().title.startswith("Hoạt động")
