"""Nothing scrolls sideways, on a phone, a tablet or a desk, however long the words are."""

from datetime import date

import pytest
from django.utils.timezone import localdate

from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

WORD = "x" * 250


@pytest.mark.parametrize("width", [320, 360, 800, 993, 1440])
def test_long_words_fit(live_server, chromium, width):
    plan = factories.make_plan(is_main=True, title=WORD, signed_on=date(2019, 5, 17))
    plan.agencies.add(factories.make_agency(name="A" * 180))
    area = factories.make_area(plan, 1, title=WORD, summary=WORD * 4)
    for number in range(2, 41):
        factories.make_area(plan, number, title=f"Lĩnh vực số {number} với một cái tên khá dài để xem chỗ")
    activity = factories.make_activity(
        area, code="C" * 40, title=WORD, lead_agency=plan.agencies.get(), due_on=date(2020, 1, 1)
    )
    factories.make_update(activity, results=WORD)
    mou = factories.make_mou(area, number="N" * 60, party_a=factories.make_enterprise("E" * 250))
    page = chromium.new_page(viewport={"width": width, "height": 900})
    addresses = [
        "/", "/linh-vuc/1/", "/linh-vuc/2/", activity.get_absolute_url(), mou.get_absolute_url(),
        "/hoat-dong/", "/hoat-dong/?linh_vuc=abc", "/ban-ghi-nho/", "/doanh-nghiep/", "/co-quan/",
        "/dong-thoi-gian/", "/linh-vuc/99/", "/cach-tinh/", "/du-lieu-mo/", "/so-lieu-chot/",
    ]  # fmt: skip
    needed = {}
    for address in addresses:
        page.goto(live_server.url + address)
        needed[address] = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert needed == dict.fromkeys(addresses, width)


def test_the_head_stays_small(live_server, chromium):
    """On a phone the menu waits folded; at a desk it is simply there, and nothing needs a script."""
    factories.make_area(factories.make_plan(is_main=True), 1)
    heights, seen = {}, {}
    for width in (360, 1440):
        context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=False)
        page = context.new_page()
        page.goto(live_server.url)
        heights[width] = page.locator(".site-header").bounding_box()["height"]
        seen[width] = page.get_by_role("link", name="Dòng thời gian").is_visible()
        context.close()
    assert seen == {360: False, 1440: True}
    assert max(heights.values()) <= 100


def test_on_paper_tables_stay_tables(live_server, chromium):
    """A sheet of A4 is as narrow as a phone, but a reader of paper wants rows, the day, and no menus."""
    plan = factories.make_plan(is_main=True)
    for number in range(1, 13):
        factories.make_area(plan, number, title=f"Lĩnh vực số {number} với một cái tên khá dài để xem chỗ")
    page = chromium.new_page(viewport={"width": 794, "height": 1123})
    page.emulate_media(media="print")
    page.goto(live_server.url)
    assert page.evaluate("getComputedStyle(document.querySelector('tbody tr')).display") == "table-row"
    assert page.evaluate("document.documentElement.scrollWidth") == 794
    assert not page.get_by_role("navigation").first.is_visible()
    assert page.get_by_text(f"hôm nay, {localdate():%d/%m/%Y}").is_visible()
    page.close()
