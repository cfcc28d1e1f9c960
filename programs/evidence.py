"""Serves evidence files: staff only, rights checked on every read, never as a page of ours."""

import filetype
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from programs.models import Evidence
from programs.models.reporting import EVIDENCE_TYPES


@require_safe
@login_required
def evidence_file(request, uuid):
    """Send the file as a download in a sandbox; 404 for a foreign row as for one that is not there."""
    evidence = get_object_or_404(Evidence.objects.for_user(request.user), uuid=uuid)
    if not evidence.file:
        raise Http404
    file = evidence.file.open("rb")
    kind = filetype.guess_extension(file.read(8192))
    file.seek(0)
    response = FileResponse(
        file,
        as_attachment=True,
        filename=evidence.file_name,
        content_type=EVIDENCE_TYPES.get(kind, "application/octet-stream"),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response._csp_replace = {"default-src": ["'none'"], "sandbox": True}
    return response
