"""File → cells. Every file is hostile: looked at first, then parsed in a child process with limits.

Raises UnusableFileError with one Vietnamese sentence that says what to do.
"""

import contextlib
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from cooperation.importing import content
from cooperation.importing.content import UnusableFileError

CHILD = Path(__file__).with_name("child.py")
# A small file can hold one long text that a million cells repeat: what the child may print is limited too.
_MAX_PRINTED_BYTES = 64 * 1024 * 1024
# Filled cells; what keeps our own memory, not the child's, within the limit.
_MAX_CELLS = 2_500_000
# Titles, group rows, blank rows and signatures around the data rows.
_ROWS_AROUND = 1_000
# Of PORTAL_IMPORT_SECONDS: the child's time by the clock (a busy machine), and by the processor. A caller
# that reads a second sheet of the file, which costs no more than the first, still ends in time.
_CLOCK_SHARE, _PROCESSOR_SHARE = 0.8, 0.4


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet; `rows[i]` is spreadsheet row i + 1, a cell is "", text, number, bool or date.

    `merged` are (top, left, bottom, right), counted from 0, all inclusive, cut to the size of the sheet;
    `others` are the other visible sheets that hold anything, each with its first 40 rows.
    """

    name: str
    rows: list[list]
    merged: tuple[tuple[int, int, int, int], ...]
    others: dict[str, list[list]]


def read(path: Path, sheet: str = "", keep: Path | None = None) -> Sheet:
    """Return the first visible sheet that holds anything, or the one named. Raises UnusableFileError.

    `keep` is a file in which the cells are left for `reopen`; nothing is left where the file is refused.
    """
    began = time.monotonic()
    path = Path(path)
    try:
        if not path.is_file():
            raise UnusableFileError(_("Không tìm thấy tệp: hãy chọn lại tệp."))
        file = path.open("rb")
    except (OSError, ValueError) as fault:
        raise UnusableFileError(_("Không mở được tệp: hãy chọn lại tệp.")) from fault
    with file, _printed(keep) as lines:
        _parse(file, content.look(file), sheet, lines, began)
        return _sheet(lines)


def reopen(keep: Path) -> Sheet:
    """Return the sheet that `read` left in `keep`. Raises UnusableFileError where it is gone or cut."""
    try:
        with Path(keep).open("rb") as lines:
            return _sheet(lines)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise UnusableFileError(_("Nội dung đã đọc của tệp không còn: hãy tải tệp lên lần nữa.")) from fault


@contextlib.contextmanager
def _printed(keep: Path | None) -> Iterator[BinaryIO]:
    """The file that the child prints to; it becomes `keep` when all went well, and only then."""
    if keep is None:
        with tempfile.TemporaryFile() as lines:
            yield lines
        return
    keep = Path(keep)
    descriptor, name = tempfile.mkstemp(dir=keep.parent, prefix=f".{keep.name}.")
    try:
        with os.fdopen(descriptor, "w+b") as lines:
            yield lines
        os.replace(name, keep)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _parse(file: BinaryIO, looked: content.Content, sheet: str, lines: BinaryIO, began: float) -> None:
    seconds = settings.PORTAL_IMPORT_SECONDS
    processor = max(1, round(seconds * _PROCESSOR_SHARE))
    job = asdict(looked) | {
        "sheet": unicodedata.normalize("NFC", sheet),
        "limits": {
            "rows": settings.PORTAL_IMPORT_MAX_ROWS + _ROWS_AROUND,
            "columns": settings.PORTAL_IMPORT_MAX_COLUMNS,
            "cells": _MAX_CELLS,
            "seconds": math.ceil(seconds),
            "process": {
                "RLIMIT_AS": settings.PORTAL_IMPORT_MEMORY_BYTES,
                "RLIMIT_CPU": processor,
                "RLIMIT_FSIZE": _MAX_PRINTED_BYTES,
                "RLIMIT_CORE": 0,
                "RLIMIT_NOFILE": 16,
            },
        },
    }
    os.lseek(file.fileno(), 0, os.SEEK_SET)  # file.seek may move within Python's own buffer only
    try:
        child = subprocess.run(  # noqa: S603 - our own program; nothing of the file is in the command
            [sys.executable, "-I", "-X", "utf8", str(CHILD), json.dumps(job)],
            stdin=file,
            stdout=lines,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={key: os.environ[key] for key in ("LD_LIBRARY_PATH",) if key in os.environ},
            timeout=seconds * _CLOCK_SHARE - (time.monotonic() - began),
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise UnusableFileError(_too_much()) from late
    lines.seek(0)
    if child.returncode != 0:
        detail = lines.read(20)
        number = int(detail) if detail.isdigit() else 0
        raise UnusableFileError(_refusal(child.returncode, sheet, number))


def _sheet(lines: BinaryIO) -> Sheet:
    """Raises ValueError, KeyError or TypeError where the lines are not those of a child that ended well."""
    head = json.loads(lines.readline())
    # Called by the C scanner for every {"d": …} and for nothing else: cells are no objects.
    cells = json.JSONDecoder(object_hook=_date).decode
    others = dict(cells(lines.readline().decode()))
    rows = []
    for line in lines:
        rows += cells(line.decode())
    if len(rows) != head["rows"]:
        raise ValueError(len(rows))
    return Sheet(head["sheet"], rows, tuple(map(tuple, head["merged"])), others)


def _date(marked: dict, parse=date.fromisoformat) -> date:
    return parse(marked["d"])


def too_many_rows() -> str:
    return _("Tệp có hơn %(limit)s dòng dữ liệu: hãy chia thành nhiều tệp.") % {
        "limit": settings.PORTAL_IMPORT_MAX_ROWS
    }


def _too_much() -> str:
    return _("Tệp quá lớn hoặc quá phức tạp: hãy chép phần bảng sang một tệp mới.")


def _refusal(code: int, sheet: str, number: int) -> str:
    """The sentence for the exit status (child.Refusal); a negative one is the signal that ended the child."""
    sentences = {
        3: _("Tệp không có trang tính “%(sheet)s”: hãy kiểm tra lại tên trang."),
        4: _("Tệp không có dữ liệu nào ở trang tính đang hiện."),
        5: _("Bảng có tới %(number)s cột, quá %(columns)s cột: hãy xóa những cột thừa bên phải rồi lưu lại."),
        6: _(
            "Bảng kéo dài tới dòng %(number)s, quá %(rows)s dòng dữ liệu: "
            "hãy xóa những dòng thừa phía dưới hoặc chia thành nhiều tệp."
        ),
        9: content.BROKEN,
        10: content.PASSWORD,
        11: _("Tệp ghi trùng số dòng (dòng %(number)s): hãy mở bằng Excel hoặc LibreOffice rồi lưu lại."),
        12: _(
            "Không đọc được đủ mọi ô (dòng %(number)s): "
            "hãy mở bằng Excel hoặc LibreOffice rồi lưu lại thành .xlsx."
        ),
        13: _(
            "Dấu ngoặc kép mở ở dòng %(number)s không được đóng: hãy sửa dòng đó, hoặc lưu lại thành .xlsx."
        ),
        14: _("Không nhận ra bảng mã của tệp: hãy lưu lại dạng CSV UTF-8 hoặc .xlsx."),
        15: _("Tệp JSON bị hỏng hoặc tải chưa đủ: hãy xuất lại, hoặc lưu thành .xlsx."),
        16: _(
            "Tệp JSON không phải là danh sách các dòng đơn giản: "
            "hãy xuất lại dạng bảng, hoặc lưu thành .xlsx."
        ),
    }
    if code < 0 or code == 7:
        return _too_much()
    sentence = sentences.get(
        code, _("Không đọc được tệp: hãy mở bằng Excel hoặc LibreOffice rồi lưu lại thành .xlsx.")
    )
    return sentence % {
        "sheet": " ".join(sheet.split()),
        "number": number,
        "rows": settings.PORTAL_IMPORT_MAX_ROWS,
        "columns": settings.PORTAL_IMPORT_MAX_COLUMNS,
    }
