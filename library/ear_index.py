"""YAMNet's scores of all takes, class by class, in one file beside the catalogue.

In the order of the vector index (library.vector_index), whose file it goes with: made from the
catalogue when first asked for, made anew with the vectors, and never behind, for takes newer
than the file are read from the catalogue.
"""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from db import hearings, state
from db.connect import path_of
from library.audioset import CLASSES
from library.by_ear import STEPS
from library.hearings import SCORES_BYTES, SCORES_START
from library.vector_index import VectorIndex

_BATCH = 8192
_HEADER = 256

ScoresOf = Callable[[int], NDArray[np.uint8]]


def scores_of_takes(connection: sqlite3.Connection, index: VectorIndex) -> ScoresOf:
    """A function from a class's number to the roots of its scores, a take of `index` each."""
    held = _held(connection, index)
    if index.tail is None:
        return lambda number: held[number]
    newer = _read(connection, index.tail.take_ids)
    return lambda number: np.concatenate([held[number], newer[number]])


def _held(connection: sqlite3.Connection, index: VectorIndex) -> NDArray[np.uint8]:
    n = index.take_ids.size
    if index.file is None:  # few vectors: they have no file, nor need the scores one
        return _read(connection, index.take_ids)
    catalogue = path_of(connection)
    path = catalogue.with_name(catalogue.name + "-scores")
    key = f"dubstage scores 1 {state.get(connection, 'catalogue')} {index.model}"
    header = f"{key} {index.last_vector_id} {n}".encode().ljust(_HEADER)[:_HEADER]
    with contextlib.suppress(OSError, ValueError), path.open("rb") as file:
        if file.read(_HEADER) == header:
            return np.memmap(path, np.uint8, "r", _HEADER, (CLASSES, n)).view(np.ndarray)
    try:
        _write(path, header, n, _in_batches(connection, index.take_ids))
    except OSError:
        return _read(connection, index.take_ids)  # a read-only volume
    return np.memmap(path, np.uint8, "r", _HEADER, (CLASSES, n)).view(np.ndarray)


def _write(path: Path, header: bytes, n: int, batches: Iterable[NDArray[np.uint8]]) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(header)
            file.truncate(_HEADER + CLASSES * n)
            done = 0
            for batch in batches:
                for number, column in enumerate(batch):
                    file.seek(_HEADER + number * n + done)
                    file.write(column.tobytes())
                done += batch.shape[1]
        # Whoever may read the vectors may read this; a temporary file is its maker's alone.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _read(connection: sqlite3.Connection, take_ids: NDArray[np.int64]) -> NDArray[np.uint8]:
    batches = list(_in_batches(connection, take_ids))
    return np.concatenate(batches, axis=1) if batches else np.zeros((CLASSES, 0), np.uint8)


def _in_batches(
    connection: sqlite3.Connection, take_ids: NDArray[np.int64]
) -> Iterable[NDArray[np.uint8]]:
    """Arrays (521, takes); a take that was not heard has zeros."""
    for start in range(0, take_ids.size, _BATCH):
        some = take_ids[start : start + _BATCH].tolist()
        parts = hearings.parts_of_takes(connection, some, SCORES_START, SCORES_BYTES)
        scores = np.zeros((len(some), CLASSES), np.float32)
        for row, take_id in enumerate(some):
            numbers = parts.get(take_id)
            if numbers is not None:
                scores[row] = np.frombuffer(numbers, "<f2")
        roots = np.round(STEPS * np.sqrt(np.clip(scores, 0.0, 1.0)))
        yield np.ascontiguousarray(roots.astype(np.uint8).T)
