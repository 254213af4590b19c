"""Attacks, found to the sample while a sound streams by.

An attack is a rise of level by several decibels within a few milliseconds. Rises are
looked for in a 1 ms envelope. Which sample is "the attack" depends on how loud the
strike becomes, and that is known only when it has passed: so each rise keeps the sample
at which it first reached each of a few levels, and the answer is looked up at the end.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.level import Samples

_RISE_DB = 5.0  # above the loudest of several milliseconds, which noise seldom exceeds by 3 dB
_BEFORE_HOPS = 14  # what sounded before: the loudest millisecond of these …
_GUARD_HOPS = 4  # … but for those in which the attack itself may have begun
_AFTER_HOPS = 60  # the strike's peak is sought this far on
_STEP_DB = 1.5
_STEPS = 15  # levels kept, from -21 dB to 0 dB of the rise's own peak
_CLEAR_OF_BACKGROUND = 1.3
_BATCH = 16  # rises looked at together: bounds memory for many channels at 192 kHz
CONTEXT_HOPS = 80  # what must be known on both sides of a rise

_LEVELS = 10.0 ** (_STEP_DB * np.arange(1 - _STEPS, 1, dtype=np.float32) / 20.0)


@dataclass(frozen=True)
class Attacks:
    """Rises in the order of the file, as columns of equal length."""

    at_samples: NDArray[np.int64]  # the start of the millisecond that rises
    peaks: NDArray[np.float32]  # largest |sample| in the 60 ms that follow
    reached: NDArray[np.int16]  # (n, _STEPS): samples from there to the first at each level

    @classmethod
    def joined(cls, parts: list["Attacks"]) -> "Attacks":
        if not parts:
            return cls(
                np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros((0, _STEPS), np.int16)
            )
        return cls(
            np.concatenate([part.at_samples for part in parts]),
            np.concatenate([part.peaks for part in parts]),
            np.concatenate([part.reached for part in parts]),
        )

    def first_sample(self, index: int, size: float) -> int:
        """The first sample of this rise that is `size` or larger, to the nearest 1.5 dB.

        Never one that is hidden in what sounded before.
        """
        below_db = 20.0 * np.log10(max(size, 1e-12) / max(float(self.peaks[index]), 1e-12))
        step = round(_STEPS - 1 + below_db / _STEP_DB)
        return int(self.at_samples[index]) + int(self.reached[index, min(max(step, 0), _STEPS - 1)])


def find_attacks(samples: Samples, hop_samples: int, power: NDArray[np.float32]) -> Attacks:
    """Attacks in a stretch of sound, positions counted from its first sample.

    Args:
        samples: (n_channels, n_samples): channels first, so that each lies in one piece.
        hop_samples: length of one envelope window, about a millisecond.
        power: mean square per whole window, of the loudest channel.

    Returns:
        Only attacks that begin at least CONTEXT_HOPS windows from either end: whoever
        cuts a sound into stretches lets them overlap by twice that.
    """
    n_hops = len(power)
    if n_hops <= 2 * CONTEXT_HOPS:
        return Attacks.joined([])
    level_db = 10.0 * np.log10(np.maximum(power, np.float32(1e-12)))
    # The loudest window among those that end _GUARD_HOPS before each.
    before = level_db[: n_hops - _BEFORE_HOPS + 1].copy()
    for offset in range(1, _BEFORE_HOPS):
        np.maximum(before, level_db[offset : offset + len(before)], out=before)
    lag = _BEFORE_HOPS + _GUARD_HOPS - 1
    inner = slice(CONTEXT_HOPS, n_hops - CONTEXT_HOPS)
    rise_db = level_db[inner] - before[CONTEXT_HOPS - lag : n_hops - CONTEXT_HOPS - lag]
    rising = np.flatnonzero(rise_db > _RISE_DB) + CONTEXT_HOPS
    # One attack rises through several windows: the first of each run is where it begins.
    first = rising[np.diff(rising, prepend=-_GUARD_HOPS - 1) > _GUARD_HOPS]
    return Attacks.joined(
        [
            _refine(samples, hop_samples, first[start : start + _BATCH])
            for start in range(0, len(first), _BATCH)
        ]
    )


def _refine(samples: Samples, hop_samples: int, hops: NDArray[np.int64]) -> Attacks:
    """When each of these rises first reached each level."""
    n_before = (_BEFORE_HOPS + _GUARD_HOPS) * hop_samples
    n_background = _BEFORE_HOPS * hop_samples
    n_after = _AFTER_HOPS * hop_samples
    at_samples = hops * hop_samples
    size = np.empty((len(hops), n_before + n_after), np.float32)
    for row, at in zip(size, at_samples.tolist(), strict=True):
        np.abs(samples[:, at - n_before : at + n_after]).max(axis=0, out=row)
    peaks = size[:, n_background:].max(axis=1)
    background = _CLEAR_OF_BACKGROUND * size[:, :n_background].max(axis=1)
    levels = np.maximum(_LEVELS * peaks[:, np.newaxis], background[:, np.newaxis])
    levels = np.minimum(levels, peaks[:, np.newaxis])
    highest = np.maximum.accumulate(size[:, n_background:], axis=1)
    reached = np.array(
        [np.searchsorted(row, wanted) for row, wanted in zip(highest, levels, strict=True)]
    )
    return Attacks(at_samples, peaks, (reached - (n_before - n_background)).astype(np.int16))
