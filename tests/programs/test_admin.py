"""The admin of activities, reports, periods and indicators."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from cooperation.roles import sync_roles
from programs.models import Activity, Milestone, ProgressUpdate
from tests.factories import make_activity, make_agency, make_area, make_milestone, make_update, make_user
from tests.pages import form_data, form_errors, inline_errors, text_of, with_row

pytestmark = pytest.mark.django_db

Status = ProgressUpdate.Status
DAY = date(2022, 6, 30)


@pytest.fixture
def office():
    sync_roles()
    return make_agency()


@pytest.fixture
def sign_in(client, office):
    def enter(role):
        user = make_user(agency=office, role=role)
        client.force_login(user)
        return user

    return enter


@pytest.fixture
def activity(office):
    return make_activity(lead_agency=office)


def change(activity):
    return reverse("admin:programs_activity_change", args=(activity.pk,))


def test_a_report_written_on_the_activity_is_a_draft_of_its_author(client, sign_in, activity):
    user = sign_in("Chuyên viên")
    data = form_data(client.get(change(activity)))
    row = {"effective_on": "30/06/2022", "percent": "40,5", "results": "Ba doanh nghiệp."}
    answer = client.post(change(activity), with_row(data, "updates", **row))
    assert answer.status_code == 302, inline_errors(answer)
    report = activity.updates.get()
    assert (report.status, report.reported_by, float(report.percent)) == (Status.DRAFT, user, 40.5)
    told = text_of(client.get(reverse("admin:programs_activity_changelist")))
    assert "còn là bản nháp. Mở các bản nháp , đánh dấu" in told


def test_written_reports_are_not_rewritten_on_the_activity(client, sign_in, activity):
    sign_in("Chuyên viên")
    report = make_update(activity, 40)
    page = client.get(change(activity))
    assert "40,0" in text_of(page)
    data = form_data(page) | {"updates-0-id": report.pk, "updates-0-percent": "99"}
    client.post(change(activity), data)
    report.refresh_from_db()
    assert report.percent == 40


def test_a_milestone_twice_on_one_day_is_said_in_the_form(client, sign_in, activity):
    sign_in("Chuyên viên")
    make_milestone(activity, DAY)
    data = form_data(client.get(change(activity)))
    answer = client.post(change(activity), with_row(data, "milestones", title="Mốc", due_on="30/06/2022"))
    assert inline_errors(answer) == ["Hoạt động đã có một mốc cùng hạn."]
    assert Milestone.objects.count() == 1


def test_evidence_needs_a_file_or_a_number(client, sign_in, activity):
    sign_in("Chuyên viên")
    data = form_data(client.get(change(activity)))
    answer = client.post(change(activity), with_row(data, "evidence", title="Biên bản"))
    assert inline_errors(answer) == ["Minh chứng cần một tệp hoặc số văn bản."]
    done = client.post(change(activity), with_row(data, "evidence", title="Biên bản", document_number="1/BB"))
    assert done.status_code == 302
    assert activity.evidence.get().document_number == "1/BB"


def test_a_program_of_another_area_is_refused(client, sign_in, activity):
    sign_in("Chuyên viên")
    other = make_activity(area=make_area(activity.area.plan, 2), code="KHAC")
    data = form_data(client.get(change(activity))) | {"code": other.code}
    (error,) = form_errors(client.post(change(activity), data))
    assert error == "Đã có hoạt động mang mã này."


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("qua-han", "Quá hạn"),
        ("sap-den-han", "Sắp đến hạn"),
        ("chua-bao-cao", "Chưa báo cáo"),
        ("dang-lam", None),
        ("khong-co", ""),
    ],
)
def test_the_list_answers_the_questions_of_the_first_page(client, sign_in, office, question, title):
    today = localdate()
    facts = {"lead_agency": office, "lifecycle": "in_progress"}
    late = make_activity(title="Quá hạn", due_on=today - timedelta(1), **facts)
    soon = make_activity(title="Sắp đến hạn", due_on=today + timedelta(1), **facts)
    make_activity(title="Chưa báo cáo", start_on=today - timedelta(9), **facts)
    for activity in (late, soon):
        make_update(activity)
    sign_in("Chuyên viên")
    page = client.get(reverse("admin:programs_activity_changelist"), {"viec": question})
    titles = {row.title for row in page.context["cl"].result_list}
    everything = {"Quá hạn", "Sắp đến hạn", "Chưa báo cáo"}
    assert titles == (everything if title is None else {title} - {""})


# Reports


def run(client, action, *reports):
    address = reverse("admin:programs_progressupdate_changelist")
    data = {"action": action, "_selected_action": [report.pk for report in reports]}
    return client.post(address, data, follow=True)


def draft(activity, **facts):
    return make_update(activity, **{"status": Status.DRAFT, "decided_at": None, **facts})


def test_reports_are_sent_and_accepted_by_actions(client, sign_in, activity):
    sign_in("Chuyên viên")
    report = draft(activity)
    assert "Đã gửi duyệt 1 báo cáo." in text_of(run(client, "submit_reports", report))
    sign_in("Người duyệt")
    assert "Đã duyệt 1 báo cáo." in text_of(run(client, "accept_reports", report))
    report.refresh_from_db()
    assert report.status == Status.ACCEPTED


def test_what_cannot_move_says_why_and_the_rest_moves(client, sign_in, activity):
    sign_in("Người duyệt")
    ready, not_sent = draft(activity, status=Status.SUBMITTED), draft(activity)
    page = text_of(run(client, "accept_reports", ready, not_sent))
    assert "Đã duyệt 1 báo cáo." in page
    assert "“bản nháp” nên không làm được việc này" in page


def test_a_report_is_returned_with_a_word(client, sign_in, activity):
    approver = sign_in("Người duyệt")
    report = draft(activity, status=Status.SUBMITTED)
    asked = run(client, "return_reports", report)
    assert "đơn vị cần sửa gì" in text_of(asked)
    address = reverse("admin:programs_progressupdate_changelist")
    data = {"action": "return_reports", "_selected_action": [report.pk]}
    assert "phải ghi ý kiến" in text_of(client.post(address, data | {"return_note": "  "}))
    report.refresh_from_db()
    assert report.status == Status.SUBMITTED
    done = client.post(address, data | {"return_note": "Thiếu minh chứng."}, follow=True)
    assert "Đã trả lại 1 báo cáo." in text_of(done)
    report.refresh_from_db()
    assert (report.status, report.return_note, report.decided_by) == (
        Status.RETURNED, "Thiếu minh chứng.", approver,
    )  # fmt: skip


def test_a_reporter_has_no_action_to_accept(client, sign_in, activity):
    sign_in("Chuyên viên")
    report = draft(activity, status=Status.SUBMITTED)
    run(client, "accept_reports", report)
    report.refresh_from_db()
    assert report.status == Status.SUBMITTED


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.ACCEPTED])
def test_what_waits_or_counts_is_read_only(client, sign_in, activity, status):
    sign_in("Chuyên viên")
    report = make_update(activity, status=status)
    address = reverse("admin:programs_progressupdate_change", args=(report.pk,))
    assert 'name="_save"' not in client.get(address).content.decode()
    assert client.post(address, {"percent": 99}).status_code == 403


def test_a_status_cannot_be_sent_along(client, sign_in, activity):
    user = sign_in("Chuyên viên")
    address = reverse("admin:programs_progressupdate_add")
    data = {"activity": activity.pk, "effective_on": "30/06/2022", "percent": "10", "status": "accepted"}
    assert client.post(address, data).status_code == 302
    report = ProgressUpdate.objects.get()
    assert (report.status, report.reported_by, report.decided_by) == (Status.DRAFT, user, None)


def test_a_report_for_a_foreign_activity_is_refused(client, sign_in, activity):
    sign_in("Chuyên viên")
    foreign = make_activity(lead_agency=make_agency())
    address = reverse("admin:programs_progressupdate_add")
    client.post(address, {"activity": foreign.pk, "effective_on": "30/06/2022", "percent": "10"})
    foreign.partner_agencies.add(activity.lead_agency)
    client.post(address, {"activity": foreign.pk, "effective_on": "30/06/2022", "percent": "10"})
    assert not ProgressUpdate.objects.exists()


def test_snapshots_are_only_read(client, office):
    client.force_login(make_user(is_superuser=True))
    assert client.get(reverse("admin:programs_snapshot_add")).status_code == 403


def test_an_activity_with_reports_is_not_deleted(client, activity):
    client.force_login(make_user(is_superuser=True))
    make_update(activity)
    address = reverse("admin:programs_activity_delete", args=(activity.pk,))
    page = client.get(address)
    assert page.status_code == 200
    client.post(address, {"post": "yes"})
    assert Activity.objects.filter(pk=activity.pk).exists()


def test_nothing_is_deleted_by_the_dozen_and_accepted_reports_not_at_all(client, activity):
    client.force_login(make_user(is_superuser=True))
    accepted, sketch = make_update(activity), draft(activity)
    address = reverse("admin:programs_progressupdate_changelist")
    data = {"action": "delete_selected", "_selected_action": [accepted.pk, sketch.pk], "post": "yes"}
    client.post(address, data)
    assert set(ProgressUpdate.objects.all()) == {accepted, sketch}
    for update in (accepted, sketch):
        client.post(
            reverse("admin:programs_progressupdate_delete", args=(update.pk,)),
            {"post": "yes", "reason": "nhập nhầm"},
        )
    assert set(ProgressUpdate.objects.all()) == {accepted}
    assert ProgressUpdate.with_deleted.get(pk=sketch.pk).history.first().history_change_reason == "nhập nhầm"
