"""The admin's history pages: old versions are read, by whoever may read the record."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from simple_history.admin import SimpleHistoryAdmin

from cooperation.posted import as_key


class HistoryAdmin(SimpleHistoryAdmin):
    """History pages check the row too: simple-history alone shows what the list hides."""

    def history_view(self, request, object_id, extra_context=None):
        self._require_in_scope(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        if request.method not in ("GET", "HEAD"):  # simple-history would write the old version back
            return HttpResponseNotAllowed(("GET", "HEAD"))
        self._require_in_scope(request, object_id)
        shown = self.history_shown(request, self.model.history.filter(pk=as_key(str(version_id))))
        if not shown.exists():
            raise Http404
        return super().history_form_view(request, object_id, version_id, extra_context)

    def get_history_queryset(self, request, history_manager, pk_name, object_id):
        return self.history_shown(
            request, super().get_history_queryset(request, history_manager, pk_name, object_id)
        )

    def history_shown(self, request, entries):
        """The entries that the reader of a record may see: all of them."""
        return entries

    def set_history_delta_changes(self, request, historical_records, *args, **kwargs):
        """Who gave no reason gave none: the page would print "None"."""
        super().set_history_delta_changes(request, historical_records, *args, **kwargs)
        for record in historical_records:
            record.history_change_reason = record.history_change_reason or "–"

    def _require_in_scope(self, request, object_id):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if self.get_object(request, object_id) is None:
            raise Http404
