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
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_HEADER_BYTES = 8192
_ALIGN = 4096

Arrays = Mapping[str, NDArray[Any]]


def write_arrays(
    path: Path,
    header: Mapping[str, object],
    arrays: Arrays,
    checked: Collection[str] = (),
    like: Path | None = None,
) -> None:
    """Write the file, or on an error leave what stood there.

    Args:
        header: what a reader wants to know; its names are not those of arrays.
        checked: arrays that are compared with their CRC whenever the file is opened.
        like: who may read this file may read that one.

    Raises:
        OSError: the folder takes no file.
    """
    size, places = _HEADER_BYTES, dict[str, int]()
    for name, array in arrays.items():
        places[name] = size
        size += -(-array.nbytes // _ALIGN) * _ALIGN
    laid_out = {
        name: [array.dtype.str, list(array.shape), places[name]] for name, array in arrays.items()
    }
    whole = dict(header) | {"arrays": laid_out, "size": size}
    whole["check"] = _check(arrays[name] for name in checked)
    whole["checked"] = list(checked)
    told = json.dumps(whole).encode()
    assert len(told) <= _HEADER_BYTES
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.truncate(size)
            file.write(told.ljust(_HEADER_BYTES))
            for name, array in arrays.items():
                file.seek(places[name])
                np.ascontiguousarray(array).tofile(file)
        if like is not None:
            # A temporary file is its maker's alone.
            Path(temporary).chmod(like.stat().st_mode & 0o666)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


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
        if header["check"] != _check(held[name] for name in header["checked"]):
            return None
        return header, held
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _mapped(path: Path, kind: str, shape: list[int], place: int) -> NDArray[Any]:
    if not all(shape):
        return np.zeros(shape, kind)
    return np.memmap(path, kind, "r", place, tuple(shape)).view(np.ndarray)


def _check(arrays: Any) -> int:
    check = 0
    for array in arrays:
        check = zlib.crc32(np.ascontiguousarray(array).tobytes(), check)
    return check
