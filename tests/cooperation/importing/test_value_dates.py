"""Cells → days and ends of terms."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.importing import values
from tests.cooperation.importing.test_values import refused

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    "cell",
    [
        date(2019, 5, 17), 43602, 43602.0, 43602.5, "43602", "17/5/2019", "17-05-2019", "17.5.2019",
        "17.5.19", "2019-05-17", "2019/05/17", "2019-05-17 00:00:00", "2019-05-17T00:00:00",
        "17/5/2019 00:00", "17/05/2019 12:00:00 AM", "ngày 17 tháng 5 năm 2019", "Ngày 17/5/2019",
        "17 tháng 5 năm 2019", "'17/05/2019", " 17 / 5 / 2019 ", "Long An, ngày 17 tháng 5 năm 2019",
        "NGÀY 17 THÁNG 05 NĂM 2019",
        "TP. Hồ Chí Minh, ngày 17/5/2019", "Thứ sáu, ngày 17/5/2019", "T6, 17/5/2019", "Ký ngày 17/5/2019",
        "8h30, ngày 17/5/2019", "ngày 17/5 năm 2019", "17/5/2019.",
        "１７／５／２０１９", "17–5–2019", "17\u00a0/5/2019",
        "nga\u0300y 17 tha\u0301ng 5 na\u0306m 2019",
    ],
)  # fmt: skip
def test_every_spelling_of_a_day(cell):
    assert values.day(cell) == date(2019, 5, 17)


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "–", "…"])
def test_no_day(cell):
    assert values.day(cell) is None


def test_the_day_comes_first_always():
    assert values.day("5/6/2024") == date(2024, 6, 5)
    assert values.day("31/12/2025") == date(2025, 12, 31)


def test_a_year_of_two_digits_lies_from_1990_to_2089():
    assert values.day("1/2/95") == date(1995, 2, 1)
    assert values.day("1/2/89") == date(2089, 2, 1)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("31/02/2020", "tháng 2/2020 chỉ có 29 ngày"),
        ("29/02/2021", "tháng 2/2021 chỉ có 28 ngày"),
        ("ngày 31 tháng 4 năm 2021", "tháng 4/2021 chỉ có 30 ngày"),
        ("32/1/2020", "tháng 1/2020 chỉ có 31 ngày"),
        ("31/2/9999", "tháng 2/9999 chỉ có 28 ngày"),
        ("12/31/2020", "ngày đứng trước: có phải 31/12/2020?"),
        ("2020-31-12", "có phải 31/12/2020?"),
        ("1/1/1066", "1990 đến 2100"),
        ("1/1/2101", "1990 đến 2100"),
        (date(1899, 12, 31), "1990 đến 2100"),
        (25_000, "1990 đến 2100"),
        ("0/1/2020", "17/05/2019"),
        ("1/1/0000", "17/05/2019"),
        ("hôm qua", "17/05/2019"),
        ("trước ngày 17/5/2019", "17/05/2019"),
        ("17/5/20199", "17/05/2019"),
        ("2019-05-16T17:00:00Z", "17/05/2019"),  # in Vietnam that is the 17th
        (17.5, "17/05/2019"),
        (5, "17/05/2019"),
        (True, "17/05/2019"),
        (10**400, "17/05/2019"),
        (float("nan"), "17/05/2019"),
        (float("-inf"), "17/05/2019"),
    ],
)
def test_what_is_no_day_is_told_what_to_write(cell, says):
    message = refused(values.day, cell, "invalid_date")
    assert says in message
    assert values.quoted(cell) in message


@pytest.mark.parametrize(
    "cell",
    [
        "Quý II/2019", "Q2-2019", "quý 2 năm 2019", "5/2019", "05-2019", "tháng 5/2019", "Tháng 5 năm 2019",
        "T5/2019", "năm 2019", "2019", 2019, 2019.0, 5.2019, "6 tháng đầu năm 2019", "6 tháng cuối năm",
        "17/5", "ngày 17/5", "ngày 17 tháng 5", "đầu năm 2019", "2019-2025", "giai đoạn 2019-2025",
        "ngày     tháng     năm 2019", "17/5/2019 - 20/5/2019", "Từ ngày 17/5/2019 đến ngày 20/5/2019",
    ],
)  # fmt: skip
def test_a_period_is_not_a_day(cell):
    assert "đủ ngày/tháng/năm" in refused(values.day, cell, "ambiguous_date")


@given(DAYS)
def test_a_day_reads_back_from_every_spelling(day):
    for spelling in (
        "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y 00:00", "%Y-%m-%d 00:00:00",
        "ngày %d tháng %m năm %Y", "%d tháng %m năm %Y", "ngày %d/%m/%Y", "'%d/%m/%Y",
        "Tây Ninh, ngày %d tháng %m năm %Y",
    ):  # fmt: skip
        assert values.day(day.strftime(spelling)) == day
    assert values.day(f"{day.day}/{day.month}/{day.year}") == day
    serial = (day - date(1899, 12, 30)).days
    assert values.day(serial) == values.day(float(serial)) == values.day(str(serial)) == day


@given(DAYS)
def test_two_digits_of_a_year_read_back_for_a_hundred_years(day):
    if day.year < 2090:
        assert values.day(day.strftime("%d/%m/%y")) == day


START = date(2019, 5, 31)


@pytest.mark.parametrize(
    ("cell", "end"),
    [
        ("12 tháng", date(2020, 5, 31)),
        ("06 tháng", date(2019, 11, 30)),
        ("9 tháng", date(2020, 2, 29)),
        ("2 NĂM", date(2021, 5, 31)),
        ("02 (hai) năm", date(2021, 5, 31)),
        ("năm năm", date(2024, 5, 31)),
        ("1,5 năm", date(2020, 11, 30)),
        ("1 năm 6 tháng", date(2020, 11, 30)),
        ("1 năm (12 tháng)", date(2020, 5, 31)),
        ("90 ngày", date(2019, 8, 29)),
        ("12 tháng kể từ ngày ký", date(2020, 5, 31)),
        ("24 tháng (kể từ ngày ký)", date(2021, 5, 31)),
        ("12 tháng kể từ ngày 01/01/2020", date(2021, 1, 1)),
        ("thời hạn 12 tháng", date(2020, 5, 31)),
        ("đến 31/12/2025", date(2025, 12, 31)),
        ("đến hết ngày 31/12/2025", date(2025, 12, 31)),
        ("đến ngày 31 tháng 12 năm 2025", date(2025, 12, 31)),
        ("đến hết năm 2025", date(2025, 12, 31)),
        ("đến năm 2025", date(2025, 12, 31)),
        ("đến hết tháng 6/2025", date(2025, 6, 30)),
        ("đến hết quý III/2025", date(2025, 9, 30)),
        ("từ 1/1/2020 đến 31/12/2022", date(2022, 12, 31)),
        ("từ năm 2019 đến năm 2025", date(2025, 12, 31)),
        ("từ ngày ký đến 31/12/2025", date(2025, 12, 31)),
        ("1/1/2020 - 31/12/2022", date(2022, 12, 31)),
        ("01/2020-06/2022", date(2022, 6, 30)),
        ("2019-2025", date(2025, 12, 31)),
        ("Giai đoạn 2019 – 2025", date(2025, 12, 31)),
        ("năm 2025", date(2025, 12, 31)),
        ("31/12/2025", date(2025, 12, 31)),
        (date(2025, 12, 31), date(2025, 12, 31)),
        ("không thời hạn", None),
        ("Không xác định thời hạn", None),
        ("-", None),
        ("", None),
        (None, None),
    ],
)
def test_terms_give_the_last_day(cell, end):
    assert values.term_end(cell, START) == end


@pytest.mark.parametrize(
    "cell",
    [
        "lâu dài", "12", 12, "999 năm", "0 tháng", "1,3 năm", "12-24 tháng", "đến khi xong", "đến 2101",
        "đến 13/2025", "12 tháng kể từ ngày nghiệm thu", "đến hết 12 tháng", True,
    ],
)  # fmt: skip
def test_what_is_no_term_is_told_what_to_write(cell):
    message = refused(values.term_end, cell, "invalid_date", START)
    assert "12 tháng, 2 năm, đến 31/12/2025" in message
    assert values.quoted(cell) in message


def test_a_wrong_day_in_a_term_says_what_is_wrong_with_it():
    assert "chỉ có 28 ngày" in refused(values.term_end, "đến 31/02/2025", "invalid_date", START)
    assert "có phải 31/12/2025?" in refused(values.term_end, "đến 12/31/2025", "invalid_date", START)


def test_a_length_of_time_without_a_start_has_no_end():
    assert values.term_end("12 tháng", None) is None
    assert values.term_end("đến 31/12/2025", None) == date(2025, 12, 31)


def test_the_end_of_a_month_is_cut():
    assert values.term_end("1 tháng", date(2020, 1, 31)) == date(2020, 2, 29)
    assert values.term_end("1 tháng", date(2021, 1, 31)) == date(2021, 2, 28)


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2050, 12, 31)), st.integers(1, 500))
def test_a_term_of_months_ends_in_that_month_on_that_day_or_the_last(start, months):
    end = values.term_end(f"{months} tháng", start)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@given(DAYS)
def test_the_last_day_reads_back(day):
    for spelling in (
        "đến %d/%m/%Y",
        "đến hết ngày %d/%m/%Y",
        "đến ngày %d tháng %m năm %Y",
        "01/01/1990 - %d/%m/%Y",
    ):
        assert values.term_end(day.strftime(spelling), START) == day
