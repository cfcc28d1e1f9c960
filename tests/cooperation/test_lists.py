"""Pages that always exist, and filters that never answer what they cannot read with everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.lists import page_of

ROWS = list(range(60))


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        (None, 1), ("", 1), ("2", 2), ("3", 3), ("4", 3), ("999999999", 3), ("0", 1), ("-1", 1),
        ("abc", 1), ("2.5", 1), ("\x00", 1), ("9" * 10_000, 1),
    ],
)  # fmt: skip
def test_the_nearest_page_that_exists(asked, number):
    assert page_of(ROWS, asked).number == number


def test_pages_hold_25_rows():
    assert list(page_of(ROWS, "1")) == ROWS[:25]
    assert list(page_of(ROWS, "3")) == ROWS[50:]
    assert list(page_of([], "7")) == []


@given(st.text(max_size=40), st.integers(min_value=0, max_value=60))
def test_any_request_finds_a_page(asked, size):
    page = page_of(ROWS[:size], asked)
    assert 1 <= page.number <= page.paginator.num_pages
