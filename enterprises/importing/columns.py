"""The columns of an MOU sheet, one line each: to add a column is to add a line.

`parse` turns a cell into a value or raises values.ValueProblem. `field` names the MOU's attribute, or,
for what needs look-ups (parties, provinces, area, event, term), what preview.py does with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from enterprises.importing import values


@dataclass(frozen=True)
class Column:
    field: str
    header: str
    parse: Callable
    required: bool = False
    variants: tuple[str, ...] = ()


def _text(length: int | None = None, lines: bool = False) -> Callable:
    return partial(values.text, max_length=length, lines=lines)


def _party(side: str) -> tuple[Column, ...]:
    low = side.lower()
    return (
        Column(
            f"party_{low}", f"Bên {side}", _text(300), True,
            (f"Tên bên {side}", f"Tên doanh nghiệp bên {side}", f"Doanh nghiệp {side}", f"DN bên {side}"),
        ),
        Column(
            f"party_{low}_tax_code", f"MST bên {side}", values.tax_code, False,
            (f"Mã số thuế bên {side}", f"Mã số thuế DN {side}", f"MST {side}"),
        ),
        Column(f"party_{low}_province", f"Tỉnh bên {side}", _text(200), False, (f"Tỉnh/TP bên {side}",)),
        Column(f"party_{low}_address", f"Địa chỉ bên {side}", _text(300)),
        Column(
            f"party_{low}_representative", f"Đại diện bên {side}", _text(200), False,
            (f"Người đại diện bên {side}",),
        ),
        Column(f"party_{low}_phone", f"Điện thoại bên {side}", values.phone, False, (f"SĐT bên {side}",)),
    )  # fmt: skip


# What the template's example row says, folded: a row that still says so is no data.
EXAMPLE_MARK = "xoa dong nay"
IGNORED_HEADERS = ("STT", "TT", "Số TT")

COLUMNS: tuple[Column, ...] = (
    Column("number", "Số bản ghi nhớ", _text(60), False, ("Số BBGN", "Số MOU", "Số văn bản", "Ký hiệu")),
    Column(
        "signed_on", "Ngày ký", values.day, True,
        ("Ngày ký kết", "Ngày, tháng, năm ký", "Thời gian ký", "Thời điểm ký kết"),
    ),
    Column("signed_at", "Nơi ký", _text(200), False, ("Địa điểm", "Địa điểm ký kết")),
    Column("event", "Sự kiện", _text(300), False, ("Hội nghị",)),
    *_party("A"),
    *_party("B"),
    Column("area", "Lĩnh vực", values.area_number, True, ("Nội dung số", "LV", "Lĩnh vực hợp tác")),
    Column(
        "content", "Nội dung hợp tác", _text(5000, True), False,
        ("Nội dung ghi nhớ", "Nội dung ký kết", "Nội dung"),
    ),
    Column("products", "Sản phẩm", _text(300), False, ("Mặt hàng", "Sản phẩm cung ứng", "Hàng hóa")),
    Column("quantity", "Sản lượng", _text(120), False, ("Số lượng", "Khối lượng")),
    Column(
        "value", "Giá trị", values.money, False,
        ("Trị giá", "Giá trị HĐ", "Doanh số dự kiến", "Thành tiền"),
    ),
    Column("currency", "Đơn vị tiền", values.currency, False, ("Loại tiền",)),
    Column("effective_on", "Ngày hiệu lực", values.day, False, ("Hiệu lực từ",)),
    Column("expires_on", "Ngày hết hạn", values.day, False, ("Hiệu lực đến",)),
    Column("term", "Thời hạn", _text(120), False, ("Thời hạn HĐ", "Thời gian thực hiện")),
    Column("status", "Tình trạng", values.status, False, ("Tình hình thực hiện",)),
    Column("realised_value", "Giá trị thực hiện", values.money, False, ("Doanh thu thực tế",)),
    Column("result", "Kết quả", _text(5000, True), False, ("KQ thực hiện", "Kết quả thực hiện")),
    Column("note", "Ghi chú", _text(5000, True), False, ("GC",)),
)  # fmt: skip

BY_FIELD = {column.field: column for column in COLUMNS}
MONEY_FIELDS = ("value", "realised_value")
