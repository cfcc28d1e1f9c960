"""What staff have to do about activities: the questions of the admin's first page, by the one rule.

A list of overdue activities here is the same list as on the public pages: both read the figures.
"""

import datetime
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from cooperation.permissions import CHANGE, VIEW
from programs.figures import activity_figures
from programs.measures import LeafFigure, Timeliness
from programs.models import Activity


def _overdue(leaf: LeafFigure) -> bool:
    return leaf.countable and leaf.timeliness == Timeliness.OVERDUE


def _due_soon(leaf: LeafFigure) -> bool:
    return leaf.countable and leaf.timeliness == Timeliness.DUE_SOON


def _unreported(leaf: LeafFigure) -> bool:
    """The other side of "đã báo cáo k/n": owes a report and gave none in the period (R6)."""
    return leaf.countable and leaf.expected and not leaf.reported


def _open(leaf: LeafFigure) -> bool:
    return leaf.in_plan and not leaf.completed and leaf.timeliness != Timeliness.STOPPED


# Name in the address → (title, question), in the order of the page.
QUESTIONS: dict[str, tuple[str, Callable[[LeafFigure], bool]]] = {
    "qua-han": (_("Quá hạn"), _overdue),
    "sap-den-han": (_("Sắp đến hạn"), _due_soon),
    "chua-bao-cao": (_("Chưa báo cáo"), _unreported),
    "dang-lam": (_("Hoạt động của đơn vị tôi"), _open),
}


def mine(user):
    """The activities whose work is `user`'s: those the user writes, else (leaders) all to be seen."""
    own = Activity.objects.for_user(user, CHANGE)
    return own if own.exists() else Activity.objects.for_user(user, VIEW)


def work_to_do(activities, on: datetime.date) -> dict[str, dict[int, LeafFigure]]:
    """Return, for each question, the activities it holds for, by id, what is longest overdue first."""
    figures = sorted(activity_figures(activities, on).items(), key=lambda row: (-row[1].days_late, row[0]))
    return {
        name: {pk: leaf for pk, leaf in figures if holds(leaf)} for name, (_title, holds) in QUESTIONS.items()
    }
