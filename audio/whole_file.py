"""A file that is there whole or not at all: written beside its place, then moved into it."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audio import AudioError

_NAME_LETTERS = (
    50  # of the place's name in the neighbour's: file systems hold 255 bytes, a letter up to four
)


class WholeFile:
    """A temporary `neighbour` of `path`, which is `keep`-t or discarded; not done by itself.

    For what is written over a long time; `whole_file` is for the rest.

    Args:
        suffix: of the neighbour; None: that of `path`, by which some writers choose their format.

    Raises:
        AudioError: the folder is not there or cannot be written to.
    """

    def __init__(self, path: Path, suffix: str | None = None) -> None:
        self.path = path
        suffix = path.suffix if suffix is None else suffix
        name = f".{path.stem[:_NAME_LETTERS]}.{secrets.token_hex(6)}{suffix}"
        self.neighbour = path.with_name(name)
        try:
            # Made with the permissions the umask gives, unlike the files of `tempfile`.
            os.close(os.open(self.neighbour, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        except OSError as problem:
            raise AudioError(f"{path}: cannot be written: {problem.strerror}") from None

    def keep(self) -> None:
        """Have the disk hold the neighbour, and put it in its place in one step.

        Raises:
            OSError: that failed; what was at the place is still there.
        """
        with self.neighbour.open("rb+") as written:
            os.fsync(written.fileno())
        self.neighbour.replace(self.path)
        _sync_folder(self.path.parent)

    def discard(self) -> None:
        """Nothing of it remains; after `keep` there is nothing to remove."""
        with contextlib.suppress(OSError):
            self.neighbour.unlink()


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
    file = WholeFile(path)
    try:
        yield file.neighbour
        file.keep()
    except OSError as problem:
        raise AudioError(f"{path}: cannot be written: {problem.strerror or problem}") from None
    finally:
        file.discard()


def write_whole(path: Path, text: str) -> None:
    """Write a text, in UTF-8 and with its line ends as they are, by `whole_file`.

    Raises:
        AudioError: as `whole_file`.
    """
    with whole_file(path) as neighbour:
        neighbour.write_text(text, encoding="utf-8", newline="")


def _sync_folder(folder: Path) -> None:
    """Have the disk keep a renaming; where folders cannot be synced, that is for the system."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
