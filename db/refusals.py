"""Rows of table `refusal`: files that could not be taken in, and why."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping


def put(connection: sqlite3.Connection, rows: Iterable[Mapping[str, object]]) -> None:
    """Remember refusals: `root`, `path`, `size_bytes`, `modified_ns`, `reason`, `refused_at`."""
    connection.executemany(
        "insert or replace into refusal (root, path, size_bytes, modified_ns, reason, refused_at)"
        " values (:root, :path, :size_bytes, :modified_ns, :reason, :refused_at)",
        rows,
    )


def of_root(connection: sqlite3.Connection, root: str) -> Iterator[tuple[str, int, int, str]]:
    """(path, size_bytes, modified_ns, reason) of every refused file of a root."""
    return connection.execute(
        "select path, size_bytes, modified_ns, reason from refusal where root = ?", (root,)
    )


def every(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    """All refusals, in the order of their places."""
    return connection.execute("select * from refusal order by root, path").fetchall()


def remove(connection: sqlite3.Connection, root: str, paths: Iterable[str]) -> None:
    """Forget that files were refused: they are gone, or were read after all."""
    connection.executemany(
        "delete from refusal where root = ? and path = ?", [(root, path) for path in paths]
    )
