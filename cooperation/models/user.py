"""Staff accounts. A user writes the rows of one agency and of what it succeeded."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cooperation.models.record import kept_history
from cooperation.permissions import (
    KEEPS_ACCOUNTS,
    ORDINARY_ROLES,
    VIEW,
    agency_ids,
    role_names,
    runs_the_system,
)
from cooperation.text import clean

# Written by signing in, by nobody's decision: no history, and no new version for whoever has the account open
# in a form. Neither has a place in a history that is read by others.
_BY_THE_WAY = {"last_login", "password"}


class UserQuerySet(models.QuerySet):
    def for_user(self, user, action: str = VIEW):
        """Accounts that `user` may see and write: none that can do more than they, and for an agency's own
        administrator only those of its agencies.

        Whoever may set a password can act as that account, so seeing and writing are the same set.
        """
        if not (user.is_authenticated and user.is_active and user.is_staff):
            return self.none()
        if user.is_superuser:
            return self.all()
        if runs_the_system(user):
            return self.filter(is_superuser=False)
        if KEEPS_ACCOUNTS not in role_names(user):
            return self.none()
        roles, further = User.groups.through.objects, User.user_permissions.through.objects
        beyond = roles.exclude(group__name__in=ORDINARY_ROLES)
        return (
            self.filter(agency__in=agency_ids(user), is_superuser=False)
            .exclude(pk__in=beyond.values("user_id"))
            .exclude(pk__in=further.values("user_id"))
        )


class AccountHistory(HistoricalRecords):
    def post_save(self, instance, created, update_fields=None, **kwargs):
        if update_fields is None or set(update_fields) - _BY_THE_WAY:
            super().post_save(instance, created, **kwargs)


_HISTORY = kept_history(AccountHistory, excluded_fields=sorted(_BY_THE_WAY), m2m_fields=("groups",))


class AccountManager(UserManager.from_queryset(UserQuerySet)):
    use_in_migrations = False


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
    must_change_password = models.BooleanField(
        _("phải đổi mật khẩu"),
        default=False,
        help_text=_("Lần đăng nhập tới, cổng chỉ mở trang đổi mật khẩu cho đến khi người dùng tự đổi."),
    )
    version = models.PositiveIntegerField(_("phiên bản"), default=1, editable=False)

    objects = AccountManager()
    history = _HISTORY

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")

    def __str__(self):
        return self.full_name or self.username

    def save(self, *args, **kwargs):
        self.full_name = clean(self.full_name)
        fields = kwargs.get("update_fields")
        if not self._state.adding and (fields is None or set(fields) - _BY_THE_WAY):
            self.version += 1
            if fields is not None:
                kwargs["update_fields"] = {*fields, "version"}
        super().save(*args, **kwargs)

    def keep_history(self, *, user, reason: str | None, is_new: bool = False) -> None:
        """Add an entry with the account as it is, for what saving alone does not tell."""
        self._history_user, self._change_reason = user, reason
        _HISTORY.create_historical_record(self, "+" if is_new else "~")
