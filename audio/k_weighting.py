"""K-weighting: how loud each frequency counts, as two filters at any sample rate.

ITU-R BS.1770-5 gives coefficients for 48 kHz alone and asks for "the same frequency
response" at others. The prototypes behind them were found by B. De Man ("Evaluation of
implementations of the EBU R128 loudness measurement", AES 145, 2018): a shelf for the
head, and a high-pass. Both are taken to another rate by the bilinear transform.
"""

import math
from dataclasses import dataclass

_SHELF_HZ = 1681.974450955533
_SHELF_DB = 3.999843853973347
_SHELF_Q = 0.7071752369554196
_SHELF_MIDDLE = 0.4996667741545416  # the share of the shelf's gain reached at its frequency
_HIGH_PASS_HZ = 38.13547087602444
_HIGH_PASS_Q = 0.5003270373238773
_TABLE_RATE_HZ = 48_000


@dataclass(frozen=True)
class Biquad:
    """y[n] = b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2]."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


def shelf(sample_rate_hz: int) -> Biquad:
    """Stage 1: the head's effect, about +4 dB above 2 kHz."""
    k = math.tan(math.pi * _SHELF_HZ / sample_rate_hz)
    high = 10.0 ** (_SHELF_DB / 20.0)
    middle = high**_SHELF_MIDDLE
    a0 = 1.0 + k / _SHELF_Q + k * k
    return Biquad(
        b0=(high + middle * k / _SHELF_Q + k * k) / a0,
        b1=2.0 * (k * k - high) / a0,
        b2=(high - middle * k / _SHELF_Q + k * k) / a0,
        a1=2.0 * (k * k - 1.0) / a0,
        a2=(1.0 - k / _SHELF_Q + k * k) / a0,
    )


def high_pass(sample_rate_hz: int) -> Biquad:
    """Stage 2: low frequencies count less, -3 dB near 60 Hz.

    The table for 48 kHz leaves the numerator at 1, -2, 1, which adds 0.04 dB: part of the
    response, so other rates must have as much (most meters let it drift with the rate).
    """
    b0 = _high_pass_a0(_TABLE_RATE_HZ) / _high_pass_a0(sample_rate_hz)
    k = math.tan(math.pi * _HIGH_PASS_HZ / sample_rate_hz)
    a0 = _high_pass_a0(sample_rate_hz)
    return Biquad(
        b0=b0,
        b1=-2.0 * b0,
        b2=b0,
        a1=2.0 * (k * k - 1.0) / a0,
        a2=(1.0 - k / _HIGH_PASS_Q + k * k) / a0,
    )


def _high_pass_a0(sample_rate_hz: int) -> float:
    k = math.tan(math.pi * _HIGH_PASS_HZ / sample_rate_hz)
    return 1.0 + k / _HIGH_PASS_Q + k * k
