"""Files → cells: hostile files end in one sentence, and what is read is what stands in the sheet."""

import dataclasses
import itertools
import os
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from cooperation.importing import reader
from cooperation.importing.reader import UnusableFileError
from tests.cooperation.importing import files

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
OLD = Path(__file__).parents[4] / "shared/samples/cu.xls"
DAY = date(2019, 5, 17)


@pytest.fixture
def book(tmp_path):
    return files.write(tmp_path / "a.xlsx", [["Ngày ký", "Bên A"], [DAY, "Mộc Hóa"]])


def refusal(path, sheet=""):
    began = time.monotonic()
    with pytest.raises(UnusableFileError) as caught:
        reader.read(path, sheet)
    assert time.monotonic() - began < 15
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def numbered(count):
    return "".join(files.row(number, number) for number in range(1, count + 1))


# --- What comes out


def test_cells_stand_where_the_spreadsheet_has_them(tmp_path):
    path = files.write(tmp_path / "a.xlsx", [[], [], ["", "Ngày ký"], ["", DAY, 1.5]])
    sheet = reader.read(path)
    assert sheet.name == "Bản ghi nhớ"
    assert sheet.rows[2:] == [["", "Ngày ký", ""], ["", DAY, 1.5]]
    path = files.raw(tmp_path / "b.xlsx", '<row r="2"><c r="C2"><v>7</v></c></row>')
    assert reader.read(path).rows == [["", "", ""], ["", "", 7.0]]


def test_dates_lose_their_time_of_day_and_other_cells_keep_their_type(tmp_path):
    path = files.write(tmp_path / "a.xlsx", [[DAY, datetime(2019, 5, 17, 9, 30), 2.5, True, "2019-05-17"]])
    cells = reader.read(path).rows[0]
    assert cells == [DAY, DAY, 2.5, True, "2019-05-17"]
    assert [type(cell) for cell in cells] == [date, date, float, bool, str]


@pytest.mark.parametrize(
    "typed", ["=1+1", "'=1+1", "<b>đậm</b>", "@SUM(A1)", "a\u2028b\x85c", "+84 272", '{"d": 1}']
)
def test_text_stays_text(tmp_path, typed):
    assert reader.read(files.write(tmp_path / "a.xlsx", [[typed]])).rows == [[typed]]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_error_values_are_their_text(tmp_path, quote):
    cells = f'<row r="2"><c r="B2" t={quote}e{quote}><v>#N/A</v></c><c r="C2"><v>1</v></c></row>'
    assert reader.read(files.raw(tmp_path / "a.xlsx", files.row(1, 1) + cells)).rows[1] == ["", "#N/A", 1.0]


def test_numbers_that_are_none_are_text(tmp_path):
    path = files.raw(tmp_path / "a.xlsx", files.row(1, "NaN", "1e999", "1e308"))
    assert reader.read(path).rows == [["nan", "inf", 1e308]]


def test_many_rows_come_back_in_order(tmp_path):
    rows = [[float(number), f"dòng {number}", DAY if number % 7 else ""] for number in range(1, 1802)]
    assert reader.read(files.write(tmp_path / "a.xlsx", rows)).rows == rows


@pytest.mark.parametrize(
    ("area", "merged"),
    [
        ("A1:A2", ((0, 0, 1, 0),)),
        ("B2:XFD1048576", ((1, 1, 1, 1),)),
        ("C3:D4", ()),
    ],
)
def test_merged_ranges_are_cut_to_the_sheet(tmp_path, area, merged):
    after = f'<mergeCells><mergeCell ref="{area}"/></mergeCells>'
    path = files.raw(tmp_path / "a.xlsx", files.row(1, 1, 2) + files.row(2, 3, 4), after=after)
    assert reader.read(path).merged == merged


def test_of_merged_ranges_there_are_not_endlessly_many(tmp_path):
    areas = "".join(f'<mergeCell ref="A1:A{number}"/>' for number in range(2, 30_000))
    path = files.raw(tmp_path / "a.xlsx", files.row(1, 1), after=f"<mergeCells>{areas}</mergeCells>")
    assert len(reader.read(path).merged) == 20_000


def test_a_hidden_sheet_is_left_alone_and_of_the_others_the_first_rows_are_read(tmp_path):
    path = files.write(tmp_path / "a.xlsx", [["x", DAY]] * 50, sheets=["Năm 2020", "~Danh mục"])
    first = reader.read(path)
    assert len(first.rows) == 50 and first.others == {"Năm 2020": [["x"]]}
    second = reader.read(path, "Năm 2020")
    assert second.rows == [["x"]] and second.others == {"Bản ghi nhớ": [["x", DAY]] * 40}
    assert reader.read(path, "Na\u0306m 2020").name == "Năm 2020"
    assert "“Danh mục”" in refusal(path, "Danh mục")
    assert "“\0x”" in refusal(path, "\0x")


def test_the_first_sheet_that_holds_anything(tmp_path):
    path = files.write(tmp_path / "a.xlsx", [], sheets=["B"])
    assert reader.read(path).name == "B"
    assert "không có dữ liệu" in refusal(path, "Bản ghi nhớ")
    assert "không có dữ liệu" in refusal(files.write(tmp_path / "b.xlsx", []))


def test_an_ill_sheet_beside_a_good_one(tmp_path):
    path = files.write(tmp_path / "a.xlsx", [["x"]], sheets=["B"])
    files.replace(path, {"xl/worksheets/sheet2.xml": "<worksheet><sheetData><row"})
    assert reader.read(path).others == {}
    assert "Không đọc được" in refusal(path, "B")


def test_content_decides_and_not_the_ending(tmp_path, book):
    for name in ("b.xls", "b.ods", "b.csv", "b"):
        (tmp_path / name).write_bytes(book.read_bytes())
        assert reader.read(tmp_path / name).rows[1] == [DAY, "Mộc Hóa"]
    (tmp_path / "c.xlsx").write_text("STT;Ngày ký\n1;17/5/2019\n", "utf-8")
    assert reader.read(tmp_path / "c.xlsx").rows == [["STT", "Ngày ký"], ["1", "17/5/2019"]]


@pytest.mark.skipif(not OLD.exists(), reason="the sample lies beside the repository")
def test_an_old_workbook(tmp_path):
    sheet = reader.read(OLD)
    assert (sheet.name, len(sheet.rows), sheet.rows[1][2]) == ("DS", 11, date(2019, 2, 7))
    data = OLD.read_bytes()
    begin = data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    locked = bytearray(data)
    locked[begin + 20 : begin + 22] = b"\x2f\x00"
    (tmp_path / "a.xls").write_bytes(locked)
    assert "mật khẩu" in refusal(tmp_path / "a.xls")


# --- Kept lines


def test_kept_lines_are_the_same_sheet_again(tmp_path):
    path = files.write(
        tmp_path / "a.xlsx", [["x", DAY, 1.5, True]] * 700, sheets=["B"], merged=[(0, 0, 3, 0)]
    )
    sheet = reader.read(path, keep=tmp_path / "kept")
    assert reader.reopen(tmp_path / "kept") == sheet == reader.read(path)
    assert [field.name for field in dataclasses.fields(sheet)] == ["name", "rows", "merged", "others"]
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o600
    lines = (tmp_path / "kept").read_bytes()
    for cut in (lines[:40], lines[:-20], lines[: lines.rindex(b"\n", 0, -1) + 1], b"", b"[]\n", b"\xff\n"):
        (tmp_path / "kept").write_bytes(cut)
        with pytest.raises(UnusableFileError, match="tải tệp lên lần nữa"):
            reader.reopen(tmp_path / "kept")


def test_nothing_is_left_of_a_file_that_is_refused(tmp_path, settings):
    settings.PORTAL_IMPORT_MAX_COLUMNS = 1
    path = files.write(tmp_path / "a.xlsx", [["x", "y"]])
    kept = tmp_path / "kept"
    kept.mkdir()
    with pytest.raises(UnusableFileError):
        reader.read(path, keep=kept / "a")
    assert list(kept.iterdir()) == []
    with pytest.raises(UnusableFileError, match="tải tệp lên lần nữa"):
        reader.reopen(kept / "a")


# --- OpenDocument


def test_an_ods(tmp_path):
    rows = (
        files.ods_row("Ngày", None, "Tên")
        + files.ods_row(DAY, 1.5, "Mộc Hóa")
        + files.ods_row("x", repeated=2)
    )
    sheet = reader.read(files.ods(tmp_path / "a.ods", rows, hidden=files.ods_row("y")))
    assert sheet.rows == [["Ngày", "", "Tên"], [DAY, 1.5, "Mộc Hóa"], ["x", "", ""], ["x", "", ""]]
    assert (sheet.name, sheet.merged, sheet.others) == ("DS", (), {})


def test_an_ods_with_a_million_empty_rows_at_its_end(tmp_path):
    rows = files.ods_row("a", "b") + files.ods_row("1", "2") + files.ods_row(None, repeated=1_048_574)
    assert reader.read(files.ods(tmp_path / "a.ods", rows)).rows == [["a", "b"], ["1", "2"]]


def test_an_ods_with_a_million_filled_rows(tmp_path):
    path = files.ods(tmp_path / "a.ods", files.ods_row("x" * 50, repeated=1_000_000))
    assert "1000000" in refusal(path) or "quá phức tạp" in refusal(path)
    path = files.ods(tmp_path / "b.ods", files.ods_row(*["x"] * 50, repeated=1_000_000))
    assert "quá phức tạp" in refusal(path)


def test_an_ods_with_a_password(tmp_path):
    assert "mật khẩu" in refusal(files.ods(tmp_path / "a.ods", files.ods_row("x"), encrypted=True))


# --- Declared and read


@pytest.mark.parametrize("dimension", ["A1:A1", "A1:XFD1048576", "B5:C9", "nonsense", "A1:A99999999999"])
def test_a_dimension_that_lies_does_no_harm(tmp_path, dimension):
    path = files.raw(tmp_path / "a.xlsx", numbered(20), before=f'<dimension ref="{dimension}"/>')
    try:
        rows = reader.read(path).rows
    except UnusableFileError:
        assert dimension in ("nonsense", "A1:A99999999999")
    else:
        assert rows == [[float(number)] for number in range(1, 21)]


def test_rows_and_cells_without_a_number(tmp_path):
    cells = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    assert reader.read(files.raw(tmp_path / "a.xlsx", cells)).rows == [[1.0, 2.0], [3.0, ""]]


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        (files.row(1, 1) + files.row(2, 2) + files.row(2, 3), 2),
        (files.row(1, 1) + '<row r="2"><c r="A2"><v>2</v></c><c r="A2"><v>3</v></c></row>', 2),
        (files.row(1, 1) + files.row(2, 2) + files.row(1, 3), 1),
    ],
)
def test_a_number_written_twice(tmp_path, cells, line):
    assert f"trùng số dòng (dòng {line})" in refusal(files.raw(tmp_path / "a.xlsx", cells))


def test_cells_that_the_parser_would_lose(tmp_path):
    path = files.raw(tmp_path / "a.xlsx", files.row(1, 1) + "</sheetData><sheetData>" + files.row(2, 2, 3))
    assert "đủ mọi ô (dòng 2)" in refusal(path)


def test_empty_texts_are_no_loss(tmp_path):
    cells = '<c r="A1" t="str"><f>""</f><v></v></c><c r="B1" t="s"><v>0</v></c><c r="C1"><v>5</v></c>'
    path = files.raw(tmp_path / "a.xlsx", f'<row r="1">{cells}</row>')
    files.replace(path, {STRINGS: f'<sst xmlns="{files.MAIN}"><si><t></t></si></sst>'})
    assert reader.read(path).rows == [["", "", 5.0]]


def test_an_unusual_prefix(tmp_path, book):
    sheet = f'<x:worksheet xmlns:x="{files.MAIN}"><x:sheetData>%s</x:sheetData></x:worksheet>'
    cell = '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>'
    assert reader.read(files.replace(book, {SHEET: sheet % cell})).rows == [[1.0]]
    assert "trùng số dòng" in refusal(files.replace(book, {SHEET: sheet % (cell * 2)}))


def test_a_formatted_cell_in_the_last_corner_is_empty(tmp_path):
    cells = files.row(1, 1) + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert reader.read(files.raw(tmp_path / "a.xlsx", cells)).rows == [[1.0]]


# --- Hostile and broken workbooks


def test_a_cell_in_the_last_corner(tmp_path):
    """Parsing it takes 256 GiB: the child's memory ends, not ours."""
    assert "quá phức tạp" in refusal(files.raw(tmp_path / "a.xlsx", files.CORNER))


def test_a_cell_outside_any_sheet(tmp_path):
    assert "cột" in refusal(files.raw(tmp_path / "a.xlsx", '<row r="1"><c r="ZZZZ1"><v>1</v></c></row>'))
    assert refusal(
        files.raw(tmp_path / "b.xlsx", '<row r="4294967296"><c r="A4294967296"><v>1</v></c></row>')
    )


def test_broken_xml(book):
    assert "Không đọc được" in refusal(files.replace(book, {SHEET: "<worksheet><sheetData><row"}))


def test_a_corrupt_stream_and_a_wrong_checksum(book):
    whole = book.read_bytes()
    with zipfile.ZipFile(book) as archive:
        part = archive.getinfo(SHEET)
    start = part.header_offset + 30 + len(part.filename)
    book.write_bytes(whole[:start] + bytes(range(200, 240)) + whole[start + 40 :])
    assert "hỏng" in refusal(book)
    sums = whole.replace(part.CRC.to_bytes(4, "little"), b"\1\2\3\4")
    book.write_bytes(sums)
    assert "hỏng" in refusal(book)


def test_a_part_that_is_longer_than_the_directory_says(tmp_path):
    """What it declares passes the first look; read to its end it does not."""
    path = files.raw(tmp_path / "a.xlsx", files.row(1, 1) + " " * 100_000_000)
    said = 1000
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), said.to_bytes(4, "little")))
    assert "hỏng" in refusal(path)


def test_shared_strings_that_multiply(book):
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 400))
    sheet = f'<worksheet xmlns="{files.MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    strings = (
        f'<sst xmlns="{files.MAIN}" count="4294967295" uniqueCount="4294967295"><si><t>%s</t></si></sst>'
    )
    long = files.replace(book, {SHEET: sheet, STRINGS: strings % ("y" * 500_000)})
    assert "quá phức tạp" in refusal(long)
    many = "<si><t>a</t></si>" * 9_000_000
    assert "quá phức tạp" in refusal(files.replace(book, {SHEET: sheet, STRINGS: f"<sst>{many}</sst>"}))


def test_more_cells_than_our_own_memory_bears(book, monkeypatch):
    monkeypatch.setattr(reader, "_MAX_CELLS", 3)
    assert "quá phức tạp" in refusal(book)


def test_limits_of_columns_and_rows(book, settings, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n" * 3)
    settings.PORTAL_IMPORT_MAX_COLUMNS = 1
    assert "2 cột, quá 1 cột" in refusal(book) and "2 cột, quá 1 cột" in refusal(path)
    settings.PORTAL_IMPORT_MAX_COLUMNS = 200
    settings.PORTAL_IMPORT_MAX_ROWS = 1
    monkeypatch.setattr(reader, "_ROWS_AROUND", 0)
    assert "tới dòng 2, quá 1 dòng" in refusal(book) and "tới dòng 2, quá 1 dòng" in refusal(path)


@pytest.mark.parametrize("path", ["/nowhere/a.xlsx", "/dev/zero", "/", "\0"])
def test_what_is_no_file(path):
    assert "chọn lại tệp" in refusal(Path(path))


# --- The child


def children():
    found = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-f", "child.py"], capture_output=True, check=False
    )
    return found.stdout.split()


def test_a_file_that_takes_too_long_leaves_no_process(book, settings):
    settings.PORTAL_IMPORT_SECONDS = 0.001
    assert "quá phức tạp" in refusal(book)
    assert children() == []


@pytest.mark.parametrize(
    "deed", ["os.abort()", "os.kill(os.getpid(), 9)", "time.sleep(60)", "bytearray(1 << 40)"]
)
def test_a_child_that_dies_or_hangs(book, settings, tmp_path, monkeypatch, deed):
    program = tmp_path / "child.py"
    program.write_text(f"import os, sys, time\nprint('[]' * 9)\nsys.stdout.flush()\n{deed}\n")
    monkeypatch.setattr(reader, "CHILD", program)
    settings.PORTAL_IMPORT_SECONDS = 1
    assert any(words in refusal(book) for words in ("quá phức tạp", "Không đọc được"))
    assert children() == []


def test_the_child_sees_neither_our_environment_nor_our_files(book, tmp_path, monkeypatch):
    program = tmp_path / "child.py"
    program.write_text(
        "import os, json, sys\n"
        "seen = [*os.environ, *sorted(os.listdir('/proc/self/fd')), os.getcwd(), str(sys.flags.isolated)]\n"
        "print(json.dumps({'sheet': 'x', 'rows': 1, 'merged': []}), '[]', json.dumps([seen]), sep='\\n')\n"
    )
    monkeypatch.setenv("DATABASE_URL", "secret")
    monkeypatch.setattr(reader, "CHILD", program)
    with book.open("rb") as other:
        os.set_inheritable(other.fileno(), True)
        seen = reader.read(book).rows[0]
    assert [name for name in seen[:-6] if name not in ("LC_CTYPE", "LD_LIBRARY_PATH")] == []
    assert seen[-6:] == ["0", "1", "2", "3", "/", "1"]


def test_the_child_imports_nothing_of_ours():
    lines = reader.CHILD.read_text(encoding="utf-8").splitlines()
    imports = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imports - sys.stdlib_module_names == {"python_calamine"}


def test_every_refusal_has_its_sentence():
    child = reader.CHILD.read_text(encoding="utf-8")
    names = "".join(
        itertools.takewhile(lambda c: c != ")", child.split("Refusal = enum.IntEnum(")[1])
    ).split()[1:]
    count = sum(name.strip('",').isupper() for name in names)
    other = reader._refusal(1, "", 1)
    plain = {3 + number for number in range(count) if reader._refusal(3 + number, "", 1) == other}
    assert (count, plain) == (14, {8})
