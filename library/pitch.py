"""Pitch of analysis windows, from the power spectra that are there already.

YIN's difference function, computed as an autocorrelation from the spectrum: only the bins up to
4.2 kHz enter, so the transform back is short. Source: de Cheveigné and Kawahara, "YIN", JASA 111
(2002); division by the window's own autocorrelation: Boersma, "Accurate short-term analysis of
the fundamental frequency", IFA Proceedings 17 (1993).
"""

from functools import lru_cache
from math import ceil, log2, pi

import numpy as np
from numpy.typing import NDArray

from library.fourier import irfft

Floats = NDArray[np.float32]

LOWEST_HZ, HIGHEST_HZ = 60.0, 4000.0
_BAND_HZ = (40.0, 4200.0)
_LAG_RATE_HZ = 24_000.0
_DIP = 0.15  # YIN's absolute threshold
_QUIET_POWER = 1e-8  # -80 dBFS: no pitch is looked for below
_NOISE = 0.9  # nor in windows that are noise


@lru_cache(maxsize=8)
def _lags(sample_rate_hz: int, bins: int) -> tuple[int, int, int, float, int, int, Floats]:
    """First and end bin, transform length, lag rate, shortest and longest lag, window's own."""
    window_samples = 2 * (bins - 1)
    ratio = min(4.0, 2.0 ** round(log2(_LAG_RATE_HZ / sample_rate_hz)))
    length = int(window_samples * ratio)
    lag_rate_hz = sample_rate_hz * ratio
    hz_per_bin = sample_rate_hz / window_samples
    first = max(1, ceil(_BAND_HZ[0] / hz_per_bin))
    end = min(bins, int(_BAND_HZ[1] / hz_per_bin) + 1)
    shortest = max(2, int(lag_rate_hz / HIGHEST_HZ))
    longest = min(length // 2 - 1, ceil(lag_rate_hz / LOWEST_HZ) + 1)
    hann = 0.5 - 0.5 * np.cos(2 * pi * np.arange(length) / length)
    own = np.correlate(hann, hann, "full")[length - 1 :][: longest + 1]
    return first, end, length, lag_rate_hz, shortest, longest, (own / own[0]).astype(np.float32)


def find_pitch(
    power: Floats, whole_power: Floats, noisiness: Floats, sample_rate_hz: int
) -> tuple[Floats, Floats]:
    """Fundamental (Hz) of each window and how sure it is.

    Args:
        power: power spectra of Hann windows, shape (n, bins).
        whole_power: their sums; noisiness: 0 to 1. Quiet and noisy windows are passed over.

    Returns:
        pitch in Hz (0 where none was looked for), confidence 0 to 1: one less the depth of YIN's
        dip, times the share of the power that lies below 4.2 kHz.
    """
    pitch_hz = np.zeros(len(power), np.float32)
    confidence = np.zeros(len(power), np.float32)
    wanted = np.flatnonzero((whole_power > _QUIET_POWER) & (noisiness < _NOISE))
    if wanted.size == 0:
        return pitch_hz, confidence
    first, end, length, lag_rate_hz, shortest, longest, own = _lags(sample_rate_hz, power.shape[1])
    if end - first < 3 or longest <= shortest + 1:
        return pitch_hz, confidence
    band = np.zeros((wanted.size, end), np.float32)
    band[:, first:] = power[wanted, first:end]
    share = band.sum(axis=1) / whole_power[wanted]
    alike = irfft(band, n=length)[:, : longest + 1]
    alike = alike / np.maximum(alike[:, :1], 1e-30) / own
    difference = np.maximum(1.0 - alike[:, 1:], 0.0)  # from lag 1
    running = np.maximum(np.cumsum(difference, axis=1), 1e-9)
    dips = difference * np.arange(1, longest + 1, dtype=np.float32) / running
    dips = dips[:, shortest - 2 :]  # from one lag before the shortest, to see its flank
    inner = dips[:, 1:-1]
    lowest = (inner < dips[:, :-2]) & (inner <= dips[:, 2:])
    good = lowest & (inner < _DIP)
    found = good.any(axis=1)
    any_dip = np.where(lowest, inner, 2.0)
    index = np.where(found, good.argmax(axis=1), any_dip.argmin(axis=1))
    rows = np.arange(wanted.size)
    depth = inner[rows, index]
    before, after = dips[rows, index], dips[rows, index + 2]
    bend = before - 2.0 * depth + after
    shift = np.where(bend > 1e-9, 0.5 * (before - after) / np.maximum(bend, 1e-9), 0.0)
    lag = shortest + index + np.clip(shift, -0.5, 0.5)
    sure = np.clip(1.0 - depth, 0.0, 1.0) * np.clip(share, 0.0, 1.0)
    sure[~lowest[rows, index]] = 0.0
    pitch_hz[wanted] = lag_rate_hz / lag
    confidence[wanted] = sure
    return pitch_hz, confidence
