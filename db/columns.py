"""What filters ask of assets most, column by column, to be told for all assets at once.

What these columns hold of an asset changes only together with its row of the word index.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from db.conditions import Condition, Value, clause
from db.find import FIELDS, TAKE_FIELDS

# Few different values, which are numbered; SQLite tells which of them pass.
CODED = (
    "sample_rate_hz", "channels", "bits", "format", "cat_id", "category", "subcategory",
    "licence", "creator_id", "source_id", "facets",
)  # fmt: skip
NUMBERS = ("duration_s", "loudness_lufs", "true_peak_dbtp")
TAKE_NUMBERS = ("pitch_hz", "centroid_hz", "pace_per_min", "loopability")  # of each take
TAKES = "takes"  # how many an asset has
_AT_ONCE = 30_000  # SQLite takes at most about this many values in one statement
_FACET = re.compile(r"facet\.([a-z_]{1,40})")


def column_of(field: str) -> str | None:
    """Which of these columns answers for a condition's field; None: it must be asked in SQL."""
    if _FACET.fullmatch(field):
        return "facets"
    if field in TAKE_FIELDS:
        name = field.removeprefix("take.")
        return name if name in TAKE_NUMBERS else None
    return field if field in (*CODED, *NUMBERS, TAKES) else None


def every(
    connection: sqlite3.Connection, of: Sequence[int] | None = None
) -> Iterator[tuple[Any, ...]]:
    """Asset id, then CODED and NUMBERS, of all assets or of those that are there of some."""
    fields = [FIELDS.get(name, f"asset.{name}") for name in (*CODED, *NUMBERS)]
    select = f"select asset.id, {', '.join(fields)} from asset"
    yield from _of_some(connection, select, "id", of)


def every_take(
    connection: sqlite3.Connection, of: Sequence[int] | None = None
) -> Iterator[tuple[Any, ...]]:
    """Asset id, then TAKE_NUMBERS, of every take, or of those of some assets."""
    select = f"select asset_id, {', '.join(TAKE_NUMBERS)} from take"
    yield from _of_some(connection, select, "asset_id", of)


def _of_some(
    connection: sqlite3.Connection, select: str, column: str, of: Sequence[int] | None
) -> Iterator[tuple[Any, ...]]:
    """Rows as plain tuples: all, or those whose asset id is one of some."""
    cursor = connection.cursor()
    cursor.row_factory = None
    if of is None:
        yield from cursor.execute(select)
        return
    for start in range(0, len(of), _AT_ONCE):
        some = of[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        yield from cursor.execute(f"{select} where {column} in ({marks})", some)


def in_order_of_place(connection: sqlite3.Connection) -> Iterator[tuple[int]]:
    """The id of each asset, by root and path."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute("select id from asset order by root, path")


def passing(
    connection: sqlite3.Connection, condition: Condition, values: Sequence[Value | None]
) -> list[int]:
    """Places of the values of a coded column that meet a condition on it."""
    facet = _FACET.fullmatch(condition.field)
    bound: list[Value] = [json.dumps(values)]
    where = clause(f"(value ->> '$.{facet[1]}')" if facet else "value", condition, bound)
    return [
        row[0] for row in connection.execute(f"select key from json_each(?) where {where}", bound)
    ]
