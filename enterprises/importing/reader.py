"""File → cells. Every file is hostile: looked at first, then parsed in a child process with limits.

Raises UnusableFileError with one Vietnamese sentence that says what to do.
"""

import json
import lzma
import subprocess
import sys
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

CHILD = Path(__file__).with_name("child.py")
_XML_PART_HEAD = 4096
# A small file can hold one long text that a million cells repeat: what the child may print is limited too.
_MAX_CELL_BYTES = 64 * 1024 * 1024
# Titles, group rows, blank rows and signatures around the data rows.
_ROWS_AROUND = 1_000


class UnusableFileError(Exception):
    """The file cannot be used at all (exit status 2). `str()` is the sentence for the clerk."""


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet; `rows[i]` is spreadsheet row `first_row + i`."""

    name: str
    other_sheets: tuple[str, ...]
    first_row: int
    rows: list[list]


def read(path: Path, sheet: str = "") -> Sheet:
    """Return the first visible sheet that holds anything, or the one named."""
    path = Path(path)
    kind = _kind(path)
    limits = {
        "rows": settings.PORTAL_IMPORT_MAX_ROWS + _ROWS_AROUND,
        "columns": settings.PORTAL_IMPORT_MAX_COLUMNS,
        "memory": settings.PORTAL_IMPORT_MEMORY_BYTES,
        "seconds": settings.PORTAL_IMPORT_SECONDS,
        "output": _MAX_CELL_BYTES,
    }
    command = [sys.executable, "-I", str(CHILD), kind, str(path), sheet, json.dumps(limits)]
    with tempfile.TemporaryFile() as cells:
        try:
            child = subprocess.run(  # noqa: S603 - our own program, the file's name is one argument
                command,
                stdout=cells,
                stderr=subprocess.DEVNULL,
                timeout=settings.PORTAL_IMPORT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise UnusableFileError(_too_much()) from late
        if child.returncode != 0:
            raise UnusableFileError(_refusal(child.returncode, sheet))
        cells.seek(0)
        head = json.loads(cells.readline())
        rows = [[_cell(value) for value in json.loads(line)] for line in cells]
    return Sheet(head["sheet"], tuple(head["others"]), head["first_row"], rows)


def _cell(value):
    return date.fromisoformat(value["d"]) if isinstance(value, dict) else value


def too_many_rows() -> str:
    return _("Tệp có hơn %(limit)s dòng dữ liệu: hãy chia thành nhiều tệp.") % {
        "limit": settings.PORTAL_IMPORT_MAX_ROWS
    }


def _too_much() -> str:
    return _("Tệp quá lớn hoặc quá phức tạp: hãy chép phần bảng sang một tệp mới.")


def _refusal(code: int, sheet: str) -> str:
    """The sentence for the exit status (child.Refusal); a negative one is the signal that ended the child."""
    sentences = {
        3: _("Tệp không có trang tính “%(sheet)s”: hãy kiểm tra lại tên trang.") % {"sheet": sheet},
        4: _("Tệp không có dữ liệu nào ở trang tính đang hiện."),
        5: _("Bảng rộng hơn %(limit)s cột: hãy bỏ những cột trống ở xa bên phải rồi lưu lại.")
        % {"limit": settings.PORTAL_IMPORT_MAX_COLUMNS},
        6: too_many_rows(),
        7: _too_much(),
    }
    if code < 0:
        return _too_much()
    return sentences.get(
        code, _("Không đọc được tệp: hãy mở bằng Excel hoặc LibreOffice rồi lưu lại thành .xlsx.")
    )


def _kind(path: Path) -> str:
    """Tell what the content is, whatever the name says; refuse what is no table."""
    size = path.stat().st_size
    if size > settings.PORTAL_IMPORT_MAX_BYTES:
        raise UnusableFileError(
            _("Tệp lớn hơn %(limit)s MiB: hãy chia thành nhiều tệp.")
            % {"limit": settings.PORTAL_IMPORT_MAX_BYTES // 1024**2}
        )
    with path.open("rb") as file:
        head = file.read(8192)
    if not head.strip():
        raise UnusableFileError(_("Tệp trống: hãy chọn lại tệp."))
    if head.startswith(b"PK\x03\x04"):
        _check_archive(path)
        return "workbook"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise UnusableFileError(_("Tệp có mật khẩu: hãy mở tệp, bỏ mật khẩu rồi lưu lại."))
        return "workbook"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"mime-version:")):
        raise UnusableFileError(
            _("Tệp là trang web đặt tên như bảng tính: hãy mở bằng Excel rồi lưu lại thành .xlsx.")
        )
    if start.startswith((b"%pdf", b"<?xml", b"{", b"\x89png")) or (
        b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
    ):
        raise UnusableFileError(_("Tệp không phải bảng tính: hãy chọn tệp .xlsx, .xls, .ods hoặc .csv."))
    return "text"


def _check_archive(path: Path) -> None:
    """Look into the zip directory before anything is unpacked: size, number of parts, DOCTYPE."""
    broken = UnusableFileError(_("Tệp bị hỏng hoặc tải chưa đủ: hãy lưu lại thành .xlsx rồi thử lại."))
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > 10_000 or unpacked > settings.PORTAL_IMPORT_MAX_UNPACKED_BYTES:
                raise UnusableFileError(_("Tệp bung ra quá lớn: hãy chép phần bảng sang một tệp mới."))
            if any(part.flag_bits & 1 for part in parts):
                raise UnusableFileError(_("Tệp có mật khẩu: hãy mở tệp, bỏ mật khẩu rồi lưu lại."))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        if b"<!DOCTYPE" in stream.read(_XML_PART_HEAD).upper():
                            raise UnusableFileError(
                                _("Tệp có cấu trúc lạ (DOCTYPE): hãy lưu lại thành .xlsx.")
                            )
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as fault:
        raise broken from fault
