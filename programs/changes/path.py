"""The states that join two days: what was sealed, its errata, the passing of time, and each step's parts.

Whichever side was written down earlier is brought, by its errata, to what the other one knew; so what was
corrected and what happened never mix. A sealed day stays as it was sealed: errata that the other side knew
and it did not are taken back at its end.
"""

import datetime
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial

from django.utils.translation import gettext as _

from cooperation.models import CooperationArea, JointPlan
from programs.changes.days import snapshots_of
from programs.changes.measuring import ZERO, mean, middle_of, moved
from programs.changes.states import Area, Leaf, State, live_state, sealed_state
from programs.changes.wording import words
from programs.facts import FactsOverTime, published_of
from programs.measures import exact_sum
from programs.models import Erratum, Snapshot


@dataclass(frozen=True)
class Step:
    """A state and what led to it: an erratum, laid over or taken back; without one, time."""

    state: State
    erratum: Erratum | None = None
    taken_back: bool = False


@dataclass(frozen=True)
class Part:
    """What one activity, or one erratum (`activity` is None), moved in its area and in the headline.

    Words are found when they are read: of many changes a page shows few.
    """

    area: int
    activity: int | None
    words: Callable[[], str]
    points: Fraction
    plan_points: Fraction
    url: str = ""


class Path:
    """`pages`: the codes of the activities that have a page now. `areas_with_page`: the ids of such areas."""

    def __init__(
        self,
        days: tuple[datetime.date, datetime.date],
        steps: list[Step],
        pages: dict[int, str] | None = None,
        areas_with_page: set[int] = frozenset(),
    ):
        self.days, self.steps = days, steps
        self.pages, self.areas_with_page = pages or {}, areas_with_page
        self.old, self.new = steps[0].state, steps[-1].state

    @cached_property
    def areas(self) -> dict[int, Area]:
        """Every area on the path, called as it is last called."""
        return {pk: area for step in self.steps for pk, area in step.state.areas.items()}

    def leaf(self, pk: int) -> Leaf:
        return next(step.state.leaves[pk] for step in reversed(self.steps) if pk in step.state.leaves)

    def parts(self) -> list[Part]:
        """Their points sum to the difference of each area, and their plan_points to the headline's."""
        found: list[Part] = []
        for before, step in zip(self.steps, self.steps[1:], strict=False):
            found += self._parts_of(before.state, step)
        return found

    def _parts_of(self, old: State, step: Step) -> list[Part]:
        was, now = old.counted, step.state.counted
        exact_old, exact_new = old.exact, step.state.exact
        middle = middle_of(headline_of(exact_old), headline_of(exact_new))
        counts = [len(side) for side in (exact_old, exact_new) if side]
        count = Fraction(sum(counts), len(counts)) if counts else Fraction(1)
        found = []
        for pk in was.keys() | now.keys():
            # An area that comes or goes moves the headline by how far it lies from the middle.
            reference = middle if (pk in exact_old) != (pk in exact_new) else ZERO
            parts = [
                Part(
                    area=pk,
                    activity=key,
                    words=partial(self._words, old, step.state, key, pk),
                    points=part.points,
                    plan_points=(part.points - reference * part.share) / count,
                )
                for key, part in moved(was.get(pk, {}), now.get(pk, {})).items()
            ]
            found += [_of_erratum(step, pk, parts)] if step.erratum and parts else parts
        return found

    def _words(self, old: State, new: State, key: int, area: int) -> str:
        return words(old.leaves.get(key), new.leaves.get(key), self.days, self.areas, area)


def headline_of(exact: dict[int, Fraction]) -> Fraction | None:
    """R5, exact: the simple mean of the areas that have a value."""
    return mean({pk: (1, value) for pk, value in exact.items()})


def _of_erratum(step: Step, area: int, parts: list[Part]) -> Part:
    erratum = step.erratum
    label = {
        "number": erratum.number,
        "period": erratum.snapshot.period.label,
        "reason": erratum.reason,
    }
    if step.taken_back:
        told = _("đính chính số %(number)s (%(period)s) không có trong số liệu đã chốt: %(reason)s") % label
    else:
        told = _("đính chính số %(number)s (%(period)s): %(reason)s") % label
    return Part(
        area=area,
        activity=None,
        words=lambda: told,
        points=exact_sum(part.points for part in parts),
        plan_points=exact_sum(part.plan_points for part in parts),
        url=f"{erratum.snapshot.get_absolute_url()}#dinh-chinh",
    )


def path_between(plan: JointPlan, since: datetime.date, until: datetime.date) -> Path:
    """Read the path: at most nine queries, three for what is sealed and six for the records."""
    snapshots = snapshots_of(plan, {since, until})
    first, last = snapshots.get(since), snapshots.get(until)
    errata = defaultdict(list)
    if snapshots:
        rows = Erratum.objects.filter(snapshot__in=snapshots.values()).select_related("snapshot__period")
        for erratum in rows.defer("snapshot__content").order_by("snapshot", "number"):
            errata[erratum.snapshot_id].append(erratum)
    areas = {
        area.pk: Area(area.number, area.title)
        for area in CooperationArea.objects.published().filter(plan=plan).order_by("number")
    }
    pages = dict(published_of(plan.pk).order_by().values_list("pk", "code"))
    if first and last:
        old, new = sealed_state(first.sealed), sealed_state(last.sealed)
    else:
        facts = FactsOverTime(published_of(plan.pk))
        old, new = (
            sealed_state(snapshot.sealed) if snapshot else live_state(areas, facts, day)
            for snapshot, day in ((first, since), (last, until))
        )
    steps = _steps((old, new), first, last, errata)
    return Path((since, until), steps, pages, set(areas))


def _steps(ends: tuple[State, State], first: Snapshot | None, last: Snapshot | None, errata) -> list[Step]:
    old, new = ends
    steps = [Step(old)]
    for erratum in _known(errata, first, last):
        steps.append(Step(steps[-1].state.corrected(json.loads(erratum.content)), erratum))
    corrected = [new]
    to_take_back = _known(errata, last, first)
    for erratum in to_take_back:
        corrected.append(corrected[-1].corrected(json.loads(erratum.content)))
    steps.append(Step(corrected.pop()))
    for erratum in reversed(to_take_back):
        steps.append(Step(corrected.pop(), erratum, taken_back=True))
    return steps


def _known(errata, own: Snapshot | None, other: Snapshot | None) -> list[Erratum]:
    """The errata of `own` that the other side knew of; today's records know of all."""
    if own is None:
        return []
    return [one for one in errata[own.pk] if other is None or one.recorded_at <= other.sealed_at]
