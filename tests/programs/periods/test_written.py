"""Every page that writes tells the sealed figures: no reason, no write; with one, an erratum."""

from datetime import date

import pytest
from django.urls import reverse

from cooperation.models import CooperationArea
from cooperation.roles import sync_roles
from programs.models import Activity, Erratum, Indicator, IndicatorValue, Milestone, ProgressUpdate
from tests.factories import (
    make_activity,
    make_agency,
    make_area,
    make_milestone,
    make_period,
    make_plan,
    make_snapshot,
    make_update,
    make_user,
)
from tests.pages import form_data, form_errors, text_of

pytestmark = pytest.mark.django_db

IN_2021 = date(2021, 6, 30)
WHY = {"change_reason": "Kiểm tra lại năm 2021", "change_document": "7/KL"}


@pytest.fixture
def office():
    sync_roles()
    return make_agency()


@pytest.fixture
def area(office):
    plan = make_plan(is_main=True, signed_on=date(2019, 5, 17))
    plan.agencies.add(office)
    return make_area(plan, 6)


@pytest.fixture
def activity(area, office):
    activity = make_activity(
        area,
        code="HD-1",
        title="Hội chợ",
        lead_agency=office,
        start_on=date(2020, 1, 1),
        due_on=date(2021, 10, 1),
    )
    make_update(activity, 40, IN_2021, agency=office)
    second = make_activity(area, lead_agency=office)
    make_update(second, 80, IN_2021, agency=office)
    return activity


@pytest.fixture
def snapshot(activity):
    return make_snapshot(make_period(activity.area.plan))


@pytest.fixture
def approver(client, office):
    user = make_user("duyet", agency=office, role="Người duyệt")
    client.force_login(user)
    return user


def change(record):
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=(record.pk,))


def refused(response):
    assert response.status_code == 200
    (error,) = form_errors(response)
    assert "làm khác số liệu đã chốt" in error
    assert not Erratum.objects.exists()


CANCELLED = {
    "lifecycle": "cancelled", "cancelled_on": "30/06/2021", "cancellation_document": "9/QĐ",
    "title": "Tên khác",
}  # fmt: skip


def test_a_form_asks_for_the_reason_and_keeps_what_was_typed(client, snapshot, activity, approver):
    data = form_data(client.get(change(activity))) | CANCELLED
    page = client.post(change(activity), data)
    refused(page)
    assert Activity.objects.get(pk=activity.pk).lifecycle == "planned"
    again = form_data(page)
    assert (again["title"], again["cancellation_document"]) == ("Tên khác", "9/QĐ")
    assert client.post(change(activity), again | WHY).status_code == 302
    erratum = Erratum.objects.get()
    assert (erratum.reason, erratum.document, erratum.recorded_by) == (
        "Kiểm tra lại năm 2021", "7/KL", approver,
    )  # fmt: skip


def test_what_moves_no_sealed_figure_is_written_without_a_reason(client, snapshot, activity, approver):
    data = form_data(client.get(change(activity))) | {"summary": "Chỉ thêm mô tả"}
    assert client.post(change(activity), data).status_code == 302
    assert not Erratum.objects.exists()


def test_a_new_activity_dated_back_asks_too(client, snapshot, activity, approver, area, office):
    address = reverse("admin:programs_activity_add")
    data = form_data(client.get(address)) | {
        "area": area.pk, "code": "HD-9", "title": "Thêm lùi ngày", "lead_agency": office.pk,
        "start_on": "01/01/2020", "added_on": "01/01/2020",
    }  # fmt: skip
    page = client.post(address, data)
    refused(page)
    assert not Activity.objects.filter(code="HD-9").exists()
    assert client.post(address, data | WHY).status_code == 302
    assert Erratum.objects.count() == 1


def test_deleting_and_restoring(client, snapshot, activity, approver):
    delete = reverse("admin:programs_activity_delete", args=(activity.pk,))
    client.post(delete, {"post": "yes", "reason": "nhập trùng", "document": "8/BB"})
    assert Erratum.objects.get().document == "8/BB"
    client.post(reverse("admin:programs_activity_bin"), {"record": activity.pk})
    assert not Activity.objects.filter(pk=activity.pk).exists()
    client.post(reverse("admin:programs_activity_bin"), {"record": activity.pk, "reason": "xóa nhầm"})
    assert Activity.objects.filter(pk=activity.pk).exists()
    assert list(Erratum.objects.order_by("number").values_list("reason", flat=True)) == [
        "nhập trùng",
        "xóa nhầm",
    ]


def test_a_milestone_of_then(client, activity, area, office, approver):
    periodic = make_activity(area, lead_agency=office, kind="periodic", start_on=date(2020, 1, 1))
    make_milestone(periodic, IN_2021, done_on=IN_2021)
    make_snapshot(make_period(area.plan))
    data = form_data(client.get(change(periodic))) | {"milestones-0-done_on": ""}
    refused(client.post(change(periodic), data))
    assert Milestone.objects.get().done_on == IN_2021
    assert client.post(change(periodic), data | WHY).status_code == 302
    assert Erratum.objects.count() == 1


def test_an_indicator_value_of_then(client, area, office, approver):
    indicator = Indicator.objects.create(
        area=area, code="CH-1", name="Lượt", unit="lượt", aggregation="cumulative", target=100
    )
    IndicatorValue.objects.create(indicator=indicator, year=2021, actual=50, effective_on=IN_2021)
    make_activity(area, lead_agency=office, start_on=date(2020, 1, 1), indicator=indicator)
    make_snapshot(make_period(area.plan))
    client.force_login(make_user(is_superuser=True))
    data = form_data(client.get(change(indicator))) | {"values-0-actual": "70"}
    refused(client.post(change(indicator), data))
    assert client.post(change(indicator), data | WHY).status_code == 302
    assert Erratum.objects.count() == 1


def test_an_area_that_is_hidden(client, snapshot, activity, area):
    client.force_login(make_user(is_superuser=True))
    data = form_data(client.get(change(area)))
    del data["published"]
    refused(client.post(change(area), data))
    assert CooperationArea.objects.get(pk=area.pk).published
    assert client.post(change(area), data | WHY).status_code == 302
    assert Erratum.objects.count() == 1


def waiting(activity, **facts):
    return make_update(
        activity,
        60,
        date(2021, 11, 30),
        status="submitted",
        decided_at=None,
        agency=activity.lead_agency,
        **facts,
    )


def test_a_report_about_then_is_accepted_with_a_reason(client, snapshot, activity, approver):
    report = waiting(activity)
    shown = text_of(client.post(reverse("report-queue"), {"report": [report.pk]}, follow=True))
    assert "Hãy mở báo cáo để ghi lý do đính chính." in shown
    assert ProgressUpdate.objects.get(pk=report.pk).status == "submitted"
    review = reverse("report-review", args=(report.pk,))
    client.post(review, {"accept": 1, "reason": "Báo cáo gửi muộn", "document": "3/CV"})
    assert ProgressUpdate.objects.get(pk=report.pk).status == "accepted"
    assert (Erratum.objects.get().reason, Erratum.objects.get().document) == ("Báo cáo gửi muộn", "3/CV")


def test_accepting_in_the_admin_list_says_why_not(client, snapshot, activity, approver):
    report = waiting(activity)
    address = reverse("admin:programs_progressupdate_changelist")
    data = {"action": "accept_reports", "_selected_action": [report.pk]}
    assert "Hãy ghi lý do đính chính." in text_of(client.post(address, data, follow=True))
    assert ProgressUpdate.objects.get(pk=report.pk).status == "submitted"
