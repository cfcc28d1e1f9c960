"""Commits: all or nothing, once, with history and old values, and never over what changed meanwhile."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, connection

from cooperation.importing import batch, writer
from cooperation.importing.batch import AlreadyWrittenError, ImportConflictError
from cooperation.models import ImportBatch, ImportRow
from enterprises.models import MOU, Enterprise
from tests.enterprises.workbooks import row
from tests.factories import make_agency, make_user

pytestmark = pytest.mark.django_db
# PostgreSQL updates by way of a temporary table: make, fill, use and drop it.
QUERIES = {"create": 13, "update": 11 if connection.vendor == "postgresql" else 8}


def commit(seen, user=None):
    return batch.commit(seen, batch.new_batch(seen, user), user=user)


def counts():
    return (
        MOU.objects.count(),
        Enterprise.objects.count(),
        ImportBatch.objects.count(),
        ImportRow.objects.count(),
    )


def test_new_rows_are_stored_with_their_derived_columns_and_history(see, plan):
    agency = make_agency()
    user = make_user(agency=agency, is_superuser=True)
    stored = commit(see(row(1, party_b_phone=912345678), user=user), user)
    mou = MOU.objects.search("vam co 1 nong san").get()
    assert (mou.plan, mou.agency, mou.area.number) == (plan, agency, 6)
    assert (mou.value, mou.party_b_phone, mou.value_is_public) == (Decimal("1200000000"), "0912345678", False)
    assert mou.identity_key.startswith(f"{mou.party_a_id}:{mou.party_b_id}:2019-05-17:")
    assert mou.sort_key
    assert (
        Enterprise.objects.get(name_key="cong ty trach nhiem huu han thu vam co 1").province.slug == "long-an"
    )
    for record in (mou, mou.party_a):
        first = record.history.get()
        assert (first.history_type, first.history_user) == ("+", user)
        assert first.history_change_reason == f"Lần nhập {stored.pk}: a.xlsx"
    assert (stored.user, stored.plan, stored.file_name, len(stored.sha256)) == (user, plan, "a.xlsx", 64)


def test_new_rows_belong_to_the_successor_of_a_merged_agency(see):
    new = make_agency(valid_from=date(2025, 7, 1))
    old = make_agency(dissolved_on=date(2025, 7, 1), successor=new)
    user = make_user(agency=old, is_superuser=True)
    commit(see(row(1), user=user), user)
    assert MOU.objects.get().agency == new


def test_an_update_keeps_history_old_values_and_what_the_sheet_does_not_know(see):
    commit(see(row(1), row(2)))
    MOU.objects.filter(number="01/BGN-2019").update(
        published=False, value_is_public=True, agency=make_agency()
    )
    before = MOU.objects.get(number="01/BGN-2019")
    stored = commit(see(row(1, value="1,5 tỷ"), row(2)))
    mou = MOU.objects.get(number="01/BGN-2019")
    assert mou.value == Decimal("1500000000")
    assert (mou.published, mou.value_is_public, mou.agency) == (False, True, before.agency)
    assert [entry.history_type for entry in mou.history.all()] == ["~", "+"]
    changed, same = stored.rows.order_by("number")
    assert (changed.outcome, changed.object_id) == ("updated", mou.pk)
    assert (changed.old_values, changed.new_values) == ({"value": "1200000000"}, {"value": "1500000000"})
    assert (same.outcome, same.old_values) == ("unchanged", {})
    assert MOU.objects.get(number="02/BGN-2019").history.count() == 1


def test_relations_are_recorded_by_their_keys(see, plan):
    first = commit(see(row(1))).rows.get()
    mou = MOU.objects.get()
    assert (first.object_id, first.old_values, first.new_values) == (mou.pk, {}, {})
    assert {entry["id"] for entry in first.related} == {mou.party_a_id, mou.party_b_id}
    again = commit(see(row(1, area=7, party_a="Công ty CP Khác"))).rows.get()
    assert again.old_values == {"area_id": mou.area_id, "party_a_id": mou.party_a_id}
    mou.refresh_from_db()
    assert again.new_values == {"area_id": plan.areas.get(number=7).pk, "party_a_id": mou.party_a_id}


def test_updates_without_a_number_and_with_one_in_a_single_batch(see):
    commit(see(row(1), row(2, number=None)))
    commit(see(row(1, status="hết hạn"), row(2, number=None, status="chấm dứt"), row(3)))
    assert sorted(MOU.objects.values_list("status", flat=True)) == ["expired", "signed", "terminated"]


def test_text_that_looks_like_a_formula_or_a_tag_is_stored_as_it_is(see):
    commit(see(row(1, content="=1+1", result="<script>alert(1)</script>", signed_at="@x")))
    mou = MOU.objects.get()
    assert (mou.content, mou.result, mou.signed_at) == ("=1+1", "<script>alert(1)</script>", "@x")


def test_nothing_to_write_makes_no_batch(see):
    commit(see(row(1)))
    assert commit(see(row(1))) is None
    assert ImportBatch.objects.count() == 1


def test_the_same_preview_is_written_once(see):
    seen = see(row(1))
    stored, again = batch.new_batch(seen, None), batch.new_batch(seen, None)
    first = batch.commit(seen, stored)
    for late in (stored, again):
        with pytest.raises(AlreadyWrittenError) as slower:
            batch.commit(seen, late)
        assert slower.value.batch == first
    assert counts() == (1, 2, 1, 1)


def test_two_who_commit_the_same_file_at_once_write_it_once(see):
    """Both previews were made before either was written."""
    agency = make_agency()
    users = [make_user(agency=agency, is_superuser=True) for _ in range(2)]
    previews = [see(row(1), user=user) for user in users]
    batches = [batch.new_batch(seen, user) for seen, user in zip(previews, users, strict=True)]
    for one in batches:
        one.save()
        ImportBatch.objects.filter(pk=one.pk).update(state="previewed")
    first = batch.commit(previews[0], batches[0], user=users[0])
    with pytest.raises(AlreadyWrittenError) as slower:
        batch.commit(previews[1], batches[1], user=users[1])
    assert slower.value.batch == first
    assert list(ImportBatch.objects.order_by("pk").values_list("state", flat=True)) == [
        "committed",
        "previewed",
    ]
    assert (MOU.objects.count(), MOU.history.count(), ImportRow.objects.count()) == (1, 1, 1)


def test_the_same_file_is_written_again_after_its_effect_was_undone_by_hand(see):
    commit(see(row(1)))
    MOU.objects.all().delete()
    commit(see(row(1)))
    assert MOU.objects.count() == 1
    MOU.objects.update(value=5)
    commit(see(row(1)))
    assert MOU.objects.get().value == Decimal("1200000000")


@pytest.mark.parametrize("step", ["insert", "update", "keep_history"])
def test_a_failure_in_the_middle_leaves_nothing(see, monkeypatch, step):
    commit(see(row(1)))
    before = counts()
    seen = see(row(1, value=5), row(2))
    waiting = batch.new_batch(seen, None)
    waiting.state = "previewed"
    waiting.save()

    def fail(*args, **kwargs):
        raise RuntimeError("killed")

    monkeypatch.setattr(writer, step, fail)
    with pytest.raises(RuntimeError, match="killed"):
        batch.commit(seen, waiting)
    monkeypatch.undo()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.key, waiting.committed_at) == ("previewed", "", None)
    waiting.delete()
    assert counts() == before
    assert MOU.objects.get().value == Decimal("1200000000")
    assert (MOU.history.count(), Enterprise.history.count()) == (1, 2)


def test_what_somebody_else_changed_since_the_preview_is_a_conflict(see):
    commit(see(row(1)))
    seen = see(row(1, value=5), row(2))
    mou = MOU.objects.get()
    mou.result = "Đã giao 10 tấn"
    mou.save()
    before = counts()
    with pytest.raises(ImportConflictError, match="Dòng 2"):
        commit(seen)
    assert counts() == before
    assert MOU.objects.get().result == "Đã giao 10 tấn"


@pytest.mark.django_db(transaction=True)
def test_what_somebody_else_brought_in_or_deleted_since_is_a_conflict(see):
    for number in ("01/BGN-2019", None):
        seen, other = see(row(1, number=number)), see(row(1, number=number))
        commit(other)
        with pytest.raises(ImportConflictError, match="chưa ghi gì"):
            commit(seen)
        assert MOU.objects.count() == 1
        stale = see(row(1, number=number, value=5))
        MOU.objects.all().delete()
        with pytest.raises(ImportConflictError, match="Dòng 2"):
            commit(stale)
        Enterprise.objects.all().delete()
        ImportBatch.objects.all().delete()


def test_a_conflict_found_by_the_database_is_told_in_words(see, monkeypatch):
    for fault, words in ((IntegrityError, "người khác"), (OperationalError, "đang bận")):

        def refuse(*args, fault=fault, **kwargs):
            raise fault

        monkeypatch.setattr(writer, "insert", refuse)
        with pytest.raises(ImportConflictError, match=words):
            commit(see(row(1)))
    assert counts() == (0, 0, 0, 0)


def test_only_good_rows_of_a_partly_faulty_sheet_are_written_and_all_are_recorded(see):
    stored = commit(see(row(1), row(2, area=99), row(1)))
    assert MOU.objects.get().number == "01/BGN-2019"
    assert list(stored.rows.values_list("number", "outcome")) == [
        (2, "created"),
        (3, "rejected"),
        (4, "duplicate"),
    ]
    assert (stored.report["committed"], stored.report["batch"], stored.report["rejected"]) == (
        True,
        stored.pk,
        1,
    )
    assert Enterprise.objects.count() == 2


@pytest.mark.parametrize("count", [10, 200])
def test_queries_of_a_commit_do_not_grow_with_the_rows(see, django_assert_num_queries, count):
    rows = [row(n, party_a=f"Cty {n % 3}") for n in range(count)]
    seen = see(*rows)
    stored = batch.new_batch(seen, None)
    with django_assert_num_queries(QUERIES["create"]):
        batch.commit(seen, stored)
    seen = see(*({**cells, "value": 5} for cells in rows))
    stored = batch.new_batch(seen, None)
    with django_assert_num_queries(QUERIES["update"]):
        batch.commit(seen, stored)
    assert MOU.objects.filter(value=5).count() == count


def test_seven_hundred_rows_are_all_stored(see):
    commit(see(*(row(n, party_a="Cty A", party_b="HTX B") for n in range(700))))
    assert (MOU.objects.count(), MOU.history.count(), ImportRow.objects.count()) == (700, 700, 700)


def test_the_day_of_signing_is_kept_to_the_day(see):
    commit(see(row(1, signed_on="ngày 5 tháng 6 năm 2019")))
    assert MOU.objects.get().signed_on == date(2019, 6, 5)
