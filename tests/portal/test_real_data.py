"""The sourced facts: loaded once, complete, true to their sources, untouched by the merger."""

import datetime
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.serializers.base import DeserializationError
from django.utils.timezone import localdate

from cooperation.fixture_loading import REAL_FIXTURES, load_once
from cooperation.models import (
    Agency,
    Agreement,
    BackgroundFact,
    CooperationArea,
    JointPlan,
    LoadedFixture,
    Province,
    User,
)
from enterprises.models import MOU, Enterprise
from programs.figures import plan_progress
from programs.models import Activity

pytestmark = pytest.mark.django_db

FOLDER = Path(settings.FIXTURE_DIRS[0])
MERGER = datetime.date(2025, 7, 1)
OURS = ("cooperation", "programs", "enterprises")


@pytest.fixture
def real():
    for name in REAL_FIXTURES:
        load_once(FOLDER / name)
    return JointPlan.objects.get(is_main=True)


def test_everything_is_there(real):
    assert real.agreement.number == "4645/TT-LA-TN"
    assert real.signed_on == datetime.date(2019, 5, 17)
    assert list(real.areas.order_by("number").values_list("number", flat=True)) == list(range(1, 13))
    counts = {
        model: model.objects.count()
        for model in (Province, Agency, Agreement, BackgroundFact, Activity, Enterprise)
    }
    assert counts == {
        Province: 12,
        Agency: 27,
        Agreement: 8,
        BackgroundFact: 102,
        Activity: 4,
        Enterprise: 27,
    }
    mou = MOU.objects.get()
    assert {mou.party_a.name, mou.party_b.name} == {
        "Công ty Cổ phần Thương mại Mộc Hóa",
        "Công ty TNHH Một thành viên Trà Tâm Lan",
    }
    assert mou.activity.code == "LATN-2019-02"


def test_every_record_is_valid_and_every_fact_has_a_source(real):
    for model in apps.get_models():
        if model._meta.app_label in OURS and not model.__name__.startswith("Historical"):
            for record in model.objects.all():
                record.full_clean()
    for model in (
        BackgroundFact,
        Activity,
        MOU,
        Agreement,
        JointPlan,
        CooperationArea,
        Enterprise,
        Agency,
        Province,
    ):
        assert not model.objects.filter(sources__isnull=True).exists(), model


def test_nothing_is_invented(real):
    """No source gives a target, a lead unit, a due date or a percentage."""
    assert not Activity.objects.exclude(lead_agency=None, due_on=None, start_on=None, weight=1).exists()
    assert {activity.lifecycle for activity in Activity.objects.all()} == {Activity.Lifecycle.COMPLETED}
    assert not apps.get_model("programs", "ProgressUpdate").objects.exists()
    assert not User.objects.exists()


def test_figures_as_of(real):
    before, then, now = (
        plan_progress(real, day)
        for day in (datetime.date(2019, 5, 16), datetime.date(2025, 6, 30), localdate())
    )
    assert (before.headline.value, before.headline.with_value) == (None, 0)
    assert [(row.figure.value, row.figure.countable) for row in then.areas] == [
        (row.figure.value, row.figure.countable) for row in now.areas
    ]
    assert [row.area.number for row in now.areas if row.figure.value is not None] == [6, 12]


def test_no_figure_before_the_merger_differs_because_of_it(real):
    """The same days, computed with and without the merger in the data."""
    days = [datetime.date(year, 6, 30) for year in range(2018, 2026)] + [MERGER - datetime.timedelta(days=1)]
    with_merger = [plan_progress(real, day).headline for day in days]
    Agency.objects.update(successor=None, dissolved_on=None)
    Province.objects.update(successor=None, dissolved_on=None)
    assert [plan_progress(real, day).headline for day in days] == with_merger


def test_departments_keep_their_names_and_say_what_they_are_now(real):
    la, tn = (
        Agency.objects.get(slug=f"so-cong-thuong-tinh-{slug}") for slug in ("long-an", "tay-ninh-truoc-2025")
    )
    day_before = MERGER - datetime.timedelta(days=1)
    assert la.label_on(day_before) == "Sở Công Thương tỉnh Long An"
    assert tn.label_on(day_before) == "Sở Công Thương tỉnh Tây Ninh"
    assert la.label_on(MERGER) == "Sở Công Thương tỉnh Long An (nay là Sở Công Thương tỉnh Tây Ninh)"
    assert la.acting_on(MERGER) == tn.acting_on(MERGER)
    assert set(real.agencies.all()) == {la, tn}


def test_home_and_area_pages_with_that_little(client, real):
    home = client.get("/").content.decode()
    assert "trên 2/12 lĩnh vực" in home
    assert home.count("Chưa có hoạt động") == 10
    assert "Chưa hoạt động nào có thời hạn trong nguồn" in home
    area = client.get("/linh-vuc/6/").content.decode()
    assert "Không tính vào tiến độ" in area
    assert "Công ty Cổ phần Thương mại Mộc Hóa" in area
    empty = client.get("/linh-vuc/11/").content.decode()
    assert "cũng không phải là 0" in empty


def test_pages_name_the_bodies_of_the_day(client, real):
    then = client.get("/?as_of=2025-06-30").content.decode()
    assert "Tỉnh Long An</span>" in then and "Tỉnh Tây Ninh</span>" in then
    assert "nay là" not in then
    now = client.get("/").content.decode()
    assert "Sở Công Thương tỉnh Long An (nay là Sở Công Thương tỉnh Tây Ninh)" in now


def test_a_second_load_changes_nothing(real):
    area = CooperationArea.objects.get(plan=real, number=6)
    area.title = "Tên do người dùng sửa"
    area.save()
    Activity.objects.get(code="LATN-2024-01").delete()
    assert [load_once(FOLDER / name) for name in REAL_FIXTURES] == [None] * len(REAL_FIXTURES)
    area.refresh_from_db()
    assert area.title == "Tên do người dùng sửa"
    assert not Activity.objects.filter(code="LATN-2024-01").exists()


def test_a_broken_fixture_leaves_nothing(tmp_path):
    broken = tmp_path / "hong.json"
    records = [
        {"model": "cooperation.source", "fields": {"code": "X1", "publisher": "Báo", "title": "Tin"}},
        {"model": "cooperation.cooperationarea", "fields": {"plan": ["khong-co"], "number": 1, "title": "x"}},
    ]
    broken.write_text(json.dumps(records), encoding="utf-8")
    with pytest.raises(DeserializationError):
        load_once(broken)
    assert not LoadedFixture.objects.filter(name=broken.name).exists()
    assert not apps.get_model("cooperation", "Source").objects.exists()


def test_setup_makes_accounts_once(capsys, monkeypatch):
    monkeypatch.setenv("PORTAL_DEMO_PASSWORD", "mat-khau-dung-thu")
    call_command("setup")
    printed = capsys.readouterr().out
    assert "mat-khau-dung-thu" in printed
    accounts = {user.username: user for user in User.objects.all()}
    assert set(accounts) == {
        "quantri", "chuyenvien.la", "chuyenvien.tn", "nguoiduyet.la", "nguoiduyet.tn", "nhaplieu", "lanhdao",
        "quantridonvi",
    }  # fmt: skip
    assert accounts["quantri"].is_superuser
    assert all(user.check_password("mat-khau-dung-thu") for user in accounts.values())
    assert accounts["chuyenvien.la"].agency != accounts["chuyenvien.tn"].agency
    call_command("setup")
    assert capsys.readouterr().out == ""


def test_setup_without_demonstration(settings, capsys):
    settings.PORTAL_DEMONSTRATION = False
    call_command("setup")
    assert not User.objects.exists()
    assert not JointPlan.objects.filter(is_demonstration=True).exists()
    assert CooperationArea.objects.count() == 12
