"""What was used where: each session's sounds, as the catalogue remembers them."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from db import SchemaError, uses
from db.connect import change_catalogue, open_catalogue, transaction
from library import LibraryError
from library.catalogue import find_asset

_WAIT_MS = 5_000  # for a scan's batch; history is not worth holding up a reel


@dataclass(frozen=True, kw_only=True)
class Use:
    """One clip of a session. `timecode` is that of its sync point, else of its start."""

    cue: str
    stem: str
    track: str
    timecode: str
    asset_id: int
    take: int


@dataclass(frozen=True, kw_only=True)
class UsedIn(Use):
    """A use, and the session that it is of."""

    session: str
    file: str
    used_at: str  # UTC, ISO 8601


@dataclass(frozen=True, kw_only=True)
class SessionUsed:
    """A session that the catalogue remembers."""

    session: str
    file: str
    used_at: str
    clips: int
    sounds: int


def remember(catalogue: Path, session: str, file: Path, used: Iterable[Use]) -> None:
    """Remember what a session plays, in place of what was known of this session file.

    Raises:
        LibraryError: the catalogue cannot be written to, or a scan holds it for long.
    """
    rows = [(u.cue, u.stem, u.track, u.timecode, u.asset_id, u.take) for u in used]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        with closing(change_catalogue(catalogue)) as connection:
            connection.execute(f"pragma busy_timeout = {_WAIT_MS}")
            with transaction(connection):
                uses.replace(connection, session, str(file.absolute()), now, rows)
    except (sqlite3.OperationalError, SchemaError) as problem:
        raise LibraryError(
            f"{catalogue}: what {session} uses is not remembered: {problem}"
        ) from None


def forget(catalogue: Path, session: str) -> int:
    """Forget a session, by its name or its file; how many clips of it were remembered.

    Raises:
        LibraryError: none of this name is remembered.
    """
    with closing(change_catalogue(catalogue)) as connection, transaction(connection):
        gone = uses.forget(connection, session)
        gone = gone or uses.forget(connection, str(Path(session).absolute()))
    if not gone:
        raise LibraryError(f"{session}: no session of this name or file is remembered")
    return gone


def uses_of_sound(catalogue: Path, sound: str) -> list[UsedIn]:
    """Where a sound (an id, or the end of its path) plays, the latest session first.

    Raises:
        LibraryError: no such sound.
    """
    with closing(open_catalogue(catalogue)) as connection:
        asset = find_asset(connection, sound)
        if asset is None:
            raise LibraryError(f"{sound}: no sound in the library has this id or path")
        rows = [dict(row) for row in uses.of_asset(connection, asset.id)]
    for row in rows:
        del row["id"]
    return [UsedIn(**row) for row in rows]


def sessions_used(catalogue: Path) -> list[SessionUsed]:
    """Every session that is remembered, the latest first."""
    with closing(open_catalogue(catalogue)) as connection:
        return [SessionUsed(**dict(row)) for row in uses.sessions(connection)]
