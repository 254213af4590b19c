"""One stem, from its clips to a Broadcast WAV, block by block.

Memory holds one block and the sounds that play in it, whatever the length.
Runs in a thread of its own: numpy and soxr let go of the interpreter while they work.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from audio import AudioError
from audio.files import open_sound
from audio.layout import Layout
from audio.level import Samples, gain_from_db
from audio.loudness import Loudness
from audio.resample import resample
from premix import PremixError
from premix.clip_effects import Butterworth
from premix.clip_source import ClipSource, Faults
from premix.leader import add_pops
from premix.mix import Desk, Gains, Stretch, Strip, Sum, mix_block
from premix.pan import placed_gains
from premix.placement import at_positions, placement_of
from premix.plan import StemJob
from premix.qc_checks import Finding
from premix.report import Overview
from premix.stem_meters import Meters
from premix.tail import rung_on
from premix.timeline import Clip, Track

LFE_HZ, LFE_ORDER = 120, 4  # 24 dB an octave


class StemStoppedError(Exception):
    """Another stem failed, or the user stopped: this one is not finished either."""


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
    clipped: int  # samples that passed full scale
    overview: Overview
    troubles: tuple[ClipTrouble, ...] = ()
    short_term_lufs: tuple[float | None, ...] = ()  # windows of 3 s, one a second
    findings: tuple[Finding, ...] = ()
    reused: bool = False  # it stood there already
    copied_samples: int = 0  # of each channel, that stood there already
    metered: bool = True


@dataclass(eq=False)
class _Playing:
    """The clips that sound in the block at hand, each with its open recording."""

    job: StemJob
    with_send: bool
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
            clip, track = self.waiting.pop()
            if rung_on(clip, self.job.sample_rate_hz).record_end_samples > start_samples:
                self._open(clip, track)
        return [strip for strip, _track in self.strips]

    def fetch(self, clip: Clip, first: int, end: int) -> Stretch:
        source = self.sources[id(clip)]
        if id(clip) in self.silenced:
            return _silence(end - first, source.channels)
        start = clip.record_start_samples
        try:
            return source.read(first - start, end - start)
        except (AudioError, OSError) as problem:
            self.silenced.add(id(clip))
            track = next(track for strip, track in self.strips if strip.clip is clip)
            self.troubles.append(
                ClipTrouble(clip=clip, track=track, text=f"silent from here on: {problem}")
            )
            return _silence(end - first, source.channels)

    def close(self) -> None:
        for strip, track in self.strips:
            self._close(strip.clip, track)
        self.strips = []

    def _open(self, clip: Clip, track: Track) -> None:
        try:
            source = ClipSource(
                clip,
                self.job.sounds[clip.sound.asset_id],
                self.job.sample_rate_hz,
                self._room_of(clip),
            )
        except (AudioError, PremixError, OSError) as problem:
            self.troubles.append(ClipTrouble(clip=clip, track=track, text=str(problem)))
            return
        heard = rung_on(clip, self.job.sample_rate_hz)
        try:
            strip = strip_of(heard, source.layout, self.job.layout, with_send=self.with_send)
        except (AudioError, PremixError) as problem:
            source.close()
            self.troubles.append(ClipTrouble(clip=clip, track=track, text=str(problem)))
            return
        self.sources[id(heard)] = source
        self.strips.append((strip, track))

    def _room_of(self, clip: Clip) -> Callable[[], Samples] | None:
        """Its impulse response, read when it is needed."""
        if clip.room is None:
            return None
        path = self.job.sounds[clip.room.asset_id]

        def impulse() -> Samples:
            with open_sound(path) as sound:
                whole = sound.read(0, sound.duration_samples)
                return resample(whole, sound.sample_rate_hz, self.job.sample_rate_hz)

        return impulse

    def _close(self, clip: Clip, track: Track) -> None:
        source = self.sources.pop(id(clip))
        source.close()
        self.troubles += _troubles_of(clip, track, source.faults)


def _order(each: tuple[Clip, Track]) -> tuple[int, str, str, int]:
    """In which order clips are summed, which the last bit hangs on: one that others keep."""
    clip, track = each
    return clip.record_start_samples, track.stem, track.name, track.lane


def strip_of(clip: Clip, source: Layout, target: Layout, *, with_send: bool = False) -> Strip:
    """Where a clip's channels go.

    Args:
        with_send: one column more than the stem has channels, what the clip sends to the LFE.

    Raises:
        PremixError, AudioError: a place that cannot be.
    """
    placement = placement_of(clip)
    gain = gain_from_db(clip.gain_db)
    send = np.zeros((source.channels, int(with_send)))
    if placement.lfe_send_db is not None:
        send += gain_from_db(placement.lfe_send_db) / source.channels

    def gains_at(pan: float) -> Gains:
        return np.hstack([placed_gains(source, target, pan, placement), send]) * gain

    def moving(place: int) -> Gains:
        return gains_at(float(at_positions(placement.pan_envelope, place, 1)[0]))

    return Strip(
        clip,
        gains_at(clip.pan),
        placement.gain_envelope,
        moving if placement.pan_envelope else None,
    )


def sends_to_lfe(job: StemJob) -> bool:
    """Whether any clip asks for a share in the LFE, where the stem has one."""
    asked = (clip.metadata.get("placement") for track in job.tracks for clip in track.clips)
    return "LFE" in job.layout.labels and any(
        isinstance(one, Mapping) and one.get("lfe_send_db") is not None for one in asked
    )


def _troubles_of(clip: Clip, track: Track, faults: Faults) -> list[ClipTrouble]:
    troubles = []
    if faults.not_finite:
        text = (
            f"{clip.sound.path} holds {_count(faults.not_finite, 'value')} of no sound (NaN or "
            f"infinite), the first at its sample {faults.first_not_finite_samples}; rendered silent"
        )
        troubles.append(ClipTrouble(clip=clip, track=track, text=text))
    if faults.denormal:
        text = (
            f"{clip.sound.path} holds {_count(faults.denormal, 'denormal value')}; rendered silent"
        )
        troubles.append(ClipTrouble(clip=clip, track=track, text=text, grave=False))
    return troubles


def _silence(n_samples: int, channels: int) -> Stretch:
    return Stretch(np.zeros((n_samples, channels), dtype=np.float32))


def _count(number: int, thing: str) -> str:
    return f"a {thing}" if number == 1 else f"{number} {thing}s"


Write = Callable[[Samples], tuple[Samples, int]]
"""Writes a block; gives it back as it is on disk, and how many values were clipped."""


Copy = Callable[[int, int], Samples | None]
"""(start, end) → the block as it stood on disk, written again; None where it must be mixed."""


def render_stem(
    job: StemJob,
    write: Write,
    meters: Meters,
    block_samples: int,
    passed: Callable[[int], None],
    copy: Copy | None = None,
) -> StemResult:
    """Sum the stem's clips and hand each block to `write`.

    Args:
        passed: told how many samples each block took on; what it raises ends the stem.
    """
    clips = [(clip, track) for track in job.tracks for clip in track.clips]
    clips.sort(key=_order, reverse=True)
    channels, with_send = job.layout.channels, sends_to_lfe(job)
    playing = _Playing(job, with_send, clips)
    desk = Desk()
    low = Butterworth("lowpass", LFE_ORDER, LFE_HZ, job.sample_rate_hz, 1) if with_send else None

    def mix(start: int, end: int) -> Sum:
        strips = playing.at(start, end)
        block = mix_block(strips, playing.fetch, start, end, channels + with_send, desk)
        if low is not None:
            sent = low.process(block[:, channels:])
            block = block[:, :channels].copy()
            block[:, job.layout.index("LFE")] += sent[:, 0]
        block[: max(0, job.heard_start_samples - start)] = 0.0
        block[max(0, job.heard_end_samples - start) :] = 0.0
        add_pops(block, start, job.pops, job.sample_rate_hz, job.layout)
        return block

    try:
        return _deliver(job, mix, write, meters, block_samples, passed, playing.troubles, copy)
    finally:
        playing.close()


def sum_stems(
    job: StemJob,
    parts: Sequence[Sequence[Path]],
    write: Write,
    meters: Meters,
    block_samples: int,
    passed: Callable[[int], None],
    copy: Copy | None = None,
) -> StemResult:
    """The sum of other stems as they lie on disk, so that it nulls with them to the last bit.

    Args:
        parts: of each stem its file, or its files of one channel each, of the same layout.
    """
    with ExitStack() as open_files:
        readers = [
            [open_files.enter_context(open_sound(path)) for path in paths] for paths in parts
        ]
        desk = Desk()

        def mix(start: int, end: int) -> Sum:
            first, n_samples = start - job.start_samples, end - start
            block = desk.sum(n_samples, job.layout.channels)
            for part, files in enumerate(readers):
                samples = np.hstack([file.read(first, n_samples) for file in files])
                block += samples
                if part == 0:
                    continue
                for pop_start, pop_end in job.pops:  # one pop, not one on top of another
                    pop = slice(max(0, pop_start - start), max(0, pop_end - start))
                    block[pop] -= samples[pop]
            return block

        return _deliver(job, mix, write, meters, block_samples, passed, [], copy)


def _deliver(
    job: StemJob,
    mix: Callable[[int, int], Sum],
    write: Write,
    meters: Meters,
    block_samples: int,
    passed: Callable[[int], None],
    troubles: list[ClipTrouble],
    copy: Copy | None,
) -> StemResult:
    """Write and measure a stem, of which `mix` gives the sum between two positions."""
    clipped = copied = 0
    for start in range(job.start_samples, job.end_samples, block_samples):
        end = min(start + block_samples, job.end_samples)
        stood = copy(start, end) if copy is not None else None
        if stood is None:
            delivered, over = write(mix(start, end).astype(np.float32))
            clipped += over
        else:
            delivered = stood
            copied += end - start
        meters.add(delivered, start)
        passed(end - start)
    return StemResult(
        loudness=meters.loudness,
        clipped=clipped,
        copied_samples=copied,
        overview=meters.overview,
        short_term_lufs=meters.short_term_lufs,
        findings=meters.findings,
        troubles=tuple(troubles),
    )
