"""Wooden doors: latch, creak, swing and slam."""

import numpy as np

from assets_sample.make import SAMPLE_RATE_HZ, Wave, in_samples
from assets_sample.make.chance import Chance
from assets_sample.make.laying import in_a_row, lay
from assets_sample.make.modal import (
    FREE_BAR,
    THIN_METAL,
    WOOD,
    partials,
    plate,
    restruck,
    ring,
    strike,
)
from assets_sample.make.noise import burst, gain, low_pass, swell, to_peak, wander
from assets_sample.make.rooms import within


def latch(chance: Chance, level: float) -> Wave:
    """A bolt snapping: spring, bolt, plate, within some 40 ms."""
    n = in_samples(0.3)
    wave = np.zeros(n)
    lock = restruck(chance, plate(Chance("door lock"), THIN_METAL, 1080, 14, 0.3))
    case = restruck(chance, plate(Chance("lock case"), WOOD, 280, 12, 0.5))
    for at_s, force in (
        (0.0, 0.35),
        (chance.between(0.012, 0.022), 1.0),
        (chance.between(0.03, 0.05), 0.3),
    ):
        lay(wave, strike(lock, n, 0.0007) * 0.5, at_s, force)
        lay(wave, strike(case, n, 0.0014), at_s, force)
        lay(wave, 0.05 * burst(chance, n, 2500, 8000, 0.012), at_s, force)
    return level * wave


def knock(chance: Chance, contact_s: float, weight: float) -> Wave:
    """The leaf meeting its frame: a big plate, its hollow, and the air pushed out."""
    n = in_samples(0.9)
    leaf = restruck(chance, plate(Chance("door leaf"), WOOD, 71, 40, 0.4))
    frame = restruck(chance, plate(Chance("door frame"), WOOD, 164, 16, 0.4))
    air = low_pass(chance.noise(n), 90) * swell(n, 0.06)
    wave = strike(leaf, n, contact_s) + 0.5 * strike(frame, n, contact_s / 2)
    return wave + weight * (0.15 * burst(chance, n, 300, 3500, 0.05) + 0.25 * air)


def creak(chance: Chance, seconds: float, low_hz: float, high_hz: float) -> Wave:
    """A dry hinge: sticks, slips, and each slip knocks at the door.

    The rate of slips wanders with the speed of the leaf; a hinge that moves
    slowly clicks, one that moves faster sings.
    """
    n = in_samples(seconds)
    shape = swell(n, 0.4)
    rate_hz = wander(chance, n, 2.2, low_hz, high_hz) * (0.4 + 0.6 * shape)
    rate_hz *= 1.0 + 0.12 * low_pass(chance.noise(n), 30) * 20
    slips = np.diff(np.floor(np.cumsum(np.maximum(rate_hz, 4.0)) / SAMPLE_RATE_HZ), prepend=0.0)
    slips *= 0.35 + 0.65 * chance.uniforms(n)
    hinge = restruck(chance, plate(Chance("hinge"), WOOD, 390, 22, 0.1))
    iron = partials(Chance("hinge iron"), THIN_METAL, 790, FREE_BAR[:3], 0.6)
    throat = ring(hinge, slips) + 0.18 * ring(iron, slips) * 0.2
    rub = 0.02 * low_pass(chance.noise(n), 1800) * shape
    return (throat + rub) * np.sqrt(shape) * wander(chance, n, 5, 0.35, 1.0)


def opened(name: str) -> Wave:
    """Handle down, latch out, a short creak, the leaf swings; three performances."""
    chance = Chance(name)
    takes = []
    for _ in range(3):
        strip = np.zeros(in_samples(1.9))
        lay(strip, latch(chance, 0.45), 0.0)
        lay(strip, latch(chance, 0.9), chance.between(0.13, 0.2))
        groan = to_peak(creak(chance, chance.between(0.7, 1.05), 34, 100), -20)
        lay(strip, groan, chance.between(0.24, 0.3))
        takes.append(strip)
    dry = in_a_row(chance, takes, [2.5, 2.4, 2.5])
    return within(chance, dry, t60_s=0.45, size_s=0.02, wet_db=-20)


def closed(name: str, contact_s: float, weight: float, gap_s: float, takes_count: int) -> Wave:
    """The leaf falls shut and the latch with it.

    Args:
        weight: 0.3 is a careful hand, 1.5 a quarrel.
    """
    chance = Chance(name)
    takes = []
    for _ in range(takes_count):
        strip = np.zeros(in_samples(gap_s - 0.3))
        force = gain(chance.between(-3, 0))
        lay(strip, knock(chance, chance.around(contact_s, 0.2), weight), 0.005, force)
        lay(strip, latch(chance, 0.4), chance.between(0.008, 0.02), force)
        rattle_s = chance.between(0.07, 0.12)
        for bounce in range(int(1 + 2 * weight)):
            again = knock(chance, contact_s, 0.1)
            lay(strip, again, rattle_s * (1 + 0.7 * bounce), force * 0.12 * weight / (1 + bounce))
        takes.append(strip)
    dry = in_a_row(chance, takes, [gap_s] * takes_count)
    wet_db = -18 + 3 * weight
    return within(chance, dry, t60_s=0.5 + 0.3 * weight, size_s=0.025, wet_db=wet_db)


def creaked(name: str) -> Wave:
    """A hinge moved slowly; three performances."""
    chance = Chance(name)
    takes = [creak(chance, chance.between(1.3, 2.0), 30, chance.between(70, 130)) for _ in range(3)]
    takes = [to_peak(take, chance.between(-4, 0)) for take in takes]
    return within(chance, in_a_row(chance, takes, [2.5] * 3), t60_s=0.5, size_s=0.02, wet_db=-21)
