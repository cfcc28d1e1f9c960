"""What a plain form of a page sent: text without what a database refuses, documents, keys."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cooperation.text import clean, clean_multiline

DOCUMENT_LENGTH = 120
_KEY_DIGITS = 18  # every database's big integer holds as many


def posted_text(request: HttpRequest, name: str) -> str:
    """Return the text in NFC, trimmed, without unseen characters: PostgreSQL refuses a NUL."""
    return clean_multiline(request.POST.get(name, ""))


def posted_document(request: HttpRequest, name: str) -> str:
    """Return the number of a document. Raises ValidationError where it is longer than a column holds."""
    document = clean(request.POST.get(name, ""))
    if len(document) > DOCUMENT_LENGTH:
        raise ValidationError(
            _("Số văn bản dài quá %s ký tự: hãy chỉ ghi số, ký hiệu và ngày.") % DOCUMENT_LENGTH
        )
    return document


def as_key(value: str) -> int:
    """Return a primary key, 0 for what cannot be one: no record has that."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= _KEY_DIGITS else 0
