"""Writing and sealing at the same time, each in a connection of its own: a write is in what is sealed, or it
is an erratum; and nobody waits for somebody who waits for them."""

import threading
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from cooperation.corrections import written
from cooperation.models import CooperationArea
from programs.models import Activity, Erratum, Milestone, ProgressUpdate, Snapshot
from programs.periods import sealing
from programs.periods.checking import check, record
from programs.periods.errata import CorrectionNeedsReasonError
from programs.periods.locking import hold_plan, share_plans
from programs.periods.sealing import seal
from programs.standings.checking import differences
from programs.standings.keeping import rebuild
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

BEFORE = date(2021, 9, 1)
# Long enough for whoever does not have to wait to be through; whoever has to is waited for afterwards.
A_WHILE = 0.6
AT_LAST = 30


class Doing(threading.Thread):
    """A call in a thread and a connection of its own; `result()` returns or raises what it did."""

    def __init__(self, call):
        super().__init__()
        self._call, self._result, self._fault = call, None, None
        self.start()

    def run(self):
        try:
            self._result = self._call()
        except Exception as fault:
            self._fault = fault
        finally:
            connection.close()

    def result(self):
        self.join(AT_LAST)
        assert not self.is_alive(), "waits for ever"
        if self._fault is not None:
            raise self._fault
        return self._result


class Gate:
    """Where one stops until the other has had its while."""

    def __init__(self):
        self._reached, self._open = threading.Event(), threading.Event()

    def stop(self):
        self._reached.set()
        assert self._open.wait(AT_LAST)

    @contextmanager
    def passed_by(self, call):
        """Begin `call` while somebody stands here, and let them go on once it is through or clearly waits."""
        assert self._reached.wait(AT_LAST)
        doing = Doing(call)
        doing.join(A_WHILE)
        self._open.set()
        yield doing


@pytest.fixture
def world():
    """A closed period of two areas and one activity, and who may seal it."""
    plan = make_plan(signed_on=date(2019, 5, 17))
    areas = [make_area(plan, number) for number in (1, 2)]
    activity = make_activity(areas[0], start_on=date(2020, 1, 1))
    make_update(activity, 20, date(2021, 3, 1))
    period, user = make_period(plan), make_user(is_superuser=True)
    return plan, areas, activity, lambda: seal(period=period, user=user, incomplete_reason="thử")


def _new(areas, _activity):
    row = make_activity(areas[1], start_on=date(2020, 1, 1))
    make_update(row, 50, BEFORE)
    return Activity, row


def _report(_areas, activity):
    return ProgressUpdate, make_update(activity, 50, BEFORE)


def _milestone(_areas, activity):
    activity.kind = "periodic"
    activity.save()
    return Milestone, make_milestone(activity, BEFORE, done_on=BEFORE)


def _changed(_areas, activity):
    """The row is locked first, as the admin does."""
    row = Activity.objects.select_for_update().get(pk=activity.pk)
    row.weight = 7
    row.save()
    return Activity, row


def _moved(areas, activity):
    activity.area = areas[1]
    activity.save()
    return Activity, activity


def _area(areas, _activity):
    return CooperationArea, make_area(areas[0].plan, 3)


def _hidden(areas, _activity):
    areas[0].published = False
    areas[0].save()
    return CooperationArea, areas[0]


WRITES = pytest.mark.parametrize("write", [_new, _report, _milestone, _changed, _moved, _area, _hidden])


def _writing(world, write, between=lambda: None, reason="bổ sung"):
    _plan, areas, activity, _sealing = world

    @transaction.atomic
    def run():
        model, row = write(areas, activity)
        between()
        written(model, [row.pk], user=None, reason=reason)

    return run


@WRITES
@pytest.mark.django_db(transaction=True)
def test_sealing_while_a_write_is_not_committed(world, write):
    """The write has told what it changed, found nothing sealed, and is not committed yet."""
    gate = Gate()

    @transaction.atomic
    def slow():
        _writing(world, write)()
        gate.stop()

    writer = Doing(slow)
    with gate.passed_by(world[-1]) as sealer:
        snapshot = sealer.result()
    writer.result()
    assert not Erratum.objects.exists()  # it was waited for, and is in
    assert check(Snapshot.objects.get(pk=snapshot.pk)).holds


@WRITES
@pytest.mark.django_db(transaction=True)
def test_writing_while_a_seal_is_not_committed(world, write, monkeypatch):
    """The sealing has read everything, and has not stored it yet."""
    gate, read = Gate(), sealing._content

    def reading(*args):
        content = read(*args)
        gate.stop()
        return content

    monkeypatch.setattr(sealing, "_content", reading)
    sealer = Doing(world[-1])
    with gate.passed_by(_writing(world, write)) as writer:
        writer.result()
    snapshot = sealer.result()
    assert snapshot.errata.count() == 1
    assert check(Snapshot.objects.get(pk=snapshot.pk)).holds


@WRITES
@pytest.mark.django_db(transaction=True)
def test_sealing_while_a_write_holds_its_rows(world, write):
    """Neither waits for what the other holds: whoever comes second takes the first into account."""
    gate = Gate()
    writer = Doing(_writing(world, write, between=gate.stop))
    with gate.passed_by(world[-1]) as sealer:
        snapshot = sealer.result()
    writer.result()
    assert check(Snapshot.objects.get(pk=snapshot.pk)).holds


@pytest.mark.django_db(transaction=True)
def test_a_write_without_a_reason_during_a_seal_is_refused(world, monkeypatch):
    gate, read = Gate(), sealing._content

    def reading(*args):
        content = read(*args)
        gate.stop()
        return content

    monkeypatch.setattr(sealing, "_content", reading)
    sealer = Doing(world[-1])
    with (
        gate.passed_by(_writing(world, _new, reason="")) as writer,
        pytest.raises(CorrectionNeedsReasonError),
    ):
        writer.result()
    sealer.result()
    assert Activity.objects.count() == 1
    assert check(Snapshot.objects.get()).holds


@pytest.mark.django_db(transaction=True)
def test_many_write_while_one_seals(world):
    """Whatever comes first: all that is not sealed is declared, and today's figures are right."""
    rebuild(world[0])
    writers = [_writing(world, write) for write in (_new, _report, _changed) for _n in range(3)]
    for one in [Doing(call) for call in (*writers[:5], world[-1], *writers[5:])]:
        one.result()
    assert Activity.objects.count() == 4
    assert check(Snapshot.objects.get()).holds
    assert list(differences(world[0])) == []


@pytest.mark.django_db(transaction=True)
def test_the_dates_of_a_period_do_not_change_while_it_is_sealed(world):
    """The admin holds the period's row; what is sealed says the dates that were committed."""
    plan, *_rest, sealing_it = world
    period, gate = plan.periods.get(), Gate()

    @transaction.atomic
    def change():
        row = type(period).objects.select_for_update().get(pk=period.pk)
        row.end_on = date(2021, 11, 14)
        row.save()
        gate.stop()

    editor = Doing(change)
    with gate.passed_by(sealing_it) as sealer:
        snapshot = sealer.result()
    editor.result()
    assert snapshot.sealed.on == date(2021, 11, 14)


@pytest.mark.django_db(transaction=True)
def test_an_area_moved_to_another_plan_meanwhile_takes_its_activities_along(world, monkeypatch):
    """Between asking which plans a write concerns and sharing them, the plan became another one."""
    _plan, areas, _activity, _sealing = world
    shared = []

    def moved_meanwhile(plans):
        if not shared:
            areas[0].plan = make_plan()
            areas[0].save()
        shared.append(set(plans))

    monkeypatch.setattr("programs.periods.errata.share_plans", moved_meanwhile)
    _writing(world, _report)()
    assert shared == [{world[0].pk}, {areas[0].plan_id}]


@pytest.mark.django_db
def test_an_area_moved_away_is_told_where_it_was(world):
    _plan, areas, _activity, sealing_it = world
    snapshot = sealing_it()
    areas[0].plan = make_plan()
    areas[0].save()
    with pytest.raises(CorrectionNeedsReasonError):
        written(CooperationArea, [areas[0].pk], user=None)
    written(CooperationArea, [areas[0].pk], user=None, reason="chuyển kế hoạch")
    assert snapshot.errata.get().reason == "chuyển kế hoạch"
    assert check(snapshot).holds


@pytest.mark.django_db(transaction=True)
def test_what_a_check_finds_is_not_declared_over_what_is_being_written(world):
    """A check that read before a write and stores after it would declare the old figure again."""
    _plan, _areas, activity, sealing_it = world
    snapshot, gate = sealing_it(), Gate()
    make_update(activity, 40, date(2021, 8, 1))  # past the portal: nobody told

    @transaction.atomic
    def slow():
        _writing(world, _report)()
        gate.stop()

    writer = Doing(slow)
    with gate.passed_by(lambda: record(snapshot)) as checker:
        assert checker.result() is None  # the write has declared all there was
    writer.result()
    assert snapshot.errata.count() == 1
    assert check(Snapshot.objects.get(pk=snapshot.pk)).holds


@pytest.mark.django_db(transaction=True)
def test_two_plans_do_not_wait_for_each_other(world):
    """On SQLite all wait for all, and end as well."""
    one, other, gate = world[0], make_snapshot().period.plan, Gate()

    @transaction.atomic
    def slow():
        hold_plan(one.pk)
        gate.stop()

    @transaction.atomic
    def share():
        share_plans([other.pk])

    holder = Doing(slow)
    with gate.passed_by(share) as second:
        if connection.vendor == "postgresql":
            assert not second.is_alive()
        second.result()
    holder.result()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("take", [lambda: share_plans([1]), lambda: hold_plan(1)])
def test_a_lock_that_would_be_gone_at_once_is_refused(take):
    with pytest.raises(TransactionManagementError):
        take()
