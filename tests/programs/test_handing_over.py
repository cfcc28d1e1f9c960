"""Open work goes to whoever acts for its body; closed work and everything else stays."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cooperation.models import Agency
from cooperation.succession import Lineage, succeed
from programs.handing_over import hand_over, lead_on, lead_then, with_lead_then, without_living_lead
from programs.models import Activity, Handover
from tests.factories import make_activity, make_agency, make_area, make_program, make_user

pytestmark = pytest.mark.django_db

MERGER = datetime.date(2025, 7, 1)
EVE = datetime.date(2025, 6, 30)
AGAIN = datetime.date(2026, 4, 30)
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture
def old():
    return make_agency("Sở cũ")


@pytest.fixture
def new():
    return make_agency("Sở mới", valid_from=MERGER)


@pytest.fixture
def area():
    return make_area()


def merge(old, new, on=MERGER, **kwargs):
    succeed(new, [old], on, document="NQ 1")
    return hand_over([old], today=TODAY, document="NQ 1", **kwargs)


@pytest.mark.parametrize(
    "state",
    [{}, {"lifecycle": "in_progress"}, {"lifecycle": "suspended", "suspended_on": EVE}],
    ids=["planned", "in progress", "suspended"],
)
def test_open_work_moves_with_its_history(area, old, new, state):
    activity = make_activity(area, lead_agency=old, **state)
    partner = make_agency()
    activity.partner_agencies.add(old, partner)
    user = make_user()
    moved = merge(old, new, user=user)
    assert moved.activities == [(activity, old, new)]
    stored = Activity.objects.get(pk=activity.pk)
    assert stored.lead_agency == new
    assert set(stored.partner_agencies.all()) == {old, partner}
    assert stored.version == activity.version + 1
    newest, before = stored.history.all()[:2]
    assert (newest.history_user, before.lead_agency_id) == (user, old.pk)
    assert "theo NQ 1" in newest.history_change_reason
    (handover,) = Handover.objects.all()
    assert (handover.from_agency, handover.to_agency, handover.on) == (old, new, MERGER)
    assert (handover.document, handover.recorded_by) == ("NQ 1", user)


@pytest.mark.parametrize(
    "state",
    [
        {"lifecycle": "completed", "completed_on": EVE},
        {"lifecycle": "completed", "completed_on": AGAIN},
        {"lifecycle": "cancelled", "cancelled_on": EVE},
    ],
)
def test_closed_work_keeps_its_body(area, old, new, state):
    activity = make_activity(area, lead_agency=old, **state)
    assert not merge(old, new)
    stored = Activity.objects.get(pk=activity.pk)
    assert (stored.lead_agency, stored.version) == (old, activity.version)
    assert not Handover.objects.exists()


def test_others_work_stays(area, old, new):
    other = make_agency()
    unit = make_agency("Phòng", parent=old)
    rows = [make_activity(area, lead_agency=body) for body in (other, unit, None)]
    assert not merge(old, new)
    assert [Activity.objects.get(pk=row.pk).lead_agency for row in rows] == [other, unit, None]


def test_a_second_run_finds_nothing(area, old, new):
    make_activity(area, lead_agency=old)
    assert merge(old, new)
    assert not merge(old, new)
    assert Handover.objects.count() == 1


def test_work_given_back_by_hand_moves_again_without_a_second_handover(area, old, new):
    activity = make_activity(area, lead_agency=old)
    merge(old, new)
    Activity.objects.filter(pk=activity.pk).update(lead_agency=old)
    assert merge(old, new)
    assert Activity.objects.get(pk=activity.pk).lead_agency == new
    assert Handover.objects.count() == 1


def test_a_line_of_mergers_is_followed_step_by_step(area, old, new):
    last = make_agency("Sở sau cùng")
    activity = make_activity(area, lead_agency=old)
    succeed(new, [old], MERGER, document="")
    succeed(last, [new], AGAIN, document="")
    moved = hand_over([old], today=TODAY, document="")
    assert [(step[1], step[2]) for step in moved.activities] == [(old, new), (new, last)]
    activity.refresh_from_db()
    assert activity.lead_agency == last
    days = [EVE, MERGER, AGAIN - datetime.timedelta(days=1), AGAIN]
    assert [lead_on(activity, day) for day in days] == [old, new, new, last]


def test_what_lies_in_the_bin_moves_too(area, old, new):
    activity = make_activity(area, lead_agency=old, deleted_at="2025-01-01T00:00Z")
    merge(old, new)
    assert Activity.with_deleted.get(pk=activity.pk).lead_agency == new


def test_programmes_that_go_on_move_and_those_that_ended_stay(area, old, new):
    going, ended = make_program(area, lead_agency=old), make_program(area, lead_agency=old, end_on=EVE)
    last_day = make_program(area, lead_agency=old, end_on=MERGER)
    assert {row[0] for row in merge(old, new).programs} == {going, last_day}
    for program, body in ((going, new), (ended, old), (last_day, new)):
        program.refresh_from_db()
        assert program.lead_agency == body
    assert "NQ 1" in going.history.first().history_change_reason
    assert going.history.last().lead_agency_id == old.pk


def test_lead_then(area, old, new):
    """Open work by its handover; closed work by who acted when it was closed."""
    rows = {
        "open": make_activity(area, lead_agency=old),
        "before": make_activity(area, lead_agency=old, lifecycle="completed", completed_on=EVE),
        "after": make_activity(area, lead_agency=old, lifecycle="completed", completed_on=AGAIN),
        "cancelled": make_activity(area, lead_agency=old, lifecycle="cancelled", cancelled_on=EVE),
        "nobody": make_activity(area),
    }
    merge(old, new)
    expected = {
        EVE: {"open": old, "before": old, "after": old, "cancelled": old, "nobody": None},
        MERGER: {"open": new, "before": old, "after": new, "cancelled": old, "nobody": None},
        TODAY: {"open": new, "before": old, "after": new, "cancelled": old, "nobody": None},
    }
    lineage = Lineage.of(Agency)
    for day, bodies in expected.items():
        assert {name: lead_on(row, day) for name, row in rows.items()} == bodies, day
        annotated = with_lead_then(Activity.objects.all(), day).values_list("pk", "lead_then_id", "lead_day")
        found = {pk: lead_then(lineage, body, on) for pk, body, on in annotated}
        assert found == {rows[name].pk: body for name, body in bodies.items()}, day


def test_done_before_the_merger_but_written_down_after_it_was_done_by_the_old_body(area, old, new):
    activity = make_activity(area, lead_agency=old)
    merge(old, new)
    activity.refresh_from_db()
    activity.lifecycle, activity.completed_on = "completed", EVE
    activity.save()
    assert lead_on(activity, TODAY) == old


def test_work_that_nobody_living_leads_is_found(area, old, new):
    activity = make_activity(area, lead_agency=old)
    make_activity(area, lead_agency=new)
    make_activity(area)
    make_activity(area, lead_agency=old, lifecycle="completed", completed_on=EVE)
    assert not without_living_lead(TODAY)
    Agency.objects.filter(pk=old.pk).update(dissolved_on=MERGER)
    assert list(without_living_lead(TODAY)) == [activity]


def test_a_handover_is_written_once_and_true(area, old, new):
    activity = make_activity(area, lead_agency=old)
    merge(old, new)
    handover = Handover.objects.get()
    for change in (handover.save, handover.delete, Handover.objects.all().delete):
        with pytest.raises(ValidationError):
            change()
    rows = {"activity": activity, "from_agency": old}
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(**rows, to_agency=new, on=MERGER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(**rows, to_agency=old, on=AGAIN)


def test_the_annotation_takes_one_query(area, old, new, django_assert_num_queries):
    for _each in range(20):
        make_activity(area, lead_agency=old)
    merge(old, new)
    with django_assert_num_queries(1):
        assert {row.lead_then_id for row in with_lead_then(Activity.objects.all(), EVE)} == {old.pk}
