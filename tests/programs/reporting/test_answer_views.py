"""The page of a completion that waits: for whom it is, what it shows, and what it says of bad input."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from programs.models import Activity, Evidence
from programs.reminders.gathering import Audience, Reminder
from programs.reminders.recipients import theirs
from programs.reporting.answering import answer, may_answer
from tests.factories import make_update, make_user
from tests.pages import html_of, text_of
from tests.programs.reporting.pressing import answers, press, seen_on
from tests.programs.two_provinces import DAY, DONE

pytestmark = pytest.mark.django_db

NOTHING = "Không có gì chờ đơn vị bạn xác nhận"


@pytest.mark.parametrize(
    ("button", "fields", "said"),
    [
        ("confirm", {"completed_on": ""}, "phải ghi ngày hoàn thành"),
        ("confirm", {"completed_on": "31/02/2024"}, "ngày hợp lệ"),
        ("confirm", {"completed_on": "2099-01-01"}, "Ngày này chưa đến"),
        ("confirm", {"completed_on": "0001-01-01"}, "Năm phải từ 1900"),
        ("confirm", {"percent": "80"}, "hoặc bấm “Chưa thống nhất”"),
        ("disagree", {"note": " \n "}, "Chưa thống nhất phải ghi lý do."),
        ("disagree", {"percent": "100"}, "tiến độ dưới 100"),
        ("disagree", {"percent": "nhiều"}, "số"),
        ("save", {}, "Hãy bấm “Xác nhận hoàn thành” hoặc “Chưa thống nhất”."),
    ],
)
def test_bad_input_is_said_and_kept(client, world, there, button, fields, said):
    client.force_login(there)
    page = press(client, world.page, button, **{"note": "Giữ chữ này", **fields})
    assert page.status_code == 200
    assert said in text_of(page)
    for value in {"note": "Giữ chữ này", **fields}.values():
        assert value.strip() in page.content.decode()
    assert not answers().exists()


class TestWhoMay:
    def test_the_page_is_for_approvers_of_the_other_side(self, client, world, there):
        cast = [
            (make_user(agency=world.office_b, role="Chuyên viên"), 403),
            (make_user(agency=world.office_b, role="Lãnh đạo"), 403),
            (make_user(agency=world.office_a, role="Người duyệt"), 404),
            (make_user(agency=world.unit_b, role="Người duyệt"), 404),
            (make_user(is_superuser=True), 404),
            (there, 200),
        ]
        for user, status in cast:
            client.force_login(user)
            assert client.get(world.page).status_code == status
            link = world.page in client.get(world.activity.get_absolute_url()).content.decode()
            assert link == may_answer(world.activity, user) == (status == 200)
            if status != 200:
                assert press(client, world.page, seen="1.1").status_code == status
                with pytest.raises(PermissionDenied):
                    answer(
                        activity=world.activity, user=user, seen="", completed_on=DONE, percent=None, note=""
                    )
        assert not answers().exists()
        client.logout()
        assert client.get(world.page).url.startswith(reverse("admin:login"))
        assert world.page not in client.get(world.activity.get_absolute_url()).content.decode()

    def test_a_leader_answers_for_nobody_whatever_else_they_are(self, client, world, there):
        there.groups.add(Group.objects.get(name="Lãnh đạo"))
        client.force_login(there)
        assert client.get(world.page).status_code == 404
        assert press(client, world.page, seen="1.1").status_code == 404
        reminders = [Reminder(Audience.CONFIRMS, world.activity.pk, (), "", "", "")]
        assert theirs(there, reminders, DAY) == []
        assert not answers().exists()

    @pytest.mark.parametrize(("lost", "why"), [("role", "không còn quyền duyệt"), ("side", "không còn chờ")])
    def test_what_was_typed_before_the_page_closed_is_shown(self, client, world, there, lost, why):
        client.force_login(there)
        seen = seen_on(client.get(world.page))
        if lost == "role":
            there.groups.clear()
        else:
            world.activity.partner_agencies.clear()
        page = press(client, world.page, "disagree", seen=seen, note="Còn thiếu biên bản")
        assert page.status_code == 403
        assert why in text_of(page)
        assert "Còn thiếu biên bản" in html_of(page)
        assert not answers().exists()

    def test_nothing_waits(self, client, world, there):
        client.force_login(there)
        press(client, world.page)
        page = client.get(world.page)
        assert NOTHING in text_of(page)
        assert b'name="seen"' not in page.content
        assert not may_answer(world.activity, there)
        with pytest.raises(ValidationError):
            world.activity.refresh_from_db()
            answer(
                activity=world.activity, user=there, completed_on=None, percent=None, note="x",
                seen=f"{world.activity.version}.2",
            )  # fmt: skip
        assert answers().count() == 1

    def test_what_was_cancelled_waits_for_nobody(self, client, world, there):
        Activity.objects.filter(pk=world.activity.pk).update(
            lifecycle="cancelled", completed_on=None, cancelled_on=DAY
        )
        client.force_login(there)
        assert NOTHING in text_of(client.get(world.page))

    def test_after_the_merger_there_is_no_page_and_no_link(self, client, world, there):
        world.merge()
        client.force_login(there)
        assert client.get(world.page).status_code == 404
        assert press(client, world.page, seen="1.1").status_code == 404
        assert world.page not in client.get(world.activity.get_absolute_url()).content.decode()
        assert not answers().exists()

    def test_evidence_is_shown_to_whom_it_is_open(self, client, world, there):
        elsewhere = make_update(
            world.activity, 60, DAY, status="draft", decided_at=None, agency=world.office_a
        )
        for title, update in (("Biên bản", world.said), ("Ảnh chung", None), ("Bản nháp", elsewhere)):
            Evidence.objects.create(
                activity=world.activity, update=update, title=title, document_number=f"{title}/1"
            )
        client.force_login(there)
        shown = text_of(client.get(world.page))
        assert "Biên bản (Biên bản/1)" in shown and "Ảnh chung" in shown
        assert "Bản nháp/1" not in shown

    def test_an_own_report_that_waits_is_pointed_to(self, client, world, there):
        waiting = world.say("office_b", status="submitted", decided_at=None)
        client.force_login(there)
        assert reverse("report-review", args=(waiting.pk,)) in client.get(world.page).content.decode()
