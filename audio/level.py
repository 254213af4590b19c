"""Levels of sound: decibels and the sample peak. No files, no state."""

import math

import numpy as np
from numpy.typing import NDArray

from audio import AudioError

Samples = NDArray[np.float32]
"""Sound: shape (n_samples, n_channels), full scale = 1.0."""


def gain_from_db(gain_db: float) -> float:
    """Linear factor of a gain in dB: +6.02 dB doubles, -inf dB silences."""
    return float(10.0 ** (gain_db / 20.0))


def db_from_gain(gain: float) -> float:
    """Gain in dB of a linear factor, whose sign (polarity) does not count; 0 is -inf dB."""
    return 20.0 * math.log10(abs(gain)) if gain else -math.inf


def sample_peak_dbfs(samples: Samples) -> float | None:
    """Highest sample of all channels in dBFS; None where all are zero or none is there.

    Raises:
        AudioError: not two-dimensional, or holds NaN or infinity.
    """
    check_samples(samples)
    peak = float(np.abs(samples).max(initial=0.0))
    if not math.isfinite(peak):
        raise AudioError("samples hold NaN or infinity; the file is damaged")
    return db_from_gain(peak) if peak else None


def check_samples(samples: Samples) -> None:
    """Refuse what is not shaped as sound.

    Raises:
        AudioError: not (n_samples, n_channels).
    """
    if samples.ndim != 2:
        raise AudioError(f"samples must be (n_samples, n_channels), got shape {samples.shape}")
