"""Which roots a scan is about: named folders, known or new, whole or in part."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from db import assets, roots
from db.connect import open_catalogue, transaction
from library import LibraryError
from library.catalogue import folders as folders_of

_LOOKED_UP = 200  # known paths that are tried to tell whether a folder is a root that moved


@dataclass(frozen=True)
class Root:
    """What is to be scanned of one root."""

    name: str
    folder: Path
    within: str = ""  # only below this folder of it


def settle_roots(
    connection: sqlite3.Connection, folders: Sequence[Path], names: Sequence[str] = ()
) -> tuple[list[Root], list[str]]:
    """The roots that folders are, or lie in, remembered with where they are now.

    A folder that a root of the same name has moved to (another drive letter, another
    mount) is told by the files it holds, and keeps that root.

    Returns:
        The roots, and what is wrong with the folders that are none.

    Raises:
        LibraryError: a name is given for a folder that lies in a root of another name.
    """
    settled: dict[tuple[str, str], Root] = {}
    problems = []
    for number, given in enumerate(folders):
        folder = Path(os.path.abspath(given))  # noqa: PTH100 - a link keeps its own name
        if not folder.is_dir():
            what = "is a file, not a folder" if folder.is_file() else "is not there"
            problems.append(f"{given} {what}; is its drive mounted?")
            continue
        name = names[number] if number < len(names) else None
        with transaction(connection):
            root = _settle(connection, folder, name)
        settled[root.name, root.within] = root
    whole = {root.name for root in settled.values() if not root.within}
    return [r for r in settled.values() if not r.within or r.name not in whole], problems


def known_folders(catalogue: Path) -> list[Path]:
    """Where the roots of a library are, by name; none if there is no such file yet."""
    if not catalogue.exists():
        return []
    with closing(open_catalogue(catalogue)) as connection:
        return list(folders_of(connection).values())


def drop_root(connection: sqlite3.Connection, name: str) -> int:
    """Take a root out of the library with all its sounds; how many they were.

    Raises:
        LibraryError: there is no such root.
    """
    known = roots.folders(connection)
    if name not in known:
        some = ", ".join(known) or "none"
        raise LibraryError(f"there is no root {name!r} in this library; it has {some}")
    with transaction(connection):
        ids = [place[3] for place in assets.places(connection, name)]
        assets.remove(connection, ids)
        roots.remove(connection, name)
    return len(ids)


def _settle(connection: sqlite3.Connection, folder: Path, name: str | None) -> Root:
    known = folders_of(connection)
    for known_name, known_folder in known.items():
        if folder == known_folder or known_folder in folder.parents:
            if name not in (None, known_name):
                raise LibraryError(f"{folder} is in the library as part of root {known_name!r}")
            within = "" if folder == known_folder else folder.relative_to(known_folder).as_posix()
            return Root(known_name, folder=known_folder, within=within)
    wanted = name or folder.name or "root"
    if name is None and wanted in known and not _is_moved(connection, wanted, known, folder):
        wanted = next(n for k in count(2) if (n := f"{folder.name} {k}") not in known)
    roots.add(connection, wanted, os.fspath(folder))
    return Root(wanted, folder)


def _is_moved(
    connection: sqlite3.Connection, name: str, known: dict[str, Path], folder: Path
) -> bool:
    if known[name].is_dir():
        return False
    tried = list(islice((place[0] for place in assets.places(connection, name)), _LOOKED_UP))
    there = sum((folder / path).is_file() for path in tried)
    return 2 * there >= len(tried)
