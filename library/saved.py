"""Searches that are asked again: kept in the catalogue, by name."""

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from pathlib import Path

from db import saved
from db.connect import change_catalogue, transaction
from library import LibraryError


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What is asked; as library.search.search takes it."""

    words: str = ""
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    aspects: dict[str, float] = field(default_factory=dict)


def save(catalogue: Path, name: str, asked: Saved) -> None:
    """Keep a search under a name, in place of what had this name.

    Raises:
        LibraryError: the name is empty, or nothing is asked.
    """
    if not name.strip():
        raise LibraryError("a saved search needs a name")
    if not (asked.words.strip() or asked.like or asked.unlike):
        raise LibraryError(f"nothing to save as {name!r}: give WORDS, --like or --unlike")
    with closing(change_catalogue(catalogue)) as connection, transaction(connection):
        saved.put(connection, name.strip(), json.dumps(asdict(asked), ensure_ascii=False))


def load(connection: sqlite3.Connection, name: str) -> Saved:
    """The search of this name.

    Raises:
        LibraryError: there is none; the nearest name is told.
    """
    text = saved.get(connection, name.strip())
    if text is None:
        names = list(saved.every(connection))
        raise LibraryError(f"no search is saved as {name!r}{_nearest(name, names)}")
    return _read(text)


def saved_searches(connection: sqlite3.Connection) -> dict[str, Saved]:
    """All of them, by name."""
    return {name: _read(text) for name, text in saved.every(connection).items()}


def forget(catalogue: Path, name: str) -> None:
    """Drop a saved search.

    Raises:
        LibraryError: there is none of this name.
    """
    with closing(change_catalogue(catalogue)) as connection, transaction(connection):
        load(connection, name)
        saved.remove(connection, name.strip())


def _read(text: str) -> Saved:
    asked = json.loads(text)
    return Saved(
        words=asked["words"],
        like=tuple(asked["like"]),
        unlike=tuple(asked["unlike"]),
        aspects=asked.get("aspects", {}),
    )


def _nearest(name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, n=1)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; saved are {', '.join(map(repr, names))}" if names else "; none are saved yet"
