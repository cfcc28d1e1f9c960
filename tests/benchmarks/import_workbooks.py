"""The starting database and the workbooks of `make bench-import`: 16 columns, clearly synthetic names.

One row in five changes a memorandum that is stored; one in twenty of the check workbook is wrong.
"""

from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import xlsxwriter
from django.core.management import call_command
from django.db import connection

from cooperation.models import CooperationArea, JointPlan, Province
from enterprises.models import MOU, Enterprise
from enterprises.tax_codes import check_digit
from tests.enterprises.workbooks import make_world

STORED_PARTIES, NEW_PARTIES = 2_000, 200
STATUSES = {
    "đã ký": "signed",
    "đang thực hiện": "in_progress",
    "đã ký hợp đồng": "contracted",
    "hết hạn": "expired",
    "chấm dứt": "terminated",
}
HEADERS = {
    "number": "Số bản ghi nhớ",
    "signed_on": "Ngày ký",
    "signed_at": "Nơi ký",
    "event": "Sự kiện",
    "party_a": "Bên A",
    "party_a_tax_code": "MST bên A",
    "party_a_province": "Tỉnh bên A",
    "party_b": "Bên B",
    "party_b_tax_code": "MST bên B",
    "party_b_province": "Tỉnh bên B",
    "area": "Lĩnh vực",
    "content": "Nội dung hợp tác",
    "products": "Sản phẩm",
    "quantity": "Sản lượng",
    "value": "Giá trị",
    "status": "Tình trạng",
}
_FORMS = ("Công ty TNHH", "Công ty cổ phần", "Hợp tác xã", "Doanh nghiệp tư nhân")
_PLACES = ("Vàm Cỏ", "Bà Đen", "Gò Dầu", "Bến Lức", "Đức Hòa", "Tân Biên", "Mộc Hóa", "Trảng Bàng")
_GOODS = ("thanh long", "mãng cầu", "gạo thơm", "mía đường", "rau an toàn", "hạt điều", "chanh không hạt")
_PROVINCES = ("Long An", "Tây Ninh")
_FAULTS = (
    {"signed_on": "31/02/2020"},
    {"party_a": None},
    {"area": 13},
    {"value": "nhiều lắm"},
    {"status": "không rõ"},
)


def parties() -> list[tuple[str, str, str]]:
    """Name, tax code and province; those after STORED_PARTIES are new."""
    stems = (str(stem) for stem in range(110_000_001, 110_100_000))
    codes = (f"{stem}{digit}" for stem in stems if (digit := check_digit(stem)) is not None)
    return [
        (f"{_FORMS[n % 4]} Thử nghiệm {_PLACES[n // 4 % 8]} số {n}", code, _PROVINCES[n % 2])
        for n, code in enumerate(islice(codes, STORED_PARTIES + NEW_PARTIES))
    ]


def rows(count: int) -> list[dict]:
    """The corrected workbook. The stored 5th, 10th, … row has both parties stored."""
    known = parties()
    made = []
    for n in range(1, count + 1):
        reach = STORED_PARTIES if n % 5 == 0 else len(known)
        a, b = known[n * 7 % reach], known[(n * 13 + 1 + n * 7 % 2) % reach]
        b = b if b is not a else known[(n * 7 + 1) % reach]
        goods = _GOODS[n % 7]
        made.append(
            {
                "number": f"{n:05}/BGN-THU",
                "signed_on": date(2019, 1, 2) + timedelta(days=n % 1_800),
                "signed_at": f"Nơi ký thử {n % 9}",
                "event": f"Hội nghị thử nghiệm kết nối cung cầu lần {n % 40}",
                **dict(zip(("party_a", "party_a_tax_code", "party_a_province"), a, strict=True)),
                **dict(zip(("party_b", "party_b_tax_code", "party_b_province"), b, strict=True)),
                "area": n % 12 + 1,
                "content": f"Hợp tác cung ứng và tiêu thụ {goods} theo chuỗi, vùng nguyên liệu thử số {n}",
                "products": f"{goods}, loại {n % 5 + 1}",
                "quantity": f"{n % 900 + 10} tấn/năm",
                "value": (n % 5_000 + 1) * 1_000_000,
                "status": tuple(STATUSES)[n % 5],
            }
        )
    return made


def with_faults(correct: list[dict]) -> list[dict]:
    return [
        {**row, **_FAULTS[n // 20 % len(_FAULTS)]} if n % 20 == 7 else row for n, row in enumerate(correct, 1)
    ]


def write(path: Path, body: list[dict]) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Bản ghi nhớ")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, HEADERS.values())
        for r, row in enumerate(body, 1):
            for c, cell in enumerate(row.values()):
                if isinstance(cell, date):
                    sheet.write_datetime(r, c, cell, day)
                elif cell is not None:
                    sheet.write(r, c, cell)


def prepare(folder: str, count: int) -> None:
    """Make the starting database and, once, the workbooks: wrong and right, whole and a tenth."""
    call_command("migrate", verbosity=0)
    make_world()
    body = rows(count)
    _store(body[4::5])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for name, part in (("whole", body), ("tenth", body[: count // 10])):
        if not Path(folder, f"{name}-right.xlsx").exists():
            write(Path(folder, f"{name}-wrong.xlsx"), with_faults(part))
            write(Path(folder, f"{name}-right.xlsx"), part)


def _store(body: list[dict]) -> None:
    """The memoranda that the workbook changes: another quantity and value, every third another status."""
    plan = JointPlan.objects.get()
    provinces = dict(Province.objects.filter(dissolved_on__isnull=False).values_list("name", "pk"))
    areas = dict(CooperationArea.objects.values_list("number", "pk"))
    known = [
        Enterprise(name=name, tax_code=code, province_id=provinces[province])
        for name, code, province in parties()[:STORED_PARTIES]
    ]
    for party in known:
        party.prepare()
    by_code = {party.tax_code: party for party in Enterprise.objects.bulk_create(known)}
    plain = ("number", "signed_on", "signed_at", "event", "content", "products")
    memoranda = [
        MOU(
            plan=plan,
            area_id=areas[row["area"]],
            party_a=by_code[row["party_a_tax_code"]],
            party_b=by_code[row["party_b_tax_code"]],
            quantity="5 tấn/năm",
            value=row["value"] + 500_000,
            status="signed" if n % 3 else STATUSES[row["status"]],
            **{name: row[name] for name in plain},
        )
        for n, row in enumerate(body)
    ]
    for memorandum in memoranda:
        memorandum.prepare()
    MOU.objects.bulk_create(memoranda)
