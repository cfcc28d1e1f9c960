"""Synthetic sheets for the import, and the world that they are brought into."""

from datetime import date
from pathlib import Path

from enterprises.importing.memoranda import COLUMNS
from tests.cooperation.importing.files import write
from tests.factories import make_agency, make_area, make_plan, make_province

HEADERS = ("STT", *(column.header for column in COLUMNS))
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def tax_code(n: int) -> str:
    """The n-th synthetic tax code, with its check digit."""
    found = -1
    for stem in range(110_000_001, 110_001_000_000):
        check = 10 - sum(w * int(d) for w, d in zip(_WEIGHTS, str(stem), strict=True)) % 11
        found += check < 10
        if found == n:
            return f"{stem}{check}"
    raise ValueError(n)


def row(n: int = 1, **cells) -> dict:
    """A row that is fine, field → cell; keywords override, None empties."""
    return {
        "number": f"{n:02}/BGN-2019",
        "signed_on": date(2019, 5, 17),
        "signed_at": "Tân An",
        "party_a": f"Công ty TNHH Thử Vàm Cỏ {n}",
        "party_a_province": "Long An",
        "party_b": f"Hợp tác xã Thử Bà Đen {n}",
        "party_b_province": "Tây Ninh",
        "area": 6,
        "content": f"Tiêu thụ nông sản đợt {n}",
        "value": 1_200_000_000,
        "currency": "VND",
        "expires_on": date(2021, 5, 17),
        "status": "đã ký",
        **cells,
    }


def table(rows, fields=None) -> list[list]:
    """The cells of the canonical template: header row, then `rows`."""
    chosen = [column for column in COLUMNS if fields is None or column.field in fields]
    body = [[number, *(cells.get(c.field) for c in chosen)] for number, cells in enumerate(rows, 1)]
    return [["STT", *(column.header for column in chosen)], *body]


def template(path: Path, *rows) -> Path:
    return write(path, table(rows))


def make_world(**plan):
    """A main plan with 12 areas between Long An and the old Tây Ninh, which both end in the new one."""
    merged = date(2025, 7, 1)
    new = make_province("Tây Ninh", slug="tay-ninh", code="80", valid_from=merged)
    make_province("Long An", slug="long-an", dissolved_on=merged, successor=new)
    make_province("Tây Ninh", slug="tay-ninh-truoc-2025", code="72", dissolved_on=merged, successor=new)
    made = make_plan(**{"is_main": True, "slug": "chinh", **plan})
    for number in range(1, 13):
        make_area(made, number)
    made.agencies.add(make_agency())
    return made
