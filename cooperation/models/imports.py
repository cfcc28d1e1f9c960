"""Import batches: who brought in which file, what became of every row, remembered columns."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from cooperation.models.agreements import JointPlan
from cooperation.models.institutions import Agency
from cooperation.permissions import ScopedQuerySet, runs_the_system


class ImportBatchQuerySet(ScopedQuerySet):
    def owned_by(self, agencies, action):
        return Q(agency__in=agencies)

    def for_user(self, user, action="view"):
        """Batches of the own agencies, and those that the user brought in without having one."""
        rows = super().for_user(user, action)
        if not (user.is_authenticated and user.is_staff) or runs_the_system(user):
            return rows
        return self.filter(Q(pk__in=rows.values("pk")) | Q(user=user))


class ImportBatch(models.Model):
    """One file brought in: from upload to commit, and perhaps undone.

    `key` is set by the commit and never twice the same: file, plan, the user's scope, and how often that
    had been written when the preview was made. Two that commit at once have one key, so one of them wins.
    """

    class State(models.TextChoices):
        READING = "reading", _("đang đọc")
        MAPPING = "mapping", _("chờ ghép cột")
        PREVIEWED = "previewed", _("chờ ghi")
        WRITING = "writing", _("đang ghi")
        COMMITTED = "committed", _("đã ghi")
        UNDONE = "undone", _("đã hoàn tác")
        FAILED = "failed", _("không dùng được")

    WRITTEN = (State.COMMITTED, State.UNDONE)
    OPEN = (State.READING, State.MAPPING, State.PREVIEWED, State.WRITING)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(_("khóa"), max_length=64, blank=True, default="", editable=False)
    kind = models.CharField(_("loại dữ liệu"), max_length=20)
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
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="import_batches",
    )
    state = models.CharField(_("trạng thái"), max_length=10, choices=State.choices, default=State.READING)
    message = models.TextField(_("lý do"), blank=True, default="")
    options = models.JSONField(_("lựa chọn"), default=dict, blank=True)
    report = models.JSONField(_("báo cáo"), default=dict, blank=True)
    created_at = models.DateTimeField(_("lúc tải lên"), auto_now_add=True)
    committed_at = models.DateTimeField(_("lúc ghi"), null=True, blank=True)
    undone_at = models.DateTimeField(_("lúc hoàn tác"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người hoàn tác"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = models.Manager.from_queryset(ImportBatchQuerySet)()

    class Meta:
        verbose_name = _("lần nhập")
        verbose_name_plural = _("các lần nhập")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="import_batch_written_once",
                fields=("key",),
                condition=~Q(key=""),
                violation_error_message=_("Lần nhập này đã được ghi."),
            ),
            models.CheckConstraint(
                name="import_batch_written_has_key_and_time",
                condition=Q(state__in=("committed", "undone"), committed_at__isnull=False) & ~Q(key="")
                | ~Q(state__in=("committed", "undone")) & Q(committed_at__isnull=True, key=""),
                violation_error_message=_("Lần nhập đã ghi phải có khóa và lúc ghi."),
            ),
            models.CheckConstraint(
                name="import_batch_undone_has_time",
                condition=Q(state="undone", undone_at__isnull=False)
                | ~Q(state="undone") & Q(undone_at__isnull=True),
                violation_error_message=_("Lần nhập đã hoàn tác phải có lúc hoàn tác."),
            ),
        ]

    def __str__(self):
        return self.file_name

    @property
    def change_reason(self) -> str:
        """What the history of every record that this batch wrote says; at most 100 characters."""
        return _gettext("Lần nhập %(batch)s: %(file)s") % {"batch": self.pk, "file": self.file_name[:60]}

    @property
    def undo_reason(self) -> str:
        return _gettext("Hoàn tác lần nhập %(batch)s: %(file)s") % {
            "batch": self.pk,
            "file": self.file_name[:60],
        }


class ImportRow(models.Model):
    """What one row of a batch did: the record it touched, the values it replaced, what was said of it."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("mới")
        UPDATED = "updated", _("thay đổi")
        UNCHANGED = "unchanged", _("không đổi")
        DUPLICATE = "duplicate", _("nghi trùng")
        REJECTED = "rejected", _("lỗi")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("dòng"))
    outcome = models.CharField(_("kết quả"), max_length=10, choices=Outcome.choices)
    object_id = models.BigIntegerField(_("bản ghi"), null=True, blank=True)
    title = models.CharField(_("tên bản ghi"), max_length=300, blank=True, default="")
    old_values = models.JSONField(_("giá trị cũ"), default=dict)
    new_values = models.JSONField(_("giá trị mới"), default=dict)
    changes = models.JSONField(
        _("thay đổi"), default=list, help_text=_("Danh sách [cột, cũ, mới], như người nhập đã thấy.")
    )
    problems = models.JSONField(_("điều cần biết"), default=list)
    related = models.JSONField(
        _("bản ghi kèm theo"),
        default=list,
        help_text=_("Danh sách {model, id, old, new}; old rỗng: bản ghi do dòng này tạo."),
    )

    class Meta:
        verbose_name = _("dòng nhập")
        verbose_name_plural = _("dòng nhập")
        ordering = ("batch", "number")
        default_permissions = ("view",)
        indexes = [models.Index(fields=("object_id",), name="import_row_object")]
        constraints = [models.UniqueConstraint(name="import_row_once_in_batch", fields=("batch", "number"))]

    def __str__(self):
        return f"{self.batch_id}:{self.number}"


class ColumnMappingQuerySet(ScopedQuerySet):
    def owned_by(self, agencies, action):
        return Q(agency__in=agencies)


class ColumnMapping(models.Model):
    """A column header that a clerk mapped by hand, remembered for the agency's next sheets."""

    kind = models.CharField(_("loại dữ liệu"), max_length=20)
    header = models.CharField(_("tiêu đề cột (đã gộp)"), max_length=200)
    field = models.CharField(
        _("trường"), max_length=60, blank=True, default="", help_text=_("Để trống: cột được bỏ qua.")
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="column_mappings",
        help_text=_("Để trống: dùng cho tài khoản không thuộc cơ quan nào."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người đặt"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = models.Manager.from_queryset(ColumnMappingQuerySet)()

    class Meta:
        verbose_name = _("cột đã nhớ")
        verbose_name_plural = _("các cột đã nhớ")
        ordering = ("kind", "header")
        constraints = [
            models.UniqueConstraint(
                name="column_mapping_once",
                fields=("kind", "header", "agency"),
                violation_error_message=_("Cơ quan đã nhớ cột này."),
            ),
            models.UniqueConstraint(  # NULL is never equal to NULL: the one above lets them all in
                name="column_mapping_once_without_agency",
                fields=("kind", "header"),
                condition=Q(agency__isnull=True),
                violation_error_message=_("Cột này đã được nhớ."),
            ),
        ]

    def __str__(self):
        return f"{self.header} → {self.field or '–'}"
