"""What an account owes before anything else: the second factor, an own password, a second factor set up."""

from django.contrib.auth import SESSION_KEY
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cooperation.accounts.kept_text import kept_text_page
from cooperation.accounts.second_factor import has_second_factor, is_required


def duty_of(user) -> str:
    """The name of the only page that this user gets now, or an empty string."""
    if not user.is_authenticated:
        return ""
    if has_second_factor(user) and not user.is_verified():
        return "account-verify"
    if user.must_change_password:
        return "account-password"
    if is_required(user) and not has_second_factor(user):
        return "account-second-factor"
    return ""


class DutyMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Readers have no session: their pages load no user.
        duty = duty_of(request.user) if SESSION_KEY in request.session else ""
        open_to_all = {reverse("admin:logout"), reverse("admin:login")}
        if not duty or request.path == reverse(duty) or request.path in open_to_all:
            return self.get_response(request)
        address = reverse(duty)
        if request.method == "POST":
            why = _(
                "Tài khoản của bạn cần một bước nữa (mật khẩu hoặc xác thực hai bước) trước khi làm tiếp."
            )
            return kept_text_page(request, why, address) or redirect(address)
        return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")
