"""Agreements between provinces, the joint plans under them, and the plans' areas of cooperation."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from cooperation.dates import DatePrecision, format_date
from cooperation.models.base import Published, Searchable, SearchableQuerySet, Sourced
from cooperation.models.institutions import Agency, Province
from cooperation.models.record import Record, kept_history, living, unique_living, with_deleted
from cooperation.permissions import PERMISSIONS, ScopedQuerySet, agency_line, runs_the_system


class DocumentQuerySet(ScopedQuerySet, SearchableQuerySet):
    def published(self):
        return self.filter(published=True)

    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Document(Searchable, Sourced, Published, Record):
    """A signed text: number, date, years, signatories as signed."""

    SORT_FIELD = "title"
    NUMBER_FIELD = "number"

    slug = models.SlugField(_("định danh"), max_length=80)
    number = models.CharField(_("số, ký hiệu"), max_length=60, blank=True, default="")
    title = models.CharField(_("tên"), max_length=300)
    signed_on = models.DateField(_("ngày ký"), null=True, blank=True)
    signed_precision = models.CharField(
        _("độ chính xác của ngày"), max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    signed_at = models.CharField(_("nơi ký"), max_length=200, blank=True, default="")
    start_year = models.PositiveSmallIntegerField(_("từ năm"), null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("đến năm"), null=True, blank=True)
    predecessor = models.ForeignKey(
        "self",
        verbose_name=_("tiếp nối"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="continuations",
    )

    class Meta:
        abstract = True

    def natural_key(self):
        return (self.slug,)

    @property
    def signed_label(self) -> str:
        return format_date(self.signed_on, self.signed_precision)

    @property
    def years_label(self) -> str:
        if self.start_year and self.end_year:
            return f"{self.start_year}-{self.end_year}"
        if self.start_year:
            return _gettext("từ năm %(year)s") % {"year": self.start_year}
        return ""


def years_in_order(model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{model}_years_in_order",
        condition=Q(start_year__isnull=True) | Q(end_year__isnull=True) | Q(end_year__gte=F("start_year")),
        violation_error_message=_("Năm kết thúc không được trước năm bắt đầu."),
    )


class Agreement(Document):
    """Thỏa thuận hợp tác between two or more provinces, or between their agencies."""

    class Level(models.TextChoices):
        PEOPLES_COMMITTEE = "ubnd", _("cấp tỉnh (UBND)")
        DEPARTMENT = "so", _("cấp sở")

    SEARCH_FIELDS = ("summary",)

    level = models.CharField(
        _("cấp ký"), max_length=10, choices=Level.choices, default=Level.PEOPLES_COMMITTEE
    )
    provinces = models.ManyToManyField(
        Province, verbose_name=_("các tỉnh"), related_name="agreements", blank=True
    )
    signatories = models.ManyToManyField(
        Agency, verbose_name=_("cơ quan ký"), related_name="signed_agreements", blank=True
    )
    summary = models.TextField(_("tóm tắt"), blank=True, default="")

    objects = living(DocumentQuerySet)
    with_deleted = with_deleted(DocumentQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("thỏa thuận")
        verbose_name_plural = _("thỏa thuận")
        ordering = ("-signed_on", "slug")
        default_permissions = PERMISSIONS
        constraints = [
            years_in_order("agreement"),
            unique_living("agreement_slug_once", ("slug",), _("Đã có thỏa thuận mang định danh này.")),
            unique_living(
                "agreement_number_once",
                ("number", "signed_on"),
                _("Đã có thỏa thuận mang số này, ký cùng ngày."),
                ~Q(number=""),
            ),
        ]

    def get_absolute_url(self):
        return reverse("agreement-detail", kwargs={"slug": self.slug})


class JointPlanQuerySet(DocumentQuerySet):
    def written_by(self, user):
        """Plans that `user` may put records into: those that the own line of agencies signed."""
        return self if runs_the_system(user) else self.filter(agencies__in=agency_line(user)).distinct()


class JointPlan(Document):
    """Kế hoạch liên tịch: signed by agencies to carry out an agreement; divided into areas."""

    SEARCH_FIELDS = ("purpose",)

    agreement = models.ForeignKey(
        Agreement,
        verbose_name=_("thỏa thuận"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plans",
    )
    agencies = models.ManyToManyField(Agency, verbose_name=_("cơ quan ký"), related_name="plans", blank=True)
    purpose = models.TextField(_("mục đích"), blank=True, default="")
    is_main = models.BooleanField(
        _("kế hoạch ở trang chủ"), default=False, help_text=_("Đúng một kế hoạch đứng ở trang chủ.")
    )
    is_demonstration = models.BooleanField(
        _("dữ liệu minh họa"),
        default=False,
        help_text=_("Mọi trang của kế hoạch mang dải “dữ liệu minh họa”."),
    )

    objects = living(JointPlanQuerySet)
    with_deleted = with_deleted(JointPlanQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("kế hoạch liên tịch")
        verbose_name_plural = _("kế hoạch liên tịch")
        ordering = ("-signed_on", "slug")
        default_permissions = PERMISSIONS
        constraints = [
            years_in_order("jointplan"),
            unique_living("jointplan_slug_once", ("slug",), _("Đã có kế hoạch mang định danh này.")),
            unique_living(
                "jointplan_one_main",
                ("is_main",),
                _("Đã có kế hoạch khác đứng ở trang chủ."),
                Q(is_main=True),
            ),
            models.CheckConstraint(
                name="jointplan_main_is_real",
                condition=Q(is_main=False) | Q(is_demonstration=False),
                violation_error_message=_("Kế hoạch minh họa không thể đứng ở trang chủ."),
            ),
        ]

    @property
    def url_kwargs(self) -> dict[str, str]:
        """What `reverse` needs for a page of this plan: nothing for the main plan, else its slug."""
        return {} if self.is_main else {"plan": self.slug}

    def get_absolute_url(self):
        return reverse("home", kwargs=self.url_kwargs)


class CooperationAreaQuerySet(ScopedQuerySet, SearchableQuerySet):
    def written_by(self, user):
        """Areas of the plans that `user` may put records into."""
        return self if runs_the_system(user) else self.filter(plan__in=JointPlan.objects.written_by(user))

    def published(self):
        return self.filter(published=True, plan__published=True)

    def get_by_natural_key(self, plan_slug, number):
        return self.get(plan__slug=plan_slug, number=number)


class CooperationArea(Searchable, Sourced, Published, Record):
    """Lĩnh vực, or numbered "nội dung phối hợp", of a plan."""

    SEARCH_FIELDS = ("summary", "subtopics")
    PUBLISHED_WITH = ("plan",)
    SORT_FIELD = "title"
    NUMBER_FIELD = "number"

    plan = models.ForeignKey(
        JointPlan, verbose_name=_("kế hoạch"), on_delete=models.PROTECT, related_name="areas"
    )
    number = models.PositiveSmallIntegerField(_("số"), validators=[MinValueValidator(1)])
    title = models.CharField(_("tên"), max_length=300)
    summary = models.TextField(_("nội dung"), blank=True, default="")
    subtopics = models.TextField(_("các việc"), blank=True, default="", help_text=_("Mỗi dòng một việc."))

    objects = living(CooperationAreaQuerySet)
    with_deleted = with_deleted(CooperationAreaQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("lĩnh vực")
        verbose_name_plural = _("lĩnh vực")
        ordering = ("plan", "number")
        default_permissions = PERMISSIONS
        constraints = [
            unique_living(
                "area_number_once_in_plan", ("plan", "number"), _("Kế hoạch đã có lĩnh vực mang số này.")
            ),
            models.CheckConstraint(
                name="area_number_from_1",
                condition=Q(number__gte=1),
                violation_error_message=_("Số lĩnh vực bắt đầu từ 1."),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"

    def natural_key(self):
        return (self.plan.slug, self.number)

    natural_key.dependencies = ["cooperation.jointplan"]

    def get_absolute_url(self):
        return reverse("area-detail", kwargs={**self.plan.url_kwargs, "number": self.number})
