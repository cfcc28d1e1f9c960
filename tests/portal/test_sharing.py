"""The picture of a shared page, and what a page says of itself to whoever shares or finds it."""

import datetime
import io
import re

import pytest
from django.urls import reverse
from PIL import Image

from portal import sharing
from tests import factories
from tests.pages import html_of

pytestmark = pytest.mark.django_db
QUERIES = 6


@pytest.fixture
def plan():
    plan = factories.make_plan(is_main=True, signed_on=datetime.date(2019, 5, 17), title="Kế hoạch hợp tác")
    factories.make_update(factories.make_activity(factories.make_area(plan, 6)), 40)
    return plan


@pytest.mark.parametrize("kwargs", [{}, {"number": 6}], ids=["plan", "area"])
def test_picture(client, plan, kwargs, django_assert_num_queries):
    with django_assert_num_queries(QUERIES):
        answer = client.get(reverse("share-picture", kwargs=kwargs))
    assert answer["Content-Type"] == "image/png"
    assert "max-age=3600" in answer["Cache-Control"]
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert len(answer.content) < 80_000
    assert not answer.cookies


def test_pictures_are_of_what_is_public(client, plan):
    factories.make_area(plan, 7, published=False)
    assert client.get(reverse("share-picture", kwargs={"number": 7})).status_code == 404
    assert client.get(reverse("share-picture", kwargs={"number": 99})).status_code == 404
    hidden = factories.make_plan(published=False)
    assert client.get(reverse("share-picture", kwargs={"plan": hidden.slug})).status_code == 404


def test_the_picture_follows_the_figure(client, plan):
    before = client.get(reverse("share-picture"))
    factories.make_update(factories.make_activity(plan.areas.get()), 90)
    after = client.get(reverse("share-picture"))
    assert before["ETag"] != after["ETag"]
    assert client.get(reverse("share-picture"))["ETag"] == after["ETag"]


@pytest.mark.parametrize("title", ["", "x" * 400, "Nội dung phối hợp " * 30, "漢字 emoji 🙂 \u202e"])
def test_any_title_can_be_drawn(title):
    png = sharing.drawn(title, 100.0, "100,0", "trên 12/12 lĩnh vực", "25/11/2026")
    assert Image.open(io.BytesIO(png)).size == sharing.SIZE


def test_lines_fit_and_are_three_at_most():
    lines = sharing._lines("Nội dung phối hợp giữa hai tỉnh " * 12, 46, "600", 1056)
    assert len(lines) == 3
    assert all(sharing._width(line, 46, "600") <= 1100 for line in lines)


def test_no_letter_is_missing():
    """Each letter of Vietnamese is in the file that `_set_of` takes it from."""
    from_latin, from_vietnamese = (sharing._font(name, "400", 20) for name in ("latin", "vietnamese"))
    missing = from_latin.getmask("\uffff").getbbox(), from_vietnamese.getmask("\uffff").getbbox()
    marks = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
    for letter in f"{marks}{marks.upper()}0123456789%,.–…·":
        font = from_latin if sharing._set_of(letter) == "latin" else from_vietnamese
        pixels = bytes(font.getmask(letter))
        assert any(pixels), letter
        assert pixels != bytes(font.getmask("\uffff")), (letter, missing)


def head_of(client, address):
    return re.search(r"<head>.*</head>", html_of(client.get(address)), re.DOTALL)[0]


def test_head_of_plan_area_and_page_without_a_plan(client, plan):
    home = head_of(client, "/")
    assert '<meta property="og:image" content="http://testserver/anh-chia-se.png">' in home
    assert "noindex" not in home
    area = head_of(client, "/linh-vuc/6/")
    assert 'content="http://testserver/linh-vuc/6/anh-chia-se.png"' in area
    assert "og:image" not in head_of(client, reverse("plan-list"))


def test_the_demonstration_is_not_for_search_engines(client, plan):
    other = factories.make_plan(slug="minh-hoa", is_demonstration=True)
    enterprise = factories.make_enterprise(is_demonstration=True)
    for address in (other.get_absolute_url(), enterprise.get_absolute_url()):
        assert '<meta name="robots" content="noindex">' in head_of(client, address)


def test_every_page_has_a_title_and_a_description_of_its_own(client, plan):
    area = plan.areas.get()
    activity = area.activities.get()
    names = ("method", "open-data", "activity-list", "mou-list", "timeline", "plan-list")
    pages = ["/", area.get_absolute_url(), activity.get_absolute_url(), *map(reverse, names)]
    heads = [head_of(client, page) for page in pages]
    titles = [re.search(r"<title>(.*?)</title>", head)[1] for head in heads]
    descriptions = [re.search(r'<meta name="description" content="(.*?)">', head)[1] for head in heads]
    assert len(set(titles)) == len(set(descriptions)) == len(pages)
    assert all(20 < len(text) <= 300 for text in descriptions)
