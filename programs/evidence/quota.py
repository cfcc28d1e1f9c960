"""How much a user may store: living and deleted rows count, because both keep their files."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cooperation.models import User

_UNITS = ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"))


def used(user) -> int:
    return user.evidence(manager="with_deleted").aggregate(total=Sum("size"))["total"] or 0


def require_room(user, size: int) -> None:
    """Raise ValidationError where `size` more bytes are too many. Without a user nothing is counted.

    Inside a transaction the user's row is locked until its end: of two uploads at once the second waits, and
    counts the first. Outside one it is only an early word; the transaction that writes asks again.
    """
    if user is None or user.pk is None:
        return
    if connection.in_atomic_block:
        # no_key: rows that merely point at the user (history, reports) need not wait.
        list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
    limit, before = settings.PORTAL_EVIDENCE_QUOTA_BYTES, used(user)
    if before + size > limit:
        raise ValidationError(
            _(
                "Bạn đã dùng %(used)s trong %(limit)s dành cho minh chứng, không đủ chỗ cho %(size)s nữa: "
                "hãy nén tệp lại, hoặc nhờ quản trị tăng hạn mức."
            )
            % {"used": amount(before), "limit": amount(limit), "size": amount(size)}
        )


def amount(size: int) -> str:
    """1,8 GiB; 25 MiB; 800 byte."""
    for unit, name in _UNITS:
        if size >= unit:
            return f"{number_format(round(size / unit, 1), 1 if size % unit else 0)} {name}"
    return f"{size} byte"
