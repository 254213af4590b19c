"""Designed sounds: made of nothing that exists."""

import math

import numpy as np

from assets_sample.make import SAMPLE_RATE_HZ, Wave, in_samples
from assets_sample.make.chance import Chance
from assets_sample.make.laying import lay, looped
from assets_sample.make.noise import decay, low_pass, moving_band, swell, to_peak, to_rms, wander
from assets_sample.make.rooms import around
from assets_sample.make.weather import JOIN_S, bed


def _sine(hz: Wave, start: float = 0.0) -> Wave:
    return np.asarray(np.sin(2 * math.pi * np.cumsum(hz) / SAMPLE_RATE_HZ + start))


def riser(name: str) -> Wave:
    """Five seconds up: a band of air and a cluster of strings climb, shake, and stop dead."""
    chance = Chance(name)
    n = in_samples(5.0)
    place = np.arange(n) / n
    strip = np.zeros((n, 2))
    shake = 1 - 0.45 * place * (0.5 + 0.5 * _sine(3.0 * 5.0**place))
    for ear in (0, 1):
        centre = 180.0 * 30.0 ** (place * place)
        air = moving_band(chance.noise(n), centre, 0.7)
        cluster = np.zeros(n)
        for ratio in (1.0, 1.06, 1.498, 1.59, 2.01, 2.99):
            glide = 82.0 * ratio * 4.0**place * (1 + 0.006 * wander(chance, n, 5, -1, 1))
            tone = _sine(glide, chance.between(0, 6))
            cluster += (tone + 0.5 * tone * tone * tone) * ratio**-0.7
        strip[:, ear] = (0.5 * to_rms(air, 0.0) + 0.22 * cluster) * shake
    strip *= (0.003 + place**2.4)[:, np.newaxis]
    return around(chance, strip, t60_s=1.2, size_s=0.05, wet_db=-13)


def whooshes(name: str) -> Wave:
    """Something passes at speed, three times: air whose band and place move together."""
    chance = Chance(name)
    strip = np.zeros((in_samples(5.4), 2))
    for number in range(3):
        n = in_samples(chance.between(0.75, 1.15))
        shape = swell(n, chance.between(0.45, 0.62))
        top_hz = chance.pitch_between(1400, 3000)
        centre = 220.0 * (top_hz / 220.0) ** shape
        side = np.arange(n) / n if number % 2 == 0 else 1 - np.arange(n) / n
        air = (
            moving_band(chance.noise(n), centre, 0.9) + 0.5 * low_pass(chance.noise(n), 140) * shape
        )
        flutter = 1 + 0.25 * wander(chance, n, chance.between(25, 45), -1, 1)
        pass_by = air * shape * shape * flutter
        lay(
            strip,
            np.stack((pass_by * np.sqrt(1 - 0.9 * side), pass_by * np.sqrt(0.1 + 0.9 * side)), 1),
            0.25 + 1.7 * number,
        )
    return strip


def drone(name: str, seconds: float) -> Wave:
    """A dark chord that never stands still: pairs of tones that beat, and breath far below."""
    chance = Chance(name)
    n = in_samples(seconds + JOIN_S)
    strip = 0.25 * bed(chance, n, 35, 160) + 0.05 * bed(chance, n, 160, 900)
    for hz, level in (
        (36.7, 1.0),
        (55.0, 0.7),
        (73.6, 0.55),
        (77.8, 0.3),
        (110.2, 0.28),
        (165.4, 0.16),
        (233.0, 0.07),
    ):
        for ear in (0, 1):
            bent = np.full(n, hz) * (1 + 0.004 * wander(chance, n, 0.5, -1, 1))
            tone = _sine(bent, chance.between(0, 6))
            buzz = tone + 0.35 * _sine(2.003 * bent) + 0.15 * _sine(2.996 * bent)
            strip[:, ear] += level * buzz * wander(chance, n, 0.35, 0.35, 1.0)
    return looped(around(chance, strip, t60_s=1.6, size_s=0.08, wet_db=-12)[:n], JOIN_S)


def sub_drop(name: str) -> Wave:
    """The floor goes away: one low tone falls under hearing, its harmonics with it."""
    chance = Chance(name)
    n = in_samples(3.2)
    times = np.arange(n) / SAMPLE_RATE_HZ
    tone = _sine(26.0 + 72.0 * np.power(0.001, times / 3.6)) * (
        1 + 0.05 * wander(chance, n, 9, -1, 1)
    )
    driven = 3.0 * tone / (1.0 + np.abs(2.0 * tone))
    thump = low_pass(chance.noise(n), 240) * decay(n, 0.12, 0.002)
    return to_peak(
        (driven + 1.5 * thump)
        * decay(n, 3.8, 0.004)
        * np.minimum(1, (n - np.arange(n)) / in_samples(0.8)),
        0,
    )
