"""A citizen goes from the home page to an area to an activity, on a phone and at a desk."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def fits(page) -> bool:
    """Nothing is cut off or scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_home_to_area_to_activity(live_server, page):
    plan = factories.make_plan(is_main=True, signed_on=date(2019, 5, 17))
    for number in range(1, 13):
        factories.make_area(
            plan, number, title=f"Lĩnh vực thử số {number} với một cái tên khá dài để xem chỗ"
        )
    activity = factories.make_activity(
        plan.areas.get(number=6), title="Hội nghị kết nối cung cầu", start_on=date(2020, 1, 1)
    )
    factories.make_update(activity, 40, results="Mười doanh nghiệp tham gia.")

    page.goto(live_server.url)
    expect(page.locator("h1")).to_contain_text(plan.title)
    expect(page.get_by_text("1/12").first).to_be_visible()
    assert fits(page)

    page.get_by_role("link", name="Lĩnh vực thử số 6").first.click()
    expect(page.locator("h1")).to_contain_text("Lĩnh vực thử số 6")
    expect(page.locator("#cach-tinh")).to_contain_text("40,0")
    assert fits(page)

    page.get_by_role("link", name="Hội nghị kết nối cung cầu").first.click()
    expect(page.locator("h1")).to_contain_text("Hội nghị kết nối cung cầu")
    expect(page.get_by_text("Mười doanh nghiệp tham gia.")).to_be_visible()
    assert fits(page)
