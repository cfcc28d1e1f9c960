"""Import batches: who brought in which file, every row's outcome and old values, remembered columns."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperation.models import JointPlan
from cooperation.permissions import ScopedQuerySet


class ImportBatchQuerySet(ScopedQuerySet):
    def for_user(self, user, action="view"):
        rows = super().for_user(user, action)
        return rows if user.is_superuser else rows.filter(user=user)


class ImportBatch(models.Model):
    """One file brought in, once. `key` makes a second commit of the same preview impossible."""

    class State(models.TextChoices):
        COMMITTED = "committed", _("đã ghi")
        UNDONE = "undone", _("đã hoàn tác")

    key = models.CharField(_("khóa"), max_length=64, unique=True)
    kind = models.CharField(_("loại dữ liệu"), max_length=20, default="mou")
    plan = models.ForeignKey(
        JointPlan, verbose_name=_("kế hoạch"), on_delete=models.PROTECT, related_name="+"
    )
    file_name = models.CharField(_("tên tệp"), max_length=255)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người nhập"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="import_batches",
    )
    state = models.CharField(_("trạng thái"), max_length=10, choices=State.choices, default=State.COMMITTED)
    report = models.JSONField(_("báo cáo"), default=dict)
    committed_at = models.DateTimeField(_("lúc ghi"), auto_now_add=True)

    objects = models.Manager.from_queryset(ImportBatchQuerySet)()

    class Meta:
        verbose_name = _("lần nhập")
        verbose_name_plural = _("các lần nhập")
        ordering = ("-committed_at", "-pk")

    def __str__(self):
        return self.file_name


class ImportRow(models.Model):
    """What one row of a batch did, with the values it replaced."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("mới")
        UPDATED = "updated", _("thay đổi")
        UNCHANGED = "unchanged", _("không đổi")
        DUPLICATE = "duplicate", _("trùng")
        REJECTED = "rejected", _("lỗi")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("dòng"))
    outcome = models.CharField(_("kết quả"), max_length=10, choices=Outcome.choices)
    object_id = models.BigIntegerField(_("bản ghi"), null=True, blank=True)
    old_values = models.JSONField(_("giá trị cũ"), default=dict)
    new_values = models.JSONField(_("giá trị mới"), default=dict)

    class Meta:
        verbose_name = _("dòng nhập")
        verbose_name_plural = _("dòng nhập")
        ordering = ("batch", "number")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(name="import_row_once_in_batch", fields=("batch", "number"))]

    def __str__(self):
        return f"{self.batch_id}:{self.number}"


class ColumnMapping(models.Model):
    """A column header that a clerk mapped by hand, remembered for the next sheet."""

    kind = models.CharField(_("loại dữ liệu"), max_length=20, default="mou")
    header = models.CharField(_("tiêu đề cột (đã gộp)"), max_length=200)
    field = models.CharField(_("trường"), max_length=60)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người đặt"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        verbose_name = _("cột đã nhớ")
        verbose_name_plural = _("các cột đã nhớ")
        ordering = ("kind", "header")
        constraints = [models.UniqueConstraint(name="column_mapping_once", fields=("kind", "header"))]

    def __str__(self):
        return f"{self.header} → {self.field}"
