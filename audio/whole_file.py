"""A file that is there whole or not at all: written beside its place, then moved into it."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audio import AudioError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary neighbour of `path` to write to; on a clean exit it takes the place of `path`.

    After an error, or a crash, what stood at `path` still stands there. The neighbour
    keeps the suffix, by which some writers choose their format.

    Raises:
        AudioError: the folder is not there, cannot be written to, or is full.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     place = Path(folder) / "reel1.edl"
    ...     with whole_file(place) as neighbour:
    ...         _ = neighbour.write_text("TITLE: reel 1")
    ...         there_early = place.exists()
    ...     there_early, place.read_text()
    (False, 'TITLE: reel 1')
    """
    try:
        handle, name = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.stem}.", suffix=path.suffix
        )
    except OSError as problem:
        raise AudioError(f"{path}: cannot be written: {problem.strerror}") from None
    os.close(handle)
    neighbour = Path(name)
    try:
        yield neighbour
        with neighbour.open("rb+") as written:
            os.fsync(written.fileno())
        # mkstemp lets its owner alone read; what is delivered is for whomever the folder is for.
        mask = os.umask(0)
        os.umask(mask)
        neighbour.chmod(0o666 & ~mask)
        neighbour.replace(path)
    except OSError as problem:
        raise AudioError(f"{path}: cannot be written: {problem.strerror or problem}") from None
    finally:
        with contextlib.suppress(OSError):
            neighbour.unlink()
