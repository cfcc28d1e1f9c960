"""Doanh nghiệp: the same by tax code, else by its folded, expanded name within its province."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.models import (
    Province,
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
from cooperation.text import slug
from enterprises.names import name_key
from enterprises.tax_codes import validate_personal_number, validate_tax_code


class EnterpriseQuerySet(ScopedQuerySet, SearchableQuerySet):
    def published(self):
        return self.unmerged().filter(published=True)

    def unmerged(self):
        """Records that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def get_by_natural_key(self, key, province_slug):
        """The living record of that name and province; a merged one may bear them as well."""
        rows = self.filter(name_key=key)
        rows = rows.filter(province__slug=province_slug) if province_slug else rows.filter(province=None)
        return rows.unmerged().get() if rows.unmerged().exists() else rows.get()


class Enterprise(Searchable, Sourced, Published, Record):
    SEARCH_FIELDS = ("other_names",)
    NUMBER_FIELD = "tax_code"

    name = models.CharField(_("tên"), max_length=300)
    other_names = models.TextField(_("tên khác"), blank=True, default="", help_text=_("Mỗi dòng một tên."))
    name_key = models.CharField(max_length=300, editable=False, db_index=True)
    tax_code = models.CharField(
        _("mã số thuế"), max_length=14, blank=True, default="", validators=[validate_tax_code]
    )
    personal_number = models.CharField(
        _("số định danh cá nhân"),
        max_length=12,
        blank=True,
        default="",
        validators=[validate_personal_number],
        help_text=_("Của hộ kinh doanh, khi không có mã số thuế riêng. Chỉ lưu nội bộ, không công khai."),
    )
    province = models.ForeignKey(
        Province,
        verbose_name=_("tỉnh"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="enterprises",
        help_text=_("Tỉnh khi ký; tỉnh hiện nay suy ra từ việc hợp nhất."),
    )
    is_demonstration = models.BooleanField(_("dữ liệu minh họa"), default=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("đã gộp vào"),
        null=True,
        blank=True,
        editable=False,  # enterprises/merging.py alone writes it, with the memoranda
        on_delete=models.PROTECT,
        related_name="merged",
    )

    objects = living(EnterpriseQuerySet)
    with_deleted = with_deleted(EnterpriseQuerySet)
    history = kept_history()

    class Meta:
        verbose_name = _("doanh nghiệp")
        verbose_name_plural = _("doanh nghiệp")
        ordering = ("sort_key", "pk")
        default_permissions = PERMISSIONS
        constraints = [
            unique_living(
                "enterprise_tax_code_once",
                ("tax_code", "is_demonstration"),
                _("Đã có doanh nghiệp mang mã số thuế này."),
                ~Q(tax_code="") & Q(merged_into__isnull=True),
            ),
            unique_living(
                "enterprise_personal_number_once",
                ("personal_number", "is_demonstration"),
                _("Đã có doanh nghiệp mang số định danh này."),
                ~Q(personal_number="") & Q(merged_into__isnull=True),
            ),
            models.CheckConstraint(  # Luật 91/2025/QH15: a person's number is never public
                name="enterprise_of_a_person_is_not_public",
                condition=Q(personal_number="") | Q(published=False),
                violation_error_message=_("Bản ghi có số định danh cá nhân thì không được công khai."),
            ),
            unique_living(
                "enterprise_name_once_in_province",
                ("name_key", "province", "is_demonstration"),
                _("Tỉnh này đã có doanh nghiệp cùng tên, không có mã số thuế."),
                Q(tax_code="", personal_number="", merged_into__isnull=True),
            ),
            unique_living(  # NULL is never equal to NULL: the one above lets them all in
                "enterprise_name_once_without_province",
                ("name_key", "is_demonstration"),
                _("Đã có doanh nghiệp cùng tên, chưa ghi tỉnh và mã số thuế."),
                Q(tax_code="", personal_number="", province__isnull=True, merged_into__isnull=True),
            ),
            models.CheckConstraint(
                name="enterprise_merged_into_another",
                condition=~Q(merged_into=F("pk")),
                violation_error_message=_("Một doanh nghiệp không gộp được vào chính nó."),
            ),
        ]

    @property
    def is_public(self) -> bool:
        return super().is_public and self.merged_into_id is None

    def living_record(self) -> "Enterprise":
        """The record that stands for this one today: itself, or the end of the line of its merges."""
        record = self
        while record.merged_into_id is not None:
            record = record.merged_into
        return record

    def prepare(self):
        super().prepare()
        self.name_key = name_key(self.name)

    def save(self, *args, **kwargs):
        if (update_fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*update_fields, "name_key"}
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if not is_new:
            self._refresh_memoranda()

    def _refresh_memoranda(self) -> None:
        """Memoranda are found and ordered by the names of their parties."""
        for rows in (self.mous_as_a, self.mous_as_b):
            found = list(rows.select_related("party_a", "party_b"))
            for mou in found:
                mou.prepare()
            rows.model.objects.bulk_update(found, ("search_text", "sort_key"), batch_size=200)

    def natural_key(self):
        return (self.name_key, self.province.slug if self.province else None)

    natural_key.dependencies = ["cooperation.province"]

    def get_absolute_url(self):
        return reverse("enterprise-detail", kwargs={"pk": self.pk, "slug": slug(self.name)})
