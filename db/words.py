"""The word index (FTS5): rows in, rowids out. What is matched is FTS5's own expression.

`rowid` is asset.id. Callers build expressions with `quoted`, so that nothing a
user types can be an operator.
"""

import sqlite3
from collections.abc import Iterable

COLUMNS = ("name", "category", "metadata", "folders", "cat_id")


Row = tuple[int, str, str, str, str, str]  # rowid, and one text for each of COLUMNS


def put(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Index texts, in place of what a rowid had. Quickest in the order of rowid."""
    connection.executemany(
        "insert or replace into words (rowid, name, category, metadata, folders, cat_id)"
        " values (?, ?, ?, ?, ?, ?)",
        rows,
    )


def put_terms(connection: sqlite3.Connection, terms: Iterable[str]) -> None:
    """Remember words as written, so that they are found by their parts."""
    connection.executemany("insert or ignore into term (word) values (?)", ((t,) for t in terms))


def terms_holding(connection: sqlite3.Connection, part: str, limit: int) -> list[str]:
    """Words with `part` (at least three letters) anywhere in them, short ones first."""
    if len(part) < 3:
        return []
    rows = connection.execute(
        "select word from term_part where term_part match ? order by length(word), word limit ?",
        (quoted(part), limit),
    )
    return [row["word"] for row in rows]


def terms_like(connection: sqlite3.Connection, word: str) -> list[str]:
    """Words that share a piece of three letters, or the first, with `word`: what may be meant."""
    rows = connection.execute(
        "select word from term where word >= ? and word < ?"
        " and length(word) between ? and ? limit 4000",
        (word[:1], word[:1] + "\U0010ffff", len(word) - 1, len(word) + 1),
    ).fetchall()
    pieces = sorted({word[at : at + 3] for at in range(len(word) - 2)})
    if pieces:
        rows += connection.execute(
            "select word from term_part where term_part match ?"
            " and length(word) between ? and ? order by rank limit 400",
            (" OR ".join(map(quoted, pieces)), len(word) - 2, len(word) + 2),
        ).fetchall()
    return sorted({row["word"] for row in rows})


def quoted(text: str) -> str:
    """`text` as one FTS5 string: its words in a row, none of it an operator."""
    return '"' + text.replace('"', '""').replace("\0", " ") + '"'


def count(connection: sqlite3.Connection) -> int:
    """How many rows are indexed."""
    number: int = connection.execute("select count(*) from words_docsize").fetchone()[0]
    return number


def optimise(connection: sqlite3.Connection, pages: int = 2_000) -> None:
    """Merge the index's pieces by about this many pages, for quicker reading."""
    connection.execute("insert into words (words, rank) values ('merge', ?)", (pages,))
