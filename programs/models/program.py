"""Chương trình: groups activities of one area."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.models import (
    Agency,
    CooperationArea,
    Published,
    Record,
    Searchable,
    SearchableQuerySet,
    Sourced,
    kept_history,
    living,
    unique_living,
    with_deleted,
)
from cooperation.permissions import PERMISSIONS, ScopedQuerySet


class ProgramQuerySet(ScopedQuerySet, SearchableQuerySet):
    def published(self):
        return self.filter(published=True, area__published=True, area__plan__published=True)

    def get_by_natural_key(self, code):
        return self.get(code=code)


class Program(Searchable, Sourced, Published, Record):
    SEARCH_FIELDS = ("summary",)
    SORT_FIELD = "title"
    NUMBER_FIELD = "code"
    PUBLISHED_WITH = ("area",)

    area = models.ForeignKey(
        CooperationArea, verbose_name=_("lĩnh vực"), on_delete=models.PROTECT, related_name="programs"
    )
    code = models.SlugField(_("mã"), max_length=40)
    title = models.CharField(_("tên"), max_length=300)
    summary = models.TextField(_("tóm tắt"), blank=True, default="")
    lead_agency = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan chủ trì"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_programs",
    )
    start_on = models.DateField(_("bắt đầu"), null=True, blank=True)
    end_on = models.DateField(_("kết thúc"), null=True, blank=True)

    objects = living(ProgramQuerySet)
    with_deleted = with_deleted(ProgramQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("chương trình")
        verbose_name_plural = _("chương trình")
        ordering = ("sort_key", "pk")
        default_permissions = PERMISSIONS
        constraints = [
            unique_living("program_code_once", ("code",), _("Đã có chương trình mang mã này.")),
            models.CheckConstraint(
                name="program_dates_in_order",
                condition=Q(start_on__isnull=True) | Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")),
                violation_error_message=_("Ngày kết thúc không được trước ngày bắt đầu."),
            ),
        ]

    def natural_key(self):
        return (self.code,)

    natural_key.dependencies = ["cooperation.cooperationarea", "cooperation.agency"]

    def get_absolute_url(self):
        return reverse("program-detail", kwargs={**self.area.plan.url_kwargs, "code": self.code})
