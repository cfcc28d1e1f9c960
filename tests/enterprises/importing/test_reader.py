"""Files → cells: hostile files end in one sentence, and what is read is what stands in the sheet."""

import io
import zipfile
from datetime import date

import pytest

from enterprises.importing import reader
from enterprises.importing.reader import UnusableFileError
from tests.enterprises import workbooks

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture
def book(tmp_path):
    return workbooks.write(tmp_path / "a.xlsx", [["Ngày ký", "Bên A"], [date(2019, 5, 17), "Mộc Hóa"]])


def with_parts(path, **parts):
    """Write the workbook again with some parts replaced; a part's name is given by its last piece."""
    source = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part, parts.get(part.filename.split("/")[-1].split(".")[0], old.read(part)))
    return path


def refusal(path, sheet=""):
    with pytest.raises(UnusableFileError) as caught:
        reader.read(path, sheet)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_cells_are_read_from_the_first_row_even_where_it_is_blank(tmp_path):
    path = workbooks.write(
        tmp_path / "a.xlsx", [[], [], ["", "Ngày ký"], ["", date(2019, 5, 17)], [1.5, "x"]]
    )
    sheet = reader.read(path)
    assert (sheet.name, sheet.first_row) == ("Bản ghi nhớ", 1)
    assert sheet.rows[2:] == [["", "Ngày ký"], ["", date(2019, 5, 17)], [1.5, "x"]]


@pytest.mark.parametrize("typed", ["=1+1", "==1+1", "<b>đậm</b>", "@SUM(A1)", "a\u2028b\x85c", "+84 272"])
def test_text_stays_text(tmp_path, typed):
    assert reader.read(workbooks.write(tmp_path / "a.xlsx", [[typed]])).rows == [[typed]]


def test_a_hidden_sheet_is_left_alone_and_the_others_are_named(tmp_path):
    path = workbooks.write(tmp_path / "a.xlsx", [["x"]], sheets=["2020", "~Danh mục"])
    assert reader.read(path).other_sheets == ("2020",)
    assert reader.read(path, "2020").name == "2020"
    assert "“Danh mục”" in refusal(path, "Danh mục")


def test_content_decides_and_not_the_ending(tmp_path):
    text = "STT;Ngày ký\n1;17/5/2019\n"
    for name, coded in (("a.xlsx", text.encode("utf-8-sig")), ("b.xlsx", text.encode("utf-16"))):
        (tmp_path / name).write_bytes(coded)
        assert reader.read(tmp_path / name).rows == [["STT", "Ngày ký"], ["1", "17/5/2019"]]


def test_windows_1258_with_its_separate_tones(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("Tên,Tỉnh\nMô\u0323c Ho\u0301a,Long An\n".replace("ỉ", "i\u0309").encode("cp1258"))
    assert reader.read(path).rows == [["Tên", "Tỉnh"], ["Mộc Hóa", "Long An"]]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "trống"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "trang web"),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>", "trang web"),
        (b"%PDF-1.7", "không phải bảng tính"),
        (b"\x89PNG\r\n\x1a\n\x00", "không phải bảng tính"),
        (b"PK\x03\x04 and no more", "hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Không đọc được"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "mật khẩu",
        ),
        (b'a,"b\n', "Không đọc được"),
    ],
)
def test_what_is_no_workbook(tmp_path, content, word):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert word in refusal(tmp_path / "a.xlsx")


def test_a_truncated_workbook(book):
    content = book.read_bytes()
    book.write_bytes(content[: len(content) // 2])
    assert "hỏng" in refusal(book)


def test_a_corrupt_stream_inside_a_whole_archive(book):
    content = bytearray(book.read_bytes())
    with zipfile.ZipFile(book) as archive:
        part = archive.getinfo(SHEET)
    start = part.header_offset + 30 + len(part.filename)
    content[start : start + 40] = bytes(range(200, 240))
    book.write_bytes(content)
    assert "hỏng" in refusal(book)


def test_broken_xml(book):
    assert "Không đọc được" in refusal(with_parts(book, sheet1=b"<worksheet><sheetData><row"))


def test_a_document_type_is_refused_before_parsing(book):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'
    assert "DOCTYPE" in refusal(with_parts(book, sheet1=bomb))


def test_an_archive_that_unpacks_to_too_much(book):
    assert "bung ra quá lớn" in refusal(with_parts(book, sheet1=b" " * (257 * 1024 * 1024)))


def test_one_long_text_repeated_by_many_cells(book):
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 400))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    strings = f'<sst xmlns="{MAIN}"><si><t>{"y" * 500_000}</t></si></sst>'
    assert "quá phức tạp" in refusal(with_parts(book, sheet1=sheet.encode(), sharedStrings=strings.encode()))


def test_a_cell_in_the_last_corner(tmp_path):
    """Parsing it takes 256 GiB: the child's memory ends, not ours."""
    path = workbooks.write(tmp_path / "a.xlsx", [["Ngày ký"]])
    corner = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">'
    corner += '<c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    assert "quá phức tạp" in refusal(with_parts(path, sheet1=corner.encode()))


def test_limits_of_size_columns_and_rows(book, settings, tmp_path, monkeypatch):
    settings.PORTAL_IMPORT_MAX_COLUMNS = 1
    assert "1 cột" in refusal(book)
    (tmp_path / "a.csv").write_text("a;b\n" * 3)
    assert "1 cột" in refusal(tmp_path / "a.csv")
    settings.PORTAL_IMPORT_MAX_COLUMNS = 200
    settings.PORTAL_IMPORT_MAX_ROWS = 1
    monkeypatch.setattr(reader, "_ROWS_AROUND", 0)
    assert "dòng dữ liệu" in refusal(book)
    assert "dòng dữ liệu" in refusal(tmp_path / "a.csv")
    settings.PORTAL_IMPORT_MAX_BYTES = 10
    assert "MiB" in refusal(book)


def test_a_file_that_takes_too_long(book, settings):
    settings.PORTAL_IMPORT_SECONDS = 0.001
    assert "quá phức tạp" in refusal(book)


def test_a_sheet_without_cells(tmp_path):
    assert "không có dữ liệu" in refusal(workbooks.write(tmp_path / "a.xlsx", []))
