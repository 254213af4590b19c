"""Rows of numbers that are added to; of many, the disk keeps all but what is looked at.

So the memory of a scan does not grow with the length of a file.
"""

import mmap
import weakref
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_MOST_IN_MEMORY = 3_000_000  # bytes: a quarter of an hour of windows
_AT_ONCE = 1_000_000  # bytes written together


class Grown:
    """Numbers of one kind that are added to in place, so that they are never held twice."""

    def __init__(self, kind: type[np.floating]) -> None:
        self._numbers = np.empty(1024, kind)
        self._count = 0

    def add(self, numbers: NDArray[np.floating]) -> None:
        end = self._count + len(numbers)
        if end > len(self._numbers):
            self._numbers.resize(max(end, len(self._numbers) * 9 // 8), refcheck=False)
        self._numbers[self._count : end] = numbers
        self._count = end

    @property
    def filled(self) -> NDArray[Any]:
        """All of them; a view."""
        return self._numbers[: self._count]


class Rows:
    """float32 rows of one width.

    >>> rows = Rows(2)
    >>> rows.add(np.ones((3, 2), np.float32))
    >>> rows.filled().shape
    (3, 2)
    """

    def __init__(self, width: int, most_in_memory: int = _MOST_IN_MEMORY) -> None:
        self._rows = np.empty((64, width), np.float32)
        self._count = 0  # in memory
        self._most = max(64, most_in_memory // (4 * width))
        self._file: IO[bytes] | None = None
        self._map: mmap.mmap | None = None

    def add(self, rows: Floats) -> None:
        """Rows (n, width) that follow; not after they have been looked at."""
        end = self._count + len(rows)
        if end > self._most:
            self._write(rows)
            return
        if end > len(self._rows):
            wanted = min(self._most, max(end, len(self._rows) * 5 // 4))
            self._rows.resize((wanted, self._rows.shape[1]), refcheck=False)
        self._rows[self._count : end] = rows
        self._count = end

    def filled(self) -> Floats:
        """All rows, shape (n, width), to be read only; a view, valid as long as this is."""
        if self._file is None:
            return self._rows[: self._count]
        if self._map is None:
            self._write(self._rows[:0])
            self._file.flush()
            self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        return np.frombuffer(self._map, np.float32).reshape(-1, self._rows.shape[1])

    def let_go(self) -> None:
        """Take from memory what the disk has as well."""
        if self._map is not None and hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def _write(self, rows: Floats) -> None:
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115 - has no name, and goes with these rows
            weakref.finalize(self, self._file.close)
            self._most = max(64, _AT_ONCE // (4 * self._rows.shape[1]))
        for part in (self._rows[: self._count], rows):
            self._file.write(part.astype(np.float32).tobytes())
        self._rows, self._count = self._rows[: min(len(self._rows), self._most)].copy(), 0
