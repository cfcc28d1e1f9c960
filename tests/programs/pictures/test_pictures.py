"""Pictures: coordinates that SVG can read, and the same data beside them as a table."""

import datetime
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from programs.measures import Kind, LeafFacts
from programs.pictures.bars import bars
from programs.pictures.drawing import coordinate, shortened
from programs.pictures.funnel import funnel, share
from programs.pictures.gantt import MOST_ROWS, gantt, quarter, quarter_label
from programs.pictures.heat_map import HeatCell, HeatMap, HeatRow, step_of
from programs.pictures.trend import trend
from programs.progress import leaf_figure
from tests.pages import plain

DAY = datetime.date(2022, 6, 30)
percents = st.decimals(0, 100, places=1)


def shown(tag, **context):
    with translation.override("vi"):
        return Template("{% load pictures %}{% " + tag + " %}").render(Context(context))


def assert_whole(html):
    """Title, description, a table, and no number in an attribute that SVG could not read."""
    assert re.search(r'<svg[^>]*role="img"[^>]*aria-labelledby="(\S+)-title \1-desc"', html)
    assert re.search(r'<title id="\S+-title">\S', html)
    assert re.search(r'<desc id="\S+-desc">\S', html)
    assert "<table" in html
    assert "style=" not in html
    for name, value in re.findall(r'\b(x|y|x1|y1|x2|y2|cx|cy|width|height|viewBox)="([^"]*)"', html):
        assert re.fullmatch(r"-?\d+(\.\d+)?( -?\d+(\.\d+)?)*", value), (name, value)
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@given(st.one_of(st.integers(-9999, 9999), st.floats(-9999, 9999), st.fractions(-999, 999), percents))
def test_a_coordinate_has_a_point_and_no_exponent(value):
    text = coordinate(value)
    assert re.fullmatch(r"-?\d+(\.\d{1,2})?", text)
    assert abs(float(text) - float(value)) <= 0.0051


@pytest.mark.parametrize(
    ("value", "text"), [(380, "380"), (Decimal("62.4"), "62.4"), (Fraction(1, 3), "0.33"), (-0.001, "0")]
)
def test_coordinates(value, text):
    assert coordinate(value) == text


def test_a_long_text_is_cut_at_a_word():
    assert shortened("Hội nghị", 20) == "Hội nghị"
    assert shortened("Hội nghị kết nối cung cầu", 20) == "Hội nghị kết nối…"
    assert len(shortened("x" * 50, 20)) == 20


@pytest.mark.parametrize(
    ("value", "step"),
    [("0", 0), ("19.9", 0), ("20.0", 1), ("60.0", 3), ("99.9", 4), ("100.0", 4), (None, None)],
)
def test_steps_of_the_heat_map(value, step):
    assert step_of(value and Decimal(value)) == step


def test_the_heat_map_says_every_value_and_marks_what_is_doubtful():
    cells = (
        HeatCell(Decimal("42.0"), "42,0", "/linh-vuc/1/?as_of=2021-12-31"),
        HeatCell(Decimal("90.0"), "90,0", "", "chưa đủ số liệu", doubtful=True),
        HeatCell(text="chưa triển khai"),
    )
    picture = HeatMap("nhiet", "Theo năm", "Mô tả", "Lĩnh vực", ("2020", "2021", "2022"),
                      (HeatRow(1, "Công nghiệp", "/linh-vuc/1/", cells),))  # fmt: skip
    html = shown("heat_map picture", picture=picture)
    text = plain(html)
    assert "1 Công nghiệp 42,0 90,0 (chưa đủ số liệu) chưa triển khai" in text
    assert '<a href="/linh-vuc/1/?as_of=2021-12-31">42,0</a>' in html
    assert html.count('fill="url(#nhiet-hatch)"') == 1
    assert 'aria-describedby="nhiet-desc"' in html
    assert "<caption>Theo năm</caption>" in html
    assert "0–20 20–40 40–60 60–80 80–100" in text
    assert "style=" not in html


days = st.dates(datetime.date(2019, 1, 1), datetime.date(2026, 1, 1))


@given(st.dictionaries(days, st.tuples(st.none() | percents, st.none() | percents), min_size=2, max_size=12))
def test_a_trend_stays_inside_its_picture(values):
    picture = trend("t", "Tiến độ", [(day, *pair) for day, pair in values.items()])
    valued = [pair for pair in values.values() if pair[0] is not None]
    if len(valued) < 2:
        assert picture is None
        return
    assert len(picture.dots) == len(valued)
    for run in (*picture.actual, *picture.planned, " ".join(",".join(dot) for dot in picture.dots)):
        for pair in run.split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= 360
            assert 0 <= y <= 210
    assert_whole(shown("trend points title", points=picture.points, title="Tiến độ"))


def test_a_trend_leaves_a_gap_where_there_is_no_value():
    points = [
        (DAY.replace(month=month, day=28), value, Decimal(50))
        for month, value in (
            (1, Decimal(10)),
            (2, Decimal(20)),
            (3, None),
            (4, Decimal(30)),
            (5, Decimal(25)),
        )
    ]
    picture = trend("t", "Tiến độ", points)
    assert len(picture.actual) == 2
    assert len(picture.planned) == 1
    assert picture.description == (
        "Từ 10,0 % ngày 28/01/2022 đến 25,0 % ngày 28/05/2022; theo kế hoạch đến ngày ấy 50,0 %; "
        "1 lần giảm giữa hai mốc."
    )
    html = shown("trend points title", points=points, title="Tiến độ")
    assert "28/03/2022 – 50,0" in plain(html)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=5).map(lambda ns: sorted(ns, reverse=True)))
def test_a_funnel_narrows_and_its_shares_are_right(numbers):
    picture = funnel("f", "Phễu", "Mô tả", [(f"Bước {n}", number, "") for n, number in enumerate(numbers)])
    widths = [float(stage.bar.width) for stage in picture.stages]
    assert widths == sorted(widths, reverse=True)
    assert all(float(stage.bar.x) + float(stage.bar.width) <= 361 for stage in picture.stages)
    for stage, number in zip(picture.stages, numbers, strict=True):
        assert stage.of_first == share(number, numbers[0])
    assert_whole(shown("funnel picture", picture=picture))


def test_the_table_of_a_funnel_leads_to_its_rows():
    stages = [("Đã ký", 3, "/a"), ("Hợp đồng", 1, "/b")]
    html = shown("funnel picture", picture=funnel("f", "Phễu", "Mô tả", stages))
    assert '<a href="/b">1</a>' in html
    assert "Hợp đồng 1 33,3 33,3" in plain(html)
    assert "Hợp đồng: 1 · 33,3 %" in plain(html)


def test_bars_are_as_long_as_their_numbers():
    picture = bars(
        "b", "Quá hạn", "Mô tả", [("Sở A", 8, "/a"), ("Sở B", 2, "")], what="Cơ quan", unit="Quá hạn"
    )
    assert [float(bar.bar.width) for bar in picture.bars] == [320, 80]
    html = shown("bars picture", picture=picture)
    assert_whole(html)
    assert '<a href="/a">8</a>' in html


@dataclass(frozen=True)
class Row:
    """What the picture asks of an activity."""

    code: str
    title: str
    start_on: datetime.date | None = None
    due_on: datetime.date | None = None
    completed_on: datetime.date | None = None
    date_precision: str = "day"


def pair(row):
    facts = LeafFacts(
        kind=Kind.ONE_OFF, weight=1, added_on=None, start_on=row.start_on, due_on=row.due_on,
        completed_on=row.completed_on, suspended_on=None, resumed_on=None, cancelled_on=None,
        cancellation_document="",
    )  # fmt: skip
    return row, leaf_figure(facts, DAY)


def test_quarters():
    assert quarter_label(quarter(datetime.date(2022, 6, 30))) == "II/2022"
    assert quarter(datetime.date(2023, 1, 1)) - quarter(datetime.date(2022, 12, 31)) == 1


def test_the_timeline_tells_states_by_a_sign_too():
    late = Row("A", "Trễ", datetime.date(2021, 1, 1), datetime.date(2021, 11, 30))
    rows = [
        late,
        replace(late, code="B", title="Xong", completed_on=datetime.date(2021, 5, 1)),
        replace(late, code="C", title="Đang làm", due_on=datetime.date(2023, 3, 1)),
        Row("D", "Không ngày"),
    ]
    html = shown("gantt rows on title", rows=[pair(row) for row in rows], on=DAY, title="Theo quý")
    assert_whole(html)
    text = plain(html)
    assert "Trễ A I/2021 IV/2021 quá hạn 212 ngày" in text
    assert "Xong B I/2021 II/2021 hoàn thành đúng hạn" in text
    assert "Đang làm C I/2021 I/2023 trong hạn" in text
    assert "1 hoạt động không rõ ngày nên không vẽ được" in text
    assert html.count('fill="url(#theo-quy-late)"') == 1
    assert re.findall(r'gantt-sign-\w+"[^>]*>(.)', html) == ["✓", "!"]


@given(st.lists(st.tuples(days, days), min_size=1, max_size=60))
def test_bars_of_the_timeline_stay_inside(spans):
    rows = [
        pair(Row(str(n), f"Việc {n}", min(span), max(span))) for n, span in enumerate(spans)
    ]  # fmt: skip
    picture = gantt("g", "Theo quý", rows, DAY, lambda leaf, activity: "")
    assert len(picture.rows) == min(len(spans), MOST_ROWS)
    for row in picture.rows:
        assert float(row.bar.x) >= 300
        assert float(row.bar.x) + float(row.bar.width) <= 765
        assert float(row.bar.width) > 0
    if len(spans) > MOST_ROWS:
        assert f"Còn {len(spans) - MOST_ROWS} hoạt động" in picture.description


def test_nothing_is_drawn_of_nothing():
    assert plain(shown("gantt rows on title", rows=[pair(Row("A", "x"))], on=DAY, title="x")) == ""
    assert plain(shown("trend points title", points=[], title="x")) == ""
