"""The vectors and features of all takes in one file beside the catalogue, mapped into memory.

The catalogue stays the only truth: the file is made from it, may be thrown away,
and is never behind. A vector's id is never used twice and its numbers never change, so
what was committed since the file was made are the vectors with a higher id: they are
read from the catalogue. Takes that are gone are noticed when they are looked up.
"""

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from db import takes
from db import vectors as rows
from db.connect import path_of
from library.neighbours import Vectors, best, nearest
from library.vector_file import Key, VectorFile, key_of, make_file, open_file, path_beside

Rows = NDArray[np.intp]  # places among all takes: those of the file, then those newer than it

_TAIL_MOST = 4_000  # takes that are read from the catalogue rather than from the file
_COMPARED_MOST = 3_000  # takes that are compared in full at once
_MADE_FLOATS = 1_024  # vectors at a time: what a processor's cache holds
_SCANNED_MOST = 50_000  # takes whose codes are looked at one by one, wherever they lie


@dataclass(frozen=True)
class VectorIndex:
    """Vectors of takes: those of the file, then those that are newer than it."""

    model: str
    last_vector_id: int
    take_ids: NDArray[np.int64]
    asset_ids: NDArray[np.int64]
    vectors: NDArray[np.floating]  # (n, dimensions), unit length; in the file half precision
    file: VectorFile | None = None  # None: all of it is in memory, and compared in full
    tail: "VectorIndex | None" = None

    def nearest(
        self, question: Vectors, limit: int, among: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], Vectors]:
        """The `limit` takes nearest to a vector: take ids, asset ids and cosines.

        Args:
            among: only takes of these assets.
        """
        rows, cosines = self.nearest_rows(question, limit, among)
        take_ids, asset_ids = self.ids_at(rows)
        return take_ids, asset_ids, cosines

    def nearest_rows(
        self,
        question: Vectors,
        limit: int,
        among: NDArray[np.int64] | None = None,
    ) -> tuple[NDArray[np.intp], Vectors]:
        """As `nearest`: places among all takes, those of the tail after those of the file.

        Args:
            among: only takes of these assets.
        """
        rows, cosines = self._nearest(question, limit, among)
        if self.tail is not None:
            of_tail, cosines_of_tail = self.tail._nearest(question, limit, among)
            rows = np.concatenate([rows, of_tail + self.take_ids.size])
            cosines = np.concatenate([cosines, cosines_of_tail])
            order, cosines = best(cosines, limit)
            rows = rows[order]
        return rows, cosines

    def ids_at(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Take and asset at each of these places."""
        if self.tail is None:
            return self.take_ids[rows], self.asset_ids[rows]
        parts = (self, self.tail)
        return (
            np.concatenate([part.take_ids for part in parts])[rows],
            self.every_asset_id()[rows],
        )

    def size(self) -> int:
        """How many takes there are."""
        return int(self.take_ids.size + (self.tail.take_ids.size if self.tail else 0))

    def every_asset_id(self) -> NDArray[np.int64]:
        """The asset of each place."""
        parts = [part.asset_ids for part in (self, self.tail) if part]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def of_assets(self, asset_ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each place is one of these assets' (each named once)."""
        if self.file is None:
            own = np.isin(self.asset_ids, asset_ids)
        else:
            own = np.zeros(self.asset_ids.size, np.bool_)
            own[self.file.rows_of(asset_ids)] = True
        return own if self.tail is None else np.concatenate([own, self.tail.of_assets(asset_ids)])

    def at(self, rows: NDArray[np.intp]) -> Vectors:
        """The vectors at these places."""
        own = rows < self.take_ids.size
        found = np.empty((rows.size, self.vectors.shape[1]), np.float32)
        found[own] = self.vectors[rows[own]]
        if self.tail is not None:
            found[~own] = self.tail.vectors[rows[~own] - self.take_ids.size]
        return found

    def everything(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """All vectors, and the asset of each."""
        parts = [part for part in (self, self.tail) if part]
        return (
            np.concatenate([part.vectors.astype(np.float32) for part in parts]),
            np.concatenate([part.asset_ids for part in parts]),
        )

    def _nearest(
        self,
        question: Vectors,
        limit: int,
        among: NDArray[np.int64] | None,
    ) -> tuple[NDArray[np.intp], Vectors]:
        if among is None:
            if self.file is None:
                return nearest(question, self.vectors, limit)
            looks = self.file.cells.near(question, limit)
        elif self.file is None:
            looks = np.flatnonzero(np.isin(self.asset_ids, among))
        else:
            looks = self._worth_comparing(self.file, question, limit, among)
        cosines = np.empty(looks.size, np.float32)
        for at in range(0, looks.size, _MADE_FLOATS):
            some = looks[at : at + _MADE_FLOATS]
            cosines[at : at + some.size] = self.vectors[some].astype(np.float32) @ question
        order, cosines = best(cosines, limit)
        return looks[order], cosines

    def _worth_comparing(
        self,
        file: VectorFile,
        question: Vectors,
        limit: int,
        among: NDArray[np.int64],
    ) -> NDArray[np.intp]:
        """The rows among which the nearest are, in order."""
        named = file.rows_of(among)
        if named.size <= _COMPARED_MOST:
            return np.sort(named).astype(np.intp)
        if named.size <= _SCANNED_MOST:
            return file.cells.near_of(question, limit, file.places[named])
        allowed = np.zeros(self.take_ids.size, np.bool_)
        allowed[named] = True
        return file.cells.near(question, limit, allowed)


def open_index(connection: sqlite3.Connection, *, settled: bool = False) -> VectorIndex | None:
    """The vectors of the catalogue's chief model, all that is committed; None where it has none.

    Makes the file anew where it is missing or far behind; where it cannot be written
    (a read-only volume), the vectors are held in memory. One that was opened before is
    only brought up to what was committed since.

    Args:
        settled: no scan is under way: make the file anew also where it holds features of
            takes that were measured again since.
    """
    model = rows.chief(connection)
    if model is None:
        return None
    path = path_beside(path_of(connection))
    key = key_of(connection, model)
    open_before = _last_opened.get(path)
    if open_before is not None and open_before[0] == key:
        index: VectorIndex | None = open_before[1]
    else:
        index = _index_of(open_file(path, key))
    measured = takes.times_measured_anew(connection)
    if index is not None and _is_behind(index, measured):
        newer = _index_of(open_file(path, key))  # by whoever ended a scan
        if newer is not None and not _is_behind(newer, measured):
            index = newer
    if index is not None and settled and _is_behind(index, measured):
        index = None
    tail = _read(connection, model, index.last_vector_id if index else 0, _TAIL_MOST + 1)
    if tail.take_ids.size > _TAIL_MOST:
        try:
            make_file(connection, model, path, key)
            index = _index_of(open_file(path, key))
        except OSError:
            index = None
        tail = _read(connection, model, index.last_vector_id if index else 0, None)
    index = tail if index is None else _with_tail(index, tail)
    _last_opened.clear()
    _last_opened[path] = (key, index)
    return index


_last_opened: dict[Path, tuple[Key, VectorIndex]] = {}


def _is_behind(index: VectorIndex, times_measured_anew: str) -> bool:
    return index.file is not None and index.file.times_measured_anew != times_measured_anew


def _index_of(file: VectorFile | None) -> VectorIndex | None:
    if file is None:
        return None
    return VectorIndex(
        file.model, file.last_vector_id, file.take_ids, file.asset_ids, file.vectors, file
    )


def _with_tail(index: VectorIndex, tail: VectorIndex) -> VectorIndex:
    """The index, and after it what came since."""
    if not tail.take_ids.size:
        return index
    if index.file is None:  # all of it is in memory already
        return _joined(index, tail)
    tail = tail if index.tail is None else _joined(index.tail, tail)
    return replace(index, tail=tail, last_vector_id=tail.last_vector_id)


def _joined(first: VectorIndex, second: VectorIndex) -> VectorIndex:
    return VectorIndex(
        first.model,
        second.last_vector_id,
        np.concatenate([first.take_ids, second.take_ids]),
        np.concatenate([first.asset_ids, second.asset_ids]),
        np.concatenate([first.vectors, second.vectors]),
    )


def _read(
    connection: sqlite3.Connection, model: sqlite3.Row, after: int, limit: int | None
) -> VectorIndex:
    taken = list(rows.after(connection, model["id"], after, limit))
    dimensions = model["dimensions"]
    numbers = np.frombuffer(b"".join(row[3] for row in taken), dtype=np.float16)
    return VectorIndex(
        model["name"],
        taken[-1][0] if taken else after,
        np.array([row[1] for row in taken], dtype=np.int64),
        np.array([row[2] for row in taken], dtype=np.int64),
        numbers.reshape(-1, dimensions).astype(np.float32),
    )
