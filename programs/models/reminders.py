"""Marks of the reminders that went out: each once, however often or late the daily job runs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SentReminder(models.Model):
    """One reminder to one person about one thing. `key` names the thing and the day that it is due."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người nhận"), on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("loại"), max_length=20)
    key = models.CharField(_("về việc"), max_length=80)
    sent_at = models.DateTimeField(_("gửi lúc"))

    class Meta:
        verbose_name = _("nhắc việc đã gửi")
        verbose_name_plural = _("nhắc việc đã gửi")
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="reminder_once", fields=("recipient", "kind", "key"))]

    def __str__(self):
        return f"{self.kind} · {self.key}"
