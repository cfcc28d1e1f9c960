"""Evidence files: judged by content, stored under an unguessable name, read only with rights."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from cooperation.roles import sync_roles
from programs.models import Evidence
from tests.factories import make_activity, make_agency, make_user

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def evidence(activity, content=PDF, name="Biên bản họp.pdf"):
    record = Evidence(activity=activity, title="Biên bản", file=SimpleUploadedFile(name, content))
    record.full_clean()
    record.save()
    return record


@pytest.fixture
def owner():
    sync_roles()
    return make_user(agency=make_agency(), role="Chuyên viên")


def test_the_owner_downloads_it_under_its_own_name_in_a_sandbox(client, owner):
    record = evidence(make_activity(lead_agency=owner.agency))
    assert str(record.uuid) in record.file.name
    assert "họp" not in record.file.name
    client.force_login(owner)
    response = client.get(record.get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_a_foreign_file_answers_like_one_that_is_not_there(client, owner):
    record = evidence(make_activity(lead_agency=make_agency()))
    client.force_login(owner)
    foreign = client.get(record.get_absolute_url())
    missing = client.get("/minh-chung/00000000-0000-4000-8000-000000000000/")
    assert (foreign.status_code, missing.status_code) == (404, 404)


def test_without_signing_in_one_is_sent_to_sign_in(client, owner):
    response = client.get(evidence(make_activity(lead_agency=owner.agency)).get_absolute_url())
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"<html><script>alert(1)</script></html>"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("a.png", b"MZ\x90\x00"),
        ("a.docx", b"PK\x03\x04 not a document"),
        ("trong.pdf", b" "),
    ],
)
def test_what_is_not_a_document_or_picture_is_refused(name, content):
    with pytest.raises(ValidationError, match="Chỉ nhận tệp PDF"):
        evidence(make_activity(), content, name)


def test_a_path_in_the_name_goes_nowhere():
    record = evidence(make_activity(), name="../../etc/passwd.pdf")
    assert record.file.name == f"evidence/{record.uuid}"
    assert "/" not in record.file_name
