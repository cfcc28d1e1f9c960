"""Recomputes every figure of a plan from its open data alone, and compares it with what is published.

    python3 tests/recompute.py FOLDER          ke-hoach.csv, linh-vuc.csv, hoat-dong.csv, moc.csv, bao-cao.csv
    python3 tests/recompute.py ADDRESS [DAY]   the same from a portal: http://…/du-lieu-mo/ 2022-12-31

Written from the text of the rule (page "Cách tính"), with nothing of the portal's code: the standard library
only. Prints what differs and ends with 1; ends with 0 where every area and the headline come out the same.
"""

import csv
import datetime
import io
import sys
import urllib.request
from fractions import Fraction
from pathlib import Path

FILES = ("ke-hoach", "linh-vuc", "hoat-dong", "moc", "bao-cao")


def day(text):
    return datetime.date.fromisoformat(text) if text else None


def rounded(value):
    """One decimal, half away from zero, as text with a point."""
    tenths = int(abs(value) * 10 + Fraction(1, 2))
    sign = "-" if value < 0 and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"


def shown(value, all_completed):
    """R12: 100.0 only where everything is completed."""
    text = rounded(value)
    return text if all_completed or Fraction(text) < 100 else "99.9"


class Leaf:
    """One activity, from its row and its milestones (R1, R2, R6, R7, R9, R13)."""

    def __init__(self, row, milestones, on, period):
        self.row, self.on, self.weight = row, on, int(row["weight"])
        self.start, self.due, self.completed_on, self.cancelled_on, self.suspended_on, resumed_on = (
            day(row[name])
            for name in ("start_on", "due_on", "completed_on", "cancelled_on", "suspended_on", "resumed_on")
        )
        self.completed = self.completed_on is not None and self.completed_on <= on
        self.suspended = self.suspended_on is not None and self.suspended_on <= on
        self.suspended = self.suspended and (resumed_on is None or resumed_on > on)
        self.all_milestones = milestones
        self.milestones = [m for m in milestones if not m["waived_on"] or day(m["waived_on"]) > on]
        last_due = self.due or max((day(m["due_on"]) for m in self.milestones), default=None)
        gone = self.cancelled_on is not None and self.cancelled_on <= on
        self.cancelled = gone and (
            last_due is None or self.cancelled_on < last_due or row["cancellation_document"] != ""
        )
        self.countable = row["kind"] != "continuous" and not self.cancelled
        if self.countable:
            self.percent, self.planned = self.actual(), self.schedule()
            self.reported, self.expected = self.coverage(period)

    def done(self, milestone):
        return milestone["done_on"] != "" and day(milestone["done_on"]) <= self.on

    def actual(self):
        row = self.row
        if self.completed:
            return Fraction(100)
        if row["uses_indicator"] == "true":
            return min(Fraction(row["indicator_percent"] or 0), Fraction(99))
        if row["kind"] == "periodic" and self.all_milestones:
            done = sum(self.done(milestone) for milestone in self.milestones)
            return Fraction(100 * done, len(self.milestones)) if self.milestones else Fraction(0)
        return min(Fraction(row["reported_percent"] or 0), Fraction(99))

    def schedule(self):
        clock = self.suspended_on if self.suspended else self.on
        if self.row["kind"] == "periodic" and self.all_milestones:
            due = sum(day(m["due_on"]) <= clock for m in self.milestones)
            return Fraction(100 * due, len(self.milestones)) if self.milestones else None
        if self.due is None:
            return None
        if clock >= self.due:
            return Fraction(100)
        if self.start is None or clock <= self.start:
            return Fraction(0)
        return Fraction(100 * (clock - self.start).days, (self.due - self.start).days)

    def coverage(self, period):
        """(reported, should have reported)."""
        heard = [day(self.row["heard_on"]), day(self.row["reported_on"]), day(self.row["indicator_on"])]
        heard += [day(m["done_on"]) for m in self.all_milestones if self.done(m)]
        heard += [self.completed_on if self.completed else None]
        last = max((one for one in heard if one), default=None)
        begun = self.start is None or self.start <= self.on
        if period is None:
            return last is not None, begun or last is not None
        if self.completed and self.completed_on < period[0]:
            return False, False
        if self.suspended and self.suspended_on < period[0]:
            return False, False
        reported = last is not None and period[0] <= last <= self.on
        return reported, reported or begun


def area_of(leaves):
    """What a line of linh-vuc.csv must say (R3, R4, R6, R7), and the exact value."""
    counted = [leaf for leaf in leaves if leaf.countable]
    says = {
        "countable": len(counted),
        "completed": sum(leaf.completed for leaf in counted),
        "cancelled": sum(leaf.cancelled for leaf in leaves),
        "reported": sum(leaf.reported and leaf.expected for leaf in counted),
        "expected": sum(leaf.expected for leaf in counted),
        "weight": sum(leaf.weight for leaf in counted),
    }
    says |= dict.fromkeys(("value", "planned", "gap", "coverage"), "")
    exact = None
    if counted:
        exact = sum(leaf.weight * leaf.percent for leaf in counted) / says["weight"]
        says["value"] = shown(exact, says["completed"] == len(counted))
        if any(leaf.planned is not None for leaf in counted):
            of = [leaf.percent if leaf.planned is None else leaf.planned for leaf in counted]
            planned = sum(leaf.weight * p for leaf, p in zip(counted, of, strict=True)) / says["weight"]
            says |= {"planned": rounded(planned), "gap": rounded(exact - planned)}
    if says["expected"]:
        says["coverage"] = rounded(Fraction(100 * says["reported"], says["expected"]))
    return {key: str(value) for key, value in says.items()}, exact


def recompute(texts):
    """Return (what was compared, what differs) for the texts of the five files."""
    rows = {name: list(csv.DictReader(io.StringIO(texts[name], newline=""))) for name in FILES}
    plan = rows["ke-hoach"][0]
    on = day(plan["as_of"])
    period = (day(plan["period_start_on"]), day(plan["period_end_on"])) if plan["period_end_on"] else None
    faults, leaves, compared, exacts, all_completed = [], {}, 0, [], True
    newest = {}
    for report in rows["bao-cao"]:
        if report["percent"]:
            newest.setdefault(report["activity"], report)
    for row in rows["hoat-dong"]:
        own = [milestone for milestone in rows["moc"] if milestone["activity"] == row["activity"]]
        leaf = Leaf(row, own, on, period)
        leaves.setdefault(row["area"], []).append(leaf)
        report, said = newest.get(row["activity"]), (row["reported_on"], row["reported_percent"])
        if report and (report["effective_on"], report["percent"]) != said:
            faults.append(f"{row['activity']}: the newest report is {report['percent']}, not as said")
        found = str(leaf.percent) if leaf.countable else ""
        said = row["percent_exact"] if row["countable"] == "true" else ""
        compared += 1
        if found != said:
            faults.append(f"{row['activity']}: {found or 'not counted'}, published {said or 'not counted'}")
    for row in rows["linh-vuc"]:
        says, exact = area_of(leaves.get(row["area"], []))
        if exact is not None:
            exacts.append(exact)
            all_completed = all_completed and says["completed"] == says["countable"]
        for key, value in says.items():
            compared += 1
            if row[key] != value:
                faults.append(f"area {row['area']}: {key} {value or 'none'}, published {row[key] or 'none'}")
    head = shown(sum(exacts) / len(exacts), all_completed) if exacts else ""
    for key, value in (
        ("headline", head),
        ("areas_with_value", str(len(exacts))),
        ("areas", str(len(rows["linh-vuc"]))),
    ):
        compared += 1
        if plan[key] != value:
            faults.append(f"{key} {value or 'none'}, published {plan[key] or 'none'}")
    return compared, faults


def read(place, on=""):
    if not place.startswith(("http://", "https://")):
        return {name: (Path(place) / f"{name}.csv").read_bytes().decode() for name in FILES}
    texts = {}
    for name in FILES:
        query = f"?as_of={on}" if on else ""
        with urllib.request.urlopen(f"{place.rstrip('/')}/{name}.csv{query}") as answer:
            texts[name] = answer.read().decode()
    return texts


def main():
    compared, faults = recompute(read(*sys.argv[1:3]))
    for fault in faults:
        print(fault)
    print(f"{compared} compared, {len(faults)} different")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
