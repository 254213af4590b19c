"""Stingers: a telephone, a bell, a blow that everybody hears."""

import math

import numpy as np

from assets_sample.make import SAMPLE_RATE_HZ, Wave, in_samples
from assets_sample.make.chance import Chance
from assets_sample.make.laying import lay
from assets_sample.make.modal import (
    STEEL,
    THIN_METAL,
    Material,
    Mode,
    doubled,
    partials,
    plate,
    ring,
    strike,
)
from assets_sample.make.noise import burst, decay, low_pass, to_peak
from assets_sample.make.rooms import around, within

_GONG = Material(1.1, 0.25)
# Partials of a tuned bell (name, of the strike note, T60, level): Rossing, *Science of Percussion*.
_BELL = (
    ("hum", 0.5, 14.0, 0.55),
    ("prime", 1.0, 8.0, 0.5),
    ("tierce", 1.2, 6.5, 0.9),
    ("quint", 1.5, 3.2, 0.3),
    ("nominal", 2.0, 4.0, 1.0),
    ("deciem", 2.5, 1.8, 0.35),
    ("undeciem", 2.66, 1.5, 0.3),
    ("duodeciem", 3.0, 1.6, 0.5),
    ("upper octave", 4.16, 1.1, 0.45),
    ("fifth above", 5.43, 0.7, 0.3),
    ("sixth above", 6.8, 0.5, 0.2),
    ("seventh above", 8.2, 0.35, 0.15),
)


def telephone(name: str) -> Wave:
    """A clapper between two gongs, 20 strokes a second, two seconds on, and again."""
    chance = Chance(name)
    strip = np.zeros(in_samples(7.2))
    ratios = (1.0, 1.52, 2.47, 2.9, 3.6, 4.3)
    gongs = [doubled(chance, partials(chance, _GONG, hz, ratios, 0.25), 6.0) for hz in (1085, 1365)]
    case = plate(chance, THIN_METAL, 310, 12, 0.6)
    for start_s in (0.3, 3.9):
        hits = [np.zeros(in_samples(3.3)) for _ in gongs]
        at_s = 0.0
        for stroke in range(80):
            hits[stroke % 2][in_samples(at_s)] += chance.between(0.7, 1.0) * min(
                1.0, 0.5 + stroke / 8
            )
            at_s += chance.around(0.025, 0.02)
        for force, gong in zip(hits, gongs, strict=True):
            blows = low_pass(force, 9000)
            lay(strip, ring(gong, blows) + 0.15 * ring(case, blows), start_s)
    return within(chance, strip, t60_s=0.4, size_s=0.02, wet_db=-16)


def church_bell(name: str) -> Wave:
    """One stroke: the clapper's clank, then hum, prime, tierce and the rest, which beat."""
    chance = Chance(name)
    n = in_samples(7.5)
    strike_hz = 220.0
    modes = [Mode(strike_hz * ratio, t60_s, level) for _, ratio, t60_s, level in _BELL]
    wave = np.zeros(n)
    lay(wave, strike(doubled(chance, modes, 1.6), n, 0.0012), 0.05)
    lay(
        wave,
        strike(plate(chance, STEEL, 1500, 20, 0.2), in_samples(0.25), 0.0006)
        * decay(in_samples(0.25), 0.2),
        0.05,
        0.2,
    )
    stereo = around(chance, wave, t60_s=2.2, size_s=0.16, wet_db=-13)[:n]
    return stereo * np.minimum(1.0, (n - np.arange(n)) / in_samples(2.0))[:, np.newaxis]


def big_hit(name: str) -> Wave:
    """Low drum, struck iron, broken air, in a hall."""
    chance = Chance(name)
    n = in_samples(1.6)
    times = np.arange(n) / SAMPLE_RATE_HZ
    sweep_hz = 34.0 + 60.0 * np.power(0.001, times / 0.35)
    drum = np.sin(2 * math.pi * np.cumsum(sweep_hz) / SAMPLE_RATE_HZ) * decay(n, 1.5, 0.002)
    iron = to_peak(strike(plate(chance, THIN_METAL, 74, 50, 0.3), n, 0.002), -9)
    air = 0.35 * burst(chance, n, 90, 2600, 0.22, 0.001) + 0.1 * burst(chance, n, 2500, 9000, 0.08)
    strip = np.zeros(in_samples(2.0))
    lay(strip, drum + iron + air, 0.06)
    return around(chance, strip, t60_s=2.6, size_s=0.07, wet_db=-7)
