"""The open files: RFC 4180, what is public and no more, so many queries; and the page about them."""

import csv
import datetime
import io
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from portal.opendata.columns import FILES
from portal.opendata.rows import OpenPlan
from portal.opendata.writing import cell, csv_text
from tests import factories
from tests.pages import text_of

DAY = datetime.date(2022, 6, 30)
# The plan comes first; figures are five queries more, or seven for a day before today.
QUERIES = {"ke-hoach": 6, "linh-vuc": 6, "hoat-dong": 13, "moc": 14, "bao-cao": 14, "ban-ghi-nho": 2}


@pytest.fixture
def plan(db):
    return factories.make_plan(is_main=True, signed_on=datetime.date(2019, 5, 17))


@pytest.fixture
def area(plan):
    return factories.make_area(plan, 6)


def fetch(client, name, on=None):
    answer = client.get(reverse("open-data-file", kwargs={"ten": name}) + (f"?as_of={on}" if on else ""))
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("size", [1, 40])
def test_queries_do_not_depend_on_size(client, area, name, size, django_assert_num_queries):
    for number in range(size):
        activity = factories.make_activity(area, lead_agency=factories.make_agency())
        factories.make_update(activity)
        factories.make_milestone(activity, DAY)
        factories.make_mou(area, number=f"{number}/BGN", activity=activity)
    with django_assert_num_queries(QUERIES[name]):
        rows = fetch(client, name)
    assert len(rows) == (1 if name in ("ke-hoach", "linh-vuc") else size)


@pytest.mark.parametrize("name", FILES)
def test_columns_are_as_the_page_says(client, area, name):
    """Also of a plan with nothing in it: a header, and for plan and areas a line."""
    answer = client.get(reverse("open-data-file", kwargs={"ten": name}))
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Access-Control-Allow-Origin"] == "*"
    text = answer.content.decode()
    assert not text.startswith("\ufeff")
    assert text.split("\r\n")[0] == ",".join(column.key for column in FILES[name].columns)
    page = text_of(client.get(reverse("open-data")))
    assert all(column.key in page for column in FILES[name].columns)
    for row in OpenPlan(area.plan, DAY).rows(name):
        assert len(row) == len(FILES[name].columns)


def test_activities_hold_facts_and_figures(client, area):
    activity = factories.make_activity(area, title='Họp "lần 1", bàn', weight=3, start_on=DAY)
    factories.make_update(activity, Decimal("33.3"))
    [row] = fetch(client, "hoat-dong", "2022-12-31")
    assert (row["title"], row["area"], row["weight"]) == ('Họp "lần 1", bàn', "6", "3")
    assert (row["percent_exact"], row["percent"], row["reported_on"]) == ("333/10", "33.3", "2022-06-30")
    assert row["added_on"] == "2019-05-17"
    [before] = fetch(client, "hoat-dong", "2022-06-29")
    assert (before["percent"], before["reported_on"]) == ("0.0", "")
    assert fetch(client, "hoat-dong", "2019-05-16") == []


def test_only_what_is_public(client, area):
    agency = factories.make_agency()
    shown = factories.make_activity(area)
    factories.make_activity(area, published=False, title="KIN")
    hidden = factories.make_area(area.plan, 7, published=False, title="KIN")
    factories.make_activity(hidden, title="KIN")
    clerk = factories.make_user("nguoi-bao-cao", agency=agency, full_name="NGƯỜI KÍN")
    factories.make_update(shown, results="được đăng", reported_by=clerk, decided_by=clerk)
    factories.make_update(shown, status="submitted", results="KIN", decided_at=None)
    factories.make_update(shown, status="returned", results="KIN", return_note="KIN")
    factories.make_update(shown, is_counterpart=True, results="KIN")
    personal = {"party_a_representative": "KIN", "party_a_phone": "KIN", "party_b_address": "KIN"}
    factories.make_mou(area, value=Decimal(1_234_567), quantity="KIN", **personal)
    factories.make_mou(area, value=Decimal("2.5"), value_is_public=True, number="CHUNG")
    factories.make_mou(area, published=False, number="KIN")
    everything = ""
    for name in FILES:
        everything += client.get(reverse("open-data-file", kwargs={"ten": name})).content.decode()
    assert "KIN" not in everything and "KÍN" not in everything and "nguoi-bao-cao" not in everything
    assert "1234567" not in everything
    assert "được đăng" in everything
    by_number = {row["number"]: row for row in fetch(client, "ban-ghi-nho")}
    assert (by_number["CHUNG"]["value"], by_number["CHUNG"]["currency"]) == ("2.50", "VND")
    assert (by_number[""]["value"], by_number[""]["currency"], by_number[""]["quantity"]) == ("", "", "")


def test_a_memorandum_comes_with_the_day_it_was_signed(client, area):
    factories.make_mou(area, signed_on=DAY)
    assert fetch(client, "ban-ghi-nho", "2022-06-29") == []
    assert len(fetch(client, "ban-ghi-nho", "2022-06-30")) == 1


@pytest.mark.parametrize("asked", ["31/12/2022", "x", "0001-01-01", "2022-13-01"])
def test_a_day_that_cannot_be_read_is_refused(client, plan, asked):
    answer = client.get(reverse("open-data-file", kwargs={"ten": "linh-vuc"}), {"as_of": asked})
    assert answer.status_code == 400
    assert "ví dụ 2022-12-31" in answer.content.decode()


def test_no_such_file_no_such_plan(client, plan):
    assert client.get("/du-lieu-mo/nguoi-dung.csv").status_code == 404
    assert client.get("/ke-hoach/khong-co/du-lieu-mo/").status_code == 404


def test_page_takes_its_day_along(client, plan):
    markup = client.get(reverse("open-data"), {"as_of": "2022-12-31"}).content.decode()
    assert 'href="/du-lieu-mo/hoat-dong.csv?as_of=2022-12-31"' in markup
    assert 'href="/du-lieu-mo/hoat-dong.csv"' in client.get(reverse("open-data")).content.decode()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (DAY, "2022-06-30"),
        (Decimal("-14.3"), "-14.3"),
        (Decimal("-0.0"), "0.0"),
        (Fraction(300, 7), "300/7"),
        (Fraction(-3), "-3"),
        ("=1+1", "'=1+1"),
        ("-1", "'-1"),
        ("a,b", "a,b"),
    ],
)
def test_cells(value, said):
    assert cell(value) == said


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_any_text_comes_back(rows):
    """Read by the standard reader as it was written, but for the apostrophe before a would-be formula."""
    text = csv_text(("a", "b"), [tuple(row) for row in rows])
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [["a", "b"], *([cell(value) for value in row] for row in rows)]


def test_words_written_after_hiding_stay_hidden_on_a_sealed_day(client, plan, area):
    activity = factories.make_activity(
        area, kind="periodic", code="HD-KIN", start_on=datetime.date(2020, 1, 1)
    )
    milestone = factories.make_milestone(activity, datetime.date(2021, 6, 30), title="Mốc công khai")
    factories.make_snapshot(factories.make_period(plan))
    address = reverse("open-data-file", kwargs={"ten": "moc"}) + "?as_of=2021-12-14"
    assert "Mốc công khai" in client.get(address).content.decode()
    activity.published = False
    activity.save()
    milestone.title = "Chữ viết sau khi ẩn"
    milestone.save()
    shown = client.get(address).content.decode()
    assert "HD-KIN" in shown
    assert "Chữ viết sau khi ẩn" not in shown
