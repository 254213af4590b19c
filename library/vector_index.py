"""The vectors of all takes in one file beside the catalogue, mapped into memory.

The catalogue stays the only truth: the file is made from it, may be thrown away,
and is never behind. A vector's id is never used twice and its numbers never change, so
what was committed since the file was made are the vectors with a higher id: they are
read from the catalogue. Takes that are gone are noticed when they are looked up.
"""

import contextlib
import json
import os
import sqlite3
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from db import state
from db import vectors as rows
from db.connect import path_of
from library.neighbours import (
    Projection,
    Vectors,
    best,
    learn_projection,
    nearest,
    nearest_by_projection,
)

_MAGIC = "dubstage vectors 1"
_HEADER_BYTES = 4096
_ALIGN = 4096
_SAMPLE = 20_000  # vectors from which the directions are learned
_TAIL_MOST = 4_000  # takes that are read from the catalogue rather than from the file


@dataclass(frozen=True)
class VectorIndex:
    """Vectors of takes: those of the file, then those that are newer than it."""

    model: str
    last_vector_id: int
    take_ids: NDArray[np.int64]
    asset_ids: NDArray[np.int64]
    vectors: NDArray[np.floating]  # (n, dimensions), unit length; mapped, half precision
    short: Vectors | None
    projection: Projection | None
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
        self, question: Vectors, limit: int, among: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.intp], Vectors]:
        """As `nearest`: places among all takes, those of the tail after those of the file."""
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

    def every_asset_id(self) -> NDArray[np.int64]:
        """The asset of each place."""
        parts = [part.asset_ids for part in (self, self.tail) if part]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

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
        self, question: Vectors, limit: int, among: NDArray[np.int64] | None
    ) -> tuple[NDArray[np.intp], Vectors]:
        if among is not None:
            rows_among = np.flatnonzero(np.isin(self.asset_ids, among))
            looks = rows_among
            if self.short is not None and self.projection is not None:
                short = self.projection.shorten(question[np.newaxis])[0]
                if rows_among.size > 20_000:
                    chosen, _ = best(self.short[rows_among] @ short, max(30 * limit, 1000))
                    looks = np.sort(rows_among[chosen])
            order, cosines = nearest(question, self.vectors[looks].astype(np.float32), limit)
            order = looks[order]
        elif self.short is not None and self.projection is not None:
            order, cosines = nearest_by_projection(
                question, self.vectors, self.short, self.projection, limit
            )
        else:
            order, cosines = nearest(question, self.vectors, limit)
        return order, cosines


def open_index(connection: sqlite3.Connection) -> VectorIndex | None:
    """The vectors of the catalogue's chief model, all that is committed; None where it has none.

    Makes the file anew where it is missing or far behind; where it cannot be written
    (a read-only volume), the vectors are held in memory. One that was opened before is
    only brought up to what was committed since.
    """
    model = rows.chief(connection)
    if model is None:
        return None
    path = path_beside(path_of(connection))
    key = _key(connection, model)
    open_before = _last_opened.get(path)
    if open_before is not None and open_before[0] == key:
        index: VectorIndex | None = open_before[1]
    else:
        index = _open_file(path, key)
    tail = _read(connection, model, index.last_vector_id if index else 0, _TAIL_MOST + 1)
    if tail.take_ids.size > _TAIL_MOST:
        try:
            _make_file(connection, model, path, key)
            index = _open_file(path, key)
            assert index is not None
        except OSError:
            index = None
        tail = _read(connection, model, index.last_vector_id if index else 0, None)
    index = tail if index is None else _with_tail(index, tail)
    _last_opened.clear()
    _last_opened[path] = (key, index)
    return index


_last_opened: dict[Path, tuple[dict[str, object], VectorIndex]] = {}


def path_beside(catalogue: Path) -> Path:
    """Where the vectors of a catalogue lie."""
    return catalogue.with_name(catalogue.name + "-vectors")


def _with_tail(index: VectorIndex, tail: VectorIndex) -> VectorIndex:
    """The index, and after it what came since."""
    if not tail.take_ids.size:
        return index
    if index.short is None:  # all of it is in memory already
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
        None,
        None,
    )


def _key(connection: sqlite3.Connection, model: sqlite3.Row) -> dict[str, object]:
    """What the file must have been made from."""
    return {
        "magic": _MAGIC,
        "catalogue": state.get(connection, "catalogue"),
        "model": model["name"],
        "dimensions": model["dimensions"],
    }


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
        None,
        None,
    )


def _open_file(path: Path, key: dict[str, object]) -> VectorIndex | None:
    """The file as it is mapped, or None where there is none made from this catalogue."""
    try:
        with path.open("rb") as file:
            header = json.loads(file.read(_HEADER_BYTES))
        if {name: header[name] for name in key} != key:
            return None
        n, places = header["takes"], header["places"]
        dimensions, short = header["dimensions"], header["short"]

        def mapped(name: str, dtype: type, shape: tuple[int, ...]) -> NDArray[np.generic]:
            return np.memmap(path, dtype, "r", places[name], shape)

        axes = mapped("axes", np.float32, (dimensions, short)).astype(np.float32)
        return VectorIndex(
            header["model"],
            header["last_vector_id"],
            mapped("take_ids", np.int64, (n,)).view(np.ndarray),
            mapped("asset_ids", np.int64, (n,)).view(np.ndarray),
            mapped("vectors", np.float16, (n, dimensions)).view(np.ndarray),
            mapped("short", np.float32, (n, short)).view(np.ndarray),
            Projection(axes),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _make_file(
    connection: sqlite3.Connection, model: sqlite3.Row, path: Path, key: dict[str, object]
) -> None:
    """Write all vectors of a model to the file at `path`, in one pass and bounded memory."""
    n, dimensions = rows.count(connection, model["id"]), model["dimensions"]
    short = min(64, dimensions)
    projection = learn_projection(_sample(connection, model), short)
    sizes = {
        "take_ids": 8 * n,
        "asset_ids": 8 * n,
        "axes": 4 * dimensions * short,
        "short": 4 * short * n,
        "vectors": 2 * dimensions * n,
    }
    places, end = {}, _HEADER_BYTES
    for name, size in sizes.items():
        places[name] = end
        end += -(-size // _ALIGN) * _ALIGN
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.truncate(end)
            _write_at(file, places["axes"], projection.axes)
            done = last = 0
            for taken in rows.in_batches(rows.after(connection, model["id"], 0, n), 8192):
                block = np.frombuffer(b"".join(r[3] for r in taken), np.float16)
                block = block.reshape(len(taken), dimensions)
                ids = np.array([row[1:3] for row in taken], dtype=np.int64)
                _write_at(file, places["take_ids"] + 8 * done, ids[:, 0])
                _write_at(file, places["asset_ids"] + 8 * done, ids[:, 1])
                _write_at(file, places["vectors"] + 2 * dimensions * done, block)
                _write_at(file, places["short"] + 4 * short * done, projection.shorten(block))
                done += len(taken)
                last = taken[-1][0]
            counts = {"takes": done, "last_vector_id": last, "places": places, "short": short}
            header = json.dumps(key | counts)
            file.seek(0)
            file.write(header.encode().ljust(_HEADER_BYTES))
        # Whoever may read the catalogue may read this; a temporary file is its maker's alone.
        Path(temporary).chmod(path_of(connection).stat().st_mode & 0o666)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _write_at(file: BinaryIO, place: int, numbers: NDArray[np.generic]) -> None:
    file.seek(place)
    file.write(np.ascontiguousarray(numbers).tobytes())


def _sample(connection: sqlite3.Connection, model: sqlite3.Row) -> Vectors:
    taken = rows.spread(connection, model["id"], _SAMPLE)
    numbers = np.frombuffer(b"".join(taken), dtype=np.float16)
    return numbers.reshape(-1, model["dimensions"]).astype(np.float32)
