"""The command: exit statuses, report, choice of plan, and one sentence for whatever cannot be used."""

import io
import json
from datetime import date

import pytest
import python_calamine
from django.core.management import call_command
from django.db import OperationalError

from cooperation.models import ImportBatch, JointPlan
from cooperation.roles import sync_roles
from enterprises.models import MOU
from tests.enterprises import workbooks
from tests.enterprises.workbooks import row
from tests.factories import make_agency, make_plan, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return workbooks.make_world()


@pytest.fixture
def run(tmp_path):
    """Run the command and return (exit status, standard output, standard error)."""

    def ran(path, *options):
        out, err = io.StringIO(), io.StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("import_mous", path, *options, stdout=out, stderr=err, no_color=True)
        return ended.value.code, out.getvalue(), err.getvalue()

    return ran


@pytest.fixture
def sheet(tmp_path):
    return lambda *rows: workbooks.template(tmp_path / "ban-ghi-nho.xlsx", *rows)


def test_twelve_rows_are_new_and_the_second_time_unchanged(plan, run, sheet, tmp_path):
    path, target = sheet(*(row(n) for n in range(12))), tmp_path / "r.json"
    options = ("--commit", "--report", str(target))
    assert run(path, *options)[0] == 0
    report = json.loads(target.read_text(encoding="utf-8"))
    assert list(report) == [
        "file", "sheet", "other_sheets", "header_row", "columns", "unmapped", "rows", "created", "updated",
        "unchanged",
        "duplicates", "rejected", "committed", "batch", "seconds", "problems",
    ]  # fmt: skip
    assert (report["rows"], report["created"], report["committed"]) == (12, 12, True)
    assert report["batch"] == ImportBatch.objects.get().pk
    assert MOU.objects.filter(plan=plan, agency=None).count() == 12
    assert run(path, *options)[0] == 0
    report = json.loads(target.read_text(encoding="utf-8"))
    assert (report["created"], report["unchanged"], report["committed"], report["batch"]) == (
        0,
        12,
        True,
        None,
    )
    assert MOU.objects.count() == 12


def test_without_commit_nothing_is_written(plan, run, sheet):
    code, out, err = run(sheet(row()))
    assert (code, err, MOU.objects.count()) == (0, "", 0)
    assert "1 dòng: 1 mới" in out
    assert "chưa ghi gì" in out


def test_a_rejected_row_holds_back_the_file_unless_partial_is_accepted(plan, run, sheet, tmp_path):
    path = sheet(row(1), row(2, signed_on="31/02/2021"))
    target = tmp_path / "r.json"
    code, out, _err = run(path, "--commit", "--report", str(target))
    assert (code, MOU.objects.count()) == (1, 0)
    assert "dòng 3, Ngày ký (invalid_date)" in out
    problem = json.loads(target.read_text(encoding="utf-8"))["problems"][0]
    assert {name: problem[name] for name in ("row", "column", "field", "value", "severity", "code")} == {
        "row": 3, "column": "Ngày ký", "field": "signed_on", "value": "31/02/2021", "severity": "error",
        "code": "invalid_date",
    }  # fmt: skip
    assert run(path, "--commit", "--accept-partial")[0] == 1
    assert MOU.objects.get().number == "01/BGN-2019"


def test_the_planted_faults_are_found_each_in_its_row_and_column(plan, run, sheet, tmp_path):
    faults = [
        ({"signed_on": "31/02/2021"}, "signed_on", "invalid_date"),
        ({"signed_on": "Quý II/2021"}, "signed_on", "ambiguous_date"),
        ({"signed_on": None}, "signed_on", "required"),
        ({"party_b": None}, "party_b", "required"),
        ({"party_a_tax_code": "1234567890"}, "party_a_tax_code", "invalid_tax_code"),
        ({"area": 13}, "area", "unknown_area"),
        ({"area": "Du lịch biển"}, "area", "unknown_area"),
        ({"value": "một ít"}, "value", "invalid_number"),
        ({"value": -5}, "value", "invalid_number"),
        ({"status": "chờ xem"}, "status", "invalid_choice"),
        ({"party_b_province": "Sài Gòn Mới"}, "party_b_province", "unknown_province"),
        ({"expires_on": date(2019, 1, 1)}, "expires_on", "date_order"),
        ({"party_b": "Công ty TNHH Thử Vàm Cỏ 12", "party_b_province": "Long An"}, "party_b", "same_party"),
        ({"number": "99/BGN"}, None, None),
        ({"number": "99/BGN"}, "number", "duplicate_in_file"),
    ]
    path, target = sheet(*(row(n, **cells) for n, (cells, *_rest) in enumerate(faults))), tmp_path / "r.json"
    assert run(path, "--report", str(target))[0] == 1
    report = json.loads(target.read_text(encoding="utf-8"))
    assert [(p["row"], p["field"], p["code"]) for p in report["problems"]] == [
        (number, field, code) for number, (_cells, field, code) in enumerate(faults, 2) if code
    ]
    assert (report["created"], report["rejected"]) == (1, 14)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "trống"),
        (b"PK\x03\x04", "hỏng"),
        (b"<html></html>", "trang web"),
        (b"a;b\nc;d\n", "dòng tiêu đề"),
    ],
)
def test_a_file_that_cannot_be_used_ends_in_one_sentence(plan, run, tmp_path, content, word):
    (tmp_path / "a.xlsx").write_bytes(content)
    code, out, err = run(tmp_path / "a.xlsx", "--commit")
    assert (code, out) == (2, "")
    assert word in err
    assert err.count("\n") == 1


def test_a_missing_file_or_a_folder(plan, run, tmp_path):
    for path in (tmp_path / "khong-co.xlsx", tmp_path):
        code, out, err = run(path)
        assert (code, out) == (2, "")
        assert err == "Không tìm thấy tệp: hãy chọn lại tệp.\n"


def test_a_report_that_cannot_be_written_is_found_out_before_anything_is_stored(plan, run, sheet, tmp_path):
    code, _out, err = run(sheet(row()), "--commit", "--report", str(tmp_path / "khong-co" / "r.json"))
    assert (code, MOU.objects.count()) == (2, 0)
    assert "r.json" in err


def test_the_plan_is_the_one_named_else_the_main_one_else_the_only_one(run, sheet):
    path = sheet(row())
    assert "chưa có kế hoạch nào" in run(path)[2]
    only = workbooks.make_world(is_main=False, slug="rieng")
    assert run(path, "--commit")[0] == 0
    assert MOU.objects.get().plan == only
    make_plan(slug="khac")
    code, _out, err = run(path)
    assert code == 2
    assert "khac, rieng" in err
    assert run(path, "--plan", "rieng")[0] == 0
    JointPlan.objects.filter(pk=only.pk).update(is_main=True)
    assert run(path)[0] == 0
    assert "khac, rieng" in run(path, "--plan", "sai")[2]


def test_a_user_limits_what_is_written_and_owns_what_is_new(plan, run, sheet):
    sync_roles()
    agency = plan.agencies.get()
    make_user("nhap", agency=agency, role="Nhập liệu")
    make_user("xem", agency=agency, role="Lãnh đạo")
    make_user("khac", agency=make_agency(), role="Nhập liệu")
    make_user("nghi", is_active=False)
    path = sheet(row())
    for name in ("xem", "khac"):
        code, out, _err = run(path, "--commit", "--user", name)
        assert (code, MOU.objects.count()) == (1, 0)
        assert "not_allowed" in out
    for name in ("nghi", "khong-co"):
        code, _out, err = run(path, "--user", name)
        assert code == 2
        assert name in err
    assert run(path, "--commit", "--user", "nhap")[0] == 0
    assert MOU.objects.get().agency == agency


def test_the_sheet_comes_back_with_its_faults_beside_the_rows(plan, run, sheet, tmp_path):
    target = tmp_path / "co-loi.xlsx"
    path = sheet(row(1, content="=1+1"), row(2, area=13, value=-5))
    assert run(path, "--annotated", str(target))[0] == 1
    lines = python_calamine.CalamineWorkbook.from_path(target).get_sheet_by_index(0).to_python()
    assert [line[-1] for line in lines[:2]] == ["Lỗi", ""]
    assert "Lĩnh vực: Kế hoạch không có" in lines[2][-1]
    assert "Giá trị: “-5”" in lines[2][-1]
    content = workbooks.HEADERS.index("Nội dung hợp tác")
    assert lines[1][content] == "=1+1"
    assert lines[1][2] == date(2019, 5, 17)


@pytest.mark.parametrize("option", ["--report", "--annotated"])
def test_the_own_sheet_is_never_written_over(plan, run, sheet, option):
    path = sheet(row(1))
    before = path.read_bytes()
    status, _out, err = run(path, "--commit", option, str(path))
    assert (status, err.strip()) == (2, "Tệp báo cáo phải khác tệp nhập: hãy chọn tên khác.")
    assert path.read_bytes() == before
    assert not MOU.objects.exists()


def test_a_database_that_does_not_answer_is_one_sentence(plan, run, sheet, monkeypatch):
    def locked(*_args, **_kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr("cooperation.importing.writer.insert", locked)
    status, _out, err = run(sheet(row(1)), "--commit")
    assert (status, err.strip()) == (2, "Cơ sở dữ liệu đang bận: chưa ghi gì. Hãy thử lại sau ít phút.")
    monkeypatch.setattr("cooperation.importing.preview.build", locked)
    status, _out, err = run(sheet(row(1)))
    assert (status, "Traceback" in err, len(err.strip().splitlines())) == (2, False, 1)
