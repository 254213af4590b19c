"""Chance that repeats: one stream of numbers for each name."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

import numpy as np

from assets_sample.make import Wave

T = TypeVar("T")


class Chance:
    """Numbers drawn for one sound; the same name draws the same numbers.

    >>> Chance("door").between(0, 1) == Chance("door").between(0, 1)
    True
    """

    def __init__(self, name: str) -> None:
        self._bits = np.random.PCG64(int.from_bytes(sha256(name.encode()).digest()[:16], "big"))

    def uniforms(self, count: int) -> Wave:
        """`count` numbers in [0, 1)."""
        raw = self._bits.random_raw(count)
        return np.asarray(raw >> np.uint64(11), dtype=np.float64) * 2.0**-53

    def noise(self, count: int) -> Wave:
        """White noise of RMS 1: four uniforms added, near enough to a bell curve, without a log."""
        four = self.uniforms(4 * count).reshape(4, count)
        return np.asarray((four[0] + four[1] + four[2] + four[3] - 2.0) * 3.0**0.5)

    def between(self, low: float, high: float) -> float:
        """One number, even between `low` and `high`."""
        return low + (high - low) * float(self.uniforms(1)[0])

    def pitch_between(self, low_hz: float, high_hz: float) -> float:
        """One frequency, even in octaves rather than in hertz."""
        return float(low_hz * (high_hz / low_hz) ** self.between(0.0, 1.0))

    def around(self, value: float, part: float) -> float:
        """One number within `part` of `value`, either way: part 0.1 is ±10 %."""
        return value * self.between(1.0 - part, 1.0 + part)

    def pick(self, things: Sequence[T]) -> T:
        """One of `things`."""
        return things[int(self.between(0, len(things)))]
