"""The two commands: the daily one, and the one that compares and mends."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from programs.models import Activity, KeptStandings
from programs.standings.reading import plan_standing
from tests.factories import make_activity, make_area, make_plan, make_update

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    plan = make_plan(slug="chinh")
    make_update(make_activity(make_area(plan, 1), due_on=date(2021, 1, 1)), 40)
    return plan


def run(*args) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def test_the_daily_job_takes_in_what_is_new_and_moves_on_what_is_old(plan):
    assert f"{localdate():%d/%m/%Y}" in run("refresh_standings")
    assert plan_standing(plan).headline.value == 40
    KeptStandings.objects.update(on=date(2022, 6, 30))
    run("refresh_standings")
    assert KeptStandings.objects.get().on == localdate()
    run("rebuild_standings", "--check")


def test_check_lists_what_differs_and_rebuild_mends_it(plan):
    run("refresh_standings")
    Activity.objects.update(weight=3)
    out = StringIO()
    with pytest.raises(CommandError, match="chỗ khác") as refusal:
        call_command("rebuild_standings", "--check", stdout=out)
    assert refusal.value.returncode == 1
    assert "weight 1 → 3" in out.getvalue()
    assert "chinh: 1 hoạt động." in run("rebuild_standings", "--plan", "chinh")
    assert "khớp" in run("rebuild_standings", "--check")


def test_an_unknown_plan_is_named():
    with pytest.raises(CommandError, match="“khong-co”"):
        run("rebuild_standings", "--plan", "khong-co")
