"""Rows of table `state`: single values that the catalogue keeps about itself."""

import sqlite3


def get(connection: sqlite3.Connection, name: str) -> str | None:
    """The value of a name, or None."""
    row = connection.execute("select value from state where name = ?", (name,)).fetchone()
    return None if row is None else row[0]


def put(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Keep a value under a name."""
    connection.execute("insert or replace into state (name, value) values (?, ?)", (name, value))
