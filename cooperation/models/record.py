"""What every record that staff keep has: a version, a bin instead of a delete, and a kept history.

`version` counts the saves: a form that was filled in over an older one is told (admin_conflicts.py).
A deleted record is out of every list, figure and page at every date, and can be restored (discarding.py).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class LivingManager(models.Manager):
    """Rows that nobody deleted. The default manager: what forgets about the bin cannot show it."""

    def get_queryset(self):
        return super().get_queryset().filter(deleted_at__isnull=True)


def living(queryset_class) -> models.Manager:
    """Return the default manager of a model with these questions, without deleted rows."""
    return LivingManager.from_queryset(queryset_class)()


def with_deleted(queryset_class) -> models.Manager:
    """Return the manager of all rows of a model, deleted ones too."""
    return models.Manager.from_queryset(queryset_class)()


def kept_history(records=HistoricalRecords, **options) -> HistoricalRecords:
    """Who, when, what, and the reason in full: Django's 100 characters do not hold one."""
    return records(history_change_reason_field=models.TextField(null=True), **options)


ALIVE = models.Q(deleted_at__isnull=True)


def unique_living(name: str, fields: tuple[str, ...], message, condition: models.Q | None = None):
    """A value that no two living records share; a deleted one may bear it as well."""
    return models.UniqueConstraint(
        name=name,
        fields=fields,
        condition=ALIVE & condition if condition is not None else ALIVE,
        violation_error_message=message,
    )


class Record(models.Model):
    version = models.PositiveIntegerField(_("phiên bản"), default=1, editable=False)
    deleted_at = models.DateTimeField(_("xóa lúc"), null=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            self.version += 1
            if (update_fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*update_fields, "version"}
        super().save(*args, **kwargs)
