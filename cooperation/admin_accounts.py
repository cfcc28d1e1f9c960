"""Admin of accounts: the system's administrators keep all, an agency's own keep those of the agency."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.shortcuts import redirect
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from simple_history.models import is_historic, to_historic
from unfold.forms import AdminPasswordChangeForm, AuthenticationForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from cooperation.accounts.second_factor import turn_off
from cooperation.accounts.throttle import account_key, unlock
from cooperation.admin_base import ScopedAdmin
from cooperation.admin_forms import RecordsField
from cooperation.admin_history import HistoryAdmin
from cooperation.models import User
from cooperation.permissions import ORDINARY_ROLES, ROLES, agency_ids, runs_the_system

# A page that shows the keys of everybody's second factor is nobody's work.
admin.site.unregister([TOTPDevice, StaticDevice])


class SignInForm(AuthenticationForm):
    """One sentence for every failure: it does not tell whether there is such an account."""

    error_messages = {
        "invalid_login": _(
            "Tên đăng nhập hoặc mật khẩu không đúng. Tên đăng nhập phân biệt chữ hoa, thường."
        ),
        "inactive": "",
    }


admin.site.login_form = SignInForm


class AccountAddForm(UserCreationForm):
    """A new account: its first password is known to two people, so it has to be changed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        self.instance.is_staff = True
        self.instance.must_change_password = True


class AccountForm(UserChangeForm):
    """Tells the second of two editors, and lets nobody shut themselves out."""

    # The skin's template shows it (ScopedAdmin.change_form_before_template).
    form_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    change_reason = forms.CharField(
        label=_("Lý do thay đổi"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("Ghi vào lịch sử."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["form_version"].initial = self.instance.version
        if then := to_historic(self.instance):  # an old version has the roles of its time
            self.initial["groups"] = list(then.groups.values_list("group", flat=True))

    def clean_username(self):
        """Names that differ by capitals alone share one lock of tries: one would open the other's."""
        username = self.cleaned_data["username"]
        key = account_key(username)
        others = User.objects.exclude(pk=self.instance.pk).values_list("username", flat=True)
        if any(account_key(other) == key for other in others):
            raise forms.ValidationError(_("Đã có tài khoản mang tên này (không kể chữ hoa, chữ thường)."))
        return username

    def clean(self):
        cleaned = super().clean()
        # The admin's change view runs in a transaction: from here on nobody else changes the row.
        stored = User.objects.select_for_update().get(pk=self.instance.pk)
        if cleaned.get("form_version") != stored.version:
            raise forms.ValidationError(
                _("Người khác vừa sửa tài khoản này. Hãy mở lại trang để xem bản mới rồi sửa tiếp.")
            )
        if self.editor.pk == stored.pk:
            for name in ("is_active", "is_staff", "is_superuser"):
                if name in cleaned and getattr(stored, name) and not cleaned[name]:
                    self.add_error(name, _("Bạn không thể tự bỏ quyền này của chính mình."))
        return cleaned


class AccountPasswordForm(AdminPasswordChangeForm):
    """A password set for somebody else: to be changed at the next sign-in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)

    def save(self, commit=True):
        user = self.set_password_and_save(self.user, commit=False)
        user.must_change_password = True
        user._change_reason = _now("Đặt lại mật khẩu")
        if commit:
            # Only these: the row may have changed since this page was asked for.
            user.save(update_fields=["password", "must_change_password"])
        return user


@admin.register(User)
class UserAdmin(HistoryAdmin, DjangoUserAdmin, ScopedAdmin):
    form = AccountForm
    add_form = AccountAddForm
    change_password_form = AccountPasswordForm
    list_display = ("username", "full_name", "agency", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "groups")
    list_select_related = ("agency",)
    search_fields = ("username", "full_name")
    owner_fields = ("agency",)
    filter_horizontal = ()
    ordering = ("username",)
    readonly_fields = ("last_login", "date_joined")
    # simple-history asks twice for the roles of every entry that it compares.
    history_list_per_page = 25
    actions = ("unlock_sign_in", "reset_second_factor")
    fieldsets = (
        (None, {"fields": ("username", "password", "must_change_password")}),
        (_("Người dùng"), {"fields": ("full_name", "email", "agency")}),
        (_("Quyền"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Lần cuối"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "full_name", "agency", "groups", "password1", "password2"),
            },
        ),
    )

    def get_fieldsets(self, request, obj=None):
        """Only a superuser makes superusers, and decides who is staff. An old version shows what it kept."""
        fieldsets = super().get_fieldsets(request, obj)
        hidden = set() if request.user.is_superuser else {"is_staff", "is_superuser"}
        if obj is not None and is_historic(obj):
            hidden |= {"password", "last_login"}
        elif obj is not None and self.has_change_permission(request, obj):
            fieldsets = [*fieldsets, (None, {"fields": ("change_reason",)})]
        return [
            (title, {**options, "fields": tuple(name for name in options["fields"] if name not in hidden)})
            for title, options in fieldsets
        ]

    def save_model(self, request, obj, form, change):
        """Roles are saved after the account: one entry for both, in save_related."""
        obj.skip_history_when_saving = True
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        del form.instance.skip_history_when_saving
        reason = form.cleaned_data.get("change_reason") or None
        form.instance.keep_history(user=request.user, reason=reason, is_new=not change)

    def history_shown(self, request, entries):
        """What an account was in another agency is that agency's."""
        if runs_the_system(request.user):
            return entries
        return entries.filter(agency__in=agency_ids(request.user))

    def get_list_filter(self, request):
        return self.list_filter if request.user.is_superuser else ("is_active", "must_change_password")

    def get_autocomplete_fields(self, request):
        return ("agency",) if runs_the_system(request.user) else ()

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.editor = request.user
        return form

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            roles = Group.objects.order_by("name")
            given = ROLES if runs_the_system(request.user) else ORDINARY_ROLES
            kwargs["queryset"] = roles.filter(name__in=given)
            kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
            kwargs["help_text"] = ""
            kwargs["form_class"] = RecordsField
            return db_field.formfield(**kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        """An account is shut, not deleted: what it wrote keeps its author."""
        return False

    def user_change_password(self, request, id, form_url=""):
        if str(request.user.pk) == id:
            return redirect("account-password")
        return super().user_change_password(request, id, form_url)

    @admin.action(description=_("Mở khóa đăng nhập (sau khi sai mật khẩu nhiều lần)"), permissions=["change"])
    def unlock_sign_in(self, request, accounts):
        opened = [account for account in accounts if unlock(account)]
        self._report(request, opened, _now("Mở khóa đăng nhập"))

    @admin.action(description=_("Gỡ xác thực hai bước (khi mất điện thoại)"), permissions=["change"])
    def reset_second_factor(self, request, accounts):
        """For a colleague; one's own is turned off with one's password."""
        cleared = [account for account in accounts.exclude(pk=request.user.pk) if turn_off(account)]
        self._report(request, cleared, _now("Gỡ xác thực hai bước"))

    def _report(self, request, accounts, what):
        for account in accounts:
            self.log_change(request, account, what)
            account.keep_history(user=request.user, reason=what)
        if accounts:
            names = ", ".join(account.get_username() for account in accounts)
            messages.success(request, f"{what}: {names}.")
        else:
            messages.info(request, _now("Không tài khoản nào trong số đã chọn cần việc này."))
