"""Where a clip's channels go in a stem: one gain for each pair of channels. Pure.

A mono sound is panned at constant power, -3 dB to either side in the middle of
stereo, through the centre where the stem has one. A sound of several channels
is placed as recorded: each channel goes to the speaker of its name, one that
the stem lacks is folded into its neighbours (`audio.fold_down`), and the pan
is a balance between left and right.
"""

import math

import numpy as np
from numpy.typing import NDArray

from audio.fold_down import fold_matrix
from audio.layout import Layout
from premix import PremixError
from premix.placement import Placement
from premix.surround import angle_gains, diverged

Gains = NDArray[np.float64]  # (source channels, stem channels)

_FRONT_DEG = 30.0
# Surrounds recorded as one pair, in a stem that has sides and rears: both, at constant power.
_SPREAD = {"Ls": ("Lss", "Lsr"), "Rs": ("Rss", "Rsr")}


def pan_gains(source: Layout, target: Layout, pan: float = 0.0) -> Gains:
    """Gain of each source channel into each channel of the stem.

    Args:
        pan: -1 left, 0 centre, +1 right.

    Raises:
        PremixError: `pan` is beyond ±1.
        AudioError: a channel of `source` has no way into `target`.

    >>> from audio.layout import LAYOUTS
    >>> pan_gains(LAYOUTS["mono"], LAYOUTS["stereo"]).round(4).tolist()
    [[0.7071, 0.7071]]
    """
    if not -1.0 <= pan <= 1.0:
        raise PremixError(f"a pan of {pan:g} is past the speakers; -1 is left, 0 centre, 1 right")
    if source.labels == ("M",):
        return _mono_gains(target, pan)
    return _place_as_recorded(source, target) * _balance(target, pan)


def placed_gains(source: Layout, target: Layout, pan: float, placement: Placement) -> Gains:
    """As `pan_gains`, with all else that a placement asks for.

    Raises:
        PremixError, AudioError: as `pan_gains`.
    """
    if placement.is_by_angle:
        # A pan turns the sound as far as the front speakers reach.
        turned = -_FRONT_DEG * pan if placement.azimuth_deg is None else placement.azimuth_deg
        width = 1.0 if placement.width is None else placement.width
        gains = angle_gains(source, target, turned, placement.elevation_deg, width)
    else:
        gains = pan_gains(source, target, pan)
    return diverged(gains, target, placement.divergence)


def _mono_gains(target: Layout, pan: float) -> Gains:
    gains = np.zeros((1, target.channels))
    if target.channels == 1:
        gains[0, 0] = 1.0
        return gains
    if "C" in target.labels:
        side = target.index("R" if pan > 0 else "L")
        gains[0, side], gains[0, target.index("C")] = _constant_power(abs(pan))
    else:
        right, left = _constant_power((pan + 1.0) / 2.0)
        gains[0, target.index("L")], gains[0, target.index("R")] = left, right
    return gains


def _constant_power(way: float) -> tuple[float, float]:
    """(arriving, leaving) gains on the way, 0 to 1, from one speaker to the next."""
    if way in (0.0, 1.0):  # the sine of pi is not quite 0
        return way, 1.0 - way
    return math.sin(way * math.pi / 2), math.cos(way * math.pi / 2)


def _place_as_recorded(source: Layout, target: Layout) -> Gains:
    spread = {
        label: pair
        for label, pair in _SPREAD.items()
        if label in source.labels and label not in target.labels and {*pair} <= {*target.labels}
    }
    kept = [label for label in source.labels if label not in spread]
    gains = np.zeros((source.channels, target.channels))
    folded = fold_matrix(Layout(source.name, tuple(kept)), target).T
    for row, label in enumerate(kept):
        gains[source.index(label)] = folded[row]
    for label, pair in spread.items():
        gains[source.index(label), [target.index(speaker) for speaker in pair]] = math.sqrt(0.5)
    return gains


def _balance(target: Layout, pan: float) -> NDArray[np.float64]:
    """One factor a channel: the side that is panned away from sinks, the other stays."""
    left, right = (math.cos(max(0.0, way) * math.pi / 2) for way in (pan, -pan))
    if abs(pan) == 1.0:
        left, right = (0.0, 1.0) if pan > 0 else (1.0, 0.0)
    return np.array([{-1: left, 0: 1.0, 1: right}[_side(label)] for label in target.labels])


def _side(label: str) -> int:
    if label == "LFE":
        return 0
    return {"L": -1, "R": 1}.get(label[0], 0)
