"""Anybody can recompute: an independent script, run on its own, comes to every published figure."""

import csv
import datetime
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import transaction

from cooperation.fixture_loading import REAL_FIXTURES, load_once
from cooperation.models import JointPlan
from programs.models import ProgressUpdate, ReportingPeriod
from tests import factories, recompute
from tests.portal.test_demonstration import AFTER_THE_PLAN, DAYS, FIXTURE

SCRIPT = Path(recompute.__file__)


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    """Both plans, loaded once for all tests here and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        for name in REAL_FIXTURES:
            load_once(FIXTURE.parent / name)
        load_once(FIXTURE)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def plans(_loaded, db):
    return {plan.slug: plan for plan in JointPlan.objects.all()}


def save(client, plan, on, folder):
    folder.mkdir()
    for name in recompute.FILES:
        prefix = "" if plan.is_main else f"/ke-hoach/{plan.slug}"
        answer = client.get(f"{prefix}/du-lieu-mo/{name}.csv?as_of={on}")
        assert answer.status_code == 200
        (folder / f"{name}.csv").write_bytes(answer.content)
    return folder


def run(folder):
    """The script alone: isolated, away from the portal, so that it can import nothing of it."""
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(folder)],
        capture_output=True, text=True, cwd=folder, encoding="utf-8", env={"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_it_knows_nothing_of_the_portal():
    imported = re.findall(r"^(?:import|from) (\w+)", SCRIPT.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(imported) == {"csv", "datetime", "fractions", "io", "pathlib", "sys", "urllib"}


@pytest.mark.parametrize("day", [*DAYS, datetime.date(2020, 12, 14)], ids=str)
@pytest.mark.parametrize("slug", ["minh-hoa", "lien-tich-2019-2025"])
def test_every_figure_comes_out_the_same(client, plans, tmp_path, slug, day):
    plan = plans.get(slug) or next(plan for plan in plans.values() if plan.is_main)
    code, said = run(save(client, plan, day, tmp_path / "csv"))
    assert code == 0, said
    assert int(said.split()[0]) > 120


def test_a_sealed_day_comes_out_as_sealed(client, plans, tmp_path):
    """A report accepted after the sealing changes neither the files nor what they give."""
    plan = plans["minh-hoa"]
    period = ReportingPeriod.objects.filter(plan=plan, kind="quarter", end_on__year=2022).first()
    factories.make_snapshot(period)
    before = save(client, plan, period.end_on, tmp_path / "before")
    report = ProgressUpdate.objects.accepted(period.end_on).filter(activity__completed_on=None).first()
    factories.make_update(report.activity, 1, period.end_on, fall_reason="đếm lại")
    after = save(client, plan, period.end_on, tmp_path / "after")
    assert {file.name: file.read_bytes() for file in before.iterdir()} == {
        file.name: file.read_bytes() for file in after.iterdir()
    }
    code, said = run(after)
    assert code == 0, said
    assert period.snapshot.sha256 in (after / "ke-hoach.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("is_sealed", [False, True])
def test_a_later_report_without_a_percent_is_no_report_of_a_percent(client, db, tmp_path, is_sealed):
    plan = factories.make_plan()
    activity = factories.make_activity(factories.make_area(plan), due_on=datetime.date(2022, 12, 31))
    factories.make_update(activity, 40, datetime.date(2021, 3, 31))
    factories.make_update(activity, None, datetime.date(2021, 6, 30))
    period = factories.make_period(plan)
    if is_sealed:
        factories.make_snapshot(period)
    folder = save(client, plan, period.end_on, tmp_path / "csv")
    with (folder / "hoat-dong.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["reported_on"], row["reported_percent"]) == ("2021-03-31", "40.0")
    assert row["heard_on"] == "2021-06-30"
    code, said = run(folder)
    assert code == 0, said


@pytest.mark.parametrize("day", ["2020-04-15", "2020-08-01", "2021-12-14", "2021-12-15", "2022-06-30"])
def test_earlier_terms_and_suspensions_come_out_as_they_were(client, db, tmp_path, day):
    area = factories.make_area(factories.make_plan())
    activity = factories.make_activity(
        area, start_on=datetime.date(2020, 1, 1), due_on=datetime.date(2023, 12, 31),
        suspended_on=datetime.date(2022, 5, 1), lifecycle="suspended",
    )  # fmt: skip
    factories.make_schedule_change(activity, datetime.date(2021, 12, 15), datetime.date(2021, 12, 31))
    factories.make_suspension(activity, datetime.date(2020, 3, 1), datetime.date(2020, 5, 1))
    folder = save(client, area.plan, day, tmp_path / "csv")
    with (folder / "hoat-dong.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["due_on"] == ("2021-12-31" if day < "2021-12-15" else "2023-12-31")
    assert (row["timeliness"] == "stopped") == (day in ("2020-04-15", "2022-06-30"))
    code, said = run(folder)
    assert code == 0, said


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("hoat-dong.csv", ",one_off,1,", ",one_off,2,"),
        ("linh-vuc.csv", ",attention,", ",attention,"),
        ("ke-hoach.csv", ",82.0,", ",82.1,"),
    ],
)
def test_a_changed_file_is_found_out(client, plans, tmp_path, name, old, new):
    folder = save(client, plans["minh-hoa"], AFTER_THE_PLAN, tmp_path / "csv")
    text = (folder / name).read_bytes().decode()
    assert old in text
    (folder / name).write_bytes(text.replace(old, new).encode())
    assert run(folder)[0] == (old != new)
