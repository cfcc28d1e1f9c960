"""Milestones, progress reports and evidence of one activity of the demonstration plan."""

import datetime

from tools.demo.fixture import SIDES, WORDS, Fixture, agency, other, pick

REPORTS = WORDS["reports"]
EVENTS = ("conference", "meeting", "visit", "fair", "training", "review")
PLAN_END = datetime.date(2025, 12, 31)
LAST_CLOSING = datetime.date(2025, 12, 14)
NEWEST_REPORT = datetime.date(2026, 9, 14)  # of what was extended beyond the plan's last year
PENDING_ON = datetime.date(2026, 10, 15)
# Early in quý I, at the year's end, and in quý III/2025 a review took the place of the report at closing.
REVIEWED_ON = {datetime.date(year, 3, 14): datetime.date(year - 1, 12, 28) for year in range(2020, 2027)}
REVIEWED_ON[datetime.date(2025, 9, 14)] = datetime.date(2025, 6, 27)
DAY = datetime.timedelta(days=1)


def add_milestones(out: Fixture, code: str, row: dict) -> None:
    first, last = row.get("years", (1, 0))
    for year in range(first, last + 1):
        due = datetime.date.fromisoformat(f"{year}-{row['on']}")
        waived = year in row.get("waive", [])
        done = None if waived or year in row.get("miss", []) else due - pick(range(8), code, year) * DAY
        if year == last:
            done = row.get("done", done)
        out.add(
            "programs.milestone",
            activity=[code],
            title=f"Đợt năm {year}",
            due_on=due,
            done_on=done,
            waived_on=due - 40 * DAY if waived else None,
            waiver_reason=pick(REPORTS["words"]["waivers"], code, year) if waived else "",
            waiver_document=f"MH-{pick(range(10, 99), code, year)}/CV-SCT" if waived else "",
        )


def add_evidence(out: Fixture, code: str, row: dict) -> None:
    if "done" in row and pick((True, False), code, "evidence"):
        number = f"MH-{pick(range(100, 400), code)}/BC-SCT"
        out.add("programs.evidence", activity=[code], title="Báo cáo kết quả", document_number=number)
    if "doc" in row:
        title = "Văn bản cho phép không thực hiện"
        out.add("programs.evidence", activity=[code], title=title, document_number=row["doc"])


def add_reports(out: Fixture, code: str, row: dict) -> None:
    """Add the accepted reports, by quarter, half-year or year, and the pending one."""
    last = last_report(row)
    begun = bool({"at", "done", "cancel", "years", "cont"} & set(row))
    days = report_days(row, last) if begun else []
    percents = percents_by_day(code, row, days, last)
    for position, (day, percent) in enumerate(zip(days, percents, strict=True)):
        fell = percent is not None and position > 0 and percent < percents[position - 1]
        add_report(out, code, row, day, percent, fell=fell)
    if "pend" in row:
        percent = min(row["at"] + 10, 100)
        add_report(out, code, row, PENDING_ON, percent, status=row["pend"])
    if "done" in row and pick((True, True, True, False), code, "confirmed"):
        there = row["l"].replace(*(("la", "tn") if row["l"].startswith("la") else ("tn", "la")), 1)
        day = row["done"] + pick(range(5, 20), code, "confirmed") * DAY
        percent = None if {"years", "ind"} & set(row) else 100
        add_report(out, code, row, day, percent, counterpart=there)


def last_report(row: dict) -> datetime.date:
    stops = [row[key] for key in ("done", "cancel") if key in row]
    if "susp" in row and "back" not in row:
        stops.append(row["susp"])
    if stops:
        return min(stops)
    goes_on = "cont" not in row and row.get("d", NEWEST_REPORT) > PLAN_END
    return NEWEST_REPORT if goes_on else LAST_CLOSING


def report_days(row: dict, last: datetime.date) -> list[datetime.date]:
    """Return the closing days on which the activity reported, `last` among them unless it was cancelled."""
    months = (12,) if "cont" in row else (6, 12) if {"years", "ind"} & set(row) else (3, 6, 9, 12)
    closings = {datetime.date(year, month, 14) for year in range(2019, 2027) for month in months}
    if "cont" not in row:
        closings |= set(REVIEWED_ON)
    reports = sorted(REVIEWED_ON.get(closing, closing) for closing in closings)
    begun = row["s"] + 20 * DAY
    pause = (row["susp"], row["back"]) if "back" in row else (last, last)
    days = [day for day in reports if begun <= day <= last and not pause[0] <= day < pause[1]]
    if "done" in row or ("susp" in row and "back" not in row):
        days = [day for day in days if day < last - 5 * DAY] + [last]
    if months == (3, 6, 9, 12):  # the first two, the newest four, and each December's and review's between
        kept = {*days[:2], *days[-4:], *REVIEWED_ON.values()}
        days = [day for day in days if day in kept or day.month == 12]
    return days


def percents_by_day(code: str, row: dict, days: list[datetime.date], last: datetime.date) -> list[int | None]:
    """Return percents that rise towards the last one and stand still once the work is overdue."""
    if {"cont", "years", "ind"} & set(row):
        return [None] * len(days)
    goal = row.get("at", 20 if "cancel" in row else 95)
    end = min(last, row.get("d", last) + 60 * DAY)
    percents: list[int | None] = []
    for position, day in enumerate(days):
        share = min((day - row["s"]).days / max((end - row["s"]).days, 1), 1)
        value = 5 * round(goal * share**0.8 / 5) + (pick((-5, 0, 0, 0), code, day) if share < 1 else 0)
        if row.get("fall") and position == len(days) // 2:
            value = percents[-1] - 15
        elif percents:
            value = max(value, percents[-1])
        percents.append(max(value, 5))
    if percents and "done" in row:
        percents[-1] = 100
    elif percents and "at" in row:
        percents[-1] = row["at"]
    return percents


def stage(row: dict, percent: int | None) -> tuple[str, str]:
    """Return the group of phrases and the stage in it."""
    if "cont" in row:
        return "continuous", "middle"
    if percent is None:
        return "periodic", "middle"
    group = "event" if row["f"] in EVENTS else "work"
    name = "early" if percent < 35 else "middle" if percent < 70 else "late" if percent < 100 else "done"
    return group, name


def add_report(
    out: Fixture,
    code: str,
    row: dict,
    day: datetime.date,
    percent: int | None,
    status: str = "accepted",
    fell: bool = False,
    counterpart: str = "",
) -> None:
    side = row["l"].partition(".")[0]
    names = {"other": SIDES[other(side)][1], "n": pick(range(5, 28), code, day)}
    group, name = stage(row, percent)
    words = REPORTS["words"]
    finished = percent == 100 or day == row.get("done") or bool(counterpart)
    behind = not finished and "d" in row and day > row["d"]
    difficulty = pick(words["behind"] if behind else words["difficulties"], code, day, "difficulty")
    sent, decided = status != "draft", status in ("accepted", "returned")
    submitted_on = day + pick((1, 2, 3), code, day, "sent") * DAY
    decided_on = day + pick((4, 5, 6, 8), code, day, "decided") * DAY
    out.add(
        "programs.progressupdate",
        activity=[code],
        agency=agency(counterpart or row["l"]),
        is_counterpart=True if counterpart else None,
        completed_on=row.get("done") if finished else None,
        effective_on=day,
        percent=None if percent is None else str(percent),
        results=pick(REPORTS[group][name], code, day).format(**names),
        difficulties="" if finished else difficulty,
        proposals="" if finished else pick(words["proposals"], code, day, "proposal").format(**names),
        fall_reason=pick(words["falls"], code) if fell else "",
        status=status,
        submitted_at=f"{submitted_on}T09:30:00+07:00" if sent else None,
        decided_at=f"{decided_on}T15:00:00+07:00" if decided else None,
        return_note=pick(words["returns"], code) if status == "returned" else "",
    )
