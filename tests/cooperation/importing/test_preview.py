"""From a file to its preview: which sheet, which columns, what is remembered, what is said of columns."""

from pathlib import Path

import pytest
from django.conf import settings as project

from cooperation.importing import batch, preview
from cooperation.importing.kinds import kind_named
from cooperation.importing.reader import UnusableFileError
from cooperation.models import ColumnMapping
from enterprises.models import MOU, Enterprise
from tests.cooperation.importing.files import write
from tests.enterprises import workbooks
from tests.enterprises.workbooks import row
from tests.factories import make_agency, make_user

pytestmark = pytest.mark.django_db

SAMPLES = Path(project.BASE_DIR).parent / "shared" / "samples"
HEADER = ["Ngày ký", "Bên A", "Bên B", "Lĩnh vực"]
DEAL = ["17/5/2019", "Cty A", "Cty B", 6]
STRANGE = [[*HEADER, "Cột lạ"], [*DEAL, "gạo"]]
# loi.xlsx as its README says: row, field, code.
FAULTS = [
    (2, "signed_on", "invalid_date"),
    (3, "signed_on", "ambiguous_date"),
    (4, "signed_on", "required"),
    (5, "party_b", "required"),
    (6, "party_a_tax_code", "invalid_tax_code"),
    (7, "area", "unknown_area"),
    (8, "area", "unknown_area"),
    (9, "value", "invalid_number"),
    (10, "value", "invalid_number"),
    (11, "status", "invalid_choice"),
    (12, "party_b_province", "unknown_province"),
    (13, "expires_on", "date_order"),
    (14, "party_b", "same_party"),
    (16, "number", "duplicate_in_file"),
]


@pytest.fixture
def look(plan, tmp_path):
    """Preview a workbook of those cells; further keywords are the clerk's options."""

    def built(cells, user=None, sheets=(), **options):
        path = write(tmp_path / "a.xlsx", cells, sheets)
        return preview.build(path, kind_named("mou"), plan, user=user, options=options)

    return built


@pytest.fixture
def sample(plan):
    return lambda name: preview.build(SAMPLES / name, kind_named("mou"), plan)


def counts(seen):
    return {outcome: number for outcome, number in seen.counts().items() if number}


def test_of_several_sheets_the_first_with_a_header_is_read_and_the_others_are_named(look):
    table = [HEADER, DEAL]
    sheets = {"Năm 2020": table, "Bìa": [["Phụ lục"]], "~Nháp": table}
    seen = look([["BÁO CÁO"]], sheets={"Năm 2019": table, **sheets})
    assert (seen.summary()["sheet"], seen.summary()["other_sheets"]) == ("Năm 2019", ["Năm 2020"])
    named = look(table, sheets=sheets, sheet="Năm 2020")
    assert (named.summary()["sheet"], named.summary()["other_sheets"]) == ("Năm 2020", ["Bản ghi nhớ"])


def test_a_file_without_a_header_says_what_is_needed(look):
    with pytest.raises(UnusableFileError, match="Ngày ký, Bên A, Bên B, Lĩnh vực"):
        look([["a", "b"], [1, 2]])


def test_an_unknown_column_is_listed_and_what_the_clerk_maps_is_read(look):
    seen = look(STRANGE)
    assert seen.summary()["unmapped"] == ["Cột lạ"]
    assert "products" not in seen.rows[0].values
    mapped = look(STRANGE, mapping={"cot la": "products"})
    assert (mapped.summary()["unmapped"], mapped.rows[0].values["products"]) == ([], "gạo")
    assert mapped.summary()["columns"]["Cột lạ"] == "products"


def test_what_an_agency_has_mapped_is_remembered_for_its_users_only(look, plan):
    agency = plan.agencies.get()
    ColumnMapping.objects.create(kind="mou", header="cot la", field="products", agency=agency)
    ColumnMapping.objects.create(kind="enterprise", header="ben a", field="note", agency=agency)
    own, stranger = (
        make_user(agency=agency, is_superuser=True),
        make_user(agency=make_agency(), is_superuser=True),
    )
    assert look(STRANGE, user=own).rows[0].values["products"] == "gạo"
    assert look(STRANGE, user=own).missing == []
    for user in (stranger, None):
        assert look(STRANGE, user=user).summary()["unmapped"] == ["Cột lạ"]


def test_what_is_mapped_now_wins_over_what_is_remembered(look):
    ColumnMapping.objects.create(kind="mou", header="cot la", field="products")
    assert look(STRANGE).rows[0].values["products"] == "gạo"
    assert look(STRANGE, mapping={"cot la": "content"}).rows[0].values["content"] == "gạo"
    left_out = look(STRANGE, mapping={"cot la": ""})
    assert (left_out.summary()["unmapped"], left_out.rows[0].values.get("products")) == ([], None)


def test_missing_columns_may_be_mapped(look):
    cells = [["Ngày ký", "Bên A", "Đối tác", "Lĩnh vực"], DEAL]
    assert look(cells).missing == ["Bên B"]
    assert counts(look(cells, mapping={"doi tac": "party_b"})) == {"created": 1}


def test_rows_shorter_than_the_header(plan, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "STT;Ngày ký;Bên A;Bên B;Lĩnh vực;Ghi chú\n1;17/5/2019;Cty A;Cty B;6\n2;18/5/2019;Cty A\nTổng cộng\n"
    )
    seen = preview.build(path, kind_named("mou"), plan)
    assert [line.outcome for line in seen.rows] == ["created", "rejected"]
    assert [(problem.field, problem.code) for problem in seen.problems] == [
        ("party_b", "required"), ("area", "required"),
    ]  # fmt: skip


def test_the_two_row_header_of_a_csv_is_read_without_merged_cells(plan, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "DANH SÁCH;;;;;;\n;;;;;;ĐVT: triệu đồng\n"
        "TT;Ngày ký;Doanh nghiệp Long An;;Doanh nghiệp Tây Ninh;;Trị giá;Lĩnh vực\n"
        ";;Tên đơn vị;Mã số thuế;Tên đơn vị;Mã số thuế;;\n(1);(2);(3);(4);(5);(6);(7);(8)\n"
        f"1;17/5/2019;Cty A;{workbooks.tax_code(1)};Cty B;;12;6\n"
    )
    seen = preview.build(path, kind_named("mou"), plan)
    (line,) = seen.rows
    assert (line.number, line.outcome, line.values["value"]) == (6, "created", 12_000_000)
    assert (line.found["party_a"].tax_code, line.found["party_b"].name) == (workbooks.tax_code(1), "Cty B")


def test_what_is_read_once_is_read_again_from_what_was_kept(plan, tmp_path):
    path, keep = workbooks.template(tmp_path / "a.xlsx", row(1), row(2)), tmp_path / "kept"
    first = preview.build(path, kind_named("mou"), plan, keep=keep)
    again = preview.build(path, kind_named("mou"), plan, keep=keep)
    assert [line.digest for line in again.rows] == [line.digest for line in first.rows]
    assert counts(again) == {"created": 2}


def test_sample_of_the_canonical_template(sample):
    seen = sample("mau-chuan.xlsx")
    assert (counts(seen), len(seen.rows)) == ({"created": 12}, 12)
    assert seen.summary()["unmapped"] == []


def test_sample_of_a_departmental_list(sample):
    seen = sample("thuc-te-2019.xlsx")
    assert (counts(seen), len(seen.rows)) == ({"created": 25}, 25)
    assert (seen.header.top, seen.header.row, seen.summary()["unmapped"]) == (7, 8, [])
    assert [problem for problem in seen.problems if problem.severity == "error"] == []
    batch.commit(seen, batch.new_batch(seen, None))
    assert (MOU.objects.count(), Enterprise.objects.count()) == (25, 20)
    first = MOU.objects.get(content="Tiêu thụ gạo thơm đợt 1")
    assert (first.value, first.party_a.tax_code) == (50_000_000, "1123723353")
    assert (first.party_a.province.slug, first.party_b.province.slug) == ("long-an", "tay-ninh-truoc-2025")
    assert counts(sample("thuc-te-2019.xlsx")) == {"unchanged": 25}


def test_sample_of_planted_faults(sample):
    seen = sample("loi.xlsx")
    assert (counts(seen), len(seen.rows)) == ({"created": 6, "rejected": 14}, 20)
    errors = [(found.row, found.field, found.code) for found in seen.problems if found.severity == "error"]
    assert errors == FAULTS


def test_sample_of_a_programme_s_export(sample):
    seen = sample("xuat-tu-phan-mem.csv")
    assert counts(seen) == {"created": 15}
    assert seen.rows[0].values["value"] == 125_000_000


def test_sample_of_an_old_workbook_in_an_old_encoding(sample):
    seen = sample("cu.xls")
    assert counts(seen) == {"created": 10}
    assert {(note.code, note.severity) for note in seen.notes} == {("legacy_encoding", "warning")}
    assert "party_a" in {note.field for note in seen.notes}
    newer = sample("xuat-tu-phan-mem.csv")
    old, new = ({line.found["party_a"].name for line in one.rows} for one in (seen, newer))
    assert old - new == set()
