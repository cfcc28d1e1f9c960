"""A month of office life with a job that often does not run: every reminder once, none for what is done."""

import random
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail

from cooperation.roles import sync_roles
from programs.models import SentReminder
from programs.reminders.sending import send_due
from tests.factories import (
    make_activity,
    make_agency,
    make_area,
    make_explanation,
    make_province,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db

FIRST = date(2022, 6, 1)
CATCH_UP = 14


def noon(day):
    return datetime.combine(day, time(5), UTC)


def deadline_days(due):
    late = {due + timedelta(1 + 14 * n) for n in range(20)}
    return {due - timedelta(30), due - timedelta(7), due} | late


def explanation_days(asked, due):
    late = {due + timedelta(1 + 14 * n) for n in range(20)}
    return {asked, due - timedelta(2), due} | late


def waiting_days(sent):
    return {sent + timedelta(4 + 14 * n) for n in range(20)}


@pytest.mark.parametrize("seed", range(12))
def test_every_reminder_once_and_none_for_what_is_done(seed):
    chance = random.Random(seed)
    sync_roles()
    office, area = make_agency(province=make_province()), make_area()
    there = make_agency(province=make_province("Tây Ninh"))
    beside = make_user(agency=there, role="Người duyệt", email="B@example.org")
    clerk, approver = (
        make_user(agency=office, role=role, email=f"{role[0]}@example.org")
        for role in ("Chuyên viên", "Người duyệt")
    )
    # Name in the mail → (who is told, days on which a step falls due, known since, how it is done)
    things = {}
    for number in range(8):
        due = FIRST + timedelta(chance.randint(-40, 45))
        activity = make_activity(area, lead_agency=office, title=f"Việc {number}", due_on=due)
        things[f"Việc {number}"] = ({clerk}, deadline_days(due), None, complete(activity))
    for number in range(3):
        sent = FIRST + timedelta(chance.randint(-10, 10))
        update = make_update(
            make_activity(area, lead_agency=office, title=f"Chờ {number}"),
            status="submitted", submitted_at=noon(sent), decided_at=None,
        )  # fmt: skip
        things[f"Chờ {number}"] = ({approver}, waiting_days(sent), None, accept(update))
        asked, due = FIRST + timedelta(chance.randint(-5, 0)), FIRST + timedelta(chance.randint(0, 20))
        row = make_explanation(
            make_activity(area, lead_agency=office, title=f"Hỏi {number}"),
            agency=office, due_on=due, asked_at=noon(asked),
        )  # fmt: skip
        things[f"Hỏi {number}"] = ({clerk, approver}, explanation_days(asked, due), asked, answer(row, clerk))
        said = FIRST + timedelta(chance.randint(-10, 10))
        activity = make_activity(area, lead_agency=office, title=f"Xong {number}")
        activity.partner_agencies.add(there)
        # Accepted in the evening of the day before, in UTC: at one in the morning of `said` in Vietnam.
        make_update(
            activity, 100, said, completed_on=said, agency=office,
            decided_at=datetime.combine(said - timedelta(1), time(18), UTC),
        )  # fmt: skip
        things[f"Xong {number}"] = ({beside}, waiting_days(said), None, confirm(activity, there, beside))
    done, before = set(), None
    for on in (FIRST + timedelta(n) for n in range(30)):
        for name in chance.sample(sorted(things), 1) if chance.random() < 0.2 else ():
            things[name][3](on)
            done.add(name)
        if chance.random() < 0.45:
            continue
        oldest = on - timedelta(CATCH_UP)
        since = oldest if before is None else max(oldest, before + timedelta(1))
        expected = {
            (person.email, name)
            for name, (people, days, _known, _do) in things.items()
            for person in people
            if name not in done and any(since <= day <= on for day in days)
        }
        mail.outbox.clear()
        send_due(on)
        if chance.random() < 0.5:
            send_due(on)
        told = [
            (message.to[0], name)
            for message in mail.outbox
            for name in re.findall(r"^- .*?((?:Việc|Chờ|Hỏi|Xong) \d)", message.body, re.MULTILINE)
        ]
        assert len(told) == len(set(told))
        assert set(told) == expected, on
        before = on
    keys = list(SentReminder.objects.values_list("recipient", "kind", "key"))
    assert len(keys) == len(set(keys)) > 0


def complete(activity):
    def act(on):
        activity.lifecycle, activity.completed_on = "completed", on
        activity.save()

    return act


def accept(update):
    def act(on):
        type(update).objects.filter(pk=update.pk).update(status="accepted", decided_at=noon(on))

    return act


def answer(row, user):
    def act(on):
        type(row).objects.filter(pk=row.pk).update(answer="Rồi.", answered_by=user, answered_at=noon(on))

    return act


def confirm(activity, agency, user):
    """Odd keys are confirmed, even ones doubted: either is an answer."""

    def act(on):
        agreed = activity.pk % 2
        make_update(
            activity, 100 if agreed else 80, on, completed_on=on if agreed else None, agency=agency,
            is_counterpart=True, reported_by=user, decided_by=user,
        )  # fmt: skip

    return act
