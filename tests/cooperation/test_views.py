"""Pages of plans, agreements, agencies and sources."""

import datetime

import pytest

from cooperation.models import Source
from tests import factories
from tests.pages import html_of, rows_of, text_of

pytestmark = pytest.mark.django_db

MERGER = datetime.date(2025, 7, 1)


@pytest.fixture
def plan():
    return factories.make_plan(is_main=True)


@pytest.fixture
def merged():
    """Two provinces and their departments, merged on 1/7/2025 into a province that keeps one name."""
    new = factories.make_province("Tây Ninh", valid_from=MERGER)
    heir = factories.make_agency(province=new, valid_from=MERGER)
    heir.name = "Sở Công Thương tỉnh Tây Ninh"
    heir.save()
    bodies = []
    for name in ("Long An", "Tây Ninh"):
        old = factories.make_province(name, dissolved_on=MERGER, successor=new)
        agency = factories.make_agency(province=old, dissolved_on=MERGER, successor=heir)
        agency.name = f"Sở Công Thương tỉnh {name}"
        agency.save()
        bodies.append((old, agency))
    return bodies


def test_agreement_names_its_parties_as_signed_and_as_they_are_now(client, merged):
    agreement = factories.make_agreement(
        number="4645/TT-LA-TN",
        signed_on=datetime.date(2018, 9, 28),
        predecessor=factories.make_agreement(title="Chương trình 2011"),
    )
    for province, agency in merged:
        agreement.provinces.add(province)
        agreement.signatories.add(agency)
    plan = factories.make_plan(agreement=agreement, title="Kế hoạch thi hành")
    factories.make_plan(agreement=agreement, title="Kế hoạch kín", published=False)
    page = text_of(client.get(agreement.get_absolute_url()))
    assert "Ngày ký 28/09/2018" in page
    assert "Tỉnh Long An (nay là Tỉnh Tây Ninh)" in page
    assert "Sở Công Thương tỉnh Long An (nay là Sở Công Thương tỉnh Tây Ninh)" in page
    assert "Sở Công Thương tỉnh Tây Ninh cũ (nay là Sở Công Thương tỉnh Tây Ninh mới)" in page
    assert "Chương trình 2011" in page
    assert plan.title in page
    assert "Kế hoạch kín" not in page


def test_an_agreement_of_the_demonstration_is_marked_and_stays_out_of_the_list(client, plan):
    real = factories.make_agreement(title="Thỏa thuận thật")
    plan.agreement = real
    plan.save()
    invented = factories.make_agreement(title="Thỏa thuận đặt ra")
    factories.make_plan(agreement=invented, is_demonstration=True)
    page = text_of(client.get("/thoa-thuan/"))
    assert "Thỏa thuận thật" in page
    assert "Thỏa thuận đặt ra" not in page
    assert "Dữ liệu minh họa" in text_of(client.get(invented.get_absolute_url()))
    assert "Dữ liệu minh họa" not in text_of(client.get(real.get_absolute_url()))


def test_documents_without_a_date_come_last(client):
    for title, signed_on in (("Không ngày", None), ("Cũ", 2011), ("Mới", 2018)):
        signed_on = signed_on and datetime.date(signed_on, 1, 1)
        factories.make_agreement(title=title, signed_on=signed_on)
        factories.make_plan(title=title, signed_on=signed_on)
    agreements = client.get("/thoa-thuan/").context["page"].object_list
    assert [agreement.title for agreement in agreements] == ["Mới", "Cũ", "Không ngày"]
    assert [plan.title for plan in client.get("/ke-hoach/").context["plans"]] == ["Mới", "Cũ", "Không ngày"]


def test_unpublished_documents_are_not_there(client):
    kept = factories.make_agreement(published=False)
    factories.make_plan(published=False, title="Kế hoạch kín")
    assert client.get(kept.get_absolute_url()).status_code == 404
    assert kept.title not in text_of(client.get("/thoa-thuan/"))
    assert "Kế hoạch kín" not in text_of(client.get("/ke-hoach/"))


def test_agencies_in_vietnamese_order_found_without_accents(client):
    for name in ("Đội quản lý", "Ủy ban", "Áo", "Ban", "Âu", "Ăn"):
        factories.make_agency(name=name)
    factories.make_agency(name="Cơ quan đặt ra", is_demonstration=True)
    names = [row.split()[0] for row in rows_of(client.get("/co-quan/"))]
    assert names == ["Áo", "Ăn", "Âu", "Ban", "Đội", "Ủy"]
    assert len(rows_of(client.get("/co-quan/?tim=DOI QUAN LY"))) == 1


def test_agencies_of_an_unreadable_kind_are_none(client):
    factories.make_agency()
    response = client.get("/co-quan/?loai=abc")
    assert rows_of(response) == []
    assert "Loại: giá trị này không có trong danh sách." in text_of(response)
    assert "Không có mục nào khớp" not in text_of(response)


def test_sources_link_away_safely(client):
    Source.objects.create(
        code="S1", publisher="Báo Thử", title="Tin <b>", url="https://example.org/a?b=1&c=2"
    )
    html = html_of(client.get("/nguon/"))
    assert '<a href="https://example.org/a?b=1&amp;c=2" rel="nofollow noopener">Tin &lt;b&gt;</a>' in html
    assert "Báo Thử · không rõ ngày" in html


@pytest.mark.parametrize("count", [1, 12])
def test_queries_do_not_grow(client, count, django_assert_num_queries):
    for _ in range(count):
        agency = factories.make_agency(province=factories.make_province())
        agreement = factories.make_agreement()
        agreement.provinces.add(agency.province)
        factories.make_plan(agreement=agreement).agencies.add(agency)
    with django_assert_num_queries(2):
        client.get("/ke-hoach/")
    with django_assert_num_queries(7):
        client.get("/thoa-thuan/")
    with django_assert_num_queries(5):
        client.get("/co-quan/")


def test_errors_show_the_way_back(client, plan):
    response = client.get("/thoa-thuan/khong-co/")
    assert response.status_code == 404
    html = html_of(response)
    assert '<html lang="vi">' in html
    assert 'href="/"' in html
    assert 'href="/ke-hoach/"' in html
