"""One's own account: what it may, its password, its second factor."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from cooperation.accounts import second_factor
from cooperation.accounts.duties import duty_of
from cooperation.accounts.forms import CodeForm, ConfirmedForm, PasswordForm, SetupForm

_PENDING_KEY = "second_factor_key"


def _onward(request) -> str:
    """Where the user was going, if that is a page of ours."""
    address = request.POST.get("next") or request.GET.get("next", "")
    own = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if own else reverse("account")


def _page(request, name: str, **context):
    """One of this folder's pages. Who still owes a step is shown no work, not even how much there is."""
    if duty_of(request.user):
        context["staff"] = None
    return render(request, f"cooperation/accounts/{name}.html", context)


def _posted(request):
    return request.POST if request.method == "POST" else None


@never_cache
@login_required
def account(request):
    user = request.user
    return _page(
        request,
        "account",
        title=_("Tài khoản của tôi"),
        roles=list(user.groups.order_by("name").values_list("name", flat=True)),
        has_second_factor=second_factor.has_second_factor(user),
        is_required=second_factor.is_required(user),
        idle=settings.PORTAL_SESSION_IDLE_MINUTES,
        longest=settings.PORTAL_SESSION_MAX_HOURS,
    )


@sensitive_post_parameters()
@never_cache
@login_required
def password(request):
    form = PasswordForm(request, _posted(request))
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, _("Đã đổi mật khẩu. Các máy khác đang mở tài khoản này đã bị đăng xuất."))
        return redirect(_onward(request))
    return _page(request, "password", title=_("Đổi mật khẩu"), form=form, next=_onward(request))


@sensitive_post_parameters()
@never_cache
@login_required
def verify(request):
    if not second_factor.has_second_factor(request.user) or request.user.is_verified():
        return redirect(_onward(request))
    form = CodeForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        refusal = second_factor.check(request, form.cleaned_data["ma_xac_thuc"])
        if not refusal:
            return redirect(_onward(request))
        form.add_error("ma_xac_thuc", refusal)
    return _page(request, "verify", title=_("Xác thực hai bước"), form=form, next=_onward(request))


@sensitive_post_parameters()
@never_cache
@login_required
def setup(request):
    """Turn the second factor on; where it is on, turn it off or renew the recovery codes."""
    if second_factor.has_second_factor(request.user):
        return _settle(request)
    if _PENDING_KEY not in request.session:
        request.session[_PENDING_KEY] = second_factor.new_key()
    key = request.session[_PENDING_KEY]
    form = SetupForm(request, _posted(request))
    if request.method == "POST" and form.is_valid():
        codes = second_factor.turn_on(request, key, form.cleaned_data["ma_xac_thuc"])
        if codes:
            del request.session[_PENDING_KEY]
            return _show_codes(request, codes)
        form.add_error("ma_xac_thuc", _("Mã không đúng. Hãy nhập mã mới đang hiện trên điện thoại."))
    return _page(
        request,
        "setup",
        title=_("Bật xác thực hai bước"),
        form=form,
        offer=second_factor.offer(request.user, key),
        is_required=second_factor.is_required(request.user),
        next=_onward(request),
    )


def _settle(request):
    form = ConfirmedForm(request, _posted(request))
    if request.method == "POST" and form.is_valid():
        if request.POST.get("viec") == "ma-du-phong":
            return _show_codes(request, second_factor.renew_codes(request.user))
        if request.POST.get("viec") == "tat":
            second_factor.turn_off(request.user)
            messages.success(request, _("Đã tắt xác thực hai bước."))
            return redirect("account")
        form.add_error(None, _("Hãy chọn việc cần làm."))
    return _page(
        request,
        "second_factor",
        title=_("Xác thực hai bước"),
        form=form,
        codes_left=second_factor.codes_left(request.user),
        is_required=second_factor.is_required(request.user),
    )


def _show_codes(request, codes):
    return _page(request, "recovery_codes", title=_("Mã dự phòng"), codes=codes, next=_onward(request))
