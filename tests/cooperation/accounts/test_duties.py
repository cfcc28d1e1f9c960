"""The first password is changed, the second factor verified or set up, before anything else."""

import re
from base64 import b32decode
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlparse

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from cooperation.accounts import second_factor
from cooperation.roles import sync_roles
from tests.factories import make_plan, make_user
from tests.pages import text_of

pytestmark = pytest.mark.django_db

PASSWORD = "mot-mat-khau-de-thu"
NEW = "mat-khau-cua-rieng-toi"
INDEX = reverse("admin:index")
ACCOUNT = reverse("account")
CHANGE = reverse("account-password")
VERIFY = reverse("account-verify")
SETUP = reverse("account-second-factor")
KEY = "3132333435363738393031323334353637383930"


def passwords(old=PASSWORD, new=NEW, again=NEW, **kwargs):
    return {"old_password": old, "new_password1": new, "new_password2": again, **kwargs}


def code_now(key=KEY):
    return f"{totp(bytes.fromhex(key)):06}"


def device_for(user):
    return TOTPDevice.objects.create(user=user, key=KEY, name="phone")


@pytest.fixture
def user():
    sync_roles()
    return make_user("can-bo", password=PASSWORD, role="Chuyên viên")


@pytest.fixture
def staff(client, user):
    client.force_login(user)
    return client


# The first password


@pytest.fixture
def beginner(staff, user):
    user.must_change_password = True
    user.save()
    return staff


@pytest.mark.parametrize("address", [INDEX, "/", ACCOUNT, SETUP, VERIFY, "/khong-co/", CHANGE + "x/"])
def test_a_beginner_gets_only_the_page_of_the_password(beginner, address):
    make_plan(is_main=True)
    response = beginner.get(address)
    assert response.status_code == 302
    assert urlparse(response.url).path == CHANGE
    assert parse_qs(urlparse(response.url).query) == {"next": [address]}
    assert "do người quản trị đặt" in text_of(beginner.get(CHANGE))


def test_a_beginner_may_leave(beginner):
    beginner.post(reverse("admin:logout"))
    assert beginner.get(ACCOUNT).url.startswith(reverse("admin:login"))


def test_what_a_beginner_posts_elsewhere_is_not_lost(beginner):
    response = beginner.post(reverse("admin:programs_activity_add"), {"title": "Hội nghị"})
    assert response.status_code == 403
    assert "Hội nghị" in response.content.decode()


def test_the_change_ends_the_duty_and_leads_on(beginner, user):
    response = beginner.post(CHANGE, passwords(next="/admin/programs/activity/"))
    assert response.url == "/admin/programs/activity/"
    assert beginner.get(INDEX).status_code == 200
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert not user.must_change_password


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (passwords(old="sai-mat-khau"), "Mật khẩu hiện nay không đúng"),
        (passwords(again="khac-hoan-toan"), "không giống nhau"),
        (passwords(new=PASSWORD, again=PASSWORD), "phải khác mật khẩu hiện nay"),
        (passwords(new="12345", again="12345"), "10"),
        (passwords(new="can-bo-123", again="can-bo-123"), "quá giống với Tên đăng nhập"),
        ({}, "Không được để trống"),
    ],
)
def test_a_password_that_will_not_do(beginner, user, data, sentence):
    response = beginner.post(CHANGE, data)
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert PASSWORD not in response.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert user.must_change_password


@pytest.mark.parametrize("address", ["//xau.example/", "https://xau.example/", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(staff, address):
    assert staff.post(CHANGE, passwords(next=address)).url == ACCOUNT


def test_rights_lost_meanwhile_stay_lost(staff, user, monkeypatch):
    """The page of the password writes the password, not the row as it was read."""
    real = second_factor.User.set_password

    def withdraw_then_set(self, password):
        type(self).objects.filter(pk=self.pk).update(is_active=False)
        real(self, password)

    monkeypatch.setattr(second_factor.User, "set_password", withdraw_then_set)
    staff.post(CHANGE, passwords())
    user.refresh_from_db()
    assert not user.is_active


def test_the_admins_own_page_is_ours(staff):
    assert staff.get(reverse("admin:password_change")).url == CHANGE
    page = staff.get(INDEX).content.decode()
    assert f'href="{CHANGE}"' in page
    assert f'href="{ACCOUNT}"' in page


# The second factor


def key_on(page) -> str:
    letters = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page.content.decode())[1]
    return b32decode(letters.replace(" ", "")).hex()


def test_turning_it_on(staff, user):
    page = staff.get(SETUP)
    key = key_on(page)
    assert key_on(staff.get(SETUP)) == key
    picture = unquote(re.search(r'src="(data:image/svg\+xml[^"]+)"', page.content.decode())[1])
    assert "<svg" in picture and "<script" not in picture
    assert not TOTPDevice.objects.exists()

    wrong = staff.post(SETUP, {"ma_xac_thuc": "000000", "old_password": PASSWORD})
    assert "Mã không đúng" in text_of(wrong)
    assert not TOTPDevice.objects.exists()

    done = staff.post(SETUP, {"ma_xac_thuc": " ".join(code_now(key)), "old_password": PASSWORD})
    codes = re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", done.content.decode())
    assert len(set(codes)) == 10
    assert "no-store" in done["Cache-Control"]
    assert staff.get(INDEX).status_code == 200  # this session has just shown the phone
    assert "Đang bật" in text_of(staff.get(ACCOUNT))
    again = staff.get(SETUP)
    assert "Còn 10 mã dự phòng" in text_of(again)
    assert not any(code in again.content.decode() for code in codes)


def test_a_code_that_turned_it_on_does_not_enter_again(staff, user):
    key = key_on(staff.get(SETUP))
    staff.post(SETUP, {"ma_xac_thuc": code_now(key), "old_password": PASSWORD})
    other = Client()
    other.force_login(user)
    assert "đã dùng rồi" in text_of(other.post(VERIFY, {"ma_xac_thuc": code_now(key)}))


@pytest.mark.parametrize("address", [INDEX, "/", ACCOUNT, SETUP, CHANGE])
def test_with_a_phone_everything_waits_for_its_code(staff, user, address):
    make_plan(is_main=True)
    device_for(user)
    response = staff.get(address)
    assert urlparse(response.url).path == VERIFY
    assert staff.post(VERIFY, {"ma_xac_thuc": code_now(), "next": address}).url == address
    assert staff.get(address).status_code == 200


def test_the_code_comes_before_the_first_password(beginner, user):
    device_for(user)
    assert urlparse(beginner.get(INDEX).url).path == VERIFY
    beginner.post(VERIFY, {"ma_xac_thuc": code_now()})
    assert urlparse(beginner.get(INDEX).url).path == CHANGE


def test_a_session_is_verified_anew_each_time(staff, user):
    device_for(user)
    staff.post(VERIFY, {"ma_xac_thuc": code_now()})
    staff.post(reverse("admin:logout"))
    staff.force_login(user)
    assert urlparse(staff.get(INDEX).url).path == VERIFY


def test_verifying_gives_the_session_a_new_key(staff, user):
    device_for(user)
    before = staff.cookies["sessionid"].value
    staff.post(VERIFY, {"ma_xac_thuc": code_now()})
    assert staff.cookies["sessionid"].value != before


def test_guesses_are_slowed_down_in_the_database(staff, user):
    device = device_for(user)
    for n in range(6):
        TOTPDevice.objects.filter(pk=device.pk).update(
            throttling_failure_timestamp=timezone.now() - timedelta(hours=1)
        )
        assert "Mã không đúng" in text_of(staff.post(VERIFY, {"ma_xac_thuc": f"00000{n}"}))
    refused = staff.post(VERIFY, {"ma_xac_thuc": code_now()})
    seconds = int(re.search(r"hãy đợi (\d+) giây", text_of(refused))[1])
    assert 25 <= seconds <= 32
    assert urlparse(staff.get(INDEX).url).path == VERIFY
    TOTPDevice.objects.filter(pk=device.pk).update(
        throttling_failure_timestamp=timezone.now() - timedelta(seconds=33)
    )
    assert staff.post(VERIFY, {"ma_xac_thuc": code_now()}).status_code == 302


@pytest.mark.parametrize(
    "code", ["", " ", "abcd-efgh", "-1", "９９９９９９", "1" * 33, "\x00", "1_0", "٣٣٣٣٣٣"]
)
def test_a_strange_code_is_a_wrong_one(staff, user, code):
    device_for(user)
    assert staff.post(VERIFY, {"ma_xac_thuc": code}).status_code == 200
    assert urlparse(staff.get(INDEX).url).path == VERIFY


def test_a_recovery_code_enters_once(staff, user):
    device_for(user)
    code = second_factor.renew_codes(user)[0]
    assert staff.post(VERIFY, {"ma_xac_thuc": code.upper()}).status_code == 302
    assert "Còn 9 mã" in text_of(staff.get(SETUP))
    other = Client()
    other.force_login(user)
    assert other.post(VERIFY, {"ma_xac_thuc": code}).status_code == 200


def test_another_ones_code_does_not_enter(staff, user):
    device_for(user)
    code = second_factor.renew_codes(make_user())[0]
    assert staff.post(VERIFY, {"ma_xac_thuc": code}).status_code == 200


@pytest.fixture
def verified(staff, user):
    device_for(user)
    second_factor.renew_codes(user)
    staff.post(VERIFY, {"ma_xac_thuc": code_now()})
    return staff


def test_turning_it_off_asks_for_the_password(verified, user):
    assert "không đúng" in text_of(verified.post(SETUP, {"viec": "tat", "old_password": "sai"}))
    assert TOTPDevice.objects.exists()
    verified.post(SETUP, {"viec": "tat", "old_password": PASSWORD})
    assert not TOTPDevice.objects.exists()
    assert not StaticDevice.objects.exists()
    assert verified.get(INDEX).status_code == 200


def test_new_recovery_codes_replace_the_old(verified):
    before = set(StaticToken.objects.values_list("token", flat=True))
    page = verified.post(SETUP, {"viec": "ma-du-phong", "old_password": PASSWORD})
    assert page.content.decode().count("<code>") == 10
    after = set(StaticToken.objects.values_list("token", flat=True))
    assert len(after) == 10
    assert not before & after


def test_an_unknown_choice_does_nothing(verified):
    page = verified.post(SETUP, {"viec": "x", "old_password": PASSWORD})
    assert "Hãy chọn việc" in text_of(page)
    assert TOTPDevice.objects.exists()


def test_a_phone_that_was_taken_away_no_longer_verifies(verified, user):
    second_factor.turn_off(user)
    device_for(user)
    assert urlparse(verified.get(INDEX).url).path == VERIFY


@pytest.mark.parametrize(
    ("role", "superuser", "asked"),
    [
        ("Người duyệt", False, True),
        ("Quản trị đơn vị", False, True),
        ("Quản trị hệ thống", False, True),
        (None, True, True),
        ("Chuyên viên", False, False),
        ("Lãnh đạo", False, False),
    ],
)
def test_who_must_have_one(client, settings, role, superuser, asked):
    settings.PORTAL_REQUIRE_SECOND_FACTOR = True
    sync_roles()
    user = make_user(role=role, is_superuser=superuser, password=PASSWORD)
    client.force_login(user)
    response = client.get(INDEX)
    assert (response.status_code == 302 and urlparse(response.url).path == SETUP) is asked
    assert second_factor.is_required(user) is asked
    if asked:
        key = key_on(client.get(SETUP))
        client.post(SETUP, {"ma_xac_thuc": code_now(key), "old_password": PASSWORD})
        assert client.get(INDEX).status_code == 200


def test_without_the_setting_nobody_must(client):
    client.force_login(make_user(is_superuser=True))
    assert client.get(INDEX).status_code == 200


def test_two_tabs_turn_it_on_once(staff, user):
    key = key_on(staff.get(SETUP))
    device_for(user)
    request = type("Request", (), {"user": user, "session": staff.session})()
    assert second_factor.turn_on(request, key, code_now(key)) is None
    assert TOTPDevice.objects.get().key == KEY


@pytest.mark.parametrize("address", [ACCOUNT, CHANGE, VERIFY, SETUP])
def test_strangers_are_sent_to_the_door(client, address):
    assert client.get(address).url == f"{reverse('admin:login')}?next={address}"


def test_who_owes_a_step_sees_no_work(staff, user):
    assert 'class="staff-bar"' in staff.get(ACCOUNT).content.decode()
    device_for(user)
    page = staff.get(VERIFY).content.decode()
    assert 'class="staff-bar"' not in page
    assert f'action="{reverse("admin:logout")}"' in page


def test_an_open_browser_alone_turns_no_second_factor_on(staff):
    key = key_on(staff.get(SETUP))
    for password in ("", "khong-phai-mat-khau"):
        refused = staff.post(SETUP, {"ma_xac_thuc": code_now(key), "old_password": password})
        assert refused.status_code == 200
    assert not TOTPDevice.objects.exists()
