"""What the dates of an activity were before: earlier spans of suspension, and earlier terms.

The activity holds the newest of both. These rows let every earlier day be asked again (schedules.py).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cooperation.dates import DatePrecision, format_span, require_past, require_years, span_end
from cooperation.models import Record, kept_history, living, unique_living, with_deleted
from cooperation.permissions import PERMISSIONS
from programs.models.activity import Activity
from programs.models.reporting import OfActivityQuerySet


class Suspension(Record):
    """An earlier suspension, from its first day to the one before work went on (R9)."""

    activity = models.ForeignKey(
        Activity, verbose_name=_("hoạt động"), on_delete=models.CASCADE, related_name="suspensions"
    )
    suspended_on = models.DateField(_("tạm dừng từ ngày"))
    resumed_on = models.DateField(_("tiếp tục từ ngày"))
    document = models.CharField(_("văn bản"), max_length=120, blank=True, default="")

    objects = living(OfActivityQuerySet)
    with_deleted = with_deleted(OfActivityQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("lần tạm dừng trước")
        verbose_name_plural = _("các lần tạm dừng trước")
        ordering = ("activity", "suspended_on")
        default_permissions = PERMISSIONS
        constraints = [
            unique_living(
                "suspension_once_a_day",
                ("activity", "suspended_on"),
                _("Hoạt động đã có một lần tạm dừng từ ngày này."),
            ),
            models.CheckConstraint(
                name="suspension_dates_in_order",
                condition=Q(resumed_on__gte=F("suspended_on")),
                violation_error_message=_("Ngày tiếp tục không được trước ngày tạm dừng."),
            ),
        ]

    def __str__(self):
        return f"{self.suspended_on:%d/%m/%Y} – {self.resumed_on:%d/%m/%Y}"

    def clean(self):
        super().clean()
        require_years(self, "suspended_on", "resumed_on")
        require_past(self, "suspended_on", "resumed_on")


class ScheduleChange(Record):
    """Điều chỉnh thời hạn: before `on` the activity had these dates, from then on the next ones."""

    activity = models.ForeignKey(
        Activity, verbose_name=_("hoạt động"), on_delete=models.CASCADE, related_name="schedule_changes"
    )
    on = models.DateField(_("thời hạn mới từ ngày"))
    start_before = models.DateField(_("bắt đầu trước đó"), null=True, blank=True)
    due_before = models.DateField(_("hạn trước đó"), null=True, blank=True)
    precision_before = models.CharField(
        _("độ chính xác của ngày"), max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    document = models.CharField(_("văn bản"), max_length=120, blank=True, default="")

    objects = living(OfActivityQuerySet)
    with_deleted = with_deleted(OfActivityQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("lần điều chỉnh thời hạn")
        verbose_name_plural = _("các lần điều chỉnh thời hạn")
        ordering = ("activity", "on")
        default_permissions = PERMISSIONS
        constraints = [
            unique_living(
                "schedule_change_once_a_day",
                ("activity", "on"),
                _("Hoạt động đã có một lần điều chỉnh thời hạn từ ngày này."),
            ),
            models.CheckConstraint(
                name="schedule_change_dates_in_order",
                condition=Q(start_before__isnull=True)
                | Q(due_before__isnull=True)
                | Q(due_before__gte=F("start_before")),
                violation_error_message=_("Hạn hoàn thành không được trước ngày bắt đầu."),
            ),
        ]

    def __str__(self):
        return f"{self.on:%d/%m/%Y}: {self.before_label}"

    def clean(self):
        super().clean()
        require_years(self, "on", "start_before", "due_before")
        require_past(self, "on")
        self.due_before = span_end(self.due_before, self.precision_before)

    @property
    def before_label(self) -> str:
        """The dates that held before, as precisely as they were known."""
        return format_span(self.start_before, self.due_before, self.precision_before)
