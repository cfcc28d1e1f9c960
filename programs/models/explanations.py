"""Yêu cầu giải trình: a leader asks, the agency answers; both stay on the record."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.models import Agency, CooperationArea
from cooperation.permissions import ScopedQuerySet
from programs.models.activity import Activity


class ExplanationRequestQuerySet(ScopedQuerySet):
    def owned_by(self, agencies, action):
        return Q(agency__in=agencies)

    def unanswered(self):
        return self.filter(answered_at__isnull=True)

    def about_living(self):
        """Without those about what was deleted since: they stay on the record and ask nobody any more."""
        return self.exclude(activity__deleted_at__isnull=False).exclude(area__deleted_at__isnull=False)


class ExplanationRequest(models.Model):
    """A question about one activity or one area. Neither question nor answer is changed once written."""

    activity = models.ForeignKey(
        Activity,
        verbose_name=_("hoạt động"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="explanation_requests",
    )
    area = models.ForeignKey(
        CooperationArea,
        verbose_name=_("lĩnh vực"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="explanation_requests",
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan giải trình"),
        on_delete=models.PROTECT,
        related_name="explanation_requests",
    )
    question = models.TextField(_("nội dung yêu cầu"))
    due_on = models.DateField(_("hạn trả lời"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người yêu cầu"), on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("yêu cầu lúc"))
    answer = models.TextField(_("giải trình"), blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người giải trình"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("giải trình lúc"), null=True, blank=True)

    objects = models.Manager.from_queryset(ExplanationRequestQuerySet)()

    class Meta:
        verbose_name = _("yêu cầu giải trình")
        verbose_name_plural = _("yêu cầu giải trình")
        ordering = ("-asked_at", "-pk")
        default_permissions = ("view", "add", "answer", "export")
        constraints = [
            models.CheckConstraint(
                name="explanation_about_one_thing",
                condition=Q(activity__isnull=False, area__isnull=True)
                | Q(activity__isnull=True, area__isnull=False),
                violation_error_message=_("Yêu cầu giải trình về một hoạt động hoặc một lĩnh vực."),
            ),
            models.CheckConstraint(
                name="explanation_has_question",
                condition=~Q(question=""),
                violation_error_message=_("Yêu cầu phải có nội dung."),
            ),
            models.CheckConstraint(
                name="explanation_answer_is_whole",
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                violation_error_message=_("Giải trình phải có nội dung, người và thời điểm."),
            ),
        ]

    def __str__(self):
        return str(self.activity or self.area)

    def get_absolute_url(self):
        return reverse("explanation-detail", kwargs={"pk": self.pk})

    @property
    def about(self):
        """The activity or the area."""
        return self.activity or self.area

    def is_late_on(self, on: datetime.date) -> bool:
        return self.answered_at is None and self.due_on < on
