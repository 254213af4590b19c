"""Which assets hold these words and meet these conditions: the query, as SQL.

Of a condition only names in FIELDS, TAKE_FIELDS and facets reach the SQL text;
all values are bound.
"""

import re
import sqlite3
from collections.abc import Sequence

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
_FACET = re.compile(r"facet\.([a-z_]{1,40})")


def is_field(name: str) -> bool:
    """Whether a condition may name this field."""
    if name.startswith(LIKELY):
        name = name.removeprefix(LIKELY)
        return name == "cat_id" or _FACET.fullmatch(name) is not None
    return name in FIELDS or name in TAKE_FIELDS or _FACET.fullmatch(name) is not None


def best(
    connection: sqlite3.Connection,
    match: str | None,
    but: str | None,
    conditions: Sequence[Condition],
    limit: int,
    rank_most: int | None = None,
) -> list[tuple[int, float]]:
    """(asset id, score) of the best `limit`, highest score first.

    Args:
        match: FTS5 expression; None for every asset, in the order of their places.
        but: FTS5 expression of what must not match.
        rank_most: compare only so many, for a rank costs some microseconds a row: of those
            that match by name if there are `limit` such, else of all. Ids are hashes, so the
            first are as good as any.
    """
    if match is not None and rank_most is not None:
        by_name = _best_of_first(
            connection, f"{{name}} : ({match})", but, conditions, limit, rank_most
        )
        if len(by_name) >= limit:
            return by_name
        return _best_of_first(connection, match, but, conditions, limit, rank_most)
    where, values = _where(match, but, conditions)
    if match is None:
        rows = connection.execute(
            f"select asset.id, 0.0 from asset {where} order by asset.root, asset.path limit ?",
            (*values, limit),
        )
    elif not conditions:
        rows = connection.execute(
            f"select rowid, -rank from words {where} order by rank limit ?", (*values, limit)
        )
    else:
        rows = connection.execute(
            "select words.rowid, -words.rank from words join asset on asset.id = words.rowid"
            f" {where} order by words.rank limit ?",
            (*values, limit),
        )
    return [(row[0], row[1]) for row in rows]


def _best_of_first(
    connection: sqlite3.Connection,
    match: str,
    but: str | None,
    conditions: Sequence[Condition],
    limit: int,
    rank_most: int,
) -> list[tuple[int, float]]:
    where, values = _where(match, but, conditions)
    source = _source(match) if conditions else "words"
    rows = connection.execute(
        "select id, -score from (select words.rowid as id, words.rank as score"
        f" from {source} {where} limit ?) order by score limit ?",
        (*values, rank_most, limit),
    )
    return [(row[0], row[1]) for row in rows]


def ids(
    connection: sqlite3.Connection,
    match: str | None,
    but: str | None,
    conditions: Sequence[Condition],
) -> list[int]:
    """The id of every asset that matches, in no order that means anything."""
    where, values = _where(match, but, conditions)
    rows = connection.execute(f"select asset.id from {_source(match)} {where}", values)
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
    source = _source(match) if conditions else _source(match).split(" join ")[0]
    sql = f"select count(*) from {source} {where}"
    if most >= 0:
        sql = f"select count(*) from (select 1 from {source} {where} limit ?)"
        values.append(most)
    number: int = connection.execute(sql, values).fetchone()[0]
    return number


def on_takes(conditions: Sequence[Condition]) -> list[Condition]:
    """Those that one take must meet, rather than the whole file."""
    return [condition for condition in conditions if condition.field in TAKE_FIELDS]


def _source(match: str | None) -> str:
    return "asset" if match is None else "words join asset on asset.id = words.rowid"


def _where(
    match: str | None, but: str | None, conditions: Sequence[Condition]
) -> tuple[str, list[Value]]:
    clauses: list[str] = []
    values: list[Value] = []
    if match is not None:
        clauses.append("words match ?")
        values.append(match if but is None else f"({match}) NOT ({but})")
    elif but is not None:
        clauses.append("asset.id not in (select rowid from words where words match ?)")
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
