"""What people say of sounds, told to the catalogue: collections, ratings and notes."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from db import marks
from db.connect import create_catalogue, open_catalogue, transaction
from library import LibraryError
from library.asset import Asset
from library.catalogue import find_asset


def keep_in(catalogue: Path, name: str, sounds: Sequence[str], *, drop: bool = False) -> int:
    """Put sounds into a collection, or take them out; all of them or, on an error, none.

    Returns:
        How many sounds the collection then holds.

    Raises:
        LibraryError: no name, or a reference that is no sound of the library.
    """
    if not name.strip():
        raise LibraryError("a collection needs a name")
    with _writing(catalogue) as connection:
        for sound in sounds:
            number = _asset(connection, sound).id
            if drop:
                marks.drop(connection, name, number)
            else:
                marks.collect(connection, name, number)
        return len(marks.collection(connection, name))


def collections(catalogue: Path) -> list[tuple[str, int]]:
    """The name of each, in the order of the alphabet, and how many sounds it holds."""
    with closing(open_catalogue(catalogue)) as connection:
        return marks.collections(connection)


def rate_sound(catalogue: Path, sound: str, stars: int | None) -> None:
    """Give 1 to 5 stars, or with None take them back."""
    with _writing(catalogue) as connection:
        marks.rate(connection, _asset(connection, sound).id, stars)


def note_sound(catalogue: Path, sound: str, text: str | None) -> None:
    """Write a note, or with None take it away."""
    with _writing(catalogue) as connection:
        marks.note(connection, _asset(connection, sound).id, text)


def note_of(catalogue: Path, sound: str) -> str | None:
    """The note on a sound."""
    with closing(open_catalogue(catalogue)) as connection:
        return marks.of_asset(connection, _asset(connection, sound).id)[1]


@contextmanager
def _writing(catalogue: Path) -> Iterator[sqlite3.Connection]:
    open_catalogue(catalogue).close()  # says so if there is no library here
    with closing(create_catalogue(catalogue)) as connection, transaction(connection):
        yield connection


def _asset(connection: sqlite3.Connection, sound: str) -> Asset:
    asset = find_asset(connection, sound)
    if asset is None:
        raise LibraryError(f"{sound}: no sound in the library has this id or path")
    return asset
