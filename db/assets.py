"""Rows of table `asset`: one sound file each. Plain rows in and out."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from db import words
from db.conditions import folded

COLUMNS = (
    "id",
    "sound_hash",
    "root",
    "path",
    "size_bytes",
    "modified_ns",
    "format",
    "sample_rate_hz",
    "channels",
    "bits",
    "duration_samples",
    "time_reference_samples",
    "loudness_lufs",
    "true_peak_dbtp",
    "cat_id",
    "category",
    "subcategory",
    "user_category",
    "vendor_category",
    "fx_name",
    "creator_id",
    "source_id",
    "user_data",
    "description",
    "keywords",
    "licence",
    "facets",
)
_TEXTS = (
    "root", "path", "fx_name", "description", "keywords", "user_category", "vendor_category",
    "user_data", "creator_id", "source_id",
)  # fmt: skip
_MOST_AT_ONCE = 30_000  # SQLite takes at most this many values in one statement
_NAMED_SO_MOST = 10_000  # assets that are looked up; where more are named so, all paths are read

_PUT = f"""
    insert into asset ({", ".join(COLUMNS)})
    values ({", ".join(f":{name}" for name in COLUMNS)})
    on conflict (id) do update set
    {", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "id")}
"""


def put(connection: sqlite3.Connection, rows: Iterable[Mapping[str, object]]) -> None:
    """Remember assets: new ones, or the newest word on known ones (by id)."""
    connection.executemany(_PUT, rows)


def by_ids(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, sqlite3.Row]:
    """The rows that exist of `ids`, by id."""
    found: dict[int, sqlite3.Row] = {}
    for start in range(0, len(ids), _MOST_AT_ONCE):
        some = ids[start : start + _MOST_AT_ONCE]
        marks = ", ".join("?" * len(some))
        for row in connection.execute(f"select * from asset where id in ({marks})", some):
            found[row["id"]] = row
    return found


def names(connection: sqlite3.Connection, ids: Sequence[int]) -> list[sqlite3.Row]:
    """Of some assets what they are called and where they lie; see the columns."""
    marks = ", ".join("?" * len(ids))
    return connection.execute(
        "select id, root, path, fx_name, cat_id, category from asset"
        f" where id in ({marks}) order by id",
        ids,
    ).fetchall()


def at_place(connection: sqlite3.Connection, root: str, path: str) -> sqlite3.Row | None:
    """The asset of a file, or None."""
    row: sqlite3.Row | None = connection.execute(
        "select * from asset where root = ? and path = ?", (root, path)
    ).fetchone()
    return row


def with_path_ending(connection: sqlite3.Connection, ending: str, limit: int) -> list[sqlite3.Row]:
    """Assets whose path ends in these folders or this file name, whatever their root."""
    stem, path = PurePosixPath(ending).stem, "path"
    if not ending.isascii():  # a Mac may have written the same letters in another way
        path, ending = "folded(path)", folded(ending) or ""
    pattern = "%/" + ending.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    where = f"({path} = ? or {path} like ? escape '\\')"
    values: list[str | int] = [ending, pattern]
    # A file's name is among its words, which are quickly looked up; paths have no such index.
    named = words.matching_at_most(connection, stem, _NAMED_SO_MOST)
    if named is not None:
        where += f" and id in ({', '.join('?' * len(named))})"
        values += map(words.asset_of, named)
    return connection.execute(
        f"select * from asset where {where} order by root, path limit ?", (*values, limit)
    ).fetchall()


def with_sound(connection: sqlite3.Connection, sound_hash: str) -> list[sqlite3.Row]:
    """Every file that holds this very sound, in the order of their places."""
    return connection.execute(
        "select * from asset where sound_hash = ? order by root, path", (sound_hash,)
    ).fetchall()


def not_in_ascii(connection: sqlite3.Connection) -> list[int]:
    """The ids of assets of which some text has other letters than those of ASCII."""
    texts = " || ".join(f"ifnull({name}, '')" for name in _TEXTS)
    rows = connection.execute(f"select id from asset where {texts} glob '*[^ -~]*' order by id")
    return [row[0] for row in rows]


def places(connection: sqlite3.Connection, root: str) -> Iterator[tuple[str, int, int, int]]:
    """(path, size_bytes, modified_ns, id) of every asset of a root."""
    return connection.execute(
        "select path, size_bytes, modified_ns, id from asset where root = ?", (root,)
    )


def move(connection: sqlite3.Connection, rows: Iterable[Mapping[str, object]]) -> None:
    """Give assets (by `id`) the place, size and time where their sound was found again."""
    connection.executemany(
        "update asset set root = :root, path = :path, size_bytes = :size_bytes,"
        " modified_ns = :modified_ns where id = :id",
        rows,
    )


def remove(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Forget assets with their takes, vectors, peaks and words; marks on them stay."""
    some = [(number,) for number in ids]
    words.remove(connection, [number for (number,) in some])
    connection.executemany("delete from asset where id = ?", some)


def any_untagged(connection: sqlite3.Connection) -> bool:
    """Whether any asset has no CatID."""
    return (
        connection.execute("select 1 from asset where cat_id is null limit 1").fetchone()
        is not None
    )


def untagged(connection: sqlite3.Connection) -> list[int]:
    """Ids of the assets that have no CatID."""
    # As one text: a row each would take ten times as long.
    text = connection.execute("select group_concat(id) from asset where cat_id is null").fetchone()[
        0
    ]
    return list(map(int, text.split(","))) if text else []


def with_cat_id(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """(id, CatID) of every asset that has one."""
    return connection.execute("select id, cat_id from asset where cat_id is not null order by id")


def count_untagged(connection: sqlite3.Connection) -> int:
    """How many assets have no CatID."""
    sql = "select count(*) from asset where cat_id is null"
    number: int = connection.execute(sql).fetchone()[0]
    return number


def all_ids(connection: sqlite3.Connection) -> list[int]:
    """The id of every asset, in order."""
    return [row[0] for row in connection.execute("select id from asset order by id")]


def count(connection: sqlite3.Connection) -> int:
    """How many assets there are."""
    number: int = connection.execute("select count(*) from asset").fetchone()[0]
    return number


def with_copies(connection: sqlite3.Connection) -> Iterator[list[sqlite3.Row]]:
    """The files of each sound that more than one file holds, in the order of their places."""
    sounds = connection.execute(
        "select sound_hash from asset group by sound_hash having count(*) > 1 order by sound_hash"
    ).fetchall()
    for row in sounds:
        yield with_sound(connection, row["sound_hash"])
