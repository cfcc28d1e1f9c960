"""Holds the standings of a plan against its records: what differs was written past the portal."""

from collections import defaultdict
from collections.abc import Iterator

from cooperation.models import JointPlan
from programs.models import AgencyStanding, AreaStanding, KeptStandings, LeafStanding
from programs.standings import sums
from programs.standings.keeping import COLUMNS, as_stored, frame_of, public_areas, still_of
from programs.standings.leaves import leaf_rows, public_in


def differences(plan: JointPlan) -> Iterator[str]:
    """Yield in a line each what is not as the records say; nothing where all is right."""
    kept = KeptStandings.objects.filter(plan=plan.pk).first()
    if kept is None:
        yield "chưa có số liệu hiện thời"
        return
    frame = frame_of(plan.pk, kept.on)
    if not still_of(kept, plan, frame):
        yield "kỳ báo cáo, ngưỡng hoặc kế hoạch đã đổi"
    right = leaf_rows(public_in(plan.pk), frame)
    rows = LeafStanding.objects.filter(plan=plan.pk).values(*COLUMNS)
    stored = {row["activity_id"]: as_stored(row) for row in rows.iterator()}
    for pk in sorted(right.keys() | stored.keys()):
        yield from _told(f"hoạt động {pk}", stored.get(pk), right.get(pk))
    yield from _areas(plan, right)
    yield from _agencies(plan, right)


def _areas(plan: JointPlan, right: dict[int, dict]) -> Iterator[str]:
    sums_now = {row.pk: row for row in AreaStanding.objects.filter(plan=plan.pk)}
    public, by_area = set(public_areas(plan.pk)), _grouped(right, "area_id")
    for pk in sorted(public | sums_now.keys()):
        leaves = by_area[pk]
        expected = sums.area_values([], leaves)
        expected |= {extreme.column: extreme.among(leaves) for extreme in sums.AREA_EXTREMES}
        row = sums_now.get(pk)
        found = {name: getattr(row, name) for name in expected} if row else None
        yield from _told(f"lĩnh vực {pk}", found, expected if pk in public else None)


def _agencies(plan: JointPlan, right: dict[int, dict]) -> Iterator[str]:
    rows = {row.agency_id: row for row in AgencyStanding.objects.filter(plan=plan.pk)}
    by_agency = _grouped(right, "agency_id")
    for pk in sorted(by_agency.keys() | rows.keys(), key=lambda pk: pk or 0):
        leaves = by_agency[pk]
        expected = sums.agency_values([], leaves)
        expected |= {extreme.column: extreme.among(leaves) for extreme in sums.AGENCY_EXTREMES}
        row = rows.get(pk)
        found = {name: getattr(row, name) for name in expected} if row else None
        yield from _told(f"cơ quan {pk or '–'}", found, expected)


def _grouped(leaves: dict[int, dict], column: str) -> dict[int | None, list[dict]]:
    groups = defaultdict(list)
    for leaf in leaves.values():
        groups[leaf[column]].append(leaf)
    return groups


def _told(what: str, found: dict | None, right: dict | None) -> Iterator[str]:
    if found == right:
        return
    if found is None or right is None:
        yield f"{what}: {'thiếu' if found is None else 'thừa'}"
        return
    names = [name for name in right if found[name] != right[name]]
    yield f"{what}: " + "; ".join(f"{name} {found[name]} → {right[name]}" for name in names)
