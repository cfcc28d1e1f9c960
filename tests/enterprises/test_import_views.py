"""The admin's import pages: upload, preview, commit once, result; and who may come here."""

import io
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cooperation.roles import sync_roles
from enterprises.importing import batch
from enterprises.models import MOU, ImportBatch
from tests.enterprises import workbooks
from tests.enterprises.workbooks import row
from tests.factories import make_agency, make_plan, make_user

pytestmark = pytest.mark.django_db
UPLOAD = "admin:enterprises_mou_import"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def plan():
    sync_roles()
    return workbooks.make_world()


@pytest.fixture
def clerk(client, plan):
    user = make_user("nhap", agency=plan.agencies.get(), role="Nhập liệu")
    client.force_login(user)
    return user


@pytest.fixture
def upload(client, plan, tmp_path):
    """Send those rows, or that content, to the upload page."""

    def sent(*rows, content=None, name="ban-ghi-nho.xlsx", to=None):
        content = workbooks.template(tmp_path / "a.xlsx", *rows).read_bytes() if content is None else content
        return client.post(
            reverse(UPLOAD), {"plan": (to or plan).pk, "file": SimpleUploadedFile(name, content)}
        )

    return sent


def text(response):
    """The words of the page's own part, without tags."""
    body = response.content.decode().split('class="import-page"')[1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def notices(response):
    return [str(message) for message in response.context["messages"]]


def test_upload_preview_commit_result(client, clerk, upload):
    preview = upload(row(1), row(2)).url
    shown = client.get(preview)
    assert "01/BGN-2019: Công ty TNHH Thử Vàm Cỏ 1 – Hợp tác xã Thử Bà Đen 1" in text(shown)
    assert "mới 2" in text(shown)
    assert MOU.objects.count() == 0
    result = client.post(preview).url
    stored = ImportBatch.objects.get()
    assert result == reverse("admin:enterprises_mou_import_batch", kwargs={"batch": stored.pk})
    assert (stored.user, stored.file_name) == (clerk, "ban-ghi-nho.xlsx")
    page = client.get(result)
    for mou in MOU.objects.all():
        assert f'href="{reverse("admin:enterprises_mou_change", args=[mou.pk])}"' in page.content.decode()
        assert mou.agency == clerk.agency
    assert "2 mới, 0 thay đổi" in text(page)


def test_old_and_new_stand_side_by_side(client, clerk, upload):
    client.post(upload(row(1)).url)
    shown = text(client.get(upload(row(1, value="1,5 tỷ", status="hết hạn", expires_on="18/5/2021")).url))
    assert "Giá trị: 1.200.000.000 → 1.500.000.000" in shown
    assert "Tình trạng: đã ký → hết hạn" in shown
    assert "Ngày hết hạn: 17/05/2021 → 18/05/2021" in shown


def test_a_second_click_writes_nothing_more_and_shows_the_same_result(client, clerk, upload):
    preview = upload(row(1)).url
    assert client.post(preview).url == client.post(preview).url
    assert (MOU.objects.count(), ImportBatch.objects.count()) == (1, 1)


def test_the_slower_of_two_clicks_at_once_is_sent_to_the_same_result(client, clerk, upload, monkeypatch):
    """The other click commits after this one has looked for it and before it has read the file."""
    preview = upload(row(1)).url
    first = client.post(preview).url
    looks = []

    def committed(key):
        looks.append(key)
        return ImportBatch.objects.get(key=key) if len(looks) > 1 else None

    monkeypatch.setattr(batch, "committed", committed)
    assert client.post(preview).url == first
    assert len(looks) == 2
    assert ImportBatch.objects.count() == 1


def test_rows_that_are_wrong_name_cell_value_and_what_is_valid(client, clerk, upload):
    preview = upload(row(1), row(2, signed_on="31/02/2021", area=13)).url
    shown = text(client.get(f"{preview}?loai=rejected"))
    assert "Ngày ký: “31/02/2021” không phải ngày: hãy ghi ngày/tháng/năm" in shown
    assert "hãy ghi số 1 – 12" in shown
    assert "01/BGN-2019" not in shown
    assert "Còn dòng lỗi" in notices(client.post(preview, follow=True))[0]
    assert MOU.objects.count() == 0
    client.post(preview, {"partial": "1"})
    assert MOU.objects.get().number == "01/BGN-2019"


def test_the_own_sheet_comes_back_with_its_faults(client, clerk, upload):
    answer = client.get(f"{upload(row(1, area=13)).url}?tai=loi")
    assert answer["Content-Disposition"] == 'attachment; filename="ban-ghi-nho-co-loi.xlsx"'
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert "Lĩnh vực" in book.get_sheet_by_index(0).to_python()[1][-1]


def test_a_hundred_rows_a_page(client, clerk, upload):
    preview = upload(*(row(n) for n in range(101))).url
    assert "100/BGN-2019" not in text(client.get(preview))
    assert "100/BGN-2019" in text(client.get(f"{preview}?page=2"))
    assert "100/BGN-2019" in text(client.get(f"{preview}?page=99"))


def test_what_changed_since_the_preview_is_shown_again_and_not_written(client, clerk, upload):
    client.post(upload(row(1)).url)
    preview = upload(row(1, value=5)).url
    mou = MOU.objects.get()
    mou.value = 7
    mou.save()
    answer = client.post(preview, follow=True)
    assert "chưa ghi gì" in notices(answer)[0]
    assert "7 → 5" in text(answer)
    assert MOU.objects.get().value == 7
    client.post(answer.redirect_chain[-1][0])
    assert MOU.objects.get().value == 5


def test_nothing_to_write(client, clerk, upload):
    client.post(upload(row(1)).url)
    preview = upload(row(1)).url
    assert "không có gì để ghi" in text(client.get(preview))
    assert "Không có gì thay đổi" in notices(client.post(preview, follow=True))[0]
    assert ImportBatch.objects.count() == 1


def test_text_of_a_sheet_is_never_markup(client, clerk, upload):
    preview = upload(row(1, party_a="<script>alert(1)</script> TNHH", area="<b>x</b>")).url
    assert b"<script>alert(1)" not in client.get(preview).content
    assert "&lt;b&gt;x&lt;/b&gt;" in client.get(preview).content.decode()


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "rỗng"), (b"PK\x03\x04", "hỏng"), (b"<html></html>", "trang web"), (b"a;b\n", "tiêu đề")],
)
def test_a_file_that_cannot_be_used_is_told_beside_the_field_and_not_kept(
    client, clerk, upload, media, content, word
):
    answer = upload(content=content)
    assert answer.status_code == 200
    assert word in str(answer.context["form"].errors["file"])
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_only_plans_of_the_own_agencies_are_offered_and_taken(client, clerk, upload, plan):
    other = make_plan(title="Kế hoạch của người khác")
    other.agencies.add(make_agency())
    assert [choice[1] for choice in client.get(reverse(UPLOAD)).context["form"].fields["plan"].choices] == [
        str(plan)
    ]
    answer = upload(row(1), to=other)
    assert "plan" in answer.context["form"].errors


@pytest.mark.parametrize("role", ["Chuyên viên", "Người duyệt", "Lãnh đạo"])
def test_without_the_right_to_import_the_pages_are_closed(client, plan, role):
    client.force_login(make_user(agency=plan.agencies.get(), role=role))
    for name, kwargs in (
        (UPLOAD, {}),
        ("admin:enterprises_mou_import_template", {}),
        ("admin:enterprises_mou_import_preview", {"token": "x"}),
        ("admin:enterprises_mou_import_batch", {"batch": 1}),
    ):
        answer = client.get(reverse(name, kwargs=kwargs))
        assert answer.status_code == 403
        assert "quyền" in answer.content.decode()


def test_visitors_are_sent_to_sign_in(client, plan):
    assert client.get(reverse(UPLOAD)).url.startswith(reverse("admin:login"))


def test_a_preview_and_a_result_belong_to_who_made_them(client, clerk, upload, plan):
    preview = upload(row(1)).url
    result = client.post(preview).url
    client.force_login(make_user(agency=plan.agencies.get(), role="Nhập liệu"))
    for address in (preview, result):
        assert client.get(address).status_code == 404
    forged = reverse("admin:enterprises_mou_import_preview", kwargs={"token": "a:b:c"})
    assert client.get(forged).status_code == 404


def test_a_file_waits_for_a_day(client, clerk, upload, media):
    preview = upload(row(1)).url
    (kept,) = [path for path in media.rglob("*") if path.is_file()]
    old = (timezone.now() - timedelta(hours=25)).timestamp()
    os.utime(kept, (old, old))
    assert "không còn được giữ" in notices(client.get(preview, follow=True))[0]
    assert not kept.exists()


def test_the_template_is_the_canonical_one_and_reads_back(client, clerk, upload, plan):
    answer = client.get(reverse("admin:enterprises_mou_import_template"))
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    lines = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert tuple(lines[0]) == workbooks.HEADERS
    refused = upload(content=answer.content)  # nothing but the example
    assert "Không có dòng dữ liệu nào" in text(refused)
    shown = client.get(upload(row(1), {"party_a": "Công ty Ví dụ (xóa dòng này)"}).url)
    assert "tất cả 1" in text(shown)


def test_the_list_of_memoranda_leads_here_for_those_who_may(client, clerk, plan):
    address = reverse("admin:enterprises_mou_changelist")
    assert reverse(UPLOAD) in client.get(address).content.decode()
    client.force_login(make_user(agency=plan.agencies.get(), role="Lãnh đạo"))
    assert reverse(UPLOAD) not in client.get(address).content.decode()


def test_queries_of_the_preview_page_do_not_grow_with_the_rows(
    client, clerk, upload, django_assert_num_queries
):
    few, many = upload(*(row(n) for n in range(12))).url, upload(*(row(n) for n in range(90))).url
    client.get(few)
    for preview in (few, many):
        with django_assert_num_queries(14):
            client.get(preview)


def test_a_conflict_at_the_last_moment_writes_nothing_and_shows_the_preview_again(
    client, clerk, upload, monkeypatch
):
    preview = upload(row(1)).url

    def refuse(seen, *, user):
        raise batch.ImportConflictError("Một bản ghi vừa được người khác sửa.")

    monkeypatch.setattr(batch, "commit", refuse)
    answer = client.post(preview, follow=True)
    assert notices(answer) == ["Một bản ghi vừa được người khác sửa."]
    assert "mới 1" in text(answer)
    assert not MOU.objects.exists()


def test_what_was_uploaded_does_not_stay(client, clerk, upload, media):
    preview = upload(row(1)).url
    assert [path for path in media.rglob("*") if path.is_file()] != []
    result = client.post(preview).url
    assert [path for path in media.rglob("*") if path.is_file()] == []
    assert client.post(preview).url == result


def test_a_stored_file_that_went_bad_is_asked_for_again(client, clerk, upload, media):
    preview = upload(row(1)).url
    (stored,) = [path for path in media.rglob("*") if path.is_file()]
    stored.write_bytes(b"khong con la bang tinh")
    answer = client.get(preview, follow=True)
    assert answer.redirect_chain == [(reverse(UPLOAD), 302)]
    assert len(notices(answer)) == 1
