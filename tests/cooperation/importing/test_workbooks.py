"""The workbooks that go back: templates of each kind, and the own sheet with its faults."""

import io
import re
import zipfile

import pytest
import python_calamine
import xlsxwriter

from cooperation.importing.kinds import all_kinds, kind_named
from enterprises.models import MOU
from tests.cooperation.importing.conftest import batch_at
from tests.enterprises.workbooks import row
from tests.factories import make_enterprise, make_user

pytestmark = pytest.mark.django_db
KINDS = ("mou", "enterprise", "activity")


def lines_of(content: bytes) -> list[list]:
    return (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )


def xml_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def as_workbook(lines) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Bản ghi nhớ")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, line in enumerate(lines):
            for index, cell in enumerate(line):
                if hasattr(cell, "year"):
                    sheet.write_datetime(number, index, cell, day)
                else:
                    sheet.write(number, index, cell)
    return buffer.getvalue()


@pytest.fixture
def root(client, plan):
    user = make_user(agency=plan.agencies.get(), is_superuser=True)
    client.force_login(user)
    return user


def test_every_kind_has_a_template():
    assert tuple(kind.name for kind in all_kinds()) == KINDS


@pytest.mark.parametrize("name", KINDS)
def test_a_template_has_the_headers_and_a_list_for_each_column_with_choices(client, root, name):
    kind = kind_named(name)
    answer = client.get(f"/admin/cooperation/importbatch/nhap/{name}/mau/")
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert answer["Content-Disposition"] == f'attachment; filename="mau-{kind.sheet_name}.xlsx"'
    assert tuple(lines_of(answer.content)[0]) == ("STT", *(column.header for column in kind.columns))
    lists = re.findall(r'<dataValidation type="list"', xml_of(answer.content))
    assert len(lists) == sum(bool(column.choices) or column.field == "area" for column in kind.columns)


@pytest.mark.parametrize("name", KINDS)
def test_the_example_of_a_template_is_no_data(client, root, upload, name):
    content = client.get(f"/admin/cooperation/importbatch/nhap/{name}/mau/").content
    refused = upload(content=content, kind=name)
    assert refused.context["form"].errors["file"] == ["Không có dòng dữ liệu nào dưới dòng tiêu đề (dòng 1)."]


def test_the_example_is_left_out_beside_true_rows(client, clerk, upload):
    address = upload(row(1), {"party_a": "Công ty Ví dụ (xóa dòng này)"}).url
    assert batch_at(address).report["rows"] == 1


def test_the_own_sheet_comes_back_with_its_faults_and_text_stays_text(client, clerk, upload):
    address = upload(
        row(1, content="=1+1", note="<b>", event="{{ 7*7 }}"), row(2, area=13, result="=cmd|x")
    ).url
    answer = client.get(f"{address}loi/")
    assert answer["Content-Disposition"] == 'attachment; filename="ban-ghi-nho-co-loi.xlsx"'
    header, first, second = lines_of(answer.content)
    assert (header[-1], first[-1]) == ("Lỗi", "")
    assert second[-1].startswith("Lĩnh vực: Kế hoạch không có")
    cells = dict(zip(header, first, strict=True))
    assert dict(zip(header, second, strict=True))["Lĩnh vực"] == 13
    assert (cells["Nội dung hợp tác"], cells["Ghi chú"], cells["Sự kiện"]) == ("=1+1", "<b>", "{{ 7*7 }}")
    assert "<f>" not in xml_of(answer.content)


def test_the_corrected_sheet_goes_in_with_its_error_column_and_keeps_what_was_decided(
    client, clerk, upload, press
):
    known = make_enterprise("Công ty TNHH Mộc Hóa", is_demonstration=False)
    near = row(1, party_a="Công ty CP Mộc Hóa", party_a_province=None)
    address = upload(near, row(2, area=13)).url
    press(address, "quyet", tra_loi_0="same")
    assert batch_at(address).report["questions"][0]["answer"] == "same"
    lines = lines_of(client.get(f"{address}loi/").content)
    lines[2][lines[0].index("Lĩnh vực")] = 6
    again = upload(content=as_workbook(lines)).url
    batch = batch_at(again)
    assert (batch.report["unmapped"], batch.report["rejected"], batch.report["created"]) == ([], 0, 2)
    assert batch.report["questions"][0]["answer"] == "same"
    press(again)
    assert MOU.objects.get(number="01/BGN-2019").party_a == known


def test_a_sheet_that_is_annotated_twice_has_one_error_column(client, clerk, upload):
    first = client.get(f"{upload(row(1, area=13)).url}loi/").content
    second = client.get(f"{upload(content=first).url}loi/").content
    assert lines_of(second) == lines_of(first)
