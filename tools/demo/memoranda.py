"""Enterprises and memoranda of understanding of the demonstration plan."""

import datetime

from enterprises.names import name_key
from tools.demo.fixture import AREAS, PLAN, SIDES, WORDS, Fixture, agency, marked, other, pick

COUNT = 60
MILLION = 1_000_000
SIGNING_FORMS = ("fair", "conference", "signing")
STATUSES = {  # how memoranda of a year stand today
    2019: ("expired", "contracted", "expired", "terminated"),
    2020: ("expired", "contracted", "terminated", "expired"),
    2021: ("expired", "contracted", "in_progress"),
    2022: ("contracted", "expired", "in_progress"),
    2023: ("contracted", "in_progress", "terminated", "contracted"),
    2024: ("in_progress", "contracted", "in_progress", "signed"),
    2025: ("signed", "in_progress", "signed", "contracted"),
}
QUANTITIES = {  # a year, by unit
    "tấn": ("20", "45", "80", "120", "250"),
    "kg": ("500", "1.200", "3.000"),
    "kWp": ("80", "150", "400"),
    "máy": ("4", "10", "25"),
    "bộ": ("120", "300", "800"),
    "thùng": ("600", "2.500"),
    "chai": ("5.000", "12.000"),
    "nghìn chiếc": ("50", "200"),
}
# Part of the agreed value that came true, in percent.
REALISED = {"contracted": (60, 85, 100, 115), "in_progress": (10, 25, 40), "expired": (0, 15, 45, None)}


def add_enterprises(out: Fixture) -> None:
    for name, side, *_rest in [*WORDS["enterprises"]["suppliers"], *WORDS["enterprises"]["buyers"]]:
        out.add(
            "enterprises.enterprise",
            name=marked(name),
            province=[f"minh-hoa-{SIDES[side][0]}"],
            is_demonstration=True,
        )


def key(name: str, side: str) -> list[str]:
    return [name_key(marked(name)), f"minh-hoa-{SIDES[side][0]}"]


def signing_events() -> list[tuple[int, str, dict]]:
    """Completed fairs, conferences and signings: (area, code, activity)."""
    return [
        (area["number"], f"MH-{area['number']:02}-{position:03}", row)
        for area in AREAS
        for position, row in enumerate(area.get("activities", []), 1)
        if row["f"] in SIGNING_FORMS and "done" in row and "years" not in row
    ]


def signings() -> list[dict]:
    """Return day, area, event and parties of each memorandum, the oldest first."""
    suppliers, buyers = WORDS["enterprises"]["suppliers"], WORDS["enterprises"]["buyers"]
    events = signing_events()
    found = []
    for position in range(COUNT):
        supplier = suppliers[position * 7 % len(suppliers)]
        area, year = pick(supplier[4], "area", position), 2019 + position % 7
        suitable = [row for row in buyers if row[1] == other(supplier[1]) and area in row[3]]
        buyer = pick(suitable, "buyer", position)
        fitting = [
            event
            for event in events
            if event[2]["done"].year == year and area in (event[0], *event[2].get("also", []))
        ]
        event = pick(fitting, "event", position) if fitting else None
        day = datetime.date(year, pick(range(4, 13), "month", position), pick(range(1, 28), "day", position))
        found.append(
            {
                "day": event[2]["done"] if event else day,
                "area": area,
                "event": event,
                "supplier": supplier,
                "buyer": buyer,
            }
        )
    return sorted(found, key=lambda row: (row["day"], row["area"], row["supplier"][0], row["buyer"][0]))


def add_memoranda(out: Fixture) -> None:
    for position, row in enumerate(signings(), 1):
        add_memorandum(out, position, **row)


def add_memorandum(out: Fixture, position: int, day, area: int, event, supplier, buyer) -> None:
    seller, side, product, unit, _areas = supplier
    status = pick(STATUSES[day.year], "status", position)
    value = None if position % 8 == 0 else pick((250, 480, 900, 1500, 2400, 6000, 12500), "value", position)
    share = pick(REALISED.get(status, (None,)), "share", position)
    expires = {"expired": (1, 2, 3), "signed": (3, 5), "in_progress": (None, 5)}.get(status, (None, 3))
    years = pick(expires, "expires", position)
    contents = WORDS["mou"]["contents"]
    _area, code, activity = event or (None, None, None)
    out.add(
        "enterprises.mou",
        plan=[PLAN],
        area=[PLAN, area],
        agency=agency(side),
        number="" if position % 6 == 0 else f"MH-BGN-{position:03}",
        signed_on=day,
        signed_at=f"Tỉnh {marked(SIDES[activity['l'][:2] if activity else side][1])}",
        event=activity["t"] if activity else "",
        activity=[code] if code else None,
        party_a=key(seller, side),
        party_b=key(buyer[0], buyer[1]),
        content=pick(contents, "content", position).format(product=product, channel=buyer[2]),
        products=product,
        quantity=f"{pick(QUANTITIES[unit], 'quantity', position)} {unit}/năm",
        value=value and str(value * MILLION),
        value_is_public=position % 5 in (0, 2),
        effective_on=day + datetime.timedelta(days=pick((0, 0, 15, 30), "effective", position)),
        expires_on=day.replace(year=day.year + years) if years else None,
        status=status,
        realised_value=str(value * share * MILLION // 100) if value and share is not None else None,
        result=pick(WORDS["mou"]["results"][status], "result", position),
    )
