"""The report by body as a file: the rows of its page, in every format."""

import csv
import io
import json

import pytest
import python_calamine

from programs.models import Activity
from tests.factories import make_agency, make_plan, make_snapshot
from tests.pages import html_of, rows_of, text_of
from tests.programs.test_agency_report import END, EVE, World, day, make_period

pytestmark = pytest.mark.django_db

URL = "/bao-cao/don-vi/"
FIGURES = ("Chủ trì", "Hoàn thành", "Quá hạn", "Đã báo cáo", "Phải báo cáo", "Báo cáo đã duyệt")


@pytest.fixture
def world():
    return World()


@pytest.fixture
def period(world):
    return make_period(world.plan, day(12, year=2024), END)


def rows(client, **query) -> list[dict]:
    return json.loads(client.get(URL, {**query, "dinh_dang": "json"}).content)


def as_on_the_page(row: dict) -> str:
    led, completed, overdue, reported, expected, reports = (row[name] for name in FIGURES)
    return f"{row['Cơ quan']} {led} {completed} {overdue} {reported}/{expected} {reports}"


@pytest.mark.parametrize("by", ["luc-do", "hien-nay"])
@pytest.mark.parametrize("of_period", [False, True])
def test_the_file_holds_the_rows_of_the_page(client, world, period, by, of_period):
    query = {"theo": by, **({"ky": period.pk} if of_period else {"as_of": END.isoformat()})}
    page = client.get(URL, query)
    *body, total = rows(client, **query)
    assert [as_on_the_page(row) for row in body] == rows_of(page)
    assert len(body) == (4 if by == "luc-do" else 2)
    assert total["Cơ quan"] == "Cộng"
    sums = page.context["report"].total
    names = ("led", "completed", "overdue", "reported", "expected", "reports")
    assert [total[name] for name in FIGURES] == ["" if sums[name] is None else sums[name] for name in names]


def test_every_row_says_which_days_it_is_of(client, world, period):
    days = [(row["Từ ngày"], row["Đến ngày"]) for row in rows(client, ky=period.pk)]
    assert days == [
        ("2024-12-15", "2025-06-30"),
        ("2024-12-15", "2025-06-30"),
        ("2025-07-01", "2025-12-14"),
        ("2024-12-15", "2025-12-14"),
        ("", ""),
    ]
    assert {(row["Từ ngày"], row["Đến ngày"]) for row in rows(client, as_of=EVE.isoformat())} == {
        ("", "2025-06-30"), ("", ""),
    }  # fmt: skip


def test_what_does_not_add_up_over_a_merger_is_empty(client, world, period):
    total = rows(client, ky=period.pk)[-1]
    assert [total[name] for name in FIGURES] == ["", 2, "", "", "", 4]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_every_format_holds_the_same(client, world, period, kind):
    response = client.get(URL, {"ky": period.pk, "theo": "hien-nay", "dinh_dang": kind})
    assert 'filename="bao-cao-don-vi-hien-nay-' in response["Content-Disposition"]
    assert f'.{kind}"' in response["Content-Disposition"]
    if kind == "csv":
        head, *body = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
        body = [[*row[:3], *map(int, row[3:])] for row in body]
        assert body[0][1:3] == ["2024-12-15", "2025-12-14"]
    else:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(response.content))
        head, *body = book.get_sheet_by_index(0).to_python()
        assert body[0][1:3] == [day(12, year=2024), END]
    assert head == ["Cơ quan", "Từ ngày", "Đến ngày", *FIGURES]
    assert [row[3:] for row in body] == [[4, 2, 1, 4, 4, 4], [1, 0, 0, 0, 1, 0], [5, 2, 1, 4, 5, 4]]


def test_no_formula_ever(client, world):
    Activity.objects.filter(pk=world.unled.pk).update(lead_agency=make_agency("=1+1"))
    content = client.get(URL, {"dinh_dang": "csv"}).content.decode("utf-8-sig")
    assert any(line.startswith("'=1+1") for line in content.splitlines())


def test_a_sealed_period_gives_what_was_sealed(client, world, period):
    make_snapshot(period)
    before = rows(client, ky=period.pk)
    Activity.objects.update(lead_agency=world.new, completed_on=None, lifecycle="in_progress")
    assert rows(client, ky=period.pk) == before
    assert [as_on_the_page(row) for row in before[:-1]] == rows_of(client.get(URL, {"ky": period.pk}))
    assert rows(client, as_of="2025-12-15") != rows(client, as_of=END.isoformat())


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"theo": "x"}, "hãy chọn lại ở đầu trang rồi tải lại"),
        ({"ky": "x"}, "hãy chọn lại ở đầu trang rồi tải lại"),
        ({"as_of": "31/12/2025"}, "hãy sửa ngày ở đầu trang rồi tải lại"),
        ({"dinh_dang": "exe"}, "Không có dạng tệp “exe”."),
    ],
)
def test_what_cannot_be_had_is_told_on_the_page(client, world, query, words):
    response = client.get(URL, {"dinh_dang": "csv", **query})
    assert response["Content-Type"].startswith("text/html")
    assert words in text_of(response)
    assert "Cộng 6 3 1" in text_of(response)


def test_the_period_decides_whatever_the_day_says(client, world, period):
    assert rows(client, ky=period.pk, as_of="x") == rows(client, ky=period.pk)


def test_the_links_keep_what_is_asked_for(client, world, period):
    html = html_of(client.get(URL, {"theo": "hien-nay", "ky": period.pk}))
    assert "Tải báo cáo này:" in html
    for kind in ("csv", "xlsx", "ods", "json"):
        assert f'href="?theo=hien-nay&amp;ky={period.pk}&amp;dinh_dang={kind}"' in html


def test_nothing_to_take_away(client):
    make_plan(is_main=True)
    assert "dinh_dang" not in html_of(client.get(URL))
    assert rows(client) == []


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow(client, world, period, count, django_assert_num_queries):
    for number in range(count):
        world.make(make_agency(f"Sở {number}"))
    with django_assert_num_queries(18):
        client.get(URL, {"ky": period.pk, "dinh_dang": "csv"})
