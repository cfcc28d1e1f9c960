"""Takes the README's pictures: a server over a fresh demonstration database, Chromium at two widths.

    make screenshots

Needs Debian's chromium. Writes docs/img/<page>-<width>.png.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

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
STAFF = {"admin": "/admin/", "activity-form": "/admin/programs/activity/"}
WIDTHS = (360, 1440)


def serve(var_dir: str, port: int) -> subprocess.Popen:
    environment = {
        **os.environ,
        "PORTAL_VAR_DIR": var_dir,
        "PORTAL_DEMO_PASSWORD": PASSWORD,
        "PORT": str(port),
        "DATABASE_URL": "",
    }
    for command in (["compile_translations"], ["migrate", "-v0"], ["setup"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)  # noqa: S603
    server = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "gunicorn", "-c", "portal/gunicorn.py", "portal.wsgi"], cwd=ROOT, env=environment
    )
    for _ in range(50):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/").close()
            return server
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not start.")


def shoot(url: str, target: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for width in WIDTHS:
            page = browser.new_context(viewport={"width": width, "height": 900}, locale="vi-VN").new_page()
            for name, path in PUBLIC.items():
                page.goto(url + path)
                page.screenshot(path=target / f"{name}-{width}.png", full_page=True)
            page.goto(f"{url}/admin/login/")
            page.fill("[name=username]", "chuyenvien.la")
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url(f"{url}/admin/")
            for name, path in STAFF.items():
                page.goto(url + path)
                page.screenshot(path=target / f"{name}-{width}.png")
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
            shoot(f"http://127.0.0.1:{port}", target)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
