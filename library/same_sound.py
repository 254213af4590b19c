"""Whether two sounds are one: at another level, rate or length, or one channel of the other. Pure.

Both are brought to one low rate, laid on each other where they agree best, and compared
there. What this calls the same is the same recording, not merely a like one: two
footsteps of one shoe on one floor correlate far below the bar.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.level import Samples, db_from_gain

COMPARE_HZ = 8_000
COMPARE_MOST_S = 60.0  # of the shorter sound
_SAME = 0.97  # correlation where they lie on each other
_LEAST_SHARE = 0.3  # of the longer sound must be the shorter one
_SAME_LEVEL_DB = 0.05
_SAME_EDGE_S = 0.005

_FINER = 4  # places a sample at which the two are laid on each other

Mono = NDArray[np.float32]


@dataclass(frozen=True)
class Sameness:
    """How one sound is another one: `shift_s` is where the second begins in the first."""

    correlation: float
    gain_db: float  # of the second against the first
    shift_s: float


def sameness(first: Mono, second: Mono, rate_hz: int = COMPARE_HZ) -> Sameness | None:
    """How the second sound is the first, or None where they are two sounds.

    Args:
        first, second: one channel each, at the same rate.
    """
    if not first.size or not second.size:
        return None
    n_fft = 1 << (first.size + second.size - 1).bit_length()
    spectrum = np.fft.rfft(first, n_fft) * np.conj(np.fft.rfft(second, n_fft))
    # Between the samples too: a cut falls between two of the low rate, where high tones disagree.
    fine = np.arange(_FINER * (-second.size + 1), _FINER * (first.size - 1) + 1)
    products = _FINER * np.fft.irfft(spectrum, _FINER * n_fft)[fine]
    lags = (fine + _FINER // 2) // _FINER
    # Energy of each sound within the overlap at each lag, by running sums.
    sum_first = np.concatenate([[0.0], np.cumsum(first.astype(np.float64) ** 2)])
    sum_second = np.concatenate([[0.0], np.cumsum(second.astype(np.float64) ** 2)])
    start, end = np.maximum(lags, 0), np.minimum(lags + second.size, first.size)
    energy_first = sum_first[end] - sum_first[start]
    energy_second = sum_second[end - lags] - sum_second[start - lags]
    long_enough = end - start >= _LEAST_SHARE * max(first.size, second.size)
    # An overlap that holds little of either sound says nothing of them.
    loud_enough = (energy_first >= 0.5 * sum_first[-1]) | (energy_second >= 0.9 * sum_second[-1])
    usable = long_enough & loud_enough & (energy_first > 0) & (energy_second > 0)
    if not usable.any():
        return None
    correlation = np.zeros(lags.size)
    correlation[usable] = products[usable] / np.sqrt(energy_first[usable] * energy_second[usable])
    best = int(np.abs(correlation).argmax())
    if abs(correlation[best]) < _SAME:
        return None
    gain = float(np.sqrt(energy_second[best] / energy_first[best]))
    shift_s = float(fine[best]) / _FINER / rate_hz
    return Sameness(float(correlation[best]), db_from_gain(gain), shift_s)


def told(
    same: Sameness, first: tuple[int, int, float], second: tuple[int, int, float]
) -> tuple[str, ...]:
    """In words, what was done to the first sound to make the second.

    Args:
        first, second: sample rate in Hz, channels, duration in s.
    """
    words = []
    if first[0] != second[0]:
        words.append(f"resampled from {first[0]} to {second[0]} Hz")
    if first[1] != second[1]:
        words.append(f"{second[1]} {'channel' if second[1] == 1 else 'channels'} of {first[1]}")
    end_s = same.shift_s + second[2] - first[2]
    if same.shift_s > _SAME_EDGE_S or end_s < -_SAME_EDGE_S:
        words.append(f"trimmed by {max(0.0, same.shift_s) + max(0.0, -end_s):.2f} s")
    if same.shift_s < -_SAME_EDGE_S or end_s > _SAME_EDGE_S:
        words.append(f"longer by {max(0.0, -same.shift_s) + max(0.0, end_s):.2f} s")
    if abs(same.gain_db) > _SAME_LEVEL_DB:
        words.append(f"gain {same.gain_db:+.1f} dB")
    if same.correlation < 0:
        words.append("polarity turned")
    return tuple(words) or ("encoded anew",)


def to_compare(samples: Samples, sample_rate_hz: int) -> Mono:
    """The first channel at COMPARE_HZ, or the mix where that one is silent."""
    from audio.resample import resample

    channel = samples[:, :1] if samples[:, :1].any() else samples.mean(axis=1, keepdims=True)
    if sample_rate_hz != COMPARE_HZ:
        channel = resample(np.ascontiguousarray(channel), sample_rate_hz, COMPARE_HZ)
    mono: Mono = channel[:, 0].astype(np.float32)
    return mono
