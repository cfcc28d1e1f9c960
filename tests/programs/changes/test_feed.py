"""The Atom feed: one entry for each thing that happened, with an id and a time that stay."""

import xml.etree.ElementTree as ET
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from programs.periods.errata import correct
from tests import factories

pytestmark = pytest.mark.django_db

FEED = "/thay-doi/nguon.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
TODAY = timezone.localdate()


def entries(client, address=FEED):
    response = client.get(address)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(response.content)  # noqa: S314
    for name in ("id", "title", "updated", "author"):
        assert root.find(f"{ATOM}{name}") is not None, name
    return [
        {
            "id": entry.findtext(f"{ATOM}id"),
            "title": entry.findtext(f"{ATOM}title"),
            "updated": datetime.fromisoformat(entry.findtext(f"{ATOM}updated")),
            "summary": entry.findtext(f"{ATOM}summary"),
            "url": entry.find(f"{ATOM}link").get("href"),
        }
        for entry in root.iter(f"{ATOM}entry")
    ]


@pytest.fixture
def happened(world, user):
    """One of each kind, and what is too old or not public."""
    now = timezone.now()
    yesterday = TODAY - timedelta(days=1)
    factories.make_update(world.second, 90, yesterday, reported_by=user, decided_by=user)
    factories.make_update(world.second, 80, yesterday, decided_at=now - timedelta(days=91))
    factories.make_update(world.second, 95, yesterday, status="submitted", decided_at=None)
    factories.make_activity(
        world.area, title="Việc xong", lifecycle="completed", completed_on=TODAY - timedelta(days=3)
    )
    factories.make_activity(
        world.area, title="Việc cũ", lifecycle="completed", completed_on=TODAY - timedelta(days=100)
    )
    factories.make_activity(
        world.area, title="Việc kín", lifecycle="completed", completed_on=yesterday, published=False
    )
    factories.make_activity(
        world.area,
        title="Việc bỏ",
        lifecycle="cancelled",
        cancelled_on=TODAY - timedelta(days=2),
        cancellation_document="12/QĐ",
    )
    factories.make_snapshot(world.year)
    world.first.weight = 2
    world.first.save()
    correct([world.first.pk], user=user, reason="Đếm lại\x0b & <b>xem lại</b>")
    return world


def test_one_entry_for_each_thing(client, happened):
    found = entries(client)
    titles = [entry["title"] for entry in found]
    assert sorted(titles) == [
        "Báo cáo được duyệt: Hội chợ",
        "Báo cáo được duyệt: Tập huấn",
        "Báo cáo được duyệt: Tập huấn",
        "Chốt số liệu: Năm 2021",
        "Hoàn thành: Việc xong",
        "Không thực hiện: Việc bỏ",
        "Đính chính số 1: Năm 2021",
    ]
    assert len({entry["id"] for entry in found}) == len(found)
    assert [entry["updated"] for entry in found] == sorted(
        (entry["updated"] for entry in found), reverse=True
    )
    assert all(entry["url"].startswith("http://testserver/") for entry in found)
    by_title = {entry["title"]: entry for entry in found}
    assert "12/QĐ" in by_title["Không thực hiện: Việc bỏ"]["summary"]
    assert (
        by_title["Đính chính số 1: Năm 2021"]["summary"] == "Lý do: Đếm lại &amp; &lt;b&gt;xem lại&lt;/b&gt;"
    )
    assert any("Tiến độ báo cáo 90,0 %." in entry["summary"] for entry in found)


def test_ids_and_times_stay(client, happened):
    before = entries(client)
    factories.make_activity(happened.area, lifecycle="completed", completed_on=TODAY)
    after = {entry["id"]: entry for entry in entries(client)}
    assert len(after) == len(before) + 1
    assert all(after[entry["id"]] == entry for entry in before)


def test_nobody_is_named(client, happened, user):
    text = client.get(FEED).content.decode()
    assert user.username not in text


def test_each_plan_has_its_own(client, happened):
    other = factories.make_plan(slug="khac")
    factories.make_activity(
        factories.make_area(other, 1), title="Việc khác", lifecycle="completed", completed_on=TODAY
    )
    assert [entry["title"] for entry in entries(client, f"/ke-hoach/khac{FEED}")] == ["Hoàn thành: Việc khác"]
    assert entries(client, f"/ke-hoach/{factories.make_plan(slug='trong').slug}{FEED}") == []


@pytest.mark.parametrize("size", [1, 30])
def test_query_counts(client, world, size, django_assert_num_queries):
    for _number in range(size):
        factories.make_update(
            factories.make_activity(world.area, lifecycle="completed", completed_on=TODAY), 100, TODAY
        )
    with django_assert_num_queries(6):
        assert len(entries(client)) == 2 * size + 2
