"""A clerk brings in a workbook in the admin: faults, the sheet that names them, commit, result, undo."""

import datetime

import pytest
import python_calamine
import xlsxwriter
from playwright.sync_api import expect

from cooperation.roles import sync_roles
from enterprises.models import MOU, Enterprise
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


def corrected(annotated, path, *, signed_on):
    """The downloaded sheet with its one fault mended, its column "Lỗi" and all else as it is."""
    lines = python_calamine.CalamineWorkbook.from_path(annotated).get_sheet_by_index(0).to_python()
    assert [line[-1] for line in lines[:2]] == ["Lỗi", ""]
    assert lines[2][-1].startswith("Ngày ký: “31/02/2020”")
    lines[2][HEADERS.index("Ngày ký")] = signed_on
    with xlsxwriter.Workbook(path) as workbook:
        table = workbook.add_worksheet("Bản ghi nhớ")
        for number, line in enumerate(lines):
            table.write_row(number, 0, line)
    return path


def sign_in(page, server):
    page.goto(f"{server.url}/admin/login/")
    page.fill("[name=username]", "nhap-lieu")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{server.url}/admin/")


def preview(page, server, path):
    page.goto(f"{server.url}/admin/cooperation/importbatch/nhap/mou/")
    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="Xem trước").click()


def test_upload_preview_correct_commit_undo(live_server, page, plan, tmp_path):
    sign_in(page, live_server)
    preview(page, live_server, sheet(tmp_path / "loi.xlsx", signed_on="31/02/2020"))
    expect(page.locator(".problem-error", has_text="“31/02/2020”")).to_be_visible()
    assert not MOU.objects.exists()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp có cột Lỗi").click()

    mended = corrected(download.value.path(), tmp_path / "dung.xlsx", signed_on="28/02/2020")
    preview(page, live_server, mended)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Ghi 2 dòng").click()
    expect(page.get_by_role("link", name="02/BGN")).to_be_visible()
    assert dict(MOU.objects.values_list("number", "signed_on")) == {
        "01/BGN": datetime.date(2020, 3, 5),
        "02/BGN": datetime.date(2020, 2, 28),
    }
    result = page.url
    page.goto(f"{live_server.url}/linh-vuc/6/")
    expect(page.locator("#ban-ghi-nho")).to_contain_text("2")

    page.goto(result)
    page.get_by_role("link", name="Hoàn tác lần nhập này").click()
    expect(page.locator(".import-page")).to_contain_text("2 dòng sẽ trở lại như trước khi nhập")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".import-page")).to_contain_text("Đã hoàn tác lúc")
    assert (MOU.objects.count(), Enterprise.objects.count()) == (0, 0)
