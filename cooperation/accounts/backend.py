"""Loads the user of a session, with what the duties of the account need: still one query."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef
from django_otp.plugins.otp_totp.models import TOTPDevice

from cooperation.accounts.second_factor import SECOND_FACTOR_ROLES
from cooperation.models import User


class StaffBackend(ModelBackend):
    def user_can_authenticate(self, user):
        """Every account is a member of staff's: who is none any more is out at the next request."""
        return super().user_can_authenticate(user) and user.is_staff

    def get_user(self, user_id):
        own = OuterRef("pk")
        roles = User.groups.through.objects.filter(user_id=own, group__name__in=SECOND_FACTOR_ROLES)
        devices = TOTPDevice.objects.filter(user_id=own, confirmed=True)
        user = (
            User.objects.annotate(holds_a_key=Exists(roles), has_second_factor=Exists(devices))
            .filter(pk=user_id)
            .first()
        )
        return user if user is not None and self.user_can_authenticate(user) else None
