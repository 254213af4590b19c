"""Rows of tables `model` and `vector`: what each take sounds like to a network.

A take may have a vector of each model, so that a new model is brought in beside the
old. `chief` is the one that searches use.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from db import state, takes

# vector id, take_id, asset_id, float16 numbers; then columns of takes that were asked for
Row = tuple[Any, ...]


def model_id(connection: sqlite3.Connection, name: str, dimensions: int) -> int:
    """The number of a model, remembered when it is new."""
    connection.execute(
        "insert or ignore into model (name, dimensions) values (?, ?)", (name, dimensions)
    )
    number: int = connection.execute("select id from model where name = ?", (name,)).fetchone()[0]
    return number


def model_id_of(connection: sqlite3.Connection, name: str) -> int:
    """The number of a model, or 0 for one that has made no vectors here."""
    row = connection.execute("select id from model where name = ?", (name,)).fetchone()
    return 0 if row is None else int(row[0])


def chief(connection: sqlite3.Connection) -> sqlite3.Row | None:
    """`id`, `name`, `dimensions` of the model that searches use; None before the first scan."""
    row: sqlite3.Row | None = connection.execute(
        "select model.* from model join state on state.value = model.name"
        " where state.name = 'model'"
    ).fetchone()
    return row


def make_chief(connection: sqlite3.Connection, name: str) -> None:
    """Let searches use this model, and forget what others made."""
    state.put(connection, "model", name)
    connection.execute(
        "delete from vector where model_id in (select id from model where name <> ?)", (name,)
    )
    connection.execute("delete from model where name <> ?", (name,))


def put(connection: sqlite3.Connection, rows: Iterable[tuple[int, int, bytes]]) -> None:
    """Remember (take_id, model_id, float16 numbers), each once."""
    connection.executemany(
        "insert or ignore into vector (take_id, model_id, numbers) values (?, ?, ?)", rows
    )


def after(
    connection: sqlite3.Connection,
    model: int,
    vector_id: int,
    limit: int | None = None,
    columns: Sequence[str] = (),
) -> Iterator[Row]:
    """The vectors of a model later than `vector_id`, in the order in which they were made.

    Args:
        columns: of takes.FEATURES, to be had as well.
    """
    assert set(columns) <= set(takes.FEATURES)
    more = "".join(f", take.{name}" for name in columns)
    return connection.execute(
        f"select vector.id, vector.take_id, take.asset_id, vector.numbers{more}"
        " from vector join take on take.id = vector.take_id"
        " where vector.model_id = ? and vector.id > ? order by vector.id limit ?",
        (model, vector_id, -1 if limit is None else limit),
    )


def of_asset(connection: sqlite3.Connection, asset_id: int, model: int) -> list[sqlite3.Row]:
    """`take_id`, `start_samples`, `end_samples`, `numbers` of an asset's takes, in order."""
    return connection.execute(
        "select take.id as take_id, take.start_samples, take.end_samples, vector.numbers"
        " from take join vector on vector.take_id = take.id"
        ' where take.asset_id = ? and vector.model_id = ? order by take."index"',
        (asset_id, model),
    ).fetchall()


def assets_without(connection: sqlite3.Connection, model: int) -> set[int]:
    """Assets with a take that this model has not heard."""
    rows = connection.execute(
        "select distinct asset_id from take where not exists"
        " (select 1 from vector where vector.take_id = take.id and vector.model_id = ?)",
        (model,),
    )
    return {row[0] for row in rows}


def count(connection: sqlite3.Connection, model: int) -> int:
    """How many vectors a model made."""
    number: int = connection.execute(
        "select count(*) from vector where model_id = ?", (model,)
    ).fetchone()[0]
    return number


def count_assets(connection: sqlite3.Connection, model: int) -> int:
    """How many assets have a vector of a model."""
    number: int = connection.execute(
        "select count(distinct asset_id) from vector join take on take.id = vector.take_id"
        " where vector.model_id = ?",
        (model,),
    ).fetchone()[0]
    return number


def spread(connection: sqlite3.Connection, model: int, limit: int) -> list[bytes]:
    """The numbers of at most `limit` vectors, spread over all of a model's."""
    step = -(-count(connection, model) // limit) or 1
    rows = connection.execute(
        "select numbers from vector where model_id = ? and id % ? = 0 limit ?",
        (model, step, limit),
    ).fetchall()
    return [row[0] for row in rows]


def in_batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows, `size` at a time."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch
