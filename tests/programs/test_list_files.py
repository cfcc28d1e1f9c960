"""Counts beside choices, and every list as a file with its filters."""

import datetime
import io
import json

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from cooperation.export_formats import exported_cell
from cooperation.models import Source
from cooperation.quick_excel import excel
from programs.models import Activity
from tests import factories
from tests.pages import html_of, text_of

pytestmark = pytest.mark.django_db

LISTS = (
    "/hoat-dong/", "/chuong-trinh/", "/ban-ghi-nho/", "/doanh-nghiep/", "/co-quan/", "/thoa-thuan/",
    "/nguon/",
)  # fmt: skip
DAY = datetime.date(2020, 6, 30)


@pytest.fixture
def plan():
    plan = factories.make_plan(is_main=True)
    first, second = factories.make_area(plan, 1), factories.make_area(plan, 2)
    agency = factories.make_agency(slug="mot", province=factories.make_province(slug="long-an"))
    factories.make_activity(first, code="A-1", title="=1+1", due_on=DAY, lead_agency=agency)
    factories.make_activity(first, code="A-2", title="Hai", due_on=DAY, lifecycle="in_progress")
    factories.make_activity(second, code="A-3", title="Ba")
    factories.make_activity(second, code="A-4", title="Ẩn", published=False)
    factories.make_program(first)
    factories.make_mou(first, value=5, quantity="9 tấn", number="1/BGN", party_a_phone="0912345678")
    factories.make_mou(first, value=7, quantity="8 tấn", value_is_public=True, number="2/BGN")
    agreement = factories.make_agreement(title="Thỏa thuận", signed_on=DAY)
    agreement.provinces.add(agency.province, factories.make_province("Tây Ninh"))
    Source.objects.create(code="N1", publisher="Báo", title="Tin", dated_on=DAY)
    return plan


def sheet(response):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    return book.get_sheet_by_index(0).to_python()


def option(html, value):
    return html.split(f'<option value="{value}"')[1].split(">", 1)[1].split("<")[0]


def test_counts_stand_beside_every_choice(client, plan):
    html = html_of(client.get("/hoat-dong/"))
    assert [option(html, n) for n in (1, 2)] == ["1. Lĩnh vực số 1 (2)", "2. Lĩnh vực số 2 (1)"]
    assert option(html, "planned") == "chưa thực hiện (2)"
    assert option(html, "cancelled") == "không thực hiện (0)"
    assert option(html, "mot").endswith("(1)")
    assert "2020 (2)" in text_of(client.get("/hoat-dong/"))


def test_counts_heed_the_other_filters_and_not_their_own(client, plan):
    html = html_of(client.get("/hoat-dong/?linh_vuc=2"))
    assert option(html, 1) == "1. Lĩnh vực số 1 (2)"
    assert option(html, "planned") == "chưa thực hiện (1)"
    assert option(html, "in_progress") == "đang thực hiện (0)"
    assert option(html_of(client.get("/hoat-dong/?tim=hai")), 1) == "1. Lĩnh vực số 1 (1)"


def test_a_long_list_is_not_counted_and_says_so(client, plan, monkeypatch):
    monkeypatch.setattr("cooperation.lists.COUNTED_LIMIT", 2)
    for query in ("", "?linh_vuc=2"):
        response = client.get(f"/hoat-dong/{query}")
        assert "không ghi kèm số lượng" in text_of(response)
        assert option(html_of(response), "planned") == "chưa thực hiện"


def test_no_counts_where_a_filter_cannot_be_read(client, plan):
    response = client.get("/hoat-dong/?linh_vuc=abc")
    assert option(html_of(response), "planned") == "chưa thực hiện"
    assert "không ghi kèm số lượng" not in text_of(response)


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "json"])
def test_every_list_is_had_as_every_file(client, plan, url, kind):
    response = client.get(f"{url}?dinh_dang={kind}")
    assert response.status_code == 200
    assert f'.{kind}"' in response["Content-Disposition"]
    shown = client.get(url).context["page"].paginator.count
    if kind in ("xlsx", "ods"):
        rows = sheet(response)[1:]
    elif kind == "json":
        rows = json.loads(response.content)
    else:
        rows = response.content.decode("utf-8-sig").strip().split("\r\n")[1:]
    assert len(rows) == shown
    assert b"0912345678" not in response.content


def test_a_file_holds_the_filtered_rows_in_their_order(client, plan):
    rows = sheet(client.get("/hoat-dong/?linh_vuc=1&sap_xep=ten&dinh_dang=xlsx"))
    assert rows[0][:2] == ["Mã", "Hoạt động"]
    assert [row[:2] for row in rows[1:]] == [["A-1", "=1+1"], ["A-2", "Hai"]]
    assert rows[1][6:8] == [DAY, "chưa thực hiện"]
    assert "'=1+1" in client.get("/hoat-dong/?dinh_dang=csv").content.decode()


def test_values_that_are_not_public_are_in_no_file(client, plan):
    rows = json.loads(client.get("/ban-ghi-nho/?dinh_dang=json").content)
    by_number = {row["Số"]: (row["Sản lượng"], row["Giá trị"], row["Đơn vị tiền"]) for row in rows}
    assert by_number == {"1/BGN": ("", "", ""), "2/BGN": ("8 tấn", 7, "VND")}


def test_the_parties_of_an_agreement_stand_in_one_cell(client, plan):
    (row,) = json.loads(client.get("/thoa-thuan/?dinh_dang=json").content)
    assert (row["Thỏa thuận"], row["Các bên"]) == ("Thỏa thuận", "Long An, Tây Ninh")
    assert client.get("/thoa-thuan/?tinh=long-an").context["page"].paginator.count == 1


@pytest.mark.parametrize(("query", "message"), [
    ("dinh_dang=exe", "Không có dạng tệp “exe”."),
    ("dinh_dang=%00", "Không có dạng tệp"),
    ("dinh_dang=csv&linh_vuc=abc", "Lĩnh vực: giá trị này không có trong danh sách."),
])  # fmt: skip
def test_what_cannot_be_had_is_told_on_the_page(client, plan, query, message):
    response = client.get(f"/hoat-dong/?{query}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
    assert message in text_of(response)


def test_a_file_is_whole_or_refused(client, plan, monkeypatch):
    monkeypatch.setattr("cooperation.list_exports.EXPORT_LIMIT", 2)
    response = client.get("/hoat-dong/?dinh_dang=csv")
    assert "hơn 50.000 dòng nên không tải" in text_of(response)
    assert client.get("/hoat-dong/?linh_vuc=1&dinh_dang=csv")["Content-Type"].startswith("text/csv")


def test_links_carry_the_filters_without_the_page(client, plan):
    html = html_of(client.get("/hoat-dong/?tim=khongco&linh_vuc=1"))
    assert "dinh_dang" not in html  # nothing found, nothing to take away
    html = html_of(client.get("/hoat-dong/?tim=hai&page=2&nam=&linh_vuc=1"))
    assert 'href="?tim=hai&amp;linh_vuc=1&amp;dinh_dang=xlsx"' in html


@pytest.mark.parametrize(
    ("url", "queries"),
    [("/hoat-dong/", 9), ("/chuong-trinh/", 5), ("/ban-ghi-nho/", 7), ("/doanh-nghiep/", 5), ("/co-quan/", 5),
     ("/thoa-thuan/", 7), ("/nguon/", 4)],
)  # fmt: skip
def test_queries_of_a_list_and_of_its_file(client, plan, url, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        client.get(url)


def test_a_page_far_back_holds_what_the_order_says(client, plan):
    area = plan.areas.get(number=2)
    rows = [Activity(area=area, code=f"N-{n:03}", title=f"Nhiều {n:03}") for n in range(260)]
    for row in rows:
        row.prepare()
    Activity.objects.bulk_create(rows)
    titles = [row.title for row in client.get("/hoat-dong/?tim=nhieu&page=11").context["page"]]
    assert titles == [f"Nhiều {n:03}" for n in range(250, 260)]
    titles = [row.title for row in client.get("/hoat-dong/?tim=nhieu&page=9").context["page"]]
    assert titles == [f"Nhiều {n:03}" for n in range(200, 225)]


@given(st.lists(st.tuples(st.text(max_size=30), st.integers() | st.dates() | st.none()), max_size=5))
def test_any_row_reads_back_from_the_quick_workbook(rows):
    content = excel(["Chữ", "Giá trị"], rows)
    read = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )
    assert read[0] == ["Chữ", "Giá trị"]
    for (text, value), row in zip(rows, [*read[1:], *[["", ""]] * len(rows)], strict=False):
        first = str(exported_cell(text))
        assert (row[0] if row else "") == first or "\r" in first
        if isinstance(value, datetime.date) and value >= datetime.date(1900, 3, 1):
            assert row[1] == value
