"""The bin: with a reason, out of everything, and back again."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cooperation.discarding import discard, restore, uses
from cooperation.models import Agency, Source
from cooperation.roles import sync_roles
from programs.models import Activity, Milestone
from tests.factories import (
    make_activity,
    make_agency,
    make_area,
    make_milestone,
    make_mou,
    make_plan,
    make_update,
    make_user,
)
from tests.pages import form_data, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user(is_superuser=True)


def test_out_of_every_list_and_back(user):
    activity = make_activity()
    version = activity.version
    discard(activity, user=user, reason="nhập trùng")
    assert not Activity.objects.exists()
    assert not Activity.objects.for_user(user).exists()
    assert not activity.area.activities.exists()
    gone = Activity.with_deleted.get()
    assert gone.deleted_at is not None
    assert (gone.history.first().history_change_reason, gone.history.first().history_user) == (
        "nhập trùng",
        user,
    )
    restore(gone, user=user)
    back = Activity.objects.get()
    assert (back.pk, back.deleted_at, back.version) == (activity.pk, None, version + 2)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_never_without_a_reason(user, reason):
    activity = make_activity()
    with pytest.raises(ValidationError, match="lý do"):
        discard(activity, user=user, reason=reason)
    assert Activity.objects.get() == activity


def test_what_is_needed_stays(user):
    area = make_area()
    activity = make_activity(area)
    make_mou(area, activity=activity)
    for record, needed in ((area, "hoạt động"), (activity, "bản ghi nhớ"), (area.plan, "lĩnh vực")):
        assert any(use.startswith(needed) for use in uses(record))
        with pytest.raises(ValidationError, match="đang được dùng"):
            discard(record, user=user, reason="thử")


def test_what_a_list_of_links_needs_stays_too(user):
    agency, source = make_agency(), Source.objects.create(code="S1", publisher="Báo", title="Tin")
    plan = make_plan()
    plan.agencies.add(agency)
    plan.sources.add(source)
    for record in (agency, source):
        with pytest.raises(ValidationError, match="đang được dùng"):
            discard(record, user=user, reason="thử")
    plan.agencies.clear()
    discard(agency, user=user, reason="không còn dùng")
    assert not Agency.objects.exists()


def test_what_belongs_to_a_record_goes_and_comes_back_with_it(user):
    activity = make_activity()
    make_update(activity)
    milestone = make_milestone(activity, "2022-06-30")
    discard(activity, user=user, reason="nhập trùng")
    assert not Milestone.objects.for_user(make_user(agency=make_agency(), role="Chuyên viên")).exists()
    restore(Activity.with_deleted.get(), user=user)
    assert list(activity.milestones.all()) == [milestone]


def test_a_code_is_free_once_its_record_is_deleted_and_the_old_one_then_waits(user):
    first = make_activity(code="HD-X")
    discard(first, user=user, reason="làm lại")
    second = make_activity(code="HD-X")
    with pytest.raises(ValidationError, match="Chưa khôi phục được"):
        restore(first, user=user)
    discard(second, user=user, reason="thôi")
    restore(first, user=user)
    assert Activity.objects.get() == first


def test_twice_is_said_not_done(user):
    activity = make_activity()
    discard(activity, user=user, reason="x")
    with pytest.raises(ValidationError, match="đã được xóa rồi"):
        discard(activity, user=user, reason="x")
    restore(activity, user=user)
    with pytest.raises(ValidationError, match="không nằm trong mục đã xóa"):
        restore(activity, user=user)


@pytest.fixture
def office():
    sync_roles()
    return make_agency()


def test_in_the_admin_with_a_question_and_a_bin(client, office):
    approver = make_user("duyet", agency=office, role="Người duyệt")
    client.force_login(approver)
    activity = make_activity(lead_agency=office, title="Hội chợ trùng")
    address = reverse("admin:programs_activity_delete", args=(activity.pk,))
    assert "ra khỏi mọi danh sách" in text_of(client.get(address))
    response = client.post(address, {"post": "yes", "document": "12/QĐ"})
    assert "Hãy ghi lý do xóa." in text_of(response)
    assert 'value="12/QĐ"' in response.content.decode()
    assert Activity.objects.exists()
    client.post(address, {"post": "yes", "reason": "nhập trùng"})
    assert not Activity.objects.exists()
    bin_address = reverse("admin:programs_activity_bin")
    shown = text_of(client.get(bin_address))
    for words in ("Hội chợ trùng", "nhập trùng", "duyet"):
        assert words in shown
    client.post(bin_address, {"record": activity.pk, "reason": "xóa nhầm"})
    assert Activity.objects.get().history.first().history_change_reason == "xóa nhầm"


def test_the_bin_of_another_agency_is_empty_and_closed(client, office):
    activity = make_activity(lead_agency=make_agency())
    discard(activity, user=make_user(is_superuser=True), reason="x")
    client.force_login(make_user(agency=office, role="Người duyệt"))
    bin_address = reverse("admin:programs_activity_bin")
    assert activity.title not in text_of(client.get(bin_address))
    for key in (activity.pk, "", "x", "9" * 30):
        assert client.post(bin_address, {"record": key}).status_code == 404
    assert not Activity.objects.exists()
    client.force_login(make_user(agency=office, role="Lãnh đạo"))
    assert client.get(bin_address).status_code == 403


def test_a_needed_record_is_explained_not_deleted(client, user):
    area = make_area()
    activity = make_activity(area, title="Hội chợ đang dùng")
    client.force_login(user)
    address = reverse("admin:cooperation_cooperationarea_delete", args=(area.pk,))
    assert "Hội chợ đang dùng" in text_of(client.get(address))
    client.post(address, {"post": "yes", "reason": "thử"})
    assert activity.area.deleted_at is None
    area.refresh_from_db()
    assert area.deleted_at is None


def test_a_row_crossed_out_in_a_list_goes_to_the_bin(client, office):
    client.force_login(make_user(agency=office, role="Người duyệt"))
    activity = make_activity(lead_agency=office)
    milestone = make_milestone(activity, "2022-06-30")
    address = reverse("admin:programs_activity_change", args=(activity.pk,))
    data = form_data(client.get(address)) | {"milestones-0-DELETE": "on", "change_reason": "mốc ghi nhầm"}
    assert client.post(address, data).status_code == 302
    gone = Milestone.with_deleted.get()
    assert (gone.pk, gone.deleted_at is None) == (milestone.pk, False)
    assert gone.history.first().history_change_reason == "mốc ghi nhầm"


def test_odd_words_and_keys_are_said_not_failed(client, office):
    client.force_login(make_user(agency=office, role="Người duyệt"))
    activity = make_activity(lead_agency=office)
    address = reverse("admin:programs_activity_delete", args=(activity.pk,))
    page = client.post(address, {"post": "yes", "reason": "trùng", "document": "x" * 300})
    assert "Số văn bản dài quá 120 ký tự" in text_of(page)
    client.post(address, {"post": "yes", "reason": "nhập\x00 trùng"})
    gone = Activity.with_deleted.get()
    assert gone.history.first().history_change_reason == "nhập trùng"
    assert client.post(reverse("admin:programs_activity_bin"), {"record": "9" * 5000}).status_code == 404
