"""What people say of sounds: ratings, notes and collections. A scan drops none of it."""

import sqlite3
from collections.abc import Sequence


def rate(connection: sqlite3.Connection, asset_id: int, rating: int | None) -> None:
    """Give 0 to 5 stars, or with None take them back."""
    connection.execute(
        "insert into mark (asset_id, rating) values (?, ?)"
        " on conflict (asset_id) do update set rating = excluded.rating",
        (asset_id, rating),
    )


def note(connection: sqlite3.Connection, asset_id: int, text: str | None) -> None:
    """Write a note, or with None take it away."""
    connection.execute(
        "insert into mark (asset_id, note) values (?, ?)"
        " on conflict (asset_id) do update set note = excluded.note",
        (asset_id, text),
    )


def of_asset(connection: sqlite3.Connection, asset_id: int) -> tuple[int | None, str | None]:
    """(rating, note)."""
    row = connection.execute(
        "select rating, note from mark where asset_id = ?", (asset_id,)
    ).fetchone()
    return (None, None) if row is None else (row["rating"], row["note"])


def ratings(connection: sqlite3.Connection, asset_ids: Sequence[int]) -> dict[int, int]:
    """The ratings of those assets that have one."""
    marks = ", ".join("?" * len(asset_ids))
    rows = connection.execute(
        f"select asset_id, rating from mark where rating is not null and asset_id in ({marks})",
        list(asset_ids),
    )
    return {row[0]: row[1] for row in rows}


def notes(connection: sqlite3.Connection, asset_ids: Sequence[int]) -> dict[int, str]:
    """The notes on those assets that have one."""
    marks = ", ".join("?" * len(asset_ids))
    rows = connection.execute(
        f"select asset_id, note from mark where note is not null and asset_id in ({marks})",
        list(asset_ids),
    )
    return {row[0]: row[1] for row in rows}


def collect(connection: sqlite3.Connection, name: str, asset_id: int) -> None:
    """Put an asset into a collection, which is made if there is none of this name."""
    connection.execute("insert or ignore into collection (name) values (?)", (name,))
    connection.execute(
        "insert or ignore into collected (collection_id, asset_id)"
        " select id, ? from collection where name = ?",
        (asset_id, name),
    )


def drop(connection: sqlite3.Connection, name: str, asset_id: int) -> None:
    """Take an asset out of a collection; without any left, the collection is gone."""
    connection.execute(
        "delete from collected where asset_id = ? and collection_id ="
        " (select id from collection where name = ?)",
        (asset_id, name),
    )
    connection.execute(
        "delete from collection where name = ?"
        " and not exists (select 1 from collected where collection_id = collection.id)",
        (name,),
    )


def collection(connection: sqlite3.Connection, name: str) -> list[int]:
    """Ids of the assets in a collection, also of those that are gone for now."""
    rows = connection.execute(
        "select asset_id from collected join collection on collection.id = collection_id"
        " where name = ? order by asset_id",
        (name,),
    )
    return [row[0] for row in rows]


def collections(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """(name, how many assets) of every collection, by name."""
    rows = connection.execute(
        "select name, count(*) from collected join collection on collection.id = collection_id"
        " group by name order by name"
    )
    return [(row[0], row[1]) for row in rows]


def collections_of(
    connection: sqlite3.Connection, asset_ids: Sequence[int]
) -> dict[int, list[str]]:
    """The names of the collections that hold each of these assets."""
    marks = ", ".join("?" * len(asset_ids))
    found: dict[int, list[str]] = {}
    for row in connection.execute(
        "select asset_id, name from collected join collection on collection.id = collection_id"
        f" where asset_id in ({marks}) order by name",
        list(asset_ids),
    ):
        found.setdefault(row[0], []).append(row[1])
    return found
