"""Minh chứng: the files and document numbers behind a report."""

import uuid
import weakref

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.models import Record, kept_history, living, with_deleted
from programs.evidence import quota
from programs.evidence.files import prepare
from programs.models.activity import Activity
from programs.models.reporting import OfActivityQuerySet, ProgressUpdate


def validate_evidence(file) -> None:
    """Raise ValidationError unless the content, not the name, is of an allowed kind and size."""
    if not file._committed:
        prepare(file.file, None)


def evidence_path(evidence: "Evidence", filename: str) -> str:
    """Store under an unguessable name without a suffix; the view knows the original name."""
    return f"evidence/{evidence.uuid}"


class EvidenceQuerySet(OfActivityQuerySet):
    def owned_by(self, agencies, action):
        """What stands on an activity follows the activity, what stands on a report follows the report."""
        reports = ProgressUpdate.objects.all()
        of_report = Q(update__in=reports.filter(reports.owned_by(agencies, action)))
        return of_report | (Q(update__isnull=True) & super().owned_by(agencies, action))


class _Written:
    """A callback of the transaction that wrote a file. A rollback, also one to a savepoint, forgets its
    callbacks unrun: when this one goes so, the file goes with it."""

    def __init__(self, storage, name: str):
        self._remove = weakref.finalize(self, storage.delete, name)

    def __call__(self):
        self._remove.detach()


class Evidence(Record):
    """Minh chứng: a file, or the number of a document. Staff only; served through a view with rights."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity = models.ForeignKey(
        Activity, verbose_name=_("hoạt động"), on_delete=models.CASCADE, related_name="evidence"
    )
    update = models.ForeignKey(
        ProgressUpdate,
        verbose_name=_("báo cáo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="evidence",
    )
    title = models.CharField(_("tên"), max_length=200)
    document_number = models.CharField(_("số văn bản"), max_length=120, blank=True, default="")
    file = models.FileField(
        _("tệp"), upload_to=evidence_path, blank=True, default="", validators=[validate_evidence]
    )
    file_name = models.CharField(max_length=200, editable=False, blank=True, default="")
    size = models.PositiveIntegerField(_("dung lượng (byte)"), editable=False, default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False, blank=True, default="")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người thêm"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="evidence",
    )
    added_at = models.DateTimeField(_("thêm lúc"), auto_now_add=True)

    objects = living(EvidenceQuerySet)
    with_deleted = with_deleted(EvidenceQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("minh chứng")
        verbose_name_plural = _("minh chứng")
        ordering = ("-added_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="evidence_has_file_or_number",
                condition=~Q(file="") | ~Q(document_number=""),
                violation_error_message=_("Minh chứng cần một tệp hoặc số văn bản."),
            )
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        if not self.file or self.file._committed:
            super().save(*args, **kwargs)
            return
        prepared = prepare(self.file.file, self.added_by)
        with transaction.atomic():
            self._require_first_file()
            quota.require_room(self.added_by, prepared.size)
            self.file_name, self.size, self.sha256 = prepared.name, prepared.size, prepared.sha256
            self.file.save(prepared.name, prepared, save=False)
            transaction.on_commit(_Written(self.file.storage, self.file.name))
            super().save(*args, **kwargs)

    def _require_first_file(self):
        """What has been shown as evidence stays what it was. Raises ValidationError."""
        stored = type(self).with_deleted.filter(pk=self.pk) if self.pk else type(self).with_deleted.none()
        if stored.exclude(file="").exists():
            raise ValidationError(_("Tệp đã gắn thì không thay được: hãy thêm một minh chứng mới."))

    def get_absolute_url(self):
        return reverse("evidence-file", kwargs={"uuid": self.uuid})
