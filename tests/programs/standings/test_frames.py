"""What figures hang on beside records: the rule, the plan an area stands in, the reporting periods."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from cooperation.corrections import written
from cooperation.models import CooperationArea
from programs.models import AreaStanding, LeafStanding
from programs.periods.opening import open_year
from programs.standings.checking import differences
from programs.standings.keeping import rebuild
from programs.standings.reading import plan_standing
from tests.factories import make_activity, make_area, make_plan, make_update

pytestmark = pytest.mark.django_db


def test_what_was_kept_by_another_version_of_the_rule_is_counted_anew(monkeypatch):
    area = make_area()
    activity = make_activity(area, due_on=date(2021, 1, 1))
    make_update(activity, 40)
    rebuild(area.plan)
    LeafStanding.objects.update(percent=10)
    AreaStanding.objects.update(weighted=10)
    assert plan_standing(area.plan).headline.value == 10
    monkeypatch.setattr("programs.standings.keeping.RULE_VERSION", 2)
    assert plan_standing(area.plan).headline.value == 40
    assert list(differences(area.plan)) == []


@pytest.mark.parametrize("to_the_first", [True, False])
@pytest.mark.parametrize("filled", [True, False])
def test_an_area_moves_to_a_plan_before_or_after_its_own(to_the_first, filled):
    plans = [make_plan(), make_plan()]
    old, new = reversed(plans) if to_the_first else plans
    area = make_area(old, 1)
    if filled:
        make_activity(area)
    for plan in plans:
        rebuild(plan)
    area.plan, area.number = new, 2
    area.save()
    written(CooperationArea, [area.pk], user=None)
    assert AreaStanding.objects.get(pk=area.pk).plan_id == new.pk
    assert [line for plan in plans for line in differences(plan)] == []


def test_opening_a_year_puts_the_standings_right():
    today = localdate()
    plan = make_plan(start_year=today.year - 1, end_year=today.year + 1)
    activity = make_activity(make_area(plan), start_on=today - timedelta(days=900))
    make_update(activity, 40, today - timedelta(days=800))
    rebuild(plan)
    assert plan_standing(plan).areas[0].figure.reported == 1
    for year in (today.year, today.year + 1):
        open_year(plan=plan, year=year)
    assert list(differences(plan)) == []
    assert LeafStanding.objects.get().reported is False
