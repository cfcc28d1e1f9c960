"""The other side's answer to a completion: one person, one press, once; and nothing lost on the way."""

import datetime
import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from programs.confirmation import State, confirmation
from programs.figures import activity_figure
from programs.models import Activity, Erratum, ProgressUpdate
from programs.reporting.answering import answer
from tests.factories import make_milestone, make_period, make_snapshot, make_user
from tests.pages import text_of
from tests.programs.reporting.pressing import answers, press, seen_on
from tests.programs.two_provinces import DAY, DONE

pytestmark = pytest.mark.django_db


def say_done_again(world):
    later = world.said.decided_at + datetime.timedelta(hours=1)
    here = make_user(agency=world.office_a, full_name="Lê Chủ Trì")
    return world.say("office_a", on=localdate(), done=DAY, decided_at=later, decided_by=here)


def test_one_press_confirms(client, world, there):
    client.force_login(there)
    page = client.get(world.page)
    shown = text_of(page)
    for words in ("Tỉnh Lộc An: Sở A", "20/05/2024", "100,0 %", "Đã họp 3 phiên", "không có"):
        assert words in shown
    assert 'value="2024-05-20"' in page.content.decode()
    assert press(client, world.page, note="Đã nghiệm thu").url == reverse("my-work")
    row = answers().get()
    assert (row.agency, row.status, row.percent) == (world.office_b, ProgressUpdate.Status.ACCEPTED, 100)
    assert (row.completed_on, row.effective_on, row.results) == (DONE, localdate(), "Đã nghiệm thu")
    assert row.reported_by == row.decided_by == row.history.get().history_user == there
    assert row.history.get().history_change_reason == "Xác nhận hoàn thành của bên phối hợp"
    found = confirmation(world.activity, localdate())
    assert (found.state, found.label) == (State.CONFIRMED, "đã xác nhận")
    yesterday = localdate() - datetime.timedelta(days=1)
    assert confirmation(world.activity, yesterday).state == State.DISAGREED
    assert f"Đã xác nhận hoàn thành “{world.activity.title}”." in text_of(client.get(reverse("my-work")))


def test_another_day_stands_beside_the_leads(client, world, there):
    client.force_login(there)
    press(client, world.page, completed_on="21/05/2024")
    keys = confirmation(world.activity, localdate()).keys
    assert [key.completed_on.day for key in keys] == [20, 21]
    world.activity.refresh_from_db()
    assert world.activity.completed_on == DONE


def test_chua_thong_nhat_stands_with_its_reason(client, world, there):
    client.force_login(there)
    press(client, world.page, "disagree", note="Chưa bàn giao hồ sơ", percent="82,5")
    row = answers().get()
    assert (row.percent, row.completed_on, row.difficulties) == (Decimal("82.5"), None, "Chưa bàn giao hồ sơ")
    assert (row.fall_reason, row.results, row.decided_by) == ("", "", there)
    assert confirmation(world.activity, localdate()).state == State.DISAGREED
    assert activity_figure(world.activity, localdate()).percent == 100
    client.logout()
    shown = text_of(client.get(world.activity.get_absolute_url()))
    today = f"{localdate():%d/%m/%Y}"
    assert f"Tỉnh Thanh Ninh chưa thống nhất ({today}): Chưa bàn giao hồ sơ" in shown
    assert f"{today} 82,5 chưa xác nhận" in shown
    before = text_of(client.get(f"{world.activity.get_absolute_url()}?as_of=2024-12-31"))
    assert "Chưa bàn giao hồ sơ" not in before


def test_the_text_of_an_ordinary_report_stays_with_staff(client, world):
    world.say(
        "office_b", 80, localdate(), difficulties="Nội bộ", reported_by=make_user(), decided_by=make_user()
    )
    assert "Nội bộ" not in text_of(client.get(world.activity.get_absolute_url()))


def test_after_a_doubt_the_same_page_confirms(client, world, there):
    client.force_login(there)
    press(client, world.page, "disagree", note="Chưa bàn giao hồ sơ")
    assert "Đã trả lời chưa thống nhất, Trần Bên Kia" in text_of(client.get(world.page))
    press(client, world.page)
    assert confirmation(world.activity, localdate()).state == State.CONFIRMED
    assert "Chưa bàn giao" not in text_of(client.get(world.activity.get_absolute_url()))


def test_a_lower_percentage_than_ones_own_before_has_the_note_for_reason(client, world, there):
    world.say("office_b", 90)
    client.force_login(there)
    press(client, world.page, "disagree", note="Đếm lại", percent="70")
    assert answers().newest_first().first().fall_reason == "Đếm lại"


def test_what_is_not_measured_by_a_percentage_gets_none(client, world, there):
    Activity.objects.filter(pk=world.activity.pk).update(kind="periodic")
    make_milestone(world.activity, DONE, done_on=DONE)
    client.force_login(there)
    assert "percent" not in client.get(world.page).context["form"].fields
    press(client, world.page, percent="50")
    assert answers().get().percent is None
    assert confirmation(world.activity, localdate()).confirmed


class TestTwoAtOnce:
    def test_a_double_press_writes_once_and_says_the_same(self, client, world, there):
        client.force_login(there)
        seen = seen_on(client.get(world.page))
        for _each in range(2):
            assert press(client, world.page, seen=seen, note="Xong").url == reverse("my-work")
        assert answers().count() == 1
        assert confirmation(world.activity, localdate()).confirmed

    def test_so_does_a_doubt_pressed_twice_and_a_new_one_is_a_new_one(self, client, world, there):
        client.force_login(there)
        seen = seen_on(client.get(world.page))
        for _each in range(2):
            press(client, world.page, "disagree", seen=seen, note="Chưa xong", percent="80")
        assert answers().count() == 1
        press(client, world.page, "disagree", note="Chưa xong", percent="80")
        assert answers().count() == 2

    def test_what_the_lead_changed_meanwhile_is_told_and_nothing_lost(self, client, world, there):
        client.force_login(there)
        seen = seen_on(client.get(world.page))
        say_done_again(world)
        page = press(client, world.page, seen=seen, note="Giữ chữ này")
        shown = text_of(page)
        assert "Trong lúc bạn xem, Lê Chủ Trì đã ghi thay đổi lúc" in shown
        assert "30/06/2024" in shown
        assert "Giữ chữ này" in shown
        assert not answers().exists()
        assert press(client, world.page, seen=seen_on(page), note="Giữ chữ này").status_code == 302
        assert answers().get().results == "Giữ chữ này"

    def test_a_fault_in_the_form_does_not_make_the_change_known(self, client, world, there):
        client.force_login(there)
        seen = seen_on(client.get(world.page))
        say_done_again(world)
        page = press(client, world.page, "disagree", seen=seen)
        assert "phải ghi lý do" in text_of(page)
        again = press(client, world.page, "disagree", seen=seen_on(page), note="Chưa")
        assert "Lê Chủ Trì đã ghi thay đổi" in text_of(again)
        assert not answers().exists()

    def test_a_change_of_the_activity_is_one_too(self, client, world, there):
        client.force_login(there)
        seen = seen_on(client.get(world.page))
        world.activity.completed_on = DAY
        world.activity._history_user = make_user(full_name="Phạm Sửa Ngày")
        world.activity.save()
        assert "Phạm Sửa Ngày đã ghi thay đổi" in text_of(press(client, world.page, seen=seen))
        assert not answers().exists()

    def test_a_change_that_no_history_tells_of(self, client, world, there):
        client.force_login(there)
        ProgressUpdate.objects.filter(pk=world.said.pk).update(status="draft")
        world.activity.history.all().delete()
        assert "số liệu đã thay đổi nên chưa ghi gì" in text_of(press(client, world.page, seen="1.1"))
        assert not answers().exists()

    def test_a_colleague_was_first(self, client, world, there):
        client.force_login(there)
        seen = seen_on(client.get(world.page))
        colleague = make_user(agency=world.office_b, role="Người duyệt", full_name="Võ Đồng Nghiệp")
        other = Client()
        other.force_login(colleague)
        press(other, world.page)
        page = press(client, world.page, "disagree", seen=seen, note="Chữ của tôi")
        shown = text_of(page)
        for words in ("Võ Đồng Nghiệp đã ghi thay đổi", "Không có gì chờ đơn vị bạn xác nhận", "Chữ của tôi"):
            assert words in shown
        assert answers().get().decided_by == colleague

    @pytest.mark.django_db(transaction=True)
    def test_four_presses_at_the_same_time(self, world, there):
        client = Client()
        client.force_login(there)
        seen, ready, found = seen_on(client.get(world.page)), threading.Barrier(4), []

        def one():
            mine = Client()
            mine.cookies = client.cookies
            ready.wait()
            try:
                found.append(press(mine, world.page, seen=seen).status_code)
            finally:
                connection.close()

        jobs = [threading.Thread(target=one) for _each in range(4)]
        for job in jobs:
            job.start()
        for job in jobs:
            job.join()
        assert found == [302] * 4
        assert answers().count() == 1


def seal_2024(world):
    make_snapshot(make_period(world.plan, start_on="2024-01-01", end_on="2024-12-31", due_on="2025-01-02"))


def test_sealed_figures_stay_as_they_are(client, world, there):
    seal_2024(world)
    client.force_login(there)
    assert press(client, world.page).status_code == 302
    assert not Erratum.objects.exists()


def test_what_is_already_off_in_a_sealed_period_asks_for_a_word(client, world, there):
    """Somebody wrote past the portal: the next write of the activity has to say why the figures differ."""
    seal_2024(world)
    Activity.objects.filter(pk=world.activity.pk).update(lifecycle="planned", completed_on=None)
    ProgressUpdate.objects.filter(pk=world.said.pk).update(percent=70)
    client.force_login(there)
    assert "Hãy ghi lý do đính chính." in text_of(press(client, world.page))
    assert not answers().exists()
    press(client, world.page, note="Theo biên bản")
    assert (answers().count(), Erratum.objects.get().reason) == (1, "Theo biên bản")


def test_days_are_local(client, world, there, monkeypatch):
    """At one in the morning in Vietnam it is still yesterday in UTC."""
    night = datetime.datetime(2025, 3, 1, 18, 30, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: night)
    answer(
        activity=world.activity, user=there, completed_on=DONE, percent=None, note="",
        seen=f"{world.activity.version}.1",
    )  # fmt: skip
    assert answers().get().effective_on == datetime.date(2025, 3, 2)
