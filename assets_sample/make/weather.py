"""Rain, wind and thunder, in stereo."""

import math

import numpy as np

from assets_sample.make import SAMPLE_RATE_HZ, Wave, in_samples
from assets_sample.make.chance import Chance
from assets_sample.make.grains import bands, shower
from assets_sample.make.laying import lay, looped, panned
from assets_sample.make.modal import Material, plate, strike
from assets_sample.make.noise import band_pass, decay, gain, low_pass, pink, to_peak, to_rms, wander

JOIN_S = 1.5
_PANE = Material(8.0, 3.0)


def bed(chance: Chance, n_samples: int, low_hz: float, high_hz: float) -> Wave:
    """Steady pink noise in a band; the two ears share a third of it, as in a wide room."""
    both = pink(chance, n_samples)
    ears = [0.8 * pink(chance, n_samples) + 0.57 * both for _ in (0, 1)]
    return to_rms(band_pass(np.stack(ears, 1), low_hz, high_hz), 0.0)


def bubble(chance: Chance) -> Wave:
    """A drop that traps air: a note that decays and bends up (Minnaert; van den Doel 2005)."""
    n = in_samples(0.06)
    hz, times = chance.pitch_between(900, 4200), np.arange(n) / SAMPLE_RATE_HZ
    t60_s = chance.between(0.012, 0.045)
    bend = 1.0 + chance.between(0.0, 0.25) * times / 0.03
    return np.sin(2 * math.pi * hz * np.cumsum(bend) / SAMPLE_RATE_HZ) * decay(n, t60_s, 0.001)


def bubbles(chance: Chance, strip: Wave, per_s: float, level: float) -> None:
    """Bubbles strewn over a stereo strip, small ones more often."""
    seconds = len(strip) / SAMPLE_RATE_HZ
    for _ in range(int(per_s * seconds)):
        drop = panned(bubble(chance), chance.between(0.1, 0.9))
        lay(strip, drop, chance.between(0.0, seconds - 0.1), level * chance.between(0.15, 1.0) ** 3)


def rain_in_the_street(name: str, seconds: float) -> Wave:
    """Drops near the microphone over the wash of thousands further away, and puddles."""
    chance = Chance(name)
    n = in_samples(seconds + JOIN_S)
    density = 2600 * wander(chance, n, 0.4, 0.85, 1.1)
    near = shower(chance, density, bands(chance, 14, 1100, 7000, 0.8, 2.5), rarity=6, stereo=True)
    wash = bed(chance, n, 500, 6000) + 0.4 * bed(chance, n, 120, 500)
    strip = 0.030 * wash + 0.22 * near
    bubbles(chance, strip, 45, 0.22)
    return looped(low_pass(strip, 7500), JOIN_S)


def rain_at_the_window(name: str, seconds: float) -> Wave:
    """Heard from inside: the pane drums, the street is dull, water runs off a gutter."""
    chance = Chance(name)
    n = in_samples(seconds + JOIN_S)
    pane = bands(chance, 12, 280, 2600, 2, 7)
    drops = shower(chance, np.full(n, 170.0), pane, rarity=5, stereo=True)
    outside = low_pass(bed(chance, n, 150, 1400), 1500)
    strip = 0.012 * outside + 0.12 * low_pass(drops, 4500)
    glass = plate(chance, _PANE, 520, 10, 0.3)
    for _ in range(int(9 * seconds)):
        tap = panned(strike(glass, in_samples(0.2), 0.0009), chance.between(0.2, 0.8))
        lay(
            strip,
            tap,
            chance.between(0, seconds + JOIN_S - 0.3),
            0.10 * chance.between(0.1, 1) ** 3,
        )
    bubbles(chance, strip, 10, 0.03)
    return looped(strip, JOIN_S)


def wind_in_trees(name: str, seconds: float) -> Wave:
    """Slow gusts; leaves answer the wind a little later and only when it is strong."""
    chance = Chance(name)
    n = in_samples(seconds + JOIN_S)
    gust = wander(chance, n, 0.4, 0.72, 1.0) * wander(chance, n, 1.7, 0.85, 1.0)
    late = np.roll(gust, in_samples(0.25))
    strip = np.zeros((n, 2))
    for low_hz, high_hz, level in ((50, 160, 0.8), (160, 420, 1.0), (420, 900, 0.45)):
        # Each band has gusts of its own within the common one: wind is never one knob.
        own = np.stack([wander(chance, n, 0.9, 0.7, 1.0) for _ in (0, 1)], 1)
        strip += level * bed(chance, n, low_hz, high_hz) * own * gust[:, np.newaxis]
    leaves = shower(
        chance, 2600 * late**3, bands(chance, 10, 1800, 7000, 0.7, 1.6), rarity=3, stereo=True
    )
    strip += 0.8 * leaves + 0.10 * bed(chance, n, 1500, 6000) * (late**2)[:, np.newaxis]
    return looped(strip, JOIN_S)


def thunder(name: str) -> Wave:
    """A near flash: tearing, a crack, then the rest of the channel arriving later and duller."""
    chance = Chance(name)
    n = in_samples(5.8)
    strip = np.zeros((n, 2))
    for _ in range(70):
        at_s = 0.25 + 0.35 * chance.between(0, 1) ** 2
        tear = chance.noise(in_samples(0.25)) * decay(
            in_samples(0.25), chance.between(0.02, 0.15), 0.0008
        )
        lay(
            strip,
            panned(low_pass(tear, 6500), chance.between(0.3, 0.7)),
            at_s,
            chance.between(0.1, 1.0) ** 2,
        )
    for _ in range(150):
        late = chance.between(0, 1) ** 1.5
        length = in_samples(chance.between(0.7, 1.9))
        roll = low_pass(chance.noise(length), 900 * (0.09 / 0.9) ** late + 50) * decay(
            length, chance.between(0.6, 1.5), 0.01 + 0.2 * late
        )
        level = chance.between(0.3, 1.0) * gain(-14 * late) * (1.0 + 3.0 * late)
        lay(strip, panned(roll, chance.between(0.2, 0.8)), 0.4 + 4.2 * late, level)
    return to_peak(strip, 0.0)
