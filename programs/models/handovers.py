"""Bàn giao: open work that moved from one agency to another on a day, and by which document."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperation.models import Agency
from programs.models.activity import Activity
from programs.models.reporting import OfActivityQuerySet
from programs.models.written_once import WrittenOnce, WrittenOnceQuerySet


class HandoverQuerySet(WrittenOnceQuerySet, OfActivityQuerySet):
    pass


class Handover(WrittenOnce):
    """Before `on` the activity was led by `from_agency`: "đơn vị lúc đó". Never changed."""

    activity = models.ForeignKey(
        Activity, verbose_name=_("hoạt động"), on_delete=models.PROTECT, related_name="handovers"
    )
    from_agency = models.ForeignKey(
        Agency, verbose_name=_("bên giao"), on_delete=models.PROTECT, related_name="handed_over"
    )
    to_agency = models.ForeignKey(
        Agency, verbose_name=_("bên nhận"), on_delete=models.PROTECT, related_name="taken_over"
    )
    on = models.DateField(_("từ ngày"))
    document = models.CharField(_("văn bản"), max_length=120, blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người ghi"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    objects = models.Manager.from_queryset(HandoverQuerySet)()

    class Meta:
        verbose_name = _("bàn giao")
        verbose_name_plural = _("bàn giao")
        ordering = ("activity", "on")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="handover_once_a_day",
                fields=("activity", "on"),
                violation_error_message=_("Hoạt động đã được bàn giao trong ngày này."),
            ),
            models.CheckConstraint(
                name="handover_between_two",
                condition=~models.Q(from_agency=models.F("to_agency")),
                violation_error_message=_("Bên giao và bên nhận phải là hai cơ quan."),
            ),
        ]

    def __str__(self):
        return f"{self.activity.code} · {self.on:%d/%m/%Y}"
