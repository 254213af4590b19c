"""Following a guide: the attacks of a recording become hits, the strong ones louder.

The guide is production sound or a temp track that Foley is to be played to again.
This module reads it from disk, in stretches, so that its length does not matter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio import AudioError
from audio.files import SoundReader, open_sound, read_header
from audio.level import Samples
from audio.timecode import SUBFRAMES_PER_FRAME, FrameRate, Timecode
from library.onsets import CONTEXT_HOPS, find_attacks
from premix import PremixError

_STRETCH_HOPS = 20_000
_ATTACK_OF_PEAK = 0.1  # an attack begins where the strike first reaches -20 dB of its peak
_APART_S = 0.14  # what follows sooner is the toe after the heel
# What follows within this and is so much weaker is the toe, or an echo; or a rattle and a bounce.
_FOLLOWERS = ((0.25, 6.0), (0.6, 15.0))
_WEAKEST_DB = -32.0  # below the strong attacks of the same guide: bleed and rustle
_WINDOW_HOPS = 10  # 10 ms
_AROUND_WINDOWS = 100  # a second to either side tells what is usual
_BODY_WINDOWS = 4
_CLEAR_DB = 6.0
_SOFTEST_DB, _LOUDEST_DB = -12.0, 6.0


@dataclass(frozen=True)
class Onset:
    """One attack of a guide."""

    seconds: Fraction  # from the guide's first sample
    strength_db: float  # its peak, dBFS


@dataclass(frozen=True, kw_only=True)
class Guide:
    """What was heard in a guide."""

    path: str
    sample_rate_hz: int
    duration_s: Fraction
    onsets: tuple[Onset, ...]
    starts_at_s: Fraction | None = None  # since midnight, as its time reference says

    def gains_db(self) -> tuple[float, ...]:
        """A gain for each onset: its strength against the median, within -12 and +6 dB."""
        if not self.onsets:
            return ()
        middle = float(np.median([onset.strength_db for onset in self.onsets]))
        return tuple(
            round(min(_LOUDEST_DB, max(_SOFTEST_DB, onset.strength_db - middle)), 1)
            for onset in self.onsets
        )


def read_guide(path: Path) -> Guide:
    """Find the attacks of the recording at `path`, to a few milliseconds.

    Raises:
        PremixError: the file cannot be read.
    """
    try:
        header = read_header(path)
        with open_sound(path) as sound:
            onsets = _separate(_onsets(sound))
            rate, length = sound.sample_rate_hz, sound.duration_samples
    except AudioError as problem:
        raise PremixError(f"guide {problem}") from None
    reference = header.bext.time_reference_samples if header.bext is not None else 0
    return Guide(
        path=str(path),
        sample_rate_hz=rate,
        duration_s=Fraction(length, rate),
        onsets=onsets,
        # A recorder's clock is never at midnight to the sample; 0 is "not told".
        starts_at_s=Fraction(reference, rate) if reference else None,
    )


def hits_of(guide: Guide, rate: FrameRate, start: Timecode | None) -> tuple[Timecode, ...]:
    """The guide's attacks as timecode, to the hundredth of a frame.

    Args:
        start: timecode of the guide's first sample; None: as its time reference says.

    Raises:
        PremixError: neither is told.
    """
    begins = start.seconds if start is not None else guide.starts_at_s
    if begins is None:
        raise PremixError(f"{guide.path} has no time reference; state its start with --start")
    per_second = rate.fps * SUBFRAMES_PER_FRAME
    hits = []
    for onset in guide.onsets:
        frame, subframe = divmod(round((begins + onset.seconds) * per_second), SUBFRAMES_PER_FRAME)
        hits.append(Timecode(frame % rate.frames_per_day, rate, subframe))
    return tuple(hits)


def find_onsets(samples: Samples, sample_rate_hz: int) -> tuple[Onset, ...]:
    """Attacks of a sound in memory, shape (n_samples, n_channels)."""
    return _separate(_onsets(_Memory(samples, sample_rate_hz)))


@dataclass(frozen=True, eq=False)
class _Memory:
    """Sound in memory, read as a file is."""

    samples: Samples
    sample_rate_hz: int

    @property
    def duration_samples(self) -> int:
        return len(self.samples)

    def read(self, start_samples: int, n_samples: int) -> Samples:
        return self.samples[start_samples : start_samples + n_samples]


def _onsets(sound: "SoundReader | _Memory") -> Iterator[Onset]:
    """Every rise that stands out, in order.

    Stretches overlap by what the search needs to see around a rise.
    """
    rate = sound.sample_rate_hz
    hop = max(1, round(rate / 1000))
    step = (_STRETCH_HOPS - 2 * CONTEXT_HOPS) * hop
    context = CONTEXT_HOPS * hop
    for start in range(-context, sound.duration_samples + context, step):
        samples = sound.read(max(0, start), _STRETCH_HOPS * hop - max(0, -start))
        # Silence around the guide lets attacks near its ends be seen as well.
        before = max(0, -start)
        after = max(0, _STRETCH_HOPS * hop - before - len(samples))
        padded = np.ascontiguousarray(np.pad(samples, ((before, after), (0, 0))).T)
        squares = padded.reshape(len(padded), -1, hop) ** 2
        power = squares.mean(axis=2).max(axis=0).astype(np.float32)
        clear = _clear_of_surroundings(power)
        attacks = find_attacks(padded, hop, power)
        for index, peak in enumerate(attacks.peaks):
            if not clear[int(attacks.at_samples[index]) // (hop * _WINDOW_HOPS)]:
                continue
            at = attacks.first_sample(index, _ATTACK_OF_PEAK * float(peak)) + start
            if peak > 0 and 0 <= at < sound.duration_samples:
                yield Onset(Fraction(at, rate), float(20 * np.log10(peak)))


def _clear_of_surroundings(power: NDArray[np.float32]) -> NDArray[np.bool_]:
    """For each 10 ms, whether what begins there has more power than what is usual around it.

    A drop of rain has a sharp edge too, but little power beside the rain.
    """
    windows = power[: len(power) // _WINDOW_HOPS * _WINDOW_HOPS].reshape(-1, _WINDOW_HOPS)
    level_db = 10 * np.log10(np.maximum(windows.mean(axis=1), 1e-12))
    around = np.pad(level_db, _AROUND_WINDOWS, mode="reflect")
    usual_db = np.percentile(
        np.lib.stride_tricks.sliding_window_view(around, 2 * _AROUND_WINDOWS + 1), 50, axis=1
    )
    ahead = np.pad(level_db, (0, _BODY_WINDOWS), mode="edge")
    body_db = np.lib.stride_tricks.sliding_window_view(ahead, _BODY_WINDOWS + 1).max(axis=1)
    clear: NDArray[np.bool_] = body_db >= usual_db + _CLEAR_DB
    return clear


def _separate(found: Iterator[Onset]) -> tuple[Onset, ...]:
    """Attacks that are heard as events of their own, in order."""
    onsets = list(found)
    if not onsets:
        return ()
    strong = float(np.percentile([onset.strength_db for onset in onsets], 90))
    kept: list[Onset] = []
    for onset in onsets:
        if onset.strength_db < strong + _WEAKEST_DB:
            continue
        if kept:
            after_s, weaker_db = (
                onset.seconds - kept[-1].seconds,
                kept[-1].strength_db - onset.strength_db,
            )
            if after_s < _APART_S and weaker_db < -12.0:
                kept[-1] = onset  # what came before was but a scrape
                continue
            if after_s < _APART_S or any(
                after_s < within_s and weaker_db > by_db for within_s, by_db in _FOLLOWERS
            ):
                continue
        kept.append(onset)
    return tuple(kept)
