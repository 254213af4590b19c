"""Sounds of the library by the names that a cut list has for them. Touches the database."""

import sqlite3
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import unquote

from db import assets
from library.catalogue import folders
from premix.cue_sources import FindSound


def sounds_of(connection: sqlite3.Connection) -> FindSound:
    """A finder by file name, with its suffix or without, as clip names and reels have it.

    The library is gone through once. A name that several recordings have means none of
    them: which one, nobody can tell.
    """
    ids: dict[str, set[int]] = {}
    for root in folders(connection):
        for path, _size, _modified, asset_id in assets.places(connection, root):
            place = PurePosixPath(path)
            for name in {place.name.casefold(), place.stem.casefold()}:
                ids.setdefault(name, set()).add(asset_id)

    def find(name: str) -> str | None:
        # Of a path from another machine, or a URL, only the last part can be known here.
        file_name = PureWindowsPath(unquote(name)).name.strip().casefold()
        if not any(letter.isalpha() for letter in file_name):
            return None  # "001" is a reel, and a recording's name by accident only
        found = ids.get(file_name, set())
        return str(next(iter(found))) if len(found) == 1 else None

    return find
