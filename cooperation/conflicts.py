"""Two people save one record: the second is told, sees both versions, and neither text is lost.

The form carries the version that it was filled from. Where the stored one is newer, the three are compared
field by field: what only the other person changed is taken over, what both changed keeps the writer's text
with the other one beside it, and nothing is stored until the form is sent again.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django import forms
from django.db import models
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _


@dataclass
class Conflict:
    """What the page says: who saved what meanwhile. `both` and `theirs`: (label, stored, written) as text."""

    who: str
    when: str
    reason: str
    both: list[tuple[str, str, str]] = field(default_factory=list)
    theirs: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        told = _("Trong lúc bạn sửa, %(who)s đã lưu bản mới lúc %(when)s nên chưa ghi gì.") % {
            "who": self.who,
            "when": self.when,
        }
        return told + " " + _("Chữ của bạn còn nguyên: hãy xem cả hai bản rồi lưu lại.")


def find_conflict(form: forms.ModelForm, sent_version: int | None) -> Conflict | None:
    """Compare a form with its stored record; None where the form was filled from the stored version.

    `form.instance` must be as stored (before the form's values are put into it) and its row locked.
    Takes over into `form.data` what only the other person changed.
    """
    stored = form.instance
    if stored._state.adding or sent_version == stored.version:
        return None
    base = stored.history.filter(version=sent_version).order_by("history_id").last() if sent_version else None
    conflict = _told_by_history(stored)
    form.data = form.data.copy()
    for name, form_field in form.fields.items():
        column = _column(stored, name)
        if column is None:
            continue
        theirs, mine = model_to_dict(stored, [name])[name], form.cleaned_data.get(name)
        if _key(theirs) == _key(mine):
            continue
        started = getattr(base, column.attname) if base and not column.many_to_many else theirs
        if _key(started) == _key(theirs) and not column.many_to_many:
            continue  # only the writer changed it
        row = (str(column.verbose_name), _shown(column, theirs), _shown(column, mine))
        if base and _key(started) == _key(mine):
            conflict.theirs.append(row)
            _take_over(form, name, form_field, theirs)
        else:
            conflict.both.append(row)
    form.data[form.add_prefix("form_version")] = str(stored.version)
    return conflict


def _told_by_history(stored) -> Conflict:
    newest = stored.history.select_related("history_user").order_by("history_id").last()
    if newest is None:
        return Conflict(_("người khác"), "", "")
    return Conflict(
        str(newest.history_user or _("hệ thống")),
        date_format(timezone.localtime(newest.history_date), "H:i d/m/Y"),
        newest.history_change_reason or "",
    )


def _column(stored, name: str):
    """The model's field of that name, or None for what only the form has, and for files."""
    found = next((f for f in (*stored._meta.fields, *stored._meta.many_to_many) if f.name == name), None)
    return None if isinstance(found, models.FileField) else found


def _key(value):
    """One form for values that mean the same, whichever of database, form or history they come from."""
    if value is None or value == "":
        return ""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, models.QuerySet | list | tuple | set):
        return frozenset(_key(one) if not isinstance(one, dict) else str(one) for one in value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return Decimal(str(value))
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _shown(column, value) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if column.many_to_many or isinstance(value, models.QuerySet):
        return "; ".join(str(one) for one in value) or "–"
    if column.is_relation:
        related = column.related_model._base_manager.filter(pk=_key(value)).first()
        return str(related or value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return localize(value) if not isinstance(value, str) else value


def _take_over(form, name: str, form_field, value) -> None:
    """Write a stored value into the form's data, as its widget would have sent it."""
    key = form.add_prefix(name)
    if isinstance(form_field.widget, forms.CheckboxInput):
        form.data.pop(key, None)
        if value:
            form.data[key] = "on"
        return
    shown = form_field.widget.format_value(form_field.prepare_value(value))
    if isinstance(shown, list | tuple):
        form.data.setlist(key, [str(one) for one in shown])
    else:
        form.data[key] = "" if shown is None else str(shown)
