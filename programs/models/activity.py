"""Hoạt động: what is being done, and the leaf that progress is counted from."""

import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.dates import DatePrecision, format_date, format_span, require_past, require_years, span_end
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
from cooperation.permissions import CHANGE, PERMISSIONS, ScopedQuerySet
from programs.models.program import Program

_DATES = ("added_on", "start_on", "due_on", "completed_on", "suspended_on", "resumed_on", "cancelled_on")


class ActivityQuerySet(ScopedQuerySet, SearchableQuerySet):
    def owned_by(self, agencies, action):
        """The lead agency writes; where none is named, every partner does. Partners read."""
        led = Q(lead_agency__in=agencies)
        partnered = Q(
            pk__in=self.model.partner_agencies.through.objects.filter(agency__in=agencies).values("activity")
        )
        if action == CHANGE:
            return led | (Q(lead_agency__isnull=True) & partnered)
        return led | partnered

    def published(self):
        return self.filter(published=True, area__published=True, area__plan__published=True)

    def get_by_natural_key(self, code):
        return self.get(code=code)

    def in_plan_on(self, on: datetime.date):
        """Activities that had been put into their plan by that day; without a date, since its signing."""
        signed = Q(area__plan__signed_on__isnull=True) | Q(area__plan__signed_on__lte=on)
        return self.filter(Q(added_on__lte=on) | Q(added_on__isnull=True) & signed)


class Activity(Searchable, Sourced, Published, Record):
    class Kind(models.TextChoices):
        ONE_OFF = "one_off", _("một lần")
        PERIODIC = "periodic", _("định kỳ theo mốc")
        CONTINUOUS = "continuous", _("thường xuyên")

    class Lifecycle(models.TextChoices):
        PLANNED = "planned", _("chưa thực hiện")
        IN_PROGRESS = "in_progress", _("đang thực hiện")
        COMPLETED = "completed", _("đã hoàn thành")
        SUSPENDED = "suspended", _("tạm dừng")
        CANCELLED = "cancelled", _("không thực hiện")

    class Form(models.TextChoices):
        SIGNING = "signing", _("ký kết")
        CONFERENCE = "conference", _("hội nghị, hội thảo")
        MEETING = "meeting", _("họp, làm việc")
        VISIT = "visit", _("thăm, khảo sát")
        FAIR = "fair", _("hội chợ, kết nối giao thương")
        MOU = "mou", _("ký bản ghi nhớ")
        REVIEW = "review", _("sơ kết, tổng kết, đánh giá")
        TRAINING = "training", _("tập huấn, trao đổi kinh nghiệm")
        SUPPORT = "support", _("hỗ trợ doanh nghiệp")
        INSPECTION = "inspection", _("thanh tra, kiểm tra")
        DIRECTION = "direction", _("chỉ đạo, định hướng")
        OTHER = "other", _("việc khác")

    SEARCH_FIELDS = ("summary", "place")
    SORT_FIELD = "title"
    NUMBER_FIELD = "code"
    PUBLISHED_WITH = ("area",)
    # What is nobody's but the activity's goes to the bin with it.
    DELETED_WITH = ("updates", "explanation_requests", "handovers")

    area = models.ForeignKey(
        CooperationArea,
        verbose_name=_("lĩnh vực chính"),
        on_delete=models.PROTECT,
        related_name="activities",
        help_text=_("Lĩnh vực chính tính tiến độ của hoạt động."),
    )
    further_areas = models.ManyToManyField(
        CooperationArea,
        verbose_name=_("lĩnh vực liên quan"),
        related_name="further_activities",
        blank=True,
        help_text=_("Chỉ liệt kê, không tính tiến độ."),
    )
    program = models.ForeignKey(
        Program,
        verbose_name=_("chương trình"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    code = models.SlugField(_("mã"), max_length=40, help_text=_("Mã cố định, dùng khi nhập và xuất dữ liệu."))
    title = models.CharField(_("tên hoạt động"), max_length=300)
    summary = models.TextField(_("nội dung"), blank=True, default="")
    kind = models.CharField(_("loại"), max_length=12, choices=Kind.choices, default=Kind.ONE_OFF)
    form = models.CharField(_("hình thức"), max_length=12, choices=Form.choices, default=Form.OTHER)
    place = models.CharField(_("nơi thực hiện"), max_length=200, blank=True, default="")
    lead_agency = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan chủ trì"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="led_activities",
    )
    partner_agencies = models.ManyToManyField(
        Agency, verbose_name=_("cơ quan phối hợp, tham gia"), related_name="partnered_activities", blank=True
    )
    weight = models.PositiveSmallIntegerField(_("trọng số"), default=1, validators=[MinValueValidator(1)])
    added_on = models.DateField(
        _("đưa vào kế hoạch ngày"), null=True, blank=True, help_text=_("Để trống: có từ khi ký kế hoạch.")
    )
    start_on = models.DateField(_("bắt đầu"), null=True, blank=True)
    due_on = models.DateField(_("hạn hoàn thành"), null=True, blank=True)
    date_precision = models.CharField(
        _("độ chính xác của ngày"), max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    lifecycle = models.CharField(
        _("tình trạng"), max_length=12, choices=Lifecycle.choices, default=Lifecycle.PLANNED
    )
    completed_on = models.DateField(_("hoàn thành ngày"), null=True, blank=True)
    suspended_on = models.DateField(_("tạm dừng từ ngày"), null=True, blank=True)
    resumed_on = models.DateField(_("tiếp tục từ ngày"), null=True, blank=True)
    cancelled_on = models.DateField(_("hủy ngày"), null=True, blank=True)
    cancellation_reason = models.TextField(_("lý do hủy"), blank=True, default="")
    cancellation_document = models.CharField(
        _("văn bản cho phép hủy"), max_length=120, blank=True, default="", help_text=_("Số, ký hiệu văn bản.")
    )
    indicator = models.ForeignKey(
        "programs.Indicator",
        verbose_name=_("chỉ tiêu quyết định tiến độ"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="driven_activities",
        help_text=_("Nếu chọn, phần trăm tính từ chỉ tiêu thay cho báo cáo."),
    )
    figures = models.JSONField(
        _("số liệu"), default=list, blank=True, help_text=_("Danh sách {label, value, unit, approx}.")
    )

    objects = living(ActivityQuerySet)
    with_deleted = with_deleted(ActivityQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("hoạt động")
        verbose_name_plural = _("hoạt động")
        ordering = ("sort_key", "pk")
        default_permissions = PERMISSIONS
        indexes = [
            models.Index(fields=("area", "lifecycle", "due_on"), name="activity_area_state_due"),
            models.Index(fields=("lead_agency", "lifecycle", "due_on"), name="activity_lead_state_due"),
        ]
        constraints = [
            unique_living("activity_code_once", ("code",), _("Đã có hoạt động mang mã này.")),
            models.CheckConstraint(
                name="activity_weight_from_1",
                condition=Q(weight__gte=1),
                violation_error_message=_("Trọng số là số nguyên từ 1 trở lên."),
            ),
            models.CheckConstraint(
                name="activity_dates_in_order",
                condition=Q(start_on__isnull=True) | Q(due_on__isnull=True) | Q(due_on__gte=F("start_on")),
                violation_error_message=_("Hạn hoàn thành không được trước ngày bắt đầu."),
            ),
            models.CheckConstraint(
                name="activity_completed_has_date",
                condition=Q(lifecycle="completed", completed_on__isnull=False)
                | (~Q(lifecycle="completed") & Q(completed_on__isnull=True)),
                violation_error_message=_(
                    "Hoạt động hoàn thành phải có ngày hoàn thành; chưa hoàn thành thì để trống ngày đó."
                ),
            ),
            models.CheckConstraint(
                name="activity_cancelled_has_date",
                condition=Q(lifecycle="cancelled", cancelled_on__isnull=False)
                | (~Q(lifecycle="cancelled") & Q(cancelled_on__isnull=True)),
                violation_error_message=_(
                    "Hoạt động không thực hiện phải có ngày hủy; nếu không hủy thì để trống ngày đó."
                ),
            ),
            models.CheckConstraint(
                name="activity_suspended_has_date",
                condition=~Q(lifecycle="suspended") | Q(suspended_on__isnull=False, resumed_on__isnull=True),
                violation_error_message=_(
                    "Hoạt động tạm dừng phải có ngày tạm dừng và chưa có ngày tiếp tục."
                ),
            ),
            models.CheckConstraint(
                name="activity_resumed_after_suspended",
                condition=Q(resumed_on__isnull=True)
                | Q(suspended_on__isnull=False, resumed_on__gte=F("suspended_on")),
                violation_error_message=_("Ngày tiếp tục không được trước ngày tạm dừng."),
            ),
        ]

    def natural_key(self):
        return (self.code,)

    natural_key.dependencies = [
        "cooperation.cooperationarea",
        "cooperation.agency",
        "programs.program",
        "programs.indicator",
    ]

    def __str__(self):
        return f"{self.code}: {self.title}"

    def get_absolute_url(self):
        return reverse("activity-detail", kwargs={**self.area.plan.url_kwargs, "code": self.code})

    def clean(self):
        super().clean()
        if self.program_id and self.area_id and self.program.area_id != self.area_id:
            raise ValidationError({"program": _("Chương trình này thuộc lĩnh vực khác.")})
        require_years(self, *_DATES)
        self.due_on = span_end(self.due_on, self.date_precision)
        self.completed_on = span_end(self.completed_on, self.date_precision)
        # The current month, known as such, ends in days to come.
        to_the_day = ("completed_on",) if self.date_precision == DatePrecision.DAY else ()
        require_past(self, *to_the_day, "suspended_on", "cancelled_on")

    @property
    def due_label(self) -> str:
        """The due day, month or year, as precisely as it is known."""
        return format_date(self.due_on, self.date_precision)

    @property
    def completed_label(self) -> str:
        """The day, month or year of completion, as precisely as it is known."""
        return format_date(self.completed_on, self.date_precision)

    @property
    def dates_label(self) -> str:
        """The span as known: one day, "từ … đến …", or that no date is known."""
        return format_span(self.start_on, self.due_on or self.completed_on, self.date_precision)
