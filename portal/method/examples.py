"""The golden cases of the rule as worked examples: facts as a reader sees them, figures by the rule itself.

Nothing here knows a result: `worked()` asks programs.progress, and tests/portal/method compares the answers
with the table that the rule was agreed by. All names and days are examples.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.figures import thresholds_in_force
from programs.measures import AreaFigure, Headline, Kind, LeafFacts, LeafFigure, MilestoneFacts
from programs.progress import area_figure, headline, leaf_figure

DAY = date(2022, 12, 31)
_START = date(2019, 1, 1)
_REPORTED = date(2022, 6, 30)
_KINDS = {
    Kind.ONE_OFF: gettext_lazy("một lần"),
    Kind.PERIODIC: gettext_lazy("định kỳ theo mốc"),
    Kind.CONTINUOUS: gettext_lazy("thường xuyên"),
}


@dataclass(frozen=True)
class Example:
    """One case: areas of activities as of a day. `note` says what the facts alone do not."""

    number: int
    rules: tuple[int, ...]
    title: str
    areas: tuple[tuple[LeafFacts, ...], ...]
    on: date = DAY
    note: str = ""


@dataclass(frozen=True)
class Worked:
    """An example with its figures. `lines`: one activity each, as (name, facts in words, figure)."""

    example: Example
    lines: list[tuple[str, list[str], LeafFigure]] = field(repr=False)
    figures: list[AreaFigure] = field(repr=False)
    headline: Headline | None

    @property
    def figure(self) -> AreaFigure:
        return self.figures[0]

    @property
    def sum(self):
        return sum(leaf.contribution for _name, _facts, leaf in self.lines if leaf.countable)


def _leaf(percent=None, **facts) -> LeafFacts:
    updates = () if percent is None else ((_REPORTED, Decimal(percent)),)
    return LeafFacts(**{"start_on": _START, "updates": updates, **facts})


def _done(on=_REPORTED, **facts) -> LeafFacts:
    return _leaf(completed_on=on, **facts)


def _yearly(done=(), waived=()) -> LeafFacts:
    days = [date(year, 12, 31) for year in range(2019, 2026)]
    return _leaf(
        kind=Kind.PERIODIC,
        milestones=tuple(
            MilestoneFacts(day, day if day.year in done else None, day if day.year in waived else None)
            for day in days
        ),
    )


_CANCELLED = _leaf(due_on=date(2022, 12, 1), cancelled_on=date(2022, 9, 1))
_SUSPENDED = _leaf(
    30, start_on=date(2021, 6, 30), due_on=date(2023, 6, 30), suspended_on=date(2022, 6, 30)
)  # fmt: skip


def examples() -> list[Example]:
    """The fifteen cases of the rule's own table, in its order."""
    return [
        Example(1, (4,), _("Lĩnh vực chưa có hoạt động"), ((),)),
        Example(2, (3, 6), _("Một hoạt động đã báo cáo, một chưa"), ((_leaf(40), _leaf()),)),
        Example(3, (2, 3), _("Một hoạt động hủy trước hạn"), ((_done(), _leaf(50), _CANCELLED),)),
        Example(
            4, (2,), _("Hủy sau hạn, không có văn bản"),
            ((_done(), _leaf(50), _leaf(0, due_on=date(2022, 2, 1), cancelled_on=date(2022, 3, 1))),),
        ),
        Example(
            5, (1, 7), _("Bảy mốc hằng năm, một mốc được miễn bằng văn bản"),
            ((_yearly(done=(2019, 2020, 2022), waived=(2021,)),),),
        ),
        Example(
            6, (1, 7), _("Bảy mốc hằng năm, một mốc bị lỡ"), ((_yearly(done=(2019, 2020, 2022)),),),
        ),
        Example(7, (3,), _("Trọng số khác nhau"), ((_done(weight=3), _leaf(0)),)),
        Example(8, (12,), _("Làm tròn: gần xong chưa phải là xong"), ((_done(), _done(), _leaf(99)),)),
        Example(
            9, (1,), _("Báo cáo chờ duyệt không được tính"), ((_leaf(30),),),
            note=_("Hoạt động này còn một báo cáo 80 % đã gửi nhưng chưa được duyệt: quy tắc không đọc nó."),
        ),
        Example(10, (1,), _("Báo cáo 100 % nhưng chưa xác nhận hoàn thành"), ((_leaf(100),),)),
        Example(
            11, (4,), _("Chỉ có hoạt động thường xuyên"),
            ((_leaf(kind=Kind.CONTINUOUS, updates=((date(2022, 5, 4), None),)),),),
        ),
        Example(12, (7, 9), _("Một hoạt động tạm dừng"), ((_SUSPENDED, _done()),)),
        Example(
            13, (8,), _("Hoàn thành sau hạn"), ((_done(date(2022, 12, 10), due_on=date(2022, 11, 30)),),),
        ),
        Example(
            14, (5,), _("Tiến độ chung của mười hai lĩnh vực"),
            (*[(_leaf(50),)] * 11, ()),
            note=_("Mười một lĩnh vực như nhau, mỗi lĩnh vực một hoạt động 50 %; lĩnh vực cuối trống."),
        ),
        Example(
            15, (2,), _("Ví dụ 3, như vào ngày trước khi hủy"),
            ((_done(), _leaf(50), _CANCELLED),), on=date(2022, 8, 31),
        ),
    ]  # fmt: skip


def worked(example: Example) -> Worked:
    """Compute the example by the rule that computes every page, with the thresholds in force."""
    thresholds = thresholds_in_force()
    figures = [
        area_figure([leaf_figure(facts, example.on, None, thresholds) for facts in area], thresholds)
        for area in example.areas
    ]
    lines = [
        (
            _("Hoạt động %(letter)s") % {"letter": chr(ord("A") + place)},
            in_words(facts),
            leaf_figure(facts, example.on, None, thresholds),
        )
        for place, facts in enumerate(example.areas[0])
    ]
    return Worked(example, lines, figures, headline(figures) if len(figures) > 1 else None)


def in_words(facts: LeafFacts) -> list[str]:
    """Say in Vietnamese what the facts hold: what the rule reads, and nothing it does not."""
    said = [str(_KINDS[facts.kind])]
    if facts.weight != 1:
        said.append(_("trọng số %(weight)s") % {"weight": facts.weight})
    said += [
        words % {"day": _day(day)}
        for words, day in (
            (_("bắt đầu %(day)s"), facts.start_on),
            (_("hạn %(day)s"), facts.due_on),
            (_("hoàn thành %(day)s"), facts.completed_on),
            (_("tạm dừng từ %(day)s"), facts.suspended_on),
        )
        if day
    ]
    if facts.cancelled_on:
        document = facts.cancellation_document or _("không có văn bản")
        said.append(_("hủy %(day)s (%(document)s)") % {"day": _day(facts.cancelled_on), "document": document})
    for on, percent in facts.updates:
        known = (
            _("báo cáo đã duyệt %(day)s") if percent is None else _("đã duyệt %(percent)s %% ngày %(day)s")
        )
        said.append(known % {"day": _day(on), "percent": percent})
    if not facts.updates and not facts.completed_on and not facts.milestones:
        said.append(_("chưa báo cáo"))
    for words, chosen in (
        (_("mốc: %(years)s"), lambda mark: True),
        (_("đã đạt: %(years)s"), lambda mark: mark.done_on),
        (_("được miễn bằng văn bản: %(years)s"), lambda mark: mark.waived_on),
    ):
        said += _years(facts, words, chosen)
    return said


def _years(facts: LeafFacts, words: str, chosen: Callable) -> list[str]:
    years = [f"{mark.due_on:%Y}" for mark in facts.milestones if chosen(mark)]
    return [words % {"years": ", ".join(years)}] if years else []


def _day(day: datetime.date) -> str:
    return f"{day:%d/%m/%Y}"
