"""The page "Bộ lọc của tôi": saved lists of one's own, kept and thrown away here."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from cooperation.models import SavedFilter, User
from cooperation.models.saved_filters import LONGEST_NAME, LONGEST_QUERY, MOST_OF_A_USER
from cooperation.posted import as_key
from cooperation.text import clean, sort_key

# Addresses that are lists with filters: nothing else can be saved, and so nothing else is linked to.
LISTS = {
    "activity-list": gettext_lazy("Hoạt động"),
    "program-list": gettext_lazy("Chương trình"),
    "mou-list": gettext_lazy("Bản ghi nhớ"),
    "enterprise-list": gettext_lazy("Doanh nghiệp"),
    "agency-list": gettext_lazy("Cơ quan"),
    "agreement-list": gettext_lazy("Thỏa thuận"),
    "source-list": gettext_lazy("Nguồn thông tin"),
    "search": gettext_lazy("Tìm kiếm"),
}


class SaveForm(forms.Form):
    """A name for a list of ours with its filters."""

    ten = forms.CharField(
        label=gettext_lazy("Tên bộ lọc"),
        max_length=LONGEST_NAME,
        error_messages={
            "required": gettext_lazy("Hãy đặt tên cho bộ lọc."),
            "max_length": gettext_lazy("Tên bộ lọc dài quá 80 ký tự: hãy đặt tên ngắn hơn."),
        },
    )
    danh_sach = forms.CharField(max_length=200)
    bo_loc = forms.CharField(max_length=LONGEST_QUERY, required=False, strip=False)

    def clean_ten(self):
        name = clean(self.cleaned_data["ten"])
        if not name:
            raise forms.ValidationError(_("Hãy đặt tên cho bộ lọc."))
        return name

    def clean_danh_sach(self):
        path = self.cleaned_data["danh_sach"]
        if list_name(path) is None:
            raise forms.ValidationError(_("Địa chỉ này không phải danh sách lưu được."))
        return path

    def clean_bo_loc(self):
        """Written anew from what was read of it."""
        query = urlencode(list(QueryDict(self.cleaned_data["bo_loc"]).lists()), doseq=True)
        if len(query) > LONGEST_QUERY:
            raise forms.ValidationError(_("Bộ lọc dài quá nên không lưu được: hãy bớt điều kiện."))
        return query

    @property
    def fault(self) -> str:
        """The first thing that is wrong; of the hidden fields too, which no reader fills in."""
        found = [error for name in ("ten", "danh_sach", "bo_loc") for error in self.errors.get(name, ())]
        return found[0] if found else ""


def list_name(path: str):
    """The list's title, or None where the path is not a list of ours."""
    try:
        return LISTS.get(resolve(path).url_name)
    except Resolver404:
        return None


@never_cache
@login_required
def saved_filters(request):
    """One's saved filters by list; POST saves one, or throws one away (`xoa`)."""
    user = request.user
    if not user.is_staff:
        raise PermissionDenied
    if request.method == "POST":
        if "xoa" in request.POST:
            return _throw_away(request, user)
        return _save(request, user)
    rows = sorted(SavedFilter.objects.for_user(user), key=lambda row: (sort_key(row.name), row.pk))
    context = {
        "rows": [(row, list_name(row.path) or _("danh sách không còn")) for row in rows],
        "title": _("Bộ lọc của tôi"),
    }
    return render(request, "cooperation/saved_filters/list.html", context)


def _save(request, user):
    form = SaveForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.fault)
        return redirect("saved-filters")
    given = form.cleaned_data
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two tabs must not pass the limit together
        mine = SavedFilter.objects.for_user(user)
        if not mine.filter(name=given["ten"]).exists() and mine.count() >= MOST_OF_A_USER:
            messages.error(request, _("Đã có 50 bộ lọc: hãy xóa bớt rồi lưu lại."))
            return redirect("saved-filters")
        saved, is_new = SavedFilter.objects.update_or_create(
            user=user, name=given["ten"], defaults={"path": given["danh_sach"], "query": given["bo_loc"]}
        )
    said = _("Đã lưu bộ lọc “%(name)s”.") if is_new else _("Đã ghi lại bộ lọc “%(name)s”.")
    messages.success(request, said % {"name": saved.name})
    return redirect(saved)


def _throw_away(request, user):
    saved = get_object_or_404(SavedFilter.objects.for_user(user), pk=as_key(request.POST["xoa"]))
    saved.delete()
    messages.success(request, _("Đã xóa bộ lọc “%(name)s”.") % {"name": saved.name})
    return redirect("saved-filters")
