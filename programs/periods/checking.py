"""Does a sealed period say what was sealed, does the rule give it, and is every later change told?"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from programs.models import (
    Activity,
    Erratum,
    Milestone,
    ProgressUpdate,
    ScheduleChange,
    Snapshot,
    Suspension,
)
from programs.periods.content import sha256
from programs.periods.errata import LivePlan
from programs.periods.locking import hold_plan
from programs.periods.wording import told

FOUND_BY_CHECKING = "phát hiện khi đối chiếu"
NAMED_AT_MOST = 10


@dataclass(frozen=True)
class Verdict:
    """`broken`: hash or figures do not hold. `undeclared`: what differs today without an erratum."""

    snapshot: Snapshot
    broken: list[str]
    undeclared: list[str]
    by_older_rule: bool

    @property
    def holds(self) -> bool:
        return not self.broken and not self.undeclared


def check(snapshot: Snapshot) -> Verdict:
    """Compare hash, figures by the rule, and today's records with a snapshot."""
    broken = []
    if sha256(snapshot.content) != snapshot.sha256:
        return Verdict(snapshot, [_("mã băm SHA-256 không khớp nội dung")], [], False)
    sealed = snapshot.sealed
    if sealed.rule_version != snapshot.rule_version:
        broken.append(_("phiên bản quy tắc không khớp nội dung"))
    if sealed.by_rule_of_today and (faults := sealed.faults()):
        names = ", ".join(faults[:NAMED_AT_MOST])
        broken.append(_("tính lại từ dữ kiện đã lưu ra kết quả khác: %s") % names)
    found, _content = LivePlan(snapshot.period.plan_id).changes(snapshot)
    return Verdict(snapshot, broken, [told(change) for change in found], not sealed.by_rule_of_today)


@transaction.atomic
def record(snapshot: Snapshot, user=None) -> Erratum | None:
    """Declare what differs, with the reason that the history of what changed gives last."""
    hold_plan(snapshot.period.plan_id)  # whoever writes now declares it themselves
    today = LivePlan(snapshot.period.plan_id)
    found, content = today.changes(snapshot)
    if not found:
        return None
    last = _newest_reason([int(pk) for pk in content["leaves"]])
    reason = (
        _("%(found)s: %(last)s") % {"found": FOUND_BY_CHECKING, "last": last} if last else FOUND_BY_CHECKING
    )
    return today.write(snapshot.pk, user, reason, "")


def _newest_reason(activity_ids: list[int]) -> str:
    """The reason last written into the history of these activities, or of what belongs to them."""
    newest = []
    parts = (ProgressUpdate, Milestone, ScheduleChange, Suspension)
    for model, key in ((Activity, "id__in"), *((part, "activity__in") for part in parts)):
        written = model.history.filter(**{key: activity_ids}).exclude(history_change_reason=None)
        written = written.exclude(history_change_reason="").order_by("history_date")
        row = written.values_list("history_date", "history_change_reason").last()
        newest += [row] if row else []
    return max(newest)[1] if newest else ""
