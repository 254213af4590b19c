"""The words of all sounds, and what filters ask of them, as arrays in a file beside the catalogue.

The catalogue stays the only truth: the file is made from it, may be thrown away, and is never
behind. Changes of the word index are numbered (db.words), so rows that came since the file
was made are made into a segment of their own, and those that went are known.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from db import state, words
from db.connect import path_of, snapshot
from library.array_file import open_arrays, write_arrays
from library.asset_columns import AssetColumns, of_arrays, read_columns
from library.word_segment import Segment, make_segment

K1, B = 1.2, 0.75  # of BM25, as FTS5 has them

_MAGIC = "dubstage words 4"
_ARRAYS = ("rows", "lengths", "keys", "key_starts", "starts", "places", "counts")
_CHANGED_MOST = 4_000  # rows that are read from the catalogue rather than from the file,
_CHANGED_SHARE = 32  # or that part of the file, where it is more
_NO_FILE_MOST = 500  # rows, which are as quickly read from the catalogue
_SETTLED_MOST = 1_000  # the same, after a scan


@dataclass(frozen=True)
class WordIndex:
    """Segments, and which of their rows still stand."""

    change: int  # of db.words, up to which this is
    segments: tuple[Segment, ...]
    columns: tuple[AssetColumns, ...]  # of the assets of each
    stands: tuple[NDArray[np.bool_] | None, ...]  # of each; None: all do

    n_rows: int  # that stand
    n_words: int  # that these have together

    def often_for_half(self, lengths: NDArray[np.integer]) -> NDArray[np.floating]:
        """How often a word must be in rows of so many words for half its weight (BM25)."""
        mean = max(self.n_words / max(self.n_rows, 1), 1e-9)
        return K1 * (1 - B + B * lengths / mean)

    @cached_property
    def of_lengths(self) -> tuple[NDArray[np.floating], ...]:
        """The same of each segment's rows."""
        by_length = self.often_for_half(np.arange(2**16))
        return tuple(by_length.take(segment.lengths) for segment in self.segments)


def _index(
    change: int,
    segments: Sequence[Segment],
    columns: Sequence[AssetColumns],
    stands: Sequence[NDArray[np.bool_] | None],
) -> WordIndex:
    lengths = [
        segment.lengths if which is None else segment.lengths[which]
        for segment, which in zip(segments, stands, strict=True)
    ]
    n_rows = sum(each.size for each in lengths)
    n_words = sum(int(each.sum(dtype=np.int64)) for each in lengths)
    return WordIndex(change, tuple(segments), tuple(columns), tuple(stands), n_rows, n_words)


def path_beside(catalogue: Path) -> Path:
    """Where the words of a catalogue lie."""
    return catalogue.with_name(catalogue.name + "-words")


def open_words(connection: sqlite3.Connection, *, settled: bool = False) -> WordIndex:
    """The words of all that is committed.

    Makes the file anew where it is missing or far behind; where it cannot be written (a
    read-only volume), the words are held in memory. One that was opened before is only brought
    up to what was committed since.

    Args:
        settled: no scan is under way: make the file anew for fewer changes as well.
    """
    path = path_beside(path_of(connection))
    key: dict[str, object] = {"magic": _MAGIC, "catalogue": state.get(connection, "catalogue")}
    with snapshot(connection):
        change = words.last_change(connection)
        known = _last_opened.get(path)
        if known is not None and known[0] == key and known[1].change == change:
            return known[1]
        index = _opened(path, key)
        changed = words.changed_since(connection, index.change) if index is not None else []
        rows = index.n_rows if index is not None else 0
        most = _SETTLED_MOST if settled else max(_CHANGED_MOST, rows // _CHANGED_SHARE)
        if index is None or len(changed) > most:
            index, changed = _made(connection, path, key, change), []
        if changed:
            index = _with(index, connection, changed, change)
    _last_opened.clear()
    _last_opened[path] = (key, index)
    return index


_last_opened: dict[Path, tuple[dict[str, object], WordIndex]] = {}


def _opened(path: Path, key: dict[str, object]) -> WordIndex | None:
    found = open_arrays(path, key)
    if found is None:
        return None
    header, held = found
    segment = Segment(*(held[name] for name in _ARRAYS))
    return _index(header["change"], [segment], [of_arrays(held)], [None])


def _made(
    connection: sqlite3.Connection, path: Path, key: dict[str, object], change: int
) -> WordIndex:
    segment = make_segment(words.every_text(connection))
    columns = read_columns(connection, segment.asset_ids(), all_there_are=True)
    arrays: dict[str, NDArray[Any]] = {name: getattr(segment, name) for name in _ARRAYS}
    try:
        write_arrays(
            path, key | {"change": change}, arrays | columns.arrays(), like=path_of(connection)
        )
        made = _opened(path, key)
    except OSError:
        made = None
    return made or _index(change, [segment], [columns], [None])


def _with(
    index: WordIndex, connection: sqlite3.Connection, changed: list[int], change: int
) -> WordIndex:
    """The index without rows that went, and with those that came."""
    file = index.segments[0]
    stands = np.ones(file.rows.size, np.bool_)
    stands[file.place_of(np.array(changed, np.int64))] = False
    newer = make_segment(words.every_text(connection, changed))
    columns = index.columns[0], read_columns(connection, newer.asset_ids())
    return _index(change, [file, newer], columns, [stands, None])
