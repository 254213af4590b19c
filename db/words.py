"""The word index (FTS5): texts in, rows out. What is matched is FTS5's own expression.

A rowid is made of the number of words of a row, and below it the asset's id, so the shortest
texts come first. Each change is numbered, so that what is made of the index can catch up.
Callers build expressions with `quoted`, so that nothing a user types can be an operator.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

COLUMNS = ("name", "category", "metadata", "folders", "cat_id")
WEIGHTS = (10.0, 5.0, 3.0, 2.0, 4.0)  # of COLUMNS, for BM25; db.schema tells FTS5 the same
_ID_BITS = 52
ASSET_OF_ROW = (1 << _ID_BITS) - 1  # the bits of a row that are its asset's id
ASSET_ID = f"(words.rowid & {ASSET_OF_ROW})"  # the same in SQL

_LONGEST = 2**11 - 1  # words; rows that are longer come in no order
_READ_AT_ONCE = 30_000  # SQLite takes at most about this many values in one statement
_WORD = re.compile(r"[^\W_]+")

_QUOTED = re.compile(r'(?:(\w+) : )?"((?:[^"]|"")*)"( \*)?')

Row = tuple[int, str, str, str, str, str]  # asset id, and one text for each of COLUMNS
RowTexts = tuple[int, str, str, str, str, str]  # rowid, and the same


def put(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Index texts, in place of what an asset had."""
    some = list(rows)
    remove(connection, [row[0] for row in some])
    numbered = sorted((_rowid(row), *row) for row in some)
    connection.executemany(
        "insert into words (rowid, name, category, metadata, folders, cat_id)"
        " values (?, ?, ?, ?, ?, ?)",
        [(row[0], *row[2:]) for row in numbered],
    )
    connection.executemany(
        "insert into word_row (asset_id, row) values (?, ?)", [(row[1], row[0]) for row in numbered]
    )
    connection.executemany(
        "insert into word_change (row) values (?)", [(row[0],) for row in numbered]
    )


def remove(connection: sqlite3.Connection, asset_ids: Iterable[int]) -> None:
    """Take assets out of the index; one that is not in it is none the worse."""
    some = [(number,) for number in asset_ids]
    connection.executemany(
        "insert into word_change (row) select row from word_row where asset_id = ?", some
    )
    connection.executemany(
        "delete from words where rowid = (select row from word_row where asset_id = ?)", some
    )
    connection.executemany("delete from word_row where asset_id = ?", some)


def _rowid(row: Row) -> int:
    length = sum(len(_WORD.findall(text)) for text in row[1:])
    return min(length, _LONGEST) << _ID_BITS | row[0]


def asset_of(rowid: int) -> int:
    """The asset of a row of the index."""
    return rowid & ASSET_OF_ROW


def texts(connection: sqlite3.Connection, rowids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """What is indexed of rows, a text for each of COLUMNS, by rowid."""
    rows = connection.execute(
        "select id, c0, c1, c2, c3, c4 from words_content"
        f" where id in ({', '.join('?' * len(rowids))})",
        rowids,
    )
    return {row[0]: tuple(row)[1:] for row in rows}


def every_text(
    connection: sqlite3.Connection, of: Sequence[int] | None = None
) -> Iterator[RowTexts]:
    """All that is indexed, or of some rows what of them there is, in the order of rowids."""
    cursor = connection.cursor()
    cursor.row_factory = None
    select = "select id, c0, c1, c2, c3, c4 from words_content"
    if of is None:
        yield from cursor.execute(f"{select} order by id")
        return
    in_order = sorted(of)
    for start in range(0, len(in_order), _READ_AT_ONCE):
        some = in_order[start : start + _READ_AT_ONCE]
        marks = ", ".join("?" * len(some))
        yield from cursor.execute(f"{select} where id in ({marks}) order by id", some)


def last_change(connection: sqlite3.Connection) -> int:
    """The number of the last change of the index; 0 before the first."""
    number: int = connection.execute("select coalesce(max(id), 0) from word_change").fetchone()[0]
    return number


def changed_since(connection: sqlite3.Connection, change: int) -> list[int]:
    """Rows that came, went or were replaced after a change, in order."""
    rows = connection.execute(
        "select distinct row from word_change where id > ? order by row", (change,)
    )
    return [row[0] for row in rows]


def rows_of(connection: sqlite3.Connection, asset_ids: Sequence[int]) -> dict[int, int]:
    """The rows of assets: rowid → asset id."""
    rows = connection.execute(
        f"select row, asset_id from word_row where asset_id in ({', '.join('?' * len(asset_ids))})",
        asset_ids,
    )
    return {row[0]: row[1] for row in rows}


def matching(connection: sqlite3.Connection, match: str, rowids: Sequence[int]) -> list[int]:
    """Those of a few rows that match an expression."""
    rows = connection.execute(
        "select rowid from words where words match ?"
        f" and rowid in ({', '.join('?' * len(rowids))})",
        (match, *rowids),
    )
    return [row[0] for row in rows]


def every_matching(connection: sqlite3.Connection, match: str) -> list[int]:
    """Every row of the word index that matches."""
    sql = "select group_concat(rowid) from words where words match ?"  # a row each is slower
    text: str | None = connection.execute(sql, (match,)).fetchone()[0]
    return list(map(int, text.split(","))) if text else []


def matching_at_most(connection: sqlite3.Connection, text: str, most: int) -> list[int] | None:
    """Rows that hold the words of a text in a row; None where there are more, or no words in it."""
    if not any(c.isalnum() for c in text):
        return None
    ways = dict.fromkeys((text, unicodedata.normalize("NFKC", text)))  # as written; as indexed now
    rows = connection.execute(
        "select rowid from words where words match ? limit ?",
        (" OR ".join(map(quoted, ways)), most + 1),
    ).fetchall()
    return None if len(rows) > most else [row[0] for row in rows]


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


def parts_of(expression: str) -> tuple[str | None, str, bool]:
    """(column or None, text, whether it is a beginning) of a `quoted` text, also of a column.

    >>> parts_of('cat_id : "DOORWood"'), parts_of(quoted('5" nail') + " *")
    (('cat_id', 'DOORWood', False), (None, '5" nail', True))
    """
    parts = _QUOTED.fullmatch(expression)
    assert parts is not None, expression
    return parts[1], parts[2].replace('""', '"'), parts[3] is not None


def count(connection: sqlite3.Connection) -> int:
    """How many rows are indexed."""
    number: int = connection.execute("select count(*) from words_docsize").fetchone()[0]
    return number


def optimise(connection: sqlite3.Connection, pages: int = 2_000) -> None:
    """Merge the index's pieces by about this many pages, for quicker reading."""
    connection.execute("insert into words (words, rank) values ('merge', ?)", (pages,))
