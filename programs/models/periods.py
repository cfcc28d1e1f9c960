"""Reporting periods, held as pairs of dates, and what an agency sends at their end.

Periods are data, never computed from a month's number: "quý II" runs from 15/3 to 14/6
(Nghị định 09/2019/NĐ-CP).
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.models import Agency, JointPlan, Record, kept_history, living, unique_living, with_deleted
from cooperation.permissions import PERMISSIONS, ScopedQuerySet
from programs.models.written_once import WrittenOnce, WrittenOnceQuerySet


class ReportingPeriodQuerySet(ScopedQuerySet):
    def get_by_natural_key(self, plan_slug, kind, start_on):
        return self.get(plan__slug=plan_slug, kind=kind, start_on=start_on)

    def published(self):
        return self.filter(plan__published=True)

    def containing(self, on):
        """The periods that `on` closes or falls in, the shortest first (R6)."""
        days = ExpressionWrapper(F("end_on") - F("start_on"), output_field=models.DurationField())
        return self.filter(start_on__lte=on, end_on__gte=on).order_by(days, "-start_on", "pk")


class ReportingPeriod(Record):
    class Kind(models.TextChoices):
        MONTH = "month", _("tháng")
        QUARTER = "quarter", _("quý")
        HALF_YEAR = "half_year", _("6 tháng")
        NINE_MONTHS = "nine_months", _("9 tháng")
        YEAR = "year", _("năm")

    plan = models.ForeignKey(
        JointPlan, verbose_name=_("kế hoạch"), on_delete=models.PROTECT, related_name="periods"
    )
    kind = models.CharField(_("loại kỳ"), max_length=12, choices=Kind.choices)
    label = models.CharField(_("tên kỳ"), max_length=60)
    start_on = models.DateField(_("số liệu từ ngày"))
    end_on = models.DateField(_("chốt số liệu ngày"))
    due_on = models.DateField(_("hạn gửi báo cáo"), null=True, blank=True)

    objects = living(ReportingPeriodQuerySet)
    with_deleted = with_deleted(ReportingPeriodQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("kỳ báo cáo")
        verbose_name_plural = _("kỳ báo cáo")
        ordering = ("plan", "-end_on", "kind")
        default_permissions = (*PERMISSIONS, "seal")
        constraints = [
            unique_living(
                "period_once",
                ("plan", "kind", "start_on"),
                _("Kế hoạch đã có kỳ cùng loại bắt đầu hôm ấy."),
            ),
            models.CheckConstraint(
                name="period_dates_in_order",
                condition=Q(end_on__gte=F("start_on")),
                violation_error_message=_("Ngày chốt không được trước ngày bắt đầu."),
            ),
        ]

    def __str__(self):
        return self.label

    def natural_key(self):
        return (self.plan.slug, self.kind, self.start_on)

    natural_key.dependencies = ["cooperation.jointplan"]

    def get_absolute_url(self):
        return reverse("period-detail", kwargs={"pk": self.pk})

    def save(self, *args, **kwargs):
        self._require_not_sealed()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        self._require_not_sealed()
        return super().delete(*args, **kwargs)

    @property
    def is_sealed(self) -> bool:
        return getattr(self, "snapshot", None) is not None

    def _require_not_sealed(self):
        """The dates of a sealed period are part of its figures: raise ValidationError."""
        if not self._state.adding and type(self).objects.filter(pk=self.pk, snapshot__isnull=False).exists():
            raise ValidationError(_("Kỳ đã chốt số liệu: không sửa, không xóa được."))


class PeriodReportQuerySet(WrittenOnceQuerySet):
    def owned_by(self, agencies, action):
        return Q(agency__in=agencies)


class PeriodReport(WrittenOnce):
    """An agency's word that its part of a period is complete. Sent once; what it says is never changed."""

    period = models.ForeignKey(
        ReportingPeriod, verbose_name=_("kỳ báo cáo"), on_delete=models.PROTECT, related_name="reports"
    )
    agency = models.ForeignKey(
        Agency, verbose_name=_("cơ quan"), on_delete=models.PROTECT, related_name="period_reports"
    )
    note = models.TextField(_("ghi chú"), blank=True, default="")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người gửi"), on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(_("gửi lúc"))

    objects = models.Manager.from_queryset(PeriodReportQuerySet)()

    class Meta:
        verbose_name = _("báo cáo kỳ")
        verbose_name_plural = _("báo cáo kỳ")
        ordering = ("period", "sent_at")
        default_permissions = ("view", "add")
        constraints = [
            models.UniqueConstraint(
                name="period_report_once",
                fields=("period", "agency"),
                violation_error_message=_("Cơ quan đã gửi báo cáo của kỳ này."),
            )
        ]

    def __str__(self):
        return f"{self.period} · {self.agency.called}"
