"""What is reported about an activity: milestones and progress updates."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.dates import require_past, require_years
from cooperation.models import Agency, Record, kept_history, living, unique_living, with_deleted
from cooperation.permissions import CHANGE, PERMISSIONS, ScopedQuerySet
from programs.models.activity import Activity


class OfActivityQuerySet(ScopedQuerySet):
    """Rows that belong to whoever owns their activity."""

    def owned_by(self, agencies, action):
        return Q(activity__in=Activity.objects.filter(Activity.objects.all().owned_by(agencies, action)))


class MilestoneQuerySet(OfActivityQuerySet):
    def get_by_natural_key(self, code, due_on):
        return self.get(activity__code=code, due_on=due_on)


class Milestone(Record):
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

    objects = living(MilestoneQuerySet)
    with_deleted = with_deleted(MilestoneQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("mốc")
        verbose_name_plural = _("mốc")
        ordering = ("activity", "due_on")
        default_permissions = PERMISSIONS
        constraints = [
            unique_living(
                "milestone_once_a_day", ("activity", "due_on"), _("Hoạt động đã có một mốc cùng hạn.")
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
        require_years(self, "due_on", "done_on", "waived_on")
        require_past(self, "done_on", "waived_on")

    natural_key.dependencies = ["programs.activity"]


class ProgressUpdateQuerySet(ScopedQuerySet):
    def owned_by(self, agencies, action):
        """Each side writes its own reports. Of another agency's, only what its approver accepted is read."""
        activities = Activity.objects.all()
        own = Q(agency__in=agencies) | Q(
            agency__isnull=True,
            activity__in=Activity.objects.filter(activities.owned_by(agencies, CHANGE)),
        )
        if action == CHANGE:
            return own
        seen = Activity.objects.filter(activities.owned_by(agencies, action))
        return own | Q(status=ProgressUpdate.Status.ACCEPTED, activity__in=seen)

    def accepted(self, on: datetime.date):
        """Updates that the approver accepted and that took effect by that day (R1).

        The leading side's: what the other side reported stands beside the figure (confirmation.py).
        """
        return self.filter(status=ProgressUpdate.Status.ACCEPTED, effective_on__lte=on, is_counterpart=False)

    def newest_first(self):
        """The newest by effect; of two of one day, the one accepted later corrects the other."""
        return self.order_by("-effective_on", "-decided_at", "-pk")


class ProgressUpdate(Record):
    """Báo cáo tiến độ. Accepted updates are append-only: a correction is a new update."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("bản nháp")
        SUBMITTED = "submitted", _("chờ duyệt")
        ACCEPTED = "accepted", _("đã duyệt")
        RETURNED = "returned", _("trả lại")

    activity = models.ForeignKey(
        Activity, verbose_name=_("hoạt động"), on_delete=models.PROTECT, related_name="updates"
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan báo cáo"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="updates",
    )
    is_counterpart = models.BooleanField(
        _("của bên phối hợp"),
        default=False,
        editable=False,
        help_text=_("Báo cáo của tỉnh không chủ trì: đứng cạnh con số, không thay con số."),
    )
    effective_on = models.DateField(_("số liệu đến ngày"))
    milestones = models.ManyToManyField(
        Milestone, verbose_name=_("mốc đã hoàn thành"), related_name="updates", blank=True
    )
    completed_on = models.DateField(
        _("hoàn thành ngày"),
        null=True,
        blank=True,
        help_text=_("Chỉ ghi khi đã xong. Duyệt rồi, hoạt động chuyển sang “đã hoàn thành”."),
    )
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

    objects = living(ProgressUpdateQuerySet)
    with_deleted = with_deleted(ProgressUpdateQuerySet)
    history = kept_history()

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
        require_years(self, "effective_on", "completed_on")
        require_past(self, "effective_on", "completed_on")

    @property
    def is_answer(self) -> bool:
        """True where one person wrote and accepted it: the other side's answer to a completion
        (reporting/answering.py). Whoever writes a report does not accept it (workflow.accept)."""
        return (
            self.is_counterpart
            and self.decided_by_id is not None
            and self.decided_by_id == self.reported_by_id
        )

    def _require_not_accepted(self):
        """Raise ValidationError where the stored row is already accepted."""
        stored = type(self).objects.filter(pk=self.pk) if self.pk else type(self).objects.none()
        if stored.filter(status=self.Status.ACCEPTED).exists():
            raise ValidationError(_("Báo cáo đã duyệt không sửa, không xóa được: hãy lập báo cáo mới."))
