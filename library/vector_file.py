"""The file of vectors and features beside a catalogue: how it is laid out, made and opened.

A page of JSON, then arrays as they are in memory, each at a page's start, so that all is mapped
and nothing read that is not asked for. What every question needs is checked by its CRC
when the file is opened; a file that is not whole, or not of this catalogue, is as good as none.
"""

import contextlib
import json
import os
import sqlite3
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from db import state, takes
from db import vectors as rows
from db.connect import path_of, snapshot
from library import cells
from library.aspects import FEATURES
from library.cells import Cells
from library.neighbours import Projection, Vectors

Key = dict[str, object]

_MAGIC = "dubstage vectors 3"
_HEADER_BYTES = 4096
_ALIGN = 4096
_BATCH = 8192  # vectors
_SIZES = ("takes", "assets", "dimensions", "short", "cells")
_CHECKED = ("axes", "steps", "centres", "starts")


@dataclass(frozen=True)
class VectorFile:
    """What the file holds, in the order of vector ids; arrays are mapped."""

    model: str
    last_vector_id: int
    take_ids: NDArray[np.int64]
    asset_ids: NDArray[np.int64]
    vectors: NDArray[np.float16]  # (n, dimensions), unit length
    cells: Cells
    places: NDArray[np.int32]  # where in the cells the code of each vector is
    by_asset: NDArray[np.int32]  # rows in the order of their assets' ids
    file_asset_ids: NDArray[np.int64]  # those ids, each once
    asset_starts: NDArray[np.int64]  # where in `by_asset` each of them begins; and the end
    features: NDArray[np.float32]  # (len(aspects.FEATURES), n): a column is read where it is asked
    times_measured_anew: str  # of db.takes, when the features were read

    def rows_of(self, asset_ids: NDArray[np.int64]) -> NDArray[np.int32]:
        """The rows of these assets (each named once), in no order that means anything."""
        wanted = np.sort(asset_ids)
        at = np.searchsorted(self.file_asset_ids, wanted)
        at = at[self.file_asset_ids[np.minimum(at, self.file_asset_ids.size - 1)] == wanted]
        first = self.asset_starts[at]
        counts = self.asset_starts[at + 1] - first
        before = np.cumsum(counts) - counts
        places = np.arange(int(counts.sum())) + np.repeat(first - before, counts)
        rows: NDArray[np.int32] = self.by_asset[places]
        return rows


def path_beside(catalogue: Path) -> Path:
    """Where the vectors of a catalogue lie."""
    return catalogue.with_name(catalogue.name + "-vectors")


def key_of(connection: sqlite3.Connection, model: sqlite3.Row) -> Key:
    """What the file must have been made from."""
    return {
        "magic": _MAGIC,
        "catalogue": state.get(connection, "catalogue"),
        "model": model["name"],
        "dimensions": model["dimensions"],
        "features": list(FEATURES),
    }


def open_file(path: Path, key: Key) -> VectorFile | None:
    """The file as it is mapped, or None where there is no whole one made from this catalogue."""
    try:
        with path.open("rb") as file:
            header = json.loads(file.read(_HEADER_BYTES))
            if {name: header[name] for name in key} != key:
                return None
            if os.fstat(file.fileno()).st_size != header["size"]:
                return None
        laid_out = _layout(*(header[name] for name in _SIZES))
        held = {name: _mapped(path, *where) for name, where in laid_out.items()}
        if header["check"] != _check([held[name] for name in _CHECKED]):
            return None
        return VectorFile(
            header["model"],
            header["last_vector_id"],
            held["take_ids"],
            held["asset_ids"],
            held["vectors"],
            Cells(
                Projection(np.array(held["axes"])),
                held["steps"],
                held["centres"],
                held["starts"],
                held["rows"],
                held["codes"],
            ),
            held["places"],
            held["by_asset"],
            held["file_asset_ids"],
            held["asset_starts"],
            held["features"],
            header["measured"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def make_file(connection: sqlite3.Connection, model: sqlite3.Row, path: Path, key: Key) -> None:
    """Write all vectors of a model, and the features of their takes, to the file at `path`.

    About 200 bytes of memory a take are needed.

    Raises:
        OSError: the folder takes no file.
    """
    with snapshot(connection):
        _make_file(connection, model, path, key)


def _make_file(connection: sqlite3.Connection, model: sqlite3.Row, path: Path, key: Key) -> None:
    n, dimensions = rows.count(connection, model["id"]), model["dimensions"]
    wanted = cells.how_many(n)
    sample = _sample(connection, model, max(wanted * cells.LEARNED_FROM, 5_000))
    projection, steps, centres = cells.learn(sample, wanted)
    short = int(projection.axes.shape[1])
    n_assets = rows.count_assets(connection, model["id"])
    laid_out = _layout(n, n_assets, dimensions, short, len(centres))
    size = max(at + _bytes(kind, shape) for kind, shape, at in laid_out.values())
    ids = np.zeros((n, 2), np.int64)
    codes, cell = np.zeros((n, short), np.int8), np.zeros(n, np.int32)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.truncate(size)
            done = last = 0
            vectors_at, features_at = laid_out["vectors"][2], laid_out["features"][2]
            every = rows.after(connection, model["id"], 0, n, FEATURES)
            for taken in rows.in_batches(every, _BATCH):
                block = _numbers([row[3] for row in taken], dimensions)
                _write_at(file, vectors_at + 2 * dimensions * done, block)
                measured = np.array([row[4:] for row in taken], np.float32)
                for at, column in enumerate(measured.T):
                    _write_at(file, features_at + 4 * (n * at + done), column)
                some = slice(done, done + len(taken))
                shortened = projection.shorten(block)
                ids[some] = [row[1:3] for row in taken]
                codes[some] = cells.codes_of(shortened, steps)
                cell[some] = cells.cells_of(shortened, centres)
                done += len(taken)
                last = taken[-1][0]
            assert done == n
            order = np.argsort(cell, kind="stable").astype(np.int32)
            by_asset = np.argsort(ids[:, 1], kind="stable").astype(np.int32)
            file_asset_ids, asset_starts = np.unique(ids[by_asset, 1], return_index=True)
            places = np.empty(n, np.int32)
            places[order] = np.arange(n, dtype=np.int32)
            sizes = np.bincount(cell, minlength=len(centres))
            arrays: dict[str, NDArray[np.generic]] = {
                "take_ids": ids[:, 0],
                "asset_ids": ids[:, 1],
                "axes": projection.axes,
                "steps": steps,
                "centres": centres,
                "starts": np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
                "rows": order,
                "places": places,
                "by_asset": by_asset,
                "file_asset_ids": file_asset_ids,
                "asset_starts": np.concatenate([asset_starts, [n]]).astype(np.int64),
            }
            for name, array in arrays.items():
                _write_at(file, laid_out[name][2], array)
            for start in range(0, n, _BATCH):
                at = laid_out["codes"][2] + short * start
                _write_at(file, at, codes[order[start : start + _BATCH]])
            header = key | {
                "takes": n,
                "assets": n_assets,
                "last_vector_id": last,
                "measured": takes.times_measured_anew(connection),
                "short": short,
                "cells": len(centres),
                "size": size,
                "check": _check([arrays[name] for name in _CHECKED]),
            }
            file.seek(0)
            file.write(json.dumps(header).encode().ljust(_HEADER_BYTES))
        # Whoever may read the catalogue may read this; a temporary file is its maker's alone.
        Path(temporary).chmod(path_of(connection).stat().st_mode & 0o666)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _layout(
    n: int, n_assets: int, dimensions: int, short: int, n_cells: int
) -> dict[str, tuple[type[np.generic], tuple[int, ...], int]]:
    """(type, shape, place in the file) of each array."""
    shapes: dict[str, tuple[type[np.generic], tuple[int, ...]]] = {
        "axes": (np.float32, (dimensions, short)),
        "steps": (np.float32, (short,)),
        "centres": (np.float32, (n_cells, short)),
        "starts": (np.int64, (n_cells + 1,)),
        "take_ids": (np.int64, (n,)),
        "asset_ids": (np.int64, (n,)),
        "places": (np.int32, (n,)),
        "by_asset": (np.int32, (n,)),
        "file_asset_ids": (np.int64, (n_assets,)),
        "asset_starts": (np.int64, (n_assets + 1,)),
        "rows": (np.int32, (n,)),
        "codes": (np.int8, (n, short)),
        "vectors": (np.float16, (n, dimensions)),
        "features": (np.float32, (len(FEATURES), n)),
    }
    laid_out, end = {}, _HEADER_BYTES
    for name, (kind, shape) in shapes.items():
        laid_out[name] = (kind, shape, end)
        end += -(-_bytes(kind, shape) // _ALIGN) * _ALIGN
    return laid_out


def _bytes(kind: type[np.generic], shape: tuple[int, ...]) -> int:
    return int(np.dtype(kind).itemsize * np.prod(shape, dtype=np.int64))


def _mapped(path: Path, kind: type[np.generic], shape: tuple[int, ...], place: int) -> Any:
    return np.memmap(path, kind, "r", place, shape).view(np.ndarray)


def _check(arrays: list[NDArray[np.generic]]) -> int:
    check = 0
    for array in arrays:
        check = zlib.crc32(np.ascontiguousarray(array).tobytes(), check)
    return check


def _write_at(file: BinaryIO, place: int, numbers: NDArray[np.generic]) -> None:
    file.seek(place)
    file.write(np.ascontiguousarray(numbers).tobytes())


def _numbers(blobs: list[bytes], dimensions: int) -> NDArray[np.float16]:
    return np.frombuffer(b"".join(blobs), np.float16).reshape(-1, dimensions)


def _sample(connection: sqlite3.Connection, model: sqlite3.Row, most: int) -> Vectors:
    taken = rows.spread(connection, model["id"], most)
    return _numbers(taken, model["dimensions"]).astype(np.float32)
