"""Two savers of one record: who comes second is told, sees both versions, and no text is lost."""

import pytest
from django.urls import reverse

from cooperation.discarding import discard
from cooperation.models import Agency, CooperationArea
from tests.factories import make_agency, make_area, make_user
from tests.pages import form_data, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(client):
    client.force_login(make_user("quan-tri", is_superuser=True, full_name="Trần Quản Trị"))
    return reverse(
        "admin:cooperation_cooperationarea_change", args=(make_area(title="Tên cũ", summary="Cũ").pk,)
    )


def opened(client, address):
    return form_data(client.get(address))


def saved(client, address, data, **fields):
    return client.post(address, data | fields)


def test_a_save_counts_the_version(client, address):
    data = opened(client, address)
    assert saved(client, address, data, title="Tên mới").status_code == 302
    area = CooperationArea.objects.get()
    assert (area.version, area.title) == (2, "Tên mới")
    assert saved(client, address, opened(client, address)).status_code == 302


def test_both_changed_one_field(client, address):
    first, second = opened(client, address), opened(client, address)
    saved(client, address, first, summary="Bản của người thứ nhất", change_reason="theo công văn 12")
    response = saved(client, address, second, summary="Bản của người thứ hai")
    assert response.status_code == 200
    assert CooperationArea.objects.get().summary == "Bản của người thứ nhất"
    shown = text_of(response)
    for words in (
        "Hai người cùng sửa bản ghi này", "Trần Quản Trị đã lưu bản mới lúc", "theo công văn 12",
        "Bản của người thứ nhất", "Bản của người thứ hai",
    ):  # fmt: skip
        assert words in shown
    again = form_data(response)
    assert again["summary"] == "Bản của người thứ hai"
    assert saved(client, address, again).status_code == 302
    area = CooperationArea.objects.get()
    assert area.summary == "Bản của người thứ hai"
    assert "Bản của người thứ nhất" in area.history.values_list("summary", flat=True)


def test_what_only_the_other_changed_is_taken_over(client, address):
    first, second = opened(client, address), opened(client, address)
    saved(
        client, address, {k: v for k, v in first.items() if k != "published"}, title="Tên của người thứ nhất"
    )
    response = saved(client, address, second, summary="Nội dung của người thứ hai")
    conflict = response.context["adminform"].form.conflict
    assert conflict.both == []
    assert {label for label, _stored, _written in conflict.theirs} == {"tên", "công khai"}
    assert saved(client, address, form_data(response)).status_code == 302
    area = CooperationArea.objects.get()
    assert (area.title, area.summary, area.published) == (
        "Tên của người thứ nhất", "Nội dung của người thứ hai", False,
    )  # fmt: skip


def test_a_form_without_a_version_is_not_believed(client, address):
    data = opened(client, address)
    del data["form_version"]
    assert saved(client, address, data, title="Không biết bản nào").status_code == 200
    assert CooperationArea.objects.get().title == "Tên cũ"


def test_a_third_save_meanwhile_is_told_again(client, address):
    first, second = opened(client, address), opened(client, address)
    saved(client, address, first, summary="một")
    told = form_data(saved(client, address, second, summary="hai"))
    saved(client, address, opened(client, address), summary="ba")
    response = saved(client, address, told)
    assert response.status_code == 200
    assert ("nội dung", "ba", "hai") in response.context["adminform"].form.conflict.both


def test_relations_are_compared_by_what_they_mean(client):
    client.force_login(make_user(is_superuser=True))
    parents = [make_agency(f"Sở {n}") for n in range(3)]
    agency = make_agency("Trung tâm", parent=parents[0])
    address = reverse("admin:cooperation_agency_change", args=(agency.pk,))
    first, second = opened(client, address), opened(client, address)
    saved(client, address, first, parent=parents[1].pk, valid_from="17/05/2019")
    response = saved(client, address, second, parent=parents[2].pk)
    conflict = response.context["adminform"].form.conflict
    assert conflict.both == [("cơ quan chủ quản", str(parents[1]), str(parents[2]))]
    assert conflict.theirs == [("có từ ngày", "17/05/2019", "–")]
    assert saved(client, address, form_data(response)).status_code == 302
    stored = Agency.objects.get(pk=agency.pk)
    assert (stored.parent, str(stored.valid_from)) == (parents[2], "2019-05-17")


def test_the_reason_stands_in_the_history(client, address):
    saved(client, address, opened(client, address), summary="Mới", change_reason="Sửa theo biên bản họp")
    assert CooperationArea.objects.get().history.first().history_change_reason == "Sửa theo biên bản họp"


def test_a_record_deleted_meanwhile_keeps_the_text(client, address):
    area = CooperationArea.objects.get()
    data = opened(client, address)
    discard(area, user=make_user(is_superuser=True), reason="trùng")
    response = saved(client, address, data, summary="Một đoạn đã viết rất lâu")
    assert response.status_code == 403
    shown = response.content.decode()
    assert "vừa bị xóa nên chưa ghi gì" in shown
    assert "Một đoạn đã viết rất lâu" in shown


def test_the_history_page_prints_the_reason_or_a_dash(client, address):
    saved(client, address, opened(client, address), summary="Mới", change_reason="Sửa theo biên bản họp")
    saved(client, address, opened(client, address), summary="Mới hơn")
    page = text_of(client.get(address.replace("/change/", "/history/")))
    assert "Sửa theo biên bản họp" in page
    assert "None" not in page


@pytest.mark.parametrize("key", ["9" * 25, "9" * 5000, "khong-phai-so"])
def test_a_key_that_cannot_be_one_is_a_missing_record(client, address, key):
    odd = reverse("admin:cooperation_cooperationarea_change", args=(key,))
    assert client.get(odd).status_code == client.post(odd, {"title": "x"}).status_code == 404
