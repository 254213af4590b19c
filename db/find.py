"""Which assets hold these words and meet these conditions: the query, as SQL.

Of a condition only names in FIELDS, TAKE_FIELDS and facets reach the SQL text;
all values are bound.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace

from db import words
from db.conditions import Condition, Value, clause
from db.takes import FEATURES

FIELDS = {
    "id": "asset.id",
    "root": "asset.root",
    "path": "asset.path",
    "place": "('/' || asset.root || '/' || asset.path)",  # as it is shown
    "format": "asset.format",
    "sample_rate_hz": "asset.sample_rate_hz",
    "channels": "asset.channels",
    "bits": "asset.bits",
    "duration_s": "(asset.duration_samples * 1.0 / asset.sample_rate_hz)",
    "loudness_lufs": "asset.loudness_lufs",
    "true_peak_dbtp": "asset.true_peak_dbtp",
    "cat_id": "asset.cat_id",
    "category": "asset.category",
    "subcategory": "asset.subcategory",
    "fx_name": "asset.fx_name",
    "description": "asset.description",
    "keywords": "asset.keywords",
    "licence": "asset.licence",
    "creator_id": "asset.creator_id",
    "source_id": "asset.source_id",
    "takes": "(select count(*) from take where take.asset_id = asset.id)",
    "copies": "(select count(*) from asset as same where same.sound_hash = asset.sound_hash)",
}
# What is said of few assets, in tables of its own: (what is tested, who says it of which).
SAID_OF = {
    "rating": ("mark.rating", "mark"),
    "note": ("mark.note", "mark"),
    "collection": (
        "collection.name",
        "collected join collection on collection.id = collected.collection_id",
    ),
    "used": ("used.session", "used"),
}
TAKE_FIELDS = {f"take.{name}": f"take.{name}" for name in FEATURES}
LIKELY = "likely."  # before cat_id or a facet: else what is suggested most for it
_INDEXED = {"cat_id": "cat_id", "category": "category", "subcategory": "category"}
_QUICK = {*SAID_OF, "id"}  # have an index, and are not in db.columns
_FEW = 20_000
_FACET = re.compile(r"facet\.([a-z_]{1,40})")


def is_field(name: str) -> bool:
    """Whether a condition may name this field."""
    if name.startswith(LIKELY):
        name = name.removeprefix(LIKELY)
        return name == "cat_id" or _FACET.fullmatch(name) is not None
    return (
        name in FIELDS
        or name in SAID_OF
        or name in TAKE_FIELDS
        or _FACET.fullmatch(name) is not None
    )


def ranked(
    connection: sqlite3.Connection,
    match: str,
    but: str | None,
    conditions: Sequence[Condition],
) -> list[tuple[int, float]]:
    """(row of the word index, BM25) of all rows that match, best first.

    Args:
        match: FTS5 expression; some microseconds for each row that matches it.
        but: FTS5 expression of what must not match.
    """
    where, values = _where(match, but, conditions)
    rows = connection.execute(
        f"select words.rowid, -words.rank from {_source(match, conditions)} {where}", values
    )
    return sorted(((row[0], row[1]) for row in rows), key=lambda row: (-row[1], row[0]))


def by_place(
    connection: sqlite3.Connection,
    but: str | None,
    conditions: Sequence[Condition],
    limit: int,
) -> list[int]:
    """The first `limit` assets that meet the conditions, in the order of their places."""
    where, values = _where(None, but, conditions)
    rows = connection.execute(
        f"select asset.id from asset {where} order by asset.root, asset.path limit ?",
        (*values, limit),
    )
    return [row[0] for row in rows]


def in_order_of_place(
    connection: sqlite3.Connection, asset_ids: Sequence[int], limit: int
) -> list[int]:
    """The first `limit` of some assets."""
    first: list[tuple[str, str, int]] = []
    for start in range(0, len(asset_ids), _FEW):
        some = asset_ids[start : start + _FEW]
        rows = connection.execute(
            f"select root, path, id from asset where id in ({', '.join('?' * len(some))})"
            " order by root, path limit ?",
            (*some, limit),
        )
        first += [tuple(row) for row in rows]
    return [row[2] for row in sorted(first)[:limit]]


def ids(
    connection: sqlite3.Connection,
    match: str | None,
    but: str | None,
    conditions: Sequence[Condition],
) -> list[int]:
    """The id of every asset that matches, in no order that means anything."""
    where, values = _where(match, but, conditions)
    number = "asset.id" if match is None else words.ASSET_ID
    # As one text: a row each would take four times as long.
    row = connection.execute(
        f"select group_concat({number}) from {_source(match, conditions)} {where}", values
    ).fetchone()
    return list(map(int, row[0].split(","))) if row[0] else []


def meeting(
    connection: sqlite3.Connection, asset_ids: Sequence[int], conditions: Sequence[Condition]
) -> list[int]:
    """Those of some assets that meet the conditions."""
    met: list[int] = []
    for start in range(0, len(asset_ids), _FEW):
        some = asset_ids[start : start + _FEW]
        where, values = _where(None, None, conditions)
        among = f"asset.id in ({', '.join('?' * len(some))})"
        where = f"{where} and {among}" if where else f"where {among}"
        rows = connection.execute(f"select asset.id from asset {where}", (*values, *some))
        met += [row[0] for row in rows]
    return met


def count(
    connection: sqlite3.Connection,
    match: str | None,
    but: str | None,
    conditions: Sequence[Condition],
    most: int = -1,
) -> int:
    """How many assets match; with `most`, counting stops there."""
    where, values = _where(match, but, conditions)
    source = _source(match, conditions)
    sql = f"select count(*) from {source} {where}"
    if most >= 0:
        sql = f"select count(*) from (select 1 from {source} {where} limit ?)"
        values.append(most)
    number: int = connection.execute(sql, values).fetchone()[0]
    return number


def values(
    connection: sqlite3.Connection, asset_ids: Sequence[int], conditions: Sequence[Condition]
) -> dict[int, dict[str, Value | None]]:
    """What assets have in the fields of conditions that are not on takes: by id, then field."""
    fields = list(dict.fromkeys(c.field for c in conditions if c.field not in TAKE_FIELDS))
    columns = [
        f"(select group_concat({SAID_OF[field][0]}) from {SAID_OF[field][1]}"
        " where asset_id = asset.id)"
        if field in SAID_OF
        else _expression(field)
        for field in fields
    ]
    rows = connection.execute(
        f"select {', '.join(['asset.id', *columns])} from asset"
        f" where asset.id in ({', '.join('?' * len(asset_ids))})",
        asset_ids,
    )
    return {row[0]: dict(zip(fields, tuple(row)[1:], strict=True)) for row in rows}


def on_takes(conditions: Sequence[Condition]) -> list[Condition]:
    """Those that one take must meet, rather than the whole file."""
    return [condition for condition in conditions if condition.field in TAKE_FIELDS]


def few_meet(connection: sqlite3.Connection, conditions: Sequence[Condition]) -> bool:
    """Whether conditions leave so few assets, and tell them so quickly, that they come first."""
    quick = [c for c in conditions if c.field in _QUICK and not c.negated]
    return bool(quick) and count(connection, None, None, quick, _FEW) < _FEW


def _source(match: str | None, conditions: Sequence[Condition]) -> str:
    if match is None:
        return "asset"
    # The words first, in their order, so that a limit ends the search.
    return f"words cross join asset on asset.id = {words.ASSET_ID}" if conditions else "words"


def _where(
    match: str | None, but: str | None, conditions: Sequence[Condition]
) -> tuple[str, list[Value]]:
    clauses: list[str] = []
    values: list[Value] = []
    if match is not None:
        match = " AND ".join(f"({m})" for m in (match, *map(" OR ".join, also_words(conditions))))
        clauses.append("words match ?")
        values.append(match if but is None else f"({match}) NOT ({but})")
    elif but is not None:
        clauses.append(f"asset.id not in (select {words.ASSET_ID} from words where words match ?)")
        values.append(but)
    on_assets = [condition for condition in conditions if condition.field not in TAKE_FIELDS]
    clauses += [_on_asset(c, values) for c in on_assets]
    some = [clause(TAKE_FIELDS[c.field], c, values) for c in on_takes(conditions)]
    if some:
        # One and the same take must meet them all.
        clauses.append(
            f"exists (select 1 from take where take.asset_id = asset.id and {' and '.join(some)})"
        )
    return ("where " + " and ".join(clauses) if clauses else ""), values


def _on_asset(condition: Condition, values: list[Value]) -> str:
    if condition.field not in SAID_OF:
        return clause(_expression(condition.field), condition, values)
    tested, source = SAID_OF[condition.field]
    passes = clause(tested, replace(condition, negated=False), values)
    way = "not in" if condition.negated else "in"
    return f"asset.id {way} (select asset_id from {source} where {passes})"


def also_words(conditions: Sequence[Condition]) -> Iterator[list[str]]:
    """What the word index knows of conditions: more than they let pass, but quickly told.

    Of each condition FTS5 expressions, one of which must match.
    """
    for condition in conditions:
        column = "metadata" if _FACET.fullmatch(condition.field) else _INDEXED.get(condition.field)
        asked = [str(test.values[0]) for test in condition.tests if test.operator == "="]
        if column is None or condition.negated or len(asked) < len(condition.tests):
            continue
        if all(any(c.isalnum() for c in text) for text in asked):
            yield [f"{column} : {words.quoted(text)}" for text in asked]


def _expression(field: str) -> str:
    if field.startswith(LIKELY):
        known = field.removeprefix(LIKELY)
        return (
            f"coalesce({_expression(known)}, (select value from suggestion"
            f" where suggestion.asset_id = asset.id and field = '{known.removeprefix('facet.')}'"
            " order by probability desc limit 1))"
        )
    facet = _FACET.fullmatch(field)
    if facet:
        return f"(asset.facets ->> '$.{facet[1]}')"
    return FIELDS[field]
