"""A sealed content as a page's section and as CSV: made from the content alone, so the same for ever."""

import datetime
from dataclasses import dataclass
from fractions import Fraction

from tablib import Dataset

from cooperation.dates import format_date
from cooperation.export_formats import CSV
from cooperation.lists import page_of
from programs.measures import STATUS_LABELS, TIMELINESS_LABELS, LeafFigure
from programs.periods.content import Sealed, SealedArea
from programs.periods.wording import shown

# Above that many activities a page shows one area's at a time.
ALL_ON_ONE_PAGE = 200
PAGE = 100


@dataclass(frozen=True)
class Line:
    """One activity as it was sealed."""

    code: str
    title: str
    lead: str
    due_label: str
    date_precision: str
    figure: LeafFigure


def section_of(text: str, asked_area: str | None = None, asked_page: str | None = None) -> dict:
    """All that the sealed section of the page shows."""
    sealed = Sealed(text)
    many = len(sealed.entries) > ALL_ON_ONE_PAGE
    shown_areas = [area for area in sealed.areas if area.entries]
    if many:
        shown_areas = [area for area in shown_areas if str(area.number) == asked_area]
    data = sealed.data
    return {
        "data": data,
        "period": sealed.period,
        "due_on": data["period"]["due_on"] and datetime.date.fromisoformat(data["period"]["due_on"]),
        "sealed_at": datetime.datetime.fromisoformat(data["sealed_at"]),
        "reports": [
            (report["agency"], report["sent_on"] and datetime.date.fromisoformat(report["sent_on"]))
            for report in data["reports"]
        ],
        "thresholds": sealed.thresholds,
        "headline": sealed.headline,
        "areas": sealed.areas,
        "many": many,
        "activities": [
            (
                area,
                page_of([_line(entry, area) for entry in area.entries], asked_page, PAGE)
                if many
                else [_line(entry, area) for entry in area.entries],
                sum((leaf.contribution for leaf in area.leaves.values() if leaf.countable), Fraction(0)),
            )
            for area in shown_areas
        ],
    }


def _line(entry: dict, area: SealedArea) -> Line:
    due = entry["facts"]["due_on"]
    precision = entry["date_precision"]
    return Line(
        code=entry["code"],
        title=entry["title"],
        lead=entry["lead"]["name"] if entry["lead"] else "",
        due_label=format_date(datetime.date.fromisoformat(due), precision) if due else "",
        date_precision=precision,
        figure=area.leaves[entry["id"]],
    )


def file_name(sealed: Sealed, ending: str) -> str:
    return f"{sealed.data['plan']['slug']}-{sealed.data['period']['kind']}-{sealed.on}.{ending}"


HEADERS = (
    "Cấp", "Lĩnh vực", "Mã", "Tên", "Chủ trì", "Trọng số", "Được tính", "Tiến độ (%)", "Theo kế hoạch (%)",
    "Tiến độ chính xác (%)", "Tình trạng", "Đã báo cáo", "Phải báo cáo", "Số ngày trễ", "Vì sao",
)  # fmt: skip


def csv_of(sealed: Sealed) -> bytes:
    """Plan, areas and activities, a line each."""
    table = Dataset(headers=HEADERS)
    plan, head = sealed.data["plan"], sealed.headline
    table.append(
        ("kế hoạch", "", plan["slug"], plan["title"], "", "", "", head.value, "", "",
         f"trên {head.with_value}/{head.areas} lĩnh vực", "", "", "", "")
    )  # fmt: skip
    for area in sealed.areas:
        figure = area.figure
        table.append(
            ("lĩnh vực", area.number, "", area.title, "", figure.weight, figure.countable, figure.value,
             figure.planned, _exact(figure.exact), str(STATUS_LABELS[figure.status]), figure.reported,
             figure.expected, "", "")
        )  # fmt: skip
        for entry in area.entries:
            leaf = area.leaves[entry["id"]]
            table.append(
                ("hoạt động", area.number, entry["code"], entry["title"],
                 entry["lead"]["name"] if entry["lead"] else "", leaf.weight,
                 shown("countable", leaf.countable),
                 leaf.shown, leaf.planned_shown, _exact(leaf.percent),
                 str(TIMELINESS_LABELS[leaf.timeliness]), shown("reported", leaf.reported),
                 shown("expected", leaf.expected), leaf.days_late, leaf.reason)
            )  # fmt: skip
    return CSV().export_data(table).encode()


def _exact(value: Fraction | None) -> str:
    return "" if value is None else str(value)
