"""Whether a recording is one take because it never falls silent: rain, traffic, a wood.

Its floor is not what remains when nothing happens: it is the sound itself, and what rises
above it (a large drop, a bird) belongs to it. Positions count envelope windows of 5 ms.
"""

import numpy as np
from numpy.typing import NDArray

_LOUD_FLOOR_DB = -50.0  # a floor above this may be the sound itself
_LONG_LULL = 1600  # 8 s of nothing but the floor
_LONG = 1000  # 5 s: performances of a few seconds are not taken for a place
_CHIEF_FLOOR_DB = -60.0
_CHIEF_SHARE = 0.6  # of all energy lies in the floor …
_RARE = 0.05  # … and little of the time above it: drops, not steps
_BREATHING = 1600  # 8 s
_MOSTLY = 0.7
_SHORT_PAUSE = 200  # 1 s
_BREATH_DB = 15.0


def is_background(
    level_db: NDArray[np.float32],
    floor_db: NDArray[np.float32],
    edges: NDArray[np.int64],
    struck: NDArray[np.bool_],
) -> bool:
    """Whether what stands out of the floor is part of one sound with it.

    Args:
        level_db: of each window.
        floor_db: likewise.
        edges: shape (n, 2), where each part that stands out starts and ends, in order.
        struck: whether each of them starts with an attack.
    """
    n_windows = len(level_db)
    lulls = np.diff(np.concatenate([[0], edges.ravel(), [n_windows]]))[::2]
    floor = float(np.median(floor_db))
    if lulls.max() > _LONG_LULL and floor > _LOUD_FLOOR_DB:
        return True
    covered = float((edges[:, 1] - edges[:, 0]).sum()) / n_windows
    if n_windows >= _LONG and floor > _CHIEF_FLOOR_DB and covered < _RARE:
        power = np.power(10.0, level_db / 10.0, dtype=np.float64).sum()
        if np.power(10.0, floor_db / 10.0, dtype=np.float64).sum() > _CHIEF_SHARE * power:
            return True
    # What comes and goes without attacks or silence, as wind and birds do.
    if n_windows < _BREATHING or covered < _MOSTLY or 2 * int(struck.sum()) > len(struck):
        return False
    low, middle = np.percentile(level_db, [5, 50])
    return bool(lulls.max() < _SHORT_PAUSE and middle - low < _BREATH_DB)
