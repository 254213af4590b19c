"""Rows of table `used`: which sound plays where in which session."""

import sqlite3
from collections.abc import Iterable

# cue, stem, track, timecode, asset_id, take
Use = tuple[str, str, str, str, int, int]


def replace(
    connection: sqlite3.Connection, session: str, file: str, used_at: str, uses: Iterable[Use]
) -> None:
    """Remember what a session plays, in place of what was known of this session file."""
    connection.execute("delete from used where file = ?", (file,))
    connection.executemany(
        "insert into used (session, file, used_at, cue, stem, track, timecode, asset_id, take)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((session, file, used_at, *use) for use in uses),
    )


def forget(connection: sqlite3.Connection, session: str) -> int:
    """Forget a session, by its name or its file; how many uses that were."""
    return connection.execute(
        "delete from used where session = ? collate nocase or file = ?", (session, session)
    ).rowcount


def of_asset(connection: sqlite3.Connection, asset_id: int) -> list[sqlite3.Row]:
    """Every use of a sound, the latest session first, in the order of its timecode."""
    return connection.execute(
        "select * from used where asset_id = ? order by used_at desc, file, timecode, id",
        (asset_id,),
    ).fetchall()


def sessions(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    """(session, file, used_at, clips, sounds) of each session, the latest first."""
    return connection.execute(
        "select session, file, used_at, count(*) as clips, count(distinct asset_id) as sounds"
        " from used group by file order by used_at desc, file"
    ).fetchall()
