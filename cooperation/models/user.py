"""Staff accounts. A user writes the rows of one agency and of what it succeeded."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperation.text import clean


class User(AbstractUser):
    full_name = models.CharField(_("họ và tên"), max_length=150, blank=True, default="")
    agency = models.ForeignKey(
        "cooperation.Agency",
        verbose_name=_("cơ quan"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="staff",
        help_text=_("Người dùng ghi được dữ liệu của cơ quan này và các đơn vị trực thuộc."),
    )

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")

    def __str__(self):
        return self.full_name or self.username

    def save(self, *args, **kwargs):
        self.full_name = clean(self.full_name)
        super().save(*args, **kwargs)
