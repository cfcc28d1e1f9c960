"""What a docx or xlsx must be. Raises ValidationError with one sentence that says what to do.

Every part is unpacked once, within limits, so that what is cut short, lies about its size or hides a program
is found here and not on a reader's machine. A link that a reader clicks may stay; what the program would
fetch by itself (a template, a linked picture, an OLE link) may not.
"""

import io
import struct
import zipfile
import zlib
from collections import Counter
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
_MAIN_TYPES = {
    _MAIN.format("wordprocessingml.document"): ("docx", "word/"),
    _MAIN.format("spreadsheetml.sheet"): ("xlsx", "xl/"),
}
_ACTIVE_TYPES = ("macroenabled", "vbaproject", "activex", "oleobject", "ms-office.vba", "controlproperties")
_ACTIVE_NAMES = ("vbaproject", "vbadata", "/activex/", "/macrosheets/", "/dialogsheets/")
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xd0\xcf\x11\xe0", b"\xca\xfe\xba\xbe", b"L\0\0\0\x01\x14\x02\0")
_PROGRAM_SUFFIXES = (
    ".exe", ".dll", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf",
    ".hta", ".jar", ".lnk", ".html", ".htm", ".mht", ".swf", ".zip", ".docm", ".xlsm", ".pptm",
)  # fmt: skip
_LINKS_A_READER_OPENS = ("/hyperlink", "/externallinkpath")
_MAX_PARTS = 5_000
_MAX_DIRECTORY_BYTES = 2 * 1024 * 1024
_MAX_UNPACKED_BYTES = 200 * 1024 * 1024
# A sheet of repeated cells packs well: only what is large as well is judged by the ratio.
_RATIO, _RATIO_FROM_BYTES = 250, 16 * 1024 * 1024
_MAX_XML_BYTES = 2 * 1024 * 1024
_MAX_RELATIONS_BYTES = 16 * 1024 * 1024
_PIECE = 1 << 18

_BROKEN = _("Tệp bị hỏng hoặc tải chưa đủ: hãy mở tệp gốc, lưu lại rồi gửi lại.")
_NOT_OFFICE = _("Chỉ nhận tệp PDF, JPEG, PNG, docx, xlsx; tệp nén thì hãy giải nén rồi chọn từng tệp.")
_STRANGE = _("Tệp có cấu trúc lạ: hãy mở bằng Word, Excel hoặc LibreOffice rồi lưu lại thành .docx, .xlsx.")
_TOO_LARGE = _("Tệp bung ra quá lớn: hãy chia nhỏ hoặc in ra PDF.")
_RUNS = _("Tệp chứa macro, chương trình hoặc đối tượng nhúng: hãy bỏ đi, hoặc in ra PDF rồi gửi lại.")
_FETCHES = _("Tệp tự gọi nội dung từ nơi khác: hãy ngắt các liên kết đó, hoặc in ra PDF rồi gửi lại.")


def check(data: bytes) -> str:
    """Return "docx" or "xlsx". The workbook behind a chart is checked like the file itself, once deep."""
    return _Package(_MAX_UNPACKED_BYTES).check(data)


class _Package:
    """One archive. `room` is how many bytes it and what is embedded in it may still unpack to."""

    def __init__(self, room: int, *, nested: bool = False):
        self.room, self.nested = room, nested

    def check(self, data: bytes) -> str:
        _check_directory(data)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                parts = archive.infolist()
                self._take_room(parts, len(data))
                _check_names(parts)
                parts = [part for part in parts if not part.is_dir()]
                kind = _main_kind(archive, parts)
                for part in parts:
                    self._check_part(archive, part)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as fault:
            raise ValidationError(_BROKEN) from fault
        except (RuntimeError, KeyError, struct.error) as fault:  # a password; a part that is not there
            raise ValidationError(_STRANGE) from fault
        return kind

    def _take_room(self, parts: list[zipfile.ZipInfo], packed: int) -> None:
        unpacked = sum(part.file_size for part in parts)
        relations = sum(part.file_size for part in parts if part.filename.casefold().endswith(".rels"))
        inflated = unpacked > _RATIO_FROM_BYTES and unpacked > packed * _RATIO
        self.room -= unpacked
        if len(parts) > _MAX_PARTS or self.room < 0 or inflated or relations > _MAX_RELATIONS_BYTES:
            raise ValidationError(_TOO_LARGE)

    def _check_part(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        name = part.filename.casefold()
        if name.endswith(".rels"):
            for tag, said in _elements(_read(archive, part)):
                if tag.endswith("Relationship"):
                    _check_relation(said)
        elif "/embeddings/" in name:
            if self.nested or not name.endswith((".xlsx", ".docx")):
                raise ValidationError(_RUNS)
            inner = _Package(self.room, nested=True)
            inner.check(_read(archive, part, most=_MAX_UNPACKED_BYTES))
            self.room = inner.room
        elif name.startswith("xl/externallinks/"):
            bare = _read(archive, part, most=_MAX_RELATIONS_BYTES).replace(b"\0", b"")
            if b"ddeLink" in bare or b"oleLink" in bare:
                raise ValidationError(_FETCHES)
        else:
            _read_through(archive, part)


def _check_directory(data: bytes) -> None:
    """Refuse a directory of a hundred thousand parts before it is read, and bytes after the end."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_600))
    if end < 0 or len(data) < end + 22:
        raise ValidationError(_BROKEN)
    entries, directory = struct.unpack("<HL", data[end + 10 : end + 16])
    # No file of 25 MiB needs the 64-bit directory, and `zipfile` would believe it over the short one.
    zip64 = data[max(0, end - 20) : end].startswith(b"PK\x06\x07")
    if len(data) != end + 22 or zip64 or b"%PDF-" in data[:1024]:
        raise ValidationError(_STRANGE)
    if entries > _MAX_PARTS or directory > _MAX_DIRECTORY_BYTES:
        raise ValidationError(_TOO_LARGE)


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    # `orig_filename` is what the file says; `filename` has been made harmless already.
    raw = [part.orig_filename for part in parts]
    if any(
        name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")
        for name in raw
    ):
        raise ValidationError(_STRANGE)
    names = [name.casefold() for name in raw]
    methods = {part.compress_type for part in parts} - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if methods or max(Counter(names).values(), default=0) > 1 or any(part.flag_bits & 1 for part in parts):
        raise ValidationError(_STRANGE)
    if any(mark in f"/{name}" for name in names for mark in _ACTIVE_NAMES) or any(
        name.endswith(_PROGRAM_SUFFIXES) for name in names
    ):
        raise ValidationError(_RUNS)


def _main_kind(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> str:
    """The kind that [Content_Types].xml gives the main part; macros and controls have types of their own."""
    types = next((part for part in parts if part.filename.casefold() == "[content_types].xml"), None)
    if types is None:
        raise ValidationError(_NOT_OFFICE)
    by_suffix, by_name = {}, {}
    for tag, said in _elements(_read(archive, types)):
        content_type = said.get("ContentType", "").strip().casefold()
        if tag.endswith("Default"):
            by_suffix[said.get("Extension", "").casefold()] = content_type
        elif tag.endswith("Override"):
            by_name[said.get("PartName", "").casefold().removeprefix("/")] = content_type
    found = set()
    for part in parts:
        name = part.filename.casefold()
        content_type = by_name.get(name, by_suffix.get(name.rpartition(".")[2], ""))
        if any(mark in content_type for mark in _ACTIVE_TYPES):
            raise ValidationError(_RUNS)
        kind, folder = _MAIN_TYPES.get(content_type, ("", ""))
        if kind and name.startswith(folder):
            found.add(kind)
    if len(found) != 1:
        raise ValidationError(_NOT_OFFICE)
    return found.pop()


def _check_relation(said: dict[str, str]) -> None:
    kind = said.get("Type", "").casefold()
    if kind.endswith("/afchunk"):  # a web page that Word takes in
        raise ValidationError(_RUNS)
    if said.get("TargetMode", "").casefold() == "external" and not kind.endswith(_LINKS_A_READER_OPENS):
        raise ValidationError(_FETCHES)


def _read_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack to the end: that checks the declared length and the CRC; no part is a program or a DOCTYPE."""
    with archive.open(part) as stream:
        piece = stream.read(_PIECE)
        if piece.startswith(_PROGRAMS):
            raise ValidationError(_RUNS)
        if part.filename.casefold().endswith(".xml") and b"<!DOCTYPE" in piece.replace(b"\0", b""):
            raise ValidationError(_STRANGE)
        while piece:
            piece = stream.read(_PIECE)


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int = _MAX_XML_BYTES) -> bytes:
    if part.file_size > most:
        raise ValidationError(_TOO_LARGE)
    with archive.open(part) as stream:
        return stream.read()


def _elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    """Tags with their attributes, in order. A DOCTYPE (entities that multiply) is refused."""
    found = []

    def refuse(*_said):
        raise ValidationError(_STRANGE)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, said: found.append((tag, said))
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as fault:
        raise ValidationError(_STRANGE) from fault
    return found
