"""A session ends after a while without use, and at the latest so long after signing in.

It is written at most once a minute: a page that is only read costs no write.
"""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation.accounts.kept_text import kept_text_page

STARTED_AT = "started_at"
SEEN_AT = "seen_at"
WRITE_EVERY = 60


def _now() -> int:
    return int(timezone.now().timestamp())


def start(session) -> None:
    """Begin counting: called by everything that signs somebody in."""
    session[STARTED_AT] = session[SEEN_AT] = _now()


class SessionLimitMiddleware:
    """Signs out whose time is over; what was posted too late stays on the screen."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        why = _over(request.session) if SESSION_KEY in request.session else ""
        if why:
            logout(request)
            posted = request.method == "POST" and request.path not in {_login(), reverse("admin:logout")}
            if posted and (page := kept_text_page(request, why)):
                return page
        response = self.get_response(request)
        if response.status_code != 302 or response.headers.get("Location", "").partition("?")[0] != _login():
            return response
        if request.method == "POST":
            # Signed out in another tab, or so long ago that not even the cookie is left.
            page = kept_text_page(request, _("Bạn chưa đăng nhập, hoặc phiên làm việc đã hết."))
            return page or response
        if why:
            messages.warning(request, why)
        return response


def _login() -> str:
    return resolve_url(settings.LOGIN_URL)


def _over(session) -> str:
    """Why this session has ended, or an empty string; a living one is marked as used."""
    now = _now()
    if STARTED_AT not in session:
        start(session)
    if now - session[STARTED_AT] >= settings.PORTAL_SESSION_MAX_HOURS * 3600:
        return _("Phiên làm việc đã kéo dài %(hours)s giờ nên cổng đã đăng xuất. Hãy đăng nhập lại.") % {
            "hours": settings.PORTAL_SESSION_MAX_HOURS
        }
    idle = now - session.get(SEEN_AT, 0)
    if idle >= settings.PORTAL_SESSION_IDLE_MINUTES * 60:
        return _("Bạn không thao tác đã quá %(minutes)s phút nên cổng đã đăng xuất. Hãy đăng nhập lại.") % {
            "minutes": settings.PORTAL_SESSION_IDLE_MINUTES
        }
    if idle >= WRITE_EVERY:
        session[SEEN_AT] = now
    return ""
