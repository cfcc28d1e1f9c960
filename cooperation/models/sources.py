"""Where facts come from, and the facts that are context and never progress."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperation.dates import DatePrecision, format_date
from cooperation.models.base import Published, Searchable, SearchableQuerySet, Sourced
from cooperation.models.record import Record, kept_history, living, unique_living, with_deleted
from cooperation.permissions import PERMISSIONS, ScopedQuerySet


class SourceQuerySet(ScopedQuerySet, SearchableQuerySet):
    def published(self):
        """All: where a fact comes from is never hidden."""
        return self.all()

    def get_by_natural_key(self, code):
        return self.get(code=code)


class Source(Searchable, Record):
    """A page or document that a fact was read in."""

    SEARCH_FIELDS = ("publisher",)
    SORT_FIELD = "title"
    NUMBER_FIELD = "code"

    class Extent(models.TextChoices):
        FULL = "full", _("đọc toàn bộ")
        BEGINNING = "beginning", _("chỉ đọc được phần đầu")

    code = models.CharField(_("mã"), max_length=20)
    publisher = models.CharField(_("nơi đăng"), max_length=200)
    title = models.CharField(_("tên bài, văn bản"), max_length=300)
    url = models.URLField(_("địa chỉ"), max_length=600, blank=True, default="")
    dated_on = models.DateField(_("ngày đăng"), null=True, blank=True)
    date_precision = models.CharField(
        _("độ chính xác của ngày"), max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    extent = models.CharField(_("mức đọc"), max_length=10, choices=Extent.choices, default=Extent.FULL)

    objects = living(SourceQuerySet)
    with_deleted = with_deleted(SourceQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("nguồn")
        verbose_name_plural = _("nguồn")
        ordering = ("code",)
        default_permissions = PERMISSIONS
        constraints = [unique_living("source_code_once", ("code",), _("Đã có nguồn mang mã này."))]

    def __str__(self):
        return f"{self.publisher}: {self.title}"

    def natural_key(self):
        return (self.code,)

    @property
    def date_label(self) -> str:
        return format_date(self.dated_on, self.date_precision)


class BackgroundFactQuerySet(ScopedQuerySet, SearchableQuerySet):
    def published(self):
        return self.filter(published=True)

    def known_on(self, on):
        """Facts dated no later than `on`; facts without a date always."""
        return self.filter(models.Q(dated_on__lte=on) | models.Q(dated_on__isnull=True))

    def get_by_natural_key(self, code):
        return self.get(code=code)


class BackgroundFact(Searchable, Sourced, Published, Record):
    """A sourced fact about one province, or about its work with others: context, never progress."""

    class Relation(models.TextChoices):
        ONE_SIDE = "one_side", _("bối cảnh một tỉnh")
        NEIGHBOURING = "neighbouring", _("hợp tác với địa phương khác")
        SUCCESSOR = "successor", _("sau hợp nhất")
        MERGER = "merger", _("hợp nhất tỉnh")
        BILATERAL = "bilateral", _("giữa hai tỉnh")

    SEARCH_FIELDS = ("summary", "place")
    SORT_FIELD = "title"
    NUMBER_FIELD = "code"

    code = models.CharField(_("mã"), max_length=20)
    title = models.CharField(_("tiêu đề"), max_length=300)
    summary = models.TextField(_("nội dung"), blank=True, default="")
    relation = models.CharField(_("quan hệ"), max_length=20, choices=Relation.choices)
    areas = models.ManyToManyField(
        "cooperation.CooperationArea", verbose_name=_("lĩnh vực"), related_name="background", blank=True
    )
    agencies = models.ManyToManyField("cooperation.Agency", verbose_name=_("cơ quan"), blank=True)
    dated_on = models.DateField(_("ngày"), null=True, blank=True)
    date_precision = models.CharField(
        _("độ chính xác của ngày"), max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    place = models.CharField(_("nơi"), max_length=200, blank=True, default="")
    figures = models.JSONField(
        _("số liệu"),
        default=list,
        blank=True,
        help_text=_("Danh sách {label, value, unit, approx} như nguồn nêu."),
    )

    objects = living(BackgroundFactQuerySet)
    with_deleted = with_deleted(BackgroundFactQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("thông tin bối cảnh")
        verbose_name_plural = _("thông tin bối cảnh")
        ordering = ("-dated_on", "code")
        default_permissions = PERMISSIONS
        constraints = [unique_living("fact_code_once", ("code",), _("Đã có thông tin mang mã này."))]

    def natural_key(self):
        return (self.code,)

    natural_key.dependencies = ["cooperation.source", "cooperation.cooperationarea", "cooperation.agency"]

    @property
    def date_label(self) -> str:
        return format_date(self.dated_on, self.date_precision)
