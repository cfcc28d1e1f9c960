"""The index behind every search, and the lookups that use it: `search_text__words`, `…__title_words`.

A record is found by whole words; a word of three letters or more may also be the beginning of a longer one
(1 or 2 letters: "xã" is not "xây"). Words are folded to a-z and 0-9 first, so that nothing a reader types is
an operator of the database's own language. `text.search_text` says what is the title, and what the number.

SQLite: an FTS5 table a model, kept right by triggers, whatever writes the rows. PostgreSQL: a generated
column with an index, which needs no extension. `ensure()` runs after every `migrate`, because Django's
changes of a table drop triggers on SQLite; without an index the same rows are found by reading all.
"""

from django.apps import apps
from django.db import OperationalError, connections, models, transaction
from django.db.models import Lookup, TextField

from cooperation.text import search_fold

SHORT_WORD = 2
LONGEST_QUERY = 200
# PostgreSQL refuses a tsvector above 1 MB, and so would refuse to save the record.
_LONGEST_INDEXED = 200_000
# Databases and tables that were seen to have an index: it does not go away while we run.
_seen: set[tuple[str, str]] = set()


def words_of(query: str) -> list[str]:
    """Return the folded words of a query, each once."""
    return list(dict.fromkeys(search_fold(query[:LONGEST_QUERY]).split()))


def like_patterns(query: str) -> list[str]:
    """Return what " " + text + " " must be like to hold each word of the query."""
    return [f"% {word} %" if len(word) <= SHORT_WORD else f"% {word}%" for word in words_of(query)]


def searched_models() -> list[type[models.Model]]:
    """Every model whose records hold `search_text`, their histories aside."""
    return [
        model
        for model in apps.get_models()
        if not model.__name__.startswith("Historical")
        and any(field.name == "search_text" for field in model._meta.concrete_fields)
    ]


@TextField.register_lookup
class Words(Lookup):
    """Rows whose `search_text` holds every word of a query."""

    lookup_name = "words"
    prepare_rhs = False
    # Which part of the text: a column of SQLite's index, the letter before PostgreSQL's words, an expression.
    fts_column, letter, part = "", "w", "{column}"

    def as_sql(self, compiler, connection):
        """Read every row."""
        column, params = self.process_lhs(compiler, connection)
        patterns = like_patterns(self.rhs)
        part = self.part.format(column=column)
        like = " AND ".join([f"(' ' || {part} || ' ') LIKE %s"] * len(patterns)) or "1 = 0"
        times = len(patterns) * self.part.count("{column}")
        return f"({like})", [*(params * times), *patterns]

    def as_sqlite(self, compiler, connection):
        table = self.lhs.target.model._meta.db_table
        if not words_of(self.rhs) or not has_index(connection, table):
            return self.as_sql(compiler, connection)
        quote = connection.ops.quote_name
        alias = compiler.quote_name_unless_alias(self.lhs.alias)
        key = f"{alias}.{quote(self.lhs.target.model._meta.pk.column)}"
        index = quote(index_name(table))
        words = " AND ".join(
            f'{self.fts_column}"{word}"{"*" if len(word) > SHORT_WORD else ""}' for word in words_of(self.rhs)
        )
        return f"{key} IN (SELECT rowid FROM {index} WHERE {index} MATCH %s)", [words]  # noqa: S608 - our names

    def as_postgresql(self, compiler, connection):
        table = self.lhs.target.model._meta.db_table
        if not words_of(self.rhs) or not has_index(connection, table):
            return self.as_sql(compiler, connection)
        document = f"{compiler.quote_name_unless_alias(self.lhs.alias)}.{COLUMN}"
        words = " & ".join(
            f"{self.letter}{word}{':*' if len(word) > SHORT_WORD else ''}" for word in words_of(self.rhs)
        )
        return f"{document} @@ to_tsquery('simple'::regconfig, %s)", [words]


@TextField.register_lookup
class TitleWords(Words):
    """Rows that hold every word of a query in their title."""

    lookup_name = "title_words"
    fts_column, letter = "title : ", "t"

    def as_sql(self, compiler, connection):
        position = "strpos" if connection.vendor == "postgresql" else "instr"
        self.part = f"substr({{column}}, 1, {position}({{column}}, '|'))"
        return super().as_sql(compiler, connection)


@TextField.register_lookup
class NumberWords(Words):
    """Rows whose number holds every word of a query; without an index, rows that hold them anywhere."""

    lookup_name = "number_words"
    fts_column, letter = "number : ", "n"


COLUMN = "search_words"


def index_name(table: str) -> str:
    return f"{table}_words"


_TRIGGERS = {
    "added": "AFTER INSERT ON {table} BEGIN {put}; END",
    "removed": "AFTER DELETE ON {table} BEGIN {take}; END",
    "changed": (
        "AFTER UPDATE OF {key}, search_text ON {table} "
        "WHEN old.search_text <> new.search_text OR old.{key} <> new.{key} BEGIN {take}; {put}; END"
    ),
}


def has_index(connection, table: str) -> bool:
    """True where the database keeps the table's index right. Asked below Django: no page pays a query."""
    seen = (str(connection.settings_dict["NAME"]), table)
    if seen not in _seen:
        connection.ensure_connection()
        cursor = connection.connection.cursor()
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT count(*) FROM pg_attribute "
                "WHERE attrelid = to_regclass(%s) AND attname = %s AND NOT attisdropped",
                [connection.ops.quote_name(table), COLUMN],
            )
            wanted = 1
        else:
            cursor.execute(
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN (?, ?, ?)",
                [f"{index_name(table)}_{event}" for event in _TRIGGERS],
            )
            wanted = len(_TRIGGERS)
        (found,) = cursor.fetchone()
        cursor.close()
        if found != wanted:
            return False
        _seen.add(seen)
    return True


def ensure(using: str = "default", *, anew: bool = False) -> list[str]:
    """Make the index of every searched table that has none, or of all `anew`. Returns the tables' names."""
    connection = connections[using]
    make = {"sqlite": _make_on_sqlite, "postgresql": _make_on_postgresql}.get(connection.vendor)
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
    made = []
    for model in searched_models() if make else ():
        table = model._meta.db_table
        _seen.discard((str(connection.settings_dict["NAME"]), table))
        if table not in present or (has_index(connection, table) and not anew):
            continue
        # Readers see the old index or the new one, never none.
        with transaction.atomic(using), connection.cursor() as cursor:
            if make(connection, cursor, model):
                made.append(table)
    return made


def _parts(text: str) -> str:
    """SQL of title, number and rest; a text from before there were parts is all rest."""
    tail = f"substr({text}, instr({text}, '|') + 1)"
    return (
        f"substr({text}, 1, instr({text}, '|')), substr({tail}, 1, instr({tail}, '|')), "
        f"substr({tail}, instr({tail}, '|') + 1)"
    )


def _make_on_sqlite(connection, cursor, model) -> bool:
    """Without content of its own and without positions: a third of the size, and quicker to write."""
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    name = index_name(model._meta.db_table)
    index = quote(name)
    for event in _TRIGGERS:
        cursor.execute(f"DROP TRIGGER IF EXISTS {quote(f'{name}_{event}')}")
    try:
        cursor.execute(f"DROP TABLE IF EXISTS {index}")
        cursor.execute(
            f"CREATE VIRTUAL TABLE {index} USING fts5(title, number, rest, "
            "content='', detail=column, columnsize=0, tokenize='ascii')"
        )
    except OperationalError as fault:
        if "no such module" in str(fault):
            return False
        raise
    columns = f"{index} (rowid, title, number, rest)"
    cursor.execute(f"INSERT INTO {columns} SELECT {key}, {_parts('search_text')} FROM {table}")  # noqa: S608
    parts = {
        "table": table,
        "key": key,
        "put": f"INSERT INTO {columns} VALUES (new.{key}, {_parts('new.search_text')})",  # noqa: S608
        "take": f"INSERT INTO {index} ({index}, rowid, title, number, rest) "  # noqa: S608
        f"VALUES ('delete', old.{key}, {_parts('old.search_text')})",
    }
    for event, body in _TRIGGERS.items():
        cursor.execute(f"CREATE TRIGGER {quote(f'{name}_{event}')} {body.format(**parts)}")
    return True


def _make_on_postgresql(connection, cursor, model) -> bool:
    quote = connection.ops.quote_name
    table, index = quote(model._meta.db_table), quote(index_name(model._meta.db_table))
    text = f"left(search_text, {_LONGEST_INDEXED})"
    # Every word with the letter of its part before it: the index alone tells a word of the title from others,
    # and "1e5x" is one word and not a number and a letter.
    parts = [
        f"'{letter}' || replace(trim({part}), ' ', ' {letter}')"
        for letter, part in (
            ("w", text),
            ("t", f"split_part({text}, '|', 1)"),
            ("n", f"split_part({text}, '|', 2)"),
        )
    ]
    document = f"to_tsvector('simple'::regconfig, {' || chr(32) || '.join(parts)})"
    cursor.execute(f"ALTER TABLE {table} DROP COLUMN IF EXISTS {COLUMN}")
    cursor.execute(
        f"ALTER TABLE {table} ADD COLUMN {COLUMN} tsvector GENERATED ALWAYS AS ({document}) STORED"
    )
    cursor.execute(f"CREATE INDEX {index} ON {table} USING gin ({COLUMN})")
    return True


def ensure_after_migrate(using: str, **_kwargs) -> None:
    """What `post_migrate` calls."""
    ensure(using)
