"""What a period still waits for, beside other periods of its plan that end on the same day."""

from datetime import date

import pytest

from programs.models import Activity, ReportingPeriod
from programs.owed_reports import owed_reports
from tests.factories import make_activity, make_area, make_period, make_snapshot, make_update

pytestmark = pytest.mark.django_db

AFTER = date(2021, 12, 20)


def owed(on=AFTER):
    rows = owed_reports(Activity.objects.all(), on, ReportingPeriod.objects.all())
    return {row.period.label: set(row.leaves) for row in rows}


def test_a_longer_period_that_is_sealed_first_does_not_silence_the_shorter_one():
    year = make_period()
    make_period(year.plan, kind="month", start_on=date(2021, 11, 15), label="Tháng 12")
    area = make_area(year.plan)
    silent, said = make_activity(area), make_activity(area)
    make_update(silent, 40, date(2021, 6, 1))
    make_update(said, 40, date(2021, 12, 1))
    assert owed() == {"Tháng 12": {silent.pk}}
    make_snapshot(year)
    assert owed() == {"Tháng 12": {silent.pk}}
    assert owed(year.end_on) == {"Tháng 12": {silent.pk}}


def test_a_sealed_period_waits_for_nothing():
    period = make_period()
    activity = make_activity(make_area(period.plan))
    assert owed() == {"Năm 2021": {activity.pk}}
    make_snapshot(period)
    assert owed() == {}
