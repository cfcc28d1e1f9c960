"""The rows of the open files as of a day: what the public pages show of it, and the facts it comes from.

On a sealed day figures, facts and milestones come from what was sealed; reports accepted since are left out.
"""

import datetime
from collections.abc import Iterator
from functools import cached_property

from cooperation.models import JointPlan
from enterprises.models import MOU
from programs.facts import FactsOverTime, published_of
from programs.figures import PlanProgress, plan_progress
from programs.measures import STATUS_LABELS, LeafFacts, LeafFigure
from programs.models import Milestone, ProgressUpdate
from programs.periods.content import decode
from programs.progress import RULE_VERSION


class Leaf:
    """An activity of the plan with its facts and its figure, sealed or of today's records."""

    def __init__(self, area: int, code: str, title: str, lead: str, precision: str, milestones: list[int],
                 facts: LeafFacts, figure: LeafFigure):  # fmt: skip
        self.area, self.code, self.title, self.lead, self.precision = area, code, title, lead, precision
        self.milestones, self.facts, self.figure = milestones, facts, figure


class OpenPlan:
    """A plan as of a day, as the files have it."""

    def __init__(self, plan: JointPlan, on: datetime.date):
        self.plan, self.on = plan, on

    @cached_property
    def progress(self) -> PlanProgress:
        return plan_progress(self.plan, self.on)

    @cached_property
    def leaves(self) -> list[Leaf]:
        """The activities that the plan has on that day, by area and code."""
        found = list(self._sealed_leaves() if self.progress.snapshot else self._living_leaves())
        return sorted((leaf for leaf in found if leaf.figure.in_plan), key=lambda one: (one.area, one.code))

    def _living_leaves(self) -> Iterator[Leaf]:
        numbers = {row.area.pk: row.area.number for row in self.progress.areas}
        figures = {pk: leaf for row in self.progress.areas for pk, leaf in row.leaves.items()}
        for activity in FactsOverTime(published_of(self.plan.pk)).on(self.on):
            if activity.pk in figures:
                yield Leaf(
                    numbers[activity.area_id], activity.code, activity.title,
                    activity.lead[1] if activity.lead else "", activity.date_precision,
                    activity.rows["milestones"], activity.facts, figures[activity.pk],
                )  # fmt: skip

    def _sealed_leaves(self) -> Iterator[Leaf]:
        for area in self.progress.snapshot.sealed.areas:
            for entry in area.entries:
                yield Leaf(
                    area.number, entry["code"], entry["title"],
                    entry["lead"]["name"] if entry["lead"] else "", entry["date_precision"],
                    entry["rows"]["milestones"], decode(LeafFacts, entry["facts"]), area.leaves[entry["id"]],
                )  # fmt: skip

    def rows(self, name: str) -> Iterator[tuple]:
        """Yield the rows of one file, in the order of its columns."""
        return {
            "ke-hoach": self._plan,
            "linh-vuc": self._areas,
            "hoat-dong": self._activities,
            "moc": self._milestones,
            "bao-cao": self._reports,
            "ban-ghi-nho": self._memoranda,
        }[name]()

    def _plan(self):
        progress, limits = self.progress, self.progress.thresholds
        sealed = progress.snapshot
        yield (
            self.plan.slug, self.plan.title, self.plan.signed_on, self.plan.is_demonstration, self.on,
            sealed.sealed.rule_version if sealed else RULE_VERSION,
            progress.period and progress.period.start_on, progress.period and progress.period.end_on,
            limits.attention_gap, limits.late_gap, limits.minimum_coverage,
            progress.headline.value, progress.headline.with_value, progress.headline.areas,
            sealed.sha256 if sealed else "",
        )  # fmt: skip

    def _areas(self):
        for row in self.progress.areas:
            figure = row.figure
            yield (
                row.area.number, row.area.title, figure.value, figure.exact, figure.planned, figure.gap,
                figure.status.value, STATUS_LABELS[figure.status], figure.coverage, figure.reported,
                figure.expected, figure.countable, figure.completed, figure.overdue, figure.unreported,
                figure.continuous, figure.cancelled, figure.weight,
            )  # fmt: skip

    def _activities(self):
        for leaf in self.leaves:
            facts, figure = leaf.facts, leaf.figure
            known = [update for update in facts.updates if update[1] is not None]
            # Facts name the percent once more on the day of a later report that states none.
            newest = min(known, key=lambda update: update[0], default=(None, None))
            heard_on = max((day for day, _percent in facts.updates), default=None)
            counted = [m for m in facts.milestones if m.waived_on is None or m.waived_on > self.on]
            done = sum(m.done_on is not None and m.done_on <= self.on for m in counted)
            yield (
                leaf.code, leaf.area, leaf.title, leaf.lead, facts.kind.value, facts.weight, leaf.precision,
                facts.added_on, facts.start_on, facts.due_on, facts.completed_on, facts.suspended_on,
                facts.resumed_on, facts.cancelled_on, facts.cancellation_document, *newest,
                heard_on, len(counted), done, facts.uses_indicator, facts.indicator_percent,
                facts.indicator_on, figure.countable, figure.shown, figure.percent, figure.planned_shown,
                figure.planned, figure.timeliness.value, figure.days_late, figure.reason,
            )  # fmt: skip

    def _milestones(self):
        # Of work that was hidden since, the sealed dates stand here, not the words of today.
        public = Milestone.objects.filter(activity__in=published_of(self.plan.pk))
        known = public.in_bulk([pk for leaf in self.leaves for pk in leaf.milestones])
        for leaf in self.leaves:
            for pk, facts in zip(leaf.milestones, leaf.facts.milestones, strict=True):
                record = known.get(pk)
                yield (
                    leaf.code, record.title if record else "", facts.due_on, facts.done_on, facts.waived_on,
                    record.waiver_document if record and facts.waived_on else "",
                )  # fmt: skip

    def _reports(self):
        rows = ProgressUpdate.objects.accepted(self.on).filter(activity__in=published_of(self.plan.pk))
        if self.progress.snapshot:
            rows = rows.filter(decided_at__lte=self.progress.snapshot.sealed_at)
        codes = {leaf.code for leaf in self.leaves}
        fields = ("percent", "agency__name", "results", "difficulties", "proposals", "fall_reason")
        found = rows.newest_first().values_list("activity__code", "effective_on", *fields)
        yield from (row for row in found if row[0] in codes)

    def _memoranda(self):
        mous = (
            MOU.objects.published()
            .filter(plan=self.plan)
            .signed_by(self.on)
            .select_related("plan", "area__plan", "activity__area__plan", "party_a", "party_b")
            .order_by("signed_on", "pk")
        )
        for mou in mous:
            agreed = mou.value_is_public
            yield (
                mou.number, mou.signed_on, mou.signed_at, mou.area.number,
                mou.activity.code if mou.activity and mou.activity.is_public else "", mou.event,
                mou.party_a.name, mou.party_b.name, mou.content, mou.products, mou.status, mou.effective_on,
                mou.expires_on, mou.result, agreed, mou.quantity if agreed else "",
                mou.value if agreed else None, mou.realised_value if agreed else None,
                mou.currency if agreed else "",
            )  # fmt: skip
