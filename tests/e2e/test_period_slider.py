"""The sealed periods: a slider where scripts run, links where they do not."""

from datetime import date

import pytest

from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plan():
    plan = factories.make_plan(is_main=True, signed_on=date(2019, 5, 17))
    factories.make_update(factories.make_activity(factories.make_area(plan, 6)), 40, date(2021, 6, 30))
    for month in (3, 6, 9):
        period = factories.make_period(
            plan, kind="month", start_on=date(2022, month, 1), end_on=date(2022, month, 14)
        )
        factories.make_snapshot(period)
    return plan


@pytest.mark.parametrize("address", ["/", "/linh-vuc/6/"])
def test_the_slider_goes_where_the_links_go(live_server, page, plan, address):
    page.goto(f"{live_server.url}{address}?so_voi=2021-12-14")
    slider = page.get_by_label("Kéo qua các kỳ đã chốt")
    assert slider.get_attribute("aria-valuetext") == "Hôm nay"
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == "14/06/2022"
    # An arrow key chooses; only the button goes.
    assert "as_of" not in page.url
    page.locator(".period-slider button").click()
    page.wait_for_url("**/?as_of=2022-06-14&so_voi=2021-12-14")
    assert page.get_by_label("Kéo qua các kỳ đã chốt").get_attribute("aria-valuetext") == "14/06/2022"
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]


def test_without_script_there_are_links(live_server, chromium, plan):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url)
    assert page.locator(".period-slider input").count() == 0
    page.get_by_text("3 kỳ đã chốt").click()
    page.get_by_role("link", name="14/03/2022").click()
    assert page.url.endswith("?as_of=2022-03-14")
    context.close()
