"""What was measured of the takes of a vector index, as library.aspects compares it.

It lies in the file beside the catalogue. Of takes newer than the file it is read from the
catalogue, and of all of them where some were measured anew since the file was made.
"""

import sqlite3
from collections.abc import Sequence

import numpy as np

from db import takes
from library.aspects import FEATURES, Floats
from library.vector_index import Rows, VectorIndex


class Measured:
    """The features of takes by their places in an index, as of the moment this is made."""

    def __init__(self, connection: sqlite3.Connection, index: VectorIndex) -> None:
        self._connection = connection
        self._index = index
        self.times_measured_anew = takes.times_measured_anew(connection)
        file = index.file
        current = file is not None and file.times_measured_anew == self.times_measured_anew
        self._file = file if current else None

    def at(self, rows: Rows, columns: Sequence[int]) -> Floats:
        """The features (n, len(FEATURES)) at these places, each column in one piece.

        Args:
            rows: in rising order, each once.
            columns: places in FEATURES; the other columns may hold anything.
        """
        held = self._file.features if self._file is not None else np.empty((0, 0), np.float32)
        own = int(np.searchsorted(rows, held.shape[1]))
        if own == rows.size and own and rows[-1] - rows[0] == own - 1:  # one stretch
            stretch: Floats = held[:, rows[0] : rows[-1] + 1].T
            return stretch
        found = np.empty((len(FEATURES), rows.size), np.float32)
        for column in columns if own else ():
            found[column, :own] = held[column][rows[:own]]
        if own < rows.size and columns:
            found[list(columns), own:] = self._read(rows[own:], columns)
        return found.T

    def _read(self, rows: Rows, columns: Sequence[int]) -> Floats:
        """(columns, rows) from the catalogue; NaN of takes that are gone."""
        take_ids, _asset_ids = self._index.ids_at(rows)
        order = np.argsort(take_ids, kind="stable")
        in_order = take_ids[order]
        names = [FEATURES[column] for column in columns]
        found = np.full((rows.size, len(names)), np.nan, np.float32)
        for ids, numbers in takes.numbers(self._connection, names, in_order.tolist()):
            at = np.searchsorted(in_order, np.array(ids, np.int64))
            found[order[at]] = np.array(numbers, np.float32)
        return found.T
