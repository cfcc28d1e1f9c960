"""A report over the staff pages: written, sent, withdrawn, returned, accepted, and on the public page."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate
from PIL import Image

from programs.models import Activity, ProgressUpdate
from tests.factories import make_activity, make_agency, make_milestone, make_update, make_user
from tests.pages import form_data, text_of

pytestmark = pytest.mark.django_db

Status = ProgressUpdate.Status
WRITE = "/bao-cao/hoat-dong/HD-1/"


def photo(name="anh.jpg"):
    data = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), "image/jpeg")


def report(**fields):
    return {"form_version": 1, "percent": "42,5", "results": "Đã họp", "effective_on": "2022-06-30", **fields}


def sent(client, **fields):
    return client.post(WRITE, report(send=1, **fields), follow=True)


def test_written_sent_accepted_and_public(client, activity, reporter, approver):
    client.force_login(reporter)
    assert "Báo cáo của Sở Một" in text_of(client.get(WRITE))
    response = sent(client, evidence=photo(), evidence_title="Ảnh hội nghị")
    assert response.redirect_chain[-1][0] == reverse("my-work")
    update = ProgressUpdate.objects.get()
    assert (update.status, update.agency, update.reported_by) == (
        Status.SUBMITTED,
        activity.lead_agency,
        reporter,
    )
    assert (str(update.percent), update.evidence.get().title) == ("42.5", "Ảnh hội nghị")
    public = activity.get_absolute_url()
    assert "42,5" not in text_of(client.get(public))
    client.force_login(approver)
    queue = text_of(client.get(reverse("report-queue")))
    assert "Hội chợ kết nối" in queue and "42,5" in queue
    review = text_of(client.get(reverse("report-review", args=(update.pk,))))
    assert "Ảnh hội nghị" in review and "Đã họp" in review
    client.post(reverse("report-review", args=(update.pk,)), {"accept": 1})
    activity.refresh_from_db()
    assert activity.lifecycle == Activity.Lifecycle.IN_PROGRESS
    client.logout()
    assert "42,5" in text_of(client.get(public))


def test_a_draft_is_gone_on_with_and_nobody_else_sees_it(client, activity, reporter, approver):
    client.force_login(reporter)
    client.post(WRITE, report(keep=1))
    page = client.get(WRITE)
    assert "Đang viết tiếp bản nháp" in text_of(page)
    assert 'value="42,5"' in page.content.decode()
    client.post(WRITE, report(keep=1, results="Đã họp hai lần"))
    update = ProgressUpdate.objects.get()
    assert (update.status, update.results, update.version) == (Status.DRAFT, "Đã họp hai lần", 2)
    client.force_login(approver)
    assert client.get(reverse("report-review", args=(update.pk,))).status_code == 404
    assert "Không có báo cáo nào chờ bạn duyệt." in text_of(client.get(reverse("report-queue")))


def test_two_colleagues_write_one_draft(client, activity, office, reporter):
    client.force_login(reporter)
    client.post(WRITE, report(keep=1))
    colleague = make_user(agency=office, role="Chuyên viên", full_name="Lê Đồng Nghiệp")
    client.force_login(colleague)
    client.post(WRITE, report(keep=1, results="Bản của đồng nghiệp"))
    client.force_login(reporter)
    page = client.post(WRITE, report(keep=1, results="Bản của tôi"))
    shown = text_of(page)
    assert page.status_code == 200
    for words in ("Lê Đồng Nghiệp đã lưu bản mới", "Bản của đồng nghiệp", "Bản của tôi"):
        assert words in shown
    assert ProgressUpdate.objects.get().results == "Bản của đồng nghiệp"
    version = page.context["form"].data["form_version"]
    client.post(WRITE, report(keep=1, results="Bản chung", form_version=version))
    assert ProgressUpdate.objects.get().results == "Bản chung"


def test_returned_with_a_note_and_sent_again(client, activity, reporter, approver):
    client.force_login(reporter)
    sent(client)
    update = ProgressUpdate.objects.get()
    client.force_login(approver)
    address = reverse("report-review", args=(update.pk,))
    assert "Trả lại báo cáo phải ghi ý kiến" in text_of(client.post(address, {"return": 1, "note": " "}))
    client.post(address, {"return": 1, "note": "Thiếu số doanh nghiệp"})
    client.force_login(reporter)
    assert "Thiếu số doanh nghiệp" in text_of(client.get(WRITE))
    sent(client, form_version=ProgressUpdate.objects.get().version, results="12 doanh nghiệp")
    again = ProgressUpdate.objects.get()
    assert (again.pk, again.status, again.results) == (update.pk, Status.SUBMITTED, "12 doanh nghiệp")


def test_withdrawn_before_anybody_decided(client, activity, reporter, approver):
    client.force_login(reporter)
    sent(client)
    assert "đang chờ duyệt" in text_of(client.get(WRITE))
    client.post(WRITE, {"withdraw": 1})
    assert ProgressUpdate.objects.get().status == Status.DRAFT
    assert "không còn chờ duyệt" in text_of(client.post(WRITE, {"withdraw": 1}, follow=True))


def test_many_are_accepted_at_one_press_and_each_refusal_is_said(
    client, activity, office, reporter, approver
):
    client.force_login(reporter)
    sent(client)
    own = make_update(
        make_activity(activity.area, lead_agency=office, title="Việc tự báo"), 10,
        status=Status.SUBMITTED, decided_at=None, agency=office, reported_by=approver,
    )  # fmt: skip
    keys = list(ProgressUpdate.objects.values_list("pk", flat=True))
    client.force_login(approver)
    shown = text_of(client.post(reverse("report-queue"), {"report": keys}, follow=True))
    assert "Đã duyệt 1 báo cáo." in shown
    assert "không tự duyệt" in shown
    own.refresh_from_db()
    assert own.status == Status.SUBMITTED
    assert "Chưa đánh dấu báo cáo nào." in text_of(client.post(reverse("report-queue"), {}, follow=True))


def test_a_fall_needs_a_reason_and_the_text_is_kept(client, activity, reporter):
    make_update(activity, 60, date(2022, 3, 31))
    client.force_login(reporter)
    shown = text_of(sent(client))
    assert "Đã lưu bản nháp, chưa gửi được: Tiến độ giảm từ 60,0 xuống 42,5" in shown
    assert ProgressUpdate.objects.get(status=Status.DRAFT).results == "Đã họp"
    sent(client, form_version=1, fall_reason="Tính lại khối lượng")
    assert ProgressUpdate.objects.filter(status=Status.SUBMITTED).exists()


def test_a_completion_moves_the_activity(client, activity, reporter, approver):
    client.force_login(reporter)
    page = sent(client, completed_on="2022-06-20")
    assert "Đã hoàn thành thì tiến độ là 100" in text_of(page)
    sent(client, completed_on="2022-06-20", percent="")
    client.force_login(approver)
    client.post(reverse("report-review", args=(ProgressUpdate.objects.get().pk,)), {"accept": 1})
    activity.refresh_from_db()
    assert (activity.lifecycle, activity.completed_on) == (Activity.Lifecycle.COMPLETED, date(2022, 6, 20))
    assert activity.history.first().history_change_reason.startswith("Báo cáo đã duyệt")


def test_milestones_are_ticked_instead_of_a_percentage(client, activity, reporter, approver):
    activity.kind = Activity.Kind.PERIODIC
    activity.save()
    done = [make_milestone(activity, date(2020 + n, 6, 30)) for n in range(3)]
    client.force_login(reporter)
    page = client.get(WRITE)
    assert "percent" not in page.context["form"].fields
    sent(client, milestones=[done[0].pk, done[1].pk], percent="99")
    client.force_login(approver)
    update = ProgressUpdate.objects.get()
    assert update.percent is None
    client.post(reverse("report-queue"), {"report": [update.pk]})
    assert list(activity.milestones.order_by("due_on").values_list("done_on", flat=True)) == [
        date(2022, 6, 30), date(2022, 6, 30), None,
    ]  # fmt: skip


def test_the_other_province_stands_beside_and_moves_no_figure(client, activity, other_office, reporter):
    activity.partner_agencies.add(other_office)
    make_update(activity, 60, date(2022, 3, 31))
    client.force_login(make_user(agency=other_office, role="Chuyên viên"))
    assert "bên phối hợp" in text_of(client.get(WRITE))
    sent(client)
    update = ProgressUpdate.objects.get(agency=other_office)
    assert (update.is_counterpart, update.status) == (True, Status.SUBMITTED)
    client.force_login(make_user(agency=other_office, role="Người duyệt"))
    client.post(reverse("report-queue"), {"report": [update.pk]})
    update.refresh_from_db()
    assert update.status == Status.ACCEPTED
    assert ProgressUpdate.objects.accepted(date(2022, 12, 31)).get().percent == 60


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"percent": "101"}, "100"),
        ({"percent": "nhiều"}, "số"),
        ({"percent": "", "results": "", "proposals": " "}, "Báo cáo còn trống"),
        ({"effective_on": "31/02/2022"}, "ngày"),
        ({"effective_on": (localdate() + timedelta(days=1)).isoformat()}, "Ngày này chưa đến"),
        ({"evidence_title": "Ảnh"}, "chưa chọn tệp"),
        ({"evidence": SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")}, "tệp"),
    ],
)
def test_bad_input_is_said_and_kept_on_the_page(client, activity, reporter, fields, said):
    client.force_login(reporter)
    page = client.post(WRITE, report(send=1, difficulties="", **{"proposals": "Giữ chữ này", **fields}))
    assert page.status_code == 200
    assert said in text_of(page)
    assert fields.get("proposals", "Giữ chữ này") in page.content.decode()
    assert not ProgressUpdate.objects.exists()


def test_foreign_and_missing_answer_alike(client, activity, approver):
    foreign = make_update(
        make_activity(activity.area, lead_agency=make_agency(), code="HD-2"), 5,
        status=Status.SUBMITTED, decided_at=None, agency=make_agency(),
    )  # fmt: skip
    client.force_login(approver)
    for address in (
        "/bao-cao/hoat-dong/HD-2/",
        "/bao-cao/hoat-dong/HD-99/",
        "/duyet/999999/",
        f"/duyet/{foreign.pk}/",
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, report(send=1, accept=1)).status_code == 404
    client.post(reverse("report-queue"), {"report": [foreign.pk]})
    foreign.refresh_from_db()
    assert foreign.status == Status.SUBMITTED


@pytest.mark.parametrize("role", ["Nhập liệu", "Lãnh đạo"])
def test_who_does_not_report_is_refused(client, activity, office, role):
    client.force_login(make_user(agency=office, role=role))
    assert client.get(WRITE).status_code == 403
    assert client.get(reverse("report-queue")).status_code == 403
    client.logout()
    assert client.get(WRITE).url.startswith(reverse("admin:login"))


def test_the_queue_needs_as_many_queries_for_one_as_for_forty(client, activity, office, reporter, approver):
    client.force_login(approver)

    def waiting(count):
        for _ in range(count):
            make_update(
                make_activity(activity.area, lead_agency=office), 5,
                status=Status.SUBMITTED, decided_at=None, agency=office, reported_by=reporter,
            )  # fmt: skip

    counts = []
    for count in (1, 39):
        waiting(count)
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("report-queue"))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_who_rewrites_a_colleagues_draft_in_the_admin_does_not_accept_it(
    client, activity, reporter, approver
):
    client.force_login(reporter)
    client.post(WRITE, report(keep=1, percent="10"))
    update = ProgressUpdate.objects.get()
    client.force_login(approver)
    address = reverse("admin:programs_progressupdate_change", args=(update.pk,))
    client.post(address, form_data(client.get(address)) | {"percent": "90", "results": "Viết lại"})
    client.post(
        reverse("admin:programs_progressupdate_changelist"),
        {"action": "submit_reports", "_selected_action": [update.pk]},
    )
    shown = text_of(client.post(reverse("report-review", args=(update.pk,)), {"accept": 1}))
    assert "không tự duyệt" in shown
    update.refresh_from_db()
    assert (update.status, update.reported_by) == (Status.SUBMITTED, approver)


def test_sending_a_colleagues_draft_unchanged_leaves_it_theirs(client, activity, reporter, approver):
    client.force_login(reporter)
    client.post(WRITE, report(keep=1))
    update = ProgressUpdate.objects.get()
    client.force_login(approver)
    client.post(
        reverse("admin:programs_progressupdate_changelist"),
        {"action": "submit_reports", "_selected_action": [update.pk]},
    )
    client.post(reverse("report-review", args=(update.pk,)), {"accept": 1})
    update.refresh_from_db()
    assert (update.status, update.reported_by) == (Status.ACCEPTED, reporter)


def test_unseen_characters_and_odd_keys_are_no_fault(client, activity, reporter, approver):
    client.force_login(reporter)
    sent(client)
    update = ProgressUpdate.objects.get()
    client.force_login(approver)
    for key in ("9" * 25, "9" * 5000, "\u0665"):
        assert client.post(reverse("report-queue"), {"report": [key]}).status_code == 302
    long = client.post(reverse("report-review", args=(update.pk,)), {"accept": 1, "document": "x" * 300})
    assert "Số văn bản dài quá 120 ký tự" in text_of(long)
    client.post(reverse("report-review", args=(update.pk,)), {"return": 1, "note": "Thiếu\x00 số"})
    update.refresh_from_db()
    assert (update.status, update.return_note) == (Status.RETURNED, "Thiếu số")


def test_pages_with_drafts_are_kept_by_no_browser(client, activity, reporter):
    client.force_login(reporter)
    assert "no-store" in client.get(WRITE)["Cache-Control"]
