"""What a request may send at most, before any page looks at it: a large body cannot fill the disk."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.shortcuts import render


class BodyLimitMiddleware:
    """Answer 413 to a body that no form of ours needs, without reading it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0  # Django reads nothing then
        if length > settings.PORTAL_BODY_MAX_BYTES:
            return render(request, "413.html", status=413)
        return self.get_response(request)


class CutOffHandler(FileUploadHandler):
    """Drop what a file has beyond the limit: what is kept is just too large, and the form says so."""

    received = 0

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data, start):
        if self.received > settings.PORTAL_EVIDENCE_MAX_BYTES:
            return None
        self.received += len(raw_data)
        return raw_data

    def file_complete(self, file_size):
        return None
