"""The merger on a copy of the demonstration plan: rights and open work move, and nothing else."""

import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from cooperation.fixture_loading import load_once
from cooperation.models import Agency, JointPlan, Province, User
from cooperation.permissions import CHANGE, VIEW
from programs.figures import plan_progress
from programs.handing_over import OPEN, lead_on, without_living_lead
from programs.models import Activity, Handover, Program
from tests.factories import make_agency, make_province, make_user

MERGER = datetime.date(2025, 7, 1)
TODAY = datetime.date(2026, 11, 23)
# Every quarter's end of the plan, the days around the merger, and the time after it.
DAYS = sorted(
    {
        *(datetime.date(year, month, 14) for year in range(2019, 2026) for month in (3, 6, 9, 12)),
        datetime.date(2022, 12, 31),
        datetime.date(2025, 6, 30),
        MERGER,
        TODAY,
    }
)
OFFICE_A, OFFICE_B = "minh-hoa-sct-loc-an", "minh-hoa-sct-thanh-ninh"
UNIT_A, UNIT_B = "minh-hoa-qlcn-loc-an", "minh-hoa-ttkc-thanh-ninh"
# The models whose rows a merger changes, and which rows' fields.
MOVED = {"cooperation.agency", "cooperation.province", "programs.activity", "programs.program"}


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    """The demonstration plan and a successor of its two departments, rolled back after these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_once(Path(settings.FIXTURE_DIRS[0]) / "demo.json")
        province = make_province(
            "Lộc Ninh (minh họa)", slug="minh-hoa-loc-ninh", valid_from=MERGER, is_demonstration=True
        )
        make_agency(slug="minh-hoa-sct-loc-ninh", province=province, valid_from=MERGER, is_demonstration=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def plan(_loaded, db):
    return JointPlan.objects.get(slug="minh-hoa")


def merge(*more, on="2025-07-01", into="minh-hoa-sct-loc-ninh", bodies=(OFFICE_A, OFFICE_B)):
    out = StringIO()
    call_command(
        "merge_agencies",
        "--on",
        on,
        "--document",
        "NQ 1 (minh họa)",
        "--into",
        into,
        *bodies,
        *more,
        stdout=out,
    )
    return out.getvalue()


def agency(slug):
    return Agency.objects.get(slug=slug)


def stored():
    """Every row of every model of ours, of whatever is kept, by model and key."""
    rows = {}
    for model in apps.get_models():
        if model._meta.app_label in ("cooperation", "programs", "enterprises"):
            for row in model._base_manager.values():
                rows[model._meta.label_lower, row[model._meta.pk.attname]] = row
            for field in model._meta.local_many_to_many:
                through = getattr(model, field.name).through
                if through._meta.auto_created:
                    for row in through.objects.values():
                        rows[through._meta.label_lower, row["id"]] = row
    return rows


def figures(plan):
    """Headline, areas with value, status and counts, and every leaf, on many days."""
    return {
        day: (
            progress.headline.value,
            [(row.area.number, row.figure, row.leaves) for row in progress.areas],
        )
        for day in DAYS
        for progress in [plan_progress(plan, day)]
    }


def test_no_figure_changes_on_any_day(plan):
    before = figures(plan)
    assert {value for value, _areas in before.values()} - {None}
    merge()
    assert figures(plan) == before


def test_only_leads_and_successions_change_row_for_row(plan):
    before = stored()
    merge("--province-into", "minh-hoa-loc-ninh", "--provinces", "minh-hoa-loc-an", "minh-hoa-thanh-ninh")
    after = stored()
    assert before.keys() <= after.keys()
    added = {label for label, _key in after.keys() - before.keys()}
    assert added == {"programs.handover"} | {label.replace(".", ".historical") for label in MOVED}, (
        "new rows: handovers and history"
    )
    changed = {
        (label, name)
        for (label, key), row in before.items()
        for name, value in row.items()
        if after[label, key][name] != value
    }
    assert changed == {
        *((label, "version") for label in MOVED),
        ("cooperation.agency", "dissolved_on"), ("cooperation.agency", "successor_id"),
        ("cooperation.province", "dissolved_on"), ("cooperation.province", "successor_id"),
        ("programs.activity", "lead_agency_id"),
        ("programs.program", "lead_agency_id"),
    }  # fmt: skip


def test_closed_work_keeps_its_body_and_open_work_has_a_living_one(plan):
    closed = dict(Activity.objects.exclude(lifecycle__in=OPEN).values_list("pk", "lead_agency"))
    moving = set(
        Activity.objects.filter(lifecycle__in=OPEN, lead_agency__slug__in=(OFFICE_A, OFFICE_B)).values_list(
            "pk", flat=True
        )
    )
    assert len(moving) == 8
    merge()
    assert dict(Activity.objects.exclude(lifecycle__in=OPEN).values_list("pk", "lead_agency")) == closed
    for activity in Activity.objects.filter(lifecycle__in=OPEN).select_related("lead_agency"):
        assert activity.lead_agency.exists_on(TODAY)
    assert not without_living_lead(TODAY)
    assert set(Handover.objects.values_list("activity", flat=True)) == moving


def test_who_led_then_is_still_known(plan):
    before = {row.pk: row.lead_agency for row in Activity.objects.select_related("lead_agency")}
    merge()
    heir = agency("minh-hoa-sct-loc-ninh")
    for activity in Activity.objects.filter(lead_agency=heir):
        assert lead_on(activity, MERGER - datetime.timedelta(days=1)) == before[activity.pk]
        assert lead_on(activity, MERGER) == heir
        kept = activity.history.earliest()
        assert kept.lead_agency_id == before[activity.pk].pk
        assert "NQ 1 (minh họa)" in activity.history.latest().history_change_reason


def rights(*slugs):
    """What a new account of each body may read and write; an account asks its rights once."""
    found = {}
    for slug in slugs:
        user = User.objects.get(pk=make_user(agency=agency(slug)).pk)
        found[slug] = {
            (model.__name__, action): set(model.objects.for_user(user, action).values_list("pk", flat=True))
            for model in apps.get_models()
            if hasattr(getattr(model, "objects", None), "for_user") and model is not Handover
            for action in (VIEW, CHANGE)
        }
    return found


def test_rights_of_either_predecessor_belong_to_both_and_others_keep_theirs(plan):
    foreign = make_agency(slug="so-khac", is_demonstration=True)
    others = (UNIT_A, UNIT_B, foreign.slug)
    before, untouched = rights(OFFICE_A, OFFICE_B), rights(*others)
    merge()
    after = rights(OFFICE_A, OFFICE_B, "minh-hoa-sct-loc-ninh")
    both = {key: before[OFFICE_A][key] | before[OFFICE_B][key] for key in before[OFFICE_A]}
    assert before[OFFICE_A]["Activity", CHANGE] != before[OFFICE_B]["Activity", CHANGE]
    for slug, found in after.items():
        assert found == both, slug
    assert rights(*others) == untouched
    assert untouched[UNIT_A]["Activity", CHANGE] < both["Activity", CHANGE]
    assert both["ProgressUpdate", CHANGE]
    assert not untouched[foreign.slug]["Activity", CHANGE]


def test_the_report_names_what_moves_and_a_second_run_finds_nothing(plan):
    told = merge()
    assert "đến hết 30/06/2025, từ 01/07/2025 là Sở Công Thương" in told
    assert "Hoạt động đang mở được bàn giao: 8" in told
    assert f"Chương trình được bàn giao: {Program.objects.count()}" in told
    assert "Giữ nguyên: chữ ký, bản ghi nhớ, báo cáo" in told
    before = stored()
    assert merge().startswith("Không còn gì phải làm")
    assert stored() == before


def test_a_dry_run_tells_the_same_and_writes_nothing(plan):
    before = stored()
    told = merge("--dry-run")
    assert stored() == before
    assert told.replace("Chạy thử: chưa ghi gì.\n", "") == merge()


def test_provinces_merge_with_their_agencies(plan):
    told = merge(
        "--province-into", "minh-hoa-loc-ninh", "--provinces", "minh-hoa-loc-an", "minh-hoa-thanh-ninh"
    )
    assert "Tỉnh Lộc An (minh họa): đến hết 30/06/2025" in told
    assert Province.objects.get(slug="minh-hoa-loc-an").acting_on(MERGER).slug == "minh-hoa-loc-ninh"
    assert "Chú ý" not in told, "units stand under a department that has a successor"


def test_what_still_needs_a_person_is_named(plan):
    loose = make_agency(province=Province.objects.get(slug="minh-hoa-loc-an"), is_demonstration=True)
    gone = make_agency(dissolved_on=MERGER, is_demonstration=True)
    Activity.objects.filter(code="MH-01-001").update(
        lead_agency=gone, lifecycle="in_progress", completed_on=None
    )
    told = merge("--province-into", "minh-hoa-loc-ninh", "--provinces", "minh-hoa-loc-an")
    assert "còn 1 hoạt động đang mở do cơ quan đã thôi tồn tại chủ trì: MH-01-001" in told
    assert f"chưa ghi kế thừa: {loose.slug}" in told


def test_the_account_that_did_it_is_kept(plan):
    user = make_user("quan-tri")
    merge("--user", "quan-tri")
    assert agency(OFFICE_A).history.latest().history_user == user
    assert set(Handover.objects.values_list("recorded_by", flat=True)) == {user.pk}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"on": "1/7/2025"}, "năm-tháng-ngày"),
        ({"on": "2025-06-30"}, "không tồn tại vào ngày 30/06/2025"),
        ({"on": "2999-01-01"}, "chưa đến"),
        ({"into": "khong-co"}, "Không có cơ quan mang định danh: khong-co"),
        ({"bodies": (OFFICE_A, "la")}, "Không có cơ quan mang định danh: la"),
        ({"into": OFFICE_A}, "không thể kế thừa chính mình"),
    ],
)
def test_refusals_in_a_sentence_and_nothing_written(plan, more, words):
    before = stored()
    with pytest.raises(CommandError, match=words):
        merge(**more)
    assert stored() == before


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--provinces", "minh-hoa-loc-an"), "cần cả"),
        (("--province-into", "minh-hoa-loc-ninh"), "cần cả"),
        (("--user", "ai-do"), "Không có tài khoản"),
        (("--document", "x" * 121), "quá 120 chữ"),
        (("--province-into", "la", "--provinces", "minh-hoa-loc-an"), "Không có tỉnh"),
    ],
)
def test_options_that_do_not_fit(plan, more, words):
    with pytest.raises(CommandError, match=words):
        merge(*more)
