"""Which sound files lie below a folder. Reads names, sizes and times only."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = frozenset(
    [
        ".wav",
        ".wave",
        ".bwf",
        ".rf64",
        ".bw64",
        ".w64",
        ".caf",
        ".au",
        ".snd",
        ".aif",
        ".aiff",
        ".aifc",
        ".flac",
        ".ogg",
        ".oga",
        ".opus",
        ".mp3",
    ]
)


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A file that claims to be a sound, by its suffix."""

    path: str  # below the root, with "/" between folders
    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A folder or file that the system does not let us look at."""

    path: str
    reason: str


def find_sounds(
    root: Path, within: str = "", skip: Collection[Path] = ()
) -> Iterator[SoundFile | Unreadable]:
    """Every sound file below a root, folder by folder, each in the order of names.

    Hidden files and folders are left out, and with them the "._x.wav" that macOS leaves
    beside x.wav. Links are followed; a folder that was entered already is not entered
    again, so a link to a folder above does no harm.

    Args:
        within: only below this folder of the root, as `SoundFile.path` writes it.
        skip: folders not to enter, such as roots of their own.
    """
    skipped = {os.fspath(folder) for folder in skip}
    entered: set[tuple[int, int]] = set()
    waiting = [within.strip("/")]
    while waiting:
        below = waiting.pop()
        folder = os.path.join(root, below) if below else os.fspath(root)  # noqa: PTH118 - hot
        try:
            status = os.stat(folder)  # noqa: PTH116
            if (status.st_dev, status.st_ino) in entered:
                continue
            entered.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as problem:
            yield Unreadable(below or ".", problem.strerror or str(problem))
            continue
        folders = []
        for entry in listed:
            name = entry.name
            if name.startswith("."):
                continue
            path = f"{below}/{name}" if below else name
            try:
                if entry.is_dir():
                    if entry.path not in skipped:
                        folders.append(path)
                elif not name.isprintable() and not _is_unicode(name):
                    yield Unreadable(
                        path.encode("utf-8", "backslashreplace").decode(),
                        "its name is not Unicode; rename it",
                    )
                elif name[name.rfind(".") :].lower() in SUFFIXES:
                    status = entry.stat()
                    yield SoundFile(path, status.st_size, status.st_mtime_ns)
            except OSError as problem:
                yield Unreadable(path, problem.strerror or str(problem))
        waiting.extend(reversed(folders))


def _is_unicode(name: str) -> bool:
    """Whether a name has letters only; bytes that are none come as surrogates (PEP 383)."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
