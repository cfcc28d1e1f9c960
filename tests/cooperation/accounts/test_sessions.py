"""A session ends on time, keeps what was posted too late, and loses rights at the next request."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation.roles import sync_roles
from tests.factories import make_activity, make_agency, make_user
from tests.pages import text_of

pytestmark = pytest.mark.django_db

PASSWORD = "mot-mat-khau-de-thu"
INDEX = reverse("admin:index")
LOGIN = reverse("admin:login")
ACTIVITIES = "admin:programs_activity_changelist"


@pytest.fixture
def user():
    sync_roles()
    return make_user("can-bo", agency=make_agency(), role="Chuyên viên", password=PASSWORD)


@pytest.fixture
def staff(client, user):
    client.force_login(user)
    return client


def age(client, **stamps):
    """Set the session's stamps back by so many seconds."""
    session = client.session
    for name, seconds in stamps.items():
        session[name] = int(timezone.now().timestamp()) - seconds
    session.save()


def at_login(response):
    return response.status_code == 302 and response.url.startswith(LOGIN)


@pytest.mark.parametrize(
    ("stamps", "over"),
    [
        ({"seen_at": 29 * 60}, False),
        ({"seen_at": 30 * 60}, True),
        ({"started_at": 12 * 3600 - 60, "seen_at": 5}, False),
        ({"started_at": 12 * 3600, "seen_at": 5}, True),
    ],
)
def test_idle_and_longest(staff, stamps, over):
    age(staff, **stamps)
    assert at_login(staff.get(INDEX)) is over
    assert at_login(staff.get(INDEX)) is over


def test_the_login_page_says_why_and_leads_back(staff):
    age(staff, seen_at=31 * 60)
    address = reverse(ACTIVITIES) + "?q=x"
    page = staff.get(address, follow=True)
    assert page.redirect_chain[0][0].endswith("?next=/admin/programs/activity/%3Fq%3Dx")
    assert "không thao tác đã quá 30 phút" in text_of(page)
    entered = staff.post(page.redirect_chain[0][0], {"username": "can-bo", "password": PASSWORD})
    assert entered.url == address


def test_too_long_a_day_is_called_that(staff):
    age(staff, started_at=13 * 3600)
    assert "đã kéo dài 12 giờ" in text_of(staff.get(INDEX, follow=True))


def test_a_public_page_just_opens(staff):
    age(staff, seen_at=31 * 60)
    assert staff.get(reverse("source-list")).status_code == 200
    assert at_login(staff.get(INDEX))


def test_using_it_keeps_it_alive_and_writes_at_most_once_a_minute(staff, django_assert_num_queries):
    age(staff, seen_at=20 * 60)
    staff.get(INDEX)
    assert staff.session["seen_at"] >= int(timezone.now().timestamp()) - 5
    with django_assert_num_queries(2):  # the session, and the user with all that the duties ask
        staff.get(reverse("admin:jsi18n"))
    age(staff, seen_at=59)
    seen = staff.session["seen_at"]
    staff.get(INDEX)
    assert staff.session["seen_at"] == seen


def test_readers_have_no_session(client, django_assert_num_queries):
    with django_assert_num_queries(3):  # the rows, and how many of each choice
        client.get(reverse("source-list"))
    assert not Session.objects.exists()


def test_a_session_from_before_is_given_its_time(staff):
    session = staff.session
    del session["started_at"], session["seen_at"]
    session.save()
    assert staff.get(INDEX).status_code == 200
    assert "started_at" in staff.session


POSTED = {
    "title": "Hội nghị kết nối <b>cung cầu</b>",
    "note": "Dòng một\nDòng hai",
    "milestones-0-title": "Mời doanh nghiệp",
    "milestones-TOTAL_FORMS": "1",
    "milestones-0-id": "17",
    "area": "3",
    "old_password": "bi-mat",
    "csrfmiddlewaretoken": "x",
    "_save": "Lưu",
}


@pytest.fixture(params=["idle", "signed out elsewhere", "no cookie left"])
def too_late(request, staff):
    if request.param == "idle":
        age(staff, seen_at=31 * 60)
        return staff
    if request.param == "signed out elsewhere":
        Session.objects.all().delete()
        return staff
    return Client()


def test_text_posted_too_late_stays_on_the_screen(too_late):
    activity = make_activity()
    address = reverse("admin:programs_activity_change", args=(activity.pk,))
    response = too_late.post(address, POSTED)
    page = response.content.decode()
    assert response.status_code == 403
    assert response["Cache-Control"] == "no-store"
    assert "Hội nghị kết nối &lt;b&gt;cung cầu&lt;/b&gt;" in page
    assert "Dòng một\nDòng hai</textarea>" in page
    assert "Mời doanh nghiệp" in page
    assert "bi-mat" not in page
    assert ">3<" not in page and 'value="3"' not in page and 'value="17"' not in page
    assert f"{LOGIN}?next={address}" in page.replace("%2F", "/")
    assert "Chưa lưu" in page
    activity.refresh_from_db()
    assert activity.title.startswith("Hoạt động")


def test_labels_are_the_models_own(staff):
    age(staff, seen_at=31 * 60)
    page = text_of(staff.post(reverse("admin:programs_activity_add"), {"title": "Hội nghị", "khac": "chữ"}))
    assert "title" not in page
    assert "khac" in page


def test_a_post_without_text_just_leads_to_the_door(staff):
    age(staff, seen_at=31 * 60)
    assert at_login(staff.post(reverse(ACTIVITIES), {"action": "x", "_save": "1"}))


def test_signing_out_and_in_work_after_the_end(staff):
    age(staff, seen_at=31 * 60)
    assert staff.post(reverse("admin:logout")).status_code in {200, 302}
    staff.force_login(make_user())
    age(staff, seen_at=31 * 60)
    assert staff.post(LOGIN, {"username": "can-bo", "password": PASSWORD}).status_code == 302
    assert staff.get(reverse("account")).status_code == 200


@pytest.mark.parametrize("withdrawn", ["is_active", "is_staff"])
def test_an_account_that_is_shut_is_out_at_the_next_request(staff, user, withdrawn):
    assert staff.get(INDEX).status_code == 200
    type(user).objects.filter(pk=user.pk).update(**{withdrawn: False})
    assert at_login(staff.get(INDEX))
    assert at_login(staff.get(reverse("account")))


def test_a_role_taken_away_is_gone_at_the_next_request(staff, user):
    assert staff.get(reverse(ACTIVITIES)).status_code == 200
    user.groups.clear()
    assert staff.get(reverse(ACTIVITIES)).status_code == 403


def test_an_agency_taken_away_takes_its_rows(staff, user):
    activity = make_activity(lead_agency=user.agency)
    address = reverse("admin:programs_activity_change", args=(activity.pk,))
    assert staff.get(address).status_code == 200
    type(user).objects.filter(pk=user.pk).update(agency=make_agency())
    assert staff.get(address).status_code == 404


def test_a_password_changed_elsewhere_ends_the_other_sessions(staff, user):
    other = Client()
    other.force_login(user)
    data = {"old_password": PASSWORD, "new_password1": "mat-khau-moi-9", "new_password2": "mat-khau-moi-9"}
    assert other.post(reverse("account-password"), data).status_code == 302
    assert other.get(INDEX).status_code == 200
    assert at_login(staff.get(INDEX))


def test_the_stamps_survive_a_change_of_password(staff):
    age(staff, started_at=3600)
    started = staff.session["started_at"]
    data = {"old_password": PASSWORD, "new_password1": "mat-khau-moi-9", "new_password2": "mat-khau-moi-9"}
    staff.post(reverse("account-password"), data)
    assert staff.session["started_at"] == started


def test_the_cookie_lives_no_longer_than_the_session(staff, settings):
    assert settings.SESSION_COOKIE_AGE == 12 * 3600
    expiry = Session.objects.get().expire_date
    assert expiry <= timezone.now() + timedelta(hours=12, seconds=5)
