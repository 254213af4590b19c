"""Rows of table `take`: one performance within an asset each, with what was measured of it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from db import state
from db.conditions import Condition, Value, clause

_MOST_AT_ONCE = 10_000  # rows
PLACE = ("index", "start_samples", "end_samples", "sync_samples", "label")
FEATURES = (
    "duration_s",
    "loudness_lufs",
    "rms_dbfs",
    "peak_dbfs",
    "crest_db",
    "attack_s",
    "decay_s",
    "temporal_centroid",
    "onset_count",
    "onsets_per_min",
    "pace_per_min",
    "centroid_hz",
    "bandwidth_hz",
    "rolloff_hz",
    "flatness",
    "contrast_db",
    "flux_db",
    "low_share",
    "mid_share",
    "high_share",
    "zero_crossings_per_s",
    "pitch_hz",
    "pitch_confidence",
    "tonality",
    "noisiness",
    "roughness",
    "stereo_width",
    "stereo_correlation",
    "level_range_db",
    "steadiness",
    "loopability",
)

_PUT = f"""
    insert into take (asset_id, "index", start_samples, end_samples, sync_samples, label, steady,
                      {", ".join(FEATURES)})
    values (:asset_id, :index, :start_samples, :end_samples, :sync_samples, :label, :steady,
            {", ".join(f":{name}" for name in FEATURES)})
    returning id
"""


_UPDATE = f"""
    update take set sync_samples = :sync_samples, label = :label, steady = :steady,
        {", ".join(f"{name} = :{name}" for name in FEATURES)}
    where id = :id
"""


def replace(
    connection: sqlite3.Connection, asset_id: int, rows: Sequence[Mapping[str, object]]
) -> list[int]:
    """Put these takes in place of those that an asset had; their ids, in order.

    Takes that lie where they lay keep their ids, and so the vectors of other models.
    """
    had = of_asset(connection, asset_id)
    if had and _measured(map(dict, had)) != _measured(rows):
        state.put(connection, "measured", str(int(times_measured_anew(connection)) + 1))
    edges = [(row["start_samples"], row["end_samples"]) for row in had]
    if edges == [(row["start_samples"], row["end_samples"]) for row in rows]:
        ids = [row["id"] for row in had]
        connection.executemany(
            _UPDATE, [{**row, "id": id_} for id_, row in zip(ids, rows, strict=True)]
        )
        return ids
    connection.execute("delete from take where asset_id = ?", (asset_id,))
    return [connection.execute(_PUT, {**row, "asset_id": asset_id}).fetchone()[0] for row in rows]


def times_measured_anew(connection: sqlite3.Connection) -> str:
    """A number that grows when takes of a known asset get other measures than they had."""
    return state.get(connection, "measured") or "0"


def of_asset(connection: sqlite3.Connection, asset_id: int) -> list[sqlite3.Row]:
    """The takes of an asset in the order of the file."""
    return connection.execute(
        'select * from take where asset_id = ? order by "index"', (asset_id,)
    ).fetchall()


def by_ids(
    connection: sqlite3.Connection, ids: Sequence[int], conditions: Sequence[Condition] = ()
) -> dict[int, sqlite3.Row]:
    """The rows that exist of `ids` and meet the conditions (on takes), by id."""
    marks = ", ".join("?" * len(ids))
    values: list[Value] = list(ids)
    clauses = [clause(f"take.{c.field.partition('.')[2]}", c, values) for c in conditions]
    rows = connection.execute(
        f"select * from take where id in ({marks})" + "".join(f" and {c}" for c in clauses), values
    )
    return {row["id"]: row for row in rows}


def best_of_assets(
    connection: sqlite3.Connection,
    asset_ids: Sequence[int],
    conditions: Sequence[Condition] = (),
    worth: Callable[[str], int] = lambda _label: 0,
) -> dict[int, sqlite3.Row]:
    """The take of each asset that meets the conditions (on takes), by asset id.

    Of several the one whose label is worth most (none is worth 0), and of these the first.
    """
    marks = ", ".join("?" * len(asset_ids))
    values: list[Value] = list(asset_ids)
    clauses = [clause(f"take.{c.field.partition('.')[2]}", c, values) for c in conditions]
    rows = connection.execute(
        f"select * from take where asset_id in ({marks})"
        + "".join(f" and {c}" for c in clauses)
        + ' order by asset_id, "index" desc',
        values,
    )
    best: dict[int, tuple[int, sqlite3.Row]] = {}
    for row in rows:  # the last one read is the first of the file
        value = worth(row["label"]) if row["label"] else 0
        if row["asset_id"] not in best or value >= best[row["asset_id"]][0]:
            best[row["asset_id"]] = value, row
    return {asset_id: row for asset_id, (_value, row) in best.items()}


def counts(connection: sqlite3.Connection, asset_ids: Sequence[int]) -> dict[int, int]:
    """How many takes each asset has."""
    marks = ", ".join("?" * len(asset_ids))
    rows = connection.execute(
        f"select asset_id, count(*) from take where asset_id in ({marks}) group by 1",
        list(asset_ids),
    )
    return {row[0]: row[1] for row in rows}


def numbers(
    connection: sqlite3.Connection, columns: Sequence[str], ids: Sequence[int]
) -> Iterator[tuple[list[int], list[tuple[float | None, ...]]]]:
    """Columns (of FEATURES) of those of `ids` that exist, some thousands at a time.

    Args:
        ids: in rising order.
    """
    assert set(columns) <= set(FEATURES)
    sql = f"select id, {', '.join(columns)} from take where id"
    for start in range(0, len(ids), _MOST_AT_ONCE):
        some = ids[start : start + _MOST_AT_ONCE]
        if some[-1] - some[0] < 2 * len(some):  # nearly all of a stretch: read on, leave some out
            wanted = set(some)
            rows = connection.execute(f"{sql} between ? and ?", (some[0], some[-1])).fetchall()
            rows = [row for row in rows if row[0] in wanted]
        else:
            rows = connection.execute(f"{sql} in ({', '.join('?' * len(some))})", some).fetchall()
        yield [row[0] for row in rows], [tuple(row)[1:] for row in rows]


def _measured(rows: Iterable[Mapping[str, object]]) -> list[list[object]]:
    return [[row[name] for name in ("start_samples", "end_samples", *FEATURES)] for row in rows]
