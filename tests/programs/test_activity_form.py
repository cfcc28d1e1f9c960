"""The admin's form of an activity: a changed date keeps the date that held before."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from cooperation.roles import sync_roles
from programs.figures import activity_figure
from programs.measures import Timeliness
from programs.models import Activity, Erratum, ScheduleChange, Suspension
from programs.periods.checking import check
from tests.factories import make_agency, make_period, make_snapshot, make_update, make_user
from tests.pages import form_data, form_errors, inline_errors, text_of, with_row
from tests.programs.terms import DECIDED, DUE, EXTENDED, ONE_DAY, START, change, of_two_years, put_off, saved

CHANGES = "schedule_changes"


@pytest.fixture
def office(db):
    sync_roles()
    return make_agency()


@pytest.fixture
def activity(office):
    return of_two_years(office)


@pytest.fixture
def extended(activity):
    return put_off(activity)


@pytest.fixture
def approver(client, office):
    user = make_user(agency=office, role="Người duyệt")
    client.force_login(user)
    return user


def test_a_changed_term_keeps_the_earlier_one(client, approver, activity):
    assert saved(client, activity, due_on="31/12/2023", change_document="12/QĐ").status_code == 302
    row = activity.schedule_changes.get()
    assert (row.on, row.start_before, row.due_before, row.document) == (localdate(), START, DUE, "12/QĐ")
    assert activity_figure(activity, DUE + ONE_DAY).timeliness == Timeliness.OVERDUE
    assert saved(client, activity, due_on="31/12/2024").status_code == 302
    assert activity.schedule_changes.get().due_before == DUE  # twice on one day: what held before it


def test_what_touches_no_date_leaves_nothing_behind(client, approver, activity):
    assert saved(client, activity, summary="Thêm mô tả").status_code == 302
    assert saved(client, activity, schedule_from="01/01/2021").status_code == 302
    assert not ScheduleChange.objects.exists()


def test_a_month_that_stands_for_its_last_day_is_no_change(client, approver, activity):
    Activity.objects.filter(pk=activity.pk).update(date_precision="month")
    assert saved(client, activity, due_on="01/12/2021").status_code == 302
    assert not ScheduleChange.objects.exists()


def test_before_its_first_term_an_activity_has_none(client, approver, activity):
    Activity.objects.filter(pk=activity.pk).update(start_on=None, due_on=None)
    assert saved(client, activity, due_on="31/12/2021", schedule_from="01/02/2022").status_code == 302
    assert activity_figure(activity, date(2022, 1, 31)).timeliness == Timeliness.NO_DUE_DATE
    assert activity_figure(activity, date(2022, 2, 1)).timeliness == Timeliness.OVERDUE


def test_a_term_that_was_taken_away_and_given_again(client, approver, activity):
    Activity.objects.filter(pk=activity.pk).update(start_on=None)
    for due_on, day in (("", "01/06/2021"), ("30/06/2022", "01/09/2022")):
        assert saved(client, activity, due_on=due_on, schedule_from=day).status_code == 302
    figures = [activity_figure(activity, date(*day)) for day in ((2021, 5, 31), (2022, 7, 15), (2022, 9, 1))]
    assert [figure.planned for figure in figures] == [0, None, 100]
    assert [figure.days_late for figure in figures] == [0, 0, 63]


def test_an_emptied_day_corrects_the_past(client, approver, activity):
    assert saved(client, activity, due_on="31/12/2023", schedule_from="").status_code == 302
    assert not ScheduleChange.objects.exists()
    assert activity_figure(activity, DUE + ONE_DAY).timeliness == Timeliness.ON_TIME


def test_days_that_cannot_be(client, approver, extended):
    tomorrow = localdate() + ONE_DAY
    answer = saved(client, extended, due_on="31/12/2024", schedule_from=f"{tomorrow:%d/%m/%Y}")
    assert form_errors(answer) == ["Ngày này chưa đến: hãy đổi thời hạn khi đã có quyết định."]
    answer = saved(client, extended, due_on="31/12/2024", schedule_from="14/12/2021")
    (error,) = form_errors(answer)
    assert "đã được điều chỉnh từ ngày 15/12/2021" in error
    assert form_data(answer)["due_on"] == "31/12/2024"
    assert Activity.objects.get(pk=extended.pk).due_on == EXTENDED


def test_years_that_are_a_slip_of_the_fingers(client, approver, activity):
    answer = saved(client, activity, due_on="31/12/2023", schedule_from="01/01/0001")
    assert form_errors(answer) == ["Năm phải từ 1900: hãy xem lại ngày này."]
    for name in ("due_on", "start_on", "completed_on"):
        answer = saved(client, activity, date_precision="year", **{name: "01/05/9999"})
        assert "Năm phải từ 1900 đến 2100: hãy xem lại ngày này." in form_errors(answer)
    row = {"on": "01/01/0001", "due_before": "01/05/9999", "precision_before": "year"}
    answer = client.post(change(activity), with_row(form_data(client.get(change(activity))), CHANGES, **row))
    assert inline_errors(answer) == ["Năm phải từ 1900 đến 2100: hãy xem lại ngày này."] * 2
    assert not ScheduleChange.objects.exists()


@pytest.mark.parametrize("end", ["completed", "cancelled"])
def test_what_has_ended_is_not_put_off(client, approver, activity, end):
    """R2 and "hoàn thành quá hạn" are judged by the term that held at the end."""
    Activity.objects.filter(pk=activity.pk).update(lifecycle=end, **{f"{end}_on": date(2022, 3, 1)})
    answer = saved(client, activity, due_on="31/12/2023")
    assert "Hoạt động đã kết thúc trước ngày này" in form_errors(answer)[0]
    assert saved(client, activity, due_on="31/12/2023", schedule_from="").status_code == 302


@pytest.mark.parametrize("end", ["completed", "cancelled"])
def test_an_end_before_the_last_change_of_the_term(client, approver, extended, end):
    typed = {"lifecycle": end, f"{end}_on": "01/12/2021"}
    (error,) = form_errors(saved(client, extended, **typed))
    assert "Thời hạn đã được điều chỉnh từ ngày 15/12/2021, sau ngày này" in error
    both = form_errors(saved(client, extended, **typed, due_on="31/12/2024"))
    assert len(both) == 2
    assert "đã kết thúc trước ngày này" in "".join(both)
    assert saved(client, extended, **typed | {f"{end}_on": "15/12/2021"}).status_code == 302


def test_a_new_term_and_an_earlier_row_are_saved_one_after_the_other(client, approver, extended):
    data = form_data(client.get(change(extended))) | {"due_on": "31/12/2024", "change_document": "99/QĐ"}
    row = {"on": f"{localdate():%d/%m/%Y}", "due_before": "30/06/2022", "precision_before": "day"}
    for typed in (with_row(data, CHANGES, **row), data | {f"{CHANGES}-0-DELETE": "on"}):
        assert "Hãy lưu từng việc một" in inline_errors(client.post(change(extended), typed))[0]
    assert list(extended.schedule_changes.values_list("on", flat=True)) == [DECIDED]
    assert client.post(change(extended), data).status_code == 302
    again = {"due_on": "31/12/2025", "change_document": "100/QĐ"}
    assert saved(client, extended, **again).status_code == 302
    assert extended.schedule_changes.last().document == "100/QĐ"


def test_rows_of_one_day_are_refused_in_the_form(client, approver, activity):
    data = form_data(client.get(change(activity)))
    row = {"on": "01/02/2021", "due_before": "30/06/2021", "precision_before": "day"}
    answer = client.post(change(activity), with_row(with_row(data, CHANGES, **row), CHANGES, **row))
    assert inline_errors(answer) == ["Hoạt động đã có một lần điều chỉnh thời hạn từ ngày này."]
    span = {"suspended_on": "01/02/2021", "resumed_on": "01/03/2021"}
    answer = client.post(
        change(activity), with_row(with_row(data, "suspensions", **span), "suspensions", **span)
    )
    assert inline_errors(answer) == ["Hoạt động đã có một lần tạm dừng từ ngày này."]


def test_an_extension_after_the_seal_changes_nothing_sealed(client, approver, activity):
    snapshot = make_snapshot(make_period(activity.area.plan))
    assert saved(client, activity, due_on="31/12/2023").status_code == 302
    assert not Erratum.objects.exists()
    assert check(snapshot).holds


def test_a_corrected_term_before_the_seal_asks_for_a_reason(client, approver, activity):
    make_update(activity, 30, date(2021, 6, 30))
    make_snapshot(make_period(activity.area.plan))
    answer = saved(client, activity, due_on="30/06/2021", schedule_from="")
    assert "làm khác số liệu đã chốt" in form_errors(answer)[0]
    answer = saved(client, activity, due_on="30/06/2021", schedule_from="", change_reason="ghi nhầm hạn")
    assert answer.status_code == 302
    assert Erratum.objects.get().reason == "ghi nhầm hạn"


def test_suspended_again_keeps_the_first_suspension(client, approver, activity):
    first = {"suspended_on": "01/03/2020", "resumed_on": "01/05/2020"}
    assert saved(client, activity, **first).status_code == 302
    assert not Suspension.objects.exists()
    again = {"lifecycle": "suspended", "suspended_on": "01/02/2021", "resumed_on": ""}
    assert saved(client, activity, **again).status_code == 302
    row = activity.suspensions.get()
    assert (row.suspended_on, row.resumed_on) == (date(2020, 3, 1), date(2020, 5, 1))
    assert row.history.get().history_user == approver
    assert activity_figure(activity, date(2020, 4, 1)).timeliness == Timeliness.STOPPED
    assert activity_figure(activity, date(2020, 8, 1)).timeliness == Timeliness.ON_TIME


def test_a_suspension_of_one_day_stays_one(client, approver, activity):
    assert saved(client, activity, suspended_on="30/12/2020", resumed_on="30/12/2020").status_code == 302
    for summary in ("Một", "Hai"):
        assert saved(client, activity, summary=summary).status_code == 302
    assert not Suspension.objects.exists()


def test_a_suspension_that_is_left_behind_twice_is_one_row(client, approver, activity):
    first = {"suspended_on": "01/02/2020", "resumed_on": "01/03/2020"}
    again = {"suspended_on": "01/06/2020", "resumed_on": ""}
    for typed in (first, again, first, again, first | {"resumed_on": "01/04/2020"}, again):
        assert saved(client, activity, **typed).status_code == 302
    assert list(activity.suspensions.values_list("suspended_on", "resumed_on")) == [
        (date(2020, 2, 1), date(2020, 4, 1))
    ]


def test_a_suspension_left_behind_that_was_typed_as_well(client, approver, activity):
    first = {"suspended_on": "01/02/2020", "resumed_on": "01/03/2020"}
    saved(client, activity, **first)
    data = form_data(client.get(change(activity))) | {"suspended_on": "01/06/2020", "resumed_on": ""}
    assert client.post(change(activity), with_row(data, "suspensions", **first)).status_code == 302
    assert activity.suspensions.count() == 1


def test_a_corrected_suspension_is_not_another_one(client, approver, activity):
    saved(client, activity, suspended_on="01/03/2020", resumed_on="01/05/2020")
    assert saved(client, activity, suspended_on="01/04/2020").status_code == 302
    assert not Suspension.objects.exists()


def test_an_earlier_row_is_mended_in_its_list(client, approver, extended):
    row = extended.schedule_changes.get()
    make_snapshot(make_period(extended.area.plan))
    moved = {"schedule_changes-0-on": "01/12/2021"}
    assert "làm khác số liệu đã chốt" in form_errors(saved(client, extended, **moved))[0]
    assert saved(client, extended, **moved, change_reason="ngày ký là 1/12").status_code == 302
    row.refresh_from_db()
    assert row.on == date(2021, 12, 1)
    assert Erratum.objects.count() == 1


def test_a_sealed_day_shows_the_sealed_term_everywhere(client, approver, activity):
    """A correction that moves no figure is no erratum; what was sealed stays what pages of the day show."""
    Activity.objects.filter(pk=activity.pk).update(start_on=None, due_on=date(2022, 12, 31))
    make_snapshot(make_period(activity.area.plan))
    assert saved(client, activity, due_on="30/06/2023", schedule_from="").status_code == 302
    assert not Erratum.objects.exists()
    asked = "?as_of=2021-12-14"
    listed = reverse("activity-list", kwargs=activity.area.plan.url_kwargs)
    for address in (activity.area.get_absolute_url(), listed, activity.get_absolute_url()):
        assert "31/12/2022" in text_of(client.get(f"{address}{asked}")), address
    rows = client.get(f"{listed}{asked}&dinh_dang=csv").content.decode("utf-8-sig")
    assert "2022-12-31" in rows or "31/12/2022" in rows
    assert "2023" not in rows


@pytest.mark.parametrize("key", ["9" * 24, "day", "\x00", "-1", "1.5"])
def test_keys_that_there_cannot_be(client, approver, activity, key):
    answer = saved(client, activity, partner_agencies=[key], area=key, program=key, summary="Giữ chữ này")
    assert answer.status_code == 200
    assert {"partner_agencies", "area", "program"} <= set(answer.context["adminform"].form.errors)
    assert form_data(answer)["summary"] == "Giữ chữ này"
    assert Activity.objects.get().summary == ""
