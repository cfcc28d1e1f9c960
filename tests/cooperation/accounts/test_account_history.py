"""An account keeps who changed it, when, what and why; never a password, and nothing of a mere sign-in."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from cooperation.models import User
from cooperation.roles import sync_roles
from tests.factories import make_agency, make_user
from tests.pages import form_data, text_of

pytestmark = pytest.mark.django_db

PASSWORD = "mot-mat-khau-de-thu"
NEW = "mat-khau-cua-rieng-toi"
LIST = reverse("admin:cooperation_user_changelist")


def of(user, page="change", *more):
    return reverse(f"admin:cooperation_user_{page}", args=(user.pk, *more))


def roles(entry):
    return sorted(entry.groups.values_list("group__name", flat=True))


@pytest.fixture
def office():
    sync_roles()
    return make_agency("Sở Công Thương")


@pytest.fixture
def keeper(client, office):
    user = make_user("quan-tri-don-vi", agency=office, role="Quản trị đơn vị", password=PASSWORD)
    client.force_login(user)
    return user


@pytest.fixture
def colleague(office):
    return make_user("dong-nghiep", agency=office, role="Chuyên viên", password=PASSWORD)


def change(client, user, **values):
    return client.post(of(user), form_data(client.get(of(user))) | values)


def test_no_secret_is_kept():
    kept = {field.name for field in User.history.model._meta.fields}
    assert not kept & {"password", "last_login"}
    assert {"username", "is_active", "agency", "must_change_password", "history_change_reason"} <= kept


def test_one_edit_is_one_entry_with_its_roles_and_reason(client, keeper, colleague):
    before = colleague.history.count()
    groups = [str(Group.objects.get(name=name).pk) for name in ("Người duyệt", "Nhập liệu")]
    answer = change(client, colleague, full_name="Lê Thị B", groups=groups, change_reason="QĐ 12/QĐ-SCT")
    assert answer.status_code == 302
    entry = colleague.history.latest()
    assert colleague.history.count() == before + 1
    assert (entry.history_type, entry.history_user, entry.history_change_reason, entry.full_name) == (
        "~", keeper, "QĐ 12/QĐ-SCT", "Lê Thị B",
    )  # fmt: skip
    assert roles(entry) == ["Người duyệt", "Nhập liệu"]
    assert roles(entry.prev_record) == ["Chuyên viên"]
    assert entry.version == User.objects.get(pk=colleague.pk).version


def test_a_new_account_begins_with_its_roles(client, keeper, office):
    first = {"username": "nguoi-moi", "full_name": "Trần C", "agency": office.pk}
    secret = {"password1": NEW, "password2": NEW, "groups": [Group.objects.get(name="Nhập liệu").pk]}
    assert client.post(reverse("admin:cooperation_user_add"), first | secret).status_code == 302
    entry = User.objects.get(username="nguoi-moi").history.get()
    assert (entry.history_type, entry.history_user, roles(entry)) == ("+", keeper, ["Nhập liệu"])


def test_the_page_of_the_history(client, keeper, colleague):
    groups = [Group.objects.get(name="Người duyệt").pk]
    change(client, colleague, full_name="Lê Thị B", groups=groups, change_reason="QĐ 12/QĐ-SCT")
    page = text_of(client.get(of(colleague, "history")))
    for told in ("quan-tri-don-vi", "QĐ 12/QĐ-SCT", "Lê Thị B", "Chuyên viên", "Người duyệt"):
        assert told in page, told
    assert "None" not in page


def test_an_old_version_has_the_roles_of_its_time_and_no_password(client, keeper, colleague):
    old = colleague.history.latest()
    change(client, colleague, full_name="Lê Thị B", groups=[Group.objects.get(name="Người duyệt").pk])
    page = client.get(of(colleague, "simple_history", old.pk))
    assert page.context["adminform"].form["groups"].value() == [Group.objects.get(name="Chuyên viên").pk]
    shown = [name for _title, options in page.context["adminform"].fieldsets for name in options["fields"]]
    assert "full_name" in shown
    assert not {"password", "last_login", "change_reason"} & set(shown)
    stored = User.objects.get(pk=colleague.pk).password
    assert stored not in page.content.decode()
    assert "md5" not in page.content.decode()


def test_signing_in_leaves_no_entry(client, office, colleague):
    before = colleague.history.count()
    data = {"username": colleague.username, "password": PASSWORD, "next": reverse("account")}
    assert client.post(reverse("admin:login"), data).status_code == 302
    colleague.refresh_from_db()
    assert colleague.last_login is not None
    colleague.set_password(PASSWORD)
    colleague.save(update_fields=["password"])  # as Django does at a sign-in after its hashing changed
    assert colleague.history.count() == before


def test_passwords_that_are_set_are_told_without_what_they_are(client, keeper, colleague):
    address = reverse("admin:auth_user_password_change", args=(colleague.pk,))
    assert client.post(address, {"password1": NEW, "password2": NEW}).status_code == 302
    entry = colleague.history.latest()
    told = (entry.history_user, entry.history_change_reason, entry.must_change_password)
    assert told == (keeper, "Đặt lại mật khẩu", True)

    client.force_login(User.objects.get(pk=colleague.pk))
    data = {"old_password": NEW, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post(reverse("account-password"), data).status_code == 302
    entry = colleague.history.latest()
    told = (entry.history_user, entry.history_change_reason, entry.must_change_password)
    assert told == (colleague, "Tự đổi mật khẩu", False)


def test_a_second_factor_that_is_taken_off_is_told(client, keeper, colleague):
    TOTPDevice.objects.create(user=colleague, name="phone")
    client.post(LIST, {"action": "reset_second_factor", "_selected_action": [colleague.pk]})
    entry = colleague.history.latest()
    assert (entry.history_user, entry.history_change_reason) == (keeper, "Gỡ xác thực hai bước")
    assert roles(entry) == ["Chuyên viên"]


def test_a_refused_edit_leaves_no_entry(client, keeper, colleague):
    before = colleague.history.count()
    assert change(client, colleague, agency=make_agency().pk).status_code == 200
    assert change(client, colleague, username="").status_code == 200
    assert colleague.history.count() == before


def test_queries_of_the_history(client, keeper, colleague, django_assert_num_queries):
    """Two for the roles of each but the oldest entry, two more where they differ; no more than a page."""
    for n in range(3):
        change(client, colleague, full_name=f"Tên {n}")
    client.get(of(colleague, "history"))
    with django_assert_num_queries(11 + 2 * 4 + 2):
        client.get(of(colleague, "history"))
    for n in range(30):
        colleague.keep_history(user=keeper, reason=str(n))
    with django_assert_num_queries(11 + 2 * 24):
        client.get(of(colleague, "history"))


def test_what_an_account_was_in_another_agency_is_that_agencys(client, keeper, colleague, office):
    colleague.agency = make_agency("Sở khác")
    colleague._change_reason = "lý do của sở khác"
    colleague.save()
    old = colleague.history.latest()
    colleague.agency, colleague._change_reason = office, "về lại"
    colleague.save()
    page = text_of(client.get(of(colleague, "history")))
    assert "về lại" in page
    assert "lý do của sở khác" not in page
    assert client.get(of(colleague, "simple_history", old.pk)).status_code == 404
    client.force_login(make_user(is_superuser=True))
    assert "lý do của sở khác" in text_of(client.get(of(colleague, "history")))


@pytest.mark.parametrize("version", ["abc", "9" * 30, "%00", "-1"])
def test_a_version_that_there_cannot_be(client, keeper, colleague, version):
    assert client.get(f"{of(colleague, 'history')}{version}/").status_code == 404


def test_a_role_that_there_cannot_be(client, keeper, colleague):
    page = change(client, colleague, groups=["9" * 24], full_name="Khác")
    assert page.context["adminform"].form.errors["groups"]
    assert User.objects.get(pk=colleague.pk).full_name == colleague.full_name
