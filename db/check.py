"""Whether a catalogue is whole: what must hold between its tables at any moment."""

import sqlite3

from db.words import ASSET_ID

_RULES = {
    "assets without a row in the word index": (
        "select count(*) from asset where id not in (select asset_id from word_row"
        " join words on words.rowid = word_row.row)"
    ),
    "rows of the word index without an asset": (
        "select count(*) from words where rowid not in (select row from word_row)"
        f" or {ASSET_ID} not in (select id from asset)"
    ),
    "assets without a take": (
        "select count(*) from asset where id not in (select asset_id from take)"
    ),
    "assets without a picture": (
        "select count(*) from asset where id not in (select asset_id from peaks)"
    ),
    "takes without a vector of the model that searches use": (
        "select count(*) from take where id not in (select take_id from vector"
        " join model on model.id = vector.model_id join state on state.value = model.name"
        " where state.name = 'model')"
    ),
    "files both taken in and refused": (
        "select count(*) from asset join refusal using (root, path)"
    ),
}


def problems(connection: sqlite3.Connection) -> list[str]:
    """What is wrong with a catalogue; of a whole one nothing. Reads all of it."""
    found = [
        f"integrity: {row[0]}"
        for row in connection.execute("pragma integrity_check")
        if row[0] != "ok"
    ]
    found += [f"a row of {row[0]} names none of {row[2]}" for row in _foreign(connection)]
    for what, sql in _RULES.items():
        count = connection.execute(sql).fetchone()[0]
        if count:
            found.append(f"{count} {what}")
    return found


def _foreign(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    return connection.execute("pragma foreign_key_check").fetchall()
