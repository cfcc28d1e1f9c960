"""Two keys: open, chưa thống nhất, đã xác nhận; one key after a merger; foreign sides outside the portal."""

import datetime
from decimal import Decimal

import pytest

from cooperation.models import Province
from programs.confirmation import State, confirmation, confirmations, counterpart_of
from programs.figures import activity_figure
from programs.models import Activity
from tests.factories import make_agency, make_milestone, make_province, make_update
from tests.pages import rows_of, text_of
from tests.programs.two_provinces import DAY, DONE, EVE, MERGER, TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def turned(found):
    return {key.side_name: key.turned for key in found.keys}


def test_nobody_says_so(world):
    found = confirmation(world.activity, DAY)
    assert (found.state, found.confirmed) == (State.OPEN, False)
    assert turned(found) == {"Tỉnh Lộc An": False, "Tỉnh Thanh Ninh": False}


def test_both_figures_stand_side_by_side(world):
    world.say("office_a", 60)
    world.say("office_b", 40)
    found = confirmation(world.activity, DAY)
    assert found.state == State.OPEN
    assert [key.percent for key in found.keys] == [Decimal(60), Decimal(40)]
    assert "tính theo bên chủ trì" in found.note
    assert activity_figure(world.activity, DAY).percent == 60


@pytest.mark.parametrize(("first", "second"), [("office_a", "office_b"), ("office_b", "unit_a")])
def test_one_says_done_then_both(world, first, second):
    world.say(first, done=DONE)
    later = DAY + datetime.timedelta(days=10)
    world.say(second, 80, later)
    found = confirmation(world.activity, later)
    assert (found.state, found.label) == (State.DISAGREED, "chưa thống nhất")
    assert sorted(turned(found).values()) == [False, True]
    assert "báo hoàn thành" in found.note
    world.say(second, done=DONE, on=later)
    found = confirmation(world.activity, later)
    assert (found.state, found.label, found.confirmed) == (State.CONFIRMED, "đã xác nhận", True)
    assert confirmation(world.activity, DAY).state == State.DISAGREED, "as of the day before it is as it was"


def test_a_report_that_nobody_accepted_turns_no_key(world):
    report = world.say("office_a", done=DONE)
    type(report).objects.filter(pk=report.pk).update(status="submitted")
    assert confirmation(world.activity, DAY).state == State.OPEN


def test_a_completion_written_down_by_staff_is_the_leading_sides_key(world):
    activity = world.make(lifecycle="completed", completed_on=DONE)
    found = confirmation(activity, DAY)
    assert found.state == State.DISAGREED
    assert turned(found) == {"Tỉnh Lộc An": True, "Tỉnh Thanh Ninh": False}
    assert found.keys[0].completed_on == found.keys[0].on == DONE
    assert confirmation(activity, DONE - datetime.timedelta(days=1)).state == State.OPEN


def test_a_report_without_an_agency_is_the_leading_sides(world):
    make_update(world.activity, 100, DAY, completed_on=DONE)
    assert turned(confirmation(world.activity, DAY)) == {"Tỉnh Lộc An": True, "Tỉnh Thanh Ninh": False}


def test_a_side_takes_its_word_back_and_the_other_cannot(world):
    world.say("office_a", done=DONE)
    world.say("office_b", 70, DAY + datetime.timedelta(days=1))
    assert turned(confirmation(world.activity, TODAY))["Tỉnh Lộc An"]
    world.say("unit_a", 90, DAY + datetime.timedelta(days=2))
    assert confirmation(world.activity, TODAY).state == State.OPEN
    world.say("unit_a", done=DONE, on=DAY + datetime.timedelta(days=3))
    assert confirmation(world.activity, TODAY).state == State.DISAGREED


def test_what_one_side_does_alone_has_no_keys(world):
    for activity in (
        world.make(partners=()),
        world.make(partners=("unit_a",)),
        world.make(None, ("unit_b",)),
    ):
        found = confirmation(activity, DAY)
        assert (found.state, found.keys, found.is_joint) == (State.NOT_JOINT, (), False)


def test_only_provinces_that_signed_are_sides(world):
    world.guest = make_agency("Sở C", province=make_province("Tiền Giang"))
    assert confirmation(world.make(partners=("guest",)), DAY).state == State.NOT_JOINT
    three = confirmation(world.make(partners=("office_b", "guest")), DAY)
    assert list(turned(three)) == ["Tỉnh Lộc An", "Tỉnh Thanh Ninh"]
    world.plan.agencies.clear()
    assert confirmation(world.make(partners=("guest",)), DAY).is_joint, "a plan without signatories"


def test_three_sides_want_three_keys(world):
    world.office_c = make_agency("Sở C", province=make_province("Tiền Giang"))
    world.plan.agencies.add(world.office_c)
    activity = world.make(partners=("office_b", "office_c"))
    for body in ("office_a", "office_b"):
        world.say(body, done=DONE, activity=activity)
    found = confirmation(activity, DAY)
    assert found.state == State.DISAGREED
    assert "Tỉnh Tiền Giang chưa xác nhận" in found.note
    world.say("office_c", done=DONE, activity=activity)
    assert confirmation(activity, DAY).state == State.CONFIRMED


def test_a_central_authority_has_no_side(world):
    ministry = make_agency("Bộ", kind="bo", province=make_province("Hà Nội"))
    world.branch = make_agency("Cục QLTT", kind="qltt", province=world.b, parent=ministry)
    world.ministry = ministry
    assert confirmation(world.make(partners=("branch",)), DAY).is_joint
    assert not confirmation(world.make(partners=("ministry",)), DAY).is_joint


def test_where_nobody_leads_no_side_is_credited_with_a_sourced_completion(world):
    activity = world.make(None, ("office_a", "office_b"), lifecycle="completed", completed_on=DONE)
    found = confirmation(activity, DAY)
    assert (found.state, found.label) == (State.OPEN, "chưa bên nào xác nhận")
    assert "ghi theo nguồn" in found.note
    world.merge()
    after = confirmation(activity, TODAY)
    assert (after.state, after.label, after.confirmed) == (State.ONE_KEY, "chờ một xác nhận", False)
    assert after.note.endswith("chưa bên nào xác nhận trên cổng.")
    make_update(activity, 100, TODAY, completed_on=DONE, agency=world.office)
    assert confirmation(activity, TODAY).confirmed


def test_a_foreign_side_has_no_account(world):
    foreign = make_province("Svay Rieng", kind=Province.Kind.FOREIGN)
    world.abroad = make_agency("Sở ngoài", province=foreign)
    world.plan.agencies.add(world.abroad)
    activity = world.make(partners=("abroad",))
    note = "bên nước ngoài không có tài khoản: xác nhận ngoài cổng"
    before = confirmation(activity, DAY)
    assert before.state == State.OPEN
    assert note in before.note
    assert [key.required for key in before.keys] == [True, False]
    world.say("office_a", done=DONE, activity=activity)
    found = confirmation(activity, DAY)
    assert found.state == State.CONFIRMED
    assert note in found.note


class TestAfterTheMerger:
    NOTE = "Từ 01/07/2025 hai bên là một cơ quan: một xác nhận."

    @pytest.mark.parametrize("provinces", [True, False])
    @pytest.mark.parametrize(("lead", "partner"), [("office_a", "office_b"), ("unit_a", "unit_b")])
    def test_one_key_is_left(self, world, lead, partner, provinces):
        activity = world.make(lead, (partner,))
        world.merge(provinces)
        assert confirmation(activity, EVE).state == State.OPEN
        found = confirmation(activity, MERGER)
        assert (found.state, found.label, found.note) == (State.ONE_KEY, "chờ một xác nhận", self.NOTE)
        assert [key.side_name for key in found.keys] == ["Tỉnh Thanh Ninh"]
        assert len(confirmation(activity, EVE).keys) == 2

    @pytest.mark.parametrize("body", ["office_a", "office_b", "office"])
    def test_one_confirmation_by_any_of_them_is_enough(self, world, body):
        if body != "office":
            world.say(body, done=DONE)
        world.merge()
        if body == "office":
            world.say(body, done=MERGER, on=MERGER)
        found = confirmation(world.activity, MERGER)
        assert (found.state, found.label, found.confirmed) == (State.ONE_KEY, "đã xác nhận", True)
        assert found.note == self.NOTE

    def test_the_other_sides_doubt_of_before_takes_nothing_back(self, world):
        world.say("office_a", done=DONE)
        world.say("office_b", 60, EVE)
        world.merge()
        assert confirmation(world.activity, EVE).state == State.DISAGREED
        assert confirmation(world.activity, MERGER).confirmed

    def test_the_successor_can_take_it_back(self, world):
        world.say("office_b", done=DONE)
        world.merge()
        world.say("office", 90, TODAY)
        assert not confirmation(world.activity, TODAY).confirmed

    def test_what_both_had_confirmed_stays_so(self, world):
        world.say("office_a", done=DONE)
        world.say("office_b", done=DONE)
        world.merge()
        found = confirmation(world.activity, TODAY)
        assert found.state == State.CONFIRMED
        assert list(turned(found)) == ["Tỉnh Lộc An", "Tỉnh Thanh Ninh"]

    def test_with_a_third_province_there_are_two_keys(self, world):
        world.office_c = make_agency("Sở C", province=make_province("Tiền Giang"))
        world.plan.agencies.add(world.office_c)
        activity = world.make(partners=("office_b", "office_c"))
        world.merge()
        assert list(turned(confirmation(activity, TODAY))) == ["Tỉnh Thanh Ninh", "Tỉnh Tiền Giang"]

    def test_nobody_is_a_counterpart_any_more(self, world):
        assert counterpart_of(world.activity, world.office_b, EVE)
        world.merge()
        for body in (world.office_a, world.office_b, world.office, world.unit_b):
            assert not counterpart_of(world.activity, body, MERGER)
        assert counterpart_of(world.activity, world.unit_b, EVE)
        assert not counterpart_of(world.activity, world.unit_a, EVE)


def test_counterparts(world):
    assert counterpart_of(world.activity, world.unit_b, DAY)
    assert not counterpart_of(world.activity, world.office_a, DAY)
    assert not counterpart_of(world.activity, world.unit_a, DAY)
    assert counterpart_of(world.activity, make_agency(province=make_province("Tiền Giang")), DAY)
    assert not counterpart_of(world.make(None), world.office_b, DAY)


def test_a_counterparts_report_moves_no_figure(world):
    world.say("office_a", 30)
    world.say("office_b", 90, DAY, done=DONE)
    assert activity_figure(world.activity, DAY).percent == 30


@pytest.mark.parametrize("count", [1, 25])
def test_queries_do_not_grow(world, count, django_assert_num_queries):
    for number in range(count):
        world.say("office_b", done=DONE, activity=world.make(code=f"N-{number}"))
    with django_assert_num_queries(7):
        assert len(confirmations(Activity.objects.all(), DAY)) == count + 1
    with django_assert_num_queries(7):
        confirmation(world.activity, DAY)


class TestThePage:
    def test_both_sides_stand_in_a_table(self, client, world):
        world.say("office_a", 100, done=DONE)
        world.say("office_b", 80)
        page = client.get(f"{world.activity.get_absolute_url()}?as_of={DAY}")
        assert "Xác nhận của các bên: chưa thống nhất" in text_of(page)
        rows = rows_of(page)
        assert rows[0].startswith("Tỉnh Lộc An Sở A")
        assert "30/06/2024 100,0 xác nhận xong ngày 20/05/2024" in rows[0]
        assert rows[1].startswith("Tỉnh Thanh Ninh Sở B")
        assert "30/06/2024 80,0 chưa xác nhận" in rows[1]

    def test_a_figure_from_milestones_stands_beside_the_other_sides_word(self, client, world):
        activity = world.make(kind="periodic")
        make_milestone(activity, DONE, done_on=DONE)
        make_milestone(activity, TODAY)
        world.say("office_b", 80, activity=activity)
        rows = rows_of(client.get(f"{activity.get_absolute_url()}?as_of={DAY}"))
        assert " 50,0 chưa xác nhận" in rows[0]
        assert " 80,0 chưa xác nhận" in rows[1]

    def test_who_led_then_and_who_leads_now(self, client, world):
        world.merge()
        url = world.activity.get_absolute_url()
        assert "Bàn giao từ 01/07/2025: Sở A" in text_of(client.get(url))
        then = text_of(client.get(f"{url}?as_of={EVE}"))
        assert "lúc đó: Sở A" in then
        assert "nay là: Sở mới" in then
        now = text_of(client.get(f"{url}?as_of={TODAY}"))
        assert "lúc đó" not in now
        assert TestAfterTheMerger.NOTE in now

    def test_nothing_is_asked_of_what_one_side_does(self, client, world):
        page = text_of(client.get(world.make(partners=()).get_absolute_url()))
        assert "Xác nhận của các bên" not in page
        cancelled = world.make(lifecycle="cancelled", cancelled_on=DONE)
        assert "Xác nhận của các bên" not in text_of(client.get(cancelled.get_absolute_url()))
