"""Rows that are written once and never changed: a sealed figure, its errata, an agency's word."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from cooperation.permissions import ScopedQuerySet


class WrittenOnceQuerySet(ScopedQuerySet):
    def update(self, **kwargs):
        raise _refusal()

    def delete(self):
        raise _refusal()

    def bulk_update(self, *args, **kwargs):
        raise _refusal()


class WrittenOnce(models.Model):
    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise _refusal()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise _refusal()


def _refusal() -> ValidationError:
    return ValidationError(_("Số liệu đã chốt, đính chính và báo cáo kỳ không sửa, không xóa được."))
