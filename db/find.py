"""Which assets hold these words and meet these conditions: the query, as SQL.

Of a condition only names in FIELDS, TAKE_FIELDS and facets reach the SQL text;
all values are bound.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence

from db import words
from db.conditions import Condition, Value, clause
from db.takes import FEATURES

FIELDS = {
    "id": "asset.id",
    "root": "asset.root",
    "path": "asset.path",
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
    "rating": "(select rating from mark where mark.asset_id = asset.id)",
    "takes": "(select count(*) from take where take.asset_id = asset.id)",
    "copies": "(select count(*) from asset as same where same.sound_hash = asset.sound_hash)",
    "collection": "(select group_concat(name) from collection join collected"
    " on collected.collection_id = collection.id where collected.asset_id = asset.id)",
    "used": "(select group_concat(distinct session) from used where used.asset_id = asset.id)",
}
TAKE_FIELDS = {f"take.{name}": f"take.{name}" for name in FEATURES}
LIKELY = "likely."  # before cat_id or a facet: else what is suggested most for it
_INDEXED = {"cat_id": "cat_id", "category": "category", "subcategory": "category"}
_FACET = re.compile(r"facet\.([a-z_]{1,40})")


def is_field(name: str) -> bool:
    """Whether a condition may name this field."""
    if name.startswith(LIKELY):
        name = name.removeprefix(LIKELY)
        return name == "cat_id" or _FACET.fullmatch(name) is not None
    return name in FIELDS or name in TAKE_FIELDS or _FACET.fullmatch(name) is not None


def ranked(
    connection: sqlite3.Connection,
    match: str,
    but: str | None,
    conditions: Sequence[Condition],
    most: int,
) -> list[tuple[int, float]]:
    """(row of the word index, BM25) of the `most` shortest rows that match, best first.

    Args:
        match: FTS5 expression.
        but: FTS5 expression of what must not match.
        most: where fewer match, the order is exact; of more, that of the shortest texts.
    """
    where, values = _where(match, but, conditions)
    rows = connection.execute(
        "select row, -score from (select words.rowid as row, words.rank as score"
        f" from {_source(match, conditions)} {where} limit ?) order by score, row",
        (*values, most),
    )
    return [(row[0], row[1]) for row in rows]


def named(match: str) -> str:
    """The expression, of names alone."""
    return f"{{name}} : ({match})"


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


def ids(
    connection: sqlite3.Connection,
    match: str | None,
    but: str | None,
    conditions: Sequence[Condition],
) -> list[int]:
    """The id of every asset that matches, in no order that means anything."""
    where, values = _where(match, but, conditions)
    number = "asset.id" if match is None else words.ASSET_ID
    rows = connection.execute(f"select {number} from {_source(match, conditions)} {where}", values)
    return [row[0] for row in rows]


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


def on_takes(conditions: Sequence[Condition]) -> list[Condition]:
    """Those that one take must meet, rather than the whole file."""
    return [condition for condition in conditions if condition.field in TAKE_FIELDS]


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
        match = " AND ".join((f"({match})", *_also_words(conditions)))
        clauses.append("words match ?")
        values.append(match if but is None else f"({match}) NOT ({but})")
    elif but is not None:
        clauses.append(f"asset.id not in (select {words.ASSET_ID} from words where words match ?)")
        values.append(but)
    on_assets = [condition for condition in conditions if condition.field not in TAKE_FIELDS]
    clauses += [clause(_expression(c.field), c, values) for c in on_assets]
    some = [clause(TAKE_FIELDS[c.field], c, values) for c in on_takes(conditions)]
    if some:
        # One and the same take must meet them all.
        clauses.append(
            f"exists (select 1 from take where take.asset_id = asset.id and {' and '.join(some)})"
        )
    return ("where " + " and ".join(clauses) if clauses else ""), values


def _also_words(conditions: Sequence[Condition]) -> Iterator[str]:
    """What the word index knows of conditions: more than they let pass, but quickly told."""
    for condition in conditions:
        column = "metadata" if _FACET.fullmatch(condition.field) else _INDEXED.get(condition.field)
        asked = [str(test.values[0]) for test in condition.tests if test.operator == "="]
        if column is None or condition.negated or len(asked) < len(condition.tests):
            continue
        if all(any(c.isalnum() for c in text) for text in asked):
            yield f"({{{column}}} : ({' OR '.join(map(words.quoted, asked))}))"


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
