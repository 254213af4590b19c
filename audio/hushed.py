"""Keeping quiet what a C library says to the terminal about a file that is damaged.

The MP3 decoder within libsndfile writes its complaints to file descriptor 2 and cannot be asked
not to; in a scan they would run through the progress. What is wrong is told by the reader.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_STDERR = 2
_lock = Lock()
_inside = 0
_kept: int | None = None


@contextmanager
def hushed() -> Iterator[None]:
    """Within, nothing that is written to file descriptor 2 by this process is seen.

    Threads may be within at once: the first in closes the door and the last out opens it. What
    another thread writes to it meanwhile is lost, so be within only as long as a decoder works.
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _inside, _kept
    with _lock:
        if not _inside:
            try:
                _kept = os.dup(_STDERR)
            except OSError:  # closed: nothing can be said anyway
                _kept = None
            else:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, _STDERR)
                os.close(nowhere)
        _inside += 1


def _leave() -> None:
    global _inside, _kept
    with _lock:
        _inside -= 1
        if not _inside and _kept is not None:
            os.dup2(_kept, _STDERR)
            os.close(_kept)
            _kept = None
