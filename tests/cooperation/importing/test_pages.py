"""The admin's import pages: upload, preview, commit once, result; and who may come here."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from cooperation.importing import batch as batches
from cooperation.importing import work
from cooperation.models import ImportBatch
from enterprises.models import MOU
from tests.cooperation.importing.conftest import batch_at
from tests.enterprises.workbooks import row
from tests.factories import make_agency, make_plan, make_user

pytestmark = pytest.mark.django_db
UPLOAD = "/admin/cooperation/importbatch/nhap/mou/"


def files(media) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def text(response):
    """The words of the page's own part, without tags."""
    body = response.content.decode().split('class="import-page"')[1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def notices(response):
    return [str(message) for message in response.context["messages"]]


def test_upload_preview_commit_result(client, clerk, upload, press):
    address = upload(row(1), row(2)).url
    shown = client.get(address)
    assert "01/BGN-2019: Công ty TNHH Thử Vàm Cỏ 1 – Hợp tác xã Thử Bà Đen 1" in text(shown)
    assert "mới 2" in text(shown)
    assert MOU.objects.count() == 0
    assert ImportBatch.objects.get().state == "previewed"
    page = press(address)
    stored = ImportBatch.objects.get()
    assert page.redirect_chain == [(address, 302)]
    assert (stored.user, stored.file_name, stored.agency, stored.state) == (
        clerk, "ban-ghi-nho.xlsx", clerk.agency, "committed",
    )  # fmt: skip
    for mou in MOU.objects.all():
        assert f'href="{reverse("admin:enterprises_mou_change", args=[mou.pk])}"' in page.content.decode()
        assert mou.agency == clerk.agency
        assert mou.history.get().history_change_reason == f"Lần nhập {stored.pk}: ban-ghi-nho.xlsx"
    assert "2 mới, 0 thay đổi" in text(page)


def test_old_and_new_stand_side_by_side(client, clerk, upload, bring):
    bring(row(1))
    shown = text(client.get(upload(row(1, value="1,5 tỷ", status="hết hạn", expires_on="18/5/2021")).url))
    assert "Giá trị: 1.200.000.000 → 1.500.000.000" in shown
    assert "Tình trạng: đã ký → hết hạn" in shown
    assert "Ngày hết hạn: 17/05/2021 → 18/05/2021" in shown


def test_a_second_click_writes_nothing_more_and_shows_the_same_result(clerk, upload, press):
    address = upload(row(1)).url
    first, second = press(address), press(address)
    assert text(first) == text(second)
    assert (MOU.objects.count(), MOU.history.count(), ImportBatch.objects.count()) == (1, 1, 1)


def test_the_slower_of_two_clicks_at_once_is_sent_to_the_same_result(clerk, upload, press, monkeypatch):
    """The other click commits after this one has opened the batch and before it has read the file."""
    address = upload(row(1)).url
    read, clicks = work.write, []

    def late(batch, **kwargs):
        if not clicks:
            clicks.append(batch)
            press(address)
        return read(batch, **kwargs)

    monkeypatch.setattr(work, "write", late)
    answer = press(address)
    assert answer.redirect_chain == [(address, 302)]
    assert "Đã ghi tệp “ban-ghi-nho.xlsx”: 1 mới" in text(answer)
    assert (MOU.objects.count(), MOU.history.count()) == (1, 1)


def test_who_commits_a_file_that_a_colleague_wrote_meanwhile_is_led_to_that_result(
    client, clerk, plan, upload, press, monkeypatch, media
):
    theirs = upload(row(1)).url
    client.force_login(make_user(agency=clerk.agency, role="Nhập liệu"))
    mine = upload(row(1)).url
    commit = batches.commit

    def late(seen, batch, **kwargs):
        if batch.user != clerk:
            other = ImportBatch.objects.get(user=clerk)
            monkeypatch.setattr(batches, "commit", commit)
            work.write(other)
        return commit(seen, batch, **kwargs)

    monkeypatch.setattr(batches, "commit", late)
    answer = press(mine)
    winner = batch_at(theirs)
    assert answer.redirect_chain == [(theirs, 302)]
    assert notices(answer) == [f"Tệp này vừa được ghi ở lần nhập {winner.pk}."]
    assert (MOU.objects.count(), MOU.history.count()) == (1, 1)
    assert batch_at(mine).state == "failed"
    assert f"lần nhập {winner.pk}" in text(client.get(mine))
    assert files(media) == []


def test_rows_that_are_wrong_name_cell_value_and_what_is_valid(client, clerk, upload, press):
    address = upload(row(1), row(2, signed_on="31/02/2021", area=13)).url
    shown = text(client.get(f"{address}?loai=rejected"))
    assert "Ngày ký: “31/02/2021” không có trong lịch" in shown
    assert "hãy ghi số 1 – 12" in shown
    assert "01/BGN-2019" not in shown
    answer = press(address)
    assert notices(answer) == ["Còn dòng lỗi: hãy sửa tệp, hoặc chọn ghi riêng những dòng đúng."]
    assert (MOU.objects.count(), batch_at(address).state) == (0, "previewed")
    press(address, partial="1")
    assert MOU.objects.get().number == "01/BGN-2019"
    assert list(batch_at(address).rows.values_list("number", "outcome")) == [(2, "created"), (3, "rejected")]


def test_a_hundred_rows_a_page(client, clerk, upload, press):
    address = upload(*(row(n) for n in range(101))).url
    for step in (lambda: None, lambda: press(address)):
        step()
        assert "100/BGN-2019" not in text(client.get(address))
        assert "100/BGN-2019" in text(client.get(f"{address}?page=2"))
        assert "100/BGN-2019" in text(client.get(f"{address}?page=99"))


def test_what_changed_since_the_preview_is_shown_again_and_not_written(client, clerk, upload, press, bring):
    bring(row(1))
    address = upload(row(1, value=5), row(2)).url
    mou = MOU.objects.get()
    mou.value = 7
    mou.save()
    answer = press(address)
    assert notices(answer) == [
        "Dữ liệu đã thay đổi từ lúc xem trước ở 1 dòng nên chưa ghi gì. Đây là bản xem trước mới."
    ]
    assert "7 → 5 Dữ liệu đã được người khác thay đổi từ lúc xem trước: hãy xem lại dòng này." in text(answer)
    assert text(answer).count("hãy xem lại dòng này") == 1
    assert (MOU.objects.get().value, batch_at(address).state) == (7, "previewed")
    press(address)
    assert sorted(MOU.objects.values_list("value", flat=True)) == [5, 1_200_000_000]
    assert batch_at(address).state == "committed"


def test_nothing_to_write(client, clerk, upload, press, bring):
    bring(row(1))
    address = upload(row(1)).url
    assert "không có gì để ghi" in text(client.get(address))
    assert notices(press(address)) == ["Không có gì thay đổi: mọi dòng đã có trong hệ thống."]
    assert list(ImportBatch.objects.values_list("state", flat=True).order_by("pk")) == [
        "committed",
        "previewed",
    ]
    assert MOU.history.count() == 1


def test_text_of_a_sheet_is_never_markup_nor_formula_nor_template(client, clerk, upload, press):
    typed = {"party_a": "<script>alert(1)</script> TNHH", "content": "=1+1", "number": "{{ 7*7 }}"}
    address = upload(row(1, **typed), row(2, area="<b>x</b>")).url
    shown = client.get(address).content.decode()
    result = press(address, partial="1").content.decode()
    for page in (shown, result):
        assert "<script>alert(1)" not in page
        assert "{{ 7*7 }}: &lt;script&gt;alert(1)&lt;/script&gt; TNHH" in page
        assert "&lt;b&gt;x&lt;/b&gt;" in page
    mou = MOU.objects.get()
    assert (mou.number, mou.content, mou.party_a.name) == ("{{ 7*7 }}", "=1+1", typed["party_a"])
    changed = press(upload(row(1, **{**typed, "content": "=2+2 <i>"})).url)
    assert "=1+1</s> → =2+2 &lt;i&gt;" in changed.content.decode()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "rỗng"),
        (b"PK\x03\x04", "hỏng"),
        (b"<html></html>", "trang web"),
        (b"a;b\n", "tiêu đề"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_beside_the_field_and_not_kept(
    client, clerk, upload, media, content, word
):
    answer = upload(content=content)
    assert answer.status_code == 200
    assert word in str(answer.context["form"].errors["file"])
    assert 'role="alert"' in answer.content.decode()
    assert (files(media), ImportBatch.objects.count()) == ([], 0)


def test_only_plans_of_the_own_agencies_are_offered_and_taken(client, clerk, upload, plan):
    other = make_plan(title="Kế hoạch của người khác")
    other.agencies.add(make_agency())
    assert [choice[1] for choice in client.get(UPLOAD).context["form"].fields["plan"].choices] == [str(plan)]
    answer = upload(row(1), to=other)
    assert "plan" in answer.context["form"].errors


@pytest.mark.parametrize("role", ["Chuyên viên", "Người duyệt", "Lãnh đạo"])
def test_without_the_right_to_import_the_pages_are_closed(client, plan, upload, press, role):
    client.force_login(make_user("chu", agency=plan.agencies.get(), role="Nhập liệu"))
    opened, written = upload(row(1)).url, upload(row(2)).url
    press(written)
    client.force_login(make_user(agency=plan.agencies.get(), role=role))
    for address in (UPLOAD, f"{UPLOAD}mau/", f"{written}hoan-tac/"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "quyền" in answer.content.decode()
    may_look = role != "Người duyệt"
    assert client.get(written).status_code == (200 if may_look else 403)
    assert client.get(opened).status_code == (404 if may_look else 403)
    assert client.post(f"{opened}lam/", {"viec": "ghi"}).status_code == (404 if may_look else 403)
    assert client.post(f"{written}hoan-tac/").status_code == 403
    assert MOU.objects.get().number == "02/BGN-2019"


def test_visitors_are_sent_to_sign_in(client, plan):
    assert client.get(UPLOAD).url.startswith(reverse("admin:login"))


def test_an_open_batch_is_its_uploaders_alone_and_a_written_one_its_agencys(
    client, clerk, upload, press, plan
):
    opened, written = upload(row(1)).url, upload(row(2)).url
    press(written)
    client.force_login(make_user(agency=plan.agencies.get(), role="Nhập liệu"))
    for address in (opened, f"{opened}lam/", f"{opened}loi/", f"{opened}hoan-tac/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"viec": "ghi"}).status_code == 404
    assert client.get(written).status_code == 200
    client.force_login(make_user(agency=make_agency(), role="Nhập liệu"))
    for address in (opened, written, f"{written}hoan-tac/", f"{written}lam/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"viec": "ghi"}).status_code == 404
    assert (batch_at(opened).state, batch_at(written).state) == ("previewed", "committed")


def test_a_clerk_of_another_agency_changes_nothing(client, clerk, upload, press, plan):
    press(upload(row(1)).url)
    foreign = make_agency()
    plan.agencies.add(foreign)
    client.force_login(make_user(agency=foreign, role="Nhập liệu"))
    address = upload(row(1, value=5)).url
    assert "Bản ghi nhớ này thuộc cơ quan khác: bạn không sửa được." in text(client.get(address))
    press(address, partial="1")
    assert (MOU.objects.get().value, batch_at(address).state) == (1_200_000_000, "previewed")


def test_who_loses_the_right_before_the_commit_writes_nothing(clerk, upload, press, plan):
    address = upload(row(1)).url
    plan.agencies.set([make_agency()])
    assert notices(press(address)) == ["Bạn không còn quyền nhập vào kế hoạch này nên chưa ghi gì."]
    assert MOU.objects.count() == 0


def test_a_file_waits_for_a_day(client, clerk, upload, press, media):
    address = upload(row(1)).url
    folder = media / "imports" / str(batch_at(address).uuid)
    old = (timezone.now() - timedelta(hours=25)).timestamp()
    os.utime(folder, (old, old))
    press_late = client.post(f"{address}lam/", {"viec": "ghi"}, follow=True)
    assert "không còn được giữ" in notices(press_late)[0]
    assert (files(media), MOU.objects.count()) == ([], 0)


def test_the_list_of_memoranda_leads_here_for_those_who_may(client, clerk, plan):
    address = reverse("admin:enterprises_mou_changelist")
    assert UPLOAD in client.get(address).content.decode()
    client.force_login(make_user(agency=plan.agencies.get(), role="Lãnh đạo"))
    assert UPLOAD not in client.get(address).content.decode()


def test_queries_of_the_pages_do_not_grow_with_the_rows(
    client, clerk, upload, press, django_assert_num_queries
):
    few, many = upload(*(row(n) for n in range(10))).url, upload(*(row(n) for n in range(10, 210))).url
    client.get(few)
    for address in (few, many):
        with django_assert_num_queries(7):
            client.get(address)
        press(address)
        with django_assert_num_queries(10):
            client.get(address)
        with django_assert_num_queries(11):
            client.get(f"{address}hoan-tac/")


def test_a_conflict_at_the_last_moment_writes_nothing_and_shows_the_preview_again(
    client, clerk, upload, press, bring, monkeypatch
):
    """The other change falls between this click's own look and its transaction."""
    bring(row(1))
    address = upload(row(1, value=5)).url
    commit = batches.commit

    def late(*args, **kwargs):
        MOU.objects.update(value=7)
        return commit(*args, **kwargs)

    monkeypatch.setattr(batches, "commit", late)
    answer = press(address)
    assert notices(answer) == ["Dòng 2: bản ghi vừa được người khác sửa nên chưa ghi gì. Hãy xem trước lại."]
    assert "7 → 5 Dữ liệu đã được người khác thay đổi từ lúc xem trước: hãy xem lại dòng này." in text(answer)
    assert (MOU.objects.get().value, batch_at(address).state) == (7, "previewed")
    monkeypatch.undo()
    press(address)
    assert MOU.objects.get().value == 5


def test_what_was_uploaded_does_not_stay(client, clerk, upload, press, media):
    address = upload(row(1)).url
    assert files(media) != []
    press(address)
    assert files(media) == []
    assert "1 mới" in text(press(address))


def test_a_waiting_file_that_went_bad_is_refused_in_words(client, clerk, upload, press, media):
    address = upload(row(1)).url
    for path in files(media):
        if path.name in ("file", "cells"):
            path.write_bytes(b"khong con la bang tinh")
    answer = press(address)
    assert (answer.status_code, MOU.objects.count()) == (200, 0)
    assert "hãy" in text(answer)


def test_a_sheet_of_an_unknown_kind_is_not_found(client, clerk):
    assert client.get("/admin/cooperation/importbatch/nhap/la/").status_code == 404


def test_a_get_of_the_buttons_address_does_nothing(client, clerk, upload):
    address = upload(row(1)).url
    assert client.get(f"{address}lam/?viec=ghi").url == address
    assert MOU.objects.count() == 0
