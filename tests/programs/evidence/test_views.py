"""Serving: rights on every read, a sandbox around every answer."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from cooperation.roles import sync_roles
from programs.models import Evidence
from tests.factories import make_activity, make_agency, make_user
from tests.programs.evidence.hostile import SOUND, pdf
from tests.programs.evidence.test_storing import attached, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    sync_roles()
    return make_agency()


@pytest.fixture
def row(office):
    return attached(make_activity(lead_agency=office))


def body(response):
    return b"".join(response.streaming_content)


def user_who(is_, office):
    unit = make_agency(parent=office)
    match is_:
        case "of the agency":
            return make_user(agency=office, role="Chuyên viên")
        case "approver":
            return make_user(agency=office, role="Người duyệt")
        case "of a unit below":
            return make_user(agency=unit, role="Chuyên viên")
        case "of another agency":
            return make_user(agency=make_agency(), role="Chuyên viên")
        case "of no agency":
            return make_user(role="Chuyên viên")
        case "leader":
            return make_user(agency=make_agency(), role="Lãnh đạo")
        case "administrator":
            return make_user(is_superuser=True)
        case "without a role":
            return make_user(agency=office)
        case "not staff":
            return make_user(agency=office, role="Chuyên viên", is_staff=False)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("of the agency", 200),
        ("approver", 200),
        ("leader", 200),
        ("administrator", 200),
        ("of a unit below", 404),
        ("of another agency", 404),
        ("of no agency", 404),
        ("without a role", 404),
        ("not staff", 302),
    ],
)
def test_who_reads(client, office, row, who, status):
    client.force_login(user_who(who, office))
    response = client.get(row.get_absolute_url())
    assert response.status_code == status
    if status == 200:
        assert body(response) == pdf()


def test_the_agency_above_reads_what_its_unit_added(client, office):
    row = attached(make_activity(lead_agency=make_agency(parent=office)))
    client.force_login(user_who("of the agency", office))
    assert body(client.get(row.get_absolute_url())) == pdf()


def test_a_right_ends_with_the_role(client, office, row):
    user = user_who("of the agency", office)
    client.force_login(user)
    assert client.head(row.get_absolute_url()).status_code == 200
    user.groups.remove(Group.objects.get(name="Chuyên viên"))
    assert client.get(row.get_absolute_url()).status_code == 404
    user.is_active = False
    user.save()
    assert client.get(row.get_absolute_url()).status_code == 302


def test_without_signing_in_one_is_sent_to_sign_in(client, row):
    response = client.get(row.get_absolute_url())
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")


@pytest.mark.parametrize("record", ["evidence", "activity"])
def test_what_is_deleted_is_gone_for_everybody(client, row, record):
    deleted = row if record == "evidence" else row.activity
    deleted.deleted_at = timezone.now()
    deleted.save()
    client.force_login(make_user(is_superuser=True))
    assert client.get(row.get_absolute_url()).status_code == 404


def test_a_missing_row_number_or_file_answers_alike(client, row):
    client.force_login(make_user(is_superuser=True))
    number = attached(file=None, document_number="12/BB")
    Path(row.file.path).unlink()
    for address in (
        row.get_absolute_url(),
        number.get_absolute_url(),
        "/minh-chung/00000000-0000-4000-8000-000000000000/",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("kind", SOUND)
def test_only_pictures_are_shown_in_place(client, kind):
    name, content = SOUND[kind]
    row = attached(file=upload(content, name))
    client.force_login(make_user(is_superuser=True))
    response = client.get(row.get_absolute_url())
    assert len(body(response)) == row.size == int(response["Content-Length"])
    shown = "inline" if kind in ("jpg", "png") else "attachment"
    assert response["Content-Disposition"].startswith(f"{shown};")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; img-src 'self'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"].startswith(("image/", "application/"))


def test_head_says_the_same_without_the_file(client, row):
    client.force_login(make_user(is_superuser=True))
    head, whole = client.head(row.get_absolute_url()), client.get(row.get_absolute_url())
    assert dict(head.headers) == dict(whole.headers)
    assert head.content == b""
    assert body(whole) == pdf()
    assert client.post(row.get_absolute_url()).status_code == 405


def test_what_is_not_what_its_name_says_is_only_bytes(client, row):
    """A row that did not come in through `prepare`, or a file changed on the disk."""
    Path(row.file.path).write_bytes(b"<html><script>alert(1)</script>")
    Evidence.objects.update(file_name="a.html")
    client.force_login(make_user(is_superuser=True))
    response = client.get(row.get_absolute_url())
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;")
    assert body(response).startswith(b"<html>")


def test_a_read_costs_few_queries(client, office, row, django_assert_num_queries):
    client.force_login(user_who("of the agency", office))
    client.head(row.get_absolute_url())
    with django_assert_num_queries(QUERIES_A_READ):
        client.head(row.get_absolute_url())


# Session, user, two of the permissions, the agencies' line (2), the roles, the row.
QUERIES_A_READ = 7
