"""Saved filters: one's own alone, of lists of ours alone."""

import pytest

from cooperation.models import SavedFilter
from tests import factories
from tests.pages import html_of, rows_of, text_of

pytestmark = pytest.mark.django_db
URL = "/bo-loc-cua-toi/"
NHAP = "?tim=%3Cb%3E&loai=so"


@pytest.fixture
def user(client):
    user = factories.make_user()
    client.force_login(user)
    return user


def save(client, **given):
    data = {"ten": "Quá hạn", "danh_sach": "/co-quan/", "bo_loc": "tim=sen&loai=so", **given}
    return client.post(URL, data, follow=False)


def test_readers_are_sent_to_sign_in(client):
    assert client.get(URL).status_code == 302
    assert save(client).status_code in {302, 403}
    assert not SavedFilter.objects.exists()


def test_the_form_stands_under_lists_for_staff_only(client, user):
    factories.make_agency()
    html = html_of(client.get("/co-quan/?loai=so&page=1&tim="))
    assert '<input type="hidden" name="bo_loc" value="loai=so">' in html
    client.logout()
    assert "bo_loc" not in html_of(client.get("/co-quan/"))


def test_save_open_save_again_and_throw_away(client, user):
    assert save(client).url == "/co-quan/?tim=sen&loai=so"
    assert rows_of(client.get(URL)) == ["Quá hạn Cơ quan Xóa"]
    assert save(client, bo_loc="").url == "/co-quan/"
    saved = SavedFilter.objects.get()
    assert client.post(URL, {"xoa": saved.pk}).status_code == 302
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ten": ""}, "Hãy đặt tên cho bộ lọc."),
        ({"ten": "\u200b"}, "Hãy đặt tên cho bộ lọc."),
        ({"ten": "a" * 81}, "Tên bộ lọc dài quá 80 ký tự"),
        ({"danh_sach": "/"}, "Địa chỉ này không phải danh sách lưu được."),
        ({"danh_sach": "//example.org/co-quan/"}, "Địa chỉ này không phải danh sách lưu được."),
        ({"danh_sach": "https://example.org/"}, "Địa chỉ này không phải danh sách lưu được."),
        ({"danh_sach": "/admin/logout/"}, "Địa chỉ này không phải danh sách lưu được."),
        ({"bo_loc": "tim=" + "ă" * 400}, "Bộ lọc dài quá"),
    ],
)
def test_what_cannot_be_saved_is_told(client, user, given, message):
    save(client, **given)
    assert not SavedFilter.objects.exists()
    assert message in text_of(client.get(URL))


@pytest.mark.parametrize("bo_loc", ["\n\r\x01", "%%%", "tim=%00", "a=" * 200, "javascript:alert(1)", NHAP])
def test_any_query_is_written_anew(client, user, bo_loc):
    response = save(client, bo_loc=bo_loc)
    assert response.status_code == 302
    if saved := SavedFilter.objects.first():
        assert client.get(saved.get_absolute_url()).status_code == 200
        assert "javascript:" not in html_of(client.get(URL)).split("<tbody>")[-1]


def test_nobody_sees_or_deletes_another_s(client, user):
    other = factories.make_user(is_superuser=True)
    foreign = SavedFilter.objects.create(user=other, name="Của người khác", path="/co-quan/")
    assert "Của người khác" not in text_of(client.get(URL))
    assert client.post(URL, {"xoa": foreign.pk}).status_code == 404
    for key in ("", "abc", "-1", "9" * 30, "²"):
        assert client.post(URL, {"xoa": key}).status_code == 404
    client.force_login(other)
    assert "Của người khác" in text_of(client.get(URL))


def test_fifty_are_enough(client, user):
    SavedFilter.objects.bulk_create(
        SavedFilter(user=user, name=f"Bộ {n}", path="/co-quan/") for n in range(50)
    )
    save(client)
    assert SavedFilter.objects.count() == 50
    assert "Đã có 50 bộ lọc" in text_of(client.get(URL))
    assert save(client, ten="Bộ 7").url == "/co-quan/?tim=sen&loai=so"
