"""What a PDF must be. Raises ValidationError with one sentence that says what to do.

A plain scan, no parser: it sees names as written, names with #-escapes, and the object streams that are
merely deflated. What is encrypted, or packed in a rarer way, it cannot see: every PDF is therefore served
as a download from a sandbox, never shown as a page of ours.
"""

import re
import zlib
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def _spelled(word: str) -> str:
    """A pattern of the name, each letter as it is or as #hh."""
    return "".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in word)


_NAMES = ("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "ImportData")
_ACTIVE = re.compile(f"/(?:{'|'.join(map(_spelled, _NAMES))})(?![A-Za-z0-9])".encode())
_PACKED_OBJECTS = re.compile(f"/{_spelled('ObjStm')}(?![A-Za-z0-9])".encode())
_STREAM = re.compile(rb"stream\r?\n")
# Short tags happen by chance in 25 MiB of packed data; at the start they are what a sniffing reader sees.
_PAGE_AT_START = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php)|PK\x03\x04", re.I)
_PAGE = re.compile(rb"<(?:!doctype\s+html|script[\s>]|iframe[\s>]|\?php\s)", re.I)
_START = 2048
_TAIL = 2048
_MAX_OBJECT_STREAMS = 10_000
_MAX_DICTIONARY = 2_000
_MAX_UNPACKED_BYTES = 64 * 1024 * 1024

_BROKEN = _("Tệp PDF bị hỏng hoặc tải chưa đủ: hãy mở tệp gốc, in lại ra PDF rồi gửi lại.")
_TWO_FACED = _("Tệp PDF kèm nội dung dạng khác: hãy mở tệp, in lại ra PDF rồi gửi lại.")
_RUNS = _("Tệp PDF chứa mã chạy hoặc tệp đính kèm bên trong: hãy mở tệp, in lại ra PDF rồi gửi lại.")
_TOO_COMPLEX = _("Tệp PDF quá phức tạp: hãy mở tệp, in lại ra PDF rồi gửi lại.")


def check(data: bytes) -> None:
    """Refuse what is cut short, what is another format as well, and what runs or carries files."""
    end = data.rfind(b"%%EOF", max(0, len(data) - _TAIL))
    if end < 0:
        raise ValidationError(_BROKEN)
    after = data[end + len(b"%%EOF") :].strip(b"\0 \t\r\n")
    if after or _PAGE_AT_START.search(data, 0, _START) or _PAGE.search(data):
        raise ValidationError(_TWO_FACED)
    if _ACTIVE.search(data):
        raise ValidationError(_RUNS)
    _check_packed_objects(data)


def _check_packed_objects(data: bytes) -> None:
    found = list(islice(_PACKED_OBJECTS.finditer(data), _MAX_OBJECT_STREAMS + 1))
    if len(found) > _MAX_OBJECT_STREAMS:
        raise ValidationError(_TOO_COMPLEX)
    room = _MAX_UNPACKED_BYTES
    for name in found:
        begin = _STREAM.search(data, name.end(), name.end() + _MAX_DICTIONARY)
        if begin is None:
            continue
        try:
            objects = zlib.decompressobj().decompress(memoryview(data)[begin.end() :], room)
        except zlib.error:  # encrypted, or packed otherwise
            continue
        room -= len(objects)
        if room <= 0:
            raise ValidationError(_TOO_COMPLEX)
        if _ACTIVE.search(objects):
            raise ValidationError(_RUNS)
