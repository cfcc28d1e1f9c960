"""The pages of change: what they say, where they lead, what they bear."""

import csv
import io
from datetime import date
from fractions import Fraction

import pytest

from programs.changes import views
from programs.changes.explaining import explain
from programs.periods.errata import correct
from tests import factories
from tests.pages import html_of, rows_of, text_of
from tests.portal.test_views import fill
from tests.programs.changes.conftest import END_2021, END_2022, go_on

pytestmark = pytest.mark.django_db

PAGE = "/thay-doi/"
SPAN = "?tu=2021-12-14&den=2022-06-14"
QUERIES = 12


def test_the_page_says_who_moved_what(client, world):
    go_on(world)
    response = client.get(PAGE + SPAN)
    page = text_of(response)
    assert "Từ 14/12/2021 đến 14/06/2022" in page
    assert "60,0 → 60,0 (0,0 điểm)" in page
    rows = rows_of(response)
    assert "Hội chợ HD-A hoàn thành (40,0 → 100,0) · báo cáo gốc +24,0" in rows
    assert "Khảo sát HD-C thêm mới (đang ở 0,0) · báo cáo gốc −24,0" in rows
    assert "1 lĩnh vực khác không thay đổi." in page
    html = html_of(response)
    query = "?as_of=2022-06-14&amp;so_voi=2021-12-14"
    assert f'href="/hoat-dong/HD-A/{query}"' in html
    assert f'href="/hoat-dong/HD-A/{query}#bao-cao"' in html
    assert f'href="/linh-vuc/6/{query}#cach-tinh"' in html
    assert 'type="application/atom+xml"' in html


def test_by_default_since_the_last_sealed_day(client, world):
    assert client.get(PAGE + "?den=2022-06-14").context["span"].since == date(2022, 3, 16)
    factories.make_snapshot(world.year)
    span = client.get(PAGE + "?den=2022-06-14").context["span"]
    assert (span.since, span.until) == (END_2021, END_2022)
    # The sealed day itself is explained since the one before it.
    assert client.get(PAGE + "?den=2021-12-14").context["span"].since == date(2021, 9, 15)
    page = html_of(client.get(PAGE + "?den=2022-06-14"))
    assert 'aria-current="true"' in page
    assert "Năm 2021 (14/12/2021)" in page


def test_one_area(client, world):
    go_on(world)
    response = client.get(f"{PAGE}{SPAN}&linh_vuc=6")
    assert response.context["one"].area.number == 6
    assert len(rows_of(response)) == 2
    assert 'name="linh_vuc" value="6"' in html_of(response)
    still = text_of(client.get(f"{PAGE}{SPAN}&linh_vuc=7"))
    assert "không hoạt động nào của lĩnh vực làm con số thay đổi" in still


def test_many_changes_are_told_shortly_and_listed_in_full(client, world):
    fill(world.area, 130)
    short = client.get(f"{PAGE}?tu=2021-12-14&den=2022-07-01")
    [section] = short.context["sections"]
    assert len(section.contributions) == views.FIRST_OF_AREA
    assert section.rest == 120
    shown = sum(one.shown for one in section.contributions) + section.rest_shown
    assert shown + section.row.own.residue == section.row.own.shown
    assert "120 thay đổi khác" in text_of(short)
    full = client.get(f"{PAGE}?tu=2021-12-14&den=2022-07-01&linh_vuc=6&page=2")
    assert len(full.context["page"].object_list) == 30
    assert "Cộng mọi trang" in text_of(full)


@pytest.mark.parametrize("size", [10, 1_000])
def test_query_counts(client, world, size, django_assert_num_queries):
    fill(world.area, size)
    with django_assert_num_queries(QUERIES):
        assert client.get(f"{PAGE}?tu=2021-12-14&den=2022-07-01").status_code == 200


@pytest.mark.parametrize(
    "raw", ["31/12/2022", "2022-02-30", "x", "%00", "9999-99-99", "1" * 5000, "1800-01-01"]
)
@pytest.mark.parametrize("name", ["tu", "den"])
def test_unreadable_days_are_explained(client, world, name, raw):
    response = client.get(f"{PAGE}?{name}={raw}")
    assert response.status_code == 200
    assert "Không đọc được ngày" in text_of(response)
    refused = client.get(f"{PAGE}so-lieu.csv?{name}={raw}")
    assert (refused.status_code, refused["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert "Không đọc được ngày" in refused.content.decode()


def test_days_the_wrong_way_round_and_days_to_come(client, world):
    response = client.get(f"{PAGE}?tu=2022-06-14&den=2021-12-14")
    assert response.context["span"].since == END_2021
    assert "đã đổi chỗ hai ngày" in text_of(response)
    assert "chưa đến" in text_of(client.get(f"{PAGE}?tu=2022-06-14&den=2099-12-31"))


@pytest.mark.parametrize("asked", ["13", "x", "%00", "9" * 400])
def test_an_area_that_is_not_there(client, world, asked):
    response = client.get(f"{PAGE}{SPAN}&linh_vuc={asked}")
    assert response.status_code == 200
    assert "Kế hoạch không có lĩnh vực số" in text_of(response)


def test_the_address_of_another_plan(client, world):
    other = factories.make_plan(slug="khac")
    activity = factories.make_activity(factories.make_area(other, 1), added_on=date(2022, 1, 1))
    factories.make_activity(activity.area, added_on=date(2021, 1, 1))
    html = html_of(client.get(f"/ke-hoach/khac{PAGE}{SPAN}"))
    assert f"/ke-hoach/khac/hoat-dong/{activity.code}/" in html
    assert "HD-A" not in html
    factories.make_plan(slug="kin", published=False)
    for page in ("", "so-lieu.csv", "nguon.atom"):
        assert client.get(f"/ke-hoach/kin{PAGE}{page}").status_code == 404


def test_a_correction_is_named_with_its_reason(client, world, user):
    snapshot = factories.make_snapshot(world.year)
    factories.make_update(world.first, 50, date(2021, 12, 1))
    correct([world.first.pk], user=user, reason="<b>Đếm lại</b>")
    response = client.get(PAGE + SPAN)
    assert "đính chính số 1 (Năm 2021): <b>Đếm lại</b>" in text_of(response)
    assert "<b>Đếm" not in html_of(response)
    assert f"/so-lieu-chot/{snapshot.pk}/#dinh-chinh" in html_of(response)


def read(response) -> list[dict]:
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_csv_can_be_added_up(client, world):
    go_on(world)
    factories.make_activity(world.area, code="HD-Z", title="=1+1", added_on=END_2022)
    response = client.get(f"{PAGE}so-lieu.csv{SPAN}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="thay-doi-' in response["Content-Disposition"]
    rows = read(response)

    def exact(*levels):
        return sum(
            Fraction(int(row["Điểm chính xác: tử số"]), int(row["Điểm chính xác: mẫu số"]))
            for row in rows
            if row["Cấp"] in levels
        )

    whole = explain(world.plan, END_2021, END_2022)
    assert whole.difference != 0
    assert exact("kế hoạch") == exact("lĩnh vực trong tiến độ chung") == whole.difference
    assert exact("lĩnh vực") == exact("hoạt động", "đính chính")
    assert {row["Tên"] for row in rows} >= {"'=1+1", "Hội chợ"}
    assert {(row["Ngày đầu"], row["Ngày cuối"]) for row in rows} == {("2021-12-14", "2022-06-14")}
