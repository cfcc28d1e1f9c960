"""Staff at work in the admin, on a phone and at a desk, under its Content-Security-Policy."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from cooperation.roles import sync_roles
from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PASSWORD = "mot-mat-khau-de-thu"


def sign_in(page, live_server, username):
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{live_server.url}/admin/")


def test_from_the_work_to_a_milestone(live_server, page):
    sync_roles()
    agency = factories.make_agency()
    area = factories.make_area(factories.make_plan(is_main=True), 6)
    activity = factories.make_activity(
        area, title="Hội nghị kết nối cung cầu", lead_agency=agency, due_on=localdate() - timedelta(3)
    )
    factories.make_user("chuyen-vien", agency=agency, role="Chuyên viên", password=PASSWORD)
    sign_in(page, live_server, "chuyen-vien")

    expect(page.get_by_text("quá hạn 3 ngày").first).to_be_visible()
    page.get_by_role("link", name="Hội nghị kết nối cung cầu").first.click()
    expect(page.locator("[name=title]")).to_have_value("Hội nghị kết nối cung cầu")

    page.get_by_role("link", name="Mốc", exact=True).click()
    page.locator("#milestones-group .add-row a, #milestones-group a.add-row").first.click()
    page.fill("[name=milestones-0-title]", "Mời doanh nghiệp")
    page.fill("[name=milestones-0-due_on]", "30/06/2026")
    page.locator("[name=_save]").first.click()

    expect(page.get_by_text("được thay đổi thành công")).to_be_visible()
    assert activity.milestones.get().title == "Mời doanh nghiệp"


def test_every_kind_of_page_obeys_the_policy(live_server, page):
    """The `page` fixture fails on a script error, a refused script and a request to elsewhere."""
    area = factories.make_area(factories.make_plan(is_main=True), 6)
    activity = factories.make_activity(area)
    factories.make_update(activity)
    mou = factories.make_mou(area)
    factories.make_user("quan-tri", is_superuser=True, password=PASSWORD)
    sign_in(page, live_server, "quan-tri")
    for address in (
        "programs/activity/",
        "programs/activity/add/",
        f"programs/activity/{activity.pk}/change/",
        f"programs/activity/{activity.pk}/history/",
        f"programs/activity/{activity.pk}/delete/",
        "programs/activity/export/",
        f"enterprises/mou/{mou.pk}/change/",
        "cooperation/importbatch/nhap/mou/",
        "cooperation/user/add/",
        "password_change/",
    ):
        page.goto(f"{live_server.url}/admin/{address}")
        expect(page.locator("h1").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
