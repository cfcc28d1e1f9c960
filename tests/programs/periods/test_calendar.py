"""The dates of reporting periods: the decree's table, and what holds for every cut-off day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.periods.calendar import KINDS, periods_of, working_days_after

YEARS = st.integers(1991, 2099)
CUTOFFS = st.none() | st.integers(1, 28)
TILING = ("month", "quarter", "half_year", "year")


def spans(year, kind, cutoff=14):
    return [(span.label, span.start_on, span.end_on) for span in periods_of(year, kind, cutoff)]


def test_the_decree_closes_on_the_14th():
    """Nghị định 09/2019/NĐ-CP, as domain.md section 4 has it."""
    assert spans(2019, "month")[2] == ("Tháng 3 năm 2019", date(2019, 2, 15), date(2019, 3, 14))
    assert spans(2019, "month")[0] == ("Tháng 1 năm 2019", date(2018, 12, 15), date(2019, 1, 14))
    assert spans(2019, "quarter")[1] == ("Quý II năm 2019", date(2019, 3, 15), date(2019, 6, 14))
    assert spans(2021, "half_year") == [
        ("6 tháng đầu năm 2021", date(2020, 12, 15), date(2021, 6, 14)),
        ("6 tháng cuối năm 2021", date(2021, 6, 15), date(2021, 12, 14)),
    ]
    assert spans(2021, "nine_months") == [("9 tháng đầu năm 2021", date(2020, 12, 15), date(2021, 9, 14))]
    assert spans(2021, "year") == [("Năm 2021", date(2020, 12, 15), date(2021, 12, 14))]


def test_calendar_months_are_another_setting():
    assert spans(2024, "month", None)[1] == ("Tháng 2 năm 2024", date(2024, 2, 1), date(2024, 2, 29))
    assert spans(2021, "quarter", None)[3] == ("Quý IV năm 2021", date(2021, 10, 1), date(2021, 12, 31))
    assert spans(2021, "year", None) == [("Năm 2021", date(2021, 1, 1), date(2021, 12, 31))]


@given(YEARS, st.sampled_from(TILING), CUTOFFS)
def test_periods_of_one_kind_tile_the_time(year, kind, cutoff):
    """Every day from one year into the next lies in exactly one: each begins the day after the one before."""
    both = [*periods_of(year, kind, cutoff), *periods_of(year + 1, kind, cutoff)]
    for before, after in pairwise(both):
        assert after.start_on == before.end_on + timedelta(days=1)
    assert all(span.start_on <= span.end_on for span in both)
    assert len({span.label for span in both}) == len(both)


@given(YEARS, CUTOFFS)
def test_longer_periods_close_with_shorter_ones(year, cutoff):
    by_kind = {kind: list(periods_of(year, kind, cutoff)) for kind in KINDS}
    months = by_kind["month"]
    assert [span.end_on for span in by_kind["quarter"]] == [months[n].end_on for n in (2, 5, 8, 11)]
    assert [span.end_on for span in by_kind["half_year"]] == [months[n].end_on for n in (5, 11)]
    assert by_kind["nine_months"][0].end_on == months[8].end_on
    starts = {spans[0].start_on for spans in by_kind.values()}
    assert starts == {months[0].start_on}
    assert by_kind["year"][0].end_on == months[-1].end_on


@pytest.mark.parametrize("cutoff", [0, 29, 31])
def test_a_cutoff_that_some_month_lacks_is_refused(cutoff):
    with pytest.raises(ValueError, match="cut-off"):
        list(periods_of(2021, "month", cutoff))


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2021, 12, 14), 2, date(2021, 12, 16)),  # Tuesday
        (date(2019, 6, 14), 2, date(2019, 6, 18)),  # Friday
        (date(2022, 5, 14), 1, date(2022, 5, 16)),  # Saturday
        (date(2022, 5, 14), 0, date(2022, 5, 14)),
    ],
)
def test_weekends_are_no_working_days(day, count, due):
    assert working_days_after(day, count) == due
