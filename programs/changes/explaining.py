"""Why a figure stands where it stands: "42,0 → 47,0: +6,0 hoàn thành A; −1,0 thêm mới B".

The contributions sum to the difference exactly. What is shown of them, in tenths, sums to the difference of
the two shown figures; where rounding leaves something over, it is named.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, partial

from django.urls import reverse

from cooperation.models import CooperationArea, JointPlan
from programs.changes.measuring import ZERO, shown_parts
from programs.changes.path import Part, Path, headline_of, path_between
from programs.changes.states import Area
from programs.measures import exact_sum

NOTHING = Decimal(0)


@dataclass(frozen=True)
class ActivityNamed:
    code: str
    title: str
    url: str  # empty where it has no page now


@dataclass(frozen=True)
class Contribution:
    """What one activity, or one erratum (`activity` is None), moved. `points` exact, `shown` in tenths."""

    points: Fraction
    shown: Decimal
    area: Area
    url: str
    _named: Callable[[], ActivityNamed | None] = field(repr=False, compare=False)
    _words: Callable[[], str] = field(repr=False, compare=False)

    @cached_property
    def activity(self) -> ActivityNamed | None:
        return self._named()

    @cached_property
    def words(self) -> str:
        return self._words()


@dataclass(frozen=True)
class Explanation:
    """`old` and `new` as pages show them. The points of `contributions` sum to `difference`.

    Where a side has no value there is no difference: `starts` or `ends` is true, and the points are the
    shares of the side that has one. `residue`: what rounding leaves between the shown parts and the whole.
    """

    since: datetime.date
    until: datetime.date
    old: Decimal | None
    new: Decimal | None
    exact_old: Fraction | None
    exact_new: Fraction | None
    contributions: tuple[Contribution, ...] = ()
    residue: Decimal = NOTHING
    areas: tuple["AreaExplained", ...] = ()
    areas_residue: Decimal = NOTHING

    @property
    def difference(self) -> Fraction:
        return (self.exact_new or ZERO) - (self.exact_old or ZERO)

    @property
    def shown(self) -> Decimal:
        """The difference of the two shown figures."""
        return shown_difference(self.old, self.new)

    @property
    def starts(self) -> bool:
        return self.old is None and self.new is not None

    @property
    def ends(self) -> bool:
        return self.old is not None and self.new is None


@dataclass(frozen=True)
class AreaExplained:
    """An area: why its own figure moved, and how far that moved the headline (`points`)."""

    pk: int
    area: Area
    url: str  # empty where it has no page now
    own: Explanation
    points: Fraction
    shown: Decimal


def explain(
    plan: JointPlan, since: datetime.date, until: datetime.date, area: CooperationArea | None = None
) -> Explanation:
    """Why the plan's headline, or the figure of `area`, is another one at `until` than at `since`."""
    whole = explained(path_between(plan, since, until), plan)
    if area is None:
        return whole
    own = next((row.own for row in whole.areas if row.pk == area.pk), None)
    return own or Explanation(since, until, None, None, None, None)


def explained(path: Path, plan: JointPlan) -> Explanation:
    return _Teller(path, plan).whole()


def shown_difference(old: Decimal | None, new: Decimal | None) -> Decimal:
    return (new or NOTHING) - (old or NOTHING)


class _Teller:
    def __init__(self, path: Path, plan: JointPlan):
        self.path, self.plan = path, plan
        self.exact_old, self.exact_new = path.old.exact, path.new.exact
        self._named: dict[int, ActivityNamed] = {}

    @cached_property
    def parts(self) -> dict[int, list[Part]]:
        found = defaultdict(list)
        for part in self.path.parts():
            found[part.area].append(part)
        return found

    def whole(self) -> Explanation:
        old, new = self.path.old.value, self.path.new.value
        rows = [
            (pk, self._own(pk), exact_sum(part.plan_points for part in self.parts[pk]))
            for pk in sorted(self.path.areas, key=lambda pk: self.path.areas[pk].number)
        ]
        rows.sort(key=lambda row: -abs(row[2]))
        shown, areas_residue = shown_parts([points for _pk, _own, points in rows], shown_difference(old, new))
        every = [part for parts in self.parts.values() for part in parts]
        contributions, residue = self._told(every, lambda part: part.plan_points, shown_difference(old, new))
        return Explanation(
            *self.path.days,
            old=old,
            new=new,
            exact_old=headline_of(self.exact_old),
            exact_new=headline_of(self.exact_new),
            contributions=contributions,
            residue=residue,
            areas=tuple(
                AreaExplained(pk, self.path.areas[pk], self._area_url(pk), own, points, one)
                for (pk, own, points), one in zip(rows, shown, strict=True)
            ),
            areas_residue=areas_residue,
        )

    def _own(self, pk: int) -> Explanation:
        old, new = self.path.old.values.get(pk), self.path.new.values.get(pk)
        contributions, residue = self._told(
            self.parts[pk], lambda part: part.points, shown_difference(old, new)
        )
        exact = self.exact_old.get(pk), self.exact_new.get(pk)
        return Explanation(*self.path.days, old, new, *exact, contributions, residue)

    def _told(
        self, parts: list[Part], points: Callable[[Part], Fraction], total: Decimal
    ) -> tuple[tuple[Contribution, ...], Decimal]:
        """The biggest first; the errata, which are no activity's, before what is as big."""
        parts = sorted(parts, key=lambda part: (-abs(points(part)), part.area, part.activity or 0))
        shown, residue = shown_parts([points(part) for part in parts], total)
        told = tuple(
            Contribution(
                points(part),
                one,
                self.path.areas[part.area],
                part.url,
                partial(self._activity, part.activity),
                part.words,
            )
            for part, one in zip(parts, shown, strict=True)
        )
        return told, residue

    def _activity(self, pk: int | None) -> ActivityNamed | None:
        if pk is None:
            return None
        if pk not in self._named:
            leaf, code = self.path.leaf(pk), self.path.pages.get(pk)
            url = reverse("activity-detail", kwargs={**self.plan.url_kwargs, "code": code}) if code else ""
            self._named[pk] = ActivityNamed(leaf.code, leaf.title, url)
        return self._named[pk]

    def _area_url(self, pk: int) -> str:
        if pk not in self.path.areas_with_page:
            return ""
        number = self.path.areas[pk].number
        return reverse("area-detail", kwargs={**self.plan.url_kwargs, "number": number})
