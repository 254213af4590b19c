"""Rows of table `root`: the named folders under which sounds live."""

import sqlite3


def add(connection: sqlite3.Connection, name: str, folder: str) -> None:
    """Remember a root, or where it now is."""
    connection.execute(
        "insert into root (name, folder) values (?, ?)"
        " on conflict (name) do update set folder = excluded.folder",
        (name, folder),
    )


def folders(connection: sqlite3.Connection) -> dict[str, str]:
    """Every root's folder, by name."""
    return dict(connection.execute("select name, folder from root order by name").fetchall())


def remove(connection: sqlite3.Connection, name: str) -> None:
    """Forget a root that holds no assets any more."""
    connection.execute("delete from root where name = ?", (name,))
