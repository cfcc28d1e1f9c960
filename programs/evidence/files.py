"""What an evidence file must be: judged by content, cleaned where it can be, refused where it cannot.

`prepare` is the only way in: forms, the model's validator and `attach` all go through it. Every refusal is a
ValidationError with one Vietnamese sentence that says what to do.
"""

import hashlib
import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from cooperation.text import clean
from programs.evidence import images, office, pdf, quota, scanner

KINDS = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PICTURES = ("jpg", "png")
NAME_LENGTH = 200

_PDF, _JPEG, _PNG, _ZIP = b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PHONE = (b"ftyphei", b"ftyphev", b"ftypmif1", b"ftypmsf1", b"ftypavif")
_OTHER_PICTURES = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_PACKED = (b"PK\x05\x06", b"PK\x07\x08", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_OWN_SUFFIX = re.compile(r"\.(?:pdf|jpe?g|png|docx|xlsx)\Z", re.IGNORECASE)


class PreparedFile(ContentFile):
    """What may be stored. `name` is what a download is called; the stored name says nothing."""

    def __init__(self, data: bytes, name: str, kind: str):
        super().__init__(data, name=name)
        self.kind = kind
        self.sha256 = hashlib.sha256(data).hexdigest()


def prepare(upload: File, user) -> PreparedFile:
    """Return what to store of `upload`. Raises ValidationError.

    The outcome is kept on the upload: whoever asks again (the form, then the model) waits only once.
    Call it before a transaction begins: a picture takes seconds, and SQLite has one writer.
    """
    if isinstance(upload, PreparedFile):
        outcome = upload
    else:
        outcome = getattr(upload, "evidence_outcome", None)
        if outcome is None:
            try:
                outcome = _prepared(upload)
            except ValidationError as refusal:
                outcome = refusal
            upload.evidence_outcome = outcome
    if isinstance(outcome, ValidationError):
        raise outcome
    quota.require_room(user, outcome.size)
    return outcome


def _prepared(upload: File) -> PreparedFile:
    if upload.size > settings.PORTAL_EVIDENCE_MAX_BYTES:
        raise ValidationError(
            _("Tệp lớn hơn %(limit)s MiB: hãy nén lại hoặc tách ra.")
            % {"limit": settings.PORTAL_EVIDENCE_MAX_BYTES // 1024**2}
        )
    upload.seek(0)
    data = upload.read()
    upload.seek(0)
    kind = kind_of(data)
    scanner.require_clean(data)
    if kind in PICTURES:
        data = images.encoded_again(data, kind)
    elif kind == "pdf":
        pdf.check(data)
    else:
        kind = office.check(data)
    return PreparedFile(data, clean_name(upload.name or "", kind), kind)


def signed_kind(head: bytes) -> str:
    """The kind that the first bytes claim, "zip" for docx and xlsx, or ""."""
    signs = {"pdf": _PDF, "jpg": _JPEG, "png": _PNG, "zip": _ZIP}
    return next((kind for kind, sign in signs.items() if head.startswith(sign)), "")


def kind_of(data: bytes) -> str:
    """Like `signed_kind`, but what is none of ours is refused with what to do about it."""
    if kind := signed_kind(data):
        return kind
    if not data:
        raise ValidationError(_("Tệp trống: hãy chọn lại tệp."))
    if data[4:12].startswith(_PHONE):
        raise ValidationError(
            _(
                "Ảnh HEIC của điện thoại: hãy chọn ảnh dạng JPEG "
                "(cài đặt máy ảnh, mục định dạng, “Tương thích nhất”) rồi gửi lại."
            )
        )
    if data.startswith(_OLE):
        raise ValidationError(
            _("Tệp Office kiểu cũ hoặc có mật khẩu: hãy bỏ mật khẩu, lưu lại thành .docx hoặc .xlsx.")
        )
    if data.startswith(_PACKED):
        raise ValidationError(_("Tệp nén: hãy giải nén rồi chọn từng tệp bên trong."))
    if data.startswith(_OTHER_PICTURES):
        raise ValidationError(_("Ảnh không phải JPEG hay PNG: hãy lưu lại thành JPEG hoặc PNG."))
    raise ValidationError(
        _(
            "Chỉ nhận tệp PDF, JPEG, PNG, docx, xlsx; nội dung tệp này không phải vậy: "
            "hãy chọn tệp khác hoặc in tệp này ra PDF."
        )
    )


def clean_name(name: str, kind: str) -> str:
    """What a download is called: no path, no unseen or reversing characters, the suffix of its kind."""
    base = re.split(r"[/\\]", name)[-1]
    seen = (char for char in base if char.isspace() or unicodedata.category(char)[0] != "C")
    seen = _NOT_IN_NAMES.sub("_", clean("".join(seen)))
    suffix = _OWN_SUFFIX.search(seen)
    stem = (seen[: suffix.start()] if suffix else seen).strip(". ") or "minh-chung"
    return f"{stem[: NAME_LENGTH - len(kind) - 1].rstrip('. ')}.{kind}"
