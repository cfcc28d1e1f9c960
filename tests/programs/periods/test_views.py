"""Pages of periods and sealed figures, and what a day that was sealed shows for ever."""

import hashlib
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from cooperation.roles import sync_roles
from programs.models import Erratum, Milestone, PeriodReport, Snapshot
from programs.periods.errata import correct
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
from tests.pages import html_of, rows_of, text_of

pytestmark = pytest.mark.django_db

IN_2021 = date(2021, 6, 30)
SEALED_DAY = "?as_of=2021-12-14"


@pytest.fixture
def agency():
    sync_roles()
    return make_agency()


@pytest.fixture
def plan(agency):
    plan = make_plan(is_main=True, signed_on=date(2019, 5, 17))
    plan.agencies.add(agency)
    return plan


@pytest.fixture
def area(plan, agency):
    area = make_area(plan, 6)
    for code, percent in (("HD-1", 40), ("HD-2", 80)):
        activity = make_activity(
            area, code=code, title=f"Việc {code}", lead_agency=agency,
            start_on=date(2020, 1, 1), due_on=date(2021, 10, 1),
        )  # fmt: skip
        make_update(activity, percent, IN_2021)
    return area


def section(response) -> str:
    """The sealed section of the page, byte for byte."""
    return re.search(r'<section id="da-chot".*?</section>', html_of(response), re.DOTALL)[0]


def test_what_must_be_shown(client, plan, area, agency):
    """Seal 2021, then change and cancel 2021 records: page, hash and the day's figures stay; one erratum."""
    first, second = area.activities.order_by("code")
    periodic = make_activity(area, code="HD-3", kind="periodic", start_on=date(2020, 1, 1))
    milestone = make_milestone(periodic, IN_2021, done_on=IN_2021)
    snapshot = make_snapshot(make_period(plan))
    page = client.get(snapshot.get_absolute_url())
    sealed, content = section(page), client.get(reverse("sealed-content", args=(snapshot.pk,))).content
    home, there = (client.get(f"{path}{SEALED_DAY}") for path in ("/", "/linh-vuc/6/"))
    assert "73,3" in sealed

    make_update(first, 5, date(2021, 12, 1), fall_reason="đếm lại")
    second.lifecycle, second.cancelled_on, second.cancellation_document = "cancelled", IN_2021, "9/QĐ"
    second.title, second.code = "Tên khác", "HD-22"
    second.save()
    Milestone.objects.filter(pk=milestone.pk).update(done_on=None)
    area.title = "Lĩnh vực đổi tên"
    area.save()
    ids = [first.pk, second.pk, periodic.pk]
    correct(ids, user=make_user(), reason="Kiểm tra lại năm 2021", document="7/KL")

    after = client.get(snapshot.get_absolute_url())
    assert section(after) == sealed
    answer = client.get(reverse("sealed-content", args=(snapshot.pk,)))
    assert answer.content == content
    assert hashlib.sha256(answer.content).hexdigest() == snapshot.sha256
    assert snapshot.sha256 in text_of(after)
    assert Erratum.objects.count() == 1
    told = text_of(after).split("Đính chính số 1")[1]
    for words in (
        "Kiểm tra lại năm 2021", "7/KL", "giá trị, % 40,0 5,0", "tiến độ, % 73,3 2,5", "được tính có không"
    ):  # fmt: skip
        assert words in told, words
    for path, before in (("/", home), ("/linh-vuc/6/", there)):
        now = client.get(f"{path}{SEALED_DAY}")
        assert "1 đính chính sau khi chốt" in text_of(now)
        assert [row.replace("Lĩnh vực đổi tên", area.title) for row in rows_of(now)] == rows_of(before)
    assert "73,3" in text_of(client.get(f"/{SEALED_DAY}"))
    assert "73,3" not in text_of(client.get("/?as_of=2021-12-13"))
    assert "73,3" not in text_of(client.get("/?as_of=2021-12-15"))


def test_a_deleted_activity_is_still_listed_on_the_sealed_day(client, plan, area):
    make_snapshot(make_period(plan))
    activity = area.activities.get(code="HD-1")
    activity.deleted_at = timezone.now()
    activity.save()
    for path in ("/", "/linh-vuc/6/"):
        page = client.get(f"{path}{SEALED_DAY}")
        assert "Việc HD-1" in text_of(page)
        assert f'href="{activity.get_absolute_url()}' not in html_of(page)
        assert "60,0" in text_of(page)
    assert "Việc HD-1" not in text_of(client.get("/linh-vuc/6/"))
    area.published = False
    area.save()
    page = client.get(f"/{SEALED_DAY}")
    assert "Lĩnh vực số 6" in text_of(page)
    assert "/linh-vuc/6/" not in html_of(page)


def test_an_activity_page_shows_the_sealed_figure_of_that_day(client, plan, area):
    make_snapshot(make_period(plan))
    activity = area.activities.get(code="HD-1")
    make_update(activity, 70, date(2021, 9, 1))
    added = make_activity(area, code="HD-9", added_on=date(2021, 1, 1), start_on=date(2021, 1, 1))
    make_update(added, 30, IN_2021)
    assert "40,0 %" in text_of(client.get(f"{activity.get_absolute_url()}{SEALED_DAY}"))
    assert "70,0 %" in text_of(client.get(f"{activity.get_absolute_url()}?as_of=2021-12-13"))
    assert "30,0 %" in text_of(client.get(f"{added.get_absolute_url()}{SEALED_DAY}"))
    assert "HD-9" not in text_of(client.get(f"/linh-vuc/6/{SEALED_DAY}"))


def test_the_first_seal_of_a_day_stands_for_the_day(client, plan, area):
    quarter = make_period(plan, kind="quarter", label="Quý IV", start_on=date(2021, 9, 15))
    year = make_snapshot(make_period(plan))
    page = client.get(f"/{SEALED_DAY}")
    make_snapshot(quarter)
    again = client.get(f"/{SEALED_DAY}")
    assert rows_of(again) == rows_of(page)
    assert year.get_absolute_url() in html_of(again)


def test_a_sealed_day_takes_no_more_queries_than_another(client, plan, area, django_assert_max_num_queries):
    make_snapshot(make_period(plan))
    for path in ("/", "/linh-vuc/6/"):
        with django_assert_max_num_queries(12):
            client.get(f"{path}{SEALED_DAY}")


def test_the_files_are_the_sealed_figures(client, plan, area):
    snapshot = make_snapshot(make_period(plan))
    answer = client.get(reverse("sealed-content", args=(snapshot.pk,)))
    assert hashlib.sha256(answer.content).hexdigest() == snapshot.sha256
    assert f"{plan.slug}-year-2021-12-14.json" in answer["Content-Disposition"]
    table = client.get(reverse("sealed-csv", args=(snapshot.pk,)))
    lines = table.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 1 + 1 + 2
    assert lines[3].startswith("hoạt động,6,HD-1,Việc HD-1,")
    page = text_of(client.get(snapshot.get_absolute_url()))
    assert f"sha256sum {plan.slug}-year-2021-12-14.json" in page


def test_a_large_content_is_shown_area_by_area(client, plan, area, monkeypatch):
    monkeypatch.setattr("programs.periods.rendering.ALL_ON_ONE_PAGE", 1)
    monkeypatch.setattr("programs.periods.rendering.PAGE", 1)
    snapshot = make_snapshot(make_period(plan))
    url = snapshot.get_absolute_url()
    assert "Việc HD-1" not in text_of(client.get(url))
    assert "?linh_vuc=6#hoat-dong-6" in html_of(client.get(url))
    assert "Việc HD-1" in text_of(client.get(f"{url}?linh_vuc=6"))
    assert "Việc HD-2" in text_of(client.get(f"{url}?linh_vuc=6&page=2"))
    assert client.get(f"{url}?linh_vuc=x&page=y").status_code == 200


def test_a_hidden_plan_shows_nothing_of_what_was_sealed(client, plan, area):
    snapshot = make_snapshot(make_period(plan))
    plan.published, plan.is_main = False, False
    plan.save()
    for name in ("sealed-period", "sealed-content", "sealed-csv"):
        assert client.get(reverse(name, args=(snapshot.pk,))).status_code == 404
    assert client.get(reverse("period-detail", args=(snapshot.period_id,))).status_code == 404


@pytest.mark.parametrize("pk", ["0", "99999999999999999999"])
def test_what_was_never_sealed_is_404(client, plan, pk):
    for path in (f"/so-lieu-chot/{pk}/", f"/so-lieu-chot/{pk}/so-lieu.json", f"/ky-bao-cao/{pk}/"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_names_the_sealed_and_those_that_wait(client, plan, area, count, django_assert_num_queries):
    for number in range(count):
        day = date(2020, 1, 1) + timedelta(days=number)
        make_snapshot(make_period(plan, kind="month", label=f"Kỳ {number}", start_on=day, end_on=day))
        make_period(plan, kind="quarter", label=f"Chờ {number}", start_on=day, end_on=day)
    with django_assert_num_queries(5):
        page = client.get("/so-lieu-chot/")
    assert f"Kỳ {count - 1}" in text_of(page)
    assert f"Chờ {count - 1}" in text_of(page)
    assert "Nội dung" not in text_of(page)


def test_an_empty_list_says_so(client, plan):
    assert "chưa chốt số liệu kỳ nào" in text_of(client.get("/so-lieu-chot/"))


# The page of a period


@pytest.fixture
def period(plan):
    return make_period(plan)


def url_of(period):
    return reverse("period-detail", args=(period.pk,))


def test_everybody_sees_the_state_and_nobody_a_form(client, plan, agency, area, period):
    PeriodReport.objects.create(
        period=period, agency=agency, note="nội bộ", sent_by=make_user(full_name="Tên người"),
        sent_at=timezone.now(),
    )  # fmt: skip
    page = client.get(url_of(period))
    assert "chờ chốt, đã gửi 1/1" in text_of(page)
    assert "nội bộ" not in text_of(page)
    assert "Tên người" not in text_of(page)
    assert "<form" not in html_of(page).split("<main")[1]
    answer = client.post(url_of(period), {"action": "seal", "seen": "1"})
    assert answer.status_code == 403
    assert not Snapshot.objects.exists()


def test_an_approver_sends_and_seals(client, plan, agency, area, period):
    make_activity(area, code="HD-5", title="Việc im lặng", lead_agency=agency)
    client.force_login(make_user(agency=agency, role="Người duyệt"))
    page = text_of(client.get(url_of(period)))
    assert "Chưa báo cáo trong kỳ: Việc im lặng" in page
    refused = client.post(url_of(period), {"action": "seal", "seen": "1", "incomplete_reason": " "})
    assert refused.status_code == 409
    assert "Chưa gửi báo cáo" in text_of(refused)
    sent = client.post(url_of(period), {"action": "send", "agency": agency.pk, "note": "đủ"}, follow=True)
    assert "chờ chốt, đã gửi 1/1" in text_of(sent)
    unseen = client.post(url_of(period), {"action": "seal"})
    assert "Hãy đánh dấu rằng bạn đã xem số liệu" in text_of(unseen)
    sealed = client.post(url_of(period), {"action": "seal", "seen": "1"}, follow=True)
    assert sealed.redirect_chain[0][0] == Snapshot.objects.get().get_absolute_url()
    assert "Chưa có đính chính nào." in text_of(sealed)
    done = client.get(url_of(period))
    assert "xem số liệu đã chốt" in text_of(done)
    assert "<textarea" not in html_of(done)


@pytest.mark.parametrize(
    ("data", "status"),
    [({}, 403), ({"action": "x"}, 403), ({"action": "send", "agency": "x"}, 404), ({"action": "send"}, 404)],
)
def test_what_no_button_sends(client, agency, period, data, status):
    client.force_login(make_user(agency=agency, role="Người duyệt"))
    assert client.post(url_of(period), data).status_code == status


def test_another_agency_neither_sends_nor_seals(client, agency, area, period):
    client.force_login(make_user(agency=make_agency(), role="Người duyệt"))
    page = html_of(client.get(url_of(period)))
    assert "<textarea" not in page
    for data in ({"action": "send", "agency": agency.pk}, {"action": "seal", "seen": "1"}):
        assert client.post(url_of(period), data).status_code == 403
    assert not PeriodReport.objects.exists()
    assert not Snapshot.objects.exists()


def test_a_running_period_is_not_sealed_yet(client, plan, agency, area):
    running = make_period(plan, start_on=localdate(), end_on=localdate() + timedelta(days=9), due_on=None)
    client.force_login(make_user(is_superuser=True))
    page = client.get(url_of(running))
    assert "đang trong kỳ, đã gửi 0/1" in text_of(page)
    assert 'value="seal"' not in html_of(page)
    answer = client.post(url_of(running), {"action": "seal", "seen": "1", "incomplete_reason": "vội"})
    assert "chưa chốt được" in text_of(answer)


@pytest.mark.parametrize("count", [1, 20])
def test_queries_of_the_period_page_do_not_grow(
    client, plan, agency, area, period, count, django_assert_num_queries
):
    for _ in range(count):
        make_update(make_activity(area, lead_agency=agency), effective_on=IN_2021, status="submitted")
    with django_assert_num_queries(4):
        client.get(url_of(period))


# Admin


def test_the_admin_opens_a_year_and_shows_states(client, plan, agency, area, monkeypatch):
    # Half past one at night in Viet Nam, when it is still yesterday in UTC.
    monkeypatch.setattr(timezone, "now", lambda: datetime(2022, 1, 14, 18, 30, tzinfo=UTC))
    client.force_login(make_user(is_superuser=True))
    opening = reverse("admin:programs_reportingperiod_open")
    listed = reverse("admin:programs_reportingperiod_changelist")
    assert opening in html_of(client.get(listed))
    assert "Mở kỳ của năm" in text_of(client.get(opening))
    refused = client.post(opening, {"plan": plan.pk, "year": 2031, "kinds": ["year"]})
    assert "Kế hoạch chạy 2019-2025" in text_of(refused)
    data = {"plan": plan.pk, "year": 2021, "kinds": ["quarter", "year"]}
    assert "Đã mở 5 kỳ; 0 kỳ đã có" in text_of(client.post(opening, data, follow=True))
    assert "Đã mở 0 kỳ; 5 kỳ đã có" in text_of(client.post(opening, data, follow=True))
    make_snapshot(plan.periods.get(kind="year"))
    page = text_of(client.get(listed))
    assert "chờ chốt, đã gửi 0/1" in page
    assert "đã chốt 15/01/2022" in page


def test_only_who_may_add_periods_opens_a_year(client, agency):
    client.force_login(make_user(agency=agency, role="Người duyệt"))
    assert client.get(reverse("admin:programs_reportingperiod_open")).status_code == 403


def test_a_sealed_period_cannot_be_edited_in_the_admin(client, plan, area):
    snapshot = make_snapshot(make_period(plan))
    client.force_login(make_user(is_superuser=True))
    change = reverse("admin:programs_reportingperiod_change", args=(snapshot.period_id,))
    assert 'name="start_on"' not in html_of(client.get(change))
    assert client.post(change, {"label": "Khác"}).status_code == 403
    for model, pk in (("snapshot", snapshot.pk), ("erratum", None), ("periodreport", None)):
        assert client.get(reverse(f"admin:programs_{model}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:programs_{model}_add")).status_code == 403
        if pk:
            assert client.get(reverse(f"admin:programs_{model}_change", args=(pk,))).status_code == 200
            assert client.get(reverse(f"admin:programs_{model}_delete", args=(pk,))).status_code == 403


def test_another_agencys_note_is_not_shown(client, plan, area, agency):
    other = make_agency()
    plan.agencies.add(other)
    period = make_period(plan)
    for body, note in ((agency, "Ghi chú nhà"), (other, "Ghi chú riêng của bên kia")):
        PeriodReport.objects.create(
            period=period, agency=body, note=note, sent_at=timezone.now(),
            sent_by=make_user(agency=body, full_name=f"Người gửi {body.pk}"),
        )  # fmt: skip
    client.force_login(make_user(agency=agency, role="Chuyên viên"))
    shown = text_of(client.get(reverse("period-detail", args=(period.pk,))))
    assert "Ghi chú nhà" in shown
    assert "riêng của bên kia" not in shown and f"Người gửi {other.pk}" not in shown
    client.force_login(make_user(agency=agency, role="Lãnh đạo"))
    assert "riêng của bên kia" in text_of(client.get(reverse("period-detail", args=(period.pk,))))


@pytest.mark.parametrize("key", ["9" * 5000, "x", ""])
def test_sending_for_an_agency_that_cannot_be(client, plan, area, agency, key):
    client.force_login(make_user(agency=agency, role="Người duyệt"))
    address = reverse("period-detail", args=(make_period(plan).pk,))
    assert client.post(address, {"action": "send", "agency": key, "note": "a\x00b"}).status_code == 404
    assert not PeriodReport.objects.exists()
