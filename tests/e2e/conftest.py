"""A real browser (Debian's Chromium through Playwright) and a real server."""

import os
import shutil
import socket

import pytest
from playwright.sync_api import sync_playwright

# Playwright's own loop makes Django believe that it runs inside async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium not found (install the package chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture(params=[360, 1440], ids=["phone", "desktop"])
def page(chromium, request):
    """A page that fails the test on a script error, a policy violation or a request to elsewhere."""
    context = chromium.new_context(viewport={"width": request.param, "height": 900}, locale="vi-VN")
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith(("http://localhost", "http://127.0.0.1", "data:", "blob:"))
            else faults.append(f"request to {asked.url}")
        ),
    )
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
