"""What goes out, to whom, in which words; and that nothing is lost or sent twice."""

import re
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import connection
from django.utils.timezone import localdate

from cooperation.roles import sync_roles
from programs.models import Activity, ReportingPeriod, SentReminder
from programs.reminders import sending
from programs.reminders.gathering import reminders_on
from programs.reminders.rules import Kind
from programs.reminders.sending import send_due
from programs.todo import work_to_do
from tests.factories import (
    make_activity,
    make_agency,
    make_area,
    make_explanation,
    make_milestone,
    make_plan,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = date(2022, 6, 30)
START = date(2019, 1, 1)


@pytest.fixture
def office():
    sync_roles()
    return make_agency("Sở Công Thương")


@pytest.fixture
def area():
    return make_area(make_plan(is_main=True, slug="chinh"))


def staff(agency, role="Chuyên viên", **kwargs):
    user = make_user(agency=agency, role=role, **kwargs)
    user.email = f"{user.username}@example.org"
    user.save()
    return user


def led(area, office, **kwargs):
    return make_activity(area, **{"lead_agency": office, "start_on": START, **kwargs})


def lines(message) -> list[str]:
    return re.findall(r"^- (.*)$", message.body, re.MULTILINE)


def test_one_mail_with_everything_that_is_due(office, area, settings):
    settings.PORTAL_BASE_URL = "https://lientich.example"
    user = staff(office, full_name="Nguyễn Văn Viên")
    led(area, office, code="TRE", title="Khảo sát chợ", due_on=date(2022, 6, 18))
    led(area, office, code="NAY", title="Hội nghị", due_on=DAY)
    led(area, office, code="SAP", title="Tập huấn & <thăm>", due_on=date(2022, 7, 4))
    led(area, office, code="XA", due_on=date(2022, 12, 31))
    outcome = send_due(DAY)
    assert (outcome.mails, outcome.things, outcome.failed) == (1, 3, 0)
    (message,) = mail.outbox
    assert message.to == [user.email]
    assert message.subject == "[Liên Tịch] 3 việc cần làm"
    assert lines(message) == [
        "Khảo sát chợ (TRE): quá hạn 12 ngày (hạn 18/06/2022)",
        "Hội nghị (NAY): đến hạn hôm nay (30/06/2022)",
        "Tập huấn & <thăm> (SAP): còn 4 ngày (hạn 04/07/2022)",
    ]
    assert "Kính gửi Nguyễn Văn Viên," in message.body
    assert "Đến ngày 30/06/2022, có 3 việc" in message.body
    assert "https://lientich.example/bao-cao/hoat-dong/TRE/" in message.body
    assert "https://lientich.example/viec-cua-toi/" in message.body
    assert send_due(DAY).mails == send_due(DAY + timedelta(1)).mails - 1 == 0


def test_skip_the_job_three_days_and_every_reminder_goes_out_once(office, area):
    """The must-show of the issue: away on 1, 2 and 3 July."""
    staff(office)
    for number, due_on in enumerate(
        (date(2022, 7, 8), date(2022, 7, 9), date(2022, 7, 2), date(2022, 6, 30))
    ):
        led(area, office, code=f"HD-{number}", title="Việc", due_on=due_on)
    for on in (date(2022, 6, 29), DAY):
        send_due(on)
    mail.outbox.clear()
    send_due(date(2022, 7, 4))
    send_due(date(2022, 7, 4))
    (message,) = mail.outbox
    assert lines(message) == [
        "Việc (HD-3): quá hạn 4 ngày (hạn 30/06/2022)",
        "Việc (HD-2): quá hạn 2 ngày (hạn 02/07/2022)",
        "Việc (HD-0): còn 4 ngày (hạn 08/07/2022)",
        "Việc (HD-1): còn 5 ngày (hạn 09/07/2022)",
    ]
    marks = list(SentReminder.objects.values_list("key", flat=True))
    assert len(marks) == len(set(marks))


def test_overdue_is_what_the_pages_call_overdue(office, area):
    led(area, office, due_on=date(2022, 6, 1))
    periodic = led(area, office, kind="periodic", due_on=date(2030, 1, 1))
    make_milestone(periodic, date(2021, 12, 31), title="Năm 2021")
    make_milestone(periodic, date(2020, 12, 31), done_on=date(2020, 12, 1))
    led(area, office, due_on=date(2022, 6, 1), lifecycle="suspended", suspended_on=date(2022, 1, 1))
    led(area, office, due_on=date(2022, 6, 1), lifecycle="completed", completed_on=DAY)
    led(area, office, due_on=date(2022, 6, 1), lifecycle="cancelled", cancelled_on=date(2022, 5, 1))
    led(area, office, due_on=date(2022, 6, 1), added_on=date(2023, 1, 1))
    told = {reminder.row for reminder in reminders_on(DAY) if reminder.steps[-1].kind == Kind.OVERDUE}
    assert told == set(work_to_do(Activity.objects.all(), DAY)["qua-han"])
    assert len(told) == 2


def test_a_milestone_is_named_and_one_of_the_last_day_is_the_activity_s(office, area):
    staff(office)
    periodic = led(area, office, code="DK", title="Họp", kind="periodic", due_on=date(2022, 7, 7))
    make_milestone(periodic, date(2022, 7, 7))
    make_milestone(periodic, date(2022, 6, 25), title="Quý II")
    send_due(DAY)
    assert lines(mail.outbox[0]) == [
        "Họp (DK): mốc “Quý II” quá hạn 5 ngày (hạn 25/06/2022)",
        "Họp (DK): còn 7 ngày (hạn 07/07/2022)",
    ]


def test_days_are_not_counted_where_only_the_month_is_known(office, area):
    staff(office)
    led(area, office, code="T", title="Hội chợ", due_on=date(2022, 7, 31), date_precision="month")
    send_due(date(2022, 7, 1))
    assert lines(mail.outbox[0]) == ["Hội chợ (T): hạn 07/2022"]


def test_a_period_s_report(office, area):
    staff(office)
    ReportingPeriod.objects.create(
        plan=area.plan, kind="month", label="Tháng 6 năm 2022", start_on=date(2022, 5, 15),
        end_on=date(2022, 6, 14), due_on=date(2022, 6, 16),
    )  # fmt: skip
    silent = led(area, office, code="IM", title="Im")
    make_update(
        led(area, office, code="GUI"), effective_on=date(2022, 6, 10), status="submitted", decided_at=None
    )
    make_update(led(area, office, code="XONG"), effective_on=date(2022, 6, 10))
    for on in (date(2022, 6, 12), date(2022, 6, 13), date(2022, 6, 14), date(2022, 6, 20)):
        send_due(on)
    assert [lines(message) for message in mail.outbox] == [
        ["Im (IM): chưa có báo cáo kỳ “Tháng 6 năm 2022”: còn 3 ngày (hạn 16/06/2022)"],
        ["Im (IM): chưa có báo cáo kỳ “Tháng 6 năm 2022”: quá hạn 4 ngày (hạn 16/06/2022)"],
    ]
    make_update(silent, effective_on=date(2022, 6, 14))
    assert not [r for r in reminders_on(date(2022, 6, 20)) if r.steps[-1].kind == Kind.NOT_REPORTED]


def test_each_role_is_told_its_part(office, area):
    clerk, approver = staff(office), staff(office, "Người duyệt")
    asking, other_leader = staff(None, "Lãnh đạo"), staff(office, "Lãnh đạo")
    staff(office, "Nhập liệu")
    staff(make_agency(), "Chuyên viên")
    staff(office, is_superuser=True)
    activity = led(area, office, code="HD", title="Việc", due_on=DAY)
    sent = datetime(2022, 6, 20, 3, tzinfo=UTC)
    make_update(activity, status="submitted", submitted_at=sent, decided_at=None)
    make_update(activity, status="returned", decided_at=sent + timedelta(9), return_note="Thiếu\nsố liệu.")
    make_explanation(activity, agency=office, due_on=date(2022, 6, 29), asked_by=asking, asked_at=sent)
    send_due(DAY)
    told = {message.to[0]: lines(message) for message in mail.outbox}
    late = "HD: Việc: quá hạn 1 ngày (hạn 29/06/2022)"
    assert told == {
        clerk.email: ["Việc (HD): đến hạn hôm nay (30/06/2022)", "Việc (HD): trả lại: Thiếu số liệu.", late],
        approver.email: ["Việc (HD): chờ duyệt 10 ngày", late],
        asking.email: [late.replace("quá hạn", f"{office.called}: quá hạn")],
    }
    assert other_leader.email not in told


def test_who_is_gone_or_has_no_address_is_told_nothing(office, area):
    led(area, office, due_on=DAY)
    make_user(agency=office, role="Chuyên viên")
    for change in ({"is_active": False}, {"is_staff": False}):
        staff(office, **change)
    assert send_due(DAY).mails == 0
    assert not SentReminder.objects.exists()


def test_what_is_deleted_or_done_is_not_said(office, area):
    staff(office)
    done, deleted = led(area, office, due_on=DAY), led(area, office, due_on=DAY)
    make_explanation(deleted, agency=office)
    done.lifecycle, done.completed_on = "completed", DAY
    done.save()
    deleted.deleted_at = datetime.now(UTC)
    deleted.save()
    assert send_due(DAY).mails == 0


class PickyBackend(BaseEmailBackend):
    """A mail server that refuses some addresses, with words that repeat them."""

    refused: set[str] = set()

    def send_messages(self, messages):
        for message in messages:
            if message.to[0] in self.refused:
                raise ConnectionRefusedError(f"550 {message.to[0]} unknown")
            mail.outbox.append(message)
        return len(messages)


@pytest.fixture
def picky(settings):
    settings.EMAIL_BACKEND = f"{__name__}.PickyBackend"
    PickyBackend.refused = set()
    return PickyBackend


def test_a_refused_mail_loses_nothing_and_stops_nobody(office, area, picky, capsys, caplog, monkeypatch):
    one, two = staff(office), staff(office)
    led(area, office, due_on=localdate())
    picky.refused = {one.email}
    with pytest.raises(SystemExit) as ending:
        call_command("send_reminders")
    out = capsys.readouterr()
    assert ending.value.code == 1
    assert "Đã gửi 1 thư, 1 việc." in out.out
    assert "1 thư chưa gửi được" in out.err
    assert one.email not in out.out + out.err + caplog.text
    assert [message.to for message in mail.outbox] == [[two.email]]
    assert set(SentReminder.objects.values_list("recipient", flat=True)) == {two.pk}
    picky.refused = set()
    call_command("send_reminders")
    assert [message.to for message in mail.outbox] == [[two.email], [one.email]]


def test_an_address_that_cannot_be_written_to_stops_nobody(office, area, settings):
    bad, good = staff(office), staff(office)
    type(bad).objects.filter(pk=bad.pk).update(email="a\nb@example.org")
    led(area, office, due_on=DAY)
    outcome = send_due(DAY)
    assert (outcome.mails, outcome.failed) == (1, 1)
    assert [message.to for message in mail.outbox] == [[good.email]]


def test_a_dry_run_counts_and_leaves_no_trace(office, area, capsys):
    staff(office)
    led(area, office, due_on=localdate())
    call_command("send_reminders", "--dry-run")
    assert "Sẽ gửi 1 thư, 1 việc." in capsys.readouterr().out
    assert not mail.outbox
    assert not SentReminder.objects.exists()


def test_a_mark_that_appears_meanwhile_is_the_other_job_s(office, area, monkeypatch):
    """Between looking and writing another job marks one of two things: this one says the other."""
    user = staff(office)
    first, second = led(area, office, code="MOT", due_on=DAY), led(area, office, code="HAI", due_on=DAY)
    real, calls = sending._marked, []

    def late(asked, own):
        marked = real(asked, own)
        calls.append(marked)
        if len(calls) == 2:
            step = next(r.steps[-1] for r in own if r.row == first.pk)
            SentReminder.objects.create(
                recipient=user, kind=step.kind, key=step.key, sent_at=datetime.now(UTC)
            )
        return marked

    monkeypatch.setattr(sending, "_marked", late)
    send_due(DAY)
    (message,) = mail.outbox
    assert [line.split(":")[0] for line in lines(message)] == [f"{second.title} (HAI)"]


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_say_everything_once(office, area):
    people = [staff(office) for _each in range(4)]
    for number in range(5):
        led(area, office, due_on=DAY + timedelta(number))
    ready = threading.Barrier(4)
    faults = []

    def job():
        try:
            ready.wait()
            send_due(DAY)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    jobs = [threading.Thread(target=job) for _each in range(4)]
    for each in jobs:
        each.start()
    for each in jobs:
        each.join()
    assert faults == []
    assert sorted(message.to[0] for message in mail.outbox) == sorted(user.email for user in people)
    assert all(len(lines(message)) == 5 for message in mail.outbox)


@pytest.mark.parametrize("size", [1, 20])
def test_the_queries_do_not_grow_with_the_things(office, area, size, django_assert_num_queries):
    staff(office)
    for _each in range(size):
        activity = led(area, office, due_on=DAY)
        make_update(activity, status="returned", return_note="x")
        make_explanation(activity, agency=office)
    with django_assert_num_queries(31):
        send_due(DAY)
