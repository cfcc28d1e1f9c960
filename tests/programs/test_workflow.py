"""Draft, submitted, accepted or returned: who may do which step, and what each step leaves behind."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from cooperation.roles import sync_roles
from programs import workflow
from programs.figures import activity_figure
from programs.models import ProgressUpdate
from tests.factories import make_activity, make_agency, make_update, make_user

pytestmark = pytest.mark.django_db

Status = ProgressUpdate.Status


@pytest.fixture
def office():
    sync_roles()
    return make_agency()


@pytest.fixture
def activity(office):
    return make_activity(lead_agency=office)


@pytest.fixture
def reporter(office):
    return make_user(agency=office, role="Chuyên viên")


@pytest.fixture
def approver(office):
    return make_user(agency=office, role="Người duyệt")


def draft(activity, percent=40, **facts):
    return make_update(activity, percent, **{"status": Status.DRAFT, "decided_at": None, **facts})


def submitted(activity, percent=40, **facts):
    return draft(activity, percent, status=Status.SUBMITTED, submitted_at=timezone.now(), **facts)


def test_the_whole_way(activity, reporter, approver):
    report = draft(activity)
    sent = workflow.submit(update=report, user=reporter)
    assert (sent.status, sent.reported_by) == (Status.SUBMITTED, reporter)
    assert sent.submitted_at is not None
    done = workflow.accept(update=sent, user=approver)
    assert (done.status, done.decided_by) == (Status.ACCEPTED, approver)
    assert done.decided_at >= sent.submitted_at
    assert list(ProgressUpdate.objects.accepted(report.effective_on)) == [report]
    assert [row.status for row in report.history.order_by("history_id")] == [
        Status.DRAFT, Status.SUBMITTED, Status.ACCEPTED,
    ]  # fmt: skip


def test_a_returned_report_says_why_and_goes_round_again(activity, reporter, approver):
    report = submitted(activity)
    back = workflow.return_(update=report, user=approver, note=" Thiếu minh chứng. ")
    assert (back.status, back.return_note, back.decided_by) == (
        Status.RETURNED, "Thiếu minh chứng.", approver,
    )  # fmt: skip
    assert workflow.submit(update=back, user=reporter).status == Status.SUBMITTED


def test_to_return_needs_a_note(activity, approver):
    with pytest.raises(ValidationError, match="phải ghi ý kiến"):
        workflow.return_(update=submitted(activity), user=approver, note="  ")


@pytest.mark.parametrize("step", [workflow.accept, lambda **k: workflow.return_(**k, note="Sai.")])
def test_who_reports_does_not_decide(activity, reporter, step):
    report = submitted(activity)
    with pytest.raises(PermissionDenied):
        step(update=report, user=reporter)
    report.refresh_from_db()
    assert report.status == Status.SUBMITTED


def test_another_agency_moves_nothing(activity):
    stranger = make_user(agency=make_agency(), role="Người duyệt")
    with pytest.raises(PermissionDenied, match="đơn vị"):
        workflow.submit(update=draft(activity), user=stranger)
    with pytest.raises(PermissionDenied, match="đơn vị"):
        workflow.accept(update=submitted(activity), user=stranger)
    assert not ProgressUpdate.objects.filter(status=Status.ACCEPTED).exists()


def test_a_leader_decides_nothing(activity, office):
    leader = make_user(agency=office, role="Lãnh đạo")
    for step, report in ((workflow.submit, draft(activity)), (workflow.accept, submitted(activity))):
        with pytest.raises(PermissionDenied):
            step(update=report, user=leader)


@pytest.mark.parametrize(
    ("step", "allowed"),
    [
        (workflow.submit, {Status.DRAFT, Status.RETURNED}),
        (workflow.accept, {Status.SUBMITTED}),
        (lambda **k: workflow.return_(**k, note="Sai."), {Status.SUBMITTED}),
    ],
)
@pytest.mark.parametrize("status", Status)
def test_each_step_starts_from_its_own_states(activity, approver, step, allowed, status):
    facts = {"return_note": "Sai."} if status == Status.RETURNED else {}
    report = make_update(activity, status=status, **facts)
    if status in allowed:
        assert step(update=report, user=approver).status != status
    else:
        with pytest.raises(ValidationError, match="nên không làm được"):
            step(update=report, user=approver)


def test_a_fall_needs_a_reason(activity, approver):
    make_update(activity, 60, date(2022, 3, 31))
    lower = submitted(activity, 50)
    with pytest.raises(ValidationError, match="giảm từ 60"):
        workflow.accept(update=lower, user=approver)
    lower.fall_reason = "Đếm lại theo biên bản."
    lower.save()
    assert workflow.accept(update=lower, user=approver).status == Status.ACCEPTED


def test_a_higher_later_report_asks_for_no_reason(activity, approver):
    make_update(activity, 60, date(2023, 3, 31))
    assert workflow.accept(update=submitted(activity, 50), user=approver)


def test_a_report_dated_back_must_not_make_the_next_one_fall_unexplained(activity, approver):
    make_update(activity, 40, date(2022, 9, 30))
    back = submitted(activity, 80, effective_on=date(2022, 3, 31))
    with pytest.raises(ValidationError, match=r"giảm từ 80,0 xuống 40,0 % \(30/09/2022\)"):
        workflow.accept(update=back, user=approver)
    back.fall_reason = "Báo cáo quý III đếm lại."
    back.save()
    assert workflow.accept(update=back, user=approver)


def test_of_two_reports_of_one_day_the_one_accepted_later_counts(activity, approver):
    older = draft(activity, 50)
    workflow.accept(update=submitted(activity, 40), user=approver)
    older.status = Status.SUBMITTED
    older.save()
    workflow.accept(update=older, user=approver)
    assert activity_figure(activity, older.effective_on).shown == 50


def test_an_accepted_report_is_never_rewritten(activity):
    report = make_update(activity)
    report.percent = 99
    with pytest.raises(ValidationError, match="hãy lập báo cáo mới"):
        report.save()
    with pytest.raises(ValidationError, match="hãy lập báo cáo mới"):
        report.delete()
    report.refresh_from_db()
    assert report.percent == 40
