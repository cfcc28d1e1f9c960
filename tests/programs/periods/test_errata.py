"""A correction of a sealed time stands beside the figures, with its reason, and says what it changed."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from programs.models import Activity, Erratum, Snapshot
from programs.periods.errata import CorrectionNeedsReasonError, correct, standing_of
from programs.periods.standing import Standing
from tests.factories import (
    make_activity,
    make_area,
    make_milestone,
    make_period,
    make_plan,
    make_snapshot,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db

IN_2021 = date(2021, 6, 30)
LATER = date(2022, 3, 1)
# The keys are checked, and the plan is shared.
LOCKS = 3 if connection.vendor == "postgresql" else 0


@pytest.fixture
def user():
    return make_user(is_superuser=True)


@pytest.fixture
def area():
    return make_area(make_plan(is_main=True, signed_on=date(2019, 5, 17)), 6)


@pytest.fixture
def activities(area):
    """Two at 40 and 80 in 2021: the area stands at 60."""
    rows = [make_activity(area, code=code, start_on=date(2020, 1, 1)) for code in ("HD-1", "HD-2")]
    for activity, percent in zip(rows, (40, 80), strict=True):
        make_update(activity, percent, IN_2021)
    return rows


@pytest.fixture
def snapshot(area, activities):
    return make_snapshot(make_period(area.plan))


def told(erratum, what="activity"):
    return {
        change["field"]: (change["old"], change["new"])
        for change in json.loads(erratum.content)["changes"]
        if change["what"] == what
    }


def verify(*options):
    out = StringIO()
    try:
        call_command("verify_snapshots", *options, stdout=out)
    except CommandError as failure:
        return out.getvalue() + str(failure), 1
    return out.getvalue(), 0


def test_the_cost_where_nothing_is_sealed(activities, user, django_assert_num_queries):
    with django_assert_num_queries(3 + LOCKS):
        assert correct([activity.pk for activity in activities], user=user) == []


def test_what_changes_no_sealed_figure_needs_no_reason(snapshot, activities, user, django_assert_num_queries):
    make_update(activities[0], 70, LATER)
    with django_assert_num_queries(12 + LOCKS):
        assert correct([activities[0].pk], user=user) == []
    assert not Erratum.objects.exists()


@pytest.mark.parametrize("sealed", [1, 6])
def test_the_cost_does_not_grow_with_the_sealed_periods(
    area, activities, user, sealed, django_assert_num_queries
):
    for month in range(1, sealed + 1):
        make_snapshot(make_period(area.plan, start_on=date(2021, month, 1), end_on=date(2021, month, 28)))
    with django_assert_num_queries(12 + LOCKS):
        correct([activities[0].pk], user=user)


def test_a_change_without_a_reason_is_refused_by_name(snapshot, activities, user):
    make_update(activities[0], 50, date(2021, 9, 1))
    with pytest.raises(CorrectionNeedsReasonError, match=r"Năm 2021 .*14/12/2021.*Hãy ghi lý do") as caught:
        correct([activities[0].pk], user=user, reason="  ")
    assert caught.value.periods == [snapshot.period]
    assert not Erratum.objects.exists()


def test_an_erratum_tells_old_new_reason_and_document(snapshot, activities, user):
    make_update(activities[0], 50, date(2021, 9, 1))
    (erratum,) = correct([activities[0].pk], user=user, reason="Báo cáo bổ sung", document="12/BC-SCT")
    assert (erratum.number, erratum.reason, erratum.document) == (1, "Báo cáo bổ sung", "12/BC-SCT")
    assert erratum.recorded_by == user
    assert told(erratum)["percent"] == ("40", "50")
    assert told(erratum, "area")["value"] == ("60.0", "65.0")
    assert told(erratum, "plan") == {"value": ("60.0", "65.0")}
    stored = Snapshot.objects.get()
    assert (stored.content, stored.sha256) == (snapshot.content, snapshot.sha256)


def test_the_next_erratum_starts_from_the_last(snapshot, activities, user):
    for day, percent in ((date(2021, 9, 1), 50), (date(2021, 10, 1), 60)):
        make_update(activities[0], percent, day)
        correct([activities[0].pk], user=user, reason="bổ sung")
    assert correct([activities[0].pk], user=user) == []
    first, second = Erratum.objects.order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert told(second)["percent"] == ("50", "60")
    assert told(second, "area")["value"] == ("65.0", "70.0")


def test_an_erratum_says_only_what_its_own_activities_changed(snapshot, activities, user):
    for activity in activities:
        make_update(activity, 50, date(2021, 9, 1), fall_reason="đếm lại")
    (erratum,) = correct([activities[1].pk], user=user, reason="đếm lại")
    assert {change["name"] for change in json.loads(erratum.content)["changes"]} == {"HD-2", "6", ""}
    assert told(erratum, "area")["value"] == ("60.0", "45.0")
    (other,) = correct([activities[0].pk], user=user, reason="đếm lại")
    assert told(other, "area")["value"] == ("45.0", "50.0")
    assert verify()[1] == 0


def _cancel(activity, area):
    activity.lifecycle, activity.cancelled_on, activity.cancellation_document = "cancelled", IN_2021, "9/QĐ"
    activity.save()


def _delete(activity, area):
    activity.deleted_at = timezone.now()
    activity.save()


def _hide(activity, area):
    activity.published = False
    activity.save()


def _move(activity, area):
    activity.area = make_area(area.plan, 7)
    activity.save()


def _move_to_another_plan(activity, area):
    activity.area = make_area(make_plan(), 1)
    activity.save()


def _miss_a_milestone(activity, area):
    activity.kind = Activity.Kind.PERIODIC
    activity.save()
    make_milestone(activity, IN_2021)


@pytest.mark.parametrize("write", [_cancel, _delete, _hide, _move, _move_to_another_plan, _miss_a_milestone])
def test_every_way_to_change_the_past_is_seen(snapshot, activities, area, user, write):
    write(activities[0], area)
    with pytest.raises(CorrectionNeedsReasonError):
        correct([activities[0].pk], user=user)
    assert verify()[1] == 1
    (erratum,) = correct([activities[0].pk], user=user, reason="đính chính")
    assert told(erratum, "area")["value"][0] == "60.0" or told(erratum, "area")["value"][1] is not None
    assert correct([activities[0].pk], user=user) == []
    text, code = verify()
    assert code == 0, text


def test_an_activity_dated_back_into_a_sealed_time(snapshot, area, user):
    later = make_activity(area, added_on=LATER)
    assert correct([later.pk], user=user) == []
    early = make_activity(area, code="HD-9", added_on=date(2021, 1, 1))
    (erratum,) = correct([early.pk], user=user, reason="bỏ sót")
    assert told(erratum)["in_plan"] == (False, True)
    assert told(erratum, "area")["value"] == ("60.0", "40.0")


def test_deleting_and_restoring_is_two_errata(snapshot, activities, user):
    activity = activities[0]
    _delete(activity, None)
    correct([activity.pk], user=user, reason="ghi nhầm")
    activity.deleted_at = None
    activity.save()
    (back,) = correct([activity.pk], user=user, reason="xóa nhầm")
    assert back.number == 2
    assert told(back)["in_plan"] == (False, True)
    assert told(back, "plan")["value"] == ("80.0", "60.0")


def test_a_hidden_area_is_seen_when_the_plan_is_compared_as_a_whole(snapshot, area, user):
    make_area(area.plan, 8)
    (erratum,) = correct(plan_ids=[area.plan_id], user=user, reason="thêm lĩnh vực")
    assert told(erratum, "plan") == {"areas": (1, 2)}
    area.published = False
    area.save()
    (erratum,) = correct(plan_ids=[area.plan_id], user=user, reason="ẩn lĩnh vực")
    assert told(erratum, "plan") == {"value": ("60.0", None), "with_value": (1, 0), "areas": (2, 1)}
    assert correct(plan_ids=[area.plan_id], user=user) == []


def test_hiding_the_plan_corrects_nothing(snapshot, area, user):
    area.plan.published = False
    area.plan.save()
    assert correct(plan_ids=[area.plan_id], user=user) == []


def test_each_sealed_period_has_its_own_erratum(snapshot, activities, area, user):
    for year in (2020, 2022):
        days = {"start_on": date(year - 1, 12, 15), "end_on": date(year, 12, 14)}
        make_snapshot(make_period(area.plan, label=f"Năm {year}", **days))
    make_update(activities[0], 50, date(2021, 9, 1))
    with pytest.raises(CorrectionNeedsReasonError, match=r"Năm 2021.*Năm 2022"):
        correct([activities[0].pk], user=user)
    written = correct([activities[0].pk], user=user, reason="bổ sung")
    assert {erratum.snapshot.period.label for erratum in written} == {"Năm 2021", "Năm 2022"}


def test_many_activities_at_once(snapshot, activities, user, monkeypatch):
    monkeypatch.setattr("programs.periods.errata.FEW", 1)
    for activity in activities:
        make_update(activity, 90, date(2021, 9, 1))
    (erratum,) = correct([activity.pk for activity in activities], user=user, reason="nhập bổ sung")
    assert told(erratum, "area")["value"] == ("60.0", "90.0")


def test_a_new_rule_corrects_nothing(snapshot, activities, user, monkeypatch):
    monkeypatch.setattr("programs.periods.content.RULE_VERSION", 2)
    monkeypatch.setattr("programs.progress.OPEN_CAP", 30)
    assert correct([activities[0].pk], user=user) == []
    text, code = verify()
    assert code == 0
    assert "theo quy tắc cũ" in text


def test_the_overlay_is_the_sum_of_errata(snapshot, activities, user):
    make_update(activities[0], 50, date(2021, 9, 1))
    correct([activities[0].pk], user=user, reason="bổ sung")
    assert isinstance(standing_of(snapshot), Standing)
    areas, plan = standing_of(snapshot).figures()
    assert plan["value"] == "65.0"
    assert [area["value"] for area in areas.values()] == ["65.0"]


# manage.py verify_snapshots


def test_verification_says_one_line_a_snapshot(snapshot):
    text, code = verify()
    assert code == 0
    assert f"{snapshot.period.plan.slug} · Năm 2021: đúng\n" in text


def test_verification_finds_what_nobody_declared_and_records_it(snapshot, activities):
    activities[0]._change_reason = "Nhầm năm"
    _cancel(activities[0], None)
    text, code = verify()
    assert code == 1
    assert "CHƯA ĐÍNH CHÍNH" in text
    assert "Hoạt động HD-1" in text
    text, code = verify("--record")
    assert code == 0
    assert "đã ghi đính chính số 1" in text
    assert Erratum.objects.get().reason == "phát hiện khi đối chiếu: Nhầm năm"
    assert verify()[1] == 0


def test_verification_finds_a_changed_content(snapshot):
    """Written past the model, as somebody with the database's password would."""
    rows = Snapshot.objects.filter(pk=snapshot.pk)
    QuerySet.update(rows, content=snapshot.content.replace('"percent":"40"', '"percent":"90"'))
    text, code = verify("--record")
    assert code == 1
    assert "HỎNG: mã băm SHA-256 không khớp" in text


def test_verification_recomputes_by_the_rule(snapshot, monkeypatch):
    monkeypatch.setattr("programs.progress.OPEN_CAP", 30)
    text, code = verify()
    assert code == 1
    assert "HỎNG: tính lại" in text
