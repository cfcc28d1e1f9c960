"""Provinces and agencies, which merge without rewriting what they signed.

Validity is half-open, [valid_from, dissolved_on): `dissolved_on` is the first day without the body.
Records point to the body as signed for ever; only rights follow the successors (`acting_on`).
"""

import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from cooperation.models.base import Searchable, SearchableQuerySet, Sourced
from cooperation.models.record import Record, kept_history, living, unique_living, with_deleted
from cooperation.permissions import PERMISSIONS, ScopedQuerySet


class InstitutionQuerySet(ScopedQuerySet, SearchableQuerySet):
    def published(self):
        """All: a public body is public."""
        return self.all()

    def get_by_natural_key(self, slug):
        return self.get(slug=slug)

    def existing_on(self, on: datetime.date):
        """Bodies that existed on that day."""
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on)).filter(
            Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=on)
        )

    def acting_map(self, on: datetime.date) -> dict:
        """Map every body's id to the body that acts for it on `on`: one query for all."""
        bodies = {body.pk: body for body in self.model._default_manager.all()}
        acting = {}
        for body in bodies.values():
            current, seen = body, set()
            while (
                not current.exists_on(on)
                and current.successor_id
                and current.dissolved_on is not None
                and current.dissolved_on <= on
                and current.pk not in seen
            ):
                seen.add(current.pk)
                current = bodies[current.successor_id]
            acting[body.pk] = current
        return acting


class Institution(Searchable, Sourced, Record):
    """A public body with a lifetime and, where it was merged away, a successor."""

    slug = models.SlugField(_("định danh"), max_length=80)
    name = models.CharField(_("tên"), max_length=200)
    valid_from = models.DateField(_("có từ ngày"), null=True, blank=True)
    dissolved_on = models.DateField(
        _("thôi tồn tại từ ngày"), null=True, blank=True, help_text=_("Ngày đầu tiên không còn cơ quan này.")
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("kế thừa bởi"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )
    is_demonstration = models.BooleanField(_("dữ liệu minh họa"), default=False)

    class Meta:
        abstract = True

    def __str__(self):
        if self.dissolved_on is None:
            return self.display_name
        last = self.dissolved_on - datetime.timedelta(days=1)
        return _gettext("%(name)s (đến %(day)s)") % {"name": self.display_name, "day": f"{last:%d/%m/%Y}"}

    def natural_key(self):
        return (self.slug,)

    def exists_on(self, on: datetime.date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (
            self.dissolved_on is None or on < self.dissolved_on
        )

    def acting_on(self, on: datetime.date):
        """Return the body that holds this one's rights on `on`: itself, or its newest successor."""
        return type(self).objects.acting_map(on)[self.pk]

    def label_on(self, on: datetime.date, acting: dict | None = None) -> str:
        """Return the name, with "(nay là …)" where another body acts for it on `on`.

        `acting` is the result of `acting_map(on)`; pass it where many labels are made.
        """
        now = (acting or type(self).objects.acting_map(on))[self.pk]
        if now.pk == self.pk:
            return self.display_name
        words = {"name": self.display_name, "now": now.display_name}
        if self.display_name == now.display_name:
            return _gettext("%(name)s cũ (nay là %(now)s mới)") % words
        return _gettext("%(name)s (nay là %(now)s)") % words

    @property
    def display_name(self) -> str:
        return self.name


def institution_constraints(model: str) -> list:
    return [
        unique_living(f"{model}_slug_once", ("slug",), _("Đã có cơ quan mang định danh này.")),
        models.CheckConstraint(
            name=f"{model}_dissolved_after_founded",
            condition=Q(dissolved_on__isnull=True)
            | Q(valid_from__isnull=True)
            | Q(dissolved_on__gt=F("valid_from")),
            violation_error_message=_("Ngày thôi tồn tại phải sau ngày bắt đầu."),
        ),
        models.CheckConstraint(
            name=f"{model}_is_not_its_own_successor",
            condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
            violation_error_message=_("Một cơ quan không thể kế thừa chính mình."),
        ),
    ]


class Province(Institution):
    """Tỉnh, thành phố. Names and codes repeat over time (80: Long An, then the new Tây Ninh)."""

    class Kind(models.TextChoices):
        PROVINCE = "province", _("tỉnh")
        MUNICIPALITY = "municipality", _("thành phố trực thuộc trung ương")
        FOREIGN = "foreign_province", _("tỉnh nước ngoài")

    SEARCH_FIELDS = ("full_name",)
    NUMBER_FIELD = "code"

    full_name = models.CharField(_("tên đầy đủ"), max_length=200)
    kind = models.CharField(_("loại"), max_length=20, choices=Kind.choices, default=Kind.PROVINCE)
    code = models.CharField(
        _("mã"), max_length=5, blank=True, default="", help_text=_("Mã đơn vị hành chính; có thể dùng lại.")
    )

    objects = living(InstitutionQuerySet)
    with_deleted = with_deleted(InstitutionQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("tỉnh, thành phố")
        verbose_name_plural = _("tỉnh, thành phố")
        default_permissions = PERMISSIONS
        ordering = ("sort_key", "pk")
        constraints = [
            *institution_constraints("province"),
            unique_living(
                "province_code_once_per_start",
                ("code", "valid_from"),
                _("Đã có tỉnh mang mã này từ cùng ngày."),
                ~Q(code=""),
            ),
            unique_living(
                "province_code_once_without_start",
                ("code",),
                _("Đã có tỉnh mang mã này mà không có ngày bắt đầu."),
                Q(valid_from__isnull=True) & ~Q(code=""),
            ),
        ]

    @property
    def display_name(self) -> str:
        return self.full_name


class Agency(Institution):
    """Cơ quan, đơn vị: owns activities, signs plans, reports."""

    class Kind(models.TextChoices):
        PEOPLES_COMMITTEE = "ubnd", _("Ủy ban nhân dân")
        DEPARTMENT = "so", _("Sở")
        DIVISION = "phong", _("phòng chuyên môn")
        SERVICE_UNIT = "don_vi_su_nghiep", _("đơn vị sự nghiệp")
        MARKET_SURVEILLANCE = "qltt", _("quản lý thị trường")
        STEERING_COMMITTEE = "ban_chi_dao", _("ban chỉ đạo")
        MINISTRY = "bo", _("Bộ")
        CENTRAL_AUTHORITY = "cuc", _("cục thuộc Bộ")

    NUMBER_FIELD = "short_name"

    short_name = models.CharField(_("tên gọn"), max_length=80, blank=True, default="")
    kind = models.CharField(_("loại"), max_length=20, choices=Kind.choices)
    province = models.ForeignKey(
        Province,
        verbose_name=_("tỉnh"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agencies",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("cơ quan chủ quản"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="units",
    )
    role = models.TextField(_("chức năng trong hợp tác"), blank=True, default="")

    objects = living(InstitutionQuerySet)
    with_deleted = with_deleted(InstitutionQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("cơ quan")
        verbose_name_plural = _("cơ quan")
        default_permissions = PERMISSIONS
        ordering = ("sort_key", "pk")
        constraints = institution_constraints("agency")

    def get_absolute_url(self):
        return reverse("agency-detail", kwargs={"slug": self.slug})

    @property
    def called(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name
