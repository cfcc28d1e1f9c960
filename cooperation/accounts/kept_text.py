"""The page that a form gets which was sent after the session had ended: its text, to copy."""

import re
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.http import urlencode
from django.utils.text import capfirst

_SECRET = re.compile(r"password|mat_khau|csrf|ma_xac_thuc", re.IGNORECASE)
_MACHINERY = re.compile(r"_|action$|select_across$|index$|version$|initial-|.*-(id|[A-Z]+_FORMS)$")
_INLINE = re.compile(r"(?P<prefix>.+)-\d+-(?P<name>\w+)$")
_LONG = 60


class Kept(NamedTuple):
    label: str
    value: str
    long: bool


def kept_text_page(request, why: str, gate: str = ""):
    """Answer 403 with what was posted, or None where there is nothing to keep.

    `gate` is where the way goes on, the page of signing in where nothing is said.
    """
    kept = _kept(request)
    if not kept:
        return None
    gate = f"{gate or resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"
    context = {"why": why, "kept": kept, "gate": gate, "files": bool(request.FILES)}
    response = render(request, "cooperation/accounts/kept_text.html", context, status=403)
    response["Cache-Control"] = "no-store"
    return response


def _kept(request) -> list[Kept]:
    model = _model_of(request)
    kept = []
    for name, values in request.POST.lists():
        if _SECRET.search(name) or _MACHINERY.match(name):
            continue
        field = _field(model, name)
        if field is not None and field.is_relation:
            continue
        label = capfirst(field.verbose_name) if field is not None else name
        kept += [Kept(label, value, len(value) > _LONG or "\n" in value) for value in values if value.strip()]
    return kept


def _model_of(request) -> type[Model] | None:
    """The model that an admin form is about: its fields have names that people know."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return None
    return getattr(getattr(view, "model_admin", None), "model", None)


def _field(model, name):
    """The model's field of that name; of an inline's model where the name is of an inline's row."""
    if model is None:
        return None
    inline = _INLINE.match(name)
    if inline:
        relations = {relation.get_accessor_name(): relation for relation in model._meta.related_objects}
        relation = relations.get(inline["prefix"])
        if relation is None:
            return None
        model, name = relation.related_model, inline["name"]
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
