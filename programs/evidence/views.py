"""Serves evidence files: staff only, rights checked on every read, never as a page of ours."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from programs.evidence.files import KINDS, PICTURES, signed_kind
from programs.models import Evidence

_POLICY = "default-src 'none'; img-src 'self'; sandbox"


@require_safe
@login_required
def evidence_file(request, uuid):
    """Send the file: 404 for a foreign or deleted row as for one that is not there.

    Pictures may be looked at, everything else is a download.
    """
    if not request.user.has_perm("programs.view_evidence"):
        raise Http404
    rows = Evidence.objects.for_user(request.user).filter(
        activity__deleted_at__isnull=True, update__deleted_at__isnull=True
    )
    evidence = get_object_or_404(rows, uuid=uuid)
    if not evidence.file:
        raise Http404
    try:
        file = evidence.file.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    kind = _kind(file.read(16), evidence.file_name)
    file.seek(0)
    response = FileResponse(
        file,
        as_attachment=kind not in PICTURES,
        filename=evidence.file_name,
        content_type=KINDS.get(kind, "application/octet-stream"),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    if request.method == "HEAD":
        file.close()  # not the response: closing that ends the request
        return HttpResponse(headers=response.headers)
    return response


def _kind(head: bytes, name: str) -> str:
    """The kind that content and name agree on, or "": then it is bytes and nothing else."""
    suffix = name.rpartition(".")[2]
    signed = signed_kind(head)
    return suffix if suffix in KINDS and signed == {"docx": "zip", "xlsx": "zip"}.get(suffix, suffix) else ""
