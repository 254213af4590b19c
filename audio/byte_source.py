"""Bytes of a file from any place: what the reading of chunks and of samples stands on."""

import io
import os
import stat
import threading
from pathlib import Path
from typing import BinaryIO

from audio import AudioError

_WINDOW_BYTES = 8192  # one read shows the whole head of an ordinary Broadcast WAV
# A pipe that nobody writes to would else be waited for, without an end.
_OPEN_FLAGS = os.O_RDONLY
for _flag in ("O_BINARY", "O_CLOEXEC", "O_NONBLOCK"):
    _OPEN_FLAGS |= getattr(os, _flag, 0)
_FAR = 1 << 62  # no file is as long; some file systems say so of a folder
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

_one_at_a_time = threading.Lock()


def _seek_and_read(descriptor: int, size: int, offset: int) -> bytes:
    """`os.pread` for systems without it: place and reading are two steps there."""
    with _one_at_a_time:
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.read(descriptor, size)


read_at = getattr(os, "pread", _seek_and_read)
"""(descriptor, size, offset) → bytes; threads may share the descriptor."""


def open_descriptor(path: Path | str) -> tuple[int, int]:
    """Open a file for reading; its descriptor and its size in bytes.

    Raises:
        AudioError: it is not there, may not be read, or is a folder, a pipe or a device.
    """
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise AudioError(f"{path}: cannot be opened: {reason}") from None
    try:
        size = os.lseek(descriptor, 0, os.SEEK_END)
    except OSError:  # of a pipe
        size = 0
    # Asking for the kind costs four times as much, and only an odd size makes one ask.
    if not 0 < size < _FAR:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            kind = _KINDS.get(stat.S_IFMT(status.st_mode), "no file")
            raise AudioError(f"{path}: is {kind}; a sound file would be right")
    return descriptor, size


class Source:
    """Bytes of an open file or of memory, read through one small window."""

    def __init__(self, fd: int | None, memory: BinaryIO | None, size: int) -> None:
        self._fd = fd
        self._memory = memory
        self.window = b""
        self.window_start = 0
        self.size = size

    @classmethod
    def of_descriptor(cls, fd: int, size: int) -> "Source":
        return cls(fd, None, size)

    @classmethod
    def of_file(cls, file: BinaryIO) -> "Source":
        return cls(None, file, file.seek(0, io.SEEK_END))

    def read(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes from `offset`; fewer at the end of the file."""
        start = offset - self.window_start
        if start < 0 or start + size > len(self.window):
            self.window = self._fetch(offset, max(size, _WINDOW_BYTES))
            self.window_start = offset
            start = 0
        return self.window[start : start + size]

    def _fetch(self, offset: int, size: int) -> bytes:
        size = max(0, min(size, self.size - offset))
        if self._fd is not None:
            found: bytes = read_at(self._fd, size, offset)
            return found
        assert self._memory is not None
        self._memory.seek(offset)
        return self._memory.read(size)
