"""Many small collisions: gravel, snow, leaves, drops.

Each grain is one impulse into a resonance; when they come is chance, how many
come follows an envelope.

Source: Cook, "Physically Informed Sonic Modeling (PhISM)", CMJ 21:3 (1997).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from assets_sample.make import SAMPLE_RATE_HZ, Wave
from assets_sample.make.chance import Chance


@dataclass(frozen=True)
class Band:
    """A resonance that a grain may ring: Q 1 is a thud, 30 a ping."""

    hz: float
    q: float
    gain: float = 1.0


def bands(
    chance: Chance, count: int, low_hz: float, high_hz: float, low_q: float, high_q: float
) -> list[Band]:
    """Resonances spread by chance, so that no two handfuls sound alike."""
    return [
        Band(
            chance.pitch_between(low_hz, high_hz),
            chance.between(low_q, high_q),
            chance.between(0.5, 1),
        )
        for _ in range(count)
    ]


def shower(
    chance: Chance,
    grains_per_s: Wave,
    into: Sequence[Band],
    *,
    rarity: float = 3.0,
    stereo: bool = False,
) -> Wave:
    """Grains at a changing rate, each into one resonance.

    Args:
        rarity: 1 makes all sizes equally common; 6 makes big grains rare.
        stereo: give (n_samples, 2) with each grain at its own place.
    """
    n_samples = len(grains_per_s)
    at = np.flatnonzero(chance.uniforms(n_samples) < grains_per_s / SAMPLE_RATE_HZ)
    sizes = chance.uniforms(len(at)) ** rarity * np.where(chance.uniforms(len(at)) < 0.5, -1.0, 1.0)
    which = (chance.uniforms(len(at)) * len(into)).astype(np.int64)
    places = chance.uniforms(len(at))
    wave = np.zeros((n_samples, 2) if stereo else n_samples)
    for index, band in enumerate(into):
        mine = which == index
        impulses = np.zeros_like(wave)
        if stereo:
            impulses[at[mine], 0] = sizes[mine] * np.sqrt(1.0 - places[mine])
            impulses[at[mine], 1] = sizes[mine] * np.sqrt(places[mine])
        else:
            impulses[at[mine]] = sizes[mine]
        angle = 2.0 * math.pi * band.hz / SAMPLE_RATE_HZ
        radius = math.exp(-angle / (2.0 * band.q))
        poles = (1.0, -2.0 * radius * math.cos(angle), radius * radius)
        wave += band.gain * np.asarray(
            lfilter((math.sin(angle), -math.sin(angle)), poles, impulses, 0)
        )
    return wave
