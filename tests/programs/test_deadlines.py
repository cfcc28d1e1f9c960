"""How a deadline is said."""

from datetime import date

import pytest

from programs.deadlines import deadline_words

DAY = date(2022, 6, 30)


@pytest.mark.parametrize(
    ("due", "precision", "words"),
    [
        (date(2022, 6, 18), "day", "quá hạn 12 ngày (hạn 18/06/2022)"),
        (DAY, "day", "đến hạn hôm nay (30/06/2022)"),
        (date(2022, 7, 1), "day", "còn 1 ngày (hạn 01/07/2022)"),
        (date(2022, 5, 31), "month", "quá hạn 05/2022"),
        (DAY, "month", "hạn 06/2022"),
        (date(2022, 12, 31), "year", "hạn 2022"),
    ],
)
def test_deadline_words(due, precision, words):
    assert deadline_words(due, DAY, precision) == words
