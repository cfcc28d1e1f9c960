"""The succession of provinces and agencies: who was merged into whom on which day, and who acts for whom.

Rights move, records do not (domain: the merger of 1/7/2025). A change of parent or kind is the same thing
with one predecessor: a new body takes over from the old one.
"""

import datetime
from collections.abc import Iterable
from typing import Self

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cooperation.models import Agency, Province


class Lineage:
    """All bodies of one kind, read once: answers for any day without another query."""

    def __init__(self, bodies: Iterable):
        self.bodies = {body.pk: body for body in bodies}

    @classmethod
    def of(cls, model: type[Agency] | type[Province]) -> Self:
        return cls(model.with_deleted.all())

    def acting(self, pk: int, on: datetime.date):
        """The body that holds this one's rights on `on`: what `acting_map(on)[pk]` says."""
        current, seen = self.bodies[pk], set()
        while (
            current.pk not in seen
            and current.successor_id in self.bodies
            and current.dissolved_on is not None
            and current.dissolved_on <= on
            and not current.exists_on(on)
        ):
            seen.add(current.pk)
            current = self.bodies[current.successor_id]
        return current

    def acting_map(self, on: datetime.date) -> dict:
        """Every body's id with the body that acts for it on `on`."""
        return {pk: self.acting(pk, on) for pk in self.bodies}

    def turning_days(self, until: datetime.date) -> list[datetime.date]:
        """The days, newest first, on which some body handed over to its successor, up to `until`."""
        days = {
            body.dissolved_on
            for body in self.bodies.values()
            if body.successor_id and body.dissolved_on is not None and body.dissolved_on <= until
        }
        return sorted(days, reverse=True)


def problems(successor, predecessors: list, on: datetime.date) -> list[str]:
    """Say in sentences for people why these cannot be merged into that on that day; empty where they can."""
    found = []
    if on > localdate():
        found.append(
            _("Ngày %(day)s chưa đến: hãy ghi việc sáp nhập vào hoặc sau ngày đó.") % {"day": _day(on)}
        )
    if not predecessors:
        found.append(_("Hãy nêu ít nhất một cơ quan được sáp nhập."))
    if len({body.pk for body in predecessors}) < len(predecessors):
        found.append(_("Mỗi cơ quan được sáp nhập chỉ nêu một lần."))
    if not successor.exists_on(on):
        found.append(
            _("“%(name)s” không tồn tại vào ngày %(day)s: hãy xem lại “có từ ngày”, “thôi tồn tại từ ngày”.")
            % {"name": successor.display_name, "day": _day(on)}
        )
    later = _line_after(successor)
    for body in predecessors:
        found += _problems_of(body, successor, later, on)
    return found


def _problems_of(body, successor, later: list, on: datetime.date) -> list[str]:
    words = {"name": body.display_name, "day": _day(on), "to": successor.display_name}
    found = []
    if body.pk == successor.pk:
        return [_("“%(name)s” không thể kế thừa chính mình.") % words]
    if body.pk in {heir.pk for heir in later}:
        found.append(_("“%(name)s” đã kế thừa “%(to)s”: hai cơ quan không thể kế thừa lẫn nhau.") % words)
    if body.is_demonstration != successor.is_demonstration:
        found.append(_("Không sáp nhập cơ quan minh họa với cơ quan thật: “%(name)s”, “%(to)s”.") % words)
    if getattr(body, "province_id", None) and not successor.province_id:
        found.append(_("“%(to)s” chưa ghi tỉnh: hãy ghi tỉnh trước khi nhận việc của “%(name)s”.") % words)
    if body.dissolved_on not in (None, on):
        words["other"] = _day(body.dissolved_on)
        found.append(_("“%(name)s” đã ghi thôi tồn tại từ %(other)s, không phải %(day)s.") % words)
    if body.successor_id not in (None, successor.pk):
        words["heir"] = body.successor.display_name
        found.append(_("“%(name)s” đã ghi cơ quan kế thừa khác: “%(heir)s”.") % words)
    if body.valid_from is not None and body.valid_from >= on:
        words["other"] = _day(body.valid_from)
        found.append(
            _("“%(name)s” có từ %(other)s nên không thể thôi tồn tại từ %(day)s: hãy chọn ngày sau.") % words
        )
    for earlier in body.predecessors.filter(dissolved_on__gte=on):
        words |= {"earlier": earlier.display_name, "other": _day(earlier.dissolved_on)}
        found.append(
            _(
                "“%(name)s” nhận việc của “%(earlier)s” từ %(other)s nên phải thôi tồn tại sau ngày đó, "
                "không phải từ %(day)s."
            )
            % words
        )
    return found


def _line_after(body) -> list:
    """The successors of a body, one after the other."""
    line, seen = [], {body.pk}
    while body.successor_id and body.successor_id not in seen:
        body = body.successor
        seen.add(body.pk)
        line.append(body)
    return line


@transaction.atomic
def succeed(successor, predecessors: list, on: datetime.date, *, document: str, user=None) -> list:
    """Record that `successor` takes over from `predecessors` on `on`; return those that this changed.

    Raises ValidationError with every problem at once. What is recorded already is left as it is.
    """
    model = type(successor)
    keys = [successor.pk, *(body.pk for body in predecessors)]
    locked = {body.pk: body for body in model.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    gone = [body.display_name for body in (successor, *predecessors) if body.pk not in locked]
    if gone:
        raise ValidationError(_("Cơ quan này đã bị xóa: %s.") % ", ".join(gone))
    successor, predecessors = locked[successor.pk], [locked[body.pk] for body in predecessors]
    if found := problems(successor, predecessors, on):
        raise ValidationError(found)
    changed = [body for body in predecessors if (body.dissolved_on, body.successor_id) != (on, successor.pk)]
    for body in changed:
        body.dissolved_on, body.successor = on, successor
        body._history_user, body._change_reason = user, reason_of(successor, on, document)
        body.save()
    return changed


def reason_of(successor, on: datetime.date, document: str) -> str:
    """What the history says of a change that a merger made."""
    words = {"day": _day(on), "to": successor.display_name, "document": document}
    if document:
        return _("Từ %(day)s “%(to)s” kế thừa, theo %(document)s") % words
    return _("Từ %(day)s “%(to)s” kế thừa") % words


def _day(on: datetime.date) -> str:
    return f"{on:%d/%m/%Y}"
