"""The search page: who is found, in which order, and that nothing typed is an operator."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cooperation.models import Source
from tests import factories
from tests.pages import html_of, text_of

pytestmark = pytest.mark.django_db
URL = "/tim/"


@pytest.fixture
def plan():
    return factories.make_plan(is_main=True, slug="chinh", title="Kế hoạch chính", number="12/KH-THỬ")


@pytest.fixture
def area(plan):
    return factories.make_area(plan, 3, title="Du lịch", summary="Tuyến đường thủy")


def found(client, query, **more):
    response = client.get(URL, {"tim": query, **more})
    assert response.status_code == 200
    return ["".join(piece for piece, _found in hit["title"]) for hit in response.context.get("hits", [])]


def test_an_empty_page_asks_nothing_of_the_tables(client, django_assert_num_queries):
    with django_assert_num_queries(1):  # the plans to choose from
        response = client.get(URL)
    assert "kết quả" not in text_of(response)


def test_every_kind_is_found(client, plan, area):
    factories.make_activity(area, title="Hội chợ Sen Hồng")
    factories.make_program(area, title="Chương trình Sen Hồng")
    firm = factories.make_enterprise("Công ty Sen Hồng")
    factories.make_mou(area, party_a=firm)
    factories.make_agency("Chi cục Sen Hồng")
    factories.make_agreement(title="Thỏa thuận Sen Hồng")
    factories.make_area(plan, 4, title="Trồng sen", summary="giống sen hồng")
    Source.objects.create(code="N1", publisher="Báo Sen Hồng", title="Tin")
    response = client.get(URL, {"tim": "HỒNG sen"})
    assert [(kind["label"], kind["count"]) for kind in response.context["kinds"]] == [
        ("Lĩnh vực", 1), ("Hoạt động", 1), ("Chương trình", 1), ("Bản ghi nhớ", 1), ("Doanh nghiệp", 1),
        ("Cơ quan", 1), ("Văn bản", 2),
    ]  # fmt: skip
    assert len(response.context["hits"]) == 8
    assert "<mark>Sen</mark> <mark>Hồng</mark>" in html_of(response)
    assert found(client, "hong sen", loai="van-ban") == ["Thỏa thuận Sen Hồng", "Tin"]


def test_rank_number_then_title_then_text_and_vietnamese_order(client, area):
    factories.make_activity(area, code="HD-7", title="Ăn Tết")
    factories.make_activity(area, code="X-1", title="Bàn về HD 7")
    factories.make_activity(area, code="X-2", title="Ân tình", summary="xem HD-7")
    factories.make_activity(area, code="X-3", title="Anh em", summary="xem HD-7")
    factories.make_activity(area, code="HD-70", title="Không phải số bảy")
    assert found(client, "hd-7") == ["Ăn Tết", "Bàn về HD 7", "Anh em", "Ân tình"]
    assert found(client, "12/kh-thu") == ["Kế hoạch chính"]


def test_short_words_are_whole_and_long_ones_may_begin_a_word(client, area):
    factories.make_activity(area, title="Xã Mỹ Đức")
    factories.make_activity(area, title="Xây cầu")
    assert found(client, "xa") == ["Xã Mỹ Đức"]
    assert found(client, "xay ca") == []
    assert found(client, "xay cau") == ["Xây cầu"]
    assert found(client, "mĩ đứ") == []


def test_hidden_deleted_merged_and_invented_records_are_not_found(client, area):
    factories.make_activity(area, title="Bí mật ẩn", published=False)
    factories.make_activity(
        factories.make_area(factories.make_plan(published=False)), title="Bí mật kế hoạch"
    )
    deleted = factories.make_activity(area, title="Bí mật xóa")
    type(deleted).objects.filter(pk=deleted.pk).update(deleted_at="2024-01-01T00:00Z")
    kept = factories.make_enterprise("Công ty Giữ")
    factories.make_enterprise("Công ty Bí mật", merged_into=kept)
    demo = factories.make_plan(is_demonstration=True, slug="minh-hoa")
    factories.make_activity(factories.make_area(demo), title="Bí mật minh họa")
    assert found(client, "bi mat") == []
    assert found(client, "bi mat", ke_hoach="minh-hoa") == ["Bí mật minh họa"]


def test_the_index_follows_every_write(client, area):
    activity = factories.make_activity(area, title="Một tên")
    activity.title = "Tên khác hẳn"
    activity.save()
    assert found(client, "mot ten") == []
    assert found(client, "khac han") == ["Tên khác hẳn"]
    type(activity).objects.filter(pk=activity.pk).delete()
    assert found(client, "khac han") == []
    rows = [type(activity)(area=area, code=f"B-{n}", title=f"Hàng loạt {n}") for n in range(3)]
    for row in rows:
        row.prepare()
    type(activity).objects.bulk_create(rows)
    assert len(found(client, "hang loat")) == 3


def test_text_is_escaped(client, area):
    factories.make_activity(area, title="<script>alert(1)</script> & chợ")
    html = html_of(client.get(URL, {"tim": "<script> cho"}))
    assert "<script>alert" not in html
    assert "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp; <mark>chợ</mark>" in html


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"tim": "!!!"}, "Từ cần tìm: hãy ghi ít nhất một chữ hoặc số."),
        ({"tim": "a" * 201}, "Từ cần tìm: Giá trị này chỉ có tối đa 200 kí tự"),
        ({"tim": "a", "loai": "abc"}, "Loại: giá trị này không có trong danh sách."),
        ({"tim": "a", "ke_hoach": "abc"}, "Kế hoạch: giá trị này không có trong danh sách."),
        ({"tim": "a", "ke_hoach": "\x00"}, "Kế hoạch: giá trị này không có trong danh sách."),
    ],
)
def test_what_cannot_be_asked_is_told(client, query, message):
    response = client.get(URL, query)
    assert response.status_code == 200
    assert message in text_of(response)
    assert "hits" not in response.context


@pytest.mark.parametrize(
    "query",
    ['"', "cho AND", "NOT cho", "cho OR x", "NEAR(cho, 2)", "cho*", "-cho", "(cho", "title:cho", "cho:*",
     "cho & !x", "'cho'", "a\x00b", "cho|x", "^cho", "{cho}", "cho%", "_ho", "\\", "cho <-> x", "+cho"],
)  # fmt: skip
def test_operators_are_plain_text(client, area, query):
    factories.make_activity(area, title="Chợ")
    titles = found(client, query)
    assert titles in ([], ["Chợ"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=80) | st.text(alphabet="ab \"'*()-:&|!^%_\\NEAROT0", max_size=40))
def test_any_text_at_all(client, area, query):
    assert client.get(URL, {"tim": query, "page": query}).status_code == 200


def test_counts_and_pages_end(client, area, monkeypatch):
    monkeypatch.setattr("portal.search.finding.COUNT_LIMIT", 30)
    monkeypatch.setattr("portal.search.views.COUNT_LIMIT", 30)
    model = type(factories.make_activity(area, title="Nhiều"))
    rows = [model(area=area, code=f"N-{n:03}", title=f"Nhiều {n:03}") for n in range(60)]
    for row in rows:
        row.prepare()
    model.objects.bulk_create(rows)
    response = client.get(URL, {"tim": "nhieu", "page": "99999"})
    assert response.status_code == 200
    assert response.context["is_capped"]
    assert response.context["page"].number == 2
    assert "hơn 1.000 kết quả" in text_of(response)


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow(client, area, count, django_assert_num_queries):
    for number in range(count):
        factories.make_activity(area, title=f"Sen hồng {number}")
    with django_assert_num_queries(14 if count < 20 else 13):
        client.get(URL, {"tim": "sen hong"})


def test_a_list_is_offered_with_the_same_words(client, area):
    factories.make_agency("Sở Sen")
    html = html_of(client.get(URL, {"tim": "sở sen", "loai": "co-quan"}))
    assert 'href="/co-quan/?tim=s%E1%BB%9F+sen"' in html
