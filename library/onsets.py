"""Attacks, found to the sample while a sound streams by.

An attack is a rise of level by several decibels within a few milliseconds. It is
looked for in a 1 ms envelope, and its first sample then in the sound itself: the first
that reaches a tenth of the attack's peak and stands clear of what sounded before, led
back to where that half-wave began.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.level import Samples

_RISE_DB = 8.0  # 1 ms levels of white noise at 48 kHz keep within 4 dB of each other
_BEFORE_HOPS = 14  # what sounded before: the loudest millisecond of these …
_GUARD_HOPS = 4  # … but for those in which the attack itself may have begun
_AFTER_HOPS = 10  # the attack's peak is sought this far on
_FRACTION_OF_PEAK = 0.1
_BATCH = 64  # attacks looked at together: bounds memory for many channels at 192 kHz
CONTEXT_HOPS = 30  # what must be known on both sides of an attack; at least the sum of the three


@dataclass(frozen=True)
class Attacks:
    """Attacks in the order of the file, as columns of equal length."""

    first_samples: NDArray[np.int64]  # the first sample of each
    peaks: NDArray[np.float32]  # largest |sample| in the 10 ms that follow
    rises_db: NDArray[np.float32]  # over the loudest millisecond before

    @classmethod
    def joined(cls, parts: list["Attacks"]) -> "Attacks":
        if not parts:
            return cls(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32))
        return cls(
            np.concatenate([part.first_samples for part in parts]),
            np.concatenate([part.peaks for part in parts]),
            np.concatenate([part.rises_db for part in parts]),
        )


def find_attacks(samples: Samples, hop_samples: int, power: NDArray[np.float32]) -> Attacks:
    """Attacks in a stretch of sound, positions counted from its first sample.

    Args:
        samples: (n_samples, n_channels).
        hop_samples: length of one envelope window, about a millisecond.
        power: mean square per whole window, of the loudest channel.

    Returns:
        Only attacks that begin at least CONTEXT_HOPS windows from either end: whoever
        cuts a sound into stretches lets them overlap by twice that.
    """
    nothing = Attacks.joined([])
    n_hops = len(power)
    if n_hops <= 2 * CONTEXT_HOPS:
        return nothing
    level_db = 10.0 * np.log10(np.maximum(power, np.float32(1e-12)))
    # The loudest window among those that end _GUARD_HOPS before each.
    before = np.lib.stride_tricks.sliding_window_view(level_db, _BEFORE_HOPS).max(axis=1)
    rise_db = np.zeros(n_hops, np.float32)
    lag = _BEFORE_HOPS + _GUARD_HOPS - 1
    rise_db[lag:] = level_db[lag:] - before[: n_hops - lag]
    rising = np.flatnonzero(rise_db[CONTEXT_HOPS : n_hops - CONTEXT_HOPS] > _RISE_DB) + CONTEXT_HOPS
    if not len(rising):
        return nothing
    # One attack rises through several windows: the first of each run is where it begins.
    first = rising[np.diff(rising, prepend=-_GUARD_HOPS - 1) > _GUARD_HOPS]
    return Attacks.joined(
        [
            _refine(samples, hop_samples, first[start : start + _BATCH], rise_db)
            for start in range(0, len(first), _BATCH)
        ]
    )


def _refine(
    samples: Samples, hop_samples: int, hops: NDArray[np.int64], rise_db: NDArray[np.float32]
) -> Attacks:
    """The first sample of the attacks that are heard in these windows."""
    n_before = (_BEFORE_HOPS + _GUARD_HOPS) * hop_samples
    span = np.arange(-n_before, _AFTER_HOPS * hop_samples)
    around = samples[hops[:, np.newaxis] * hop_samples + span]  # (n_attacks, n_span, n_channels)
    size = np.abs(around).max(axis=2)
    peaks = size[:, n_before:].max(axis=1)
    n_background = _BEFORE_HOPS * hop_samples
    background = size[:, :n_background].max(axis=1)
    threshold = np.maximum(_FRACTION_OF_PEAK * peaks, 1.1 * background)
    threshold = np.minimum(threshold, 0.9 * peaks)[:, np.newaxis]
    clear = n_background + (size[:, n_background:] >= threshold).argmax(axis=1)
    # Back to where this half-wave began: no sound of the attack is cut, and no more added.
    quiet = size <= np.maximum(0.2 * threshold, 0.3 * background[:, np.newaxis])
    index = np.arange(len(span))
    began = np.where(quiet & (index < clear[:, np.newaxis]), index, -1).max(axis=1)
    latest_start = clear - max(1, hop_samples // 2)
    first = np.maximum(began + 1, latest_start)
    steepest = np.array([rise_db[hop : hop + _GUARD_HOPS + 1].max() for hop in hops], np.float32)
    return Attacks(hops * hop_samples - n_before + first, peaks, steepest)
