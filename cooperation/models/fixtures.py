"""Which fixtures this database has taken, so that none is laid over what people edited since."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedFixture(models.Model):
    name = models.CharField(_("tệp"), max_length=80, unique=True)
    loaded_at = models.DateTimeField(_("lúc nạp"), auto_now_add=True)

    class Meta:
        verbose_name = _("bộ dữ liệu đã nạp")
        verbose_name_plural = _("bộ dữ liệu đã nạp")
        default_permissions = ()

    def __str__(self):
        return self.name
