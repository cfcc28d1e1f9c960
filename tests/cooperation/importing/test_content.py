"""What a file's content is: refused with its own sentence before anything parses it, or named; and texts."""

import io
import json
import struct
import time
import zipfile

import pytest

from cooperation.importing import content, reader
from cooperation.importing.content import UnusableFileError
from tests.cooperation.importing import files

DOCTYPE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
SHEET = "xl/worksheets/sheet1.xml"


def look(path):
    with path.open("rb") as file:
        return content.look(file)


def refusal(path):
    began = time.monotonic()
    with pytest.raises(UnusableFileError) as caught:
        look(path)
    assert time.monotonic() - began < 5
    sentence = str(caught.value)
    assert "\n" not in sentence and ("hãy" in sentence)
    return sentence


def text(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def unreadable(path):
    with pytest.raises(UnusableFileError) as caught:
        reader.read(path)
    return str(caught.value)


@pytest.fixture
def book(tmp_path):
    return files.write(tmp_path / "a.xlsx", [["Ngày ký"]])


@pytest.mark.parametrize(
    ("start", "word"),
    [
        (b"", "trống"),
        (b" \r\n\t", "trống"),
        (b"\xef\xbb\xbf\r\n", "trống"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "trang web"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><p>", "trang web"),
        (b'<meta http-equiv="Content-Type"><style>td{}</style><table>', "trang web"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "trang web"),
        ("<html><table>".encode("utf-16"), "trang web"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related;", "trang web"),
        (b"From: <Saved by Microsoft>\r\nSubject: x\r\nMIME-Version: 1.0\r\n", "trang web"),
        (
            b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<ss:Workbook>',
            "XML Spreadsheet 2003",
        ),
        (b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML Spreadsheet 2003"),
        (b'<?xml version="1.0"?><office:document xmlns:office="x">', ".fods"),
        (b"<?xml version='1.0'?><rows/>", "không phải bảng tính"),
        (b"%PDF-1.7\n", "không phải bảng tính"),
        (b"\n%PDF-1.7\n", "không phải bảng tính"),
        (b"\x89PNG\r\n\x1a\n\x00", "không phải bảng tính"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "không phải bảng tính"),
        (b"{\\rtf1\\ansi", "không phải bảng tính"),
        (b"a;b\n\x00\x01c;d", "không phải bảng tính"),
        (b"\x1f\x8b\x08\x00", "giải nén"),
        (b"Rar!\x1a\x07", "giải nén"),
        (b"7z\xbc\xaf\x27\x1c", "giải nén"),
        (b"\x09\x08\x08\x00\x00\x05\x05\x00", "Excel 5.0/95"),
        (b"PK\x03\x04 and no more", "hỏng"),
        (b"PK\x05\x06" + bytes(18), "Tệp nén"),
        (b"PK\x05\x06" + bytes(3), "hỏng"),
    ],
)
def test_what_is_no_table(tmp_path, start, word):
    (tmp_path / "a.xls").write_bytes(start)
    assert word in refusal(tmp_path / "a.xls")


@pytest.mark.parametrize(
    ("streams", "word"),
    [
        (("Root Entry", "Book"), "Excel 5.0/95"),
        (("Root Entry", "EncryptionInfo", "EncryptedPackage"), "mật khẩu"),
        (("Root Entry", "WordDocument"), "văn bản"),
        (("Root Entry", "PowerPoint Document"), "trình chiếu"),
        (("Root Entry", "Workbooks", "eBook"), "hỏng"),
        ((), "hỏng"),
    ],
)
def test_ole_files_that_are_no_workbook(tmp_path, streams, word):
    assert word in refusal(files.ole(tmp_path / "a.xls", *streams))


def test_an_xls_for_both_generations_is_read_as_the_younger(tmp_path):
    assert look(files.ole(tmp_path / "a.xls", "Root Entry", "Book", "Workbook")).kind == "xls"


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"word/document.xml": "<x/>", "[Content_Types].xml": "<x/>"}, "văn bản"),
        ({"ppt/presentation.xml": "<x/>", "[Content_Types].xml": "<x/>"}, "trình chiếu"),
        ({"META-INF/MANIFEST.MF": "", "A.class": "x"}, "không phải bảng tính"),
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}, "văn bản"),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "hỏng"),
        ({"[Content_Types].xml": "<x/>", "xl/styles.xml": "<x/>"}, "hỏng"),
        ({"a.xlsx": "PK", "b.xlsx": "PK"}, "giải nén"),
        ({"xl/workbook.xml": "<x/>", "../../etc/cron.d/x": "x"}, "cấu trúc lạ"),
        ({"xl/workbook.xml": "<x/>", "/etc/passwd": "x"}, "cấu trúc lạ"),
        ({"xl/workbook.xml": "<x/>", "C:\\x": "x"}, "cấu trúc lạ"),
        ({"xl/workbook.xml": "<x/>", "XL/Workbook.xml": "<x/>"}, "cấu trúc lạ"),
    ],
)
def test_archives_that_are_no_workbook(tmp_path, parts, word):
    assert word in refusal(files.archive(tmp_path / "a.xlsx", parts))


def test_a_zip_in_a_zip(tmp_path):
    inner = files.archive(tmp_path / "b.zip", {"0": bytes(50_000_000)}).read_bytes()
    assert "giải nén" in refusal(files.archive(tmp_path / "a.xlsx", {"b.zip": inner}))


def test_a_truncated_archive(book):
    book.write_bytes(book.read_bytes()[:-40])
    assert "hỏng" in refusal(book)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "docProps/app.xml", "xl/strange.bin"])
def test_a_document_type_in_any_part_and_encoding(book, part, encoding):
    assert "DOCTYPE" in refusal(files.replace(book, {part: DOCTYPE.encode(encoding)}))


@pytest.mark.parametrize("before", ["<!-- <x> -->" * 2, "<!--" + "-" * 5000 + "-->", "<!-- -->" * 1000])
def test_a_document_type_behind_comments(book, before):
    assert "DOCTYPE" in refusal(files.replace(book, {SHEET: before + DOCTYPE[21:]}))


def test_xml_in_an_encoding_that_the_parser_would_skip(book):
    sheet = f'<?xml version="1.0" encoding="UTF-16"?><worksheet xmlns="{files.MAIN}"/>'.encode("utf-16")
    assert "cấu trúc lạ" in refusal(files.replace(book, {SHEET: sheet}))


def test_an_archive_that_unpacks_to_too_much(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new, new.open("xl/workbook.xml", "w") as part:
        for _ in range(257):
            part.write(bytes(1024**2))
    assert "bung ra quá lớn" in refusal(path)


@pytest.mark.parametrize(("parts", "said"), [(100_000, None), (60_000, 1), (20_000, 1)])
def test_a_hundred_thousand_parts(tmp_path, parts, said):
    """Refused by the directory's length, whatever its count says; above 65,535 it has its 64-bit form."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        for number in range(parts):
            new.writestr(str(number), b"")
    whole = bytearray(buffer.getvalue())
    if said is not None:
        struct.pack_into("<HH", whole, len(whole) - 14, said, said)
    (tmp_path / "a.xlsx").write_bytes(whole)
    assert "bung ra quá lớn" in refusal(tmp_path / "a.xlsx")


def test_an_encrypted_part(book):
    data = bytearray(book.read_bytes())
    entry = data.find(b"PK\x01\x02")
    data[entry + 8] |= 1
    book.write_bytes(data)
    assert "mật khẩu" in refusal(book)


def test_kinds_of_the_good_ones(tmp_path, book):
    assert look(book).kind == "xlsx"
    assert look(files.ods(tmp_path / "a.xls", files.ods_row("x"))).kind == "ods"
    (tmp_path / "a.csv").write_text('[{"a": 1}]')
    assert look(tmp_path / "a.csv").kind == "json"
    (tmp_path / "a.csv").write_text("[STT];[Tên]\n1;2\n")
    assert look(tmp_path / "a.csv").kind == "csv"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("1,2,3\n4,5,6\n", ","),
        ("a;b\n1;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("Tên;Giá trị\n" + "".join(f"Công ty {n};1,200,000,00{n}\n" for n in range(9)), ";"),
        ("Tên;Nơi ký\n" + "".join(f"Công ty {n};Phường 1, Tân An, Long An\n" for n in range(9)), ";"),
        ("Tên\tGiá\n" + "".join(f"Công ty {n}\t1,5\n" for n in range(9)), "\t"),
        ("Danh sách; năm 2019\n\nTên,Nơi,Số\n" + "A,B,1\n" * 9, ","),
        ('Tên,Ghi chú\n"A; B; C","x; y;\n z; t"\n"D; E; F",z\n', ","),
        ("a,b,c,d\nsep=;\n", ","),
        ("sep=;\na,b,c,d\n", ";"),
        ("\ufeffSEP=\t\r\na,b,c,d\n", "\t"),
        ("một cột\nmột, hai\nba\n", ","),
        ('"a;b', ";"),
    ],
)
def test_the_delimiter_that_cuts_most_evenly(tmp_path, text, delimiter):
    for encoding in ("utf-8", "utf-16"):
        (tmp_path / "a.csv").write_bytes(text.encode(encoding))
        assert look(tmp_path / "a.csv").delimiter == delimiter


def test_too_large_a_file(book, settings):
    settings.PORTAL_IMPORT_MAX_BYTES = 10
    assert "MiB" in refusal(book)


# --- Texts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(tmp_path, encoding):
    path = text(tmp_path, "STT;Tên;Số\r\n1;Mộc Hóa;12345\r\n2;Tân Trụ;67890\r\n", encoding)
    sheet = reader.read(path)
    assert (sheet.name, sheet.merged, sheet.others) == ("CSV", (), {})
    assert sheet.rows == [["STT", "Tên", "Số"], ["1", "Mộc Hóa", "12345"], ["2", "Tân Trụ", "67890"]]


def test_windows_1258_with_its_separate_tones(tmp_path):
    path = text(tmp_path, "Tên,Ti\u0309nh\nMô\u0323c Ho\u0301a,Long An\n", "cp1258")
    assert reader.read(path).rows == [["Tên", "Tỉnh"], ["Mộc Hóa", "Long An"]]


def test_tcvn3_stays_as_its_latin_letters(tmp_path):
    path = text(tmp_path, "Bªn A;TØnh\nC«ng ty G¹o Vµm Cá;T©y Ninh\n", "latin-1")
    assert reader.read(path).rows[1] == ["C«ng ty G¹o Vµm Cá", "T©y Ninh"]


def test_quotes_line_ends_and_the_row_that_names_the_delimiter(tmp_path):
    path = text(tmp_path, 'sep=;\r\nTên;Ghi chú\r\n"A; ""B""";"dòng 1\r\ndòng 2"\r\n\r\n5" ống;"x" y\r\n')
    assert reader.read(path).rows == [
        ["Tên", "Ghi chú"],
        ['A; "B"', "dòng 1\r\ndòng 2"],
        [],
        ['5" ống', "x y"],
    ]
    assert reader.read(text(tmp_path, "a,b\r1,2\r")).rows == [["a", "b"], ["1", "2"]]


def test_the_apostrophe_of_our_export_goes_again(tmp_path):
    path = text(tmp_path, "'=1,''+2,'-3,'@x,'\tx,'abc,'\nx,'',+84,\"'=a,b\",'1,,\n")
    assert reader.read(path).rows == [
        ["=1", "'+2", "-3", "@x", "\tx", "'abc", "'"],
        ["x", "''", "+84", "=a,b", "'1", "", ""],
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('a,"b\n', 1),
        ('a,"b', 1),
        ('a,b\n1,2\n3,"4\n' + "5,6\n" * 2000, 3),
        ('sep=,\na,b\nx,"y\n', 3),
        ('a,b\n"1\n2",3\n"x\ny","z\n', 5),
        ('a,b\n1,"2\n3,4\n5,"6"\n7,8\n', 2),
    ],
)
def test_a_quote_that_never_closes(tmp_path, content, line):
    assert f"dòng {line} " in unreadable(text(tmp_path, content))


@pytest.mark.parametrize(
    "content", [b"a;b\n" * 40_000 + b"\0", "Tên;ờ\n".encode() * 9 + b"\x8d\xfe\xff", b"\xff\xfea"]
)
def test_bytes_that_are_no_text(tmp_path, content):
    assert "bảng mã" in unreadable(text(tmp_path, content))


def test_json_of_our_export(tmp_path):
    records = [{"Số": "01", "Giá trị": 5}, {"Số": "02", "Ghi chú": None, "Có": True}]
    rows = [["Số", "Giá trị", "Ghi chú", "Có"], ["01", 5, "", ""], ["02", "", "", True]]
    for written in (records, {"exported": "2026-01-01", "rows": records}):
        sheet = reader.read(text(tmp_path, json.dumps(written, ensure_ascii=False), "utf-8-sig"))
        assert (sheet.name, sheet.rows) == ("JSON", rows)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('[{"a": 1}', "bị hỏng"),
        ('{"rows": 120}', "danh sách"),
        ('[{"a": {"b": 1}}]', "danh sách"),
        ('[{"a": [1]}]', "danh sách"),
        ('[{"a": 1}, 2]', "danh sách"),
        ('["a", "b"]', "danh sách"),
        ("[]", "không có dữ liệu"),
        ("[{}]", "không có dữ liệu"),
        ('[{"a": "\\ud800"}]', "bảng mã"),
        ("[" * 200_000, "bị hỏng"),
        ('[{"a": ' + "9" * 5000 + "}]", "bị hỏng"),
    ],
)
def test_json_that_is_no_table(tmp_path, content, word):
    assert word in unreadable(text(tmp_path, content))
