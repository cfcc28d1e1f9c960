"""Stored records as plain dicts, fetched by key in chunks: no instance for every row."""

from collections.abc import Iterable, Iterator

from django.db import connection, models

# SQLite takes 999 parameters in a query; PostgreSQL far more.
_SMALL, _LARGE = 900, 5_000


def chunks(values: Iterable, size: int | None = None) -> Iterator[list]:
    """Lists of as many values as one query may name."""
    values = list(values)
    size = size or (_SMALL if connection.vendor == "sqlite" else _LARGE)
    return (values[start : start + size] for start in range(0, len(values), size))


def stored_rows(model: type[models.Model], fixed: dict, field: str, keys: Iterable) -> Iterator[dict]:
    """attname → value of every record whose `field` is one of `keys`; queries grow with the chunks."""
    names = [column.attname for column in model._meta.concrete_fields]
    for chunk in chunks(key for key in keys if key not in ("", None)):
        rows = model._default_manager.filter(**fixed, **{f"{field}__in": chunk}).order_by("pk")
        for values in rows.values_list(*names):
            yield dict(zip(names, values, strict=True))
