"""What an AAF's effects do to the clip that they wrap: gain, automation of gain, speed."""

import math
from fractions import Fraction
from typing import Any

_GAINS = {"Amplitude", "Amplitude multiplier"}
_SPEED = "SpeedRatio"


def gain_of(group: Any, edit_rate: Fraction) -> tuple[float, tuple[tuple[Fraction, float], ...]]:
    """(constant gain in dB, points of one that varies) of an effect."""
    gain_db = 0.0
    points: list[tuple[Fraction, float]] = []
    for parameter in group.parameters:
        kind = type(parameter).__name__
        if kind == "ConstantValue" and parameter.name in _GAINS:
            gain_db += _db(parameter.value)
        elif kind == "VaryingValue" and parameter.name in _GAINS | {"AvidControlClipRatio"}:
            length_s = Fraction(group.length or 0) / edit_rate
            # A point's time runs from 0 to 1 over the length of what it governs.
            points += [
                (Fraction(point.time) * length_s, _db(point.value))
                for point in parameter["PointList"].value
            ]
    return gain_db, tuple(points)


def _db(factor: Any) -> float:
    factor = float(Fraction(factor))
    return 20 * math.log10(factor) if factor > 0 else -math.inf


def speed_percent_of(group: Any, played: int, length: int) -> float:
    """What an effect says of its speed, or how much it plays in the time it takes."""
    for parameter in group.parameters:
        if type(parameter).__name__ == "ConstantValue" and parameter.name == _SPEED:
            return float(Fraction(parameter.value)) * 100
    return 100.0 * played / length if length else 0.0
