"""The kinds of sheet that can be brought in; settings.PORTAL_IMPORT_KINDS names them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from cooperation.importing.columns import Column

if TYPE_CHECKING:
    from cooperation.importing.rows import RowBuilder


@dataclass(frozen=True)
class Side:
    """One of several parties whose columns repeat; `names` stand above them in a two-row header."""

    name: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """A table of columns and a builder of rows: all that a new kind of sheet needs.

    `by_place` are words that, followed by a province's name, head the columns of a side: the first such
    header is the first side's ("Doanh nghiệp Long An"), and the province is that side's. `ignored` are
    headers of columns that an export has and a sheet may not set. `owner` is the column of the agency that
    a new record belongs to: always the user's own. `refresh` is told the keys of changed records whose
    names others have stored.
    """

    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    builder: type["RowBuilder"]
    title: str
    sheet_name: str
    sides: tuple[Side, ...] = ()
    by_place: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    owner: str = ""
    refresh: Callable[[list[int]], None] | None = None
    by_field: dict[str, Column] = field(init=False, repr=False)

    def __post_init__(self):
        object.__setattr__(self, "by_field", {column.field: column for column in self.columns})

    @property
    def permission(self) -> str:
        """The right to bring in sheets of this kind."""
        return f"{self.model._meta.app_label}.import_{self.model._meta.model_name}"

    def label(self, name: str) -> str:
        """A field as the clerk knows it: the canonical header, else the model's word."""
        column = self.by_field.get(name) or self.by_field.get(name.removesuffix("_id"))
        return column.header if column else str(self.model._meta.get_field(name).verbose_name)


@cache
def kind_named(name: str) -> Kind:
    """Return the kind. Raises KeyError where there is none of that name."""
    return import_string(settings.PORTAL_IMPORT_KINDS[name])


def all_kinds() -> list[Kind]:
    return [kind_named(name) for name in settings.PORTAL_IMPORT_KINDS]


def importable_plans(kind: Kind, user, plans):
    """The plans among `plans` that `user` may bring records of this kind into."""
    return plans.written_by(user) if user.has_perm(kind.permission) else plans.none()
