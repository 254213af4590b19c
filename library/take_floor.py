"""The level of a recording when nothing happens, followed over time.

Positions count envelope windows of 5 ms.
"""

import numpy as np
from numpy.typing import NDArray

from library.percentile import percentile

Level = NDArray[np.float32]

_FLOOR_WINDOWS = 10  # 50 ms
_CHUNK = 1 << 15  # windows looked at together: what is made of them on the way stays small
_FLOOR_REACH = 200  # of those: the floor is sought within 10 s on both sides


def smoothed(level_db: Level, windows: int) -> Level:
    """Level of the mean power over `windows` windows about each; the ends repeat."""
    if len(level_db) < 2 or windows < 2:
        return level_db
    before = windows // 2
    smooth = np.empty(len(level_db), np.float32)
    for start in range(0, len(level_db), _CHUNK):
        end = min(len(level_db), start + _CHUNK)
        wanted = np.arange(start - before, end + windows - 1 - before)
        power = _power(level_db[np.clip(wanted, 0, len(level_db) - 1)])
        total = np.concatenate([[0.0], np.cumsum(power)])
        mean = (total[windows:] - total[:-windows]) / windows
        smooth[start:end] = 10.0 * np.log10(np.maximum(mean, 1e-12))
    return smooth


def _power(level_db: Level) -> NDArray[np.float64]:
    return np.asarray(np.power(10.0, level_db.astype(np.float64) / 10.0))


def floor_of(level_db: Level) -> Level:
    """The level when nothing happens, per window.

    The quietest twentieth of 50 ms means within ten seconds, if some of them stay
    level for 150 ms: a tail that only falls is no floor. Without one it is taken to lie
    out of hearing.
    """
    n_means = len(level_db) // _FLOOR_WINDOWS
    if n_means < 4:
        return np.full(len(level_db), -100.0, np.float32)
    means = np.empty(n_means)
    for start in range(0, n_means, _CHUNK):
        part = level_db[start * _FLOOR_WINDOWS : min(n_means, start + _CHUNK) * _FLOOR_WINDOWS]
        power = _power(part).reshape(-1, _FLOOR_WINDOWS).mean(axis=1)
        means[start : start + _CHUNK] = 10.0 * np.log10(np.maximum(power, 1e-12))
    runs = np.lib.stride_tricks.sliding_window_view(means, 3)
    level_runs = np.flatnonzero((runs.max(axis=1) - runs.min(axis=1)) < 2.5)
    if not len(level_runs):
        return np.full(len(level_db), max(-100.0, float(means.min()) - 10.0), np.float32)
    steady = np.full(n_means, np.inf)
    middle = runs[level_runs].mean(axis=1)
    for offset in range(3):
        steady[level_runs + offset] = np.minimum(steady[level_runs + offset], middle)
    # Coarse steps of five seconds suffice for a floor and keep a long file cheap.
    step = _FLOOR_REACH // 2
    centres = np.arange(0, n_means + step, step)
    values = np.empty(len(centres))
    for index, centre in enumerate(centres):
        near = steady[max(0, centre - _FLOOR_REACH) : centre + _FLOOR_REACH]
        near = near[np.isfinite(near)]
        values[index] = percentile(near, 5) if len(near) else np.nan
    known = np.isfinite(values)
    values = np.interp(centres, centres[known], values[known])
    floor = np.empty(len(level_db), np.float32)
    for start in range(0, len(floor), _CHUNK):
        at = np.arange(start, min(len(floor), start + _CHUNK)) / _FLOOR_WINDOWS
        floor[start : start + _CHUNK] = np.interp(at, centres, values)
    return floor
