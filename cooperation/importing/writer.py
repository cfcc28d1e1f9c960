"""Many rows in one statement: COPY on PostgreSQL, executemany on SQLite, in the caller's transaction.

The ORM's bulk_create costs more than all checks of an import together, and an import writes every record
twice: once as it is, once in its history. Values are those that model fields hold; derived columns, history
and whatever signals would do are the caller's business.
"""

import io
import json
import re
from collections.abc import Callable
from functools import lru_cache

from django.db import connection, models
from django.utils import timezone

from cooperation.importing.stored import chunks

_TO_ESCAPE = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def allocate(model: type[models.Model], count: int) -> list[int]:
    """Return `count` primary keys that nobody else will get."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [f'"{table}"', count],
            )
            return [key for (key,) in cursor.fetchall()]
        # The transaction holds SQLite's only write lock, so the sequence cannot move.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone() or (0,)
    return list(range(last + 1, last + 1 + count))


def insert(model: type[models.Model], rows: list[dict]) -> None:
    """Insert rows, attname → value with the same names in each; what a row leaves out has the default."""
    if not rows:
        return
    fields = [f for f in model._meta.concrete_fields if not (f.primary_key and f.attname not in rows[0])]
    names = [f.attname for f in fields]
    columns = ", ".join(connection.ops.quote_name(f.column) for f in fields)
    defaults = {f.attname: f.get_default() for f in fields if f.attname not in rows[0]}
    values = ([defaults[name] if name in defaults else row[name] for name in names] for row in rows)
    _put(model._meta.db_table, columns, fields, values)


def update(model: type[models.Model], rows: list[dict], names: list[str]) -> None:
    """Set the columns `names` of stored rows, each row with its `id`."""
    if not rows or not names:
        return
    quote = connection.ops.quote_name
    fields = [model._meta.get_field(name) for name in names]
    key = model._meta.pk
    values = ([*(row[f.attname] for f in fields), row["id"]] for row in rows)
    table = quote(model._meta.db_table)
    if connection.vendor != "postgresql":
        sets = ", ".join(f"{quote(f.column)} = %s" for f in fields)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {table} SET {sets} WHERE {quote(key.column)} = %s",  # noqa: S608 - names of ours
                _for_sqlite([*fields, key], values),
            )
        return
    columns = ", ".join(quote(f.column) for f in [*fields, key])
    sets = ", ".join(f"{quote(f.column)} = incoming.{quote(f.column)}" for f in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA"  # noqa: S608
        )
        _put("incoming", columns, [*fields, key], values)
        cursor.execute(
            f"UPDATE {table} SET {sets} FROM incoming WHERE {table}.{quote(key.column)} = incoming.{quote(key.column)}"  # noqa: S608,E501
        )
        cursor.execute("DROP TABLE incoming")


def delete(model: type[models.Model], keys: list[int]) -> None:
    """Delete rows and what links them to others. Raises IntegrityError where something else needs them."""
    links = [(field.remote_field.through, field.m2m_column_name()) for field in model._meta.many_to_many]
    targets = [*((through._meta.db_table, column) for through, column in links), (model._meta.db_table, "id")]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for chunk in chunks(keys):
            marks = ", ".join(["%s"] * len(chunk))
            for table, column in targets:
                cursor.execute(f"DELETE FROM {quote(table)} WHERE {quote(column)} IN ({marks})", chunk)  # noqa: S608


def keep_history(model: type[models.Model], rows: list[dict], kind: str, *, user, reason: str) -> None:
    """Write one history entry for every whole row; `kind` is "+", "~" or "-"."""
    entry = {
        "history_date": timezone.now(),
        "history_change_reason": reason,
        "history_type": kind,
        "history_user_id": user.pk if user else None,
    }
    insert(model.history.model, [{**row, **entry} for row in rows])


def _put(table: str, columns: str, fields: list[models.Field], rows) -> None:
    table = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            buffer = io.StringIO()
            buffer.writelines(_for_copy(fields, rows))
            buffer.seek(0)
            with connection.wrap_database_errors:  # what Django's cursor does for the methods it knows
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", buffer)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - names of ours
                _for_sqlite(fields, rows),
            )


def _for_sqlite(fields: list[models.Field], rows):
    return _adapted(_converters(fields, _SQLITE), rows)


def _for_copy(fields: list[models.Field], rows):
    for row in _adapted(_converters(fields, _COPY), rows):
        yield "\t".join([_copy_text(value) for value in row]) + "\n"


def _adapted(converters: list[tuple[int, Callable]], rows):
    for row in rows:
        for position, convert in converters:
            if row[position] is not None:
                row[position] = convert(row[position])
        yield row


def _converters(fields: list[models.Field], table: dict) -> list[tuple[int, Callable]]:
    """Position → what turns a value into what the database takes, for columns that need it."""
    found = []
    for position, field in enumerate(fields):
        convert = next((table[kind] for kind in type(field).__mro__ if kind in table), None)
        if convert is not None:
            found.append((position, convert(field)))
    return found


def _decimal(field: models.DecimalField) -> Callable:
    return lambda value: f"{value:.{field.decimal_places}f}"


def _json(field: models.JSONField) -> Callable:
    return lambda value: json.dumps(value, ensure_ascii=False)


def _date(field: models.DateField) -> Callable:
    return lambda value: value.isoformat()


def _moment(field: models.DateTimeField) -> Callable:
    """The rows of one commit share their moment: adapt it once."""
    return lru_cache(maxsize=8)(lambda value: field.get_db_prep_save(value, connection))


def _truth(field: models.BooleanField) -> Callable:
    return int


def _hex(field: models.UUIDField) -> Callable:
    return lambda value: value.hex


_SQLITE = {
    models.DecimalField: _decimal,
    models.JSONField: _json,
    models.DateTimeField: _moment,
    models.DateField: _date,
    models.BooleanField: _truth,
    models.UUIDField: _hex,
}
_COPY = {
    models.JSONField: _json,
    models.DateTimeField: _date,
    models.DateField: _date,
}


def _copy_text(value) -> str:
    if value is None:
        return "\\N"
    value = str(value)
    return value.translate(_ESCAPES) if _TO_ESCAPE.search(value) else value
