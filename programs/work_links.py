"""Where a member of staff goes on with a piece of work."""

from django.urls import reverse

from cooperation.models import ImportBatch
from programs.models import Activity, ExplanationRequest, ProgressUpdate


def work_address(record, *, writes: bool = True) -> str:
    """The page of the next step; for those who only watch, the page that shows the record.

    Activities come with `area__plan`, reports with their `activity`.
    """
    match record:
        case Activity() if writes:
            return reverse("report-write", kwargs={"code": record.code})
        case Activity() if record.is_public:
            return record.get_absolute_url()
        case ProgressUpdate() if writes and record.status == ProgressUpdate.Status.SUBMITTED:
            return reverse("report-review", kwargs={"pk": record.pk})
        case ProgressUpdate() if writes:
            return reverse("report-write", kwargs={"code": record.activity.code})
        case ImportBatch():
            return reverse("admin:cooperation_importbatch_detail", kwargs={"uuid": record.uuid})
        case ExplanationRequest():
            return record.get_absolute_url()
    return reverse(f"admin:programs_{record._meta.model_name}_change", args=(record.pk,))


def answer_address(activity: Activity, *, writes: bool = True) -> str:
    """The page on which the other side says whether what the leading side calls completed is so."""
    return reverse("completion-answer", kwargs={"code": activity.code})
