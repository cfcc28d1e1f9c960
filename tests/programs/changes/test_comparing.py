"""The file of a list that compares two days: what its page shows, in every format."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
import python_calamine

from programs.models import Activity
from programs.percents import sealed_rows
from tests import factories
from tests.pages import html_of, text_of
from tests.programs.changes.conftest import END_2021, END_2022, go_on

pytestmark = pytest.mark.django_db

LIST = "/hoat-dong/"
QUERY = "as_of=2022-06-14&so_voi=2021-12-14"
NOW, THEN, DIFFERENCE = "Ngày 14/06/2022, %", "Ngày 14/12/2021, %", "So với 14/12/2021"


@pytest.fixture(autouse=True)
def _nothing_remembered():
    sealed_rows.cache_clear()


@pytest.fixture
def rows(world):
    """In 2022 one is completed, one falls, one comes in, one never counts."""
    go_on(world)
    factories.make_update(world.second, Decimal("66.7"), date(2022, 3, 1))
    factories.make_activity(world.area, code="HD-T", title="=1+1", kind="continuous")
    return world


def as_json(client, query) -> list[dict]:
    return json.loads(client.get(f"{LIST}?{query}&dinh_dang=json").content)


def sheet(client, kind: str) -> list[list]:
    content = client.get(f"{LIST}?{QUERY}&dinh_dang={kind}").content
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


def test_the_file_holds_what_the_page_shows(client, rows):
    page = {row.code: row.compared for row in client.get(f"{LIST}?{QUERY}").context["page"]}
    found = {row["Mã"]: (row[NOW], row[THEN], row[DIFFERENCE]) for row in as_json(client, QUERY)}
    assert found == {
        "HD-A": (100, 40, 60),
        "HD-B": (66.7, 80, -13.3),
        "HD-C": (0, "", ""),
        "HD-T": ("", "", ""),
    }
    shown = {
        code: tuple("" if value is None else float(value) for value in (row.new, row.old, row.difference))
        for code, row in page.items()
    }
    assert found == shown


def test_the_headings_are_the_words_of_the_page(client, rows):
    columns = list(as_json(client, QUERY)[0])
    assert columns[:2] == ["Mã", "Hoạt động"]
    assert columns[-3:] == [NOW, THEN, DIFFERENCE]
    page = text_of(client.get(f"{LIST}?{QUERY}"))
    assert NOW in page
    assert DIFFERENCE in page


def test_every_format_holds_the_same_numbers(client, rows):
    text = client.get(f"{LIST}?{QUERY}&dinh_dang=csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0][-3:] == [NOW, THEN, DIFFERENCE]
    assert {line[0]: line[-3:] for line in lines[1:]} == {
        "HD-A": ["100", "40", "60"],
        "HD-B": ["66,7", "80", "-13,3"],
        "HD-C": ["0", "", ""],
        "HD-T": ["", "", ""],
    }
    for kind in ("xlsx", "ods"):
        head, *body = sheet(client, kind)
        assert head[-3:] == [NOW, THEN, DIFFERENCE], kind
        found = {row[0]: [*row, "", "", ""][10:13] for row in body}
        assert found["HD-A"] == [100, 40, 60], kind
        assert found["HD-B"] == [66.7, 80, -13.3], kind
        assert found["HD-C"] == [0, "", ""], kind


def test_no_formula_ever(client, rows):
    text = client.get(f"{LIST}?{QUERY}&dinh_dang=csv").content.decode("utf-8-sig")
    assert ",'=1+1," in text
    for kind in ("xlsx", "ods"):
        assert "=1+1" in [row[1] for row in sheet(client, kind)]


def test_a_sealed_day_gives_what_was_sealed(client, rows):
    factories.make_snapshot(rows.year)
    factories.make_snapshot(rows.half)
    before = as_json(client, QUERY)
    Activity.objects.update(completed_on=date(2020, 1, 1), lifecycle="completed")
    after = as_json(client, QUERY)
    assert [(row[NOW], row[THEN], row[DIFFERENCE]) for row in after] == [
        (row[NOW], row[THEN], row[DIFFERENCE]) for row in before
    ]
    page = client.get(f"{LIST}?{QUERY}").context["page"]
    assert {row.code: row.compared.new for row in page}["HD-B"] == Decimal("66.7")
    live = as_json(client, "as_of=2022-06-15&so_voi=2021-12-14")
    assert {row["Mã"]: row["Ngày 15/06/2022, %"] for row in live}["HD-B"] == 100


def test_only_the_day_that_is_compared_with(client, rows):
    """Without `as_of` the first day is today."""
    found = {row["Mã"]: (row[THEN], row[DIFFERENCE]) for row in as_json(client, "so_voi=2021-12-14")}
    assert found["HD-A"] == (40, 60)


def test_filters_and_their_order_hold(client, rows):
    found = as_json(client, f"{QUERY}&tim=hoi+cho")
    assert [(row["Mã"], row[DIFFERENCE]) for row in found] == [("HD-A", 60)]
    assert as_json(client, f"{QUERY}&tim=khongco") == []


def test_of_today_the_file_is_the_list(client, rows):
    found = as_json(client, "")
    assert len(found) == 4
    assert not any("%" in name or "So với" in name for name in found[0])


def test_of_one_day_the_file_has_its_percentages(client, rows):
    found = {row["Mã"]: row for row in as_json(client, "as_of=2022-06-14")}
    assert {code: row[NOW] for code, row in found.items()} == {
        "HD-A": 100,
        "HD-B": 66.7,
        "HD-C": 0,
        "HD-T": "",
    }
    assert not any("So với" in name for name in found["HD-A"])


def test_the_term_is_that_of_the_day(client, rows):
    extended = factories.make_activity(
        rows.area, code="HD-G", due_on=date(2024, 12, 31), start_on=date(2020, 1, 1)
    )
    factories.make_schedule_change(
        extended, date(2022, 8, 1), date(2022, 12, 31), start_before=date(2021, 1, 1), precision_before="year"
    )
    term = ("Bắt đầu", "Hạn hoàn thành", "Độ chính xác của ngày")
    for day, start, due, precision in (
        ("2022-07-31", "2021-01-01", "2022-12-31", "chỉ biết năm"),
        ("2022-08-01", "2020-01-01", "2024-12-31", "đúng ngày"),
    ):
        (row,) = [row for row in as_json(client, f"as_of={day}") if row["Mã"] == "HD-G"]
        assert tuple(row[name] for name in term) == (start, due, precision)


@pytest.mark.parametrize("query", ["so_voi=14/12/2021", "so_voi=%00", "as_of=x", f"as_of={'9' * 5_000}"])
def test_a_day_that_cannot_be_read_gives_the_page_that_says_so(client, rows, query):
    response = client.get(f"{LIST}?{query}&dinh_dang=csv&tim=hoi+cho")
    text = text_of(response)
    assert response["Content-Type"].startswith("text/html")
    assert "Không đọc được ngày" in text
    assert "hãy sửa ngày ở đầu trang rồi tải lại" in text
    assert "Hội chợ" in text
    assert "Tệp chưa được tạo" not in text_of(client.get(f"{LIST}?{query}"))


def test_the_links_keep_both_days(client, rows):
    html = html_of(client.get(f"{LIST}?{QUERY}"))
    for kind in ("csv", "xlsx", "ods", "json"):
        assert f'href="?as_of=2022-06-14&amp;so_voi=2021-12-14&amp;dinh_dang={kind}"' in html


@pytest.mark.parametrize("size", [0, 60])
def test_queries_do_not_grow(client, rows, size, django_assert_num_queries):
    for number in range(size):
        activity = factories.make_activity(rows.area, title=f"Thêm {number}")
        factories.make_update(activity, 10, date(2021, 1, 1))
    with django_assert_num_queries(11):
        client.get(f"{LIST}?{QUERY}&dinh_dang=csv")
    for period in (rows.year, rows.half):
        factories.make_snapshot(period)
    with django_assert_num_queries(13):
        client.get(f"{LIST}?{QUERY}&dinh_dang=csv")
    with django_assert_num_queries(11):
        client.get(f"{LIST}?{QUERY}&dinh_dang=csv")
    assert (rows.year.end_on, rows.half.end_on) == (END_2021, END_2022)
