"""Many write one area at the same time: no change of the sums is lost."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cooperation.corrections import written
from programs import workflow
from programs.models import AreaStanding, Milestone
from programs.standings.checking import differences
from programs.standings.keeping import rebuild
from tests.factories import make_activity, make_agency, make_area, make_milestone, make_update, make_user

WRITERS = 6


def at_once(calls):
    together, faults = threading.Barrier(len(calls)), []

    def run(call):
        together.wait()
        try:
            call()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.django_db(transaction=True)
def test_reports_of_one_area_accepted_at_once_all_count():
    area, agency = make_area(), make_agency()
    reporter, approver = make_user(is_superuser=True), make_user(is_superuser=True)
    activities = [make_activity(area, lead_agency=agency) for _n in range(WRITERS)]
    reports = [
        make_update(
            activity, 10, date(2022, 6, 30), status="submitted", submitted_at=timezone.now(),
            decided_at=None, reported_by=reporter,
        )
        for activity in activities
    ]  # fmt: skip
    rebuild(area.plan)
    at_once([lambda row=row: workflow.accept(update=row, user=approver) for row in reports])
    standing = AreaStanding.objects.get(pk=area.pk)
    assert (standing.weighted, standing.unreported) == (Decimal(10 * WRITERS), 0)
    assert list(differences(area.plan)) == []


@pytest.mark.django_db(transaction=True)
def test_milestones_of_one_activity_done_at_once_all_count():
    area = make_area()
    activity = make_activity(area, kind="periodic")
    rows = [make_milestone(activity, date(2015 + n, 12, 31)) for n in range(WRITERS)]
    rebuild(area.plan)

    @transaction.atomic
    def do(milestone):
        milestone.done_on = milestone.due_on
        milestone.save()
        written(Milestone, [milestone.pk], user=None)

    at_once([lambda row=row: do(row) for row in rows])
    assert AreaStanding.objects.get(pk=area.pk).weighted == 100
    assert list(differences(area.plan)) == []
