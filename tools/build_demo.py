"""Writes the demonstration plan as a Django fixture: the same bytes on every run, no database needed.

    python -m tools.build_demo > fixtures/demo.json

Everything in it is invented. What people read stands in demo/words.toml, the activities in
demo/activities.toml; reports, milestones and memoranda are spread by the digest of each record's code, so
that changing one row moves no other.
"""

import datetime
import sys

from tools.demo.fixture import AREAS, PLAN, SIDES, UNITS, WORDS, Fixture, agency, marked, other, pick
from tools.demo.memoranda import add_enterprises, add_memoranda
from tools.demo.reports import EVENTS, PLAN_END, add_evidence, add_milestones, add_reports

YEARS = range(2019, 2026)
AGREEMENT = "minh-hoa-loc-an-thanh-ninh"


def add_institutions(out: Fixture) -> None:
    for slug, name in SIDES.values():
        out.add(
            "cooperation.province",
            slug=f"minh-hoa-{slug}",
            name=marked(name),
            full_name=f"Tỉnh {marked(name)}",
            is_demonstration=True,
        )
    for side, (slug, name) in SIDES.items():
        common = {"province": [f"minh-hoa-{slug}"], "is_demonstration": True}
        department = agency(side)
        out.add(
            "cooperation.agency",
            slug=department[0],
            kind="so",
            name=f"Sở Công Thương tỉnh {marked(name)}",
            short_name=f"Sở Công Thương {marked(name)}",
            role="Ký và tổ chức thực hiện kế hoạch liên tịch minh họa.",
            **common,
        )
        for unit, (_slug, kind, long, short) in UNITS.items():
            out.add(
                "cooperation.agency",
                slug=agency(f"{side}.{unit}")[0],
                kind=kind,
                name=long.format(marked(name)),
                short_name=short.format(marked(name)),
                parent=department,
                **common,
            )


def add_plan(out: Fixture) -> None:
    both = [agency("la"), agency("tn")]
    years = {"start_year": YEARS[0], "end_year": YEARS[-1]}
    out.add(
        "cooperation.agreement",
        slug=AGREEMENT,
        number="MH-01/TT",
        title="Thỏa thuận hợp tác minh họa Lộc An – Thanh Ninh 2019-2025",
        signed_on="2018-11-15",
        signed_at=f"Tỉnh {marked('Lộc An')}",
        level="so",
        provinces=[[f"minh-hoa-{slug}"] for slug, _name in SIDES.values()],
        signatories=both,
        summary="Đặt ra để minh họa cách dùng cổng: hai tỉnh, các cơ quan và mọi số liệu đều không có thật.",
        **years,
    )
    out.add(
        "cooperation.jointplan",
        slug=PLAN,
        number="MH-01/KHLT",
        title="Kế hoạch liên tịch minh họa Lộc An – Thanh Ninh 2019-2025",
        signed_on="2019-03-20",
        signed_at=f"Tỉnh {marked('Thanh Ninh')}",
        agreement=[AGREEMENT],
        agencies=both,
        purpose="Cho thấy cổng khi có đủ hoạt động, báo cáo, chỉ tiêu và bản ghi nhớ. "
        "Toàn bộ nội dung là dữ liệu minh họa.",
        is_demonstration=True,
        **years,
    )
    for area in WORDS["area"]:
        out.add(
            "cooperation.cooperationarea", plan=[PLAN], **{**area, "subtopics": "\n".join(area["subtopics"])}
        )


def add_periods(out: Fixture) -> None:
    """Quarters and years of the plan, closed on the 14th (Nghị định 09/2019/NĐ-CP)."""
    for year in YEARS:
        spans = (
            ("quarter", f"Quý I/{year}", f"{year - 1}-12-15", f"{year}-03-14"),
            ("quarter", f"Quý II/{year}", f"{year}-03-15", f"{year}-06-14"),
            ("quarter", f"Quý III/{year}", f"{year}-06-15", f"{year}-09-14"),
            ("quarter", f"Quý IV/{year}", f"{year}-09-15", f"{year}-12-14"),
            ("year", f"Năm {year}", f"{year - 1}-12-15", f"{year}-12-14"),
        )
        for kind, label, start, end in spans:
            due = datetime.date.fromisoformat(end).replace(day=18)
            out.add(
                "programs.reportingperiod",
                plan=[PLAN],
                kind=kind,
                label=label,
                start_on=start,
                end_on=end,
                due_on=due,
            )


def add_indicators(out: Fixture) -> None:
    for row in WORDS["indicator"]:
        out.add(
            "programs.indicator",
            area=[PLAN, row["area"]],
            code=row["code"],
            name=row["name"],
            unit=row["unit"],
            aggregation=row["kind"],
            is_ratio=row.get("ratio", False),
            baseline=str(row.get("baseline", 0)),
            target=str(row["target"]),
        )
        denominators = row.get("denominators", [""] * len(YEARS))
        for year, target, actual, below in zip(
            YEARS, row["targets"], row["actuals"], denominators, strict=True
        ):
            if target != "":
                out.add(
                    "programs.indicatorvalue",
                    indicator=[row["code"]],
                    year=year,
                    target=str(target),
                    actual=str(actual),
                    denominator=below,
                    effective_on=f"{year}-12-10",
                )


def add_programs(out: Fixture) -> None:
    for area in AREAS:
        for position, title in enumerate(area.get("programs", []), 1):
            first = next(row for row in area["activities"] if row["p"] == position)
            out.add(
                "programs.program",
                area=[PLAN, area["number"]],
                code=f"MH-CTR-{area['number']:02}-{position}",
                title=title,
                lead_agency=agency(first["l"].partition(".")[0]),
                start_on="2019-04-01",
                end_on="2025-12-31",
            )


def lifecycle(row: dict) -> str:
    if "done" in row:
        return "completed"
    if "cancel" in row:
        return "cancelled"
    if "susp" in row and "back" not in row:
        return "suspended"
    return "in_progress" if {"at", "cont", "years"} & set(row) else "planned"


def add_activity(out: Fixture, area: int, code: str, row: dict) -> None:
    side, _, unit = row["l"].partition(".")
    there = other(side)
    partners = [agency(f"{there}.{unit}" if unit else there)]
    if unit and pick((True, False), code, "partner"):
        partners.append(agency(there))
    form, due = row["f"], row.get("d")
    taking_part = pick(range(12, 48), code, "taking part")
    place = pick(WORDS["places"][there if form == "visit" else side], code) if form in EVENTS else ""
    figures = [{"label": "Đơn vị tham gia", "value": taking_part, "unit": "đơn vị", "approx": False}]
    extension = f"Thời hạn theo văn bản minh họa số MH-{taking_part}/TB-SCT."
    out.add(
        "programs.activity",
        area=[PLAN, area],
        further_areas=[[PLAN, number] for number in row.get("also", [])],
        program=[f"MH-CTR-{area:02}-{row['p']}"],
        code=code,
        title=row["t"],
        summary=pick(WORDS["summaries"][form], code).format(other=SIDES[there][1]),
        kind="continuous" if "cont" in row else "periodic" if "years" in row else "one_off",
        form=form,
        place=place,
        lead_agency=agency(row["l"]),
        partner_agencies=partners,
        weight=row.get("w", 1),
        added_on=row.get("added"),
        start_on=row["s"],
        due_on=due,
        lifecycle=lifecycle(row),
        completed_on=row.get("done"),
        suspended_on=row.get("susp"),
        resumed_on=row.get("back"),
        cancelled_on=row.get("cancel"),
        cancellation_reason=row.get("why"),
        cancellation_document=row.get("doc"),
        indicator=[row["ind"]] if "ind" in row else None,
        figures=figures if form == "fair" and lifecycle(row) == "completed" and "years" not in row else [],
        note=extension if due and due > PLAN_END else "",
    )


def build() -> str:
    """Return the text of the fixture."""
    out = Fixture()
    add_institutions(out)
    add_plan(out)
    add_periods(out)
    add_indicators(out)
    add_programs(out)
    for area in AREAS:
        for position, row in enumerate(area.get("activities", []), 1):
            code = f"MH-{area['number']:02}-{position:03}"
            add_activity(out, area["number"], code, row)
            add_milestones(out, code, row)
            add_reports(out, code, row)
            add_evidence(out, code, row)
    add_enterprises(out)
    add_memoranda(out)
    return out.text()


if __name__ == "__main__":
    sys.stdout.write(build())
