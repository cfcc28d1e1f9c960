"""How much each part has moved a weighted mean. Pure, exact, and the same in whatever order it is read.

A mean V = Σ(w·p) ÷ Σ(w) goes from V₀ to V₁. With W̄ = (W₀ + W₁) ÷ 2 and V̄ = (V₀ + V₁) ÷ 2 the product
rule W₁V₁ − W₀V₀ = W̄·ΔV + V̄·ΔW holds exactly, hence

    ΔV = Σ [Δ(w·p) − V̄·Δw] ÷ W̄

and each summand belongs to one part alone: w·Δp ÷ W̄ where only the value moved, w·(p − V̄) ÷ W̄ where the
part came, its opposite where it went, and nothing where nothing happened. To go back undoes it sign by sign.

Where one side has no part there is no V there, and no difference: the points are then the shares w·p ÷ W of
the side that has one, which sum to its value.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from programs.measures import exact_sum

ZERO = Fraction(0)


@dataclass(frozen=True)
class Moved:
    """`points`: how far the part moved the mean. `share`: how much of the weight came (+) or went (−)."""

    points: Fraction
    share: Fraction


def mean(parts: Mapping[Hashable, tuple[int, Fraction]]) -> Fraction | None:
    """The weighted mean of (weight, value), None where there is none."""
    weight = sum(weight for weight, _value in parts.values())
    if not weight:
        return None
    return exact_sum(weight * value for weight, value in parts.values()) / weight


def moved(
    old: Mapping[Hashable, tuple[int, Fraction]], new: Mapping[Hashable, tuple[int, Fraction]]
) -> dict[Hashable, Moved]:
    """What each part that differs has moved. The points sum to mean(new) − mean(old), a missing one as 0."""
    if not old and not new:
        return {}
    weights = [sum(weight for weight, _value in side.values()) for side in (old, new) if side]
    weight = Fraction(sum(weights), len(weights))
    middle = middle_of(mean(old), mean(new))
    found = {}
    for key in old.keys() | new.keys():
        (was, low), (now, high) = old.get(key, (0, ZERO)), new.get(key, (0, ZERO))
        if (was, low) != (now, high):
            points = (now * high - was * low - middle * (now - was)) / weight
            found[key] = Moved(points, (now - was) / weight)
    return found


def middle_of(old: Fraction | None, new: Fraction | None) -> Fraction:
    """V̄, the value that what comes and goes is held against; 0 where a side has none."""
    return ZERO if old is None or new is None else (old + new) / 2


def shown_parts(points: Sequence[Fraction], total: Decimal) -> tuple[list[Decimal], Decimal]:
    """Round `points` to tenths so that they sum to `total`, the difference of the two rounded figures.

    By largest remainder: each part is rounded up or down, never further. What that cannot take up, since the
    figures were rounded on their own, is returned as a residue to be shown as such.
    """
    scaled = [point * 10 for point in points]
    units = [math.floor(value) for value in scaled]
    rest = [value - unit for value, unit in zip(scaled, units, strict=True)]
    # Of equal remainders the bigger part takes it, where it is seen least.
    order = sorted(
        (place for place, left in enumerate(rest) if left),
        key=lambda place: (-rest[place], -abs(scaled[place]), place),
    )
    missing = int(total * 10) - sum(units)
    for place in order[: max(missing, 0)]:
        units[place] += 1
    residue = int(total * 10) - sum(units)
    return [Decimal(unit).scaleb(-1) for unit in units], Decimal(residue).scaleb(-1)
