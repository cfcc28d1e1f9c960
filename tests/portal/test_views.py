"""Home, area and timeline pages: what they say, how many queries they take, what they bear."""

import datetime
import re

import pytest

from cooperation.models import BackgroundFact
from programs.models import Activity, Indicator, IndicatorValue, KeptStandings
from programs.standings.keeping import rebuild
from tests import factories
from tests.pages import html_of, text_of

pytestmark = pytest.mark.django_db

HOME_QUERIES = 14
KEPT_HOME_QUERIES = 17
AREA_QUERIES = 14
KEPT_AREA_QUERIES = 17
DAY = datetime.date(2022, 6, 30)


@pytest.fixture
def plan():
    plan = factories.make_plan(
        is_main=True, signed_on=datetime.date(2019, 5, 17), agreement=factories.make_agreement()
    )
    plan.agencies.add(factories.make_agency(province=factories.make_province()))
    return plan


def fill(area, size):
    """`size` activities with an update each, by bulk, as an import would."""
    agency = factories.make_agency()
    activities = [
        Activity(area=area, code=f"B-{area.pk}-{n}", title=f"Việc {n}", lead_agency=agency, start_on=DAY)
        for n in range(size)
    ]
    for activity in activities:
        activity.prepare()
    Activity.objects.bulk_create(activities, batch_size=500)
    updates = Activity._meta.get_field("updates").related_model
    updates.objects.bulk_create(
        [
            updates(
                activity=activity,
                effective_on=DAY,
                percent=40,
                status="accepted",
                decided_at="2022-07-01T00:00Z",
            )
            for activity in activities
        ],
        batch_size=500,
    )


@pytest.mark.parametrize("size", [10, 10_000])
def test_query_counts_do_not_depend_on_the_number_of_activities(
    client, plan, size, django_assert_num_queries
):
    area = factories.make_area(plan, 6)
    fill(area, size)
    factories.make_mou(area)
    BackgroundFact.objects.create(code="F", title="Tin", relation="one_side").areas.add(area)
    with django_assert_num_queries(HOME_QUERIES):
        computed = html_of(client.get("/"))
    assert "40,0" in computed
    rebuild(plan)
    with django_assert_num_queries(KEPT_HOME_QUERIES):
        assert html_of(client.get("/")) == computed
    with django_assert_num_queries(KEPT_AREA_QUERIES):
        kept = html_of(client.get("/linh-vuc/6/"))
    KeptStandings.objects.all().delete()
    with django_assert_num_queries(AREA_QUERIES):
        response = client.get("/linh-vuc/6/")
    assert html_of(response) == kept
    page = text_of(response)
    assert "40,0" in page
    assert f"Cộng {size} hoạt động được tính" in page


def test_area_shows_every_summand(client, plan):
    area = factories.make_area(plan, 6)
    factories.make_update(factories.make_activity(area, title="Việc A", weight=3, start_on=DAY), 50)
    factories.make_activity(area, title="Việc B", lifecycle="completed", completed_on=DAY)
    factories.make_activity(area, title="Việc C", kind="continuous")
    factories.make_activity(
        area, title="Việc D", lifecycle="cancelled", cancelled_on=DAY, due_on=datetime.date(2022, 12, 31)
    )
    page = text_of(client.get("/linh-vuc/6/"))
    assert "250,0 ÷ 4 = 62,5" in page
    assert "thường xuyên: không tính phần trăm" in page
    assert "đã hủy hợp lệ: không tính" in page
    assert "1 hoạt động đã hủy" in page


def test_area_page_as_of_an_earlier_day(client, plan):
    area = factories.make_area(plan, 6)
    activity = factories.make_activity(area, start_on=datetime.date(2020, 1, 1))
    factories.make_update(activity, 30, datetime.date(2021, 6, 30))
    factories.make_update(activity, 70, datetime.date(2022, 6, 30))
    factories.make_mou(area, signed_on=datetime.date(2022, 1, 1))
    then = client.get("/linh-vuc/6/?as_of=2021-12-31")
    assert (then.context["figure"].value, then.context["mou_count"]) == (30, 0)
    now = client.get("/linh-vuc/6/")
    assert (now.context["figure"].value, now.context["mou_count"]) == (70, 1)


@pytest.mark.parametrize("path", ["/", "/linh-vuc/6/"])
@pytest.mark.parametrize("raw", ["31/31/2020", "2020-02-31", "x", "%00", "9999-99-99", "1" * 5000])
def test_an_unreadable_day_is_explained(client, plan, path, raw):
    factories.make_area(plan, 6)
    response = client.get(f"{path}?as_of={raw}")
    assert response.status_code == 200
    assert "Không đọc được ngày" in text_of(response)


@pytest.mark.parametrize(
    "path",
    ["/linh-vuc/13/", "/linh-vuc/999999999999999999999/", "/ke-hoach/khong-co/", "/hoat-dong/KHONG-CO/"],
)
def test_what_is_not_there_is_404_in_vietnamese(client, plan, path):
    factories.make_area(plan, 6)
    response = client.get(path)
    assert response.status_code == 404
    assert "Không tìm thấy trang" in text_of(response)


def test_unpublished_areas_and_plans_are_not_there(client, plan):
    factories.make_area(plan, 6, published=False)
    assert client.get("/linh-vuc/6/").status_code == 404
    factories.make_area(factories.make_plan(slug="kin", published=False), 1)
    assert client.get("/ke-hoach/kin/").status_code == 404
    assert client.get("/ke-hoach/kin/linh-vuc/1/").status_code == 404


def test_without_a_main_plan_the_home_page_lists_the_plans(client):
    response = client.get("/", follow=True)
    assert response.redirect_chain == [("/ke-hoach/", 302)]
    assert "Chưa có kế hoạch nào được công khai." in text_of(response)


@pytest.mark.parametrize("areas", [0, 1, 40])
def test_any_number_of_areas(client, plan, areas):
    for number in range(1, areas + 1):
        factories.make_area(plan, number)
    page = text_of(client.get("/"))
    assert f"trên 0/{areas} lĩnh vực" in page
    assert page.count("Chưa có hoạt động") == areas


def test_before_the_signing_the_page_says_so(client, plan):
    factories.make_area(plan, 6)
    assert "kế hoạch chưa được ký" in text_of(client.get("/?as_of=2019-05-16"))
    assert "kế hoạch chưa được ký" not in text_of(client.get("/?as_of=2019-05-17"))


def test_overdue_is_listed_with_agency_and_days(client, plan):
    area = factories.make_area(plan, 6)
    lead = factories.make_agency(short_name="Phòng Thử")
    factories.make_activity(area, title="Việc trễ", lead_agency=lead, start_on=DAY, due_on=DAY)
    page = text_of(client.get("/?as_of=2022-07-10"))
    assert "Việc trễ" in page
    assert "Phòng Thử · lĩnh vực 6 · quá hạn 10 ngày" in page


def test_a_missed_milestone_is_named_since_the_activity_is_due_later(client, plan):
    area = factories.make_area(plan, 6)
    activity = factories.make_activity(
        area, kind="periodic", start_on=DAY, due_on=datetime.date(2025, 12, 31)
    )
    factories.make_milestone(activity, DAY)
    for address in ("/", "/linh-vuc/6/", activity.get_absolute_url()):
        assert "mốc 30/06/2022 quá hạn 10 ngày" in text_of(client.get(f"{address}?as_of=2022-07-10"))


def test_a_year_is_not_shown_as_a_day(client, plan):
    area = factories.make_area(plan, 6)
    activity = factories.make_activity(
        area, lifecycle="completed", completed_on=datetime.date(2020, 12, 31), date_precision="year"
    )
    for address in ("/", "/linh-vuc/6/", activity.get_absolute_url()):
        page = text_of(client.get(address))
        assert "31/12/2020" not in page, address
        assert "2020" in page


def test_every_page_of_a_demonstration_bears_the_banner(client, plan):
    demonstration = factories.make_plan(slug="minh-hoa", is_demonstration=True)
    area = factories.make_area(demonstration, 1)
    activity = factories.make_activity(area, program=factories.make_program(area))
    enterprise = factories.make_enterprise(is_demonstration=True)
    agency = factories.make_agency(is_demonstration=True)
    mou = factories.make_mou(area, party_a=enterprise)
    base = "/ke-hoach/minh-hoa/"
    pages = [
        base, f"{base}linh-vuc/1/", f"{base}hoat-dong/", f"{base}chuong-trinh/", f"{base}ban-ghi-nho/",
        f"{base}doanh-nghiep/", f"{base}dong-thoi-gian/", activity.get_absolute_url(),
        activity.program.get_absolute_url(), mou.get_absolute_url(), enterprise.get_absolute_url(),
        agency.get_absolute_url(),
    ]  # fmt: skip
    for page in pages:
        assert "Dữ liệu minh họa" in text_of(client.get(page)), page
    assert "Dữ liệu minh họa" not in text_of(client.get("/"))
    assert "kế hoạch minh họa" in text_of(client.get("/"))
    assert enterprise.name not in text_of(client.get("/doanh-nghiep/"))


def test_indicators_and_background_stand_on_the_area_page(client, plan):
    area = factories.make_area(plan, 6)
    indicator = Indicator.objects.create(
        area=area, code="CH", name="Số đợt kết nối", unit="đợt", aggregation="periodic"
    )
    IndicatorValue.objects.create(
        indicator=indicator, year=2021, target=5, actual=4, effective_on=datetime.date(2021, 12, 31)
    )
    fact = BackgroundFact.objects.create(code="F", title="Bối cảnh thử", relation="one_side", dated_on=DAY)
    fact.areas.add(area)
    page = text_of(client.get("/linh-vuc/6/"))
    assert "Số đợt kết nối" in page
    assert "Bối cảnh thử" in page
    earlier = text_of(client.get("/linh-vuc/6/?as_of=2021-06-30"))
    assert "Bối cảnh thử" not in earlier
    assert client.get("/linh-vuc/6/?as_of=2021-06-30").context["indicators"][0][1][0].actual is None


def test_timeline_goes_from_the_agreement_to_today(client, plan):
    plan.agreement.signed_on = datetime.date(2018, 9, 28)
    plan.agreement.save()
    area = factories.make_area(plan, 6)
    factories.make_activity(area, title="Hội nghị đã họp", lifecycle="completed", completed_on=DAY)
    factories.make_mou(area, signed_on=datetime.date(2020, 3, 5))
    response = client.get("/dong-thoi-gian/")
    assert [year for year, _events in response.context["years"]] == [2022, 2020, 2019, 2018]
    assert "Hội nghị đã họp" in text_of(response)


def test_public_pages_run_no_script_and_load_nothing_from_elsewhere(client, plan):
    response = client.get("/")
    policy = response["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "unsafe" not in policy
    html = response.content.decode()
    assert "<script" not in html
    assert " style=" not in html
    assert "<style" not in html
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html.replace('rel="nofollow noopener"', ""))


def test_long_words_and_markup_in_text_stay_text(client, plan):
    area = factories.make_area(
        plan, 6, title="x" * 300, summary="<script>alert(1)</script>{{ 7 }}" + "y" * 3000
    )
    factories.make_activity(area, title="=1+1" + "z" * 290)
    html = client.get("/linh-vuc/6/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}" in html


def test_the_day_goes_along_from_page_to_page(client, plan):
    area = factories.make_area(plan, 6)
    activity = factories.make_activity(area, due_on=DAY, start_on=DAY)
    factories.make_update(activity)
    query = "?as_of=2022-07-10"
    home, page = (html_of(client.get(f"{address}{query}")) for address in ("/", "/linh-vuc/6/"))
    assert home.count(f"{activity.get_absolute_url()}{query}") == 2
    assert f"/linh-vuc/6/{query}" in home
    assert f"{activity.get_absolute_url()}{query}" in page
    assert f"/linh-vuc/6/{query}#cach-tinh" in html_of(client.get(f"{activity.get_absolute_url()}{query}"))
    assert (
        "as_of=" not in html_of(client.get(activity.get_absolute_url())).split("<main")[1].split("<form")[0]
    )


def test_an_earlier_day_knows_no_later_completion(client, plan):
    area = factories.make_area(plan, 6)
    factories.make_activity(area, lifecycle="completed", completed_on=datetime.date(2022, 12, 10))
    assert "10/12/2022" not in text_of(client.get("/linh-vuc/6/?as_of=2020-01-01"))


def test_lateness_in_days_needs_days(client, plan):
    area = factories.make_area(plan, 6)
    factories.make_activity(
        area,
        lifecycle="completed",
        due_on=datetime.date(2021, 12, 31),
        completed_on=datetime.date(2022, 12, 31),
        date_precision="year",
    )
    page = text_of(client.get("/linh-vuc/6/"))
    assert "2021 hoàn thành quá hạn" in page
    assert "365 ngày" not in page
