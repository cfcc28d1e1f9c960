"""`?so_voi=` and the sealed periods on home, area and activity list: what they say and carry along."""

from datetime import date
from decimal import Decimal

import pytest

from programs.changes.trend import remembered
from tests import factories
from tests.pages import html_of, rows_of, text_of
from tests.portal.test_views import fill

pytestmark = pytest.mark.django_db

HOME_QUERIES = 24
AREA_QUERIES = 23
END_2021, END_2022 = date(2021, 12, 14), date(2022, 6, 14)
QUERY = "?as_of=2022-06-14&so_voi=2021-12-14"


@pytest.fixture(autouse=True)
def _nothing_remembered():
    remembered.cache_clear()


@pytest.fixture
def world():
    """At the end of 2021 area 6 stood at 40,0; in June 2022 at 45,0. Area 7 begins in 2022."""
    plan = factories.make_plan(is_main=True, signed_on=date(2019, 5, 17))
    area, other = factories.make_area(plan, 6), factories.make_area(plan, 7)
    activity = factories.make_activity(area, code="HD-A", title="Hội chợ", start_on=date(2020, 1, 1))
    factories.make_update(activity, 40, date(2021, 6, 30))
    factories.make_update(activity, 45, date(2022, 3, 1))
    late = factories.make_activity(other, code="HD-B", added_on=date(2022, 1, 1))
    factories.make_update(late, 20, date(2022, 3, 1))
    return plan


def seal(plan, *ends):
    for number, end in enumerate(ends):
        period = factories.make_period(
            plan, kind="month", label=f"Kỳ {number}", start_on=end.replace(day=1), end_on=end
        )
        factories.make_snapshot(period)


@pytest.mark.parametrize("sealed", [False, True])
def test_home_says_the_difference_and_leads_to_why(client, world, sealed):
    if sealed:
        seal(world, END_2021)
    response = client.get(f"/{QUERY}")
    html = html_of(response)
    assert "so với 14/12/2021: +5,0" in text_of(response)
    assert 'href="/thay-doi/?tu=2021-12-14&amp;den=2022-06-14&amp;linh_vuc=6"' in html
    # The headline fell because an area came in below it.
    assert "−7,5" in text_of(response)
    assert 'href="/thay-doi/?tu=2021-12-14&amp;den=2022-06-14"' in html
    assert "khi đó chưa có giá trị" in text_of(response)
    assert 'href="/linh-vuc/6/?as_of=2022-06-14&amp;so_voi=2021-12-14"' in html


@pytest.mark.parametrize("sealed", [False, True])
def test_an_area_says_the_difference_and_leads_to_why(client, world, sealed):
    if sealed:
        seal(world, END_2021)
    response = client.get(f"/linh-vuc/6/{QUERY}")
    assert "so với 14/12/2021: +5,0" in text_of(response)
    html = html_of(response)
    assert 'href="/thay-doi/?tu=2021-12-14&amp;den=2022-06-14&amp;linh_vuc=6"' in html
    assert 'href="/hoat-dong/HD-A/?as_of=2022-06-14&amp;so_voi=2021-12-14"' in html
    assert "khi đó chưa có giá trị" in text_of(client.get(f"/linh-vuc/7/{QUERY}"))


def test_the_explanation_tells_the_same_difference(client, world):
    page = client.get("/thay-doi/?tu=2021-12-14&den=2022-06-14")
    assert (page.context["whole"].old, page.context["whole"].new) == (40, Decimal("32.5"))
    assert "báo cáo được duyệt (40,0 → 45,0) · báo cáo gốc +5,0" in text_of(page)


def test_without_a_day_nothing_is_compared(client, world):
    for address in ("/", "/linh-vuc/6/", "/hoat-dong/"):
        response = client.get(address)
        assert "so với 14" not in text_of(response).lower()
        assert "so_voi=" not in html_of(response)
    assert "Vì sao con số thay đổi?" in text_of(client.get("/"))


@pytest.mark.parametrize("address", ["/", "/linh-vuc/6/", "/hoat-dong/"])
@pytest.mark.parametrize("raw", ["14/12/2021", "2021-02-30", "x", "%00", "9" * 5000])
def test_an_unreadable_day_is_explained(client, world, address, raw):
    response = client.get(f"{address}?so_voi={raw}")
    assert response.status_code == 200
    assert "Không đọc được ngày so sánh" in text_of(response)


def test_the_list_compares_row_by_row(client, world):
    factories.make_activity(world.areas.get(number=7), code="HD-C", title="Về sau", added_on=date(2023, 1, 1))
    response = client.get(f"/hoat-dong/{QUERY}")
    rows = rows_of(response)
    assert len(rows) == 2
    assert any(row.startswith("Hội chợ HD-A") and row.endswith("45,0 +5,0") for row in rows)
    assert any(row.endswith("20,0 khi đó chưa tính") for row in rows)
    html = html_of(response)
    assert '<input type="hidden" name="as_of" value="2022-06-14">' in html
    assert '<input type="hidden" name="so_voi" value="2021-12-14">' in html
    assert 'href="/hoat-dong/HD-A/?as_of=2022-06-14&amp;so_voi=2021-12-14"' in html
    assert len(rows_of(client.get("/hoat-dong/"))) == 3


@pytest.mark.parametrize("address", ["/", "/linh-vuc/6/"])
def test_the_sealed_periods_are_links(client, world, address):
    assert "period-slider" not in html_of(client.get(address))
    seal(world, END_2021)
    assert "period-slider" not in html_of(client.get(address))
    seal(world, END_2022)
    html = html_of(client.get(f"{address}?as_of=2021-12-14&so_voi=2022-06-14"))
    assert html.count('aria-current="page"') == (1 if address == "/" else 2)
    slider = html[html.index("period-slider") :]
    assert slider.index("as_of=2021-12-14") < slider.index("as_of=2022-06-14") < slider.index("Hôm nay")
    assert 'src="/static/js/period_slider.js" defer' in html


def test_the_line_of_an_area_stands_on_its_page(client, world):
    seal(world, END_2021)
    response = client.get("/linh-vuc/6/")
    assert [point.actual for point in response.context["line"]] == [40, 45]
    assert "Từ 40,0 % ngày 14/12/2021 đến 45,0 %" in text_of(response)
    assert [point.actual for point in client.get("/linh-vuc/6/?as_of=2021-12-14").context["line"]] == [40]


@pytest.mark.parametrize("size", [10, 1_000])
def test_query_counts(client, world, size, django_assert_num_queries):
    fill(world.areas.get(number=6), size)
    seal(world, date(2021, 10, 14), END_2021)
    compared = "?as_of=2022-08-01&so_voi=2022-01-01"
    client.get("/linh-vuc/6/")
    for address, queries in (
        ("/", HOME_QUERIES),
        ("/linh-vuc/6/", AREA_QUERIES),
    ):
        with django_assert_num_queries(queries, info=address):
            client.get(f"{address}{compared}")


def test_another_day_keeps_the_filter(client, world):
    html = html_of(client.get("/hoat-dong/?linh_vuc=6&page=1&as_of=2022-06-14"))
    form = html[html.index('class="as-of"') :]
    form = form[: form.index("</form>")]
    assert '<input type="hidden" name="linh_vuc" value="6">' in form
    assert 'name="page"' not in form
    assert form.count('name="as_of"') == 1
