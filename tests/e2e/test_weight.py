"""How little a page weighs, and that it can be read before a font is there.

What is counted is what production sends: pages compressed, static files compressed and kept for ever.
"""

import gzip
import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, RequestFactory, override_settings
from playwright.sync_api import expect
from whitenoise.middleware import WhiteNoiseMiddleware

from cooperation.fixture_loading import REAL_FIXTURES, load_once
from tests import factories
from tests.portal.test_demonstration import FIXTURE

FIRST_VISIT, NEXT_VISIT = 150_000, 15_000
PLANS = ("/", "/ke-hoach/minh-hoa/")
AS_IN_PRODUCTION = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


@pytest.fixture
def production(db, tmp_path):
    """Both plans, and static files as `collectstatic` makes them in production."""
    for name in REAL_FIXTURES:
        load_once(FIXTURE.parent / name)
    load_once(FIXTURE)
    with override_settings(STORAGES=AS_IN_PRODUCTION, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield WhiteNoiseMiddleware(lambda request: None)


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def static_file(server, address):
    """One static file as a browser that takes gzip gets it."""
    answer = server(RequestFactory().get(address, headers={"accept-encoding": "gzip"}))
    assert answer is not None, f"{address} is not served"
    assert answer["Cache-Control"] == f"max-age={10 * 365 * 86400}, public, immutable"
    body = body_of(answer)
    answer.close()
    text = gzip.decompress(body) if answer.get("Content-Encoding") == "gzip" else body
    return len(body), text


@pytest.mark.parametrize("address", PLANS)
def test_weight_of_a_home_page(production, address):
    page = Client().get(address, headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    markup = gzip.decompress(page.content).decode()
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', markup))
    assert any(file.endswith(".css") for file in files)
    weights = {}
    for file in sorted(files):
        weights[file], text = static_file(production, file)
        if file.endswith(".css"):
            for font in re.findall(r'url\("?([^")]+)"?\)', text.decode()):
                weights[font], _body = static_file(production, f"/static/css/{font}".replace("css/../", ""))
    assert sum(file.endswith(".woff2") for file in weights) == 4
    assert len(page.content) <= NEXT_VISIT
    assert len(page.content) + sum(weights.values()) <= FIRST_VISIT, weights


def test_pages_of_the_signed_in_are_not_compressed(production):
    """Their size must not tell what stands in them (BREACH)."""
    client = Client()
    client.force_login(factories.make_user(is_superuser=True), settings.AUTHENTICATION_BACKENDS[-1])
    assert "Content-Encoding" not in client.get("/", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in Client().get("/admin/login/", headers={"accept-encoding": "gzip"})


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
def test_readable_before_any_font_arrives(live_server, chromium):
    """Fonts never come: the text is there all the same, and nothing moves much once they do."""
    plan = factories.make_plan(is_main=True, title="Kế hoạch hợp tác công thương giai đoạn 2019-2025")
    for number in range(1, 13):
        factories.make_area(plan, number, title=f"Lĩnh vực {number}: hội nghị, xúc tiến, kết nối")
    heights = []
    for blocked in (True, False):
        page = chromium.new_page(viewport={"width": 360, "height": 900})
        if blocked:
            page.route("**/*.woff2", lambda route: route.abort())
        page.goto(live_server.url)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.fonts.check('16px \"Be Vietnam Pro\"', 'ế')") is not blocked
        heights.append(page.evaluate("document.querySelector('main').offsetHeight"))
        page.close()
    assert abs(heights[0] - heights[1]) < 0.12 * heights[1]


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
def test_without_script_all_is_there(live_server, chromium):
    plan = factories.make_plan(is_main=True)
    factories.make_activity(factories.make_area(plan, 6), title="Hội nghị kết nối")
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 900})
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_text("Mục lục", exact=True).first.click()
    page.get_by_role("navigation", name="Chính").get_by_role("link", name="Hoạt động").click()
    expect(page.get_by_role("link", name="Hội nghị kết nối")).to_be_visible()
    page.goto(live_server.url + "/cach-tinh/#r5")
    expect(page.get_by_text("Trung bình cộng của các lĩnh vực có giá trị")).to_be_visible()
    context.close()


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
def test_by_keyboard_alone(live_server, chromium):
    """The first stop skips to the content; every stop can be seen."""
    plan = factories.make_plan(is_main=True)
    factories.make_area(plan, 6)
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Tới nội dung")).to_be_focused()
    stops = []
    for _stop in range(25):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                "(() => { const at = document.activeElement, style = getComputedStyle(at);"
                "return [at.textContent.trim() || at.outerHTML.slice(0, 60), style.outlineStyle,"
                " parseFloat(style.outlineWidth)]; })()"
            )
        )
    assert {"Liên Tịch", "Tiến độ", "Cơ quan", "Lĩnh vực số 6"} <= {text for text, _style, _width in stops}
    assert not [stop for stop in stops if stop[1] == "none" or stop[2] < 2]
    page.keyboard.press("Shift+Tab")
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "noi-dung"
    page.close()
