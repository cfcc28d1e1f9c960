"""A new colleague's first day: the password from the administrator, one's own, a phone, a recovery code."""

from base64 import b32decode

import pytest
from django_otp.oath import totp
from playwright.sync_api import expect

from cooperation.models import User
from cooperation.roles import sync_roles
from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

FIRST, OWN = "mat-khau-dau-tien", "mat-khau-cua-rieng-toi"


def sign_in(page, password):
    page.fill("[name=username]", "nguoi-moi")
    page.fill("[name=password]", password)
    page.get_by_role("button", name="Đăng nhập").click()


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_first_day(live_server, page):
    sync_roles()
    factories.make_plan(is_main=True)
    factories.make_user(
        "nguoi-moi",
        agency=factories.make_agency(),
        role="Người duyệt",
        full_name="Người Mới",
        password=FIRST,
        must_change_password=True,
    )
    page.goto(f"{live_server.url}/admin/login/?next=/tai-khoan/")
    sign_in(page, "nham-mat-khau")
    expect(page.get_by_role("alert")).to_contain_text("không đúng")
    expect(page.get_by_text("Chưa lưu")).to_have_count(0)
    assert fits(page)
    sign_in(page, FIRST)
    page.wait_for_url("**/tai-khoan/mat-khau/**")
    assert fits(page)

    page.get_by_label("Mật khẩu hiện nay").fill(FIRST)
    page.get_by_label("Mật khẩu mới:", exact=True).fill(OWN)
    page.get_by_label("Nhập lại mật khẩu mới").fill(OWN)
    page.get_by_role("button", name="Đổi mật khẩu").click()
    page.wait_for_url("**/tai-khoan/")
    expect(page.get_by_role("status")).to_contain_text("Đã đổi mật khẩu")
    assert fits(page)

    page.get_by_role("link", name="Bật", exact=True).click()
    picture = page.get_by_role("img")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    assert fits(page)
    key = b32decode(page.locator("code.key").inner_text().replace(" ", ""))
    page.get_by_label("Mã xác thực").fill(f"{totp(key):06}")
    page.get_by_label("Mật khẩu hiện nay").fill(OWN)
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    codes = page.locator(".recovery-codes code")
    expect(codes).to_have_count(10)
    recovery = codes.first.inner_text()
    assert fits(page)

    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_role("link", name="Đăng nhập lại").click()
    sign_in(page, OWN)
    page.wait_for_url("**/tai-khoan/xac-thuc/**")
    assert fits(page)
    page.get_by_label("Mã xác thực").fill(recovery)
    page.get_by_role("button", name="Xác thực").click()
    page.wait_for_url("**/admin/")
    assert not User.objects.get().must_change_password


@pytest.fixture(params=[360, 1440], ids=["phone", "desktop"])
def forgiving_page(chromium, request):
    """A page whose console may say that an answer was 403: that is what is being looked at."""
    context = chromium.new_context(viewport={"width": request.param, "height": 900}, locale="vi-VN")
    yield context.new_page()
    context.close()


def test_text_posted_too_late_is_kept(live_server, forgiving_page, settings):
    page = forgiving_page
    sync_roles()
    activity = factories.make_activity(lead_agency=factories.make_agency())
    factories.make_user("nguoi-moi", is_superuser=True, password=OWN)
    page.goto(f"{live_server.url}/admin/login/")
    sign_in(page, OWN)
    page.wait_for_url("**/admin/")
    page.goto(f"{live_server.url}/admin/programs/activity/{activity.pk}/change/")
    page.fill("[name=title]", "Hội nghị kết nối cung cầu đã viết rất lâu")
    settings.PORTAL_SESSION_IDLE_MINUTES = 0
    with page.expect_response(lambda answer: answer.status == 403):
        page.locator("[name=_save]").first.click()
    expect(page.get_by_label("Tên hoạt động")).to_have_value("Hội nghị kết nối cung cầu đã viết rất lâu")
    assert fits(page)
