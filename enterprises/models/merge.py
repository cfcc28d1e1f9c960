"""Gộp doanh nghiệp: two records that are one firm, made one, and what it takes to make them two again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cooperation.permissions import ScopedQuerySet
from enterprises.models.enterprise import Enterprise


class EnterpriseMergeQuerySet(ScopedQuerySet):
    def standing(self):
        """Merges that nobody has undone."""
        return self.filter(undone_at__isnull=True)


class EnterpriseMerge(models.Model):
    """Written by enterprises/merging.py alone.

    `moved` lists [key of the memorandum, side]. `kept_before` and `kept_after` are what the merge found and
    left on the kept record (other_names, tax_code, personal_number, province_id): they tell apart what staff
    wrote afterwards.
    """

    kept = models.ForeignKey(
        Enterprise, verbose_name=_("bản ghi được giữ"), on_delete=models.PROTECT, related_name="merges"
    )
    merged = models.ForeignKey(
        Enterprise, verbose_name=_("bản ghi đã gộp"), on_delete=models.PROTECT, related_name="own_merges"
    )
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người gộp"), on_delete=models.PROTECT, related_name="+"
    )
    merged_at = models.DateTimeField(_("lúc gộp"), auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người bỏ gộp"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("lúc bỏ gộp"), null=True, blank=True)
    reason = models.TextField(_("lý do"), blank=True, default="")
    moved = models.JSONField(_("bản ghi nhớ đã chuyển"), default=list)
    kept_before = models.JSONField(_("bản ghi được giữ trước khi gộp"), default=dict)
    kept_after = models.JSONField(_("bản ghi được giữ sau khi gộp"), default=dict)

    objects = models.Manager.from_queryset(EnterpriseMergeQuerySet)()

    class Meta:
        verbose_name = _("lần gộp doanh nghiệp")
        verbose_name_plural = _("các lần gộp doanh nghiệp")
        ordering = ("-merged_at", "-pk")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="enterprise_merge_of_two",
                condition=~Q(kept=F("merged")),
                violation_error_message=_("Một doanh nghiệp không gộp được vào chính nó."),
            ),
            models.UniqueConstraint(
                name="enterprise_merged_once",
                fields=("merged",),
                condition=Q(undone_at__isnull=True),
                violation_error_message=_("Doanh nghiệp này đã được gộp."),
            ),
        ]

    def __str__(self):
        return f"{self.merged.name} → {self.kept.name}"
