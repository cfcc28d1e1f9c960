"""Figures sealed at the end of a period, and the errata that later corrections add beside them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from programs.models.periods import ReportingPeriod
from programs.models.written_once import WrittenOnce, WrittenOnceQuerySet
from programs.periods.content import Sealed


class SealedQuerySet(WrittenOnceQuerySet):
    def published(self):
        return self.filter(period__plan__published=True, period__deleted_at__isnull=True)


class Snapshot(WrittenOnce):
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
    incomplete_reason = models.TextField(
        _("lý do chốt khi chưa đủ báo cáo"), blank=True, default="", help_text=_("Công khai cùng số liệu.")
    )

    objects = models.Manager.from_queryset(SealedQuerySet)()

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

    def get_absolute_url(self):
        return reverse("sealed-period", kwargs={"pk": self.pk})

    @cached_property
    def sealed(self) -> Sealed:
        return Sealed(self.content)


class ErratumQuerySet(WrittenOnceQuerySet):
    def published(self):
        return self.filter(snapshot__in=Snapshot.objects.published())


class Erratum(WrittenOnce):
    """Đính chính: what a later correction would change in sealed figures. Public, never changed."""

    snapshot = models.ForeignKey(
        Snapshot, verbose_name=_("số liệu đã chốt"), on_delete=models.PROTECT, related_name="errata"
    )
    number = models.PositiveSmallIntegerField(_("số"))
    reason = models.TextField(_("lý do"))
    document = models.CharField(_("văn bản"), max_length=120, blank=True, default="")
    content = models.TextField(_("thay đổi (JSON)"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người đính chính"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("đính chính lúc"))

    objects = models.Manager.from_queryset(ErratumQuerySet)()

    class Meta:
        verbose_name = _("đính chính")
        verbose_name_plural = _("đính chính")
        ordering = ("snapshot", "number")
        default_permissions = ("view", "export")
        constraints = [
            models.UniqueConstraint(name="erratum_number_once", fields=("snapshot", "number")),
            models.CheckConstraint(
                name="erratum_has_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Đính chính phải ghi lý do."),
            ),
        ]

    def __str__(self):
        return f"{self.snapshot.period} · {self.number}"
