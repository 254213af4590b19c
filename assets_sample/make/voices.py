"""Voices that say nothing: a glottis, a throat of five formants, and talk without words.

Sources: Klatt, "Software for a cascade/parallel formant synthesizer" (1980);
Rosenberg, "Effect of glottal pulse shape" (1971); vowels after Peterson and Barney (1952).
"""

import math

import numpy as np
from scipy.signal import lfilter, resample_poly

from assets_sample.make import SAMPLE_RATE_HZ, Wave
from assets_sample.make.chance import Chance
from assets_sample.make.noise import wander

_RATE_HZ = SAMPLE_RATE_HZ // 2  # speech has little above 10 kHz: half the rate is half the work
VOWELS = (
    (730, 1090, 2440),
    (270, 2290, 3010),
    (300, 870, 2240),
    (530, 1840, 2480),
    (570, 840, 2410),
    (660, 1720, 2410),
    (490, 1350, 1690),
    (520, 1190, 2390),
)
_WIDTHS_HZ = (70, 100, 140, 220, 300)


def _resonance(wave: Wave, hz: float, width_hz: float) -> Wave:
    """One formant, gain 1 at 0 Hz (Klatt's cascade form)."""
    radius = math.exp(-math.pi * width_hz / _RATE_HZ)
    b = 2.0 * radius * math.cos(2.0 * math.pi * hz / _RATE_HZ)
    c = -radius * radius
    return np.asarray(lfilter((1.0 - b - c,), (1.0, -b, -c), wave))


def _glottis(pitch_hz: Wave) -> Wave:
    """Flow through the glottis, differentiated: opens slowly, closes fast, stays shut."""
    phase = np.cumsum(pitch_hz) / _RATE_HZ % 1.0
    rising = 0.5 - 0.5 * np.cos(math.pi * phase / 0.4)
    falling = np.cos(0.5 * math.pi * (phase - 0.4) / 0.16)
    flow = np.where(phase < 0.4, rising, np.where(phase < 0.56, falling, 0.0))
    return np.diff(flow, prepend=0.0)


def talker(chance: Chance, n_samples: int, pitch_hz: float, tract: float) -> Wave:
    """One person talking: phrases that fall in pitch, syllables four to six a second, pauses.

    Args:
        tract: scales the formants; 1 is a man, 1.17 a woman.
    """
    n = n_samples // 2 + 1
    gates = [np.zeros(n) for _ in VOWELS]
    hiss = np.zeros(n)
    contour = np.zeros(n)
    at = int(chance.between(-1.5, 0.5) * _RATE_HZ)
    while at < n:
        phrase_end = at + int(chance.between(0.8, 3.0) * _RATE_HZ)
        phrase_start, accent = at, 1.0
        while at < min(phrase_end, n):
            length = int(chance.between(0.12, 0.28) * _RATE_HZ)
            shape = np.hanning(length) ** 0.5 * chance.between(0.45, 1.0)
            gate = chance.pick(gates)
            first, last = max(at, 0), min(at + length, n)
            if last > first:
                gate[first:last] += shape[first - at : last - at]
                if chance.between(0, 1) < 0.45:
                    puff = min(last, first + int(chance.between(0.03, 0.09) * _RATE_HZ))
                    hiss[first:puff] += np.hanning(puff - first) * chance.between(0.2, 1.0)
                accent = chance.between(0.9, 1.2)
                fall = 1.12 - 0.25 * (at - phrase_start) / (phrase_end - phrase_start)
                contour[first:last] = fall * accent
            at += int(length * chance.between(0.72, 0.95))
        at += int(chance.between(0.15, 1.1) * _RATE_HZ)
    contour[contour == 0.0] = 1.0
    contour = lfilter((0.0012,), (1.0, -0.9988), contour) + 1e-3
    # Jitter and shimmer: no throat keeps its pitch to a part in a hundred.
    jitter = 1.0 + 0.02 * wander(chance, n, 60, -1, 1) + 0.03 * wander(chance, n, 5, -1, 1)
    source = _glottis(pitch_hz * contour * jitter) * (1 + 0.2 * wander(chance, n, 40, -1, 1))
    source += 0.004 * chance.noise(n)
    voice = np.zeros(n)
    for gate, vowel in zip(gates, VOWELS, strict=True):
        formants = [*(chance.around(hz, 0.05) for hz in vowel)]
        formants += [chance.around(3400, 0.08), chance.around(4400, 0.08)]
        part = source * gate
        for hz, width_hz in zip(formants, _WIDTHS_HZ, strict=True):
            part = _resonance(part, hz * tract, width_hz)
        voice += part
    fricative = lfilter((1.0, -0.95), (1.0,), chance.noise(n) * hiss)
    for hz in (chance.between(2500, 4500), chance.between(5000, 7000)):
        fricative = _resonance(fricative, hz, 1200)
    voice += 0.012 * fricative
    # Lips radiate highs better than lows: a shelf of +7.6 dB.
    voice = lfilter((2.2, -1.9), (1.0, -0.7), voice)
    return np.asarray(resample_poly(voice, 2, 1))[:n_samples]
