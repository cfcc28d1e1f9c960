"""Wrong passwords are counted by account, over all workers, before the password is looked at.

django-axes alone checks the count first and adds to it after hashing, so whatever tries side by side passes
one check together. Here each try adds one, commits, and then reads the sum: of any number at once at most
`AXES_FAILURE_LIMIT` go on. A name that is nobody's account is counted and refused in the same words.
"""

import hashlib
import ipaddress
import logging
import math
import unicodedata

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import F, Max
from django.shortcuts import render
from django.utils import timezone

from cooperation.accounts.sessions import start

_LONGEST_USERNAME = 150

log = logging.getLogger(__name__)


def account_key(username: str | None) -> str:
    """One key for every spelling that could mean the same account, and for every name of any length."""
    name = unicodedata.normalize("NFKC", (username or "")[: 4 * _LONGEST_USERNAME]).casefold()
    key = unicodedata.normalize("NFKC", name).replace("\x00", "\ufffd").strip()
    if len(key) <= _LONGEST_USERNAME:
        return key
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def username_of(request, credentials=None) -> str:
    """The key of the name that this request tries (AXES_USERNAME_CALLABLE)."""
    source = credentials if credentials is not None else request.POST
    return account_key(source.get("username"))


def remote_address(request) -> str | None:
    """Where the connection comes from (AXES_CLIENT_IP_CALLABLE); a header is what the sender says."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


class Handler(AxesDatabaseHandler):
    """AXES_HANDLER: a try is reserved before hashing, and given back by signing in."""

    def is_allowed(self, request, credentials=None) -> bool:
        return super().is_allowed(request, credentials) and self._reserve(request, credentials)

    def _reserve(self, request, credentials) -> bool:
        self.clean_expired_user_attempts(request, credentials)
        with transaction.atomic():
            row, made = AccessAttempt.objects.select_for_update().get_or_create(
                username=username_of(request, credentials),
                ip_address=request.axes_ip_address,
                user_agent=request.axes_user_agent.replace("\x00", "\ufffd"),
                defaults={"failures_since_start": 1},
            )
            if not made:
                AccessAttempt.objects.filter(pk=row.pk).update(
                    failures_since_start=F("failures_since_start") + 1, attempt_time=timezone.now()
                )
        return self.get_failures(request, credentials) <= settings.AXES_FAILURE_LIMIT

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        """The try was counted beforehand; what is left is to say so when it was the last."""
        if request is None:
            return
        if not request.axes_locked_out and self.is_locked(request, credentials):
            request.axes_locked_out = True
            log.warning("Sign-in locked for %r, last tried from %s", *_who(request, credentials))
        request.axes_credentials = credentials

    def user_logged_in(self, sender, request, user, **kwargs):
        super().user_logged_in(sender, request, user, **kwargs)
        start(request.session)


def _who(request, credentials) -> tuple:
    return username_of(request, credentials), request.axes_ip_address


def password_is(request, user, password: str) -> bool:
    """True for the password of the user who is signed in. A wrong one counts like one at the door."""
    found = authenticate(request, username=user.get_username(), password=password)
    if found is None or found.pk != user.pk:
        return False
    unlock(user)
    return True


def unlock(user) -> bool:
    """Forget the wrong passwords of this account. True where there were any."""
    return bool(AxesProxyHandler.reset_attempts(username=account_key(user.get_username())))


def lockout_response(request, _original=None, credentials=None):
    """Answer 429 (AXES_LOCKOUT_CALLABLE): how long to wait and whom to ask, whoever's name it is."""
    cool_off = get_cool_off(request)
    last = AccessAttempt.objects.filter(username=username_of(request, credentials)).aggregate(
        at=Max("attempt_time")
    )["at"]
    left = (last + cool_off - timezone.now()) if last else cool_off
    seconds = max(1, math.ceil(left.total_seconds()))
    context = {"limit": settings.AXES_FAILURE_LIMIT, "minutes": math.ceil(seconds / 60)}
    response = render(request, "cooperation/accounts/locked.html", context, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
