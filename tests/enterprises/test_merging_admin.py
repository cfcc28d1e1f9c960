"""The admin's page that merges two enterprises, the way back, and the list of merges."""

import pytest
from django.urls import reverse

from cooperation.roles import sync_roles
from enterprises.merging import merge
from enterprises.models import MOU, Enterprise, EnterpriseMerge
from tests.factories import make_agency, make_enterprise, make_mou, make_user
from tests.pages import form_data, form_errors, html_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    sync_roles()
    user = make_user(agency=make_agency(), role="Nhập liệu")
    client.force_login(user)
    return user


@pytest.fixture
def pair():
    return make_enterprise("Công ty Giữ Lại"), make_enterprise("Công ty Gộp Đi", other_names="Gộp JSC")


def address(name, *args):
    return reverse(f"admin:enterprises_{name}", args=args)


def act(client, *enterprises, **data):
    data = {"action": "merge_enterprises", "_selected_action": [one.pk for one in enterprises], **data}
    return client.post(address("enterprise_changelist"), data, follow=True)


def test_two_are_shown_side_by_side_then_merged(client, clerk, pair):
    kept, merged = pair
    mou = make_mou(party_a=merged, agency=clerk.agency)
    page = act(client, kept, merged)
    for word in ("Công ty Giữ Lại", "Công ty Gộp Đi", "Gộp JSC", "Số bản ghi nhớ"):
        assert word in text_of(page)
    assert not EnterpriseMerge.objects.exists()
    done = act(client, kept, merged, merge="1", kept=kept.pk, reason="Cùng mã số thuế")
    assert "Đã gộp “Công ty Gộp Đi” vào Công ty Giữ Lại" in text_of(done)
    assert f'href="{address("enterprise_change", kept.pk)}"' in html_of(done)
    record = EnterpriseMerge.objects.get()
    assert (record.kept, record.merged, record.merged_by, record.reason) == (
        kept, merged, clerk, "Cùng mã số thuế",
    )  # fmt: skip
    assert MOU.objects.get(pk=mou.pk).party_a == kept


def test_either_of_the_two_can_be_kept(client, clerk, pair):
    act(client, *pair, merge="1", kept=pair[1].pk, reason="x")
    assert EnterpriseMerge.objects.get().kept == pair[1]


@pytest.mark.parametrize("count", [1, 3])
def test_exactly_two(client, clerk, count):
    page = act(client, *(make_enterprise() for _ in range(count)))
    assert "Hãy chọn đúng hai doanh nghiệp để gộp." in text_of(page)


def test_an_incomplete_answer_is_asked_again(client, clerk, pair):
    kept, merged = pair
    page = text_of(act(client, kept, merged, merge="1"))
    assert "Hãy chọn một trong hai doanh nghiệp để giữ." in page
    assert "Hãy ghi lý do" in page
    stranger = make_enterprise()
    assert "Hãy chọn một trong hai" in text_of(
        act(client, kept, merged, merge="1", kept=stranger.pk, reason="x")
    )
    assert "Hãy chọn một trong hai" in text_of(act(client, kept, merged, merge="1", kept="x", reason="x"))
    page = html_of(act(client, kept, merged, merge="1", kept=merged.pk, reason="<b>"))
    assert EnterpriseMerge.objects.get().reason == "<b>"


def test_a_refusal_is_said_on_the_page_and_the_answer_kept(client, clerk, pair):
    kept, merged = pair
    make_mou(party_a=merged, agency=make_agency())
    page = act(client, kept, merged, merge="1", kept=kept.pk, reason="Vì <b>trùng</b>")
    assert "1 bản ghi nhớ phải chuyển thuộc cơ quan khác" in text_of(page)
    assert "Vì &lt;b&gt;trùng&lt;/b&gt;</textarea>" in html_of(page)
    assert html_of(page).count("checked") == 1
    assert not EnterpriseMerge.objects.exists()


def test_who_may_not_merge_sees_no_action(client, pair):
    sync_roles()
    record = merge(*pair, user=make_user(is_superuser=True), reason="")
    client.force_login(make_user(agency=make_agency(), role="Chuyên viên"))
    others = make_enterprise(), make_enterprise()
    assert "merge_enterprises" not in html_of(client.get(address("enterprise_changelist")))
    act(client, *others, merge="1", kept=others[0].pk, reason="x")
    assert EnterpriseMerge.objects.get() == record
    for method in (client.get, client.post):
        assert method(address("enterprise_unmerge", record.pk)).status_code == 403
    assert EnterpriseMerge.objects.standing().get() == record
    assert client.get(address("enterprisemerge_changelist")).status_code == 403


def test_a_merged_record_is_only_read(client, clerk, pair):
    kept, merged = pair
    data = form_data(client.get(address("enterprise_change", merged.pk))) | {"name": "Tên khác"}
    merge(kept, merged, user=make_user(is_superuser=True), reason="")
    page = client.get(address("enterprise_change", merged.pk))
    assert "Đã gộp vào" in text_of(page) or "đã gộp vào" in text_of(page)
    assert kept.name in text_of(page)
    assert 'name="tax_code"' not in html_of(page)
    assert client.post(address("enterprise_change", merged.pk), data).status_code == 403
    client.force_login(make_user(is_superuser=True))
    assert client.post(address("enterprise_change", merged.pk), data).status_code == 403
    assert client.post(address("enterprise_delete", merged.pk), {"post": "yes"}).status_code == 403
    assert Enterprise.objects.get(pk=merged.pk).name == "Công ty Gộp Đi"
    assert client.get(address("enterprise_history", merged.pk)).status_code == 200


def test_a_merged_record_cannot_be_chosen(client, clerk, pair):
    kept, merged = pair
    mou = make_mou(agency=clerk.agency)
    data = form_data(client.get(address("mou_change", mou.pk)))
    search = {"app_label": "enterprises", "model_name": "mou", "field_name": "party_a", "term": "cong ty g"}
    offered = client.get(reverse("admin:autocomplete"), search).json()["results"]
    assert {row["text"] for row in offered} >= {kept.name, merged.name}
    merge(kept, merged, user=make_user(is_superuser=True), reason="")
    offered = client.get(reverse("admin:autocomplete"), search).json()["results"]
    assert kept.name in {row["text"] for row in offered}
    assert merged.name not in {row["text"] for row in offered}
    assert form_errors(client.post(address("mou_change", mou.pk), data | {"party_a": merged.pk}))
    assert client.post(address("mou_change", mou.pk), data | {"party_a": kept.pk}).status_code == 302


def test_the_list_tells_living_from_merged(client, clerk, pair):
    merge(*pair, user=make_user(is_superuser=True), reason="")
    for living, shown in (("co", [pair[0]]), ("khong", [pair[1]]), ("x", [*pair])):
        page = client.get(address("enterprise_changelist"), {"con_dung": living})
        assert set(page.context["cl"].result_list) == set(shown)
    for standing, count in (("co", 1), ("khong", 0)):
        page = client.get(address("enterprisemerge_changelist"), {"con_dung": standing})
        assert len(page.context["cl"].result_list) == count


def test_the_way_back(client, clerk, pair):
    kept, merged = pair
    mou = make_mou(party_a=merged, agency=clerk.agency)
    record = merge(kept, merged, user=clerk, reason="Nhầm")
    undo = address("enterprise_unmerge", record.pk)
    page = client.get(address("enterprise_change", kept.pk))
    assert f'href="{undo}"' in html_of(page)
    assert client.post(address("enterprise_change", kept.pk), form_data(page)).status_code == 302
    asked = text_of(client.get(undo))
    for word in ("Công ty Gộp Đi", "Công ty Giữ Lại", "1 bản ghi nhớ", "Nhầm"):
        assert word in asked
    assert EnterpriseMerge.objects.standing().get() == record
    done = client.post(undo, follow=True)
    assert "Đã bỏ gộp: Công ty Gộp Đi" in text_of(done)
    assert f'href="{undo}"' not in html_of(done)
    assert MOU.objects.get(pk=mou.pk).party_a == merged
    assert client.get(address("enterprise_change", merged.pk)).context["adminform"].form.fields
    for method in (client.get, client.post):
        assert "Lần gộp này đã được bỏ rồi." in text_of(method(undo))
    assert client.get(address("enterprise_unmerge", record.pk + 1)).status_code == 404


def test_a_refused_way_back_says_why(client, clerk, pair):
    kept, merged = pair
    make_mou(party_a=merged, agency=make_agency())
    record = merge(kept, merged, user=make_user(is_superuser=True), reason="")
    assert "thuộc cơ quan khác" in text_of(client.post(address("enterprise_unmerge", record.pk)))
    assert EnterpriseMerge.objects.standing().get() == record


def test_merges_are_only_read(client, clerk, pair):
    record = merge(*pair, user=clerk, reason="Cùng một công ty")
    assert "Công ty Gộp Đi" in text_of(client.get(address("enterprisemerge_changelist")))
    assert "Cùng một công ty" in text_of(client.get(address("enterprisemerge_change", record.pk)))
    for page in ("change", "delete"):
        assert client.post(address(f"enterprisemerge_{page}", record.pk), {"post": "yes"}).status_code == 403
    assert client.get(address("enterprisemerge_add")).status_code == 403
