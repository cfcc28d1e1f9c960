"""Takes the README's pictures: a server over a fresh demonstration database, Chromium at two widths.

    make screenshots

Needs Debian's chromium. Writes docs/img/<page>-<width>.png.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import xlsxwriter
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "mat-khau-chup-anh"  # noqa: S105
PUBLIC = {
    "home": "/",
    "area": "/linh-vuc/6/",
    "demonstration": "/ke-hoach/minh-hoa/",
    "demonstration-area": "/ke-hoach/minh-hoa/linh-vuc/6/",
    "activities": "/ke-hoach/minh-hoa/hoat-dong/",
    "timeline": "/dong-thoi-gian/",
    "mous": "/ban-ghi-nho/",
}
STAFF = {"admin": "/admin/", "activities-admin": "/admin/programs/activity/"}
WIDTHS = (360, 1440)


def serve(var_dir: str, port: int) -> subprocess.Popen:
    environment = {
        **os.environ,
        "PORTAL_VAR_DIR": var_dir,
        "PORTAL_DEMO_PASSWORD": PASSWORD,
        "PORT": str(port),
        "DATABASE_URL": "",
    }
    for command in (
        ["compile_translations"],
        ["migrate", "-v0"],
        ["setup"],
        ["collectstatic", "--noinput", "-v0"],
    ):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)  # noqa: S603
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "portal/gunicorn.py", "portal.wsgi"],
        cwd=ROOT,
        env=environment,
    )
    for _ in range(50):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/").close()
            return server
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not start.")


def workbook(folder: str) -> Path:
    """An invented sheet of three memoranda, one of them faulty."""
    path = Path(folder) / "ban-ghi-nho-minh-hoa.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Bản ghi nhớ")
        sheet.write_row(0, 0, ("STT", "Số bản ghi nhớ", "Ngày ký", "Bên A", "Bên B", "Lĩnh vực", "Giá trị"))
        for number, day, value in (
            (1, "05/03/2024", "1,2 tỷ"),
            (2, "31/02/2024", "350 triệu"),
            (3, "17/5/2024", ""),
        ):
            parties = (f"Công ty TNHH Ví dụ {number} (minh họa)", f"HTX Ví dụ {number} (minh họa)")
            sheet.write_row(number, 0, (number, f"VD-{number}", day, *parties, 6, value))
    return path


def sign_in(page, url: str, username: str) -> None:
    page.goto(f"{url}/admin/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{url}/admin/")


def shoot(url: str, target: Path, folder: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for width in WIDTHS:
            look = {
                "viewport": {"width": width, "height": 900},
                "locale": "vi-VN",
                "timezone_id": "Asia/Ho_Chi_Minh",
            }
            page = browser.new_context(**look).new_page()
            for name, path in PUBLIC.items():
                page.goto(url + path)
                page.screenshot(path=target / f"{name}-{width}.png")
            sign_in(page, url, "chuyenvien.la")
            for name, path in STAFF.items():
                page.goto(url + path)
                page.screenshot(path=target / f"{name}-{width}.png")
            page = browser.new_context(**look).new_page()
            sign_in(page, url, "nhaplieu")
            page.goto(f"{url}/admin/cooperation/importbatch/nhap/mou/")
            page.set_input_files("[name=file]", workbook(folder))
            page.get_by_role("button", name="Xem trước").click()
            page.wait_for_url(re.compile(r"importbatch/[0-9a-f-]{36}/"))
            page.screenshot(path=target / f"import-{width}.png")
        browser.close()


def main() -> None:
    target = ROOT / "docs" / "img"
    target.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as var_dir:
        server = serve(var_dir, port)
        try:
            shoot(f"http://127.0.0.1:{port}", target, var_dir)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
