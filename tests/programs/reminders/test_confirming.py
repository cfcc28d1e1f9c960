"""A completion that waits for the other side: told to its approvers, until they have answered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from cooperation.roles import sync_roles
from programs.reminders.gathering import reminders_on
from programs.reminders.rules import Kind
from programs.reminders.sending import send_due
from tests.factories import make_agency, make_province
from tests.programs.reminders.test_sending import lines, staff
from tests.programs.two_provinces import DONE, MERGER, World

pytestmark = pytest.mark.django_db

ACCEPTED = datetime(2024, 7, 1, 20, tzinfo=UTC)  # the 2nd in Vietnam
FIRST = date(2024, 7, 6)


def mail_of(world, on) -> str:
    mail.outbox.clear()
    send_due(on)
    (message,) = mail.outbox
    assert f"https://lientich.example/xac-nhan/hoat-dong/{world.activity.code}/" in message.body
    return message.body


@pytest.fixture
def world(settings):
    settings.PORTAL_BASE_URL = "https://lientich.example"
    sync_roles()
    world = World()
    world.activity.title, world.activity.code = "Hội chợ", "HC"
    world.activity.lifecycle, world.activity.completed_on = "completed", DONE
    world.activity.save()
    world.report = world.say("office_a", done=DONE, decided_at=ACCEPTED)
    world.approver = staff(world.office_b, "Người duyệt")
    staff(world.office_b)
    staff(world.office_a, "Người duyệt")
    staff(world.office_a)
    staff(make_agency(province=world.b), "Người duyệt")
    staff(world.office_b, "Lãnh đạo")
    return world


def told(days):
    """On which of these days who was told what."""
    found = []
    for on in days:
        mail.outbox.clear()
        send_due(on)
        found += [(on, message.to, lines(message)) for message in mail.outbox]
    return found


def days(first, count):
    return [first + timedelta(number) for number in range(count)]


def test_the_approver_of_the_other_side_is_told_every_fortnight(world):
    line = ["Hội chợ (HC): bên chủ trì báo xong ngày 20/05/2024, chờ xác nhận"]
    assert told(days(date(2024, 7, 1), 30)) == [
        (FIRST, [world.approver.email], line),
        (FIRST + timedelta(14), [world.approver.email], line),
    ]
    assert "CHỜ XÁC NHẬN HOÀN THÀNH" in mail_of(world, FIRST + timedelta(28)).upper()


def test_a_job_that_missed_days_says_it_once(world):
    late = FIRST + timedelta(3)
    assert [on for on, _to, _lines in told([FIRST - timedelta(1), late, late])] == [late]


def test_none_after_it_is_confirmed_or_doubted(world):
    world.say("office_b", 80, FIRST, reported_by=world.approver, decided_by=world.approver)
    assert told(days(FIRST, 20)) == []
    world.say("office_b", on=FIRST + timedelta(1), done=DONE)
    assert told(days(FIRST + timedelta(1), 20)) == []


def test_the_lead_s_new_word_is_a_new_wait(world):
    world.say("office_b", 80, FIRST, reported_by=world.approver, decided_by=world.approver,
              decided_at=ACCEPTED + timedelta(1))  # fmt: skip
    again = FIRST + timedelta(2)
    world.say("office_a", on=again, done=DONE, decided_at=datetime(2024, 7, 8, 3, tzinfo=UTC))
    assert [on for on, _to, _lines in told(days(FIRST, 10))] == [date(2024, 7, 12)]


def test_a_completion_without_a_report_waits_from_its_day(world):
    type(world.report).objects.filter(pk=world.report.pk).delete()
    assert [on for on, _to, _lines in told(days(DONE, 10))] == [DONE + timedelta(4)]


def test_none_after_the_merger(world):
    staff(world.office_b, "Người duyệt")
    world.merge()
    staff(world.office, "Người duyệt")
    assert not [reminder for reminder in reminders_on(MERGER) if reminder.steps[-1].kind == Kind.TO_CONFIRM]


@pytest.mark.parametrize("word", ["yes", "no"])
def test_each_of_three_sides_until_it_has_answered(world, word):
    office = make_agency("Sở C", province=make_province("Tiền Giang"))
    world.plan.agencies.add(office)
    world.activity.partner_agencies.add(office)
    third = staff(office, "Người duyệt")
    if word == "yes":
        world.say("office_b", on=DONE, done=DONE)
    else:
        world.say("office_b", 80, DONE, reported_by=world.approver, decided_by=world.approver)
    assert [to for _on, to, _lines in told(days(FIRST, 3))] == [[third.email]]
