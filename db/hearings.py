"""Rows of table `hearing`: what networks heard in each take, whole."""

import json
import sqlite3
from collections.abc import Iterable, Iterator


def put(connection: sqlite3.Connection, rows: Iterable[tuple[int, str, bytes]]) -> None:
    """Remember (take_id, networks, numbers), in place of what a take had."""
    connection.executemany(
        "insert or replace into hearing (take_id, networks, numbers) values (?, ?, ?)", rows
    )


def without_vector(
    connection: sqlite3.Connection, networks: str, model: int, limit: int
) -> list[tuple[int, bytes]]:
    """(take_id, numbers) of takes that these networks heard and that have no vector of a model."""
    rows: list[tuple[int, bytes]] = connection.execute(
        "select take_id, numbers from hearing where networks = ? and not exists (select 1"
        " from vector where vector.take_id = hearing.take_id and vector.model_id = ?) limit ?",
        (networks, model, limit),
    ).fetchall()
    return rows


def of_takes(connection: sqlite3.Connection, take_ids: Iterable[int]) -> dict[int, bytes]:
    """The numbers of those takes that have any, by take id."""
    some = list(take_ids)
    marks = ", ".join("?" * len(some))
    rows = connection.execute(
        f"select take_id, numbers from hearing where take_id in ({marks})", some
    )
    return {row[0]: row[1] for row in rows}


def parts_of_takes(
    connection: sqlite3.Connection, take_ids: Iterable[int], start: int, n_bytes: int
) -> dict[int, bytes]:
    """So many bytes from `start` of the numbers of those takes that have any, by take id."""
    rows = connection.execute(
        "select take_id, substr(numbers, ?, ?) from hearing"
        " where take_id in (select value from json_each(?))",
        (start + 1, n_bytes, json.dumps(list(take_ids))),
    )
    return {row[0]: row[1] for row in rows}


def any_kept(connection: sqlite3.Connection) -> bool:
    """Whether any take was heard."""
    return connection.execute("select 1 from hearing limit 1").fetchone() is not None


def every(connection: sqlite3.Connection) -> Iterator[tuple[int, bytes]]:
    """(take_id, numbers) of all takes that were heard."""
    return connection.execute("select take_id, numbers from hearing order by take_id")
