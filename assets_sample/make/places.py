"""Places: rooms, streets, crowds, woods and nights, in stereo, steady and loopable."""

import math

import numpy as np

from assets_sample.make import SAMPLE_RATE_HZ, Wave, in_samples
from assets_sample.make.chance import Chance
from assets_sample.make.laying import lay, looped, panned
from assets_sample.make.noise import band_pass, decay, gain, low_pass, swell, to_rms, wander
from assets_sample.make.rooms import around
from assets_sample.make.voices import talker
from assets_sample.make.weather import JOIN_S, bed


def room_tone(
    name: str, seconds: float, air_db: float, hum: tuple[float, ...], ticks: float
) -> Wave:
    """Still air, what comes through the walls, and perhaps a machine.

    Args:
        air_db: level of ventilation against the rumble of the house.
        hum: levels of a motor's harmonics of 50 Hz; empty for no motor.
        ticks: loose rattles of that motor each second.
    """
    chance = Chance(name)
    n = in_samples(seconds + JOIN_S)
    strip = bed(chance, n, 35, 180) + gain(air_db) * low_pass(bed(chance, n, 180, 2000), 2500)
    strip += gain(air_db - 22) * bed(chance, n, 2500, 6000)
    phase = 2 * math.pi * np.cumsum(wander(chance, n, 0.7, 49.85, 50.1)) / SAMPLE_RATE_HZ
    for number, level in enumerate(hum, start=1):
        tone = np.sin(number * phase + chance.between(0, 6)) * wander(chance, n, 1.5, 0.7, 1.0)
        strip += panned(level * tone, chance.between(0.4, 0.6))
    for _ in range(int(ticks * seconds)):
        tick = band_pass(chance.noise(2400) * decay(2400, 0.015), 300, 1800)
        lay(strip, panned(tick, 0.6), chance.between(0, seconds), chance.between(0.2, 0.9))
    return looped(strip, JOIN_S)


def traffic(name: str, seconds: float) -> Wave:
    """A big street two blocks away: the rumble of all, and cars that come and go within it."""
    chance = Chance(name)
    n = in_samples(seconds + JOIN_S)
    strip = (
        0.7 * bed(chance, n, 30, 130)
        + 0.3 * bed(chance, n, 130, 700)
        + 0.04 * bed(chance, n, 700, 3500)
    )
    at_s = -3.0
    while at_s < seconds + JOIN_S:
        length_s = chance.between(5.0, 8.0)
        m = in_samples(length_s)
        shape = swell(m, chance.between(0.4, 0.6))
        low_hz = chance.between(140, 320)
        tyres = to_rms(band_pass(chance.noise(m), low_hz, 4.5 * low_hz), 0.0) * shape
        engine_hz = chance.between(38, 70) * (1.06 - 0.12 * np.arange(m) / m)
        turn = 2 * math.pi * np.cumsum(engine_hz) / SAMPLE_RATE_HZ
        engine = sum((np.sin(k * turn + k) * k**-0.7 for k in range(1, 7)), np.zeros(m)) * shape**2
        rough = 1.0 + 0.5 * low_pass(chance.noise(m), 25) * 20
        side = np.linspace(*chance.pick(((0.15, 0.85), (0.85, 0.15))), m)
        car = 0.85 * tyres + 0.3 * engine * rough
        passing = np.stack((car * np.sqrt(1 - side), car * np.sqrt(side)), 1)
        skipped = in_samples(max(0.0, -at_s))
        lay(strip, passing[skipped:], max(0.0, at_s), chance.between(0.6, 1.1))
        at_s += chance.between(0.7, 1.9)
    return looped(around(chance, strip, t60_s=0.9, size_s=0.12, wet_db=-8)[:n], JOIN_S)


def walla(name: str, seconds: float, talkers: int) -> Wave:
    """Many people talking in a room with hard walls: each at a place of their own."""
    chance = Chance(name)
    n = in_samples(seconds + JOIN_S)
    near, far = np.zeros((n, 2)), np.zeros((n, 2))
    for number in range(talkers):
        woman = number % 2
        pitch_hz = chance.between(165, 235) if woman else chance.between(88, 135)
        voice = talker(chance, n, pitch_hz, chance.around(1.16 if woman else 1.0, 0.06))
        distance = chance.between(1.0, 4.0)
        voice = to_rms(low_pass(voice, 14000 / distance), -3.0 * distance)
        place = 0.06 + 0.88 * (number * 0.618034 % 1.0)
        near += panned(voice, place) / distance
        far += panned(voice, 0.5 + 0.3 * (place - 0.5))
    spoken = around(chance, near, t60_s=0.3, size_s=0.03, wet_db=-14)[:n]
    spoken += 0.5 * around(chance, far, t60_s=1.1, size_s=0.05, wet_db=0, dry_db=-60)[:n]
    spoken = to_rms(spoken, 0.0) + 0.06 * bed(chance, n, 60, 900)
    return looped(spoken, JOIN_S)


def song(chance: Chance, low_hz: float, high_hz: float, notes: int) -> Wave:
    """One phrase of one bird: short whistles that sweep, each kind repeated a few times."""
    strip = np.zeros(in_samples(2.6))
    at_s = 0.0
    while notes > 0 and at_s < 2.2:
        repeats = int(chance.between(1, 4.99))
        start_hz, end_hz = (
            chance.pitch_between(low_hz, high_hz),
            chance.pitch_between(low_hz, high_hz),
        )
        n = in_samples(chance.between(0.045, 0.16))
        trill_hz, depth = chance.between(25, 70), chance.pick((0.0, 0.0, 0.05, 0.12))
        for _ in range(repeats):
            place = np.arange(n) / n
            bend = place * place * (3 - 2 * place)
            hz = start_hz * (end_hz / start_hz) ** bend
            hz = (
                chance.around(1.0, 0.01)
                * hz
                * (1 + depth * np.sin(2 * math.pi * trill_hz * place * n / SAMPLE_RATE_HZ))
            )
            phase = 2 * math.pi * np.cumsum(hz) / SAMPLE_RATE_HZ
            whistle = np.sin(phase) + 0.12 * np.sin(2 * phase) + 0.04 * np.sin(3 * phase)
            breath = band_pass(chance.noise(n), low_hz, high_hz) * 0.05
            lay(
                strip,
                (whistle + breath) * swell(n, chance.between(0.2, 0.6)),
                at_s,
                chance.between(0.6, 1),
            )
            at_s += n / SAMPLE_RATE_HZ + chance.between(0.01, 0.06)
        notes -= repeats
        at_s += chance.between(0.03, 0.15)
    return strip


def forest(name: str, seconds: float) -> Wave:
    """A wood in the morning: several birds answer each other over quiet air in the leaves."""
    chance = Chance(name)
    n = in_samples(seconds + JOIN_S)
    dry = np.zeros((n, 2))
    for number in range(12):
        low_hz = chance.pitch_between(1900, 3800)
        high_hz, distance = low_hz * chance.between(1.4, 2.1), chance.between(2, 5)
        place = 0.06 + 0.88 * (number * 0.618034 % 1.0)
        at_s, pause = chance.between(-3, 2), chance.between(1.0, 3.0)
        while at_s < seconds + JOIN_S:
            phrase = song(chance, low_hz, high_hz, int(chance.between(3, 11)))
            if at_s >= 0:
                lay(dry, panned(low_pass(phrase, 14000 / distance, 1), place), at_s, 1 / distance)
            at_s += 2.0 + chance.around(pause, 0.5)
    birds = around(chance, dry, t60_s=1.4, size_s=0.14, wet_db=-9)[:n]
    air = bed(chance, n, 120, 900) + 0.3 * bed(chance, n, 900, 5000)
    air *= wander(chance, n, 0.5, 0.75, 1.0)[:, np.newaxis]
    return looped(birds + 0.02 * air, JOIN_S)


def night(name: str, seconds: float) -> Wave:
    """A field at night: crickets, each its own pitch and rhythm, and a far-off hum of land."""
    chance = Chance(name)
    n = in_samples(seconds + JOIN_S)
    dry = np.zeros((n, 2))
    for _ in range(9):
        carrier_hz, chirps_hz = chance.between(3900, 5100), chance.between(1.6, 3.2)
        syllable_hz, distance = chance.between(26, 38), chance.between(1, 6)
        beat = np.cumsum(chirps_hz * (1 + 0.06 * wander(chance, n, 1.0, -1, 1))) / SAMPLE_RATE_HZ
        in_chirp = beat % 1.0 / chirps_hz * syllable_hz
        teeth = np.where(in_chirp < chance.pick((3, 4, 5)), np.sin(math.pi * in_chirp) ** 2, 0.0)
        sway = carrier_hz * (1 + 0.004 * wander(chance, n, 3, -1, 1))
        file = np.sin(2 * math.pi * np.cumsum(sway) / SAMPLE_RATE_HZ)
        rough = 1 + 0.35 * low_pass(chance.noise(n), 400) * 4
        dry += panned(file * teeth * rough, chance.between(0.05, 0.95)) / distance
    air = bed(chance, n, 60, 500) + 0.12 * bed(chance, n, 500, 4000)
    far = around(chance, dry, t60_s=0.7, size_s=0.1, wet_db=-8)[:n]
    return looped(far + 0.12 * air * wander(chance, n, 0.3, 0.8, 1)[:, np.newaxis], JOIN_S)
