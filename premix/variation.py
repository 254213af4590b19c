"""How a take that must come again differs from its last time, within small bounds. Pure."""

from collections.abc import Sequence
from random import Random

from premix.chance import between, pick

LEVEL_BOUND_DB = 1.5  # a take that must come again differs in level by at most this
_LEVEL_STEP_DB = 0.5  # … and from its last time by at least this
VARIED_SPEEDS = (0.99, 0.995, 1.005, 1.01)  # … and in speed and pitch, by 17 cents at most


def vary_levels(keys: Sequence[tuple[int, int]], random: Random) -> list[float]:
    """0 dB for a take's first time, then within ±`LEVEL_BOUND_DB` and unlike its last time."""
    last: dict[tuple[int, int], float] = {}
    gains = []
    for key in keys:
        gain_db = 0.0
        if key in last:
            gain_db = round(between(random, -LEVEL_BOUND_DB, LEVEL_BOUND_DB), 2)
            if abs(gain_db - last[key]) < _LEVEL_STEP_DB:
                away = _LEVEL_STEP_DB if last[key] <= 0 else -_LEVEL_STEP_DB
                gain_db = round(last[key] + away, 2)
        last[key] = gain_db
        gains.append(gain_db)
    return gains


def vary_speeds(keys: Sequence[tuple[int, int]], random: Random) -> list[float]:
    """1 for a take's first time, then one of `VARIED_SPEEDS`, unlike its last time."""
    last: dict[tuple[int, int], float] = {}
    speeds = []
    for key in keys:
        speed = 1.0
        if key in last:
            speed = pick(random, [one for one in VARIED_SPEEDS if one != last[key]])
        last[key] = speed
        speeds.append(speed)
    return speeds
