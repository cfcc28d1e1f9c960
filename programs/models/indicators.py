"""Chỉ tiêu: a measured figure with yearly targets and actual values (R13)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.models import (
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


class IndicatorQuerySet(ScopedQuerySet, SearchableQuerySet):
    def published(self):
        return self.filter(published=True, area__published=True, area__plan__published=True)

    def get_by_natural_key(self, code):
        return self.get(code=code)


class Indicator(Searchable, Sourced, Published, Record):
    class Aggregation(models.TextChoices):
        CUMULATIVE = "cumulative", _("lũy kế (lấy giá trị mới nhất)")
        PERIODIC = "periodic", _("theo kỳ (cộng các kỳ)")

    SEARCH_FIELDS = ("unit",)
    NUMBER_FIELD = "code"
    PUBLISHED_WITH = ("area",)

    area = models.ForeignKey(
        CooperationArea, verbose_name=_("lĩnh vực"), on_delete=models.PROTECT, related_name="indicators"
    )
    code = models.SlugField(_("mã"), max_length=40)
    name = models.CharField(_("tên chỉ tiêu"), max_length=300)
    unit = models.CharField(_("đơn vị"), max_length=40)
    aggregation = models.CharField(_("cách cộng"), max_length=12, choices=Aggregation.choices)
    is_ratio = models.BooleanField(
        _("là tỷ lệ"), default=False, help_text=_("Tỷ lệ giữ tử số và mẫu số, không bao giờ cộng phần trăm.")
    )
    baseline = models.DecimalField(_("giá trị đầu kỳ"), max_digits=20, decimal_places=4, default=0)
    target = models.DecimalField(_("đích cuối kỳ"), max_digits=20, decimal_places=4, null=True, blank=True)

    objects = living(IndicatorQuerySet)
    with_deleted = with_deleted(IndicatorQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("chỉ tiêu")
        verbose_name_plural = _("chỉ tiêu")
        ordering = ("sort_key", "pk")
        default_permissions = PERMISSIONS
        constraints = [unique_living("indicator_code_once", ("code",), _("Đã có chỉ tiêu mang mã này."))]

    def natural_key(self):
        return (self.code,)

    natural_key.dependencies = ["cooperation.cooperationarea"]


class IndicatorValueQuerySet(ScopedQuerySet):
    def get_by_natural_key(self, code, year):
        return self.get(indicator__code=code, year=year)


class IndicatorValue(Record):
    """One year of an indicator: its target and, once known, its actual value."""

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("chỉ tiêu"), on_delete=models.CASCADE, related_name="values"
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    target = models.DecimalField(_("kế hoạch"), max_digits=20, decimal_places=4, null=True, blank=True)
    actual = models.DecimalField(
        _("thực hiện"),
        max_digits=20,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Với tỷ lệ: tử số."),
    )
    denominator = models.DecimalField(
        _("mẫu số"), max_digits=20, decimal_places=4, null=True, blank=True, help_text=_("Chỉ với tỷ lệ.")
    )
    effective_on = models.DateField(_("số liệu đến ngày"), null=True, blank=True)

    objects = living(IndicatorValueQuerySet)
    with_deleted = with_deleted(IndicatorValueQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("giá trị chỉ tiêu")
        verbose_name_plural = _("giá trị chỉ tiêu")
        ordering = ("indicator", "year")
        default_permissions = PERMISSIONS
        constraints = [
            unique_living(
                "indicator_value_once_a_year", ("indicator", "year"), _("Chỉ tiêu đã có giá trị của năm này.")
            ),
            models.CheckConstraint(
                name="indicator_actual_has_date",
                condition=Q(actual__isnull=True) | Q(effective_on__isnull=False),
                violation_error_message=_("Giá trị thực hiện phải có ngày của số liệu."),
            ),
            models.CheckConstraint(
                name="indicator_denominator_positive",
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0),
                violation_error_message=_("Mẫu số phải lớn hơn 0."),
            ),
        ]

    def __str__(self):
        return f"{self.indicator_id} · {self.year}"

    def natural_key(self):
        return (self.indicator.code, self.year)

    natural_key.dependencies = ["programs.indicator"]
