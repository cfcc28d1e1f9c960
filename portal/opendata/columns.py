"""What the open files are: their columns in order, with what each means; for the page and the files.

File and column names are machine keys and never change meaning; descriptions are for people.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

TEXT, DAY, WHOLE, NUMBER, EXACT, YES_NO = "text", "date", "integer", "decimal", "fraction", "boolean"
KINDS = {
    TEXT: _("chữ"),
    DAY: _("ngày, dạng 2022-12-31"),
    WHOLE: _("số nguyên"),
    NUMBER: _("số, dấu chấm thập phân"),
    EXACT: _("phân số chính xác, dạng 300/7"),
    YES_NO: "true / false",
}


@dataclass(frozen=True)
class Column:
    key: str
    kind: str
    says: str

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]


@dataclass(frozen=True)
class File:
    """One open file: `<name>.csv`."""

    name: str
    title: str
    says: str
    columns: tuple[Column, ...]


def _columns(*rows) -> tuple[Column, ...]:
    return tuple(Column(*row) for row in rows)


PLAN = File(
    "ke-hoach",
    _("Kế hoạch"),
    _("Một dòng: tiến độ chung, kỳ báo cáo và các ngưỡng đã dùng."),
    _columns(
        ("plan", TEXT, _("định danh của kế hoạch")),
        ("title", TEXT, _("tên")),
        ("signed_on", DAY, _("ngày ký")),
        ("demonstration", YES_NO, _("true: dữ liệu được đặt ra để xem thử")),
        ("as_of", DAY, _("ngày D của mọi con số trong các tệp")),
        ("rule_version", WHOLE, _("phiên bản quy tắc")),
        ("period_start_on", DAY, _("kỳ báo cáo chứa ngày D, từ ngày")),
        ("period_end_on", DAY, _("kỳ báo cáo chứa ngày D, đến ngày")),
        ("attention_gap", NUMBER, _("chênh lệch dưới ngưỡng này: cần chú ý")),
        ("late_gap", NUMBER, _("chênh lệch dưới ngưỡng này: chậm tiến độ")),
        ("minimum_coverage", NUMBER, _("độ phủ dưới ngưỡng này, %: chưa đủ số liệu")),
        ("headline", NUMBER, _("tiến độ chung, % như ghi trên trang; trống: không có giá trị")),
        ("areas_with_value", WHOLE, _("số lĩnh vực có giá trị")),
        ("areas", WHOLE, _("số lĩnh vực")),
        ("sealed_sha256", TEXT, _("mã SHA-256 của số liệu đã chốt, nếu ngày D đã chốt")),
    ),
)
AREAS = File(
    "linh-vuc",
    _("Lĩnh vực"),
    _("Mỗi dòng một lĩnh vực, với con số của nó vào ngày D."),
    _columns(
        ("area", WHOLE, _("số của lĩnh vực")),
        ("title", TEXT, _("tên")),
        ("value", NUMBER, _("tiến độ, % như ghi trên trang; trống: không có giá trị")),
        ("value_exact", EXACT, _("tiến độ chính xác, trước khi làm tròn")),
        ("planned", NUMBER, _("theo kế hoạch đến ngày D, %")),
        ("gap", NUMBER, _("chênh lệch, điểm")),
        ("status", TEXT, _("nhãn: on_track, attention, late, insufficient, no_schedule, no_activity, …")),
        ("status_label", TEXT, _("nhãn như ghi trên trang")),
        ("coverage", NUMBER, _("độ phủ báo cáo, %")),
        ("reported", WHOLE, _("hoạt động đã báo cáo")),
        ("expected", WHOLE, _("hoạt động lẽ ra phải báo cáo")),
        ("countable", WHOLE, _("hoạt động được tính")),
        ("completed", WHOLE, _("hoạt động đã hoàn thành")),
        ("overdue", WHOLE, _("hoạt động quá hạn")),
        ("unreported", WHOLE, _("hoạt động được tính chưa từng có số liệu")),
        ("continuous", WHOLE, _("hoạt động thường xuyên")),
        ("cancelled", WHOLE, _("hoạt động đã hủy hợp lệ")),
        ("weight", WHOLE, _("tổng trọng số")),
    ),
)
ACTIVITIES = File(
    "hoat-dong",
    _("Hoạt động"),
    _(
        "Mỗi dòng một hoạt động: dữ kiện mà quy tắc đọc, rồi con số quy tắc cho. Các ngày ghi như hồ sơ; "
        "việc xảy ra sau ngày D thì quy tắc chưa tính."
    ),
    _columns(
        ("activity", TEXT, _("mã")),
        ("area", WHOLE, _("số của lĩnh vực chính")),
        ("title", TEXT, _("tên")),
        ("lead_agency", TEXT, _("cơ quan chủ trì vào ngày D")),
        ("kind", TEXT, "one_off, periodic, continuous"),
        ("weight", WHOLE, _("trọng số")),
        ("date_precision", TEXT, _("day, month, year: ngày tháng biết đến đâu")),
        ("added_on", DAY, _("có trong kế hoạch từ ngày")),
        ("start_on", DAY, _("bắt đầu")),
        ("due_on", DAY, _("hạn")),
        ("completed_on", DAY, _("hoàn thành ngày")),
        ("suspended_on", DAY, _("tạm dừng từ ngày")),
        ("resumed_on", DAY, _("tiếp tục từ ngày")),
        ("cancelled_on", DAY, _("hủy ngày")),
        ("cancellation_document", TEXT, _("văn bản cho phép hủy")),
        ("reported_on", DAY, _("ngày của báo cáo đã duyệt gần nhất có phần trăm")),
        ("reported_percent", NUMBER, _("phần trăm của báo cáo ấy")),
        ("heard_on", DAY, _("ngày của báo cáo đã duyệt gần nhất, có phần trăm hay không")),
        ("milestones_counted", WHOLE, _("mốc được tính vào ngày D")),
        ("milestones_done", WHOLE, _("mốc đã đạt vào ngày D")),
        ("uses_indicator", YES_NO, _("phần trăm tính từ chỉ tiêu")),
        ("indicator_percent", EXACT, _("phần trăm của chỉ tiêu, chính xác")),
        ("indicator_on", DAY, _("ngày của số liệu chỉ tiêu")),
        ("countable", YES_NO, _("được tính vào ngày D")),
        ("percent", NUMBER, _("giá trị, % như ghi trên trang")),
        ("percent_exact", EXACT, _("giá trị chính xác")),
        ("planned", NUMBER, _("theo kế hoạch đến ngày D, %")),
        ("planned_exact", EXACT, _("theo kế hoạch, chính xác")),
        ("timeliness", TEXT, "on_time, due_soon, overdue, done_on_time, done_late, no_due_date, stopped"),
        ("days_late", WHOLE, _("số ngày trễ")),
        ("reason", TEXT, _("vì sao có giá trị ấy")),
    ),
)
MILESTONES = File(
    "moc",
    _("Mốc"),
    _("Mỗi dòng một mốc của một hoạt động."),
    _columns(
        ("activity", TEXT, _("mã hoạt động")),
        ("title", TEXT, _("tên mốc")),
        ("due_on", DAY, _("hạn")),
        ("done_on", DAY, _("đạt ngày")),
        ("waived_on", DAY, _("được miễn từ ngày")),
        ("waiver_document", TEXT, _("văn bản cho miễn")),
    ),
)
REPORTS = File(
    "bao-cao",
    _("Báo cáo đã duyệt"),
    _(
        "Mỗi dòng một báo cáo đã duyệt đến ngày D, mới nhất trước; cùng một ngày thì báo cáo duyệt sau đứng "
        "trước. Không có tên người."
    ),
    _columns(
        ("activity", TEXT, _("mã hoạt động")),
        ("effective_on", DAY, _("số liệu đến ngày")),
        ("percent", NUMBER, _("tiến độ, %")),
        ("agency", TEXT, _("cơ quan báo cáo")),
        ("results", TEXT, _("kết quả")),
        ("difficulties", TEXT, _("khó khăn, vướng mắc")),
        ("proposals", TEXT, _("kiến nghị")),
        ("fall_reason", TEXT, _("lý do giảm")),
    ),
)
MEMORANDA = File(
    "ban-ghi-nho",
    _("Bản ghi nhớ"),
    _(
        "Mỗi dòng một bản ghi nhớ ký đến ngày D. Giá trị, sản lượng chỉ có khi hai bên đồng ý công khai; "
        "không có tên, số điện thoại, địa chỉ của người đại diện."
    ),
    _columns(
        ("number", TEXT, _("số bản ghi nhớ")),
        ("signed_on", DAY, _("ngày ký")),
        ("signed_at", TEXT, _("nơi ký")),
        ("area", WHOLE, _("số của lĩnh vực")),
        ("activity", TEXT, _("mã hoạt động nơi ký")),
        ("event", TEXT, _("sự kiện")),
        ("party_a", TEXT, _("bên A")),
        ("party_b", TEXT, _("bên B")),
        ("content", TEXT, _("nội dung hợp tác")),
        ("products", TEXT, _("sản phẩm")),
        ("status", TEXT, "signed, in_progress, contracted, expired, terminated"),
        ("effective_on", DAY, _("ngày hiệu lực")),
        ("expires_on", DAY, _("ngày hết hạn")),
        ("result", TEXT, _("kết quả")),
        ("value_is_public", YES_NO, _("hai bên đồng ý công khai giá trị, sản lượng")),
        ("quantity", TEXT, _("sản lượng")),
        ("value", NUMBER, _("giá trị")),
        ("realised_value", NUMBER, _("giá trị thực hiện")),
        ("currency", TEXT, _("đơn vị tiền")),
    ),
)

FILES = {file.name: file for file in (PLAN, AREAS, ACTIVITIES, MILESTONES, REPORTS, MEMORANDA)}
