"""The demonstration plan: as large and as varied as promised, marked throughout, true to the models."""

import datetime
import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from cooperation.fixture_loading import load_once
from cooperation.models import Agency, Agreement, JointPlan, LoadedFixture, Province
from enterprises.models import MOU, Enterprise
from programs.figures import plan_progress
from programs.measures import Status, Timeliness
from programs.models import Activity, Indicator, Milestone, Program, ProgressUpdate, ReportingPeriod
from tools.build_demo import build
from tools.demo.fixture import pick

FIXTURE = Path(settings.FIXTURE_DIRS[0]) / "demo.json"
AFTER_THE_PLAN = datetime.date(2026, 11, 23)
# A closed quarter in each stage of the plan, its last half-year, and the time after it.
DAYS = [
    datetime.date(2019, 9, 14),
    datetime.date(2021, 12, 14),
    datetime.date(2023, 6, 14),
    datetime.date(2023, 12, 31),
    datetime.date(2024, 6, 14),
    datetime.date(2025, 6, 30),
    AFTER_THE_PLAN,
]


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    """The fixture, loaded once for all tests here and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_once(FIXTURE)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def plan(_loaded, db):
    return JointPlan.objects.get(slug="minh-hoa")


def own_models():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in ("cooperation", "programs", "enterprises")
        and model is not LoadedFixture
        and not hasattr(model, "history_type")
    ]


def test_the_generator_writes_the_committed_file():
    assert build() == FIXTURE.read_text(encoding="utf-8")


def test_text_is_nfc_and_the_file_moderate():
    text = FIXTURE.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert len(text.encode()) <= 1_500_000


def test_a_choice_depends_on_its_key_alone():
    """Pinned: were it to change, every date and text of the plan would move."""
    assert [pick("abcdefgh", "MH-01-001", number) for number in range(6)] == list("bfebea")


def test_size(plan):
    assert plan.areas.count() == 12
    assert 140 <= Activity.objects.count() <= 160
    assert 55 <= MOU.objects.count() <= 65
    assert 35 <= Enterprise.objects.count() <= 45
    assert 18 <= Program.objects.count() <= 24
    assert 10 <= Indicator.objects.count() <= 12
    assert ReportingPeriod.objects.filter(kind="quarter").count() == 28


def test_every_record_is_marked(plan):
    assert plan.is_demonstration
    assert not plan.is_main
    assert list(JointPlan.objects.all()) == [plan]
    for model in (Province, Agency, Enterprise):
        assert not model.objects.filter(is_demonstration=False).exists()
        assert not model.objects.exclude(name__contains="(minh họa)").exists()
    assert not Agreement.objects.exclude(title__contains="minh họa").exists()
    assert not Activity.objects.exclude(area__plan=plan).exists()
    assert not MOU.objects.exclude(plan=plan).exists()


def test_no_person_and_no_tax_code(plan):
    assert not Enterprise.objects.exclude(tax_code="").exists()
    people = ("representative", "phone", "address")
    for field in (f"party_{side}_{what}" for side in "ab" for what in people):
        assert not MOU.objects.exclude(**{field: ""}).exists(), field


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_every_record_passes_its_model_check(plan, model):
    for record in model.objects.all():
        record.full_clean()


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Activity, "lifecycle"),
        (Activity, "kind"),
        (Activity, "form"),
        (ProgressUpdate, "status"),
        (MOU, "status"),
        (MOU, "value_is_public"),
        (Indicator, "aggregation"),
        (Indicator, "is_ratio"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_every_value_occurs(plan, model, field):
    described = model._meta.get_field(field)
    expected = {True, False} if isinstance(described, models.BooleanField) else set(dict(described.choices))
    expected -= {Activity.Form.MOU} if field == "form" else set()  # memoranda are records of their own
    assert set(model.objects.values_list(field, flat=True)) == expected


def test_special_cases_occur(plan):
    cancelled = Activity.objects.filter(lifecycle=Activity.Lifecycle.CANCELLED)
    late = cancelled.filter(cancelled_on__gt=models.F("due_on"))
    assert cancelled.filter(cancelled_on__lt=models.F("due_on")).exists()
    assert late.filter(cancellation_document="").exists()
    assert late.exclude(cancellation_document="").exists()
    assert Activity.objects.filter(resumed_on__isnull=False).exists()
    assert Activity.objects.filter(indicator__isnull=False).count() >= 5
    assert set(Activity.objects.values_list("weight", flat=True)) == {1, 2, 3}
    assert Activity.objects.filter(further_areas__isnull=False).exists()
    assert not Activity.objects.filter(partner_agencies__isnull=True).exists()
    assert Milestone.objects.filter(waived_on__isnull=False).exists()
    assert Milestone.objects.filter(done_on=None, waived_on=None, due_on__lt=AFTER_THE_PLAN).exists()
    assert MOU.objects.filter(activity__isnull=False).count() >= 20
    assert MOU.objects.filter(realised_value__isnull=False).exists()


def test_a_percent_falls_only_with_a_reason(plan):
    """R11."""
    falls = 0
    for activity in Activity.objects.prefetch_related("updates"):
        reports = [row for row in activity.updates.all() if row.percent is not None]
        reports.sort(key=lambda row: row.effective_on)
        for before, after in pairwise(reports):
            fell = after.percent < before.percent
            assert bool(after.fall_reason) == fell, after
            falls += fell
    assert falls >= 3


def test_reports_follow_what_happened(plan):
    """None before the start, none after completion, cancellation or suspension, none inside a pause.

    The other side says "done" some days after the leading one.
    """
    for report in ProgressUpdate.objects.filter(is_counterpart=True).select_related("activity"):
        assert report.completed_on == report.activity.completed_on < report.effective_on
        assert report.agency.province_id != report.activity.lead_agency.province_id
    for report in ProgressUpdate.objects.filter(is_counterpart=False).select_related("activity"):
        activity = report.activity
        assert report.effective_on >= activity.start_on
        ended_on = activity.completed_on or activity.cancelled_on
        if activity.lifecycle == Activity.Lifecycle.SUSPENDED:
            ended_on = activity.suspended_on
        assert ended_on is None or report.effective_on <= ended_on
        if activity.resumed_on:
            assert not activity.suspended_on <= report.effective_on < activity.resumed_on


def test_memoranda_join_the_two_provinces(plan):
    for mou in MOU.objects.select_related("party_a", "party_b", "activity"):
        assert mou.party_a.province_id != mou.party_b.province_id
        if mou.activity:
            assert mou.signed_on == mou.activity.completed_on
            assert mou.event == mou.activity.title


def test_every_status_of_the_rule_can_be_shown(plan):
    shown = {row.figure.status for day in DAYS for row in plan_progress(plan, day).areas}
    assert shown == set(Status)


def test_today_looks_like_a_plan_that_nearly_worked(plan):
    progress = plan_progress(plan, AFTER_THE_PLAN)
    statuses = [row.figure.status for row in progress.areas]
    assert 20 < progress.headline.value < 95
    assert progress.headline.with_value == 10
    assert statuses.count(Status.ON_TRACK) >= 2
    assert statuses.count(Status.ATTENTION) >= 2
    assert statuses.count(Status.LATE) in (2, 3)
    assert statuses.count(Status.NO_ACTIVITY) == statuses.count(Status.ONLY_CONTINUOUS) == 1
    leaves = [leaf for row in progress.areas for leaf in row.leaves.values()]
    assert {leaf.timeliness for leaf in leaves} == set(Timeliness)


def test_the_headline_rises_from_year_to_year(plan):
    values = [plan_progress(plan, datetime.date(year, 12, 14)).headline.value for year in range(2019, 2026)]
    assert values == sorted(values)
    assert len(set(values)) == len(values)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_coverage_is_a_share(plan, day):
    coverages = [row.figure.coverage for row in plan_progress(plan, day).areas]
    assert all(0 <= coverage <= 100 for coverage in coverages if coverage is not None)
    assert any(coverage for coverage in coverages)


def test_codes_say_their_area(plan):
    for activity in Activity.objects.select_related("area"):
        assert re.fullmatch(rf"MH-{activity.area.number:02}-\d{{3}}", activity.code)
