"""The admin of merges: an action with a page of its own, a way back, and the list of what was merged."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from cooperation.admin_base import PortalAdmin, ScopedAdmin
from cooperation.permissions import CHANGE
from enterprises import merging
from enterprises.models import MOU, Enterprise, EnterpriseMerge


class MergeForm(forms.Form):
    """Which of the two is kept, and why they are one."""

    kept = forms.ModelChoiceField(
        Enterprise.objects.none(),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Hãy chọn một trong hai doanh nghiệp để giữ.")
        ),
    )
    reason = forms.CharField(
        max_length=2000, error_messages={"required": _("Hãy ghi lý do: vì sao hai bản ghi là một.")}
    )

    def __init__(self, data, pair):
        super().__init__(data)
        self.fields["kept"].queryset = pair


class _StandingFilter(admin.SimpleListFilter):
    """Rows by whether `column` is still empty; `words` says both in the row's own words."""

    parameter_name = "con_dung"
    column = ""
    words = ("", "")

    def lookups(self, request, model_admin):
        return list(zip(("co", "khong"), self.words, strict=True))

    def queryset(self, request, queryset):
        if self.value() not in ("co", "khong"):
            return queryset
        return queryset.filter(**{f"{self.column}__isnull": self.value() == "co"})


class LivingFilter(_StandingFilter):
    title = _("tình trạng bản ghi")
    column = "merged_into"
    words = (_("đang dùng"), _("đã gộp vào bản ghi khác"))


class UndoneFilter(_StandingFilter):
    title = _("tình trạng lần gộp")
    column = "undone_at"
    words = (_("còn hiệu lực"), _("đã bỏ gộp"))


class MergingAdmin(PortalAdmin):
    """An enterprise's admin that merges two records, shows what was merged, and undoes it."""

    actions = ("merge_enterprises",)
    readonly_fields = ("merged_into", "merges")

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and obj.merged_into_id is not None:
            fieldsets = ((None, {"fields": ("merged_into",)}), *fieldsets)
        if obj is not None and obj.merges.standing().exists():
            fieldsets = (*fieldsets, (_("Gộp doanh nghiệp"), {"fields": ("merges",)}))
        return fieldsets

    def has_change_permission(self, request, obj=None):
        """A merged record is kept as it was: it is opened again by undoing the merge."""
        return super().has_change_permission(request, obj) and (obj is None or obj.merged_into_id is None)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.merged_into_id is None)

    def get_export_queryset(self, request):
        """Without merged records: read back, their names and codes stand for the record that was kept."""
        return super().get_export_queryset(request).unmerged()

    def has_merge_permission(self, request):
        return merging.may_merge(request.user)

    def get_urls(self):
        undo = self.admin_site.admin_view(self.unmerge_view)
        return [
            path("unmerge/<int:merge_id>/", undo, name="enterprises_enterprise_unmerge"),
            *super().get_urls(),
        ]

    @admin.display(description=_("đã gộp vào bản ghi này"))
    def merges(self, enterprise):
        """What was merged into it, each with a way back; a form cannot stand inside the page's form."""
        rows = enterprise.merges.standing().select_related("merged", "merged_by")
        return format_html_join(
            "",
            '<p class="import-page"><a href="{}">{}</a>, {}, {} <a class="button" href="{}">{}</a></p>',
            (
                (
                    _address(row.merged),
                    row.merged.name,
                    row.merged_by,
                    date_format(localtime(row.merged_at), "SHORT_DATE_FORMAT"),
                    reverse("admin:enterprises_enterprise_unmerge", args=(row.pk,)),
                    _gettext("Bỏ gộp"),
                )
                for row in rows
            ),
        )

    @admin.action(description=_("Gộp hai doanh nghiệp"), permissions=["merge"])
    def merge_enterprises(self, request, queryset):
        """Show the two side by side; with an answer of that page, merge them."""
        pair = queryset.select_related("province", "merged_into").order_by("pk")
        if pair.count() != 2:
            self.message_user(request, _gettext("Hãy chọn đúng hai doanh nghiệp để gộp."), messages.WARNING)
            return None
        form = MergeForm(request.POST if "merge" in request.POST else None, pair)
        problems = [problem for errors in form.errors.values() for problem in errors]
        if form.is_valid():
            kept = form.cleaned_data["kept"]
            merged = pair.exclude(pk=kept.pk).get()
            try:
                merging.merge(kept, merged, user=request.user, reason=form.cleaned_data["reason"])
            except merging.MergeRefusedError as refusal:
                problems = [str(refusal)]
            else:
                done = _gettext("Đã gộp “{}” vào {}. Mở trang ấy để bỏ gộp khi cần.")
                link = format_html('<a href="{}">{}</a>', _address(kept), kept.name)
                self.message_user(request, format_html(done, merged.name, link), messages.SUCCESS)
                return None
        context = {
            **self.admin_site.each_context(request),
            "title": _gettext("Gộp hai doanh nghiệp"),
            "pair": [(one, _memoranda(one), form["kept"].value() == str(one.pk)) for one in pair],
            "reason": form["reason"].value() or "",
            "problems": problems,
        }
        return TemplateResponse(request, "admin/enterprises/merge.html", context)

    def unmerge_view(self, request, merge_id):
        """A page that asks (GET), and the way back (POST). Another agency's record is not found."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        record = get_object_or_404(EnterpriseMerge.objects.select_related("kept", "merged"), pk=merge_id)
        if not self._in_scope(request, record.kept, CHANGE):
            raise Http404
        problem = _gettext("Lần gộp này đã được bỏ rồi.") if record.undone_at else ""
        if request.method == "POST":
            try:
                merging.unmerge(record, user=request.user)
            except merging.MergeRefusedError as refusal:
                problem = str(refusal)
            else:
                link = format_html('<a href="{}">{}</a>', _address(record.merged), record.merged.name)
                done = format_html(_gettext("Đã bỏ gộp: {} lại là một bản ghi riêng."), link)
                self.message_user(request, done, messages.SUCCESS)
                return redirect(_address(record.kept))
        context = {
            **self.admin_site.each_context(request),
            "title": _gettext("Bỏ gộp doanh nghiệp"),
            "record": record,
            "back": _address(record.kept),
            "problem": problem,
        }
        return TemplateResponse(request, "admin/enterprises/unmerge.html", context)


@admin.register(EnterpriseMerge)
class EnterpriseMergeAdmin(ScopedAdmin):
    """What was merged and undone, to be read; the way back stands on the kept record's page."""

    list_display = ("merged", "kept", "merged_by", "merged_at", "undone_at")
    list_filter = (UndoneFilter,)
    list_select_related = ("kept", "merged", "merged_by")
    search_fields = ("kept__search_text", "merged__search_text")
    fields = ("merged", "kept", "reason", "merged_by", "merged_at", "undone_by", "undone_at")
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def _address(enterprise: Enterprise) -> str:
    return reverse("admin:enterprises_enterprise_change", args=(enterprise.pk,))


def _memoranda(enterprise: Enterprise) -> int:
    return MOU.objects.filter(Q(party_a=enterprise) | Q(party_b=enterprise)).count()
