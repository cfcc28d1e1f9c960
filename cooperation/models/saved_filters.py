"""Bộ lọc đã lưu: a list with its filters, under a name of one's own."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperation.permissions import VIEW, ScopedQuerySet

LONGEST_NAME = 80
LONGEST_QUERY = 1_500
# More than anybody finds again.
MOST_OF_A_USER = 50


class SavedFilterQuerySet(ScopedQuerySet):
    def for_user(self, user, action: str = VIEW):
        """One's own, whatever one's role: nobody looks into another's."""
        if not (user.is_authenticated and user.is_active and user.is_staff):
            return self.none()
        return self.filter(user=user)


class SavedFilter(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người lưu"),
        on_delete=models.CASCADE,
        related_name="saved_filters",
    )
    name = models.CharField(_("tên"), max_length=LONGEST_NAME)
    path = models.CharField(_("danh sách"), max_length=200)
    query = models.CharField(_("bộ lọc"), max_length=LONGEST_QUERY, blank=True, default="")
    saved_at = models.DateTimeField(_("lưu lúc"), auto_now=True)

    objects = models.Manager.from_queryset(SavedFilterQuerySet)()

    class Meta:
        verbose_name = _("bộ lọc đã lưu")
        verbose_name_plural = _("bộ lọc đã lưu")
        ordering = ("name", "pk")
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="saved_filter_name_once", fields=("user", "name"))]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{self.path}?{self.query}" if self.query else self.path
