"""Sealing and correcting at the same time, and any order of corrections: nothing lost, nothing undeclared."""

import random
import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from programs.models import Activity, Erratum, Snapshot
from programs.periods.checking import check
from programs.periods.errata import correct
from programs.periods.sealing import seal
from tests.factories import (
    make_activity,
    make_area,
    make_milestone,
    make_period,
    make_plan,
    make_snapshot,
    make_update,
    make_user,
)

SEALED = date(2021, 12, 14)


def at_once(*calls):
    """Run the calls in threads of their own; return what each returned or raised."""
    together, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        together.wait()
        try:
            results[number] = call()
        except ValidationError as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_seals_at_once_are_one():
    period, user = make_period(make_area().plan), make_user(is_superuser=True)
    results = at_once(*[lambda: seal(period=period, user=user, incomplete_reason="thử")] * 2)
    assert sorted(type(result).__name__ for result in results) == ["Snapshot", "ValidationError"]
    assert Snapshot.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_corrections_at_once_are_two_errata():
    area, user = make_area(), make_user()
    activities = [make_activity(area, start_on=date(2020, 1, 1)) for _ in range(2)]
    snapshot = make_snapshot(make_period(area.plan))
    for activity in activities:
        make_update(activity, 50, date(2021, 9, 1))
    write = transaction.atomic(correct)
    at_once(*[lambda pk=activity.pk: write([pk], user=user, reason="bổ sung") for activity in activities])
    assert [erratum.number for erratum in snapshot.errata.order_by("number")] == [1, 2]
    assert check(Snapshot.objects.get()).holds


def _report(activity, pick):
    make_update(
        activity, pick.randint(0, 100), SEALED + timedelta(days=pick.randint(-400, 400)), fall_reason="x"
    )


def _milestone(activity, pick):
    due = SEALED + timedelta(days=pick.randint(-700, 700))
    if not activity.milestones.filter(due_on=due).exists():
        make_milestone(activity, due, done_on=pick.choice([None, due]))


def _change(activity, pick):
    activity.weight = pick.randint(1, 5)
    activity.kind = pick.choice(Activity.Kind.values)
    activity.due_on = pick.choice([None, SEALED + timedelta(days=pick.randint(0, 300))])
    activity.published = pick.random() < 0.8
    activity.deleted_at = pick.choice([None, None, None, timezone.now()])
    activity.save()


def _cancel(activity, pick):
    activity.lifecycle, activity.cancelled_on = pick.choice(
        [("cancelled", SEALED + timedelta(days=pick.randint(-300, 300))), ("planned", None)]
    )
    activity.save()


def _move(activity, pick):
    activity.area = pick.choice(list(activity.area.plan.areas.all()))
    activity.save()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_after_any_corrections_the_errata_account_for_all(seed):
    pick = random.Random(seed)
    plan = make_plan(signed_on=date(2019, 5, 17))
    areas = [make_area(plan, number) for number in (1, 2, 3)]
    activities = [make_activity(pick.choice(areas), start_on=date(2020, 1, 1)) for _ in range(6)]
    for activity in activities:
        _report(activity, pick)
    sealed = [
        make_snapshot(make_period(plan, label=f"Kỳ {end}", kind="month", start_on=start, end_on=end))
        for start, end in (
            (date(2020, 12, 15), date(2021, 6, 14)),
            (date(2021, 6, 15), SEALED),
            (date(2021, 12, 15), date(2022, 6, 14)),
        )
    ]
    for _ in range(25):
        activity = pick.choice(activities)
        pick.choice([_report, _milestone, _change, _cancel, _move])(activity, pick)
        correct([activity.pk], user=None, reason="đính chính")
    for snapshot in sealed:
        stored = Snapshot.objects.get(pk=snapshot.pk)
        assert (stored.content, stored.sha256) == (snapshot.content, snapshot.sha256)
        verdict = check(stored)
        assert verdict.holds, (verdict.broken, verdict.undeclared)
    assert Erratum.objects.exists()
