"""Mapping, decisions and splitting in the browser; large files in the background; workers that die."""

import re

import pytest

from cooperation.importing import tasks, work
from cooperation.importing.batch import ImportConflictError
from cooperation.models import ColumnMapping, ImportBatch
from enterprises.models import MOU, Enterprise
from tests.cooperation.importing.conftest import batch_at
from tests.enterprises import workbooks
from tests.enterprises.workbooks import row
from tests.factories import make_agency, make_enterprise, make_user

pytestmark = pytest.mark.django_db


def text(response):
    body = response.content.decode().split('class="import-page"')[1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture
def sheet(tmp_path):
    """The bytes of the template with some headers named otherwise."""

    def made(*rows, **headers):
        lines = workbooks.table(rows)
        titles = [column.header for column in workbooks.COLUMNS]
        fields = [column.field for column in workbooks.COLUMNS]
        lines[0] = ["STT", *(headers.get(f, t) for f, t in zip(fields, titles, strict=True))]
        return workbooks.write(tmp_path / "b.xlsx", lines).read_bytes()

    return made


def index_of(field):
    return 1 + [column.field for column in workbooks.COLUMNS].index(field)


# Choices of the clerk.


def test_a_needed_column_mapped_by_hand_is_remembered_for_the_agency_alone(
    client, clerk, upload, press, sheet, plan
):
    content = sheet(row(1), signed_on="Hôm ấy")
    address = upload(content=content).url
    assert batch_at(address).state == "mapping"
    assert "Bảng chưa có cột Ngày ký." in text(client.get(address))
    shown = text(press(address, "ghep", **{f"cot_{index_of('signed_on')}": "signed_on"}))
    assert "mới 1" in shown
    mapping = ColumnMapping.objects.get()
    assert (mapping.kind, mapping.header, mapping.field, mapping.agency, mapping.created_by) == (
        "mou", "hom ay", "signed_on", clerk.agency, clerk,
    )  # fmt: skip
    assert batch_at(upload(content=content).url).state == "previewed"
    client.force_login(make_user(agency=clerk.agency, role="Nhập liệu"))
    assert batch_at(upload(content=content).url).state == "previewed"
    foreign = make_agency()
    plan.agencies.add(foreign)
    client.force_login(make_user(agency=foreign, role="Nhập liệu"))
    assert batch_at(upload(content=content).url).state == "mapping"


def test_two_columns_are_not_mapped_to_one_field(clerk, upload, press, sheet):
    address = upload(content=sheet(row(1, note="a", result="b"), note="Lạ 1", result="Lạ 2")).url
    answer = press(address, "ghep", **{f"cot_{index_of(name)}": "note" for name in ("note", "result")})
    assert [str(message) for message in answer.context["messages"]] == [
        "Hai cột không thể cùng là một trường: hãy chọn lại."
    ]
    assert not ColumnMapping.objects.exists()


def test_a_column_left_out_by_hand_is_asked_for_no_more(client, clerk, upload, press, sheet):
    content = sheet(row(1, note="a"), note="Cột lạ")
    address = upload(content=content).url
    assert batch_at(address).report["unmapped"] == ["Cột lạ"]
    press(address, "ghep", **{f"cot_{index_of('note')}": "-"})
    assert ColumnMapping.objects.get().field == ""
    assert batch_at(upload(content=content).url).report["unmapped"] == []


@pytest.mark.parametrize(("answer", "enterprises"), [("same", 2), ("new", 3)])
def test_what_is_the_same_enterprise_is_decided_by_the_clerk(
    client, clerk, upload, press, answer, enterprises
):
    known = make_enterprise("Công ty TNHH Mộc Hóa", is_demonstration=False)
    address = upload(row(1, party_a="Công ty CP Mộc Hóa", party_a_province=None)).url
    assert "“Công ty CP Mộc Hóa” và “Công ty TNHH Mộc Hóa”" in text(client.get(address))
    press(address, "quyet", tra_loi_0=answer)
    press(address)
    assert Enterprise.objects.count() == enterprises
    assert (MOU.objects.get().party_a == known) == (answer == "same")


def test_a_column_of_pairs_is_split_where_the_clerk_says_so(client, clerk, upload, press, plan, tmp_path):
    lines = [["Số", "Ngày ký", "Hai bên", "Lĩnh vực"], ["1/BGN", "17/5/2019", "Cty Một - HTX Hai", 6]]
    lines[0][0] = "Số bản ghi nhớ"
    address = upload(content=workbooks.write(tmp_path / "c.xlsx", lines).read_bytes()).url
    assert batch_at(address).report["rejected"] == 1
    press(address, "tach")
    assert batch_at(address).report["created"] == 1
    press(address)
    mou = MOU.objects.get()
    assert (mou.party_a.name, mou.party_b.name) == ("Cty Một", "HTX Hai")


# Large files.


@pytest.fixture
def idle(monkeypatch):
    """A worker that has not come to it yet, or has died: what was asked of it."""
    asked = []
    for name in ("read_batch", "write_batch"):
        task = getattr(tasks, name)
        monkeypatch.setattr(type(task), "enqueue", lambda self, *args: asked.append((self.func, args)))
    return asked


def test_a_large_file_is_read_and_written_by_the_worker(client, clerk, upload, press, settings):
    settings.PORTAL_IMPORT_BACKGROUND_BYTES = settings.PORTAL_IMPORT_BACKGROUND_ROWS = 1
    address = upload(row(1), row(2)).url
    assert "mới 2" in text(client.get(address))
    assert "Đã ghi tệp “ban-ghi-nho.xlsx”: 2 mới" in text(press(address))
    assert MOU.objects.count() == 2


def test_while_the_worker_is_at_it_a_page_shows_how_far(client, clerk, upload, press, settings, idle):
    settings.PORTAL_IMPORT_BACKGROUND_BYTES = settings.PORTAL_IMPORT_BACKGROUND_ROWS = 1
    address = upload(row(1), row(2, area=13)).url
    for state, words, data in (
        ("reading", "Đang đọc bảng tính", {}),
        ("writing", "Đang ghi vào hệ thống", {"partial": "1"}),
    ):
        page = press(address, **data) if data else client.get(address)
        assert batch_at(address).state == state
        assert words in text(page)
        assert page.content.decode().count('<progress max="100"') == 1
        for button in ("ghi", "quyet", "ghep", "tach", "trang"):  # nothing but "again" is heard now
            assert press(address, button).status_code == 200
        assert (batch_at(address).state, len(idle)) == (state, 1)
        press(address, "lai")  # the first worker has died
        for func, args in (idle.pop(), idle.pop()):  # or it has not: both do it
            func(*args)
    assert batch_at(address).state == "committed"
    assert "1 mới" in text(client.get(address))
    assert (MOU.objects.count(), MOU.history.count()) == (1, 1)


def test_the_worker_says_what_it_could_not_write(client, clerk, upload, press, settings, idle):
    first = upload(row(1)).url
    press(first)
    settings.PORTAL_IMPORT_BACKGROUND_ROWS = 0
    address = upload(row(1, value=5)).url
    press(address)
    MOU.objects.update(value=7)
    func, args = idle.pop()
    func(*args)
    shown = text(client.get(address))
    assert "Dữ liệu đã thay đổi từ lúc xem trước ở 1 dòng nên chưa ghi gì." in shown
    assert "7 → 5" in shown
    assert (MOU.objects.get().value, batch_at(address).state) == (7, "previewed")


def test_a_file_that_the_worker_refuses_says_why(client, clerk, upload, settings, idle, media):
    settings.PORTAL_IMPORT_BACKGROUND_BYTES = 1
    address = upload(content=b"a;b\nc;d\n").url
    func, args = idle.pop()
    func(*args)
    assert "Không tìm thấy dòng tiêu đề" in text(client.get(address))
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_a_crash_in_the_middle_leaves_the_batch_as_it_was(clerk, upload, client, monkeypatch):
    address = upload(row(1)).url

    def crash(*args, **kwargs):
        raise MemoryError

    monkeypatch.setattr("cooperation.importing.writer.keep_history", crash)
    client.raise_request_exception = False
    assert client.post(f"{address}lam/", {"viec": "ghi"}).status_code == 500
    batch = batch_at(address)
    assert (batch.state, batch.key, MOU.objects.count(), Enterprise.objects.count()) == (
        "previewed",
        "",
        0,
        0,
    )
    monkeypatch.undo()


def test_rejected_rows_block_the_write_itself(clerk, upload):
    batch = batch_at(upload(row(1), row(2, area=13)).url)
    with pytest.raises(ImportConflictError, match="Còn dòng lỗi"):
        work.write(batch)
    assert MOU.objects.count() == 0
    work.write(ImportBatch.objects.get(), partial=True)
    assert MOU.objects.get().number == "01/BGN-2019"
