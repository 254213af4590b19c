"""The file of vectors and features beside a catalogue: what it holds, how it is made and opened.

What every question needs is checked when the file is opened.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from db import state, takes
from db import vectors as rows
from db.connect import path_of, snapshot
from library import cells
from library.array_file import Shape, new_arrays, open_arrays
from library.aspects import FEATURES
from library.cells import Cells
from library.neighbours import Projection, Vectors

Key = dict[str, object]

_MAGIC = "dubstage vectors 4"
_BATCH = 8192  # vectors


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
    found = open_arrays(path, key)
    if found is None:
        return None
    header, held = found
    return VectorFile(
        header["model"],
        header["last_vector_id"],
        held["take_ids"],
        held["asset_ids"],
        held["vectors"],
        Cells(
            Projection(np.array(held["axes"])),
            *(held[name] for name in ("steps", "centres", "starts", "rows", "codes")),
        ),
        held["places"],
        held["by_asset"],
        held["file_asset_ids"],
        held["asset_starts"],
        held["features"],
        header["measured"],
    )


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
    room = _room(n, rows.count_assets(connection, model["id"]), projection, steps, centres)
    ids, last = np.zeros((n, 2), np.int64), 0
    codes, cell = np.zeros((n, len(steps)), np.int8), np.zeros(n, np.int32)
    with new_arrays(path, room, like=path_of(connection)) as file:
        file.put("axes", projection.axes, checked=True)
        file.put("steps", steps, checked=True)
        file.put("centres", centres, checked=True)
        done = 0
        every = rows.after(connection, model["id"], 0, n, FEATURES)
        for taken in rows.in_batches(every, _BATCH):
            block = _numbers([row[3] for row in taken], dimensions)
            file.put("vectors", block, dimensions * done)
            measured = np.array([row[4:] for row in taken], np.float32)
            for at, column in enumerate(measured.T):
                file.put("features", column, n * at + done)
            some = slice(done, done + len(taken))
            shortened = projection.shorten(block)
            ids[some] = [row[1:3] for row in taken]
            codes[some] = cells.codes_of(shortened, steps)
            cell[some] = cells.cells_of(shortened, centres)
            done += len(taken)
            last = taken[-1][0]
        assert done == n
        file.put("take_ids", ids[:, 0])
        file.put("asset_ids", ids[:, 1])
        order = np.argsort(cell, kind="stable").astype(np.int32)
        places = np.empty(n, np.int32)
        places[order] = np.arange(n, dtype=np.int32)
        file.put("rows", order)
        file.put("places", places)
        for start in range(0, n, _BATCH):
            file.put("codes", codes[order[start : start + _BATCH]], len(steps) * start)
        sizes = np.bincount(cell, minlength=len(centres))
        file.put("starts", np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), checked=True)
        by_asset = np.argsort(ids[:, 1], kind="stable").astype(np.int32)
        file_asset_ids, asset_starts = np.unique(ids[by_asset, 1], return_index=True)
        file.put("by_asset", by_asset)
        file.put("file_asset_ids", file_asset_ids)
        file.put("asset_starts", np.concatenate([asset_starts, [n]]).astype(np.int64))
        measured_anew = takes.times_measured_anew(connection)
        file.tell(key | {"last_vector_id": last, "measured": measured_anew})


def _room(
    n: int, n_assets: int, projection: Projection, *learned: NDArray[np.float32]
) -> dict[str, tuple[type[np.generic], Shape]]:
    """Type and shape of each array."""
    (dimensions, short), (steps, centres) = projection.axes.shape, learned
    return {
        "axes": (np.float32, (dimensions, short)),
        "steps": (np.float32, steps.shape),
        "centres": (np.float32, centres.shape),
        "starts": (np.int64, (len(centres) + 1,)),
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


def _numbers(blobs: list[bytes], dimensions: int) -> NDArray[np.float16]:
    return np.frombuffer(b"".join(blobs), np.float16).reshape(-1, dimensions)


def _sample(connection: sqlite3.Connection, model: sqlite3.Row, most: int) -> Vectors:
    taken = rows.spread(connection, model["id"], most)
    return _numbers(taken, model["dimensions"]).astype(np.float32)
