"""Pages of activities, programmes and agencies."""

import datetime

import pytest

from programs.models import ProgressUpdate
from tests import factories
from tests.pages import html_of, rows_of, text_of

pytestmark = pytest.mark.django_db

DAY = datetime.date(2022, 6, 30)


def day(year, month=6, date=30):
    return datetime.date(year, month, date)


@pytest.fixture
def area():
    return factories.make_area(factories.make_plan(is_main=True), 6)


def test_an_activity_tells_its_story(client, area):
    lead = factories.make_agency(name="Sở Thử")
    partner = factories.make_agency(name="Phòng Thử")
    activity = factories.make_activity(
        area, lead_agency=lead, program=factories.make_program(area, title="Chương trình Thử"),
        start_on=day(2021, 1, 1), due_on=day(2022, 12, 31), place="Tân An", weight=3,
    )  # fmt: skip
    activity.partner_agencies.add(partner)
    activity.further_areas.add(factories.make_area(area.plan, 7))
    factories.make_update(
        activity, 45, DAY, results="Đã họp.", difficulties="Thiếu vốn.", proposals="Bố trí vốn.",
        fall_reason="Đếm lại.",
    )  # fmt: skip
    page = text_of(client.get(f"{activity.get_absolute_url()}?as_of=2022-07-01"))
    for words in (
        "45,0 %", "trong hạn", "Trọng số 3", "báo cáo đã duyệt gần nhất", "01/01/2021 – 31/12/2022, Tân An",
        "Sở Thử", "Phòng Thử", "Chương trình Thử", "7. Lĩnh vực số 7", "Kết quả: Đã họp.",
        "Khó khăn, vướng mắc: Thiếu vốn.", "Kiến nghị: Bố trí vốn.", "Lý do giảm: Đếm lại.",
    ):  # fmt: skip
        assert words in page, words


def test_only_accepted_reports_of_the_day_are_shown(client, area):
    activity = factories.make_activity(area)
    factories.make_update(activity, 30, day(2021), results="Báo cáo đầu")
    factories.make_update(activity, 60, day(2022), results="Báo cáo sau")
    factories.make_update(
        activity, 90, day(2022), results="Bản nháp", status=ProgressUpdate.Status.DRAFT, decided_at=None
    )
    now = text_of(client.get(activity.get_absolute_url()))
    assert "Báo cáo đầu" in now
    assert "Báo cáo sau" in now
    assert "Bản nháp" not in now
    then = text_of(client.get(f"{activity.get_absolute_url()}?as_of=2021-12-31"))
    assert "30,0 %" in then
    assert "Báo cáo sau" not in then


def test_milestones_as_of_the_day(client, area):
    activity = factories.make_activity(area, kind="periodic")
    factories.make_milestone(activity, day(2019), done_on=day(2019, 6, 1))
    factories.make_milestone(activity, day(2020))
    factories.make_milestone(
        activity, day(2021), waived_on=day(2021), waiver_reason="dịch bệnh", waiver_document="12/CV"
    )
    factories.make_milestone(activity, day(2022), done_on=day(2022))
    rows = rows_of(client.get(f"{activity.get_absolute_url()}?as_of=2021-12-31"))
    assert [row.split("30/06/", 1)[1][5:] for row in rows] == [
        "đạt ngày 01/06/2019", "quá hạn", "được miễn: dịch bệnh (12/CV)", "chưa đến hạn",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "continuous"}, "thường xuyên: không tính phần trăm"),
        ({"added_on": day(2030)}, "chưa có trong kế hoạch vào ngày này"),
        (
            {"lifecycle": "cancelled", "cancelled_on": day(2020), "due_on": day(2021)},
            "đã hủy hợp lệ: không tính",
        ),
    ],
)
def test_what_does_not_count_shows_no_percentage(client, area, fields, words):
    page = client.get(factories.make_activity(area, **fields).get_absolute_url())
    assert words in text_of(page)
    assert 'class="big"' not in html_of(page)
    assert "bar-value" not in html_of(page)


def test_done_without_a_due_date_is_not_called_on_time(client, area):
    fields = {"lifecycle": "completed", "completed_on": DAY}
    undated = factories.make_activity(area, **fields)
    dated = factories.make_activity(area, due_on=DAY, **fields)
    late = factories.make_activity(area, due_on=day(2022, 6, 20), **fields)
    assert "hoàn thành đúng hạn" not in text_of(client.get(undated.get_absolute_url()))
    assert "hoàn thành đúng hạn" in text_of(client.get(dated.get_absolute_url()))
    assert "hoàn thành quá hạn 10 ngày" in text_of(client.get(late.get_absolute_url()))


def test_what_no_source_says_is_called_unknown(client, area):
    page = text_of(client.get(factories.make_activity(area).get_absolute_url()))
    assert "Chủ trì nguồn không nêu" in page
    assert "Thời gian không rõ ngày" in page
    assert "Chưa có báo cáo nào được duyệt." in page


def test_days_that_readers_cannot_mean(client, area):
    url = factories.make_activity(area).get_absolute_url()
    assert "Không đọc được ngày" in text_of(client.get(f"{url}?as_of=31/31/2020"))
    assert "Ngày 01/01/2090 chưa đến" in text_of(client.get(f"{url}?as_of=2090-01-01"))


def test_an_activity_belongs_to_its_plan_alone(client, area):
    other = factories.make_plan(slug="khac")
    activity = factories.make_activity(factories.make_area(other, 1), code="HD-KHAC")
    assert client.get("/hoat-dong/HD-KHAC/").status_code == 404
    assert activity.title in text_of(client.get("/ke-hoach/khac/hoat-dong/HD-KHAC/"))
    hidden = factories.make_activity(area, published=False)
    assert client.get(hidden.get_absolute_url()).status_code == 404


def test_a_program_lists_its_published_activities(client, area):
    program = factories.make_program(area, summary="Mục tiêu của chương trình")
    factories.make_activity(area, program=program, title="Việc công khai")
    factories.make_activity(area, program=program, title="Việc kín", published=False)
    factories.make_activity(area, title="Việc ngoài chương trình")
    page = client.get(program.get_absolute_url())
    assert "Mục tiêu của chương trình" in text_of(page)
    assert [row.split(" HD-")[0] for row in rows_of(page)] == ["Việc công khai"]


def test_an_agency_with_what_it_leads_and_joins(client, area):
    heir = factories.make_agency(name="Sở mới")
    agency = factories.make_agency(name="Sở cũ", dissolved_on=day(2025, 7, 1), successor=heir)
    area.plan.agencies.add(agency)
    factories.make_activity(area, title="Việc chủ trì", lead_agency=agency)
    factories.make_activity(area, title="Việc tham gia").partner_agencies.add(agency)
    page = client.get(agency.get_absolute_url())
    text = text_of(page)
    assert "Quyền và việc của cơ quan này nay thuộc Sở mới" in text
    assert "Thôi tồn tại từ 01/07/2025" in text
    assert area.plan.title in text
    assert text.index("Việc chủ trì") < text.index("Phối hợp, tham gia") < text.index("Việc tham gia")
    assert "Sở cũ" in text_of(client.get(heir.get_absolute_url()))


@pytest.mark.parametrize("count", [1, 40])
def test_queries_do_not_grow(client, area, count, django_assert_num_queries):
    agency = factories.make_agency(province=factories.make_province())
    program = factories.make_program(area, lead_agency=agency)
    for number in range(count):
        activity = factories.make_activity(area, program=program, lead_agency=agency)
        activity.partner_agencies.add(agency)
        factories.make_update(activity, effective_on=day(2020) + datetime.timedelta(days=number))
        factories.make_update(program.activities.first(), effective_on=day(2021, 1, 1 + number % 28))
        factories.make_program(area, lead_agency=agency)
    url = program.activities.first().get_absolute_url()
    with django_assert_num_queries(9):
        client.get("/hoat-dong/")
    with django_assert_num_queries(5):
        client.get("/chuong-trinh/")
    with django_assert_num_queries(5):
        client.get(program.get_absolute_url())
    with django_assert_num_queries(23):
        client.get(url)
    with django_assert_num_queries(10):
        client.get(agency.get_absolute_url())
