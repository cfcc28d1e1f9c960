"""What came of the memoranda: signed, in progress, contracted, with a realised value.

A memorandum holds its state of today only, so a past day counts those signed by then, as they stand today.
One with a realised value has passed the stages before it, whatever its state says now.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, IntegerField, Q, Sum, Value, When
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from cooperation.models import JointPlan
from cooperation.permissions import VIEW
from enterprises.models import MOU
from programs.pictures.funnel import share

_REALISED = Q(realised_value__gt=0)
# Stage → its title, and what has reached it.
STAGES = {
    "da-ky": (_("Đã ký"), Q()),
    "trien-khai": (
        _("Đã triển khai"),
        Q(status__in=(MOU.Status.IN_PROGRESS, MOU.Status.CONTRACTED)) | _REALISED,
    ),
    "hop-dong": (_("Đã có hợp đồng"), Q(status=MOU.Status.CONTRACTED) | _REALISED),
    "gia-tri": (_("Đã có giá trị thực hiện"), _REALISED),
}
_NAMES = tuple(STAGES)


@dataclass(frozen=True)
class Reached:
    """How many memoranda of an area, or of a year, reached each stage."""

    key: int
    counts: tuple[int, ...]

    @property
    def by_stage(self) -> list[tuple[str, int]]:
        return list(zip(_NAMES, self.counts, strict=True))

    @property
    def contracted_share(self) -> Decimal | None:
        """Percent of the signed that have a contract."""
        return share(self.counts[2], self.counts[0])


@dataclass(frozen=True)
class Memoranda:
    total: Reached
    by_area: dict[int, Reached]
    by_year: tuple[Reached, ...]
    # By currency, of those whose value the reader may see; how many those are.
    money: tuple[tuple[str, Decimal, int], ...]
    closed: int


def memoranda_of(plan: JointPlan, on: datetime.date):
    return MOU.objects.published().filter(plan=plan).signed_by(on)


def memoranda(plan: JointPlan, on: datetime.date, user) -> Memoranda:
    """Count them: two queries."""
    stage = Case(
        *(When(STAGES[name][1], then=Value(number)) for number, name in reversed([*enumerate(_NAMES)][1:])),
        default=Value(0),
        output_field=IntegerField(),
    )
    gone = Q(status__in=(MOU.Status.EXPIRED, MOU.Status.TERMINATED))
    groups = (
        memoranda_of(plan, on)
        .order_by()
        .annotate(stage=stage, year=ExtractYear("signed_on"))
        .values_list("area_id", "year", "stage")
        .annotate(number=Count("pk"), closed=Count("pk", filter=gone))
    )
    areas: dict[int, list[int]] = defaultdict(lambda: [0] * len(STAGES))
    years: dict[int, list[int]] = defaultdict(lambda: [0] * len(STAGES))
    total, closed = [0] * len(STAGES), 0
    for area_id, year, reached, number, closed_number in groups:
        closed += closed_number
        for counts in (areas[area_id], years[year], total):
            for passed in range(reached + 1):
                counts[passed] += number
    return Memoranda(
        total=Reached(0, tuple(total)),
        by_area={pk: Reached(pk, tuple(counts)) for pk, counts in areas.items()},
        by_year=tuple(Reached(year, tuple(counts)) for year, counts in sorted(years.items())),
        money=_money(plan, on, user),
        closed=closed,
    )


def _money(plan: JointPlan, on: datetime.date, user) -> tuple:
    """Realised values by currency: the public ones, and those of rows that `user` reads as staff."""
    readable = Q(value_is_public=True)
    if user.has_perm("enterprises.view_mou"):
        readable |= Q(pk__in=MOU.objects.for_user(user, VIEW).order_by().values("pk"))
    rows = memoranda_of(plan, on).filter(_REALISED).filter(readable).order_by().values_list("currency")
    return tuple(sorted(rows.annotate(sum=Sum("realised_value"), number=Count("pk"))))
