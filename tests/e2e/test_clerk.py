"""A clerk brings in a workbook in the admin: preview with a fault, corrected sheet, commit, result."""

import datetime

import pytest
import xlsxwriter
from playwright.sync_api import expect

from cooperation.roles import sync_roles
from enterprises.models import MOU
from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PASSWORD = "mot-mat-khau-de-thu"
HEADERS = ("STT", "Số bản ghi nhớ", "Ngày ký", "Bên A", "Bên B", "Lĩnh vực", "Giá trị")


@pytest.fixture
def plan():
    agency = factories.make_agency()
    plan = factories.make_plan(is_main=True)
    plan.agencies.add(agency)
    factories.make_area(plan, 6)
    sync_roles()
    factories.make_user("nhap-lieu", agency=agency, role="Nhập liệu", password=PASSWORD)
    return plan


def sheet(path, *, signed_on):
    """Two memoranda; the second one is signed on `signed_on`, whatever that is."""
    with xlsxwriter.Workbook(path) as workbook:
        table = workbook.add_worksheet("Bản ghi nhớ")
        table.write_row(0, 0, HEADERS)
        table.write_row(1, 0, (1, "01/BGN", "05/03/2020", "Công ty TNHH Thử Một", "HTX Thử Hai", 6, "1,2 tỷ"))
        table.write_row(2, 0, (2, "02/BGN", signed_on, "Công ty TNHH Thử Ba", "HTX Thử Bốn", "VI", ""))
    return path


def test_upload_preview_correct_commit(live_server, page, plan, tmp_path):
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("[name=username]", "nhap-lieu")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{live_server.url}/admin/")

    page.goto(f"{live_server.url}/admin/enterprises/mou/nhap/")
    page.set_input_files("[name=file]", sheet(tmp_path / "loi.xlsx", signed_on="31/02/2020"))
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator("body")).to_contain_text("“31/02/2020” không phải ngày")
    assert not MOU.objects.exists()

    page.goto(f"{live_server.url}/admin/enterprises/mou/nhap/")
    page.set_input_files("[name=file]", sheet(tmp_path / "dung.xlsx", signed_on="28/02/2020"))
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Ghi 2 dòng").click()
    expect(page.get_by_role("link", name="02/BGN")).to_be_visible()

    assert dict(MOU.objects.values_list("number", "signed_on")) == {
        "01/BGN": datetime.date(2020, 3, 5),
        "02/BGN": datetime.date(2020, 2, 28),
    }
    page.goto(f"{live_server.url}/linh-vuc/6/")
    expect(page.locator("#ban-ghi-nho")).to_contain_text("2")
