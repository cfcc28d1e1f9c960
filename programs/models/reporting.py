"""What is reported about an activity: milestones, progress updates, evidence."""

import datetime
import uuid

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cooperation.dates import require_past
from cooperation.permissions import PERMISSIONS, ScopedQuerySet
from cooperation.text import clean
from programs.models.activity import Activity


class OfActivityQuerySet(ScopedQuerySet):
    """Rows that belong to whoever owns their activity."""

    def owned_by(self, agencies, action):
        return Q(activity__in=Activity.objects.filter(Activity.objects.all().owned_by(agencies, action)))


class MilestoneQuerySet(OfActivityQuerySet):
    def get_by_natural_key(self, code, due_on):
        return self.get(activity__code=code, due_on=due_on)


class Milestone(models.Model):
    """Mốc: done, open, or waived with a reason and a document."""

    activity = models.ForeignKey(
        Activity, verbose_name=_("hoạt động"), on_delete=models.CASCADE, related_name="milestones"
    )
    title = models.CharField(_("tên mốc"), max_length=200)
    due_on = models.DateField(_("hạn"))
    done_on = models.DateField(_("hoàn thành ngày"), null=True, blank=True)
    waived_on = models.DateField(_("miễn từ ngày"), null=True, blank=True)
    waiver_reason = models.TextField(_("lý do miễn"), blank=True, default="")
    waiver_document = models.CharField(_("văn bản cho miễn"), max_length=120, blank=True, default="")

    objects = models.Manager.from_queryset(MilestoneQuerySet)()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("mốc")
        verbose_name_plural = _("mốc")
        ordering = ("activity", "due_on")
        default_permissions = PERMISSIONS
        constraints = [
            models.UniqueConstraint(
                name="milestone_once_a_day",
                fields=("activity", "due_on"),
                violation_error_message=_("Hoạt động đã có một mốc cùng hạn."),
            ),
            models.CheckConstraint(
                name="milestone_done_or_waived",
                condition=Q(done_on__isnull=True) | Q(waived_on__isnull=True),
                violation_error_message=_("Một mốc không thể vừa hoàn thành vừa được miễn."),
            ),
            models.CheckConstraint(
                name="milestone_waiver_is_documented",
                condition=Q(waived_on__isnull=True) | (~Q(waiver_reason="") & ~Q(waiver_document="")),
                violation_error_message=_("Mốc được miễn phải ghi lý do và số văn bản."),
            ),
        ]

    def __str__(self):
        return self.title

    def natural_key(self):
        return (self.activity.code, self.due_on)

    def clean(self):
        super().clean()
        require_past(self, "done_on", "waived_on")

    natural_key.dependencies = ["programs.activity"]


class ProgressUpdateQuerySet(OfActivityQuerySet):
    def accepted(self, on: datetime.date):
        """Updates that the approver accepted and that took effect by that day (R1)."""
        return self.filter(status=ProgressUpdate.Status.ACCEPTED, effective_on__lte=on)

    def newest_first(self):
        """The newest by effect; of two of one day, the one accepted later corrects the other."""
        return self.order_by("-effective_on", "-decided_at", "-pk")


class ProgressUpdate(models.Model):
    """Báo cáo tiến độ. Accepted updates are append-only: a correction is a new update."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("bản nháp")
        SUBMITTED = "submitted", _("chờ duyệt")
        ACCEPTED = "accepted", _("đã duyệt")
        RETURNED = "returned", _("trả lại")

    activity = models.ForeignKey(
        Activity, verbose_name=_("hoạt động"), on_delete=models.PROTECT, related_name="updates"
    )
    effective_on = models.DateField(_("số liệu đến ngày"))
    percent = models.DecimalField(
        _("tiến độ (%)"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("0 đến 100. Để trống với hoạt động thường xuyên hoặc tính theo mốc."),
    )
    results = models.TextField(_("kết quả"), blank=True, default="")
    difficulties = models.TextField(_("khó khăn, vướng mắc"), blank=True, default="")
    proposals = models.TextField(_("kiến nghị"), blank=True, default="")
    fall_reason = models.TextField(_("lý do giảm"), blank=True, default="")
    status = models.CharField(_("trạng thái"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người báo cáo"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reported_updates",
    )
    submitted_at = models.DateTimeField(_("gửi lúc"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người duyệt"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decided_updates",
    )
    decided_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True)
    return_note = models.TextField(_("ý kiến trả lại"), blank=True, default="")

    objects = models.Manager.from_queryset(ProgressUpdateQuerySet)()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("báo cáo tiến độ")
        verbose_name_plural = _("báo cáo tiến độ")
        ordering = ("-effective_on", "-pk")
        default_permissions = (*PERMISSIONS, "accept")
        indexes = [
            models.Index(fields=("activity", "status", "-effective_on"), name="update_latest_accepted")
        ]
        constraints = [
            models.CheckConstraint(
                name="update_percent_0_to_100",
                condition=Q(percent__isnull=True) | Q(percent__range=(0, 100)),
                violation_error_message=_("Tiến độ là số từ 0 đến 100."),
            ),
            models.CheckConstraint(
                name="update_decided_has_time",
                condition=~Q(status__in=("accepted", "returned")) | Q(decided_at__isnull=False),
                violation_error_message=_("Báo cáo đã duyệt hoặc trả lại phải có thời điểm."),
            ),
            models.CheckConstraint(
                name="update_return_has_note",
                condition=~Q(status="returned") | ~Q(return_note=""),
                violation_error_message=_("Trả lại báo cáo phải ghi ý kiến."),
            ),
        ]

    def __str__(self):
        return f"{self.activity.code} · {self.effective_on:%d/%m/%Y}"

    def save(self, *args, **kwargs):
        self._require_not_accepted()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        self._require_not_accepted()
        return super().delete(*args, **kwargs)

    def clean(self):
        super().clean()
        require_past(self, "effective_on")

    def _require_not_accepted(self):
        """Raise ValidationError where the stored row is already accepted."""
        stored = type(self).objects.filter(pk=self.pk) if self.pk else type(self).objects.none()
        if stored.filter(status=self.Status.ACCEPTED).exists():
            raise ValidationError(_("Báo cáo đã duyệt không sửa, không xóa được: hãy lập báo cáo mới."))


EVIDENCE_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
EVIDENCE_MAX_BYTES = 25 * 1024 * 1024


def validate_evidence(file) -> None:
    """Raise ValidationError unless the content, not the name, is of an allowed kind and size."""
    if file.size > EVIDENCE_MAX_BYTES:
        raise ValidationError(_("Tệp lớn hơn 25 MiB: hãy nén lại hoặc tách ra."))
    kind = filetype.guess_extension(file.read(8192))
    file.seek(0)
    if kind not in EVIDENCE_TYPES:
        raise ValidationError(_("Chỉ nhận tệp PDF, JPEG, PNG, docx, xlsx; nội dung tệp này không phải vậy."))


def evidence_path(evidence: "Evidence", filename: str) -> str:
    """Store under an unguessable name without a suffix; the view knows the original name."""
    return f"evidence/{evidence.uuid}"


class Evidence(models.Model):
    """Minh chứng: a file, or the number of a document. Staff only; served through a view with rights."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity = models.ForeignKey(
        Activity, verbose_name=_("hoạt động"), on_delete=models.CASCADE, related_name="evidence"
    )
    title = models.CharField(_("tên"), max_length=200)
    document_number = models.CharField(_("số văn bản"), max_length=120, blank=True, default="")
    file = models.FileField(
        _("tệp"), upload_to=evidence_path, blank=True, default="", validators=[validate_evidence]
    )
    file_name = models.CharField(max_length=200, editable=False, blank=True, default="")
    added_at = models.DateTimeField(_("thêm lúc"), auto_now_add=True)

    objects = models.Manager.from_queryset(OfActivityQuerySet)()
    history = HistoricalRecords()

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
        if self.file and not self.file._committed:
            self.file_name = clean(self.file.name)[:200]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("evidence-file", kwargs={"uuid": self.uuid})
