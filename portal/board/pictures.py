"""The board's pictures, made of what it has read: the matrix of years, the bars, the funnel."""

from django.utils.translation import gettext as _

from portal.board.links import Links
from portal.board.memoranda import STAGES, Memoranda
from portal.board.reading import Board
from portal.board.years import Kept, Year
from programs.measures import STATUS_LABELS, Status
from programs.pictures.bars import Bars, bars
from programs.pictures.funnel import Funnel, funnel
from programs.pictures.heat_map import HeatCell, HeatMap, HeatRow
from programs.templatetags.progress_display import points

MOST_BARS = 8


def heat_map_of(board: Board, years: list[Year], links: Links) -> HeatMap:
    numbered = sorted(board.areas, key=lambda line: line.area.number)
    rows = tuple(
        HeatRow(
            line.area.number,
            line.area.title,
            line.area.get_absolute_url() if line.area.published else "",
            tuple(_cell(line.area, year, links) for year in years),
        )
        for line in numbered
    )
    too_large = any(year.day is not None and year.kept is None for year in years)
    description = _(
        "Tiến độ (%) của từng lĩnh vực như vào ngày cuối mỗi năm, năm đang chạy tính đến ngày của trang. "
        "Năm có dấu * là số liệu đã chốt. Ô gạch chéo: chưa đủ số liệu. Bấm vào ô để xem từng hoạt động."
    )
    if too_large:
        description += " " + _(
            "Kế hoạch này lớn: năm chưa có sẵn số được tính ở trang của ngày ấy (ô “xem”)."
        )
    return HeatMap(
        name="linh-vuc-nam",
        title=_("Tiến độ lĩnh vực theo năm, %"),
        description=description,
        corner=_("Lĩnh vực"),
        columns=tuple(f"{year.year}{'*' if year.is_sealed else ''}" for year in years),
        rows=rows,
    )


def _cell(area, year: Year, links: Links) -> HeatCell:
    if year.day is None:
        return HeatCell(text=_("chưa đến"))
    address = links.area_on(area, year.day)
    if year.kept is None:
        return HeatCell(text=_("xem"), address=address)
    kept: Kept | None = year.kept.areas.get(area.pk)
    if kept is None or kept.status == Status.NO_ACTIVITY:
        return HeatCell(text=_("chưa triển khai"), address=address if kept else "")
    if kept.value is None:
        text = _("thường xuyên") if kept.status == Status.ONLY_CONTINUOUS else _("đã hủy")
        return HeatCell(text=text, address=address)
    note = "" if kept.sufficient else str(STATUS_LABELS[Status.INSUFFICIENT])
    return HeatCell(kept.value, points(kept.value), address, note, doubtful=not kept.sufficient)


def bars_of(board: Board, links: Links) -> Bars | None:
    """Whose work is overdue: the bodies with the most. None where nothing is."""
    late = [tally for tally in board.agencies() if tally.counts["qua-han"]]
    if not late:
        return None
    return bars(
        "qua-han-theo-co-quan",
        _("Hoạt động quá hạn theo cơ quan chủ trì"),
        _("Cơ quan có nhiều hoạt động quá hạn nhất đứng trước; đủ các cơ quan ở bảng dưới."),
        [
            (
                tally.body.called if tally.body else _("nguồn không nêu"),
                tally.counts["qua-han"],
                links.activities("qua-han", agency=tally.body or False),
            )
            for tally in late[:MOST_BARS]
        ],
        what=_("Cơ quan"),
        unit=_("Quá hạn"),
    )


def funnel_of(found: Memoranda, links: Links) -> Funnel | None:
    """None where nothing was signed."""
    if not found.total.counts[0]:
        return None
    description = _(
        "Từ ký kết đến kết quả. Bản ghi nhớ đã có giá trị thực hiện được coi là đã qua các bước trước. "
        "Tình trạng là tình trạng hiện nay, kể cả khi xem một ngày đã qua."
    )
    if found.closed:
        description += " " + _("%(n)s bản đã hết hạn hoặc chấm dứt.") % {"n": found.closed}
    return funnel(
        "pheu-ban-ghi-nho",
        _("Bản ghi nhớ đi đến đâu"),
        description,
        [(str(STAGES[name][0]), number, links.memoranda(name)) for name, number in found.total.by_stage],
    )
