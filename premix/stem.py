"""One stem, from its clips to a Broadcast WAV, block by block.

Memory holds one block and the sounds that play in it, whatever the length.
Runs in a thread of its own: numpy and soxr let go of the interpreter while they work.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from audio import AudioError
from audio.layout import Layout, layout_for
from audio.level import Samples, gain_from_db
from audio.loudness import Loudness, LoudnessMeter
from premix import PremixError
from premix.clip_source import ClipSource, Faults
from premix.mix import Strip, mix_block
from premix.pan import pan_gains
from premix.report import Overview
from premix.timeline import Clip, Track

_OVERVIEW_BUCKETS = 2_000


class RenderCancelled(Exception):
    """Another stem failed, or the user stopped: this one is not finished either."""


@dataclass(frozen=True, kw_only=True)
class StemJob:
    """All that one stem needs, so that it can be rendered apart from the others."""

    name: str
    path: Path
    tracks: tuple[Track, ...]  # only clips whose sound is at hand
    sounds: dict[int, Path]  # by asset_id
    start_samples: int
    end_samples: int
    sample_rate_hz: int
    layout: Layout
    block_samples: int


@dataclass(frozen=True, kw_only=True)
class ClipTrouble:
    """What came up while a clip was read; the rest of the stem is not touched by it."""

    clip: Clip
    track: Track
    text: str
    grave: bool = True  # False: worth knowing, but nothing is missing


@dataclass(frozen=True, kw_only=True)
class StemResult:
    loudness: Loudness
    overview: Overview
    troubles: tuple[ClipTrouble, ...] = ()


@dataclass(eq=False)
class _Playing:
    """The clips that sound in the block at hand, each with its open recording."""

    job: StemJob
    waiting: list[tuple[Clip, Track]]  # by start, the last one first
    sources: dict[int, ClipSource] = field(default_factory=dict)  # by the clip's place in memory
    strips: list[tuple[Strip, Track]] = field(default_factory=list)
    silenced: set[int] = field(default_factory=set)
    troubles: list[ClipTrouble] = field(default_factory=list)

    def at(self, start_samples: int, end_samples: int) -> list[Strip]:
        """Open what begins before the block's end, close what ended before its start."""
        for strip, track in self.strips:
            if strip.clip.record_end_samples <= start_samples:
                self._close(strip.clip, track)
        self.strips = [
            each for each in self.strips if each[0].clip.record_end_samples > start_samples
        ]
        while self.waiting and self.waiting[-1][0].record_start_samples < end_samples:
            self._open(*self.waiting.pop())
        return [strip for strip, _track in self.strips]

    def fetch(self, clip: Clip, first: int, end: int) -> Samples:
        source = self.sources[id(clip)]
        if id(clip) in self.silenced:
            return np.zeros((end - first, source.channels), dtype=np.float32)
        start = clip.record_start_samples
        try:
            return source.read(first - start, end - start)
        except (AudioError, OSError) as problem:
            self.silenced.add(id(clip))
            track = next(track for strip, track in self.strips if strip.clip is clip)
            self.troubles.append(
                ClipTrouble(clip=clip, track=track, text=f"silent from here on: {problem}")
            )
            return np.zeros((end - first, source.channels), dtype=np.float32)

    def close(self) -> None:
        for strip, track in self.strips:
            self._close(strip.clip, track)
        self.strips = []

    def _open(self, clip: Clip, track: Track) -> None:
        try:
            source = ClipSource(clip, self.job.sounds[clip.sound.asset_id], self.job.sample_rate_hz)
        except (AudioError, OSError) as problem:
            self.troubles.append(ClipTrouble(clip=clip, track=track, text=str(problem)))
            return
        try:
            gains = pan_gains(layout_for(source.channels), self.job.layout, clip.pan)
        except (AudioError, PremixError) as problem:
            source.close()
            self.troubles.append(ClipTrouble(clip=clip, track=track, text=str(problem)))
            return
        self.sources[id(clip)] = source
        self.strips.append((Strip(clip, gains * gain_from_db(clip.gain_db)), track))

    def _close(self, clip: Clip, track: Track) -> None:
        source = self.sources.pop(id(clip))
        source.close()
        self.troubles += _troubles_of(clip, track, source.faults)


def _troubles_of(clip: Clip, track: Track, faults: Faults) -> list[ClipTrouble]:
    troubles = []
    if faults.not_finite:
        text = (
            f"{clip.sound.path} holds {faults.not_finite} values that are no sound (NaN or "
            f"infinite), the first at its sample {faults.first_not_finite_samples}; rendered silent"
        )
        troubles.append(ClipTrouble(clip=clip, track=track, text=text))
    if faults.denormal:
        text = f"{clip.sound.path} holds {faults.denormal} denormal values; rendered silent"
        troubles.append(ClipTrouble(clip=clip, track=track, text=text, grave=False))
    return troubles


class OverviewMeter:
    """Extremes of each stretch of a stem, gathered as it passes."""

    def __init__(self, duration_samples: int) -> None:
        self._bucket_samples = max(1, -(-duration_samples // _OVERVIEW_BUCKETS))
        n_buckets = max(1, -(-duration_samples // self._bucket_samples))
        self._low = np.zeros(n_buckets, dtype=np.float32)
        self._high = np.zeros(n_buckets, dtype=np.float32)
        self._position = 0

    def add(self, samples: Samples) -> None:
        """Take the next samples, shape (n_samples, n_channels)."""
        first = 0
        while first < len(samples):
            bucket, within = divmod(self._position, self._bucket_samples)
            end = min(len(samples), first + self._bucket_samples - within)
            part = samples[first:end]
            self._low[bucket] = min(self._low[bucket], part.min())
            self._high[bucket] = max(self._high[bucket], part.max())
            self._position += end - first
            first = end

    def result(self) -> Overview:
        return Overview(bucket_samples=self._bucket_samples, low=self._low, high=self._high)


def render_stem(
    job: StemJob,
    write: Callable[[np.ndarray], None],
    *,
    passed: Callable[[int], None],
    cancel: threading.Event,
) -> StemResult:
    """Sum the stem and hand each block to `write`.

    Args:
        passed: told how many samples each block took on.
        cancel: once set, the next block raises.

    Raises:
        RenderCancelled: `cancel` was set.
    """
    clips = [(clip, track) for track in job.tracks for clip in track.clips]
    clips.sort(key=lambda each: each[0].record_start_samples, reverse=True)
    playing = _Playing(job, clips)
    meter = LoudnessMeter(job.sample_rate_hz, job.layout)
    overview = OverviewMeter(job.end_samples - job.start_samples)
    try:
        for start in range(job.start_samples, job.end_samples, job.block_samples):
            if cancel.is_set():
                raise RenderCancelled(job.name)
            end = min(start + job.block_samples, job.end_samples)
            strips = playing.at(start, end)
            block = mix_block(strips, playing.fetch, start, end, job.layout.channels)
            write(block)
            as_written = block.astype(np.float32)
            meter.add(as_written)
            overview.add(as_written)
            passed(end - start)
    finally:
        playing.close()
    return StemResult(
        loudness=meter.result(), overview=overview.result(), troubles=tuple(playing.troubles)
    )
