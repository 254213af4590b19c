"""Rows of table `take`: one performance within an asset each, with what was measured of it."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

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
    insert into take (asset_id, "index", start_samples, end_samples, sync_samples, label,
                      {", ".join(FEATURES)})
    values (:asset_id, :index, :start_samples, :end_samples, :sync_samples, :label,
            {", ".join(f":{name}" for name in FEATURES)})
    returning id
"""


def replace(
    connection: sqlite3.Connection, asset_id: int, rows: Sequence[Mapping[str, object]]
) -> list[int]:
    """Put these takes in place of those that an asset had; their ids, in order."""
    connection.execute("delete from take where asset_id = ?", (asset_id,))
    empty = dict.fromkeys(FEATURES)
    return [
        connection.execute(_PUT, {**empty, **row, "asset_id": asset_id}).fetchone()[0]
        for row in rows
    ]


def of_asset(connection: sqlite3.Connection, asset_id: int) -> list[sqlite3.Row]:
    """The takes of an asset in the order of the file."""
    return connection.execute(
        'select * from take where asset_id = ? order by "index"', (asset_id,)
    ).fetchall()


def by_ids(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, sqlite3.Row]:
    """The rows that exist of `ids`, by id."""
    some = list(ids)
    marks = ", ".join("?" * len(some))
    rows = connection.execute(f"select * from take where id in ({marks})", some)
    return {row["id"]: row for row in rows}
