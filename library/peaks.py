"""The picture of a sound: lowest and highest sample of each stretch, at several zooms."""

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.level import Samples

FINEST_SAMPLES = 256  # of a pair, at the finest level of a short sound
MOST_PAIRS = 1024  # of the finest level: wider than any picture of a whole file
_ZOOM = 4  # pairs of a level that become one of the next
_FEWEST_PAIRS = 32


@dataclass(frozen=True)
class Level:
    """One zoom: `pairs` of int8 (lowest, highest), shape (n, 2), full scale 127."""

    samples_per_pair: int
    pairs: NDArray[np.int8]


class PeaksMeter:
    """Draws a sound given in blocks of any length, all channels as one.

    >>> meter = PeaksMeter()
    >>> meter.add(np.full((300, 1), 0.5, np.float32))
    >>> meter.levels()[0].pairs.tolist()
    [[63, 64], [63, 64]]
    """

    def __init__(self) -> None:
        self._per_pair = FINEST_SAMPLES
        self._low = np.zeros(0, np.float32)
        self._high = np.zeros(0, np.float32)
        self._rest: Samples | None = None  # of a pair that is begun

    def add(self, samples: Samples) -> None:
        """Take the next samples, (n_samples, n_channels)."""
        if self._rest is not None and len(self._rest):
            samples = np.concatenate([self._rest, samples])
        whole = len(samples) // self._per_pair * self._per_pair
        self._rest = samples[whole:].copy()
        # One reduction over all values of a pair; over channels first would be six times slower.
        values = samples[:whole].reshape(-1, self._per_pair * samples.shape[1])
        self._low = np.append(self._low, values.min(axis=1))
        self._high = np.append(self._high, values.max(axis=1))
        while len(self._low) > 2 * MOST_PAIRS:
            self._halve()

    def levels(self) -> tuple[Level, ...]:
        """All zooms, finest first; a sound without samples has none."""
        low, high = self._low, self._high
        if self._rest is not None and len(self._rest):
            low, high = np.append(low, self._rest.min()), np.append(high, self._rest.max())
        per_pair, levels = self._per_pair, []
        while len(low) > MOST_PAIRS:
            low, high, per_pair = *_joined(low, high, 2), per_pair * 2
        while len(low):
            levels.append(Level(per_pair, _as_int8(low, high)))
            if len(low) <= _FEWEST_PAIRS:
                break
            low, high, per_pair = *_joined(low, high, _ZOOM), per_pair * _ZOOM
        return tuple(levels)

    def _halve(self) -> None:
        assert self._rest is not None
        if len(self._low) % 2:
            # The odd pair goes back to what is begun, as samples of its own lowest and highest.
            back = np.full((self._per_pair, self._rest.shape[1]), self._low[-1], np.float32)
            back[0] = self._high[-1]
            self._rest = np.concatenate([back, self._rest])
            self._low, self._high = self._low[:-1], self._high[:-1]
        self._low, self._high = _joined(self._low, self._high, 2)
        self._per_pair *= 2


def pack(levels: tuple[Level, ...]) -> tuple[str, bytes]:
    """As the catalogue keeps it: JSON [[samples a pair, pairs], …], and all pairs."""
    shape = [[level.samples_per_pair, len(level.pairs)] for level in levels]
    return json.dumps(shape), b"".join(level.pairs.tobytes() for level in levels)


def unpack(shape: str, numbers: bytes) -> tuple[Level, ...]:
    """The reverse of `pack`."""
    pairs = np.frombuffer(numbers, np.int8).reshape(-1, 2)
    levels, start = [], 0
    for samples_per_pair, count in json.loads(shape):
        levels.append(Level(samples_per_pair, pairs[start : start + count]))
        start += count
    return tuple(levels)


def _joined(
    low: NDArray[np.float32], high: NDArray[np.float32], n: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    edges = np.arange(0, len(low), n)
    return np.minimum.reduceat(low, edges), np.maximum.reduceat(high, edges)


def _as_int8(low: NDArray[np.float32], high: NDArray[np.float32]) -> NDArray[np.int8]:
    pairs = np.stack([np.floor(low * 127), np.ceil(high * 127)], axis=1)
    in_range: NDArray[np.int8] = np.clip(pairs, -127, 127).astype(np.int8)
    return in_range
