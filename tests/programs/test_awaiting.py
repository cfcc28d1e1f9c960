"""Who is asked to confirm a completion, until when, and when one press is enough."""

import datetime

import pytest

from cooperation.models import Province
from programs.awaiting import awaiting_answer, awaiting_key
from programs.models import ProgressUpdate
from tests.factories import make_agency, make_province, make_user
from tests.programs.two_provinces import DAY, DONE, TODAY, World

pytestmark = pytest.mark.django_db

NEXT = DAY + datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def world():
    return World()


@pytest.fixture
def there(world):
    return make_user(agency=world.office_b)


def asked(user, on=DAY):
    """Activity → (whether one press is enough, whether it was answered)."""
    return {pk: (one.lead is not None, one.answered) for pk, one in awaiting_key(user, on).items()}


def doubt(world, user, after, percent=80, on=DAY):
    """The other side's "chưa thống nhất", decided an hour after another report."""
    return world.say(
        "office_b", percent, on, difficulties="Chưa nghiệm thu", reported_by=user, decided_by=user,
        decided_at=after.decided_at + HOUR,
    )  # fmt: skip


def test_each_side_is_asked_for_its_own(world, there):
    here = make_user(agency=world.office_a)
    assert asked(here) == {}
    world.say("office_a", done=DONE)
    assert asked(here) == {}
    assert asked(there) == {world.activity.pk: (True, False)}
    assert asked(there, DAY - datetime.timedelta(days=1)) == {}
    world.say("office_b", done=DONE)
    assert asked(there) == {}


def test_a_completion_that_staff_wrote_down_is_asked_about(world, there):
    activity = world.make(lifecycle="completed", completed_on=DONE)
    assert asked(there) == {activity.pk: (True, False)}
    assert awaiting_answer(DAY)[activity.pk].completed_on == DONE


def test_the_lead_is_asked_for_a_report_and_its_partners_are_not(world):
    world.activity.partner_agencies.add(world.unit_a)
    world.say("office_b", done=DONE)
    assert asked(make_user(agency=world.office_a)) == {world.activity.pk: (False, False)}
    assert asked(make_user(agency=world.unit_a)) == {}
    assert awaiting_answer(DAY) == {}


def test_only_those_who_take_part(world):
    world.make(lifecycle="completed", completed_on=DONE)
    for user in (
        make_user(),
        make_user(agency=world.unit_b),
        make_user(agency=make_agency(province=world.b)),
        make_user(agency=make_agency(province=world.b), role="Lãnh đạo"),
        make_user(agency=world.office_b, is_staff=False),
    ):
        assert asked(user) == {}


def test_after_the_merger_nobody_waits(world):
    world.say("office_a", done=DONE)
    assert list(awaiting_answer(DAY)) == [world.activity.pk]
    world.merge()
    for body in (world.office_a, world.office_b, world.office):
        assert asked(make_user(agency=body), TODAY) == {}
    assert awaiting_answer(TODAY) == {}


def test_what_is_cancelled_or_deleted_waits_for_nobody(world, there):
    world.say("office_a", done=DONE)
    cancelled = world.make()
    world.say("office_a", done=DONE, activity=cancelled)
    assert set(asked(there)) == {world.activity.pk, cancelled.pk}
    cancelled.lifecycle, cancelled.cancelled_on = "cancelled", DAY
    cancelled.save()
    world.activity.deleted_at = datetime.datetime(2024, 7, 1, tzinfo=datetime.UTC)
    world.activity.save()
    assert asked(there) == awaiting_answer(DAY) == {}


def test_a_foreign_side_is_not_asked(world):
    abroad = make_province("Svay Rieng", kind=Province.Kind.FOREIGN)
    world.abroad = make_agency("Sở ngoài", province=abroad)
    world.plan.agencies.add(world.abroad)
    world.make(partners=("abroad",), lifecycle="completed", completed_on=DONE)
    assert awaiting_answer(DAY) == {}


class TestAnswered:
    def test_a_doubt_gives_the_word_back_until_the_lead_speaks_again(self, world, there):
        first = world.say("office_a", done=DONE)
        answer = doubt(world, there, first)
        assert asked(there) == {world.activity.pk: (True, True)}
        assert awaiting_answer(DAY) == {}
        world.say("office_a", on=NEXT, done=DONE, decided_at=answer.decided_at + HOUR)
        assert asked(there, NEXT) == {world.activity.pk: (True, False)}
        assert list(awaiting_answer(NEXT)) == [world.activity.pk]

    def test_a_completion_without_a_report_is_answered_from_its_day_on(self, world, there):
        activity = world.make(lifecycle="completed", completed_on=DONE)
        elsewhere = world.say("office_a", 10)
        answer = doubt(world, there, elsewhere)
        ProgressUpdate.objects.filter(pk=answer.pk).update(activity=activity, effective_on=DONE)
        assert asked(there) == {activity.pk: (True, True)}
        before = DONE - datetime.timedelta(days=1)
        ProgressUpdate.objects.filter(pk=answer.pk).update(effective_on=before)
        assert asked(there) == {activity.pk: (True, False)}

    def test_a_report_of_two_people_is_no_answer(self, world, there):
        said = world.say("office_a", done=DONE)
        report = doubt(world, there, said)
        ProgressUpdate.objects.filter(pk=report.pk).update(reported_by=make_user(agency=world.office_b))
        assert asked(there) == {world.activity.pk: (True, False)}

    def test_a_doubt_from_before_one_s_own_confirmation_is_over(self, world, there):
        said = world.say("office_a", done=DONE)
        old = doubt(world, there, said)
        confirmed = world.say("office_b", on=NEXT, done=DONE, decided_at=old.decided_at + HOUR)
        later = NEXT + datetime.timedelta(days=1)
        world.say("office_b", 90, later, decided_at=confirmed.decided_at + HOUR)
        assert asked(there, later) == {world.activity.pk: (True, False)}


@pytest.mark.parametrize("count", [1, 25])
def test_queries_do_not_grow(world, there, count, django_assert_num_queries):
    for number in range(count):
        world.say("office_a", done=DONE, activity=world.make(code=f"N-{number}"))
        world.say("office_b", done=DONE, activity=world.make(code=f"L-{number}"))
    with django_assert_num_queries(9):
        assert len(awaiting_key(there, DAY)) == count
    here = make_user(agency=world.office_a)
    with django_assert_num_queries(10):
        assert len(awaiting_key(here, DAY)) == count
    with django_assert_num_queries(7):
        assert len(awaiting_answer(DAY)) == count
