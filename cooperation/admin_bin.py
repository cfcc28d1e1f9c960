"""Deleting in the admin: one record at a time, with a reason, into a bin from which it can be put back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from cooperation.corrections import ReasonRequiredError
from cooperation.discarding import discard, restore, uses
from cooperation.lists import page_of
from cooperation.permissions import CHANGE
from cooperation.posted import as_key, posted_document, posted_text


class BinAdmin:
    """For a ModelAdmin of Records; its rows come from `for_user()` like all others."""

    delete_confirmation_template = "admin/discard.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_bin"
        return [
            path("da-xoa/", self.admin_site.admin_view(self.bin_view), name=name),
            *super().get_urls(),
        ]

    def bin_address(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_bin")

    def get_actions(self, request):
        """No deleting of many at once: each has its own reason."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs, request):
        """What goes along stays in the bin with its record; what still needs it stands in the way."""
        return [], {}, set(), [use for record in objs for use in uses(record)]

    def delete_view(self, request, object_id, extra_context=None):
        """Ask for the reason; say in a sentence why it cannot be done."""
        reason = posted_text(request, "reason")
        refusal = _("Hãy ghi lý do xóa.") if request.method == "POST" and not reason else ""
        if request.method == "POST" and reason:
            try:
                return super().delete_view(request, object_id, extra_context)
            except (ValidationError, ReasonRequiredError) as fault:
                refusal = " ".join(getattr(fault, "messages", [str(fault)]))
        asked = {"reason": reason, "document": request.POST.get("document", ""), "refusal": refusal}
        request.POST = QueryDict()  # Django's view deletes whenever something was sent
        return self._delete_view(request, object_id, {**(extra_context or {}), **asked})

    def delete_model(self, request, obj):
        reason, document = posted_text(request, "reason"), posted_document(request, "document")
        discard(obj, user=request.user, reason=reason)
        self.written(request, obj, reason, document)

    def bin_view(self, request):
        """The deleted records that this user may put back; a POST puts one back."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        rows = self.model.with_deleted.for_user(request.user, CHANGE).filter(deleted_at__isnull=False)
        if request.method == "POST":
            record = get_object_or_404(rows, pk=as_key(request.POST.get("record", "")))
            self._restore(request, record)
            return HttpResponseRedirect(self.bin_address())
        page = page_of(rows.order_by("-deleted_at", "-pk"), request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Đã xóa: %s") % self.opts.verbose_name_plural,
            "opts": self.opts,
            "page": page,
            "records": [(record, record.history.order_by("history_id").last()) for record in page],
        }
        return TemplateResponse(request, "admin/bin.html", context)

    def _restore(self, request, record):
        reason = posted_text(request, "reason")
        try:
            document = posted_document(request, "document")
            with transaction.atomic():
                restore(record, user=request.user, reason=reason)
                self.written(request, record, reason, document)
        except (ValidationError, ReasonRequiredError) as fault:
            self.message_user(request, " ".join(getattr(fault, "messages", [str(fault)])), messages.ERROR)
        else:
            self.message_user(request, _("Đã khôi phục “%s”.") % record, messages.SUCCESS)
