"""What a render made, and what it could not: values, and the report's JSON.

`report.json` is held on to by other programs: keys may be added, none is renamed.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio.loudness import Loudness
from audio.whole_file import write_whole
from premix.delivery import Target
from premix.qc_checks import Finding
from premix.verify import Verified


@dataclass(frozen=True, kw_only=True)
class PlacedCue:
    """One clip as it was rendered. Record positions count from 00:00:00:00."""

    cue: str
    stem: str  # the session's, which a delivery may call otherwise
    track: str
    lane: int
    path: str  # the sound, in full
    sound: str  # the sound below its root, as the library names it
    asset_id: int
    take: int
    timecode: str  # of the sync point, or of the start where there is none
    record_start_samples: int
    sync_samples: int | None
    duration_samples: int
    source_start_samples: int  # at the sound's own rate
    as_recorded: bool  # neither pitch nor time nor filters nor rooms: a copy can be found
    gain_db: float
    pan: float
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A clip that was asked for and could not be rendered."""

    cue: str
    stem: str
    track: str
    lane: int
    timecode: str
    record_start_samples: int
    duration_samples: int
    problem: str

    def __str__(self) -> str:
        return f"cue {self.cue} ({self.stem}:{self.track}, {self.timecode}): {self.problem}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Overview:
    """A waveform small enough to draw: extremes of each bucket, over all channels."""

    bucket_samples: int
    low: NDArray[np.float32]  # (n_buckets,)
    high: NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class StemReport:
    """One stem as it lies on disk."""

    name: str
    path: str  # in full
    files: tuple[str, ...]  # beside report.json; one, or one a channel
    layout: str
    channels: tuple[str, ...]  # their labels, in the order of the file
    encoding: str
    duration_samples: int
    loudness: Loudness
    cues: tuple[PlacedCue, ...]
    overview: Overview
    short_term_lufs: tuple[float | None, ...] = ()  # windows of 3 s, one a second of the action
    findings: tuple[Finding, ...] = ()  # of what `dubstage qc` looks for, what is seen on the way
    sum_of: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    reused: bool = False  # nothing of it had changed, so it was not rendered again
    copied_samples: int = 0  # of each channel, taken over from the file that stood there
    key: str = ""  # see premix.stem_key
    ground: str = ""  # see premix.stem_changes
    clips: list[list[Any]] = field(default_factory=list)
    state: list[list[int]] = field(default_factory=list)
    sources: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Report:
    """A whole render. `problems` make it incomplete; `notes` are worth knowing."""

    session: str
    delivery: str
    rate: str
    sample_rate_hz: int
    start_timecode: str
    start_frame: int
    end_frame: int
    start_samples: int
    end_samples: int
    action_samples: tuple[int, int]  # first picture and the end of the last, as record positions
    pops: tuple[tuple[int, int], ...]
    target: Target
    stems: tuple[StemReport, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    verified: Verified = field(default_factory=dict)
    picture: tuple[tuple[str, int, int], ...] = field(default=())  # name, in and out in samples


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain values; levels are None where a stem is silent."""
    return {
        "session": report.session,
        "sample_rate_hz": report.sample_rate_hz,
        "delivery": report.delivery,
        "rate": report.rate,
        "start_timecode": report.start_timecode,
        "start_samples": report.start_samples,
        "duration_samples": report.end_samples - report.start_samples,
        "action_samples": list(report.action_samples),
        "pops": [list(pop) for pop in report.pops],
        "picture": [list(shot) for shot in report.picture],
        "target": vars(report.target),
        "stems": [_stem_as_json(stem) for stem in report.stems],
        "problems": list(report.problems),
        "notes": list(report.notes),
        "gaps": [vars(gap) for gap in report.gaps],
        "verified": dict(report.verified),
    }


def _stem_as_json(stem: StemReport) -> dict[str, Any]:
    loudness = stem.loudness
    return {
        "name": stem.name,
        "path": stem.path,
        "files": list(stem.files),
        "layout": stem.layout,
        "channels": list(stem.channels),
        "encoding": stem.encoding,
        "sum_of": list(stem.sum_of),
        "duration_samples": stem.duration_samples,
        "integrated_lufs": loudness.integrated_lufs,
        "range_lu": loudness.range_lu,
        "max_momentary_lufs": loudness.max_momentary_lufs,
        "max_short_term_lufs": loudness.max_short_term_lufs,
        "true_peak_dbtp": loudness.true_peak_dbtp,
        "sample_peak_dbfs": loudness.sample_peak_dbfs,
        "short_term_lufs": list(stem.short_term_lufs),
        "findings": [vars(finding) for finding in stem.findings],
        "reused": stem.reused,
        "copied_samples": stem.copied_samples,
        "key": stem.key,
        "ground": stem.ground,
        "clips": stem.clips,
        "state": stem.state,
        "sources": stem.sources,
        "cues": [vars(cue) for cue in stem.cues],
    }


def write_json(report: Report, path: Path) -> None:
    """Write `report.json`, whole or not at all."""
    write_whole(path, json.dumps(as_json(report), indent=1, ensure_ascii=False) + "\n")
