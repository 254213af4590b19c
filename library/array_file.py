"""A file of arrays beside a catalogue: two pages of JSON, then arrays as they are in memory.

Each starts at a page's start, so that all is mapped and nothing read that is not asked for.
Small arrays are checked by their CRC when the file is opened. A file that is not whole, or not
of this catalogue, is as good as none.
"""

import contextlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

_HEADER_BYTES = 8192
_ALIGN = 4096

Shape = tuple[int, ...]


class NewArrays:
    """A file of arrays while it is written: room for each, filled in any order."""

    def __init__(self, file: BinaryIO, room: Mapping[str, tuple[DTypeLike, Shape]]) -> None:
        self._file = file
        self._laid_out = dict[str, tuple[str, Shape, int]]()
        self._checks = dict[str, int]()
        self._size = _HEADER_BYTES
        for name, (kind, shape) in room.items():
            dtype = np.dtype(kind)
            self._laid_out[name] = dtype.str, shape, self._size
            n_bytes = dtype.itemsize * int(np.prod(shape, dtype=np.int64))
            self._size += -(-n_bytes // _ALIGN) * _ALIGN
        file.truncate(self._size)

    def put(
        self, name: str, numbers: NDArray[Any], start: int = 0, *, checked: bool = False
    ) -> None:
        """Write numbers of one array, those from number `start` on, counted along its rows.

        Args:
            checked: these are all; compare them with their CRC whenever the file is opened.
        """
        kind, shape, place = self._laid_out[name]
        assert numbers.dtype == kind
        assert start + numbers.size <= np.prod(shape, dtype=np.int64)
        self._file.seek(place + start * numbers.itemsize)
        numbers = np.ascontiguousarray(numbers)
        self._file.write(numbers.data.cast("B") if numbers.size else b"")
        if checked:
            self._checks[name] = zlib.crc32(numbers.data)

    def tell(self, header: Mapping[str, object]) -> None:
        """Write what a reader wants to know; its names are not those used here."""
        own = {"arrays": self._laid_out, "size": self._size, "checks": self._checks}
        told = json.dumps(dict(header) | own).encode()
        assert len(told) <= _HEADER_BYTES
        self._file.seek(0)
        self._file.write(told.ljust(_HEADER_BYTES))


@contextlib.contextmanager
def new_arrays(
    path: Path, room: Mapping[str, tuple[DTypeLike, Shape]], like: Path
) -> Iterator[NewArrays]:
    """The file that will stand at `path` when all is written; on an error what stood there stays.

    Args:
        room: type and shape of each array.
        like: who may read this file may read that one.

    Raises:
        OSError: the folder takes no file.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    try:
        with os.fdopen(handle, "wb") as file:
            yield NewArrays(file, room)
        # A temporary file is its maker's alone.
        Path(temporary).chmod(like.stat().st_mode & 0o666)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def write_arrays(
    path: Path, header: Mapping[str, object], arrays: Mapping[str, NDArray[Any]], like: Path
) -> None:
    """Write arrays that are at hand, as `new_arrays` does."""
    room = {name: (array.dtype, array.shape) for name, array in arrays.items()}
    with new_arrays(path, room, like) as file:
        for name, array in arrays.items():
            file.put(name, array)
        file.tell(header)


def open_arrays(
    path: Path, wanted: Mapping[str, object]
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]] | None:
    """Header and arrays, which are mapped; None where no whole file has what is `wanted`."""
    try:
        with path.open("rb") as file:
            header = json.loads(file.read(_HEADER_BYTES))
            if {name: header[name] for name in wanted} != dict(wanted):
                return None
            if os.fstat(file.fileno()).st_size != header["size"]:
                return None
            held = {name: _mapped(path, *where) for name, where in header["arrays"].items()}
        for name, check in header["checks"].items():
            if zlib.crc32(held[name].data) != check:
                return None
        return header, held
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _mapped(path: Path, kind: str, shape: list[int], place: int) -> NDArray[Any]:
    if not all(shape):
        return np.zeros(shape, kind)
    return np.memmap(path, kind, "r", place, tuple(shape)).view(np.ndarray)
