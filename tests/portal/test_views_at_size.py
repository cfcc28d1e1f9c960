"""Home, area and timeline with much to show: pages of everything, a bounded number of queries."""

import datetime
from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from cooperation.models import BackgroundFact
from enterprises.models import MOU
from programs.models import Activity, KeptStandings
from programs.standings.keeping import rebuild
from tests import factories
from tests.pages import html_of, rows_of, text_of

pytestmark = pytest.mark.django_db

DAY = datetime.date(2022, 6, 30)


@pytest.fixture
def area():
    return factories.make_area(factories.make_plan(is_main=True, signed_on=datetime.date(2019, 5, 17)), 6)


def make_late(area, count):
    """`count` activities, the first one due 1 day before DAY, the next 2 days …"""
    rows = [
        Activity(area=area, code=f"TRE-{n:03}", title=f"Trễ {n}", due_on=DAY - datetime.timedelta(days=n))
        for n in range(1, count + 1)
    ]
    for row in rows:
        row.prepare()
    Activity.objects.bulk_create(rows)
    return rows


def make_mous(area, count):
    one, other = factories.make_enterprise(), factories.make_enterprise()
    rows = [
        MOU(plan=area.plan, area=area, number=f"{n}/BGN", signed_on=DAY, party_a=one, party_b=other)
        for n in range(count)
    ]
    for row in rows:
        row.prepare()
    MOU.objects.bulk_create(rows)


@pytest.mark.parametrize("count", [1, 200])
def test_queries_are_the_same_with_few_and_with_many_rows_of_everything(
    client, area, count, django_assert_num_queries
):
    activities = make_late(area, count)
    make_mous(area, count)
    other = factories.make_area(area.plan, 7)
    through = Activity.further_areas.through
    through.objects.bulk_create(
        [through(activity=activity, cooperationarea=other) for activity in activities]
    )
    for number in range(min(count, 30)):
        fact = BackgroundFact.objects.create(
            code=f"F{number}", title="Tin", relation="bilateral", dated_on=DAY
        )
        fact.areas.add(area)
        factories.make_program(area)
    with django_assert_num_queries(14):
        computed = html_of(client.get("/"))
    rebuild(area.plan)
    with django_assert_num_queries(18):
        assert html_of(client.get("/")) == computed
    with django_assert_num_queries(17):
        kept = html_of(client.get("/linh-vuc/6/"))
    with django_assert_num_queries(13):
        also_kept = html_of(client.get("/linh-vuc/7/"))
    KeptStandings.objects.all().delete()
    with django_assert_num_queries(14):
        assert html_of(client.get("/linh-vuc/6/")) == kept
    with django_assert_num_queries(14):
        assert html_of(client.get("/linh-vuc/7/")) == also_kept
    with django_assert_num_queries(6):
        client.get("/dong-thoi-gian/")


def test_every_overdue_activity_can_be_reached_the_latest_first(client, area):
    make_late(area, 7)
    first = client.get("/?as_of=2022-06-30")
    assert [activity.title for activity, _leaf in first.context["late"]] == [
        "Trễ 7", "Trễ 6", "Trễ 5", "Trễ 4", "Trễ 3",
    ]  # fmt: skip
    assert "Quá hạn 7" in text_of(first)
    assert 'href="?as_of=2022-06-30&amp;qua_han=2#qua-han"' in html_of(first)
    second = client.get("/?as_of=2022-06-30&qua_han=2")
    assert [activity.title for activity, _leaf in second.context["late"]] == ["Trễ 2", "Trễ 1"]
    assert "quá hạn 1 ngày" in text_of(second)


@pytest.mark.parametrize("asked", ["-1", "abc", "999999999", "%00"])
def test_pages_within_a_page_always_exist(client, area, asked):
    make_late(area, 120)
    assert len(client.get(f"/?as_of=2022-06-30&qua_han={asked}").context["late"]) == 5
    response = client.get(f"/linh-vuc/6/?as_of=2022-06-30&page={asked}&lien_quan={asked}")
    assert len(response.context["calculation"]) in (100, 20)


def test_the_sum_is_over_all_pages_and_every_row_is_on_one(client, area):
    make_late(area, 120)
    factories.make_activity(area, code="XONG", lifecycle="completed", completed_on=DAY, weight=2)
    seen = []
    for number in (1, 2):
        page = client.get(f"/linh-vuc/6/?page={number}")
        assert "200,0 ÷ 122 = 1,6" in text_of(page)
        seen += page.context["calculation"]
    assert len({activity.pk for activity, _leaf in seen}) == 121
    total = sum(leaf.contribution for _activity, leaf in seen if leaf.countable)
    weight = sum(leaf.weight for _activity, leaf in seen if leaf.countable)
    assert round(Decimal(int(total)) / weight, 1) == page.context["figure"].value


def test_the_area_shows_ten_memoranda_of_all_and_leads_to_the_rest(client, area):
    make_mous(area, 12)
    page = client.get("/linh-vuc/6/")
    assert page.context["mou_count"] == 12
    assert len([row for row in rows_of(page) if "/BGN" in row]) == 10
    assert '<a href="/ban-ghi-nho/?linh_vuc=6">Xem tất cả 12 bản ghi nhớ</a>' in html_of(page)
    assert rows_of(client.get("/"))[0].endswith("0 0 12 –")


def test_activities_of_other_areas_are_listed_and_never_counted(client, area):
    other = factories.make_area(area.plan, 7)
    activity = factories.make_activity(other, title="Việc của lĩnh vực 7")
    activity.further_areas.add(area)
    page = client.get("/linh-vuc/6/")
    assert "Việc của lĩnh vực 7" in text_of(page)
    assert page.context["figure"].value is None
    assert page.context["calculation"] == []


def test_a_day_to_come_is_said_to_be_one(client, area):
    today = localdate()
    tomorrow = today + datetime.timedelta(days=1)
    for url in ("/", "/linh-vuc/6/"):
        assert f"Ngày {tomorrow:%d/%m/%Y} chưa đến" in text_of(client.get(f"{url}?as_of={tomorrow}"))
        assert "chưa đến" not in text_of(client.get(f"{url}?as_of={today}"))


def test_production_does_not_point_to_the_demonstration(client, area, settings):
    factories.make_plan(slug="minh-hoa", is_demonstration=True)
    assert 'href="/ke-hoach/minh-hoa/"' in html_of(client.get("/"))
    settings.PORTAL_DEMONSTRATION = False
    assert "minh-hoa" not in html_of(client.get("/"))


def test_the_bar_is_drawn_with_decimal_points(client, area):
    activity = factories.make_activity(area, start_on=datetime.date(2022, 1, 1), due_on=DAY)
    factories.make_update(activity, Decimal("62.4"))
    html = html_of(client.get("/?as_of=2022-06-30"))
    assert '<rect class="bar-value" width="62.4"' in html
    assert '<rect class="bar-plan" x="99.0"' in html
    assert "62,4" in text_of(client.get("/"))


def test_one_day_in_the_timeline_reads_from_the_plan_to_what_followed(client, area):
    signed = area.plan.signed_on
    factories.make_activity(area, title="Hội nghị", lifecycle="completed", completed_on=signed)
    factories.make_mou(area, signed_on=signed, number="01/BGN")
    factories.make_activity(
        area, title="Chỉ biết năm", lifecycle="completed", completed_on=datetime.date(2020, 12, 31),
        date_precision="year",
    )  # fmt: skip
    factories.make_activity(area, title="Chưa xong")
    BackgroundFact.objects.create(code="F1", title="Hợp nhất", relation="merger", dated_on=DAY)
    BackgroundFact.objects.create(code="F2", title="Riêng một tỉnh", relation="one_side", dated_on=DAY)
    years = client.get("/dong-thoi-gian/").context["years"]
    told = [(year, [(event["title"], event["date_label"]) for event in events]) for year, events in years]
    assert [year for year, _events in told] == [2022, 2020, 2019]
    assert told[0][1] == [("Hợp nhất", "30/06/2022")]
    assert told[1][1] == [("Chỉ biết năm", "2020")]
    assert [title.split(":")[0] for title, _label in told[2][1]] == ["01/BGN", "Hội nghị", area.plan.title]
