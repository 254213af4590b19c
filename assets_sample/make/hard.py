"""Hard effects: a car, a shot, iron, wood and glass."""

import math

import numpy as np

from assets_sample.make import SAMPLE_RATE_HZ, Wave, in_samples
from assets_sample.make.chance import Chance
from assets_sample.make.laying import ended, in_a_row, lay
from assets_sample.make.modal import GLASS, STEEL, WOOD, Material, plate, restruck, strike
from assets_sample.make.noise import band_pass, burst, decay, gain, low_pass, to_peak, to_rms
from assets_sample.make.rooms import around, within

_SPEED_OF_SOUND_M_S = 343.0
_SHARD = Material(3.5, 0.5)


def car_by(name: str) -> Wave:
    """A car on a wet road, 14 m/s, six metres away: Doppler, level and side from one path."""
    chance = Chance(name)
    n = in_samples(6.0)
    times = np.arange(n) / SAMPLE_RATE_HZ - 3.0
    speed_m_s, away_m = 14.0, 6.0
    along_m = speed_m_s * times
    distance_m = np.sqrt(along_m**2 + away_m**2)
    doppler = 1.0 / (1.0 + speed_m_s * along_m / distance_m / _SPEED_OF_SOUND_M_S)
    near = away_m / distance_m
    turn = 2 * math.pi * np.cumsum(58.0 * doppler) / SAMPLE_RATE_HZ
    rough = 1 + 0.5 * low_pass(chance.noise(n), 40) * 15
    engine = sum((np.sin(k * turn + k * k) * k**-0.9 for k in range(1, 12)), np.zeros(n)) * rough
    tyres = to_rms(band_pass(chance.noise(n), 350, 1500), 0)
    spray = to_rms(band_pass(chance.noise(n), 1800, 8500), 0)
    # Far away the air and the ground swallow the highs: the spray falls faster than the rumble.
    car = 0.16 * engine * near + 0.8 * tyres * near**1.2 + 0.85 * spray * near**2.2
    car += 0.6 * to_rms(low_pass(chance.noise(n), 110), 0) * near
    side = 0.5 + 0.45 * along_m / distance_m
    strip = np.stack((car * np.sqrt(1 - side), car * np.sqrt(side)), 1)
    shape = np.minimum(1.0, np.minimum(np.arange(n), n - np.arange(n)) / in_samples(1.2))
    return around(chance, strip * shape[:, np.newaxis], t60_s=0.8, size_s=0.1, wet_db=-15)[:n]


def gunshot(name: str) -> Wave:
    """A pistol outdoors, twice: a blast of a few milliseconds, its body, and the houses' answer."""
    chance = Chance(name)
    takes = []
    for _ in range(2):
        n = in_samples(0.5)
        times = np.arange(n) / SAMPLE_RATE_HZ
        # Friedlander's blast wave: a shock, then suction.
        blast = (1 - times / 0.0009) * np.power(0.001, times / 0.006)
        crack = 0.7 * burst(chance, n, 700, 9000, 0.035) + 0.5 * burst(chance, n, 120, 900, 0.12)
        boom = 0.6 * low_pass(chance.noise(n), 130) * 6 * decay(n, 0.25, 0.003)
        dry = np.zeros(in_samples(0.55))
        lay(dry, chance.around(1.0, 0.1) * blast + crack * chance.around(1, 0.2) + boom, 0.004)
        driven = dry / (1.0 + np.abs(dry))
        takes.append(within(chance, driven, t60_s=1.6, size_s=0.19, wet_db=-9))
    return in_a_row(chance, takes, [2.6, 2.6])


def clang(name: str) -> Wave:
    """A steel bar on a steel sheet, three times."""
    chance = Chance(name)
    takes = []
    for _ in range(3):
        n = in_samples(1.9)
        sheet = restruck(chance, plate(Chance("steel sheet"), STEEL, 260, 60, 0.15))
        sheet = [mode for mode in sheet if mode.hz < 11000]
        wave = strike(sheet, n, 0.0005) + 0.2 * burst(chance, n, 2000, 9000, 0.02)
        lay(wave, strike(sheet, n, 0.0004), chance.between(0.06, 0.12), 0.18)
        takes.append(ended(wave, 0.0, 0.9) * gain(chance.between(-3, 0)))
    return within(chance, in_a_row(chance, takes, [2.4] * 3), t60_s=0.8, size_s=0.05, wet_db=-16)


def wood_impact(name: str) -> Wave:
    """A heavy board is struck or dropped, five times."""
    chance = Chance(name)
    takes = []
    for _ in range(5):
        n = in_samples(0.8)
        board = restruck(chance, plate(Chance("heavy board"), WOOD, 150, 40, 0.3))
        wave = strike(board, n, chance.between(0.0008, 0.0025)) + 0.1 * burst(
            chance, n, 800, 5000, 0.02
        )
        if chance.between(0, 1) < 0.6:
            lay(wave, strike(board, n, 0.002), chance.between(0.05, 0.13), 0.3)
        takes.append(wave * gain(chance.between(-5, 0)))
    return within(chance, in_a_row(chance, takes, [1.3] * 5), t60_s=0.5, size_s=0.03, wet_db=-16)


def glass_break(name: str) -> Wave:
    """A pane goes: one crack, then shards, many and small, that ring where they land."""
    chance = Chance(name)
    strip = np.zeros(in_samples(2.4))
    n = in_samples(0.5)
    pane = plate(chance, GLASS, 480, 40, 0.2)
    lay(
        strip,
        strike(pane, n, 0.0004) * decay(n, 0.25) + 0.5 * burst(chance, n, 1500, 11000, 0.09),
        0.06,
    )
    for _ in range(170):
        late = chance.between(0, 1) ** 1.8
        shard = plate(chance, _SHARD, chance.pitch_between(1700, 6500), 5, 0.3)
        lay(
            strip,
            strike(shard, in_samples(0.35), 0.0002),
            0.08 + 1.7 * late,
            0.5 * chance.between(0.05, 1) ** 3 * (1.1 - late),
        )
    return around(chance, to_peak(strip, 0), t60_s=0.6, size_s=0.03, wet_db=-14)
