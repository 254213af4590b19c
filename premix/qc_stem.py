"""One stem, read from its files and looked over against what the report says was meant."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio import AudioError
from audio.files import open_sound
from audio.layout import Layout
from audio.level import Samples, db_from_gain
from audio.loudness import Loudness, LoudnessMeter
from audio.resample import resample
from audio.sample_reader import SoundReader
from premix.leader import POP_DBFS, POP_HZ
from premix.qc_checks import Finding, StemChecks, holes, lag_of

BITS = {"pcm16": 16, "pcm24": 24, "float32": 32}
_BLOCK_SAMPLES = 48_000
_NULL_DBFS = -140.0
_SYNC_REACH_SAMPLES = 480
_SYNC_LENGTH_SAMPLES = 4_800
_HEARD = 0.4  # alike enough to say that it is there, where it should be
_SURE = 0.85  # alike enough to say that it is elsewhere


@dataclass(frozen=True, kw_only=True)
class SyncOfCue:
    """Where the attack of a cue was found, in samples late (or early, below 0)."""

    cue: str
    stem: str
    timecode: str
    at_samples: int  # where it should be, from the start of the file
    lag_samples: int | None  # None: other sounds stand over it, or it was processed
    alike: float | None


def _read(readers: Sequence[SoundReader], start: int, n_samples: int) -> Samples:
    """All channels of a stem, whether in one file or many; silence outside of it."""
    before = min(max(0, -start), n_samples)
    parts = [reader.read(max(0, start), n_samples - before) for reader in readers]
    joined: Samples = np.hstack(parts)
    after = n_samples - before - len(joined)
    return np.pad(joined, ((before, after), (0, 0))) if before or after else joined


def listen(
    stem: Mapping[str, Any], readers: Sequence[SoundReader], told: Mapping[str, Any]
) -> tuple[list[Finding], Loudness]:
    """Everything that one pass over the stem tells."""
    layout = Layout(stem["layout"], tuple(stem["channels"]))
    rate_hz, duration = told["sample_rate_hz"], stem["duration_samples"]
    bits = BITS[stem["encoding"]]
    top = 1.0 if bits == 32 else 1.0 - 2.0 ** (1 - bits)
    checks = StemChecks(stem["name"], layout, rate_hz, top)
    meter = LoudnessMeter(rate_hz, layout)
    action = [place - told["start_samples"] for place in told["action_samples"]]
    pops = [[place - told["start_samples"] for place in pop] for pop in told["pops"]]
    for start in range(0, duration, _BLOCK_SAMPLES):
        block = _read(readers, start, min(_BLOCK_SAMPLES, duration - start))
        meter.add(block[max(0, action[0] - start) : max(0, action[1] - start)])
        for pop_start, pop_end in pops:
            block = block.copy()
            block[max(0, pop_start - start) : max(0, pop_end - start)] = 0.0
        checks.add(block)
    found = list(checks.findings(plays=bool(stem["cues"])))
    powers = checks.powers()
    for cue, first, end in _backgrounds(stem, told["start_samples"]):
        for at, length in holes(powers, max(first, action[0]), min(end, action[1]), rate_hz):
            text = f"cue {cue}: silent for {length / rate_hz:.2f} s within its background"
            found.append(Finding("hole", stem["name"], text, at))
    return found, meter.result()


def _backgrounds(stem: Mapping[str, Any], start_samples: int) -> list[tuple[str, int, int]]:
    """(cue, first, end) of each background, its clips joined, from the start of the file."""
    joined: dict[tuple[str, str], list[int]] = {}
    for cue in stem["cues"]:
        if cue["stem"] == "backgrounds":
            first = cue["record_start_samples"] - start_samples
            end = first + cue["duration_samples"]
            span = joined.setdefault((cue["cue"], cue["track"]), [first, end])
            span[0], span[1] = min(span[0], first), max(span[1], end)
    return [(cue, first, end) for (cue, _track), (first, end) in joined.items()]


def check_pops(
    stem: Mapping[str, Any], readers: Sequence[SoundReader], told: Mapping[str, Any]
) -> list[Finding]:
    """Each pop at its frame: the tone in it, silence on both sides."""
    found = []
    heard = [index for index, label in enumerate(stem["channels"]) if label != "LFE"]
    for start, end in told["pops"]:
        first, length = start - told["start_samples"], end - start
        around = _read(readers, first - length, 3 * length)[:, heard].astype(np.float64)
        tone = around[length : 2 * length]
        turns = 2 * np.pi * POP_HZ / told["sample_rate_hz"] * np.arange(length)
        wave = np.stack([np.sin(turns), np.cos(turns)], axis=1)
        level = np.linalg.norm(np.linalg.lstsq(wave, tone, rcond=None)[0], axis=0)
        beside = np.abs(np.delete(around, slice(length, 2 * length), axis=0)).max()
        off_db = max(abs(db_from_gain(float(one)) - POP_DBFS) if one else np.inf for one in level)
        if off_db > 0.1 or beside > 10 ** (-60 / 20):
            text = "no pop of one frame of 1 kHz at -20 dBFS here"
            found.append(Finding("pop", stem["name"], text, first))
    return found


def check_sync(
    stem: Mapping[str, Any], readers: Sequence[SoundReader], told: Mapping[str, Any]
) -> list[SyncOfCue]:
    """The recording of each cue that has a sync point, looked for in the stem."""
    found = []
    for cue in stem["cues"]:
        if cue["sync_samples"] is None:
            continue
        lag, alike = _lag_of_cue(cue, readers, told) if cue["as_recorded"] else (None, None)
        found.append(
            SyncOfCue(
                cue=cue["cue"],
                stem=stem["name"],
                timecode=cue["timecode"],
                at_samples=cue["sync_samples"] - told["start_samples"],
                lag_samples=lag,
                alike=alike,
            )
        )
    return found


def _lag_of_cue(
    cue: Mapping[str, Any], readers: Sequence[SoundReader], told: Mapping[str, Any]
) -> tuple[int | None, float | None]:
    rate_hz = told["sample_rate_hz"]
    before = cue["sync_samples"] - cue["record_start_samples"]
    length = min(_SYNC_LENGTH_SAMPLES, cue["duration_samples"] - before)
    try:
        with open_sound(Path(cue["path"])) as source:
            # Resampled from the clip's own start, so that both grids begin together.
            n_source = -(-(before + length) * source.sample_rate_hz // rate_hz)
            recording = source.read(cue["source_start_samples"], n_source)
            recording = resample(recording, source.sample_rate_hz, rate_hz)
    except AudioError:
        return None, None
    attack: NDArray[np.float64] = recording[before : before + length].mean(axis=1, dtype=np.float64)
    start = cue["sync_samples"] - told["start_samples"] - _SYNC_REACH_SAMPLES
    heard = _read(readers, start, len(attack) + 2 * _SYNC_REACH_SAMPLES)
    lag, alike = lag_of(heard.mean(axis=1, dtype=np.float64), attack)
    sure = alike >= (_SURE if lag else _HEARD)
    return (lag if sure else None), round(alike, 3)


def check_null(
    stem: Mapping[str, Any],
    readers: Sequence[SoundReader],
    parts: Sequence[Mapping[str, Any]],
    folder: Path,
    told: Mapping[str, Any],
) -> list[Finding]:
    """The sum less its parts: silence, but for the pops, which stand in each."""
    worst, at = 0.0, 0
    with ExitStack() as opened:
        try:
            others = [
                [opened.enter_context(open_sound(folder / name)) for name in part["files"]]
                for part in parts
            ]
        except AudioError as problem:
            return [Finding("null", stem["name"], f"not all its parts are there: {problem}")]
        for start in range(0, stem["duration_samples"], _BLOCK_SAMPLES):
            rest = _read(readers, start, _BLOCK_SAMPLES).astype(np.float64)
            for other in others:
                rest -= _read(other, start, _BLOCK_SAMPLES)
            for pop_start, pop_end in told["pops"]:
                first, end = (
                    place - told["start_samples"] - start for place in (pop_start, pop_end)
                )
                rest[max(0, first) : max(0, end)] = 0.0
            peak = np.abs(rest).max(axis=1)
            if peak.max(initial=0.0) > worst:
                worst, at = float(peak.max()), start + int(peak.argmax())
    if worst and db_from_gain(worst) > _NULL_DBFS:
        text = f"less its parts leaves {db_from_gain(worst):.1f} dBFS; it should null"
        return [Finding("null", stem["name"], text, at)]
    return []
