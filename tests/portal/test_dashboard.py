"""The admin's first page: boxes of work, each with its count and the list behind it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from cooperation.roles import sync_roles
from programs.models import ProgressUpdate
from tests.factories import make_activity, make_agency, make_update, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    sync_roles()
    return make_agency()


def boxes(client):
    return {box["title"]: box for box in client.get(reverse("admin:index")).context["work"]}


def counts(client):
    return {title: box["count"] for title, box in boxes(client).items()}


@pytest.fixture
def work(office):
    """One overdue, one due soon, one silent activity of the office, and as many of another one."""
    today = localdate()
    for agency in (office, make_agency()):
        facts = {"lead_agency": agency, "lifecycle": "in_progress"}
        late = make_activity(title="Trễ", due_on=today - timedelta(3), **facts)
        soon = make_activity(title="Sắp", due_on=today + timedelta(3), **facts)
        make_activity(title="Im", start_on=today - timedelta(30), **facts)
        for activity in (late, soon):
            make_update(activity)
        make_update(late, status="submitted", decided_at=None)
        make_update(soon, status="returned", return_note="Thiếu số liệu.")


def test_a_member_of_staff_starts_from_own_work(client, office, work):
    client.force_login(make_user(agency=office, role="Chuyên viên"))
    assert counts(client) == {
        "Quá hạn": 1, "Sắp đến hạn": 1, "Chưa báo cáo": 1, "Hoạt động của đơn vị tôi": 3,
        "Trả lại cho đơn vị tôi": 1, "Bản nháp chưa gửi": 0, "Chờ đơn vị tôi giải trình": 0,
        "Chờ đơn vị tôi xác nhận hoàn thành": 0, "Kỳ đã chốt còn thiếu báo cáo": 0, "Tệp nhập đang dở": 0,
    }  # fmt: skip


def test_an_approver_sees_what_waits(client, office, work):
    client.force_login(make_user(agency=office, role="Người duyệt"))
    assert counts(client)["Chờ tôi duyệt"] == 1


def test_a_leader_sees_every_agency(client, office, work):
    client.force_login(make_user(agency=office, role="Lãnh đạo"))
    assert counts(client)["Quá hạn"] == 2
    assert "Trả lại cho đơn vị tôi" not in counts(client)


def test_every_box_leads_to_a_list_of_as_many_rows(client, office, work):
    client.force_login(make_user(agency=office, role="Người duyệt"))
    for box in boxes(client).values():
        context = client.get(box["address"]).context
        listed = context["cl"].result_count if "cl" in context else context["page"].paginator.count
        assert listed == box["count"], box["title"]


def test_a_late_row_says_by_how_many_days(client, office, work):
    client.force_login(make_user(agency=office, role="Chuyên viên"))
    (row,) = boxes(client)["Quá hạn"]["rows"]
    assert (row["label"], row["note"]) == ("Trễ", "quá hạn 3 ngày")


def test_long_lists_are_cut_and_say_so(client, office):
    for _ in range(9):
        make_activity(lead_agency=office, due_on=localdate() - timedelta(1))
    client.force_login(make_user(agency=office, role="Chuyên viên"))
    assert len(boxes(client)["Quá hạn"]["rows"]) == 6
    assert "Xem tất cả" in client.get(reverse("admin:index")).content.decode()


def test_the_number_of_queries_does_not_grow(client, office, django_assert_num_queries):
    client.force_login(make_user(agency=office, role="Người duyệt"))
    for _ in range(30):
        activity = make_activity(lead_agency=office, due_on=localdate() - timedelta(1))
        make_update(activity, status=ProgressUpdate.Status.SUBMITTED, decided_at=None)
    with django_assert_num_queries(23):
        client.get(reverse("admin:index"))


def test_nobody_without_rights_has_boxes(client):
    client.force_login(make_user())
    assert boxes(client) == {}
