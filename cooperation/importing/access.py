"""Who may bring in what, and who may open which batch."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from cooperation.importing.kinds import Kind, importable_plans, kind_named
from cooperation.models import ImportBatch, JointPlan


def kind_for(request, name: str) -> Kind:
    """The kind, for whoever may import it."""
    try:
        kind = kind_named(name)
    except KeyError as fault:
        raise Http404 from fault
    if not request.user.has_perm(kind.permission):
        raise PermissionDenied
    return kind


def plans_for(request, kind: Kind):
    plans = JointPlan.objects.for_user(request.user).order_by("-is_main", "sort_key")
    return importable_plans(kind, request.user, plans)


def batch_for(request, uuid) -> ImportBatch:
    """A batch that the user may see; one that is not written yet is its uploader's alone."""
    if not request.user.has_perm("cooperation.view_importbatch"):
        raise PermissionDenied
    rows = ImportBatch.objects.for_user(request.user).select_related("plan", "user", "agency", "undone_by")
    batch = get_object_or_404(rows, uuid=uuid)
    if batch.state not in ImportBatch.WRITTEN and batch.user_id != request.user.pk:
        raise Http404
    return batch
