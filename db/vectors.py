"""Rows of tables `model` and `vector`: what each take sounds like to a network."""

import sqlite3
from collections.abc import Iterable, Iterator


def model_id(connection: sqlite3.Connection, name: str, dimensions: int) -> int:
    """The number of a model, remembered when it is new."""
    connection.execute(
        "insert or ignore into model (name, dimensions) values (?, ?)", (name, dimensions)
    )
    number: int = connection.execute("select id from model where name = ?", (name,)).fetchone()[0]
    return number


def put(connection: sqlite3.Connection, rows: Iterable[tuple[int, int, bytes]]) -> None:
    """Remember (take_id, model_id, float16 numbers)."""
    connection.executemany(
        "insert or replace into vector (take_id, model_id, numbers) values (?, ?, ?)", rows
    )


def models(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    """Every model with `vectors`, the number of its vectors; the one with most comes first."""
    return connection.execute(
        "select model.id, model.name, model.dimensions, count(vector.take_id) as vectors"
        " from model left join vector on vector.model_id = model.id"
        " group by model.id order by vectors desc, model.id desc"
    ).fetchall()


def after(
    connection: sqlite3.Connection, model: int, take_id: int
) -> Iterator[tuple[int, int, bytes]]:
    """(take_id, asset_id, numbers) of every take later than `take_id`, in the order of take_id."""
    return connection.execute(
        "select vector.take_id, take.asset_id, vector.numbers"
        " from vector join take on take.id = vector.take_id"
        " where vector.take_id > ? and vector.model_id = ? order by vector.take_id",
        (take_id, model),
    )


def of_asset(connection: sqlite3.Connection, asset_id: int) -> list[sqlite3.Row]:
    """`take_id`, `index`, `start_samples`, `end_samples`, `model_id`, `numbers` of its takes."""
    return connection.execute(
        'select take.id as take_id, take."index", take.start_samples, take.end_samples,'
        " vector.model_id, vector.numbers"
        " from take join vector on vector.take_id = take.id"
        ' where take.asset_id = ? order by take."index"',
        (asset_id,),
    ).fetchall()


def last_take_id(connection: sqlite3.Connection) -> int:
    """The highest take id that ever was; it tells whether an index of vectors is behind."""
    row = connection.execute("select seq from sqlite_sequence where name = 'take'").fetchone()
    return int(row[0]) if row else 0
