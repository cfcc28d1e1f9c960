"""Changes explained from the database: the records, sealed days, and the errata between them."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from programs.changes.explaining import explain
from programs.figures import plan_progress
from programs.models import Indicator, IndicatorValue
from programs.periods.errata import correct
from tests import factories
from tests.portal.test_views import fill
from tests.programs.changes.conftest import END_2021, END_2022, IN_2021, IN_2022, go_on

pytestmark = pytest.mark.django_db


def told(explanation):
    """Code, or "*" for an erratum → (words, exact points)."""
    return {
        one.activity.code if one.activity else "*": (one.words, one.points)
        for one in explanation.contributions
    }


def agrees(plan, explanation):
    """Old and new are what the pages of the two days show, and the parts sum to the exact difference."""
    for day, value in ((explanation.since, explanation.old), (explanation.until, explanation.new)):
        assert plan_progress(plan, day).headline.value == value
    assert sum(one.points for one in explanation.contributions) == explanation.difference
    for row in explanation.areas:
        assert sum(one.points for one in row.own.contributions) == row.own.difference


def test_completed_and_added(world):
    go_on(world)
    own = explain(world.plan, END_2021, END_2022, world.area)
    assert (own.old, own.new, own.shown, own.difference) == (60, 60, 0, 0)
    # W̄ = 5/2, the middle is 60: 60 ÷ 5/2 up for the completion, 60 ÷ 5/2 down for what came in at 0.
    assert told(own) == {
        "HD-A": ("hoàn thành (40,0 → 100,0)", 24),
        "HD-C": ("thêm mới (đang ở 0,0)", -24),
    }
    whole = explain(world.plan, END_2021, END_2022)
    agrees(world.plan, whole)
    assert [one.activity.url for one in whole.contributions] == ["/hoat-dong/HD-A/", "/hoat-dong/HD-C/"]


def test_reports_weights_and_cancellations(world):
    factories.make_update(world.first, 70, IN_2022)
    factories.make_update(world.second, 50, IN_2022, fall_reason="Đếm lại")
    third = factories.make_activity(world.area, code="HD-C", start_on=IN_2021)
    factories.make_update(third, 20, IN_2022)
    fourth = factories.make_activity(
        world.area, code="HD-D", lifecycle="cancelled", cancelled_on=IN_2022, due_on=date(2025, 1, 1)
    )
    whole = explain(world.plan, END_2021, END_2022)
    agrees(world.plan, whole)
    assert {code: words for code, (words, _points) in told(whole).items()} == {
        "HD-A": "báo cáo được duyệt (40,0 → 70,0)",
        "HD-B": "báo cáo giảm (80,0 → 50,0)",
        "HD-C": "báo cáo đầu tiên được duyệt (0,0 → 20,0)",
        fourth.code: "hủy từ ngày 01/03/2022",
    }


def test_milestones_and_indicators(world):
    periodic = factories.make_activity(world.other, code="HD-M", kind="periodic")
    for year in (2020, 2021, 2022, 2023):
        factories.make_milestone(periodic, date(year, 12, 31), done_on=IN_2022 if year == 2020 else None)
    indicator = Indicator.objects.create(
        area=world.other, code="CH", name="Đợt", unit="đợt", aggregation="cumulative", baseline=0, target=10
    )
    IndicatorValue.objects.create(indicator=indicator, year=2021, actual=3, effective_on=IN_2021)
    IndicatorValue.objects.create(indicator=indicator, year=2022, actual=5, effective_on=IN_2022)
    factories.make_activity(world.other, code="HD-I", indicator=indicator)
    own = explain(world.plan, END_2021, END_2022, world.other)
    assert told(own) == {
        "HD-M": ("mốc đã đạt 0/4 → 1/4 (0,0 → 25,0)", Fraction(25, 2)),
        "HD-I": ("chỉ tiêu đổi (30,0 → 50,0)", 10),
    }


def test_sealed_days_are_read_as_sealed(world, user):
    factories.make_snapshot(world.year)
    go_on(world)
    factories.make_snapshot(world.half)
    world.second.weight = 3
    world.second.save()
    correct([world.second.pk], user=user, reason="Trọng số ghi sai")
    whole = explain(world.plan, END_2021, END_2022)
    agrees(world.plan, whole)
    # Both were sealed before the correction: it belongs to neither figure.
    assert told(whole).keys() == {"HD-A", "HD-C"}


def test_an_erratum_between_is_a_contribution_of_its_own(world, user):
    snapshot = factories.make_snapshot(world.year)
    # Accepted after the sealing, of a day before it.
    factories.make_update(world.first, 50, date(2021, 12, 1))
    correct([world.first.pk], user=user, reason="Báo cáo đến muộn")
    go_on(world)
    factories.make_snapshot(world.half)
    for until in (END_2022, date(2023, 1, 1)):
        whole = explain(world.plan, END_2021, until)
        agrees(world.plan, whole)
        own = explain(world.plan, END_2021, until, world.area)
        assert told(own)["*"] == ("đính chính số 1 (Năm 2021): Báo cáo đến muộn", 5)
        assert told(own)["HD-A"][0] == "hoàn thành (50,0 → 100,0)"
        erratum = next(one for one in own.contributions if one.activity is None)
        assert erratum.url == f"/so-lieu-chot/{snapshot.pk}/#dinh-chinh"


def test_an_erratum_that_a_sealed_end_does_not_hold_is_taken_back(world, user):
    """From today's records of an early day to a day that was sealed before it was corrected."""
    factories.make_snapshot(world.half)
    factories.make_update(world.first, 50, IN_2022)
    correct([world.first.pk], user=user, reason="Báo cáo đến muộn")
    whole = explain(world.plan, END_2021, END_2022)
    agrees(world.plan, whole)
    assert told(whole) == {
        "HD-A": ("báo cáo được duyệt (40,0 → 50,0)", 5),
        "*": ("đính chính số 1 (6 tháng 2022) không có trong số liệu đã chốt: Báo cáo đến muộn", -5),
    }
    assert (whole.old, whole.new, whole.difference) == (60, 60, 0)


def test_what_was_moved_deleted_or_hidden_since_the_sealing(world):
    other = factories.make_activity(world.other, code="HD-O", start_on=IN_2021)
    gone = factories.make_activity(world.area, code="HD-X", start_on=IN_2021)
    factories.make_snapshot(world.year)
    world.first.area = world.other
    world.first.save()
    gone.published = False
    gone.save()
    whole = explain(world.plan, END_2021, date(2023, 1, 1))
    agrees(world.plan, whole)
    words = [(one.area.number, one.activity.code, one.words) for one in whole.contributions]
    assert (6, "HD-A", "chuyển sang lĩnh vực 7") in words
    assert (7, "HD-A", "chuyển từ lĩnh vực 6 (đang ở 40,0)") in words
    assert (6, "HD-X", "không còn trong số liệu") in words
    assert next(one for one in whole.contributions if one.activity.code == "HD-X").activity.url == ""
    assert other.code not in {code for _number, code, _words in words}


def test_an_area_that_gets_its_first_value(world):
    activity = factories.make_activity(world.other, code="HD-N", added_on=IN_2022)
    factories.make_update(activity, 30, IN_2022)
    whole = explain(world.plan, END_2021, END_2022)
    agrees(world.plan, whole)
    assert (whole.old, whole.new) == (60, 45)
    own = explain(world.plan, END_2021, END_2022, world.other)
    assert (own.old, own.new, own.starts) == (None, 30, True)
    assert told(own) == {"HD-N": ("thêm mới (đang ở 30,0)", 30)}


def test_the_same_day_and_an_empty_plan(world):
    assert explain(world.plan, END_2021, END_2021).contributions == ()
    empty = explain(factories.make_plan(), END_2021, END_2022)
    assert (empty.old, empty.new, empty.areas, empty.difference) == (None, None, (), 0)


@pytest.mark.parametrize("size", [10, 1_000])
@pytest.mark.parametrize(("sealed", "queries"), [((), 10), (("year",), 11), (("year", "half"), 4)])
def test_query_counts(world, size, sealed, queries, django_assert_num_queries):
    fill(world.area, size)
    for name in sealed:
        factories.make_snapshot(getattr(world, name))
    with django_assert_num_queries(queries):
        whole = explain(world.plan, END_2021, END_2022 + timedelta(days=30 * (len(sealed) == 1)))
    assert sum(one.points for one in whole.contributions) == whole.difference
