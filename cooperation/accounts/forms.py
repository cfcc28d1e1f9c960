"""The forms of one's own account."""

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from cooperation.accounts.throttle import password_is


class OwnPasswordField(forms.CharField):
    """The password one has now: asked before anything that a borrowed session must not do."""

    def __init__(self, **kwargs):
        widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        super().__init__(label=_("Mật khẩu hiện nay"), strip=False, max_length=4096, widget=widget, **kwargs)


class ConfirmedForm(forms.Form):
    """Asks for the present password; a wrong one counts like one at the door."""

    old_password = OwnPasswordField()

    def __init__(self, request, *args, **kwargs):
        self.request = request
        super().__init__(*args, **kwargs)

    @sensitive_variables("password")
    def clean_old_password(self):
        password = self.cleaned_data["old_password"]
        if not password_is(self.request, self.request.user, password):
            raise forms.ValidationError(_("Mật khẩu hiện nay không đúng. Hãy nhập lại."))
        return password


class PasswordForm(SetPasswordMixin, ConfirmedForm):
    """One's own new password, which ends the duty to choose one."""

    new_password1, new_password2 = SetPasswordMixin.create_password_fields(
        label1=_("Mật khẩu mới"), label2=_("Nhập lại mật khẩu mới")
    )

    error_messages = {"password_mismatch": _("Hai lần nhập mật khẩu mới không giống nhau.")}

    def __init__(self, request, *args, **kwargs):
        super().__init__(request, *args, **kwargs)
        self.fields["new_password1"].help_text = " ".join(password_validators_help_texts())
        self.fields["new_password2"].help_text = ""

    @sensitive_variables("new")
    def clean(self):
        self.validate_passwords("new_password1", "new_password2")
        self.validate_password_for_user(self.request.user, "new_password2")
        new = self.cleaned_data.get("new_password1")
        if new and new == self.cleaned_data.get("old_password"):
            self.add_error("new_password1", _("Mật khẩu mới phải khác mật khẩu hiện nay."))
        return super().clean()

    def save(self):
        user = self.request.user
        user.set_password(self.cleaned_data["new_password1"])
        user.must_change_password = False
        user._change_reason = _now("Tự đổi mật khẩu")
        # Only these: the row may have lost rights since this request read it.
        user.save(update_fields=["password", "must_change_password"])
        return user


class CodeForm(forms.Form):
    """Six digits of a phone, or a recovery code."""

    ma_xac_thuc = forms.CharField(
        label=_("Mã xác thực"),
        max_length=32,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class SetupForm(CodeForm, ConfirmedForm):
    """The second factor is turned on by who knows the password too: an open browser is not enough."""

    field_order = ("ma_xac_thuc", "old_password")
