"""One vector a sound: where all its takes together point."""

import sqlite3
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from db import vectors


def sound_vectors(
    connection: sqlite3.Connection, model: int, asset_ids: Sequence[int]
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """(asset id, direction of the mean of its takes, unit length) of those that were heard."""
    for number in asset_ids:
        rows = vectors.of_asset(connection, number, model)
        if not rows:
            continue
        mean = np.mean([np.frombuffer(row["numbers"], "<f2") for row in rows], axis=0, dtype=float)
        yield number, mean / max(float(np.linalg.norm(mean)), 1e-12)
