"""The two writes of a yêu cầu giải trình: a leader asks, the agency answers. Each once, and for good."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.models import Agency, CooperationArea
from cooperation.permissions import CHANGE, VIEW
from cooperation.text import clean_multiline
from programs.models import Activity, ExplanationRequest


def addressees(about: Activity | CooperationArea, on: datetime.date):
    """The bodies that act on `on` for the leads, or for the partners of what has no lead."""
    if isinstance(about, Activity):
        activities = Activity.objects.filter(pk=about.pk)
    else:
        activities = Activity.objects.filter(area=about)
    leads = set(activities.exclude(lead_agency=None).order_by().values_list("lead_agency", flat=True))
    partners = activities.filter(lead_agency=None).exclude(partner_agencies=None).order_by()
    leads |= set(partners.values_list("partner_agencies", flat=True))
    acting = Agency.objects.acting_map(on)
    return Agency.objects.filter(pk__in={acting[pk].pk for pk in leads if pk in acting}).in_order()


def asked_about(user, about: Activity | CooperationArea):
    """Every request about the same thing that `user` may read, the newest first."""
    field = "activity" if isinstance(about, Activity) else "area"
    rows = ExplanationRequest.objects.for_user(user, VIEW).filter(**{field: about})
    return rows.select_related("agency", "asked_by", "answered_by")


@transaction.atomic
def ask(*, about: Activity | CooperationArea, agency: Agency, question: str, due_on, user):
    """Ask `agency` about an activity or an area. Raises PermissionDenied or ValidationError."""
    if not user.has_perm("programs.add_explanationrequest"):
        raise PermissionDenied(_("Tài khoản của bạn không có quyền yêu cầu giải trình."))
    model = type(about)
    if not model.objects.for_user(user, VIEW).filter(pk=about.pk).exists():
        raise PermissionDenied(_("Bạn không xem được hồ sơ này nên không hỏi về nó được."))
    # Two clicks on one button are asked one after the other.
    model.objects.select_for_update().filter(pk=about.pk).first()
    today = localdate()
    question = clean_multiline(question)
    if not question:
        raise ValidationError({"question": _("Hãy ghi nội dung cần giải trình.")})
    if due_on < today:
        raise ValidationError({"due_on": _("Hạn trả lời phải từ hôm nay trở đi.")})
    if not addressees(about, today).filter(pk=agency.pk).exists():
        raise ValidationError({"agency": _("Cơ quan này không chủ trì việc được hỏi: hãy chọn lại.")})
    subject = {"activity" if model is Activity else "area": about}
    same = ExplanationRequest.objects.filter(agency=agency, question=question, **subject).unanswered()
    if same.exists():
        raise ValidationError(_("Yêu cầu này đã được gửi và đang chờ trả lời."))
    return ExplanationRequest.objects.create(
        **subject, agency=agency, question=question, due_on=due_on, asked_by=user, asked_at=timezone.now()
    )


@transaction.atomic
def answer(*, explanation: ExplanationRequest, text: str, user) -> ExplanationRequest:
    """Answer a request that is still open. What was answered is never answered again."""
    if not may_answer(user, explanation):
        raise PermissionDenied(_("Yêu cầu này hỏi cơ quan khác."))
    row = ExplanationRequest.objects.select_for_update().get(pk=explanation.pk)
    if row.answered_at is not None:
        raise ValidationError(
            _("Đã có giải trình lúc %(time)s, không ghi thêm được.")
            % {"time": f"{timezone.localtime(row.answered_at):%H:%M %d/%m/%Y}"}
        )
    text = clean_multiline(text)
    if not text:
        raise ValidationError({"answer": _("Hãy ghi nội dung giải trình.")})
    row.answer, row.answered_by, row.answered_at = text, user, timezone.now()
    row.save(update_fields=("answer", "answered_by", "answered_at"))
    return row


def may_answer(user, explanation: ExplanationRequest) -> bool:
    """True for those of the agency that was asked, or of its successor, who answer for it."""
    return (
        user.has_perm("programs.answer_explanationrequest")
        and ExplanationRequest.objects.for_user(user, CHANGE).filter(pk=explanation.pk).exists()
    )


def searched(rows, words: list[str]):
    """Rows whose activity or area holds every word, accents aside."""
    for word in words:
        rows = rows.filter(Q(activity__search_text__contains=word) | Q(area__search_text__contains=word))
    return rows
