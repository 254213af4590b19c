"""Keeping a catalogue current: whenever files under its roots change, they are scanned."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event

from library import LibraryError
from library.scan import ScanResult, scan
from library.walk import SUFFIXES

_LOOK_MS = 200
_QUIET_MS = 1_500  # a copy that is still being written keeps its folder restless


def watch(
    folders: Sequence[Path],
    catalogue: Path,
    *,
    stop: Event | None = None,
    scan_with: Callable[[Sequence[Path], Path], ScanResult] = scan,
) -> Iterator[ScanResult]:
    """Scan the folders, and again whenever sound files below them have changed.

    Ends when `stop` is set, and by a KeyboardInterrupt. A scan looks at whole roots: what moved
    from one folder to another is only then told from what was deleted here and made there.

    Raises:
        LibraryError: a folder is not there.
    """
    from watchfiles import Change
    from watchfiles import watch as watch_files

    for folder in folders:
        if not folder.is_dir():
            raise LibraryError(f"{folder} is not there; is its drive mounted?")

    def is_sound(_change: Change, path: str) -> bool:
        name = Path(path).name
        # A folder that was moved or deleted has no suffix; only files that are no sounds do.
        suffix = Path(path).suffix.lower()
        return not name.startswith(".") and (suffix in SUFFIXES or not suffix)

    changes = watch_files(
        *folders,
        watch_filter=is_sound,
        debounce=_QUIET_MS,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        stop_event=stop,
    )
    # It listens from its first look on: before the scan, so that nothing falls in between.
    next(changes, None)
    yield scan_with(folders, catalogue)
    for changed in changes:
        if changed:
            yield scan_with(folders, catalogue)
