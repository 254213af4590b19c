"""Panning by angle: from any direction into any layout, at constant power. Pure.

Speakers stand in rings, one at the ear and one above. In a ring a sound goes to the
two speakers to either side of it (pairwise), between the rings by its elevation.
"""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audio.layout import Layout

# Left speakers, ITU-R BS.2051-3 and BS.775: degrees to the left of the front; the right mirror.
_AZIMUTHS = {
    "Lc": 15.0,
    "L": 30.0,
    "Ltf": 45.0,
    "Lss": 90.0,
    "Lts": 90.0,
    "Ls": 110.0,
    "Lsr": 135.0,
    "Ltr": 135.0,
}
_MIDDLE = {"M": 0.0, "C": 0.0, "Cs": 180.0}
_ABOVE = ("Ltf", "Lts", "Ltr", "Rtf", "Rts", "Rtr")
_UPPER_RING_DEG = 45.0


def azimuth_of(label: str) -> float | None:
    """Degrees to the left of the front; None of LFE and of labels that name no place."""
    if label in _MIDDLE:
        return _MIDDLE[label]
    if label in _AZIMUTHS:
        return _AZIMUTHS[label]
    mirrored = _AZIMUTHS.get("L" + label[1:]) if label.startswith("R") else None
    return None if mirrored is None else -mirrored


def angle_gains(
    source: Layout, target: Layout, azimuth_deg: float, elevation_deg: float, width: float
) -> NDArray[np.float64]:
    """Gain of each source channel into each speaker, shape (source channels, target channels).

    Each channel comes from its own place, drawn together by `width` and turned by the
    azimuth; one that has no place (LFE) keeps to its namesake.
    """
    gains = np.zeros((source.channels, target.channels))
    for row, label in enumerate(source.labels):
        own = azimuth_of(label)
        if own is None:
            if label in target.labels:
                gains[row, target.index(label)] = 1.0
            continue
        rise = _UPPER_RING_DEG if label in _ABOVE else 0.0
        gains[row] = _from(own * width + azimuth_deg, elevation_deg + rise, target)
    return gains


def diverged(gains: NDArray[np.float64], target: Layout, divergence: float) -> NDArray[np.float64]:
    """The centre's share given to left and right, power kept: at 1 nothing stays in the centre."""
    if not divergence or not {"L", "C", "R"} <= set(target.labels):
        return gains
    left, centre, right = (target.index(label) for label in ("L", "C", "R"))
    moved = gains.copy()
    aside = gains[:, centre] * math.sin(divergence * math.pi / 2) / math.sqrt(2)
    moved[:, centre] = gains[:, centre] * math.cos(divergence * math.pi / 2)
    for side in (left, right):
        moved[:, side] = np.hypot(gains[:, side], aside)
    return moved


def _from(azimuth_deg: float, elevation_deg: float, target: Layout) -> NDArray[np.float64]:
    """Gains of a sound from one direction."""
    lower = [label for label in target.labels if label not in _ABOVE]
    upper = [label for label in target.labels if label in _ABOVE]
    height = min(1.0, max(0.0, elevation_deg / _UPPER_RING_DEG)) if upper else 0.0
    gains = np.zeros(target.channels)
    for ring, share in (
        (lower, math.cos(height * math.pi / 2)),
        (upper, math.sin(height * math.pi / 2)),
    ):
        if share > 1e-9:
            for label, gain in _in_ring(azimuth_deg, ring):
                gains[target.index(label)] += share * gain
    return gains


def _in_ring(azimuth_deg: float, labels: list[str]) -> list[tuple[str, float]]:
    """(speaker, gain) of the two to either side of a direction."""
    places = sorted(
        (place % 360.0, label) for label in labels if (place := azimuth_of(label)) is not None
    )
    if len(places) == 1:
        return [(places[0][1], 1.0)]
    direction = azimuth_deg % 360.0
    around = [*places, (places[0][0] + 360.0, places[0][1])]
    if direction < around[0][0]:
        direction += 360.0
    for (start, first), (end, second) in pairwise(around):
        if start <= direction <= end:
            way = (direction - start) / (end - start)
            return [
                (first, math.cos(way * math.pi / 2)),
                (second, math.sin(way * math.pi / 2)),
            ]
    raise AssertionError("a ring is closed")
