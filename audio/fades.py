"""Fades: how a sound comes in and goes out.

A curve is taken at the middle of each sample, so that a fade-out is the
fade-in read backwards and the two of a crossfade fit sample by sample: of
`equal_gain` and `s_curve` they add up to 1 (for sounds that are alike), of
`equal_power` and `s_curve_power` their squares do (for sounds that are not).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from audio import AudioError

_Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]

_EXPONENTIAL_RANGE_DB = 60.0  # what a fade that is straight in dB sinks to before it is cut to zero


def _exponential(t: NDArray[np.float64]) -> NDArray[np.float64]:
    floor = 10.0 ** (-_EXPONENTIAL_RANGE_DB / 20.0)
    return np.asarray((np.power(floor, 1.0 - t) - floor) / (1.0 - floor))


_CURVES: dict[str, _Curve] = {
    "equal_power": lambda t: np.sin(np.pi / 2 * t),
    "equal_gain": lambda t: t,
    "linear": lambda t: t,
    "s_curve": lambda t: np.sin(np.pi / 2 * t) ** 2,
    "s_curve_power": lambda t: np.sin(np.pi / 2 * np.sin(np.pi / 2 * t) ** 2),
    "exponential": _exponential,
    "logarithmic": lambda t: 1.0 - _exponential(1.0 - t),
}

SHAPES = tuple(_CURVES)


def fade_in_curve(shape: str, n_samples: int) -> NDArray[np.float32]:
    """Factors that rise from near 0 to near 1, shape (n_samples,); n_samples may be 0.

    Raises:
        AudioError: a shape that is not one of `SHAPES`, or fewer than no samples.

    >>> rise = fade_in_curve("equal_power", 4)
    >>> [f"{power:.3f}" for power in rise**2 + rise[::-1] ** 2]
    ['1.000', '1.000', '1.000', '1.000']
    """
    if shape not in _CURVES:
        raise AudioError(f"{shape!r} is not a fade; one of {', '.join(SHAPES)}")
    if n_samples < 0:
        raise AudioError(f"a fade cannot last {n_samples} samples")
    if n_samples == 0:
        return np.zeros(0, dtype=np.float32)
    t = (np.arange(n_samples) + 0.5) / n_samples
    return _CURVES[shape](t).astype(np.float32)


def fade_out_curve(shape: str, n_samples: int) -> NDArray[np.float32]:
    """The mirror of `fade_in_curve`, shape (n_samples,)."""
    return fade_in_curve(shape, n_samples)[::-1]
