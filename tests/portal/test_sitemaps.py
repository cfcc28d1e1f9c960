"""What search engines are led to: published pages of real plans, each of which answers."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from portal.sitemaps import SITEMAPS
from tests import factories
from tests.pages import html_of

pytestmark = pytest.mark.django_db


def locations(client, address):
    return [urlsplit(found).path for found in re.findall(r"<loc>(.*?)</loc>", html_of(client.get(address)))]


def all_pages(client):
    return [page for section in locations(client, "/sitemap.xml") for page in locations(client, section)]


def fill(plan, **kwargs):
    area = factories.make_area(plan, 6)
    program = factories.make_program(area)
    factories.make_activity(area, program=program)
    parties = {side: factories.make_enterprise(**kwargs) for side in ("party_a", "party_b")}
    factories.make_mou(area, **parties)
    factories.make_agency(**kwargs)
    factories.make_snapshot(factories.make_period(plan))


def test_every_address_of_the_map_answers(client):
    fill(factories.make_plan(is_main=True, agreement=factories.make_agreement()))
    fill(factories.make_plan(slug="ke-hoach-khac"))
    pages = all_pages(client)
    assert len(pages) == len(set(pages)) > 30
    assert {"/", "/ke-hoach/ke-hoach-khac/", "/linh-vuc/6/", "/cach-tinh/", "/du-lieu-mo/"} <= set(pages)
    for page in pages:
        assert client.get(page).status_code == 200, page


def test_neither_the_demonstration_nor_what_is_not_public(client):
    factories.make_plan(is_main=True)
    pages = all_pages(client)
    agreement = factories.make_agreement()
    fill(factories.make_plan(is_demonstration=True, agreement=agreement), is_demonstration=True)
    hidden = factories.make_plan(published=False)
    factories.make_activity(factories.make_area(hidden, 1))
    factories.make_enterprise(published=False)
    assert all_pages(client) == pages


@pytest.mark.parametrize("section", SITEMAPS)
def test_queries_of_a_section(client, section, django_assert_max_num_queries):
    plan = factories.make_plan(is_main=True)
    for _n in range(5):
        factories.make_activity(factories.make_area(plan, 10 + _n))
        factories.make_mou(plan.areas.first())
    with django_assert_max_num_queries(2):
        assert client.get(reverse("sitemap-section", args=(section,))).status_code == 200


def test_robots(client, settings):
    settings.PORTAL_BASE_URL = "https://cong.example"
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    lines = html_of(answer).splitlines()
    for path in (
        "/admin/",
        "/viec-cua-toi/",
        "/duyet/",
        "/giai-trinh/",
        "/minh-chung/",
        "/tai-khoan/",
        "/lanh-dao/",
    ):
        assert f"Disallow: {path}" in lines
    assert "Sitemap: https://cong.example/sitemap.xml" in lines
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    assert not [path for path in ("/", "/hoat-dong/", "/bao-cao/don-vi/", "/cach-tinh/") if path in closed]
