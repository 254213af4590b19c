"""Rows of tables `tag` (the user's own facets) and `suggestion` (what is likely)."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence


def put(connection: sqlite3.Connection, asset_id: int, facet: str, value: str | None) -> None:
    """Remember the user's word on a facet; None takes it back."""
    if value is None:
        connection.execute("delete from tag where asset_id = ? and facet = ?", (asset_id, facet))
    else:
        connection.execute("insert or replace into tag values (?, ?, ?)", (asset_id, facet, value))


def of_asset(connection: sqlite3.Connection, asset_id: int) -> dict[str, str]:
    """The user's facets of an asset."""
    rows = connection.execute(
        "select facet, value from tag where asset_id = ? order by facet", (asset_id,)
    )
    return {row[0]: row[1] for row in rows}


def every(connection: sqlite3.Connection) -> Iterator[tuple[int, str, str]]:
    """(asset_id, facet, value) of every tag whose asset is there."""
    return connection.execute(
        "select asset_id, facet, value from tag where asset_id in (select id from asset)"
        " order by asset_id, facet"
    )


def suggest(
    connection: sqlite3.Connection, asset_id: int, field: str, likely: Iterable[tuple[str, float]]
) -> None:
    """Remember (value, probability) of a field in place of what was suggested before."""
    connection.execute("delete from suggestion where asset_id = ? and field = ?", (asset_id, field))
    connection.executemany(
        "insert into suggestion values (?, ?, ?, ?)",
        [(asset_id, field, value, probability) for value, probability in likely],
    )


def forget_suggestions(connection: sqlite3.Connection, but: str) -> None:
    """Drop what was suggested, for all assets and every field but one."""
    connection.execute("delete from suggestion where field <> ?", (but,))


def suggested(connection: sqlite3.Connection, asset_id: int) -> dict[str, list[tuple[str, float]]]:
    """Field → (value, probability), likeliest first."""
    found: dict[str, list[tuple[str, float]]] = {}
    rows = connection.execute(
        "select field, value, probability from suggestion where asset_id = ?"
        " order by field, probability desc, value",
        (asset_id,),
    )
    for row in rows:
        found.setdefault(row[0], []).append((row[1], row[2]))
    return found


def likeliest(
    connection: sqlite3.Connection, asset_ids: Sequence[int], field: str
) -> dict[int, str]:
    """What is suggested most for a field, of those assets for which anything is."""
    marks = ", ".join("?" * len(asset_ids))
    rows = connection.execute(
        "select asset_id, value, max(probability) from suggestion"
        f" where field = ? and asset_id in ({marks}) group by asset_id",
        [field, *asset_ids],
    )
    return {row[0]: row[1] for row in rows}
