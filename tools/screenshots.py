"""Takes the README's pictures: a server over a fresh demonstration database, Chromium at two widths.

    make screenshots

Needs Debian's chromium. Writes docs/img/<page>-<width>.png; the order is always the same.
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
DEMO = "/ke-hoach/minh-hoa"
WIDTHS = (360, 1440)
# Name → address. An activity of the demonstration that is under way, led by whom `chuyenvien.la` works for.
PUBLIC = {
    "home": "/",
    "demonstration": f"{DEMO}/",
    "area": f"{DEMO}/linh-vuc/6/",
    "changes": f"{DEMO}/thay-doi/?tu=2024-12-14&den=2025-06-14",
    "activities": f"{DEMO}/hoat-dong/",
    "mous": f"{DEMO}/ban-ghi-nho/",
    "timeline": "/dong-thoi-gian/",
    "method": "/cach-tinh/",
    "open-data": f"{DEMO}/du-lieu-mo/",
    "search": "/tim/?tim=hoi+nghi",
}
# Account → pages; "{code}" is an activity that is under way.
STAFF = {
    "lanhdao": {"board": f"{DEMO}/lanh-dao/"},
    "chuyenvien.la": {
        "my-work": "/viec-cua-toi/",
        "report": "/bao-cao/hoat-dong/{code}/",
        "activity": f"{DEMO}/hoat-dong/{{code}}/",
        "admin": "/admin/",
        "activities-admin": "/admin/programs/activity/",
    },
    "nguoiduyet.la": {"report-queue": "/duyet/"},
}
_A_CODE = (
    "from programs.models import Activity; "
    "print(Activity.objects.filter(area__plan__slug='minh-hoa', lifecycle='in_progress', "
    "lead_agency__slug='minh-hoa-sct-loc-an').order_by('code').first().code)"
)
_SEAL = (
    "from cooperation.models import User; from programs.models import ReportingPeriod; "
    "from programs.periods.sealing import seal; "
    "user = User.objects.get(username='quantri'); "
    "periods = ReportingPeriod.objects.filter(plan__slug='minh-hoa', kind='quarter', "
    "end_on__range=('2023-12-01', '2025-06-30')).order_by('end_on'); "
    "sealed = [seal(period=p, user=user, incomplete_reason='Dữ liệu minh họa') for p in periods]; "
    "print(sealed[-1].get_absolute_url())"
)


def manage(environment: dict, *command: str) -> str:
    """Run one command of manage.py and return the last line that it says."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *command],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    return (done.stdout.strip().splitlines() or [""])[-1]


def prepare(environment: dict) -> tuple[str, str]:
    """Make the database; return the code of an activity and the address of a sealed period."""
    for command in (
        ["compile_translations"],
        ["migrate", "-v0"],
        ["setup"],
        ["collectstatic", "--noinput", "-v0"],
    ):
        manage(environment, *command)
    sealed = manage(environment, "shell", "-v0", "-c", _SEAL)
    return manage(environment, "shell", "-v0", "-c", _A_CODE), sealed


def serve(environment: dict) -> subprocess.Popen:
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "portal/gunicorn.py", "portal.wsgi"],
        cwd=ROOT,
        env=environment,
    )
    for _ in range(50):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/").close()
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
    page.goto(f"{url}/admin/login/?next=/viec-cua-toi/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{url}/viec-cua-toi/")


def take(page, address: str, path: Path) -> None:
    answer = page.goto(address)
    if answer.status != 200:
        raise SystemExit(f"{address}: {answer.status}")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=path)


def shoot(url: str, target: Path, folder: str, code: str, sealed: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for width in WIDTHS:
            look = {
                "viewport": {"width": width, "height": 900},
                "locale": "vi-VN",
                "timezone_id": "Asia/Ho_Chi_Minh",
                "reduced_motion": "reduce",
            }
            page = browser.new_context(**look).new_page()
            for name, path in {**PUBLIC, "sealed": sealed}.items():
                take(page, url + path, target / f"{name}-{width}.png")
            dark = browser.new_context(**look, color_scheme="dark").new_page()
            take(dark, f"{url}{DEMO}/", target / f"demonstration-dark-{width}.png")
            for username, pages in STAFF.items():
                page = browser.new_context(**look).new_page()
                sign_in(page, url, username)
                for name, path in pages.items():
                    take(page, url + path.format(code=code), target / f"{name}-{width}.png")
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
        environment = {
            **os.environ,
            "PORTAL_VAR_DIR": var_dir,
            "PORTAL_DEMO_PASSWORD": PASSWORD,
            "PORT": str(port),
            "DATABASE_URL": "",
        }
        code, sealed = prepare(environment)
        server = serve(environment)
        try:
            shoot(f"http://127.0.0.1:{port}", target, var_dir, code, sealed)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
