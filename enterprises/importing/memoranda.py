"""The columns of an MOU sheet, one line each: to add a column is to add a line.

`field` names the MOU's attribute, or, for what needs look-ups (parties, provinces, area, event, term), what
memorandum_rows.py does with it.
"""

from datetime import date

from cooperation.importing import values
from cooperation.importing.columns import LONG, Column, text
from cooperation.importing.kinds import Kind, Side
from enterprises.importing.cells import STATUS_LABELS, province_label, status, status_label, tax_code
from enterprises.importing.memorandum_rows import MemorandumRows
from enterprises.models import MOU


def _party(letter: str) -> tuple[Column, ...]:
    side = f"party_{letter.lower()}"
    name = f"Bên {letter}"
    return (
        Column(
            side, name, text(300), True,
            (f"Tên bên {letter}", f"Tên doanh nghiệp bên {letter}", f"Doanh nghiệp {letter}",
             f"DN bên {letter}", f"Doanh nghiệp bên {letter}", f"Đơn vị bên {letter}"),
            side=side,
            under=("", "Tên", "Tên đơn vị", "Tên doanh nghiệp", "Tên DN", "Tên công ty", "Đơn vị",
                   "Doanh nghiệp", "Tên DN, HTX, cơ sở", "Tên DN, HTX", "Tên cơ sở"),
            source=f"{side}.name", instead="parties", example=f"Công ty TNHH Ví dụ {letter} (xóa dòng này)",
        ),
        Column(
            f"{side}_tax_code", f"MST bên {letter}", tax_code, False,
            (f"Mã số thuế bên {letter}", f"Mã số thuế DN {letter}", f"MST {letter}",
             f"Mã số thuế DN bên {letter}"),
            side=side,
            under=("MST", "Mã số thuế", "MST/ĐKKD", "Mã số DN", "Mã số doanh nghiệp", "Số ĐKKD", "GCN ĐKKD"),
            source=f"{side}.tax_code",
        ),
        Column(
            f"{side}_province", f"Tỉnh bên {letter}", text(200), False, (f"Tỉnh/TP bên {letter}",),
            side=side, under=("Tỉnh", "Tỉnh/TP", "Tỉnh, thành phố", "Địa phương"),
            source=f"{side}.province", shown=province_label,
        ),
        Column(
            f"{side}_address", f"Địa chỉ bên {letter}", text(300),
            side=side, under=("Địa chỉ", "Trụ sở", "Trụ sở chính", "Địa chỉ liên hệ"), exported=False,
        ),
        Column(
            f"{side}_representative", f"Đại diện bên {letter}", text(200), False,
            (f"Người đại diện bên {letter}",),
            side=side, exported=False,
            under=("Đại diện", "Người đại diện", "Người đại diện theo pháp luật", "Người ký", "Họ và tên",
                   "Người liên hệ"),
        ),
        Column(
            f"{side}_phone", f"Điện thoại bên {letter}", values.phone, False, (f"SĐT bên {letter}",),
            side=side, exported=False,
            under=("Điện thoại", "SĐT", "ĐT", "Số điện thoại", "Di động", "Tel", "Số điện thoại/Zalo"),
        ),
    )  # fmt: skip


COLUMNS: tuple[Column, ...] = (
    Column(
        "number", "Số bản ghi nhớ", text(60), False,
        ("Số BBGN", "Số MOU", "Số văn bản", "Ký hiệu", "Số HĐ", "Số ghi nhớ"), example="01/BGN-2026",
    ),
    Column(
        "signed_on", "Ngày ký", values.day, True,
        ("Ngày ký kết", "Ngày, tháng, năm ký", "Thời gian ký", "Thời điểm ký kết", "Thời gian ký kết"),
        example=date(2026, 5, 17),
    ),
    Column(
        "signed_at", "Nơi ký", text(200), False, ("Địa điểm", "Địa điểm ký kết", "Địa điểm ký"),
        example="Nơi ký (ví dụ)",
    ),
    Column("event", "Sự kiện", text(300), False, ("Hội nghị", "Chương trình", "Ký tại sự kiện")),
    *_party("A"),
    *_party("B"),
    Column(
        "parties", "Hai bên", text(600), False,
        ("Các bên ký kết", "Doanh nghiệp ký kết", "Đơn vị ký kết", "Tên hai doanh nghiệp", "Các bên"),
        exported=False,
    ),
    Column(
        "area", "Lĩnh vực", values.ordinal, True,
        ("Nội dung số", "LV", "Lĩnh vực hợp tác", "Ngành hàng", "Nhóm ngành"), source="area.number",
        example=6,
    ),
    Column(
        "content", "Nội dung hợp tác", text(LONG, lines=True), False,
        ("Nội dung ghi nhớ", "Nội dung ký kết", "Nội dung"), example="Tiêu thụ nông sản",
    ),
    Column("products", "Sản phẩm", text(300), False, ("Mặt hàng", "Sản phẩm cung ứng", "Hàng hóa")),
    Column("quantity", "Sản lượng", text(120), False, ("Số lượng", "Khối lượng", "SL")),
    Column(
        "value", "Giá trị", values.money, False,
        ("Trị giá", "Giá trị HĐ", "Doanh số dự kiến", "Thành tiền", "Kim ngạch", "Giá trị hợp đồng"),
        is_money=True, example=1_200_000_000,
    ),
    Column(
        "currency", "Đơn vị tiền", values.currency, False, ("Loại tiền",), choices=("VND", "USD", "KHR"),
        example="VND",
    ),
    Column("effective_on", "Ngày hiệu lực", values.day, False, ("Hiệu lực từ",)),
    Column("expires_on", "Ngày hết hạn", values.day, False, ("Hiệu lực đến",)),
    Column(
        "term", "Thời hạn", text(120), False, ("Thời hạn HĐ", "Thời gian thực hiện"), exported=False,
        example="12 tháng",
    ),
    Column(
        "status", "Tình trạng", status, False, ("Tình hình thực hiện", "Đã triển khai"),
        choices=STATUS_LABELS, shown=status_label, example="đã ký",
    ),
    Column(
        "realised_value", "Giá trị thực hiện", values.money, False,
        ("Doanh thu thực tế", "Giá trị đã thực hiện"),
        is_money=True,
    ),
    Column("result", "Kết quả", text(LONG, lines=True), False, ("KQ thực hiện", "Kết quả thực hiện")),
    Column("note", "Ghi chú", text(LONG, lines=True), False, ("GC", "Vướng mắc")),
)  # fmt: skip

MEMORANDA = Kind(
    name="mou",
    model=MOU,
    columns=COLUMNS,
    builder=MemorandumRows,
    title="Bản ghi nhớ",
    sheet_name="ban-ghi-nho",
    owner="agency_id",
    sides=(
        Side(
            "party_a", ("Bên A", "Bên bán", "Đơn vị cung ứng", "Nhà cung cấp", "Bên cung ứng", "Bên cung cấp")
        ),
        Side("party_b", ("Bên B", "Bên mua", "Đơn vị thu mua", "Đơn vị phân phối", "Bên tiêu thụ")),
    ),
    by_place=(
        "doanh nghiep",
        "dn",
        "don vi",
        "ten doanh nghiep",
        "ten dn",
        "ten don vi",
        "hop tac xa",
        "phia",
    ),
)
