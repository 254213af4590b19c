"""The instruments that play the sample library: physical models in small, always the same.

    chance → noise, modal, grains, voices, rooms → feet, cloth, doors, props,
    weather, places, stingers, design, hard → catalogue → files

`chance` deals repeatable numbers; five modules know a way in which things
sound; nine know a kind of sound; `catalogue` lists what there is; `files`
writes it. Waves are float64, shape (n_samples,) or (n_samples, 2), full scale
1.0, at `SAMPLE_RATE_HZ`, and are rounded once, when written.

Why so careful: the same samples must come out on another day and another
machine. Numbers of chance are taken from PCG64's raw bits, whose stream numpy
promises to keep (NEP 19), and shaped by additions only. What is left to the
machine is the last bit of sin, exp, sums and FFT, some 260 dB under full
scale, which decides a rounding once in many million samples.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Wave = NDArray[np.float64]

SAMPLE_RATE_HZ: Final = 48_000


def in_samples(seconds: float) -> int:
    """A duration in seconds as a whole number of samples."""
    return round(seconds * SAMPLE_RATE_HZ)
