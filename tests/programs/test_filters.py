"""The activity list: what its filters find, in which order, and what they refuse."""

import datetime

import pytest

from programs.models import Activity
from tests import factories
from tests.pages import html_of, rows_of, text_of

pytestmark = pytest.mark.django_db

URL = "/hoat-dong/"
LONG = "a" * 10_000


def day(year):
    return datetime.date(year, 6, 30)


@pytest.fixture
def plan():
    """Three activities in two areas, of two agencies, due in two years and never."""
    plan = factories.make_plan(is_main=True)
    first, second = factories.make_area(plan, 1), factories.make_area(plan, 2)
    lead = factories.make_agency(slug="phong-mot")
    factories.make_activity(
        first, title="Đoàn Mộc Hóa", lead_agency=lead, due_on=day(2020), lifecycle="completed",
        completed_on=day(2020),
    )  # fmt: skip
    factories.make_activity(first, title="Ân tình", due_on=day(2021))
    factories.make_activity(second, title="Ăn Tết")
    other = factories.make_area(factories.make_plan(), 1)
    factories.make_activity(other, title="Việc của kế hoạch khác")
    return plan


def titles(client, query):
    return [activity.title for activity in client.get(f"{URL}?{query}").context["page"].object_list]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Đoàn Mộc Hóa", "Ân tình", "Ăn Tết"}),
        ("linh_vuc=1", {"Đoàn Mộc Hóa", "Ân tình"}),
        ("linh_vuc=2", {"Ăn Tết"}),
        ("tinh_trang=completed", {"Đoàn Mộc Hóa"}),
        ("co_quan=phong-mot", {"Đoàn Mộc Hóa"}),
        ("nam=2021", {"Ân tình"}),
        ("nam=2019", set()),
        ("linh_vuc=1&tinh_trang=planned", {"Ân tình"}),
        ("tim=moc hoa", {"Đoàn Mộc Hóa"}),
        ("tim=MỘC HOÁ", {"Đoàn Mộc Hóa"}),
        ("tim=hoa doan", {"Đoàn Mộc Hóa"}),
        ("tim=ke hoach khac", set()),
        ("khong_biet=1", {"Đoàn Mộc Hóa", "Ân tình", "Ăn Tết"}),
    ],
)
def test_what_a_filter_finds(client, plan, query, found):
    assert set(titles(client, query)) == found


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["Ăn Tết", "Ân tình", "Đoàn Mộc Hóa"]),
        ("sap_xep=han", ["Đoàn Mộc Hóa", "Ân tình", "Ăn Tết"]),
        ("sap_xep=moi", ["Đoàn Mộc Hóa", "Ân tình", "Ăn Tết"]),
        ("sap_xep=linh-vuc", ["Ân tình", "Đoàn Mộc Hóa", "Ăn Tết"]),
    ],
)
def test_order_is_vietnamese_and_the_undated_come_last(client, plan, query, order):
    assert titles(client, query) == order


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("linh_vuc=abc", "Lĩnh vực: giá trị này không có trong danh sách."),
        ("linh_vuc=3", "Lĩnh vực: giá trị này không có trong danh sách."),
        ("linh_vuc=99999999999999999999", "Lĩnh vực: giá trị này không có trong danh sách."),
        ("linh_vuc=%00", "Lĩnh vực: giá trị này không có trong danh sách."),
        (f"linh_vuc={LONG}", "Lĩnh vực: giá trị này không có trong danh sách."),
        ("tinh_trang=abc", "Tình trạng: giá trị này không có trong danh sách."),
        ("tinh_trang=%00", "Tình trạng: giá trị này không có trong danh sách."),
        ("co_quan=khong-co", "Cơ quan chủ trì: giá trị này không có trong danh sách."),
        ("co_quan=%00", "Cơ quan chủ trì: giá trị này không có trong danh sách."),
        ("sap_xep=abc", "Sắp xếp: giá trị này không có trong danh sách."),
        ("nam=abc", "Năm đến hạn: hãy ghi năm bằng bốn chữ số"),
        ("nam=20.5", "Năm đến hạn: hãy ghi năm bằng bốn chữ số"),
        ("nam=1e400", "Năm đến hạn: hãy ghi năm bằng bốn chữ số"),
        ("nam=-1", "Năm đến hạn: hãy ghi năm bằng bốn chữ số"),
        (f"nam={'9' * 10_000}", "Năm đến hạn: hãy ghi năm bằng bốn chữ số"),
        (f"tim={LONG}", "Tìm: Giá trị này chỉ có tối đa 200 kí tự"),
        ("linh_vuc=abc&tim=moc", "Lĩnh vực: giá trị này không có trong danh sách."),
    ],
)
def test_what_cannot_be_read_gives_a_message_and_no_rows(client, plan, query, message):
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    assert rows_of(response) == []
    assert message in text_of(response)
    assert "Danh sách để trống cho đến khi bộ lọc được sửa." in text_of(response)
    assert text_of(response).count("hãy ghi năm") <= 1


@pytest.mark.parametrize("query", ["tim=!!!", "tim=%00", "tim=漢字", "tim=%20-%20."])
def test_a_search_without_a_letter_finds_nothing(client, plan, query):
    response = client.get(f"{URL}?{query}")
    assert rows_of(response) == []
    assert "Không có mục nào khớp với bộ lọc." in text_of(response)
    assert "\x00" not in html_of(response)


def test_nul_between_words_does_no_harm(client, plan):
    assert titles(client, "tim=moc%00hoa") == ["Đoàn Mộc Hóa"]


def test_the_form_keeps_what_was_asked(client, plan):
    html = html_of(client.get(f"{URL}?tim=moc+hoa&linh_vuc=1&tinh_trang=completed&sap_xep=han"))
    assert 'name="tim" value="moc hoa"' in html
    assert '<option value="1" selected>' in html
    assert '<option value="completed" selected>' in html
    assert '<option value="han" selected>' in html
    assert '<a href="?">Bỏ lọc</a>' in html


@pytest.fixture
def many(plan):
    area = plan.areas.get(number=1)
    rows = [Activity(area=area, code=f"N-{n:03}", title=f"Nhiều {n:03}") for n in range(60)]
    for row in rows:
        row.prepare()
    Activity.objects.bulk_create(rows)


@pytest.mark.parametrize(
    ("page", "first", "count"),
    [("1", "Nhiều 000", 25), ("3", "Nhiều 050", 10), ("-1", "Nhiều 000", 25), ("999999999", "Nhiều 050", 10),
     ("abc", "Nhiều 000", 25)],
)  # fmt: skip
def test_pages(client, many, page, first, count):
    found = titles(client, f"tim=nhieu&page={page}")
    assert (found[0], len(found)) == (first, count)


def test_paging_keeps_the_filters(client, many):
    html = html_of(client.get(f"{URL}?tim=nhieu+nhi&linh_vuc=1&page=2"))
    assert 'href="?tim=nhieu%20nhi&amp;linh_vuc=1&amp;page=1"' in html
    assert 'href="?tim=nhieu%20nhi&amp;linh_vuc=1&amp;page=3"' in html
    assert "Trang 2 / 3" in html


def test_programs_filter_alike(client, plan):
    factories.make_program(plan.areas.get(number=1), title="Kết nối giao thương")
    factories.make_program(plan.areas.get(number=2), title="Khuyến công")
    assert len(rows_of(client.get("/chuong-trinh/"))) == 2
    assert rows_of(client.get("/chuong-trinh/?linh_vuc=2"))[0].startswith("Khuyến công")
    assert rows_of(client.get("/chuong-trinh/?tim=ket noi"))[0].startswith("Kết nối giao thương")
    refused = client.get("/chuong-trinh/?linh_vuc=abc")
    assert rows_of(refused) == []
    assert "giá trị này không có trong danh sách" in text_of(refused)
