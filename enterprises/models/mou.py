"""Bản ghi nhớ: what two enterprises signed under a plan.

Value and volume are public only where `value_is_public` says that both sides agreed. Representatives,
phones and addresses are kept for staff and never public (Luật 91/2025/QH15).
"""

import hashlib
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.models import (
    Agency,
    CooperationArea,
    JointPlan,
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
from cooperation.text import fold
from enterprises.models.enterprise import Enterprise
from programs.models import Activity


class MOUQuerySet(ScopedQuerySet, SearchableQuerySet):
    def owned_by(self, agencies, action):
        return Q(agency__in=agencies)

    def published(self):
        """Memoranda whose plan, area and both parties are public too."""
        return self.filter(
            published=True,
            plan__published=True,
            area__published=True,
            party_a__published=True,
            party_b__published=True,
            party_a__merged_into__isnull=True,
            party_b__merged_into__isnull=True,
        )

    def signed_by(self, on):
        """Memoranda signed no later than that day."""
        return self.filter(signed_on__lte=on)


class MOU(Searchable, Sourced, Published, Record):
    class Status(models.TextChoices):
        SIGNED = "signed", _("đã ký")
        IN_PROGRESS = "in_progress", _("đang thực hiện")
        CONTRACTED = "contracted", _("đã ký hợp đồng")
        EXPIRED = "expired", _("hết hạn")
        TERMINATED = "terminated", _("chấm dứt")

    SORT_FIELD = "parties"
    NUMBER_FIELD = "number"
    PUBLISHED_WITH = ("plan", "area", "party_a", "party_b")

    plan = models.ForeignKey(
        JointPlan, verbose_name=_("kế hoạch"), on_delete=models.PROTECT, related_name="mous"
    )
    area = models.ForeignKey(
        CooperationArea, verbose_name=_("lĩnh vực"), on_delete=models.PROTECT, related_name="mous"
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan quản lý"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mous",
        help_text=_("Cơ quan giữ và sửa bản ghi."),
    )
    number = models.CharField(_("số bản ghi nhớ"), max_length=60, blank=True, default="")
    signed_on = models.DateField(_("ngày ký"))
    signed_at = models.CharField(_("nơi ký"), max_length=200, blank=True, default="")
    event = models.CharField(_("sự kiện"), max_length=300, blank=True, default="")
    activity = models.ForeignKey(
        Activity,
        verbose_name=_("ký tại hoạt động"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mous",
    )
    party_a = models.ForeignKey(
        Enterprise,
        verbose_name=_("bên A"),
        on_delete=models.PROTECT,
        related_name="mous_as_a",
        limit_choices_to={"merged_into__isnull": True},
    )
    party_a_address = models.CharField(_("địa chỉ bên A"), max_length=300, blank=True, default="")
    party_a_representative = models.CharField(_("đại diện bên A"), max_length=200, blank=True, default="")
    party_a_phone = models.CharField(_("điện thoại bên A"), max_length=60, blank=True, default="")
    party_b = models.ForeignKey(
        Enterprise,
        verbose_name=_("bên B"),
        on_delete=models.PROTECT,
        related_name="mous_as_b",
        limit_choices_to={"merged_into__isnull": True},
    )
    party_b_address = models.CharField(_("địa chỉ bên B"), max_length=300, blank=True, default="")
    party_b_representative = models.CharField(_("đại diện bên B"), max_length=200, blank=True, default="")
    party_b_phone = models.CharField(_("điện thoại bên B"), max_length=60, blank=True, default="")
    content = models.TextField(_("nội dung hợp tác"), blank=True, default="")
    products = models.CharField(_("sản phẩm"), max_length=300, blank=True, default="")
    quantity = models.CharField(_("sản lượng"), max_length=120, blank=True, default="")
    value = models.DecimalField(_("giá trị"), max_digits=20, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("đơn vị tiền"), max_length=3, default="VND")
    value_is_public = models.BooleanField(_("hai bên đồng ý công khai giá trị, sản lượng"), default=False)
    effective_on = models.DateField(_("ngày hiệu lực"), null=True, blank=True)
    expires_on = models.DateField(_("ngày hết hạn"), null=True, blank=True)
    status = models.CharField(_("tình trạng"), max_length=12, choices=Status.choices, default=Status.SIGNED)
    realised_value = models.DecimalField(
        _("giá trị thực hiện"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    result = models.TextField(_("kết quả"), blank=True, default="")
    identity_key = models.CharField(max_length=90, editable=False, db_index=True)

    objects = living(MOUQuerySet)
    with_deleted = with_deleted(MOUQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("bản ghi nhớ")
        verbose_name_plural = _("bản ghi nhớ")
        ordering = ("-signed_on", "-pk")
        default_permissions = PERMISSIONS
        indexes = [models.Index(fields=("plan", "area", "-signed_on"), name="mou_plan_area_signed")]
        constraints = [
            unique_living(
                "mou_number_once_in_plan",
                ("plan", "number"),
                _("Kế hoạch đã có bản ghi nhớ mang số này."),
                ~Q(number=""),
            ),
            unique_living(
                "mou_identity_once_in_plan",
                ("plan", "identity_key"),
                _("Đã có bản ghi nhớ cùng hai bên, cùng ngày ký, cùng nội dung."),
                Q(number=""),
            ),
            models.CheckConstraint(
                name="mou_parties_differ",
                condition=~Q(party_a=F("party_b")),
                violation_error_message=_("Bên A và bên B phải là hai doanh nghiệp khác nhau."),
            ),
            models.CheckConstraint(
                name="mou_expires_after_signing",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("signed_on")),
                violation_error_message=_("Ngày hết hạn không được trước ngày ký."),
            ),
            models.CheckConstraint(
                name="mou_values_not_negative",
                condition=(Q(value__isnull=True) | Q(value__gte=0))
                & (Q(realised_value__isnull=True) | Q(realised_value__gte=0)),
                violation_error_message=_("Giá trị không được âm."),
            ),
            models.CheckConstraint(
                name="mou_currency_code",
                condition=Q(currency__regex=r"^[A-Z]{3}$"),
                violation_error_message=_("Đơn vị tiền là mã ba chữ, ví dụ VND, USD."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def parties(self) -> str:
        return f"{self.party_a.name} – {self.party_b.name}"

    @property
    def title(self) -> str:
        """The number where there is one, and the two parties."""
        return f"{self.number}: {self.parties}" if self.number else self.parties

    def get_absolute_url(self):
        return reverse("mou-detail", kwargs={**self.plan.url_kwargs, "pk": self.pk})

    def search_parts(self):
        """Public words only: what staff alone may see must not be found by a public search."""
        names = [self.party_a.other_names, self.party_b.other_names]
        return [*names, self.event, self.content, self.products]

    def prepare(self):
        super().prepare()
        self.identity_key = identity_key(self.party_a_id, self.party_b_id, self.signed_on, self.content)

    def clean(self):
        super().clean()
        if self.area_id and self.plan_id and self.area.plan_id != self.plan_id:
            raise ValidationError({"area": _("Lĩnh vực này thuộc kế hoạch khác.")})
        if self.activity_id and self.plan_id and self.activity.area.plan_id != self.plan_id:
            raise ValidationError({"activity": _("Hoạt động này thuộc kế hoạch khác.")})
        for side in ("party_a", "party_b"):
            self._require_same_world(side)

    def _require_same_world(self, side: str) -> None:
        """Invented and real enterprises never meet in one memorandum."""
        if None in (self.plan_id, getattr(self, f"{side}_id")):
            return
        if getattr(self, side).is_demonstration != self.plan.is_demonstration:
            raise ValidationError(
                {side: _("Kế hoạch và doanh nghiệp phải cùng là thật hoặc cùng là minh họa.")}
            )


def identity_key(party_a: int, party_b: int, signed_on, content: str) -> str:
    """Return what makes a memorandum without a number the same: unordered pair, day, folded content."""
    first, second = (party_a, party_b) if party_a < party_b else (party_b, party_a)
    return f"{first}:{second}:{signed_on.isoformat()}:{content_key(content)}"


@lru_cache(maxsize=20_000)
def content_key(content: str) -> str:
    """The folded content as a short digest; a sheet asks for each several times."""
    return hashlib.sha256(fold(content).encode()).hexdigest()[:24]
