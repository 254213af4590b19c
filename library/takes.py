"""Takes: where each performance in a file begins, strikes and has died away.

A file streams through a `TakeFinder` once; what is kept of it is a 5 ms envelope and
the attacks (`library.onsets`), some ten megabytes for three hours. `take_segments` then
tells what belongs together. A silent file is one take, so that it too can be found.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audio.level import Samples, check_samples
from library.asset import Take
from library.onsets import CONTEXT_HOPS, Attacks, find_attacks
from library.rows import Grown
from library.take_markers import Marker, takes_by_markers
from library.take_segments import Segment, find_segments, steady_stretches

_FINE_PER_COARSE = 5
_CHUNK_COARSE = 400  # two seconds are looked at together, in whatever blocks they arrive
_PRE_ROLL_S = 0.002  # a take begins this long before an attack out of silence
_SYNC_WITHIN_DB = 10.0  # the attack to line up is the first that is nearly the loudest
_RUN_UP_S = 0.12  # what comes so shortly before it strikes as one with it
_BODY_S = 0.25  # the strike's peak comes within this
_FRACTION_OF_PEAK = 0.1
_BEFORE_HOPS = 40
_OVER_NOISE = 1.4
_PAUSE_HOPS = 8
_NEAR_CUE_S = 0.05
_LARGEST = 1e9


def find_takes(
    samples: Samples, sample_rate_hz: int, markers: Sequence[Marker] = ()
) -> tuple[Take, ...]:
    """The takes of a sound that is in memory whole; see `TakeFinder`."""
    check_samples(samples)
    finder = TakeFinder(sample_rate_hz, samples.shape[1])
    finder.add(samples)
    return finder.finish(markers)


class Envelope(NamedTuple):
    """What is kept of a sound."""

    level_db: NDArray[np.float32]  # of the loudest channel, per 5 ms; digital silence is -120
    peaks: NDArray[np.float16]  # largest |sample|, per 1 ms


class TakeFinder:
    """Finds the takes of a sound that arrives in blocks of any size.

    >>> finder = TakeFinder(48_000, 1)
    >>> finder.add(np.zeros((48_000, 1), np.float32))
    >>> finder.finish()[0].end_samples
    48000
    """

    def __init__(self, sample_rate_hz: int, channels: int) -> None:
        self._rate_hz = sample_rate_hz
        self._fine = max(1, sample_rate_hz // 1000)
        self._coarse = self._fine * _FINE_PER_COARSE
        self._chunk = self._coarse * _CHUNK_COARSE
        self._context = CONTEXT_HOPS * self._fine
        # Silence before the first sample: an attack on it needs a "before" like any other.
        self._buffer = np.zeros((channels, self._chunk + 2 * self._context), np.float32)
        self._filled = 2 * self._context
        self._position = -2 * self._context  # of the buffer's first sample
        self._n_samples = 0
        self._power = Grown(np.float32)
        self._peaks = Grown(np.float16)
        self._attacks: list[Attacks] = []

    def add(self, block: Samples) -> None:
        """Take in the next block, (n_samples, n_channels). NaN and infinity count as silence."""
        check_samples(block)
        self._n_samples += len(block)
        taken = 0
        while taken < len(block):
            part = block[taken : taken + self._buffer.shape[1] - self._filled]
            self._buffer[:, self._filled : self._filled + len(part)] = part.T
            self._filled += len(part)
            taken += len(part)
            if self._filled == self._buffer.shape[1]:
                self._digest(self._chunk)

    def finish(self, markers: Sequence[Marker] = ()) -> tuple[Take, ...]:
        """The takes, in the order of the file; they never overlap unless its regions do.

        Args:
            markers: the file's own. Regions are takes as they stand. Two or more cue
                points part the takes they lie in; each labels the take it begins.
        """
        if not self._n_samples:
            return ()
        self._buffer[:, self._filled :] = 0.0
        while self._position < self._n_samples:
            # Of the last stretch only what holds sound: most files are shorter than one.
            left = -(-(self._n_samples - self._position) // self._coarse) * self._coarse
            self._digest(min(left, self._chunk))
            self._buffer[:, 2 * self._context :] = 0.0
        pad = 2 * self._context // self._coarse
        n_windows = -(-self._n_samples // self._coarse)
        level_db = self._power.filled[pad : pad + n_windows]
        np.maximum(level_db, 1e-12, out=level_db)
        np.log10(level_db, out=level_db)
        np.multiply(level_db, 10.0, out=level_db)
        envelope = Envelope(level_db, self._peaks.filled[pad * _FINE_PER_COARSE :])
        attacks = Attacks.joined(self._attacks)
        segments = find_segments(envelope.level_db, attacks.at_samples // self._coarse)
        takes: list[Take] = []
        for segment in segments:
            earliest = takes[-1].end_samples if takes else 0
            takes.append(self._take(segment, attacks, envelope, earliest))
        return takes_by_markers(
            takes,
            markers,
            self._n_samples,
            round(_NEAR_CUE_S * self._rate_hz),
            lambda start, end: self._sync(attacks, envelope, start, end),
        )

    def _take(self, segment: Segment, attacks: Attacks, envelope: Envelope, earliest: int) -> Take:
        start = max(earliest, segment.start * self._coarse)
        end = min(segment.end * self._coarse, self._n_samples)
        begins = min(segment.start, segment.heard) if segment.heard >= 0 else segment.start
        sync = self._sync(attacks, envelope, max(earliest, (begins - 3) * self._coarse), end)
        start = max(earliest, min(start, sync - round(_PRE_ROLL_S * self._rate_hz)))
        return Take(
            index=0,
            start_samples=start,
            end_samples=end,
            sync_samples=max(sync, start),
            steady=tuple(
                (max(start, low * self._coarse), min(end, high * self._coarse))
                for low, high in steady_stretches(envelope.level_db, segment)
            ),
        )

    def _sync(self, attacks: Attacks, envelope: Envelope, start: int, end: int) -> int:
        """The first sample within [start, end) that reaches a tenth of the strike's peak.

        The strike is the first attack that leads to nearly the loudest part, with what
        runs up to it. What swells without an attack is treated as one strike.
        """
        start, low = max(0, start), int(np.searchsorted(attacks.at_samples, start))
        at = attacks.at_samples[low : int(np.searchsorted(attacks.at_samples, end))]
        level_db = envelope.level_db[start // self._coarse : -(-end // self._coarse)]
        earliest, until = start, end
        if len(at) and len(level_db):
            reach = (at // self._coarse)[:, np.newaxis] + np.arange(4)
            reach = np.minimum(reach, len(envelope.level_db) - 1)
            under_db = float(level_db.max()) - envelope.level_db[reach].max(axis=1)
            near = under_db <= _SYNC_WITHIN_DB
            if near.any():
                strike = int(at[int(near.argmax())])
                earliest = max(start, strike - round(_RUN_UP_S * self._rate_hz))
                until = min(end, strike + max(1, round(_BODY_S * self._rate_hz)))
        peaks = envelope.peaks[earliest // self._fine : -(-until // self._fine)].astype(np.float32)
        before = envelope.peaks[
            max(0, earliest // self._fine - _BEFORE_HOPS) : earliest // self._fine
        ]
        size = _FRACTION_OF_PEAK * float(peaks.max(initial=0.0))
        noise = _OVER_NOISE * float(before.max(initial=0.0))
        over = np.flatnonzero(peaks >= max(size, min(noise, 5 * size)))
        if noise > size:
            # A lone peak of the floor may stand before: what belongs to the strike goes on.
            size = min(noise, 5 * size)
            loudest = int(np.searchsorted(over, int(peaks.argmax())))
            breaks = np.flatnonzero(np.diff(over[: loudest + 1]) > _PAUSE_HOPS)
            over = over[breaks[-1] + 1 :] if len(breaks) else over
        window = earliest // self._fine + int(over[0])
        # An attack there knows the very sample.
        index = int(np.searchsorted(attacks.at_samples, (window + 1) * self._fine)) - 1
        if index >= 0 and attacks.at_samples[index] >= (window - 8) * self._fine:
            sample = attacks.first_sample(index, size)
            if abs(sample - window * self._fine) <= 2 * self._fine:
                return min(max(sample, start), end - 1)
        return min(max(window * self._fine, start), end - 1)

    def _digest(self, chunk: int) -> None:
        """Take envelope and attacks of so many samples from the buffer, and keep what follows."""
        buffer = self._buffer[:, : chunk + 2 * self._context]
        power = np.zeros(buffer.shape[1] // self._fine, np.float32)
        peaks = np.zeros(chunk // self._fine, np.float32)
        for channel in buffer:
            windows = channel.reshape(-1, self._fine)
            np.maximum(power, np.einsum("ij,ij->i", windows, windows) / self._fine, out=power)
            windows = np.abs(channel[:chunk]).reshape(-1, self._fine)
            np.maximum(peaks, windows.max(axis=1), out=peaks)
        if not np.isfinite(power).all():
            # Also what is finite, but so large that its square is not.
            np.nan_to_num(buffer, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
            np.clip(buffer, -_LARGEST, _LARGEST, out=buffer)
            return self._digest(chunk)
        own = power[: chunk // self._fine]
        self._peaks.add(np.minimum(peaks, 6e4).astype(np.float16))
        self._power.add(own.reshape(-1, _FINE_PER_COARSE).mean(axis=1))
        found = find_attacks(buffer, self._fine, power)
        self._attacks.append(Attacks(found.at_samples + self._position, found.peaks, found.reached))
        buffer[:, : 2 * self._context] = buffer[:, chunk:]
        self._filled = 2 * self._context
        self._position += chunk
        return None
