"""Reporting periods, held as pairs of dates, and the figures sealed at their end.

Periods are data, never computed from a month's number: "quý II" runs from 15/3 to 14/6
(Nghị định 09/2019/NĐ-CP).
"""

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cooperation.models import JointPlan
from cooperation.permissions import PERMISSIONS, ScopedQuerySet


class ReportingPeriodQuerySet(ScopedQuerySet):
    def get_by_natural_key(self, plan_slug, kind, start_on):
        return self.get(plan__slug=plan_slug, kind=kind, start_on=start_on)

    def containing(self, on):
        """The periods that `on` closes or falls in, the shortest first (R6)."""
        days = ExpressionWrapper(F("end_on") - F("start_on"), output_field=models.DurationField())
        return self.filter(start_on__lte=on, end_on__gte=on).order_by(days, "-start_on", "pk")


class ReportingPeriod(models.Model):
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

    objects = models.Manager.from_queryset(ReportingPeriodQuerySet)()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("kỳ báo cáo")
        verbose_name_plural = _("kỳ báo cáo")
        ordering = ("plan", "-end_on", "kind")
        default_permissions = PERMISSIONS
        constraints = [
            models.UniqueConstraint(
                name="period_once",
                fields=("plan", "kind", "start_on"),
                violation_error_message=_("Kế hoạch đã có kỳ cùng loại bắt đầu ngày này."),
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


class Snapshot(models.Model):
    """Figures sealed at the end of a period: canonical JSON and its SHA-256. Never changed."""

    period = models.OneToOneField(
        ReportingPeriod, verbose_name=_("kỳ báo cáo"), on_delete=models.PROTECT, related_name="snapshot"
    )
    sealed_at = models.DateTimeField(_("chốt lúc"))
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người chốt"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    rule_version = models.PositiveSmallIntegerField(_("phiên bản quy tắc"))
    content = models.TextField(_("số liệu (JSON)"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("số liệu đã chốt")
        verbose_name_plural = _("số liệu đã chốt")
        ordering = ("-sealed_at",)
        default_permissions = ("view", "export")
        constraints = [
            models.CheckConstraint(name="snapshot_has_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$"))
        ]

    def __str__(self):
        return f"{self.period} · {self.sha256[:12]}"
