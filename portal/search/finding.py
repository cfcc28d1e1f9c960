"""Finds and ranks: the exact code or number first, then all words in the title, then words of the rest.

Equals stand in Vietnamese order. Counts stop at 1,000 and pages at 50: nobody reads the thousandth hit, and
what everybody may ask must cost the same however much is stored. Where more records hold the words in the
same part, the first CANDIDATES that the index yields stand for them.
"""

import heapq
from dataclasses import dataclass
from itertools import islice

from cooperation.models import JointPlan
from cooperation.text import search_fold
from portal.search.kinds import KINDS, Kind, Table

COUNT_LIMIT = 1_000
PAGE_SIZE = 20
LAST_PAGE = 50
CANDIDATES = COUNT_LIMIT + 1

EXACT, TITLE, REST = range(3)


@dataclass(frozen=True)
class Hit:
    kind: Kind
    table: Table
    record: object
    rank: int


def counts(query: str, plan: JointPlan | None) -> dict[str, int]:
    """Kind → how many records hold the words of the query; COUNT_LIMIT + 1 where there are more."""
    return {
        kind.key: min(sum(_count(table, query, plan) for table in kind.tables), COUNT_LIMIT + 1)
        for kind in KINDS
    }


def hits(query: str, plan: JointPlan | None, kinds: list[Kind], page: int) -> list[Hit]:
    """Return one page of the ranked records of these kinds, with what showing them needs."""
    end = page * PAGE_SIZE
    streams = [
        [(rank, key, order, pk, kind, table) for rank, key, pk in _ranked(table, query, plan, end)]
        for order, (kind, table) in enumerate((kind, table) for kind in kinds for table in kind.tables)
    ]
    best = list(islice(heapq.merge(*streams, key=lambda found: found[:4]), end - PAGE_SIZE, end))
    keys: dict[int, list[int]] = {}
    for _rank, _key, order, pk, _kind, _table in best:
        keys.setdefault(order, []).append(pk)
    tables = {order: table for _rank, _key, order, _pk, _kind, table in best}
    records = {
        order: tables[order].rows(plan).select_related(*tables[order].relations).in_bulk(pks)
        for order, pks in keys.items()
    }
    return [
        Hit(kind, table, records[order][pk], rank)
        for rank, _key, order, pk, kind, table in best
        if pk in records[order]
    ]


def _count(table: Table, query: str, plan: JointPlan | None) -> int:
    return table.rows(plan).search(query).order_by()[: COUNT_LIMIT + 1].count()


def _ranked(table: Table, query: str, plan: JointPlan | None, enough: int) -> list[tuple[int, str, int]]:
    """Return the first `enough` rows of (rank, order, primary key), in ranked order.

    Each rank is a question of its own to the index, and stops at what can be looked at: a word that stands in
    half of all records costs no more than another.
    """
    rows = table.rows(plan).order_by()
    questions = (
        (
            EXACT,
            rows.filter(search_text__number_words=query, search_text__contains=f"| {search_fold(query)} |"),
        ),
        (TITLE, rows.filter(search_text__title_words=query)),
        (REST, rows.search(query)),
    )
    found: dict[int, tuple[int, str, int]] = {}
    for rank, asked in questions:
        for pk, order in asked.values_list("pk", "sort_key")[:CANDIDATES]:
            found.setdefault(pk, (rank, order, pk))
        if len(found) >= enough:
            break
    return sorted(found.values())[:enough]
