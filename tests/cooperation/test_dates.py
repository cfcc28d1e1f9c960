"""Dates as known, and days that readers ask for."""

from datetime import date

import pytest
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from cooperation.dates import DatePrecision, format_date, last_day, parse_as_of, span_end


def test_format_says_no_more_than_is_known():
    day = date(2023, 5, 31)
    assert format_date(day) == "31/05/2023"
    assert format_date(day, DatePrecision.MONTH) == "05/2023"
    assert format_date(day, DatePrecision.YEAR) == "2023"
    assert format_date(None) == "không rõ ngày"


def test_last_day():
    assert last_day(2024, 2) == date(2024, 2, 29)
    assert last_day(2025) == date(2025, 12, 31)


def test_as_of_takes_an_iso_day():
    assert parse_as_of("2025-06-30") == (date(2025, 6, 30), "")
    assert parse_as_of(None) == (localdate(), "")


@pytest.mark.parametrize("raw", ["31/31/2020", "2020-13-01", "0001-01-01", "9999-12-31", "hôm qua", "\x00"])
def test_as_of_explains_what_it_cannot_read(raw):
    day, message = parse_as_of(raw)
    assert day == localdate()
    assert "2022-12-31" in message


@given(st.text(max_size=80))
def test_as_of_never_fails(raw):
    day, _message = parse_as_of(raw)
    assert isinstance(day, date)


@pytest.mark.parametrize(
    ("value", "precision", "end"),
    [
        (date(2020, 2, 1), "day", date(2020, 2, 1)),
        (date(2020, 2, 1), "month", date(2020, 2, 29)),
        (date(2020, 12, 31), "month", date(2020, 12, 31)),
        (date(2020, 2, 1), "year", date(2020, 12, 31)),
        (None, "year", None),
    ],
)
def test_a_month_or_year_stands_at_its_last_day(value, precision, end):
    assert span_end(value, precision) == end
