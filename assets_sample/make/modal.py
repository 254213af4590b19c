"""Struck things: banks of decaying modes, damped as their material damps them.

Sources: Cook, *Real Sound Synthesis for Interactive Applications* (2002), ch. 4;
van den Doel and Pai, "The Sounds of Physical Shapes" (1998).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from assets_sample.make import SAMPLE_RATE_HZ, Wave, in_samples
from assets_sample.make.chance import Chance

FREE_BAR = (1.0, 2.756, 5.404, 8.933, 13.344)
"""Partials of a bar that is free at both ends (Euler and Bernoulli)."""


@dataclass(frozen=True)
class Mode:
    hz: float
    t60_s: float
    gain: float


@dataclass(frozen=True)
class Material:
    """How a material loses what it was given: T60 = 1 / (loss + loss_per_khz · kHz)."""

    loss: float
    loss_per_khz: float

    def t60_s(self, hz: float) -> float:
        return 1.0 / (self.loss + self.loss_per_khz * hz / 1000.0)


WOOD = Material(5.0, 9.0)
HARD_WOOD = Material(3.5, 5.0)
STEEL = Material(0.45, 0.16)
THIN_METAL = Material(1.6, 0.5)
GLASS = Material(0.9, 0.12)
CERAMIC = Material(6.0, 1.6)
PLASTIC = Material(25.0, 9.0)
EARTH = Material(14.0, 40.0)


def plate(
    chance: Chance, material: Material, lowest_hz: float, count: int, tilt: float = 0.5
) -> list[Mode]:
    """Modes of a plate: m² + (a·n)² in order of pitch, each a little off, as real things are.

    Args:
        tilt: how fast high modes grow weaker; gain goes with (lowest/hz)^tilt.
    """
    aspect = chance.between(0.55, 0.9)
    ratios = sorted(m * m + (aspect * n) ** 2 for m in range(1, 9) for n in range(1, 9))[:count]
    return [
        damped(chance, material, lowest_hz * ratio / ratios[0], (ratios[0] / ratio) ** tilt)
        for ratio in ratios
    ]


def partials(
    chance: Chance, material: Material, lowest_hz: float, ratios: Sequence[float], tilt: float = 0.5
) -> list[Mode]:
    """Modes at given multiples of the lowest."""
    return [damped(chance, material, lowest_hz * r, r**-tilt) for r in ratios]


def damped(chance: Chance, material: Material, hz: float, strength: float) -> Mode:
    """One mode of a material, slightly detuned, of either sign (it depends where one strikes)."""
    hz = min(chance.around(hz, 0.03), 0.45 * SAMPLE_RATE_HZ)
    sign = 1.0 if chance.between(0, 1) < 0.5 else -1.0
    return Mode(hz, chance.around(material.t60_s(hz), 0.2), sign * chance.around(strength, 0.6))


def restruck(chance: Chance, modes: Sequence[Mode]) -> list[Mode]:
    """The same thing struck elsewhere: its pitches stay, the share of each mode changes."""
    return [
        Mode(
            chance.around(mode.hz, 0.002),
            chance.around(mode.t60_s, 0.1),
            mode.gain * chance.between(0.25, 1.6),
        )
        for mode in modes
    ]


def doubled(chance: Chance, modes: Sequence[Mode], beat_hz: float) -> list[Mode]:
    """Each mode as a pair a few tenths of a hertz apart: round things are never quite round."""
    pairs = []
    for mode in modes:
        split = chance.between(0.3, 1.0) * beat_hz / 2.0
        share = chance.between(0.25, 0.75)
        pairs += [
            Mode(mode.hz - split, mode.t60_s, mode.gain * share),
            Mode(mode.hz + split, mode.t60_s * 0.9, mode.gain * (1.0 - share)),
        ]
    return pairs


def blow(n_samples: int, contact_s: float) -> Wave:
    """The force of one blow, area 1: a raised cosine as long as the contact lasts."""
    length = max(2, in_samples(contact_s))
    force = np.zeros(n_samples)
    length = min(length, n_samples)
    force[:length] = 0.5 - 0.5 * np.cos(2.0 * np.pi * (np.arange(length) + 0.5) / length)
    return np.asarray(force / force.sum())


def ring(modes: Sequence[Mode], force: Wave) -> Wave:
    """What the modes do under a force: each one a resonance of two poles."""
    wave = np.zeros_like(force)
    for mode in modes:
        radius = 0.001 ** (1.0 / (mode.t60_s * SAMPLE_RATE_HZ))
        angle = 2.0 * math.pi * mode.hz / SAMPLE_RATE_HZ
        poles = (1.0, -2.0 * radius * math.cos(angle), radius * radius)
        wave += mode.gain * lfilter((radius * math.sin(angle),), poles, force, 0)
    return wave


def strike(modes: Sequence[Mode], n_samples: int, contact_s: float) -> Wave:
    """One blow on a thing that is at rest."""
    return ring(modes, blow(n_samples, contact_s))
