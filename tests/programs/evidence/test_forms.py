"""Evidence on the activity's admin page: every file through `prepare`, faults beside their field."""

import pytest
from django.db import connection
from django.urls import reverse

from cooperation.roles import sync_roles
from programs.models import Evidence
from tests.factories import make_activity, make_agency, make_update, make_user
from tests.pages import form_data, html_of
from tests.programs.evidence.hostile import SOUND, hostile, pdf
from tests.programs.evidence.test_storing import attached, upload

pytestmark = pytest.mark.django_db
SIZE = len(pdf())


@pytest.fixture
def user(client):
    sync_roles()
    user = make_user(agency=make_agency(), role="Chuyên viên")
    client.force_login(user)
    return user


@pytest.fixture
def activity(user):
    return make_activity(lead_agency=user.agency)


def page_of(activity):
    return reverse("admin:programs_activity_change", args=(activity.pk,))


def send(client, activity, *files, **facts):
    data = form_data(client.get(page_of(activity))) | facts
    first = int(data["evidence-TOTAL_FORMS"])
    data = {name: value for name, value in data.items() if not name.endswith("-file")}
    for number, file in enumerate(files, first):
        data |= {f"evidence-{number}-title": "Biên bản", f"evidence-{number}-file": file}
    data["evidence-TOTAL_FORMS"] = first + len(files)
    return client.post(page_of(activity), data)


def faults(response):
    (formset,) = [
        inline.formset
        for inline in response.context["inline_admin_formsets"]
        if inline.opts.model is Evidence
    ]
    return [said for form in formset.forms for row in form.errors.values() for said in row] + list(
        formset.non_form_errors()
    )


def test_files_are_stored_by_whoever_sends_them(client, user, activity):
    answer = send(client, activity, *(upload(content, name) for name, content in SOUND.values()))
    assert answer.status_code == 302, faults(answer)
    rows = Evidence.objects.order_by("pk")
    assert [row.file_name.rpartition(".")[2] for row in rows] == list(SOUND)
    assert {row.added_by for row in rows} == {user}
    assert all(row.sha256 and row.size for row in rows)


@pytest.mark.parametrize("label", ["svg", "png of 900 megapixels", "docx with a macro", "pdf, zip appended"])
def test_a_hostile_file_is_refused_beside_its_field(client, activity, label):
    name, content, _verdict = hostile()[label]
    answer = send(client, activity, upload(content, name))
    (said,) = faults(answer)
    assert said.endswith(".")
    assert said in html_of(answer)
    assert not Evidence.objects.exists()


def test_files_are_looked_into_before_the_transaction(client, activity, monkeypatch, transactional_db):
    seen = []
    monkeypatch.setattr(
        "programs.evidence.scanner.require_clean", lambda data: seen.append(connection.in_atomic_block)
    )
    assert send(client, activity, upload()).status_code == 302
    assert seen == [False]


def test_a_form_that_takes_too_long_says_so(client, activity, monkeypatch):
    monkeypatch.setattr("programs.evidence.forms._SECONDS_A_FORM", -1)
    (said,) = faults(send(client, activity, upload()))
    assert "thêm từng tệp" in said


def test_the_files_of_one_form_share_the_quota(client, activity, settings):
    settings.PORTAL_EVIDENCE_QUOTA_BYTES = SIZE * 2
    answer = send(client, activity, upload(), upload(), upload())
    assert "không đủ chỗ" in " ".join(faults(answer))
    assert not Evidence.objects.exists()
    assert send(client, activity, upload(), upload()).status_code == 302


def test_a_long_name_is_cut_not_refused(client, activity):
    answer = send(client, activity, upload(name="Ă" * 240 + ".pdf"))
    assert answer.status_code == 302, faults(answer)
    assert Evidence.objects.get().file_name == "Ă" * 196 + ".pdf"


def test_a_stored_file_is_a_link_and_stays(client, user, activity):
    row = attached(activity, user=user)
    page = html_of(client.get(page_of(activity)))
    assert f'href="{row.get_absolute_url()}"' in page
    assert 'name="evidence-0-file"' not in page
    data = form_data(client.get(page_of(activity)))
    data.pop("evidence-0-file", None)
    data |= {
        "evidence-0-title": "Tên khác",
        "evidence-0-file": upload(name="x.pdf"),
        "evidence-0-file-clear": "1",
    }
    assert client.post(page_of(activity), data).status_code == 302
    fresh = Evidence.objects.get()
    assert (fresh.title, fresh.file.name, fresh.sha256) == ("Tên khác", row.file.name, row.sha256)
    assert fresh.added_by == user


def test_the_other_sides_evidence_is_read_here_not_written(client, activity):
    partner = make_agency()
    activity.partner_agencies.add(partner)
    theirs = attached(activity, update=make_update(activity, agency=partner, is_counterpart=True))
    hidden = make_update(activity, agency=partner, is_counterpart=True, status="draft", decided_at=None)
    attached(activity, update=hidden, title="Chưa duyệt")
    page = client.get(page_of(activity))
    assert theirs.get_absolute_url() in html_of(page)
    assert "Chưa duyệt" not in html_of(page)
    data = form_data(page) | {"evidence-0-title": "Tên khác"}
    data.pop("evidence-0-file", None)
    client.post(page_of(activity), data)
    theirs.refresh_from_db()
    assert theirs.title == "Biên bản"


def test_a_reader_sees_links_and_no_fields(client, activity):
    row = attached(activity)
    client.force_login(make_user(agency=make_agency(), role="Lãnh đạo"))
    page = html_of(client.get(page_of(activity)))
    assert row.title in page
    assert 'type="file"' not in page
