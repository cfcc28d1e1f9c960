"""An agency's administrator keeps the accounts of the agency, and makes nobody more than they may be."""

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from cooperation.models import User
from cooperation.permissions import CHANGE, ORDINARY_ROLES, ROLES, VIEW
from cooperation.roles import sync_roles
from tests.factories import make_agency, make_user
from tests.pages import form_data, form_errors, html_of, text_of

pytestmark = pytest.mark.django_db

PASSWORD = "mot-mat-khau-de-thu"
LIST = reverse("admin:cooperation_user_changelist")
ADD = reverse("admin:cooperation_user_add")


def change_of(user):
    return reverse("admin:cooperation_user_change", args=(user.pk,))


def password_of(user):
    return reverse("admin:auth_user_password_change", args=(user.pk,))


@pytest.fixture
def office():
    sync_roles()
    return make_agency("Sở Công Thương")


@pytest.fixture
def keeper(client, office):
    """The agency's administrator, signed in."""
    user = make_user("quan-tri-don-vi", agency=office, role="Quản trị đơn vị", password=PASSWORD)
    client.force_login(user)
    return user


@pytest.fixture
def colleague(office):
    return make_user("dong-nghiep", agency=office, role="Chuyên viên", password=PASSWORD)


@pytest.fixture
def beyond(office):
    """Accounts that the agency's administrator must not reach, by why."""
    by_permission = make_user("quyen-rieng", agency=office)
    by_permission.user_permissions.add(Permission.objects.first())
    return {
        "foreign": make_user("co-quan-khac", agency=make_agency()),
        "superuser": make_user("sieu-quan-tri", agency=office, is_superuser=True),
        "system": make_user("quan-tri-he-thong", agency=office, role="Quản trị hệ thống"),
        "unknown role": make_user("vai-tro-la", agency=office, role="Vai trò lạ"),
        "own permission": by_permission,
        "no agency": make_user("khong-co-quan"),
    }


def pks(names):
    return [str(Group.objects.get(name=name).pk) for name in names]


def test_whose_accounts(office, keeper, colleague, beyond):
    unit = make_user("don-vi", agency=make_agency(parent=office))
    for action in (VIEW, CHANGE):
        assert set(User.objects.for_user(keeper, action)) == {keeper, colleague, unit}
        assert not User.objects.for_user(colleague, action).exists()
        assert User.objects.for_user(beyond["superuser"], action).count() == User.objects.count()
        keeper.is_active = False
        assert not User.objects.for_user(keeper, action).exists()
        keeper.is_active = True


def test_the_list_shows_them(client, keeper, colleague, beyond):
    page = text_of(client.get(LIST))
    assert "dong-nghiep" in page
    assert not [why for why, user in beyond.items() if user.username in page]


@pytest.mark.parametrize(
    "why", ["foreign", "superuser", "system", "unknown role", "own permission", "no agency"]
)
def test_others_are_not_there(client, keeper, beyond, why):
    user = beyond[why]
    before = User.objects.filter(pk=user.pk).values().get()
    history = reverse("admin:cooperation_user_history", args=(user.pk,))
    for address in (change_of(user), history):
        assert client.get(address).status_code == 404
    assert client.get(password_of(user)).status_code == 404
    data = {"password1": "mat-khau-moi-9", "password2": "mat-khau-moi-9"}
    assert client.post(password_of(user), data).status_code == 404
    assert client.post(change_of(user), {"username": "x", "form_version": "1"}).status_code == 404
    client.post(LIST, {"action": "reset_second_factor", "_selected_action": [user.pk]})
    assert User.objects.filter(pk=user.pk).values().get() == before


@pytest.mark.parametrize("role", [name for name in ROLES if not name.startswith("Quản trị")])
def test_other_roles_keep_no_accounts(client, office, colleague, role):
    client.force_login(make_user(agency=office, role=role))
    assert client.get(LIST).status_code == 403
    assert client.get(ADD).status_code == 403
    assert client.get(change_of(colleague)).status_code in {302, 403}
    assert client.get(password_of(colleague)).status_code in {403, 404}


def new_account(**kwargs):
    return {
        "username": "nguoi-moi", "full_name": "Người Mới",
        "password1": "mat-khau-dau-tien", "password2": "mat-khau-dau-tien", **kwargs,
    }  # fmt: skip


def test_a_new_account_must_change_its_password(client, office, keeper):
    response = client.post(ADD, new_account(agency=office.pk, groups=pks(["Chuyên viên"])))
    assert response.status_code == 302
    user = User.objects.get(username="nguoi-moi")
    assert (user.is_staff, user.is_superuser, user.must_change_password) == (True, False, True)
    assert [group.name for group in user.groups.all()] == ["Chuyên viên"]
    assert user.check_password("mat-khau-dau-tien")


def test_what_may_be_given(client, office, keeper):
    form = client.get(ADD).context["adminform"].form
    assert {group.name for group in form.fields["groups"].queryset} == set(ORDINARY_ROLES)
    assert list(form.fields["agency"].queryset) == [office]
    assert not {"is_staff", "is_superuser", "usable_password", "user_permissions"} & set(form.fields)


def test_nobody_is_made_more_than_ordinary(client, office, keeper, colleague):
    refused = client.post(ADD, new_account(agency=office.pk, groups=pks(["Quản trị hệ thống"])))
    assert form_errors(refused)
    for agency in ("", make_agency().pk):
        assert form_errors(client.post(ADD, new_account(agency=agency)))
    assert not User.objects.filter(username="nguoi-moi").exists()

    data = form_data(client.get(change_of(colleague)))
    data |= {"is_superuser": "on", "is_staff": "", "user_permissions": [1], "agency": office.pk}
    assert client.post(change_of(colleague), data).status_code == 302
    colleague.refresh_from_db()
    assert not colleague.is_superuser
    assert colleague.is_staff
    assert not colleague.user_permissions.exists()

    data = form_data(client.get(change_of(colleague)))
    assert form_errors(client.post(change_of(colleague), data | {"groups": pks(["Quản trị hệ thống"])}))


def test_roles_are_given_and_taken(client, keeper, colleague):
    data = form_data(client.get(change_of(colleague)))
    client.post(change_of(colleague), data | {"groups": pks(["Người duyệt", "Nhập liệu"])})
    assert {group.name for group in colleague.groups.all()} == {"Người duyệt", "Nhập liệu"}


def test_an_account_is_shut_and_never_deleted(client, keeper, colleague):
    data = form_data(client.get(change_of(colleague)))
    del data["is_active"]
    assert client.post(change_of(colleague), data).status_code == 302
    colleague.refresh_from_db()
    assert not colleague.is_active
    for user in (keeper, make_user(is_superuser=True)):
        client.force_login(user)
        address = reverse("admin:cooperation_user_delete", args=(colleague.pk,))
        assert client.post(address, {"post": "yes"}).status_code == 403
        assert "delete_selected" not in html_of(client.get(LIST))


def test_nobody_shuts_themselves_out(client, keeper):
    data = form_data(client.get(change_of(keeper)))
    del data["is_active"]
    assert "Bạn không thể tự bỏ quyền này của chính mình." in form_errors(
        client.post(change_of(keeper), data)
    )
    keeper.refresh_from_db()
    assert keeper.is_active


def test_the_second_of_two_editors_is_told(client, keeper, colleague):
    first = form_data(client.get(change_of(colleague)))
    second = dict(first)
    assert client.post(change_of(colleague), first | {"full_name": "Bản một"}).status_code == 302
    refused = client.post(change_of(colleague), second | {"full_name": "Bản hai"})
    assert "Người khác vừa sửa" in form_errors(refused)[0]
    colleague.refresh_from_db()
    assert colleague.full_name == "Bản một"


def test_signing_in_is_no_edit(client, keeper, colleague):
    data = form_data(client.get(change_of(colleague)))
    client.force_login(colleague)
    client.force_login(keeper)
    assert client.post(change_of(colleague), data | {"full_name": "Tên mới"}).status_code == 302


def test_a_form_without_its_version_is_refused(client, keeper, colleague):
    data = form_data(client.get(change_of(colleague)))
    del data["form_version"]
    assert form_errors(client.post(change_of(colleague), data))


def test_a_password_set_by_the_administrator_must_be_changed(client, keeper, colleague):
    response = client.post(
        password_of(colleague), {"password1": "mat-khau-tam-9", "password2": "mat-khau-tam-9"}
    )
    assert response.status_code == 302
    colleague.refresh_from_db()
    assert colleague.check_password("mat-khau-tam-9")
    assert colleague.must_change_password
    client.force_login(colleague)
    assert client.get(reverse("admin:index")).url.startswith(reverse("account-password"))


def test_ones_own_password_is_changed_on_ones_own_page(client, keeper):
    assert client.get(password_of(keeper)).url == reverse("account-password")


def act(client, action, *users):
    data = {"action": action, "_selected_action": [user.pk for user in users]}
    return text_of(client.post(LIST, data, follow=True))


def test_a_lost_phone_is_taken_off_a_colleague_and_not_off_oneself(client, keeper, colleague):
    client.force_login(keeper)
    for user in (keeper, colleague):
        TOTPDevice.objects.create(user=user, name="phone")
    session = client.session
    session["otp_device_id"] = TOTPDevice.objects.get(user=keeper).persistent_id
    session.save()
    page = act(client, "reset_second_factor", keeper, colleague)
    assert "Gỡ xác thực hai bước: dong-nghiep." in page
    assert [device.user for device in TOTPDevice.objects.all()] == [keeper]
    assert LogEntry.objects.get(object_id=str(colleague.pk)).change_message == "Gỡ xác thực hai bước"
    assert "Không tài khoản nào" in act(client, "reset_second_factor", colleague)


def test_a_locked_colleague_is_let_in_again(client, keeper, colleague):
    AccessAttempt.objects.create(username="dong-nghiep", failures_since_start=5)
    assert "Mở khóa đăng nhập: dong-nghiep." in act(client, "unlock_sign_in", colleague)
    assert not AccessAttempt.objects.exists()


def test_queries_of_the_list(client, office, keeper, django_assert_num_queries):
    counts = []
    for _n in range(2):
        for _m in range(5):
            make_user(agency=office)
        with django_assert_num_queries(8):
            client.get(LIST)
        counts.append(User.objects.count())
    assert counts[0] < counts[1]


def test_no_page_shows_keys_or_attempts():
    shown = {model._meta.label_lower for model in admin.site._registry}
    assert not {name for name in shown if name.split(".")[0] in {"axes", "otp_totp", "otp_static"}}


def test_who_runs_the_system_keeps_all_but_superusers(client, office, colleague, beyond):
    system = beyond["system"]
    assert set(User.objects.for_user(system)) == {colleague, *beyond.values()} - {beyond["superuser"]}
    client.force_login(system)
    form = client.get(ADD).context["adminform"].form
    assert {group.name for group in form.fields["groups"].queryset} == set(ROLES)
    data = form_data(client.get(change_of(colleague)))
    changed = data | {"groups": pks(["Quản trị hệ thống"]), "is_superuser": "on"}
    assert client.post(change_of(colleague), changed).status_code == 302
    colleague.refresh_from_db()
    assert [group.name for group in colleague.groups.all()] == ["Quản trị hệ thống"]
    assert not colleague.is_superuser
    assert client.get(change_of(beyond["superuser"])).status_code == 404


def test_a_superuser_makes_another(client, office):
    client.force_login(make_user(is_superuser=True))
    user = make_user(agency=office)
    data = form_data(client.get(change_of(user)))
    assert client.post(change_of(user), data | {"is_superuser": "on"}).status_code == 302
    user.refresh_from_db()
    assert user.is_superuser
    assert user.version == 2


@pytest.mark.parametrize("twin", ["SIEU-QUAN-TRI", "Sieu-Quan-Tri"])
def test_no_name_that_differs_by_capitals_alone(client, keeper, colleague, beyond, twin):
    """Both would share one lock of tries, and each sign-in of the one would open the other's."""
    data = form_data(client.get(change_of(colleague)))
    page = client.post(change_of(colleague), data | {"username": twin})
    assert "không kể chữ hoa, chữ thường" in text_of(page)
    assert User.objects.get(pk=colleague.pk).username == colleague.username
