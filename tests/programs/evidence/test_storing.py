"""Evidence rows and their files: both or neither, never exchanged, kept when the row goes to the bin."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from programs.evidence.attaching import attach
from programs.evidence.files import prepare
from programs.models import Evidence
from tests.factories import make_activity, make_agency, make_update, make_user
from tests.programs.evidence.hostile import SOUND, pdf

pytestmark = pytest.mark.django_db


def stored() -> set[str]:
    folder = Path(portal.MEDIA_ROOT) / "evidence"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def upload(content=None, name="Biên bản họp.pdf"):
    return SimpleUploadedFile(name, pdf() if content is None else content)


def attached(activity=None, **facts):
    return attach(
        **{
            "activity": activity or make_activity(),
            "update": None,
            "file": upload(),
            "title": "Biên bản",
            "document_number": "",
            "user": None,
            **facts,
        }
    )


def test_a_row_says_what_was_stored_by_whom():
    user = make_user()
    activity = make_activity()
    report = make_update(activity)
    row = attached(activity, update=report, user=user, document_number=" 12/BB ")
    row.refresh_from_db()
    assert row.file.name == f"evidence/{row.uuid}"
    assert str(row.uuid) in stored()
    content = row.file.read()
    row.file.close()
    assert (row.size, row.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (row.file_name, row.document_number, row.added_by) == ("Biên bản họp.pdf", "12/BB", user)
    assert report.evidence.get() == row


def test_a_picture_is_stored_as_it_was_written_anew():
    row = attached(file=upload(*reversed(SOUND["jpg"])))
    assert row.file_name == "Ảnh hội nghị.jpg"
    with row.file.open() as file:
        assert hashlib.sha256(file.read()).hexdigest() == row.sha256


def test_a_number_alone_and_a_file_without_a_title_will_do():
    assert not attached(file=None, document_number="12/BB").file
    assert attached(title=" ").title == "Biên bản họp.pdf"


def test_neither_file_nor_number_is_refused():
    with pytest.raises(ValidationError, match="cần một tệp hoặc số văn bản"):
        attached(file=None)


def test_a_report_of_another_activity_is_refused():
    with pytest.raises(ValidationError, match="không thuộc hoạt động này"):
        attached(update=make_update())
    assert not Evidence.objects.exists()


def test_a_refused_file_leaves_nothing():
    before = stored()
    with pytest.raises(ValidationError, match="Chỉ nhận"):
        attached(file=upload(b"<svg/>"))
    assert (stored(), Evidence.objects.count()) == (before, 0)


class FaultError(Exception):
    pass


def test_a_rolled_back_savepoint_takes_its_file_with_it():
    kept = attached()
    before = stored()
    with pytest.raises(FaultError), transaction.atomic():
        lost = attached()
        assert str(lost.uuid) in stored()
        raise FaultError
    assert stored() == before
    assert str(kept.uuid) in before


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_takes_its_file_with_it():
    activity = make_activity()
    kept = attached(activity)
    before = stored()
    with pytest.raises(FaultError), transaction.atomic():
        attached(activity)
        attached(activity)
        raise FaultError
    assert stored() == before
    with transaction.atomic():
        second = attached(activity)
    assert {str(kept.uuid), str(second.uuid)} <= stored()


def test_a_row_that_cannot_be_written_leaves_no_file():
    before = stored()
    row = Evidence(activity_id=0, title="Biên bản", file=upload())
    with pytest.raises(Exception, match=r"FOREIGN KEY|foreign key"), transaction.atomic():
        row.save()
        transaction.get_connection().check_constraints()
    assert stored() == before


def test_a_file_is_not_exchanged_but_may_come_later():
    row = attached(file=None, document_number="12/BB")
    row.file = upload()
    row.save()
    assert row.size
    row.file = upload(name="khác.pdf")
    with pytest.raises(ValidationError, match="không thay được"):
        row.save()
    row = Evidence.objects.get()
    row.title = "Tên khác"
    row.save()
    assert Evidence.objects.get().file_name == "Biên bản họp.pdf"


def test_the_bin_keeps_the_file():
    row = attached()
    row.deleted_at = timezone.now()
    row.save()
    assert not Evidence.objects.exists()
    assert str(row.uuid) in stored()


def test_the_model_looks_at_a_file_by_itself():
    row = Evidence(activity=make_activity(), title="Ảnh", file=upload(b"<svg/>", "a.png"))
    with pytest.raises(ValidationError, match="Chỉ nhận"):
        row.full_clean()
    with pytest.raises(ValidationError, match="Chỉ nhận"):
        row.save()


def test_a_file_is_looked_into_once(monkeypatch):
    calls = []
    monkeypatch.setattr("programs.evidence.scanner.require_clean", lambda data: calls.append(1))
    file = upload()
    prepare(file, None)
    attached(file=file)
    assert calls == [1]


def test_what_stands_on_a_report_follows_the_report():
    lead, partner, stranger = (make_user(agency=make_agency()) for _side in range(3))
    activity = make_activity(lead_agency=lead.agency)
    activity.partner_agencies.add(partner.agency)
    of_activity = attached(activity)
    draft = make_update(activity, status="draft", decided_at=None, agency=lead.agency)
    of_draft = attached(activity, update=draft)
    of_partner = attached(activity, update=make_update(activity, agency=partner.agency, is_counterpart=True))

    def rows(user, action):
        return set(Evidence.objects.for_user(user, action))

    assert rows(lead, "view") == {of_activity, of_draft, of_partner}
    assert rows(lead, "change") == {of_activity, of_draft}
    assert rows(partner, "view") == {of_activity, of_partner}
    assert rows(partner, "change") == {of_partner}
    assert not rows(stranger, "view")
