"""Rows of table `peaks`: the picture of each sound."""

import sqlite3


def put(connection: sqlite3.Connection, asset_id: int, levels: str, numbers: bytes) -> None:
    """Remember the picture of an asset."""
    connection.execute(
        "insert or replace into peaks (asset_id, levels, numbers) values (?, ?, ?)",
        (asset_id, levels, numbers),
    )


def of_asset(connection: sqlite3.Connection, asset_id: int) -> tuple[str, bytes] | None:
    """(levels, numbers) of an asset, or None."""
    row = connection.execute(
        "select levels, numbers from peaks where asset_id = ?", (asset_id,)
    ).fetchone()
    return None if row is None else (row["levels"], row["numbers"])
