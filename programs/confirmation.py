"""Two keys: where both provinces take part, a completion is confirmed when both have accepted it.

Until then both figures stand side by side, "chưa thống nhất". The figure itself stays the leading side's.
After a merger the two sides are one body, and one confirmation is enough.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import takewhile

from django.utils.translation import gettext as _

from cooperation.models import Agency, JointPlan, Province
from programs.models import Activity, Handover, ProgressUpdate
from programs.sides import Sides


class State(StrEnum):
    NOT_JOINT = "not_joint"
    OPEN = "open"
    DISAGREED = "disagreed"
    CONFIRMED = "confirmed"
    ONE_KEY = "one_key"


@dataclass(frozen=True)
class Key:
    """What one side says. `turned` = it accepted the completion; only a `required` key is waited for.

    `percent` is what it reported, None where the leading side's figure comes from milestones or an indicator.
    `report` is the one that says so, `answer` the newest "chưa thống nhất" of a side that has not confirmed.
    """

    side: Province
    agency: Agency | None
    percent: Decimal | None
    on: datetime.date | None
    completed_on: datetime.date | None
    turned: bool
    required: bool = True
    leads: bool = False
    report: ProgressUpdate | None = None
    answer: ProgressUpdate | None = None

    @property
    def turned_at(self) -> datetime.datetime | None:
        """When the report of the completion was accepted; None where staff wrote it down without one."""
        return self.report.decided_at if self.report and self.report.completed_on else None

    @property
    def side_name(self) -> str:
        return self.side.display_name


@dataclass(frozen=True)
class Confirmation:
    state: State
    label: str
    keys: tuple[Key, ...] = ()
    note: str = ""

    @property
    def is_joint(self) -> bool:
        return self.state != State.NOT_JOINT

    @property
    def confirmed(self) -> bool:
        return self.is_joint and bool(self.keys) and all(key.turned or not key.required for key in self.keys)


@dataclass
class _Facts:
    """One activity as the keys need it."""

    lead: int | None
    completed_on: datetime.date | None
    signers: tuple[int, ...]
    partners: list[int]
    handovers: list[tuple[datetime.date, int]]
    reports: list[ProgressUpdate]  # the newest first

    def lead_on(self, on):
        return next((body for day, body in self.handovers if day > on), self.lead)

    def done_by(self, on) -> bool:
        return self.completed_on is not None and self.completed_on <= on

    def sides(self, sides: Sides, on) -> list[Province]:
        """The sides that take part on that day, the leading one first; of provinces that signed the plan."""
        signed = {sides.of(body, on) for body in self.signers}
        found = []
        for body in (self.lead_on(on), *self.partners):
            side = sides.of(body, on)
            if side is not None and side not in found and (not signed or side in signed):
                found.append(side)
        return found


def confirmation(activity: Activity, on: datetime.date, sides: Sides | None = None) -> Confirmation:
    """Return how far the completion of one activity is confirmed as of `on`."""
    return confirmations(Activity.with_deleted.filter(pk=activity.pk), on, sides)[activity.pk]


def confirmations(activities, on: datetime.date, sides: Sides | None = None) -> dict[int, Confirmation]:
    """Return the same for all activities of a query set, by id: seven queries."""
    sides = sides or Sides()
    return {pk: _confirmation(facts, sides, on) for pk, facts in _facts(activities, on).items()}


def counterpart_of(activity: Activity, agency: Agency, on: datetime.date) -> bool:
    """True where `agency` stands on another side than the lead: its reports stand beside the figure."""
    facts = _facts(Activity.with_deleted.filter(pk=activity.pk), on)[activity.pk]
    lead, sides = facts.lead_on(on), Sides()
    if lead is None or sides.agencies.acting(lead, on) == sides.agencies.acting(agency.pk, on):
        return False
    return sides.of(agency.pk, on) != sides.of(lead, on)


def _facts(activities, on: datetime.date) -> dict[int, _Facts]:
    activities = activities.order_by()
    chosen = activities.values("pk")
    partners, handovers, reports, signers = (defaultdict(list) for _each in range(4))
    for pk, body in (
        Activity.partner_agencies.through.objects.filter(activity__in=chosen)
        .order_by("agency__sort_key", "agency")
        .values_list("activity", "agency")
    ):
        partners[pk].append(body)
    for pk, day, body in (
        Handover.objects.filter(activity__in=chosen)
        .order_by("on")
        .values_list("activity", "on", "from_agency")
    ):
        handovers[pk].append((day, body))
    for report in ProgressUpdate.objects.filter(
        activity__in=chosen, status=ProgressUpdate.Status.ACCEPTED, effective_on__lte=on
    ).newest_first():
        reports[report.activity_id].append(report)
    plans = JointPlan.agencies.through.objects.filter(jointplan__areas__activities__in=chosen).distinct()
    for plan, body in plans.values_list("jointplan", "agency"):
        signers[plan].append(body)
    return {
        pk: _Facts(lead, completed_on, tuple(signers.get(plan, ())), partners[pk], handovers[pk], reports[pk])
        for pk, lead, completed_on, plan in activities.values_list(
            "pk", "lead_agency", "completed_on", "area__plan"
        )
    }


def _confirmation(facts: _Facts, sides: Sides, on: datetime.date) -> Confirmation:
    present = facts.sides(sides, on)
    if len(present) > 1:
        return _of_several(facts, _keys(facts, sides, present, on), on)
    for day in sides.turning_days(on):
        eve = day - datetime.timedelta(days=1)
        before = facts.sides(sides, eve)
        if len(before) > 1:
            return _of_one(facts, sides, present, before, day, on)
    return Confirmation(State.NOT_JOINT, _("việc của một bên"))


def _of_several(facts: _Facts, keys: tuple[Key, ...], on: datetime.date) -> Confirmation:
    outside = [key.side_name for key in keys if not key.required]
    notes = []
    required = [key for key in keys if key.required]
    if required and all(key.turned for key in required):
        state, label = State.CONFIRMED, _("đã xác nhận")
        notes.append(
            _("Các bên đã xác nhận hoàn thành.") if len(required) > 1 else _("Bên trong nước đã xác nhận.")
        )
    elif any(key.turned for key in keys):
        state, label = State.DISAGREED, _("chưa thống nhất")
        notes.append(
            _("%(done)s báo hoàn thành; %(open)s chưa xác nhận.")
            % {
                "done": ", ".join(key.side_name for key in keys if key.turned),
                "open": ", ".join(key.side_name for key in required if not key.turned),
            }
        )
    else:
        state, label = State.OPEN, _("chưa bên nào báo hoàn thành")
        if facts.done_by(on):
            label = _("chưa bên nào xác nhận")
            notes.append(_by_source())
        elif len({key.percent for key in keys if key.percent is not None}) > 1:
            notes.append(_("Các bên báo số khác nhau; tiến độ tính theo bên chủ trì."))
    if outside:
        notes.append(
            _("%(sides)s: bên nước ngoài không có tài khoản: xác nhận ngoài cổng.")
            % {"sides": ", ".join(outside)}
        )
    return Confirmation(state, label, keys, " ".join(notes))


def _of_one(facts, sides, present, before, merged_on, on) -> Confirmation:
    """The two sides are one body by now. What both had confirmed before that stays confirmed by both."""
    eve = merged_on - datetime.timedelta(days=1)
    then = _of_several(facts, _keys(facts, sides, before, eve), eve)
    if then.state == State.CONFIRMED:
        return then
    note = _("Từ %(day)s hai bên là một cơ quan: một xác nhận.") % {"day": f"{merged_on:%d/%m/%Y}"}
    keys = _keys(facts, sides, present or [sides.provinces.acting(before[0].pk, on)], on)
    turned = all(key.turned for key in keys)
    label = _("đã xác nhận") if turned else _("chờ một xác nhận")
    if facts.done_by(on) and not turned:
        note = f"{note} {_by_source()}"
    return Confirmation(State.ONE_KEY, label, keys, note)


def _by_source() -> str:
    """A completion that nobody leads: a source tells it, no side has accepted it here."""
    return _("Hoàn thành được ghi theo nguồn; chưa bên nào xác nhận trên cổng.")


def _keys(facts: _Facts, sides: Sides, present: list[Province], on: datetime.date) -> tuple[Key, ...]:
    lead = sides.of(facts.lead_on(on), on)
    if lead is None and len(present) == 1:
        (lead,) = present
    return tuple(_key(facts, sides, side, on, leads=side == lead) for side in present)


def _key(facts: _Facts, sides: Sides, side: Province, on: datetime.date, *, leads: bool) -> Key:
    """A report without an agency is the leading side's; so is a completion that staff wrote down without
    a report. A later report of the same side with less than 100 % takes the word "completed" back."""

    def stands_for(report, day):
        body = report.agency_id or (None if report.is_counterpart else facts.lead_on(day))
        return sides.of(body, day) or (side if leads and body is None and not report.is_counterpart else None)

    mine = [
        report for report in facts.reports if report.effective_on <= on and stands_for(report, on) == side
    ]
    said = None
    for number, report in enumerate(mine):
        if report.completed_on is not None and not any(
            later.percent is not None
            and later.percent < 100
            and later.completed_on is None
            and stands_for(later, later.effective_on) == stands_for(report, later.effective_on)
            for later in mine[:number]
        ):
            said = report
            break
    shown = said or next((report for report in mine if report.percent is not None), mine[0] if mine else None)
    completed_on = said.completed_on if said else None
    lead = facts.lead_on(on) if leads else None
    if lead is not None and facts.done_by(on):
        completed_on = completed_on or facts.completed_on
    body = (shown and shown.agency_id) or lead
    turned = completed_on is not None
    since_done = takewhile(lambda report: report.completed_on is None, mine)
    return Key(
        side=side,
        agency=sides.agencies.bodies.get(body),
        percent=shown.percent if shown else None,
        on=shown.effective_on if shown else completed_on,
        completed_on=completed_on,
        turned=turned,
        required=side.kind != Province.Kind.FOREIGN,
        leads=leads,
        report=shown,
        answer=None if turned else next((report for report in since_done if report.is_answer), None),
    )
