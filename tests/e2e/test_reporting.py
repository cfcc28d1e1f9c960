"""On a phone and at a desk: a report with a photo, accepted, and the public page moves."""

import pytest
from PIL import Image
from playwright.sync_api import expect

from cooperation.roles import sync_roles
from programs.models import Evidence, ProgressUpdate
from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PASSWORD = "mot-mat-khau-de-thu"


@pytest.fixture
def activity():
    sync_roles()
    office = factories.make_agency("Sở Thử")
    plan = factories.make_plan(is_main=True)
    plan.agencies.add(office)
    for name, role in (("bao-cao", "Chuyên viên"), ("duyet", "Người duyệt")):
        factories.make_user(name, agency=office, role=role, password=PASSWORD)
    return factories.make_activity(
        factories.make_area(plan, 6), lead_agency=office, code="HD-1", title="Hội chợ kết nối"
    )


def sign_in(page, server, username):
    page.goto(f"{server.url}/admin/login/?next=/viec-cua-toi/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/viec-cua-toi/")


def sign_out(page):
    page.context.clear_cookies()


def fits(page):
    """No page scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_reported_with_a_photo_accepted_and_public(page, live_server, activity, tmp_path):
    photo = tmp_path / "hoi-nghi.jpg"
    Image.new("RGB", (1200, 900), "teal").save(photo)
    sign_in(page, live_server, "bao-cao")
    assert fits(page)
    page.goto(f"{live_server.url}/bao-cao/hoat-dong/HD-1/")
    assert fits(page)
    page.get_by_label("Tiến độ (%)").fill("42,5")
    page.get_by_label("Kết quả").fill("Đã gặp 12 doanh nghiệp")
    page.get_by_label("Minh chứng", exact=True).set_input_files(photo)
    page.get_by_text("Ngày của số liệu").click()
    page.get_by_label("Tên minh chứng").fill("Ảnh hội nghị")
    page.get_by_role("button", name="Gửi duyệt").click()
    expect(page.get_by_text("Đã gửi duyệt báo cáo")).to_be_visible()
    assert Evidence.objects.get().size > 0
    public = f"{live_server.url}{activity.get_absolute_url()}"
    sign_out(page)
    page.goto(public)
    expect(page.get_by_text("42,5")).to_have_count(0)
    sign_in(page, live_server, "duyet")
    page.goto(f"{live_server.url}/duyet/")
    assert fits(page)
    page.get_by_role("link", name="Hội chợ kết nối").click()
    assert fits(page)
    expect(page.get_by_role("link", name="Ảnh hội nghị")).to_be_visible()
    page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(page.get_by_text("Đã duyệt báo cáo")).to_be_visible()
    assert ProgressUpdate.objects.get().decided_by.username == "duyet"
    sign_out(page)
    page.goto(public)
    expect(page.get_by_text("42,5").first).to_be_visible()
    assert fits(page)
