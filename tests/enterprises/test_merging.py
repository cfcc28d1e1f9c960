"""Two records of one firm become one, and two again: what moves, what is refused, what the history says."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cooperation.models import Province
from cooperation.roles import sync_roles
from enterprises.merging import MergeRefusedError, merge, unmerge
from enterprises.models import MOU, Enterprise, EnterpriseMerge
from tests.constraints import breaks
from tests.factories import (
    make_agency,
    make_area,
    make_enterprise,
    make_mou,
    make_plan,
    make_province,
    make_user,
)

pytestmark = pytest.mark.django_db

CODE, OTHER_CODE = "0301175691", "0100109106"


@pytest.fixture
def boss():
    return make_user(is_superuser=True)


@pytest.fixture
def pair():
    """The kept record with little, and the one to be merged with everything."""
    kept = make_enterprise("Công ty CP Mộc Hóa", other_names="Mộc Hóa JSC")
    merged = make_enterprise(
        "Công ty Mộc Hoá Long An",
        other_names="MỘC HOÁ jsc\nMoc Hoa Trading",
        tax_code=CODE,
        province=make_province(),
    )
    return kept, merged


def stored():
    """Every column of every enterprise and memorandum."""
    """All that is stored, but for how often it was."""
    return [
        [{**row, "version": None} for row in model.objects.order_by("pk").values()]
        for model in (Enterprise, MOU)
    ]


def test_the_kept_record_takes_over_memoranda_names_and_what_is_empty(boss, pair):
    kept, merged = pair
    area = make_area()
    as_a = make_mou(area, party_a=merged, content="trà")
    as_b = make_mou(area, party_b=merged, number="02/BGN")
    own = make_mou(area, party_a=kept)
    record = merge(kept, merged, user=boss, reason=" Cùng một công ty ")
    for mou in (kept, merged, as_a, as_b, own):
        mou.refresh_from_db()
    assert (as_a.party_a, as_b.party_b) == (kept, kept)
    assert kept.other_names.splitlines() == ["Mộc Hóa JSC", "Công ty Mộc Hoá Long An", "Moc Hoa Trading"]
    assert (kept.tax_code, kept.province) == (CODE, merged.province)
    assert (merged.merged_into, merged.name, merged.tax_code) == (kept, "Công ty Mộc Hoá Long An", CODE)
    assert (record.merged_by, record.reason) == (boss, "Cùng một công ty")
    assert record.moved == [[as_a.pk, "party_a"], [as_b.pk, "party_b"]]
    assert as_a.identity_key.startswith(f"{min(kept.pk, as_a.party_b_id)}:")
    found = MOU.objects.search("moc hoa trading")
    assert set(found) == {as_a, as_b, own}
    assert Enterprise.objects.unmerged().filter(pk=merged.pk).count() == 0
    assert Enterprise.objects.published().filter(pk__in=(kept.pk, merged.pk)).get() == kept


def test_what_the_kept_record_says_already_stays(boss):
    home = make_province()
    kept = make_enterprise("Công ty A", tax_code=CODE, province=home)
    merged = make_enterprise("CÔNG TY A", province=make_province("Tây Ninh"))
    merge(kept, merged, user=boss, reason="")
    kept.refresh_from_db()
    assert (kept.tax_code, kept.province, kept.other_names) == (CODE, home, "")


@pytest.mark.parametrize("swapped", [False, True])
def test_merged_and_undone_everything_is_as_before(boss, pair, swapped):
    kept, merged = reversed(pair) if swapped else pair
    area, plan_b = make_area(), make_area(make_plan())
    make_mou(area, party_a=merged, content="trà")
    make_mou(area, party_b=merged, number="02/BGN")
    make_mou(plan_b, party_a=merged, party_b=make_enterprise(), content="gạo\n\nvà muối")
    make_mou(area, party_a=kept)
    before = stored()
    record = merge(kept, merged, user=boss, reason="thử")
    assert stored() != before
    unmerge(record, user=boss)
    assert stored() == before
    record.refresh_from_db()
    assert record.undone_by == boss
    assert record.undone_at is not None
    with pytest.raises(MergeRefusedError, match="đã được bỏ rồi"):
        unmerge(record, user=boss)
    merge(kept, merged, user=boss, reason="lại")  # once more, the undone one aside
    assert EnterpriseMerge.objects.standing().count() == 1


def test_the_history_says_who_and_why(boss, pair):
    kept, merged = pair
    mou = make_mou(party_a=merged)
    record = merge(kept, merged, user=boss, reason="")
    for row in (kept, merged, mou):
        entry = row.history.latest()
        assert entry.history_change_reason.startswith(f"Gộp doanh nghiệp, lần {record.pk}: ")
        assert (entry.history_user, entry.history_type) == (boss, "~")
    assert mou.history.latest().party_a_id == kept.pk
    assert merged.history.latest().merged_into_id == kept.pk
    record.kept.save()
    assert not kept.history.latest().history_change_reason  # the next save has its own
    unmerge(record, user=boss)
    for row in (kept, merged, mou):
        assert row.history.latest().history_change_reason.startswith(
            f"Bỏ gộp doanh nghiệp, lần {record.pk}: "
        )
        assert row.history.count() == (4 if row == kept else 3)


def test_undoing_leaves_what_staff_wrote_since(boss, pair):
    kept, merged = pair
    area = make_area()
    back, elsewhere, later = (make_mou(area, party_a=merged, content=word) for word in ("một", "hai", "ba"))
    record = merge(kept, merged, user=boss, reason="")
    elsewhere.refresh_from_db()
    elsewhere.party_a = make_enterprise()
    elsewhere.save()
    later.refresh_from_db()
    later.result = "Đã giao hàng"
    later.save()
    new = make_mou(area, party_a=kept, content="mới")
    kept.refresh_from_db()
    kept.other_names += "\nMộc Hóa Group"
    kept.tax_code = OTHER_CODE
    kept.save()
    unmerge(record, user=boss)
    for row in (kept, back, later, new):
        row.refresh_from_db()
    assert (back.party_a, later.party_a, new.party_a) == (merged, merged, kept)
    assert later.result == "Đã giao hàng"
    assert MOU.objects.get(pk=elsewhere.pk).party_a == elsewhere.party_a
    assert kept.other_names == "Mộc Hóa JSC\nMộc Hóa Group"
    assert (kept.tax_code, kept.province) == (OTHER_CODE, None)
    assert not MOU.objects.search("moc hoa trading").filter(pk=new.pk).exists()


def test_two_merges_are_undone_in_any_order(boss):
    kept = make_enterprise("Công ty A")
    one, two = (
        make_enterprise("Công ty B", other_names="Chung"),
        make_enterprise("Công ty C", other_names="CHUNG"),
    )
    before = stored()
    first = merge(kept, one, user=boss, reason="")
    second = merge(kept, two, user=boss, reason="")
    unmerge(first, user=boss)
    kept.refresh_from_db()
    assert kept.other_names.splitlines() == ["Chung", "Công ty C"]  # the other merge brought it too
    unmerge(second, user=boss)
    assert stored() == before


def test_a_name_that_staff_wrote_survives_a_second_merge(boss):
    kept, merged = make_enterprise("Công ty A"), make_enterprise("Công ty B")
    unmerge(merge(kept, merged, user=boss, reason=""), user=boss)
    kept.other_names = "Công ty B"
    kept.save()
    before = stored()
    unmerge(merge(kept, merged, user=boss, reason=""), user=boss)
    assert stored() == before


def refusal(kept, merged, user):
    """What the refusal says; nothing was written."""
    before = stored()
    with pytest.raises(MergeRefusedError) as caught:
        merge(kept, merged, user=user, reason="")
    assert stored() == before
    assert not EnterpriseMerge.objects.filter(kept=kept, merged=merged).exists()
    return str(caught.value)


def test_refused_for_what_the_two_are(boss):
    one, two = make_enterprise("Công ty A", tax_code=CODE), make_enterprise("Công ty B", tax_code=OTHER_CODE)
    assert "cùng một doanh nghiệp" in refusal(one, one, boss)
    assert "minh họa" in refusal(one, make_enterprise(is_demonstration=True), boss)
    said = refusal(one, two, boss)
    assert CODE in said
    assert OTHER_CODE in said
    gone = make_enterprise("Công ty C", merged_into=two)
    for kept, merged in ((one, gone), (gone, one)):
        assert "“Công ty C” đã được gộp vào “Công ty B”" in refusal(kept, merged, boss)
    deleted = make_enterprise()
    Enterprise.objects.filter(pk=deleted.pk).delete()
    with pytest.raises(MergeRefusedError, match="không còn"):
        merge(one, deleted, user=boss, reason="")


def test_what_belongs_to_a_person_stays_hidden(boss):
    kept, merged = make_enterprise(), make_enterprise(personal_number="012345678901", published=False)
    said = refusal(kept, merged, boss)
    assert "hãy bỏ công khai" in said
    assert "0123" not in said
    hidden = make_enterprise(published=False)
    before = stored()
    record = merge(hidden, merged, user=boss, reason="")
    hidden.refresh_from_db()
    assert hidden.personal_number == "012345678901"
    unmerge(record, user=boss)
    assert stored() == before
    other = make_enterprise(personal_number="012345678902", published=False)
    assert "Hai số định danh cá nhân" in refusal(other, merged, boss)


def test_refused_where_the_two_signed_with_each_other(boss, pair):
    make_mou(party_a=pair[0], party_b=pair[1], number="07/BGN")
    said = refusal(*pair, boss)
    assert "07/BGN" in said
    assert "17/05/2019" in said


def test_refused_where_two_memoranda_would_be_the_same(boss, pair):
    area, partner = make_area(), make_enterprise("Công ty Đối Tác")
    kept, merged = pair
    make_mou(area, party_a=kept, party_b=partner, content="Tiêu thụ trà")
    twin = make_mou(area, party_a=partner, party_b=merged, content="TIÊU THỤ trà")
    said = refusal(kept, merged, boss)
    assert "“Công ty Đối Tác – Công ty Mộc Hoá Long An” ký ngày 17/05/2019" in said
    twin.number = "09/BGN"
    twin.save()
    merge(kept, merged, user=boss, reason="")


def test_refused_where_the_kept_record_would_be_a_third(boss):
    home = make_province()
    make_enterprise("Công ty A", province=home)
    kept, merged = make_enterprise("Công ty A"), make_enterprise("Công ty B", province=home)
    assert "Tỉnh này đã có doanh nghiệp cùng tên" in refusal(kept, merged, boss)


@pytest.fixture
def clerk():
    sync_roles()
    return make_user(agency=make_agency(), role="Nhập liệu")


def test_refused_where_a_memorandum_is_another_agencys(clerk, pair):
    kept, merged = pair
    area = make_area()
    make_mou(area, party_a=merged, agency=clerk.agency)
    make_mou(area, party_a=kept, agency=make_agency())  # stays where it is
    foreign = make_mou(area, party_a=merged, agency=make_agency(), number="BÍ MẬT")
    said = refusal(kept, merged, clerk)
    assert "1 bản ghi nhớ phải chuyển thuộc cơ quan khác" in said
    assert "BÍ MẬT" not in said
    foreign.agency = clerk.agency
    foreign.save()
    record = merge(kept, merged, user=clerk, reason="")
    MOU.objects.filter(pk=foreign.pk).update(agency=make_agency())
    with pytest.raises(MergeRefusedError, match="thuộc cơ quan khác"):
        unmerge(record, user=clerk)
    assert MOU.objects.get(pk=foreign.pk).party_a == kept


def test_only_those_who_may_write_both(pair):
    sync_roles()
    reader = make_user(agency=make_agency(), role="Chuyên viên")
    with pytest.raises(PermissionDenied):
        merge(*pair, user=reader, reason="")
    record = merge(*pair, user=make_user(is_superuser=True), reason="")
    with pytest.raises(PermissionDenied):
        unmerge(record, user=reader)


def test_undoing_is_refused_while_the_kept_record_is_merged_itself(boss):
    one, two, three = (make_enterprise(f"Công ty {name}") for name in "ABC")
    mou = make_mou(party_a=one)
    before = stored()
    first = merge(two, one, user=boss, reason="")
    second = merge(three, two, user=boss, reason="")
    assert Enterprise.objects.get(pk=one.pk).living_record() == three
    with pytest.raises(MergeRefusedError, match="“Công ty B” sau đó đã được gộp vào “Công ty C”"):
        unmerge(first, user=boss)
    assert MOU.objects.get(pk=mou.pk).party_a == three
    unmerge(second, user=boss)
    unmerge(first, user=boss)
    assert stored() == before


def test_undoing_is_refused_where_somebody_took_the_place(boss, pair):
    kept, merged = pair
    record = merge(kept, merged, user=boss, reason="")
    Enterprise.objects.filter(pk=kept.pk).update(tax_code="")
    make_enterprise(tax_code=CODE)
    before = stored()
    with pytest.raises(MergeRefusedError, match="Đã có doanh nghiệp mang mã số thuế này"):
        unmerge(record, user=boss)
    assert stored() == before
    assert EnterpriseMerge.objects.standing().get() == record


def test_what_comes_between_is_a_refusal_too(boss, pair, monkeypatch):
    """A write between the check and ours, as two at once would do, is said and not thrown."""
    monkeypatch.setattr(Enterprise, "validate_constraints", lambda self: None)
    home = make_province()
    make_enterprise("Công ty A", province=home)
    said = refusal(make_enterprise("Công ty A"), make_enterprise("Công ty B", province=home), boss)
    assert "vừa được người khác thay đổi" in said


def queries(call):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call()
    return len(captured)


def test_queries_do_not_grow_with_the_memoranda(boss):
    def counts(many):
        area, kept, merged = make_area(), make_enterprise(), make_enterprise()
        for number in range(many):
            make_mou(area, party_a=merged, content=str(number))
        done = []
        there = queries(lambda: done.append(merge(kept, merged, user=boss, reason="")))
        return there, queries(lambda: unmerge(done[0], user=boss))

    few, many = counts(2), counts(60)
    # SQLite takes 999 values in one statement: a chunk is some twenty-odd memoranda there.
    assert max(after - before for before, after in zip(few, many, strict=True)) <= 4


def test_the_database_holds_the_rules(boss):
    one, two = make_enterprise(), make_enterprise()

    def record(kept, merged, **facts):
        return EnterpriseMerge.objects.create(kept=kept, merged=merged, merged_by=boss, **facts)

    breaks("enterprise_merge_of_two", lambda: record(one, one))
    record(one, two, undone_at=timezone.now())
    record(one, two)
    breaks("enterprise_merged_once", lambda: record(make_enterprise(), two))
    breaks(
        "enterprise_merged_into_another",
        lambda: Enterprise.objects.filter(pk=one.pk).update(merged_into=one.pk),
    )


def test_a_merged_record_leaves_its_name_and_code_free():
    home = make_province()
    kept = make_enterprise()
    for facts in ({"tax_code": CODE}, {"province": home}, {}):
        name = f"Công ty {len(facts)} {facts.get('tax_code')}"
        make_enterprise(name, merged_into=kept, **facts)
        make_enterprise(name, merged_into=kept, **facts)
        living = make_enterprise(name, **facts)
        breaks("once", lambda name=name, facts=facts: make_enterprise(name, **facts))
        if "tax_code" not in facts:
            slug = Province.objects.get().slug if facts else None
            assert Enterprise.objects.get_by_natural_key(living.name_key, slug) == living


def test_a_merged_record_is_no_party():
    merged = make_enterprise(merged_into=make_enterprise())
    mou = make_mou()
    mou.party_a = merged
    with pytest.raises(ValidationError):
        mou.full_clean()


def test_a_merged_record_leads_to_the_kept_one(client, boss, pair):
    make_plan(is_main=True)
    kept, merged = pair
    other = make_enterprise("Công ty Sau Cùng")
    old = merged.get_absolute_url()
    merge(kept, merged, user=boss, reason="")
    answer = client.get(old)
    assert (answer.status_code, answer.url) == (302, kept.get_absolute_url())
    assert merged.name not in client.get("/doanh-nghiep/").content.decode()
    merge(other, kept, user=boss, reason="")
    assert client.get(old).url == other.get_absolute_url()
    assert client.get(old, follow=True).status_code == 200
    Enterprise.objects.filter(pk=other.pk).update(published=False)
    assert client.get(old).status_code == 404
    Enterprise.objects.filter(pk=other.pk).update(published=True)
    Enterprise.objects.filter(pk=merged.pk).update(published=False)
    assert client.get(old).status_code == 404


def test_days_differ_so_both_memoranda_stay(boss, pair):
    area, partner = make_area(), make_enterprise()
    kept, merged = pair
    make_mou(area, party_a=kept, party_b=partner)
    make_mou(area, party_a=merged, party_b=partner, signed_on=date(2020, 1, 2))
    merge(kept, merged, user=boss, reason="")
    assert MOU.objects.filter(party_a=kept).count() == 2
