"""Attaches evidence to an activity, or to one of its reports."""

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from cooperation.text import clean
from programs.evidence.files import prepare
from programs.models import Activity, Evidence, ProgressUpdate


def attach(
    *,
    activity: Activity,
    update: ProgressUpdate | None,
    file: File | None,
    title: str,
    document_number: str,
    user,
) -> Evidence:
    """Write one row, and its file where there is one; both or neither. Raises ValidationError.

    The caller has checked that `user` may write here. A form calls `prepare` in its own clean, before a
    transaction; what it returns can be given here.
    """
    if update is not None and update.activity_id != activity.pk:
        raise ValidationError(_("Báo cáo không thuộc hoạt động này: hãy mở lại trang."))
    prepared = prepare(file, user) if file else None
    evidence = Evidence(
        activity=activity,
        update=update,
        title=clean(title)[:200] or (prepared.name if prepared else ""),
        document_number=clean(document_number),
        added_by=user,
    )
    if prepared:
        evidence.file = prepared
    with transaction.atomic():
        evidence.full_clean()
        evidence.save()
    return evidence
