"""Undo: what nobody has touched goes back to the letter, what somebody has is left and listed."""

import re
from decimal import Decimal

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.urls import reverse

from cooperation.importing import batch as batches
from cooperation.importing import undo
from cooperation.importing.batch import ImportConflictError
from cooperation.models import ImportBatch
from enterprises.models import MOU, Enterprise
from tests.cooperation.importing.conftest import batch_at
from tests.enterprises.workbooks import row
from tests.factories import make_agency, make_mou, make_user

pytestmark = pytest.mark.django_db


def columns(model):
    """What is stored, but for how often it was."""
    return [{**row, "version": None} for row in model.objects.order_by("pk").values()]


def reasons(record):
    return list(record.history.order_by("history_id").values_list("history_type", "history_change_reason"))


def text(response):
    body = response.content.decode().split('class="import-page"')[1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_log_of_the_admin_says_who_brought_a_batch_in_and_who_took_it_back(see, plan):
    clerk = make_user("nhap", agency=plan.agencies.get(), role="Nhập liệu", is_superuser=True)
    seen = see(row(1), user=clerk)
    stored = batches.commit(seen, batches.new_batch(seen, clerk), user=clerk)
    undo.undo(stored, user=clerk)
    log = LogEntry.objects.order_by("pk").values_list("user", "object_id", "action_flag", "change_message")
    assert list(log) == [
        (clerk.pk, str(stored.pk), ADDITION, f"Lần nhập {stored.pk}: a.xlsx"),
        (clerk.pk, str(stored.pk), CHANGE, f"Hoàn tác lần nhập {stored.pk}: a.xlsx"),
    ]


def test_created_records_and_their_enterprises_go(write):
    first = write(row(1, party_a="Cty Chung"), row(2, party_a="Cty Chung"))
    found = undo.undo(first)
    assert (len(found.back), found.stay) == (2, [])
    assert (MOU.objects.count(), Enterprise.objects.count()) == (0, 0)
    for history, count in ((MOU.history, 2), (Enterprise.history, 3)):
        gone = history.filter(history_type="-")
        assert gone.count() == count  # once each, also the one that two rows have brought
        assert set(gone.values_list("history_change_reason", flat=True)) == {
            f"Hoàn tác lần nhập {first.pk}: a.xlsx"
        }
    first.refresh_from_db()
    assert (first.state, first.report["undone"], first.report["left"]) == ("undone", 2, [])
    assert first.undone_at is not None


def test_updated_records_are_as_they_were_in_every_column(write):
    write(row(1, value="1,5", note=None), row(2, number=None), row(3))
    before = columns(MOU), columns(Enterprise)
    changed = write(
        row(1, value=None, currency="USD", content="Khác", result="Đã giao", status="hết hạn",
            expires_on="1/2/2022", party_a="Công ty CP Mới", area=7, effective_on="1/1/2020"),
        row(2, number=None, value="7,25", realised_value=3),
        row(3, value=5, realised_value=6, signed_on="18/5/2019"),
    )  # fmt: skip
    assert changed.report["updated"] == 3
    assert columns(MOU) != before[0]
    undo.undo(changed)
    assert (columns(MOU), columns(Enterprise)) == before
    mou = MOU.objects.get(number="03/BGN-2019")
    assert reasons(mou)[1:] == [
        ("~", f"Lần nhập {changed.pk}: a.xlsx"),
        ("~", f"Hoàn tác lần nhập {changed.pk}: a.xlsx"),
    ]
    newest = MOU.history.filter(id=mou.pk).latest()
    assert {name: getattr(newest, name) for name in before[0][2]} | {"version": None} == before[0][2]


def test_records_edited_since_are_left_and_listed(write):
    batch = write(row(1), row(2), row(3))
    edited = MOU.objects.get(number="02/BGN-2019")
    edited.result = "Đã giao"
    edited.save()
    MOU.objects.get(number="03/BGN-2019").delete()
    found = undo.undo(batch)
    assert [line.number for line in found.back] == [2]
    assert MOU.objects.get() == edited
    assert Enterprise.objects.count() == 2
    batch.refresh_from_db()
    assert [(left["row"], left["reason"]) for left in batch.report["left"]] == [
        (3, "đã được sửa sau khi nhập"),
        (4, "không còn, hoặc thuộc cơ quan khác"),
    ]


def test_enterprises_that_are_used_or_edited_since_stay(write):
    batch = write(row(1), row(2))
    used, edited = (
        Enterprise.objects.get(name__endswith="Vàm Cỏ 1"),
        Enterprise.objects.get(name__endswith="Đen 2"),
    )
    other = make_mou(party_a=used)
    edited.note = "đã gọi điện"
    edited.save()
    undo.undo(batch)
    assert set(MOU.objects.all()) == {other}
    assert set(Enterprise.objects.all()) == {used, edited, other.party_b}
    batch.refresh_from_db()
    assert sorted(batch.report["left_related"]) == sorted([str(used), str(edited)])


def test_an_enterprise_that_a_later_import_uses_stays(write):
    first = write(row(1))
    second = write(row(2, party_a="Công ty TNHH Thử Vàm Cỏ 1"))
    undo.undo(first)
    assert MOU.objects.get().number == "02/BGN-2019"
    assert MOU.objects.get().party_a.name == "Công ty TNHH Thử Vàm Cỏ 1"
    undo.undo(second)
    assert set(Enterprise.objects.values_list("name", flat=True)) == {"Công ty TNHH Thử Vàm Cỏ 1"}


def test_the_name_that_an_enterprise_gained_is_given_back(write, see):
    write(row(1, party_a="Công ty TNHH Mộc Hóa", party_b="HTX Một"))
    before = columns(MOU), columns(Enterprise)
    near = [row(n, party_a="Công ty CP Mộc Hóa", party_b="HTX Một") for n in (2, 3)]
    (question,) = see(*near).builder.questions
    batch = write(*near, decisions={question.key: "same"})
    assert MOU.objects.filter(party_a__name="Công ty TNHH Mộc Hóa").count() == 3
    assert Enterprise.objects.get(other_names="Công ty CP Mộc Hóa").name == "Công ty TNHH Mộc Hóa"
    undo.undo(batch)
    assert (columns(MOU), columns(Enterprise)) == before
    batch.refresh_from_db()
    assert batch.report["left_related"] == []
    kept = Enterprise.objects.get(name="Công ty TNHH Mộc Hóa")
    assert reasons(kept)[-1] == ("~", f"Hoàn tác lần nhập {batch.pk}: a.xlsx")


def test_an_undo_is_done_once_and_the_file_can_be_written_again(write):
    batch = write(row(1))
    undo.undo(batch)
    with pytest.raises(ImportConflictError, match="đã được hoàn tác"):
        undo.undo(batch)
    again = write(row(1))
    assert again.pk != batch.pk
    assert MOU.objects.get().value == Decimal(1_200_000_000)
    undo.undo(again)
    assert (MOU.objects.count(), Enterprise.objects.count()) == (0, 0)


def test_an_undo_of_an_update_can_be_written_again(write):
    write(row(1))
    for _ in range(2):
        undo.undo(write(row(1, value=5)))
        assert MOU.objects.get().value == Decimal(1_200_000_000)


def test_what_the_database_refuses_leaves_everything(write, monkeypatch):
    """Another memorandum has taken the old number meanwhile."""
    write(row(1, number=None))
    batch = write(row(1, number="09/BGN"))
    make_mou(MOU.objects.get().area, party_a=(old := MOU.objects.get()).party_a, party_b=old.party_b,
             content=old.content)  # fmt: skip
    before = columns(MOU)
    with pytest.raises(ImportConflictError, match="chưa hoàn tác gì"):
        undo.undo(batch)
    batch.refresh_from_db()
    assert (columns(MOU), batch.state) == (before, "committed")


def test_rows_of_another_agency_stay(write, plan):
    user = make_user(agency=plan.agencies.get(), role="Nhập liệu")
    batch = write(row(1), row(2), user=user)
    MOU.objects.filter(number="02/BGN-2019").update(agency=make_agency())
    found = undo.undo(batch, user=user)
    assert [(line.number, reason) for line, reason in found.stay] == [
        (3, "không còn, hoặc thuộc cơ quan khác")
    ]
    assert MOU.objects.get().number == "02/BGN-2019"
    assert MOU.history.filter(history_type="-").get().history_user == user


def test_the_page_shows_first_and_takes_back_on_post(client, clerk, bring):
    batch = bring(row(1), row(2))
    mou = MOU.objects.get(number="02/BGN-2019")
    mou.result = "Đã giao"
    mou.save()
    address = reverse("admin:cooperation_importbatch_undo", kwargs={"uuid": batch.uuid})
    shown = client.get(address)
    assert "1 dòng sẽ trở lại như trước khi nhập; 1 dòng để nguyên." in text(shown)
    assert f"3 {mou} đã được sửa sau khi nhập" in text(shown)
    assert MOU.objects.count() == 2
    done = client.post(address, follow=True)
    assert [str(message) for message in done.context["messages"]] == ["Đã hoàn tác 1 dòng; 1 dòng để nguyên."]
    assert "Đã hoàn tác lúc" in text(done)
    assert f"Dòng 3, {mou}: đã được sửa sau khi nhập" in text(done)
    assert "Hoàn tác lần nhập này" not in text(done)
    assert list(MOU.objects.all()) == [mou]
    batch.refresh_from_db()
    assert (batch.state, batch.undone_by) == ("undone", clerk)
    undone_at = batch.undone_at
    assert client.post(address).url == reverse(
        "admin:cooperation_importbatch_detail", kwargs={"uuid": batch.uuid}
    )
    batch.refresh_from_db()
    assert batch.undone_at == undone_at


def test_after_an_undo_the_same_file_goes_in_again_through_the_pages(client, clerk, upload, press):
    first = upload(row(1)).url
    press(first)
    client.post(f"{first}hoan-tac/")
    assert MOU.objects.count() == 0
    second = upload(row(1)).url
    press(second)
    assert (MOU.objects.count(), batch_at(first).state, batch_at(second).state) == (1, "undone", "committed")


def test_nobody_of_another_agency_undoes_a_batch(client, clerk, bring):
    batch = bring(row(1))
    client.force_login(make_user(agency=make_agency(), role="Nhập liệu"))
    address = reverse("admin:cooperation_importbatch_undo", kwargs={"uuid": batch.uuid})
    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    assert (MOU.objects.count(), ImportBatch.objects.get().state) == (1, "committed")
