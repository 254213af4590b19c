"""Takes: where each performance in a file begins, strikes and has died away.

A file streams through a `TakeFinder` once; what is kept of it is a 5 ms envelope and
the attacks (`library.onsets`), some ten megabytes for three hours. `take_segments` then
tells what belongs together. A silent file is one take, so that it too can be found.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audio.level import Samples, check_samples
from library.asset import Take
from library.onsets import CONTEXT_HOPS, Attacks, find_attacks
from library.take_markers import Marker, takes_by_markers
from library.take_segments import Segment, find_segments, steady_stretches

_FINE_PER_COARSE = 5
_CHUNK_COARSE = 400  # two seconds are looked at together, in whatever blocks they arrive
_PRE_ROLL_S = 0.002  # a take begins this long before an attack out of silence
_SYNC_WITHIN_DB = 10.0  # the attack to line up is the first that is nearly the loudest
_NEAR_CUE_S = 0.05


def find_takes(
    samples: Samples, sample_rate_hz: int, markers: Sequence[Marker] = ()
) -> tuple[Take, ...]:
    """The takes of a sound that is in memory whole; see `TakeFinder`."""
    check_samples(samples)
    finder = TakeFinder(sample_rate_hz, samples.shape[1])
    finder.add(samples)
    return finder.finish(markers)


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
        self._buffer = np.zeros((self._chunk + 2 * self._context, channels), np.float32)
        self._filled = 2 * self._context
        self._position = -2 * self._context  # of the buffer's first sample
        self._n_samples = 0
        self._power: list[NDArray[np.float32]] = []
        self._attacks: list[Attacks] = []

    def add(self, block: Samples) -> None:
        """Take in the next block, (n_samples, n_channels). NaN and infinity count as silence."""
        check_samples(block)
        self._n_samples += len(block)
        taken = 0
        while taken < len(block):
            part = block[taken : taken + len(self._buffer) - self._filled]
            self._buffer[self._filled : self._filled + len(part)] = part
            self._filled += len(part)
            taken += len(part)
            if self._filled == len(self._buffer):
                self._digest()

    def finish(self, markers: Sequence[Marker] = ()) -> tuple[Take, ...]:
        """The takes, in the order of the file; they never overlap unless its regions do.

        Args:
            markers: the file's own. Regions are takes as they stand. Two or more cue
                points part the takes they lie in; each labels the take it begins.
        """
        if not self._n_samples:
            return ()
        self._buffer[self._filled :] = 0.0
        while self._position < self._n_samples:
            self._digest()
            self._buffer[2 * self._context :] = 0.0
        pad = 2 * self._context // self._coarse
        n_windows = -(-self._n_samples // self._coarse)
        power = np.concatenate(self._power)[pad : pad + n_windows]
        level_db = (10.0 * np.log10(np.maximum(power, 1e-12))).astype(np.float32)
        attacks = Attacks.joined(self._attacks)
        segments = find_segments(level_db, attacks.first_samples // self._coarse)
        takes: list[Take] = []
        for segment in segments:
            earliest = takes[-1].end_samples if takes else 0
            takes.append(self._take(segment, attacks, level_db, earliest))
        return takes_by_markers(
            takes,
            markers,
            self._n_samples,
            round(_NEAR_CUE_S * self._rate_hz),
            lambda start, end: self._sync(attacks, start, end),
        )

    def _take(
        self, segment: Segment, attacks: Attacks, level_db: NDArray[np.float32], earliest: int
    ) -> Take:
        start = segment.start * self._coarse
        end = min(segment.end * self._coarse, self._n_samples)
        sync = self._sync(attacks, max(earliest, start - 3 * self._coarse), end)
        start = max(earliest, min(start, sync - round(_PRE_ROLL_S * self._rate_hz)))
        return Take(
            index=0,
            start_samples=start,
            end_samples=end,
            sync_samples=max(sync, start),
            steady=tuple(
                (max(start, low * self._coarse), min(end, high * self._coarse))
                for low, high in steady_stretches(level_db, segment)
            ),
        )

    def _sync(self, attacks: Attacks, start: int, end: int) -> int:
        """The first attack that is nearly as loud as the loudest between start and end."""
        low, high = np.searchsorted(attacks.first_samples, [start, end])
        if low == high:
            return max(0, start)
        peaks = attacks.peaks[low:high]
        loud = peaks >= peaks.max() * 10.0 ** (-_SYNC_WITHIN_DB / 20.0)
        return max(0, int(attacks.first_samples[low + int(loud.argmax())]))

    def _digest(self) -> None:
        """Take envelope and attacks from a full buffer, and keep its end for the next."""
        buffer = self._buffer
        power = np.zeros(len(buffer) // self._fine, np.float32)
        for channel in range(buffer.shape[1]):
            windows = np.ascontiguousarray(buffer[:, channel]).reshape(-1, self._fine)
            np.maximum(power, np.einsum("ij,ij->i", windows, windows) / self._fine, out=power)
        if not np.isfinite(power).all():
            np.nan_to_num(buffer, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
            return self._digest()
        own = power[: self._chunk // self._fine]
        self._power.append(own.reshape(-1, _FINE_PER_COARSE).mean(axis=1))
        found = find_attacks(buffer, self._fine, power)
        self._attacks.append(
            Attacks(found.first_samples + self._position, found.peaks, found.rises_db)
        )
        buffer[: 2 * self._context] = buffer[self._chunk :]
        self._filled = 2 * self._context
        self._position += self._chunk
        return None
