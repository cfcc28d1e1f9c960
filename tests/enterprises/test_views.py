"""Pages of enterprises and memoranda: what the public sees, and what it never sees."""

import datetime
from decimal import Decimal

import pytest

from tests import factories
from tests.pages import html_of, rows_of, text_of

pytestmark = pytest.mark.django_db

PRIVATE = {
    f"party_{side}_{what}": f"kín {side} {what}"
    for side in "ab"
    for what in ("address", "representative", "phone")
}


@pytest.fixture
def area():
    return factories.make_area(factories.make_plan(is_main=True), 6)


def test_people_and_addresses_are_never_public(client, area):
    mou = factories.make_mou(area, number="01/BGN", note="", **PRIVATE)
    pages = [
        mou.get_absolute_url(), "/ban-ghi-nho/", mou.party_a.get_absolute_url(), "/linh-vuc/6/",
        "/dong-thoi-gian/",
    ]  # fmt: skip
    for url in pages:
        html = html_of(client.get(url))
        assert "01/BGN" in html, url
        assert "kín" not in html, url
    for secret in PRIVATE.values():
        assert rows_of(client.get("/ban-ghi-nho/", {"tim": secret})) == []


@pytest.mark.parametrize("agreed", [True, False])
def test_value_and_volume_only_where_both_sides_agreed(client, area, agreed):
    mou = factories.make_mou(
        area, value=Decimal("1250000000"), quantity="300 tấn", realised_value=Decimal("99000000.5"),
        value_is_public=agreed,
    )  # fmt: skip
    page = text_of(client.get(mou.get_absolute_url()))
    assert ("1.250.000.000 VND" in page) is agreed
    assert ("300 tấn" in page) is agreed
    assert ("99.000.000,50 VND" in page) is agreed
    assert ("hai bên chưa đồng ý công khai" in page) is not agreed
    assert "300 tấn" not in text_of(client.get("/ban-ghi-nho/"))


def test_memoranda_are_found_and_filtered(client, area):
    tea = factories.make_enterprise("Công ty TNHH MTV Trà Tâm Lan")
    trade = factories.make_enterprise("Công ty CP Thương mại Mộc Hóa")
    factories.make_mou(area, party_a=trade, party_b=tea, status="contracted")
    factories.make_mou(factories.make_area(area.plan, 8), signed_on=datetime.date(2021, 3, 5))
    assert len(rows_of(client.get("/ban-ghi-nho/"))) == 2
    for query in ("tim=moc hoa", "tim=tra tâm LAN", "linh_vuc=6", "nam=2019", "tinh_trang=contracted"):
        rows = rows_of(client.get(f"/ban-ghi-nho/?{query}"))
        assert len(rows) == 1, query
        assert "Mộc Hóa" in rows[0], query
    dates = [mou.signed_on.year for mou in client.get("/ban-ghi-nho/").context["page"]]
    assert dates == [2021, 2019]
    for query in ("linh_vuc=abc", "nam=x", "tinh_trang=x", "sap_xep=x"):
        refused = client.get(f"/ban-ghi-nho/?{query}")
        assert rows_of(refused) == [], query
        assert "Danh sách để trống" in text_of(refused), query


def test_a_memorandum_names_parties_day_and_activity(client, area):
    merger = datetime.date(2025, 7, 1)
    new = factories.make_province("Tây Ninh", valid_from=merger)
    old = factories.make_province("Long An", dissolved_on=merger, successor=new)
    activity = factories.make_activity(area, title="Hội nghị ký kết")
    mou = factories.make_mou(area, party_a=factories.make_enterprise(province=old), activity=activity)
    page = text_of(client.get(mou.get_absolute_url()))
    assert "Tỉnh Long An (nay là Tỉnh Tây Ninh)" in page
    assert "Ngày ký 17/05/2019" in page
    assert "Ký tại hoạt động Hội nghị ký kết" in page
    activity.published = False
    activity.save()
    assert "Hội nghị ký kết" not in text_of(client.get(mou.get_absolute_url()))


def test_a_memorandum_belongs_to_its_plan_alone(client, area):
    factories.make_plan(slug="khac")
    mou = factories.make_mou(area)
    assert client.get(f"/ke-hoach/khac/ban-ghi-nho/{mou.pk}/").status_code == 404
    assert client.get("/ban-ghi-nho/99999999999999999999999/").status_code == 404
    hidden = factories.make_mou(area, published=False)
    assert client.get(hidden.get_absolute_url()).status_code == 404


def test_enterprises_in_vietnamese_order_by_province_with_the_unknown_last(client, area):
    province = factories.make_province("Long An", slug="long-an")
    for name, home in (("Đá Xanh", None), ("Dâu Tây", province), ("Ăn Ngon", None)):
        factories.make_enterprise(name, province=home)
    factories.make_enterprise("Công ty đặt ra", is_demonstration=True)
    factories.make_enterprise("Công ty kín", published=False)
    first_words = [" ".join(row.split()[:2]) for row in rows_of(client.get("/doanh-nghiep/"))]
    assert first_words == ["Ăn Ngon", "Dâu Tây", "Đá Xanh"]
    assert rows_of(client.get("/doanh-nghiep/?sap_xep=tinh"))[0].startswith("Dâu Tây")
    assert len(rows_of(client.get("/doanh-nghiep/?tinh=long-an"))) == 1
    assert rows_of(client.get("/doanh-nghiep/?tinh=khong-co")) == []


def test_an_enterprise_with_its_memoranda(client, area):
    enterprise = factories.make_enterprise("Công ty Thử", tax_code="0301175691", other_names="CTY THỬ")
    factories.make_mou(area, party_b=enterprise, number="02/BGN")
    factories.make_mou(area, party_a=enterprise, number="03/BGN", published=False)
    factories.make_mou(area, number="04/BGN")
    page = client.get(enterprise.get_absolute_url())
    assert "Mã số thuế 0301175691" in text_of(page)
    assert "CTY THỬ" in text_of(page)
    assert len(rows_of(page)) == 1
    assert "02/BGN" in rows_of(page)[0]
    hidden = factories.make_enterprise(published=False)
    assert client.get(hidden.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow(client, area, count, django_assert_num_queries):
    enterprise = factories.make_enterprise(province=factories.make_province())
    for number in range(count):
        factories.make_mou(area, party_a=enterprise, number=f"{number}/BGN")
    mou_url = enterprise.mous_as_a.first().get_absolute_url()
    with django_assert_num_queries(7):
        client.get("/ban-ghi-nho/")
    with django_assert_num_queries(5):
        client.get("/doanh-nghiep/")
    with django_assert_num_queries(5):
        client.get(enterprise.get_absolute_url())
    with django_assert_num_queries(4):
        client.get(mou_url)
