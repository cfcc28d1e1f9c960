"""Requests for explanation that wait for an answer, as far as the user may read them."""

from collections.abc import Iterable

from django.db.models import Q

from cooperation.models import JointPlan
from cooperation.permissions import VIEW
from portal.board.reading import Line
from programs.models import ExplanationRequest

FIRST_ROWS = 10


class Requests:
    """Those of a plan, the first due first, and what each area and each of `lines` was asked: three queries.

    `everywhere` counts what the list of requests counts, of every plan.
    """

    def __init__(self, user, plan: JointPlan, lines: Iterable[Line]):
        self.may_ask = user.has_perm("programs.add_explanationrequest")
        self.may_read = user.has_perm("programs.view_explanationrequest")
        self.rows: list[ExplanationRequest] = []
        self.areas: dict[int, ExplanationRequest] = {}
        self.activities: dict[int, ExplanationRequest] = {}
        self.everywhere = 0
        if not self.may_read:
            return
        waiting = ExplanationRequest.objects.for_user(user, VIEW).unanswered()
        self.everywhere = waiting.count()
        here = waiting.filter(Q(activity__area__plan=plan) | Q(area__plan=plan))
        here = here.select_related("activity__area__plan", "area__plan", "agency")
        self.rows = list(here.order_by("due_on", "pk")[:FIRST_ROWS])
        shown = [line.activity.pk for line in lines]
        about = waiting.filter(Q(area__plan=plan) | Q(activity__in=shown))
        for request in about.order_by("due_on", "pk"):
            if request.area_id:
                self.areas.setdefault(request.area_id, request)
            else:
                self.activities.setdefault(request.activity_id, request)

    def beside(self, lines: Iterable[Line]) -> list[tuple[Line, ExplanationRequest | None]]:
        """The lines, each with the request about it that waits."""
        return [(line, self.activities.get(line.activity.pk)) for line in lines]
