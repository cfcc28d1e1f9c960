"""What a sealed period says by now: as it was sealed, overlaid by its errata. Pure.

An erratum holds the new state of the activities that changed; areas and headline follow by the rule. So two
errata of different activities add up, and an erratum never claims what it did not correct.
"""

from collections import defaultdict

from programs.measures import AreaFigure, LeafFigure
from programs.periods.content import Sealed, decode, encode, leaf_of
from programs.progress import area_figure, headline

# What a reader sees of an activity, in the order of the page. Everything else in a figure says the same in
# other words.
LEAF_FIELDS = (
    "countable",
    "cancelled",
    "completed",
    "weight",
    "percent",
    "planned",
    "timeliness",
    "days_late",
    "missed_milestone_on",
    "expected",
    "reported",
    "last_report_on",
)
# Told of an activity that comes or goes: the rest did not exist before, or does not any more.
PRESENCE_FIELDS = ("weight", "percent")


class Standing:
    """Areas by id (number and title) and activities by id (area and stored entry)."""

    def __init__(self, sealed: Sealed, errata: list[dict] = ()):
        self.sealed = sealed
        self.areas = {
            area["id"]: {"number": area["number"], "title": area["title"]} for area in sealed.data["areas"]
        }
        self.leaves = {
            entry["id"]: {**entry, "area": area["id"]}
            for area in sealed.data["areas"]
            for entry in area["activities"]
        }
        for erratum in errata:
            self.overlay(
                {int(pk): leaf for pk, leaf in erratum["leaves"].items()},
                {area["id"]: area for area in erratum["areas"]} if "areas" in erratum else None,
            )
        if not sealed.by_rule_of_today:
            # Compared with what today's rule would have said: a new rule corrects nothing (R14).
            for leaf in self.leaves.values():
                figure = leaf_of(leaf, sealed.on, sealed.period, sealed.thresholds)
                leaf["figure"] = encode(figure)

    def overlay(self, leaves: dict[int, dict | None], areas: dict[int, dict] | None = None) -> None:
        """Put the new state of some activities, None for one that is gone, and of all areas in place."""
        for pk, leaf in leaves.items():
            if leaf is None:
                self.leaves.pop(pk, None)
            else:
                self.leaves[pk] = leaf
        if areas is not None:
            self.areas = {
                pk: {"number": area["number"], "title": area["title"]} for pk, area in areas.items()
            }

    def differing(self, leaves: dict[int, dict | None]) -> dict[int, dict | None]:
        """Those of `leaves` that say something else than what stands."""
        return {pk: leaf for pk, leaf in leaves.items() if _said(leaf) != _said(self.leaves.get(pk))}

    def figures(self) -> tuple[dict[int, AreaFigure], dict]:
        """The areas' figures by id, and the headline, encoded."""
        by_area = defaultdict(list)
        for leaf in self.leaves.values():
            by_area[leaf["area"]].append(decode(LeafFigure, leaf["figure"]))
        figures = {pk: area_figure(by_area[pk], self.sealed.thresholds) for pk in self.areas}
        return {pk: encode(figure) for pk, figure in figures.items()}, encode(headline(figures.values()))


def _said(leaf: dict | None):
    if leaf is None:
        return None
    return leaf["area"], {name: leaf["figure"][name] for name in LEAF_FIELDS}


def changes(before: Standing, after: Standing) -> list[dict]:
    """What reads differently: {what, id, name, title, field, old, new}, activities first, the plan last."""
    found = []

    def tell(what, pk, name, title, fields, old, new):
        for field in fields:
            if (was := old.get(field)) != (now := new.get(field)):
                found.append(
                    {
                        "what": what,
                        "id": pk,
                        "name": name,
                        "title": title,
                        "field": field,
                        "old": was,
                        "new": now,
                    }
                )

    def area_number(standing, leaf):
        return standing.areas.get(leaf["area"], {}).get("number")

    for pk in sorted(before.leaves.keys() | after.leaves.keys()):
        old, new = before.leaves.get(pk), after.leaves.get(pk)
        if _said(old) == _said(new):
            continue
        one = new or old
        was, now = (
            {"area": area_number(standing, leaf), **leaf["figure"], "in_plan": True}
            if leaf
            else {"in_plan": False}
            for standing, leaf in ((before, old), (after, new))
        )
        fields = LEAF_FIELDS if old and new else PRESENCE_FIELDS
        tell("activity", pk, one["code"], one["title"], ("in_plan", "area", *fields), was, now)
    old_areas, old_plan = before.figures()
    new_areas, new_plan = after.figures()
    for pk in sorted(
        old_areas.keys() | new_areas.keys(), key=lambda pk: (after.areas | before.areas)[pk]["number"]
    ):
        area = (after.areas | before.areas)[pk]
        old, new = old_areas.get(pk), new_areas.get(pk)
        if old is None or new is None:
            tell(
                "area", pk, str(area["number"]), area["title"], ("in_plan", "value"),
                {"in_plan": old is not None, **(old or {})}, {"in_plan": new is not None, **(new or {})},
            )  # fmt: skip
            continue
        fields = [name for name in new if name != "exact"]
        if old["value"] == new["value"]:
            fields.insert(0, "exact")
        tell("area", pk, str(area["number"]), area["title"], fields, old, new)
    tell("plan", None, "", before.sealed.data["plan"]["title"], tuple(new_plan), old_plan, new_plan)
    return found
