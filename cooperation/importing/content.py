"""What a file's content is, whatever its name says. Looked at here before child.py parses it.

Reads the first 64 KiB of a text, the directory and the head of every part of an archive, the directory of an
OLE file: work that is bounded whatever the file holds. Raises UnusableFileError with one sentence that says
what to do.
"""

import re
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

_HEAD = 64 * 1024
_XML_HEAD = 4096
_MAX_PARTS = 10_000
_MAX_DIRECTORY_BYTES = 2 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00\x00\x05")
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh")
_NO_TABLE = (b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"RIFF", b"\x7fELF", b"MZ")
_HTML = re.compile(r"<(?:!doctype html|html|head|body|meta|style|script|table|tr|td|div|center|font|p)\b")
_MHTML = re.compile(r"mime-version:|(?:from|content-type|------=_nextpart).{0,2000}?mime-version:", re.DOTALL)
_XML_SPREADSHEET = ("urn:schemas-microsoft-com:office:spreadsheet", 'progid="excel.sheet"')
# The first tag or DOCTYPE of an XML part; the atomic groups keep hostile comments from costing time.
_XML_BEGIN = re.compile(rb"\s*+(?>(?:<\?.*?\?>|<!--.*?-->)\s*+)*+(<!DOCTYPE|<[A-Za-z_])", re.DOTALL | re.I)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_QUOTED = re.compile(r'(^|[,;\t\r\n])"[^"]*+(?:""[^"]*+)*+"(?=[,;\t\r\n]|\Z)')
_NUMBER_COMMA = re.compile(r"(?<=\d),(?=\d)")
_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=([,;:|\t])"?\s*?[\r\n]', re.IGNORECASE)

BROKEN = _("Tệp bị hỏng hoặc tải chưa đủ: hãy mở tệp gốc, lưu lại thành .xlsx rồi thử lại.")
NO_TABLE = _("Tệp không phải bảng tính: hãy chọn tệp .xlsx, .xls, .ods hoặc .csv.")
PASSWORD = _("Tệp có mật khẩu: hãy mở tệp, bỏ mật khẩu rồi lưu lại thành .xlsx.")
_OLD_EXCEL_KIND = _(
    "Tệp .xls kiểu cũ (Excel 5.0/95 trở về trước): hãy mở bằng Excel hoặc LibreOffice, lưu thành .xlsx."
)
_PACKED_KIND = _(
    "Tệp nén, không phải bảng tính: hãy giải nén rồi chọn tệp .xlsx, .xls, .ods hoặc .csv bên trong."
)
_OFFICE_TEXT = _(
    "Tệp là văn bản hoặc trình chiếu, không phải bảng tính: hãy chép bảng sang Excel, lưu thành .xlsx."
)
_TOO_LARGE_UNPACKED = _("Tệp bung ra quá lớn: hãy chép phần bảng sang một tệp mới.")
_STRANGE = _("Tệp có cấu trúc lạ: hãy mở bằng Excel hoặc LibreOffice rồi lưu lại thành .xlsx.")
_WEB_PAGE = _("Tệp là trang web đặt tên như bảng tính: hãy mở bằng Excel rồi lưu lại thành .xlsx.")


class UnusableFileError(Exception):
    """The file cannot be used at all (exit status 2). `str()` is the sentence for the clerk."""


@dataclass(frozen=True)
class Content:
    """`kind` is xlsx, xlsb, xls, ods, csv or json; the rest is for the two texts."""

    kind: str
    encoding: str = ""
    fallback: str = ""
    delimiter: str = ","


def look(file: BinaryIO) -> Content:
    """Tell what the file is; refuse what is no table. Raises UnusableFileError."""
    size = file.seek(0, 2)
    if size > settings.PORTAL_IMPORT_MAX_BYTES:
        raise UnusableFileError(
            _("Tệp lớn hơn %(limit)s MiB: hãy chia thành nhiều tệp.")
            % {"limit": settings.PORTAL_IMPORT_MAX_BYTES // 1024**2}
        )
    file.seek(0)
    head = file.read(_HEAD)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise UnusableFileError(_("Tệp trống: hãy chọn lại tệp."))
    if head.startswith(b"PK"):
        return Content(_archive(file))
    if head.startswith(_OLE):
        file.seek(0)
        return Content(_ole(file.read()))
    if head.startswith(_OLD_EXCEL):
        raise UnusableFileError(_OLD_EXCEL_KIND)
    if head.startswith(_PACKED):
        raise UnusableFileError(_PACKED_KIND)
    if head.startswith(_NO_TABLE) or b"%PDF-" in head[:1024]:
        raise UnusableFileError(NO_TABLE)
    return _text(head)


# --- Archives


def _archive(file: BinaryIO) -> str:
    """Look into the zip directory before anything is unpacked, then at the head of every part."""
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _check_parts(parts)
            kind = _package(archive, {part.filename for part in parts})
            for part in parts:
                with archive.open(part) as stream:
                    _check_xml(part.filename, stream.read(_XML_HEAD))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as fault:
        raise UnusableFileError(BROKEN) from fault
    return kind


def _check_directory(file: BinaryIO) -> None:
    """Refuse the directory of a hundred thousand parts before `zipfile` makes an object of each."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_600))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise UnusableFileError(BROKEN)
    entries, directory = struct.unpack("<HL", tail[end + 10 : end + 16])
    if tail[max(0, end - 20) : end].startswith(b"PK\x06\x07") and end >= 76:
        # `zipfile` believes the 64-bit record wherever its locator stands, whatever the short one says.
        entries, directory = struct.unpack("<QQ", tail[end - 76 + 32 : end - 76 + 48])
    if entries > _MAX_PARTS or directory > _MAX_DIRECTORY_BYTES:
        raise UnusableFileError(_TOO_LARGE_UNPACKED)


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MAX_PARTS or unpacked > settings.PORTAL_IMPORT_MAX_UNPACKED_BYTES:
        raise UnusableFileError(_TOO_LARGE_UNPACKED)
    if any(part.flag_bits & 1 for part in parts):
        raise UnusableFileError(PASSWORD)
    # Two parts of one name would let the counting and the parsing see different ones.
    names = Counter(part.filename.replace("\\", "/").casefold() for part in parts)
    strange = any(name.startswith("/") or ":" in name or ".." in name.split("/") for name in names)
    methods = {part.compress_type for part in parts} - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if strange or methods or len(names) < len(parts):
        raise UnusableFileError(_STRANGE)


def _package(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "mimetype" in names:
        with archive.open("mimetype") as stream:
            mimetype = stream.read(200)
        if mimetype.startswith(_ODS) and "content.xml" in names:
            _check_ods_password(archive, names)
            return "ods"
        if mimetype.startswith(b"application/vnd.oasis"):
            raise UnusableFileError(BROKEN if mimetype.startswith(_ODS) else _OFFICE_TEXT)
    if any(name.startswith(("word/", "ppt/", "visio/")) for name in names):
        raise UnusableFileError(_OFFICE_TEXT)
    if "META-INF/MANIFEST.MF" in names or "Index/Document.iwa" in names:
        raise UnusableFileError(NO_TABLE)
    raise UnusableFileError(BROKEN if "[Content_Types].xml" in names else _PACKED_KIND)


def _check_ods_password(archive: zipfile.ZipFile, names: set[str]) -> None:
    """Here and not in the child: calamine, left to find out the kind, says that it knows none."""
    if "META-INF/manifest.xml" in names:
        with archive.open("META-INF/manifest.xml") as stream:
            if b"encryption-data" in stream.read(_HEAD):
                raise UnusableFileError(PASSWORD)


def _check_xml(name: str, head: bytes) -> None:
    """Refuse a DOCTYPE (entities that multiply), and XML in an encoding that could hide one."""
    bare = head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe\r\n\t ")
    if not bare.startswith(b"<"):
        return
    begin = _XML_BEGIN.match(bare)
    if begin[1][:2] == b"<!" if begin else len(head) == _XML_HEAD:
        raise UnusableFileError(_("Tệp có cấu trúc lạ (DOCTYPE): hãy lưu lại thành .xlsx."))
    if b"\0" in head and name.endswith((".xml", ".rels")):
        raise UnusableFileError(_STRANGE)


# --- OLE files (.xls and others)


def _ole(data: bytes) -> str:
    if _stream(data, "EncryptedPackage"):
        raise UnusableFileError(PASSWORD)
    if position := _stream(data, "Workbook"):
        _check_xls_password(data, position)
        return "xls"
    if _stream(data, "Book"):
        raise UnusableFileError(_OLD_EXCEL_KIND)
    if any(_stream(data, name) for name in ("WordDocument", "PowerPoint Document")):
        raise UnusableFileError(_OFFICE_TEXT)
    raise UnusableFileError(BROKEN)


def _stream(data: bytes, name: str) -> int:
    """Where the directory entry (128 bytes: name, its length, …) of that name stands, or 0."""
    coded = name.encode("utf-16-le") + b"\0\0"
    position = data.find(coded)
    while position >= 0:
        length = data[position + 64 : position + 66]
        if position % 128 == 0 and length == len(coded).to_bytes(2, "little"):
            return position
        position = data.find(coded, position + 1)
    return 0


def _check_xls_password(data: bytes, entry: int) -> None:
    """Look for FILEPASS among the first records of the workbook stream, in its first sector."""
    shift, sector = data[30], int.from_bytes(data[entry + 116 : entry + 120], "little")
    position = (sector + 1) << min(shift, 12)
    for _record in range(20):
        kind = data[position : position + 2]
        if kind == b"\x2f\0":
            raise UnusableFileError(PASSWORD)
        position += 4 + int.from_bytes(data[position + 2 : position + 4], "little")


# --- Texts


def _text(head: bytes) -> Content:
    encoding, fallback = _encoding(head)
    # What tells tables and pages apart is ASCII: the head may end in the middle of a letter.
    text = head.decode(encoding, "replace") if encoding.startswith("utf-16") else head.decode("latin-1")
    text = text.removeprefix("\ufeff").removeprefix("ï»¿")
    start = text.lstrip().lower()
    if "\0" in text:
        raise UnusableFileError(NO_TABLE)
    if start.startswith("<"):
        raise UnusableFileError(_markup(start))
    if _MHTML.match(start):
        raise UnusableFileError(_WEB_PAGE)
    if re.match(r'\{|\[\s*[{\["\]]', start):
        return Content("json", encoding, fallback)
    return Content("csv", encoding, fallback, _delimiter(text))


def _markup(start: str) -> str:
    if any(sign in start for sign in _XML_SPREADSHEET):
        return _(
            "Tệp là “XML Spreadsheet 2003”: hãy mở bằng Excel, chọn Lưu thành (Save As) rồi lưu thành .xlsx."
        )
    if "<office:document" in start:
        return _("Tệp là OpenDocument dạng XML (.fods): hãy mở bằng LibreOffice rồi lưu lại thành .xlsx.")
    return _WEB_PAGE if _HTML.search(start) else NO_TABLE


def _encoding(head: bytes) -> tuple[str, str]:
    """The encoding to try first, and the one to try when the bytes do not fit it."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", "utf-16"
    even, odd, length = head[::2].count(0), head[1::2].count(0), len(head)
    if max(even, odd) * 8 > length and min(even, odd) * 8 < max(even, odd):
        return ("utf-16-le", "utf-16-le") if odd > even else ("utf-16-be", "utf-16-be")
    read = head.decode("utf-8", "replace")
    if (broken := read.count("\ufffd")) < len(re.findall("[^\0-\x7f]", read)) - broken:
        return "utf-8", "utf-8"  # one bad byte among good letters: damaged, not of another encoding
    # Letters of TCVN3 that are signs in Windows-1258, against its tones: legacy.py knows TCVN3 as Latin-1.
    tcvn3 = len(re.findall(rb"[\xa8-\xae\xb5-\xb9]", head))
    return "utf-8", "latin-1" if tcvn3 > len(re.findall(rb"[\xcc\xd2\xde\xec\xf2]", head)) else "cp1258"


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first 50 lines most evenly; a comma inside a number counts for nothing."""
    if named := _SEPARATOR_LINE.match(text):
        return named[1]
    lines = [line for line in _QUOTED.sub(r"\1", text).splitlines()[:60] if line.strip(",;\t ")][:50]

    def evenness(mark: str) -> float:
        counts = Counter((_NUMBER_COMMA.sub("", line) if mark == "," else line).count(mark) for line in lines)
        counts.pop(0, None)
        if not counts:
            return 0
        marks, times = max(counts.items(), key=lambda item: (item[1], item[0]))
        # The power: what cuts every line alike beats what cuts nine in ten into more pieces (addresses).
        return (times / len(lines)) ** 4 * marks / (marks + 1)

    return max(",;\t", key=lambda mark: (evenness(mark), text.count(mark)))
