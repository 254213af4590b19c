"""Rows of table `saved_search`: questions by name. What is asked is the library's own JSON."""

import sqlite3


def put(connection: sqlite3.Connection, name: str, asked: str) -> None:
    """Remember a question, in place of what had this name."""
    connection.execute(
        "insert or replace into saved_search (name, asked) values (?, ?)", (name, asked)
    )


def get(connection: sqlite3.Connection, name: str) -> str | None:
    """What is asked under a name, or None."""
    row = connection.execute("select asked from saved_search where name = ?", (name,)).fetchone()
    return None if row is None else str(row["asked"])


def every(connection: sqlite3.Connection) -> dict[str, str]:
    """All questions, by name."""
    rows = connection.execute("select name, asked from saved_search order by name")
    return {row["name"]: row["asked"] for row in rows}


def remove(connection: sqlite3.Connection, name: str) -> None:
    """Forget a question."""
    connection.execute("delete from saved_search where name = ?", (name,))
