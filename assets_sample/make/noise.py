"""Noise and its shapes: colours, bands, bursts and slow wandering."""

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

from assets_sample.make import SAMPLE_RATE_HZ, Wave, in_samples
from assets_sample.make.chance import Chance

# Paul Kellet's pinking filter, -3 dB an octave within 0.05 dB above 10 Hz at 44.1 kHz.
_PINK_B = (0.049922035, -0.095993537, 0.050612699, -0.004408786)
_PINK_A = (1.0, -2.494956002, 2.017265875, -0.522189400)


def gain(level_db: float) -> float:
    """Linear factor of a level in dB."""
    return float(10.0 ** (level_db / 20.0))


def low_pass(wave: Wave, hz: float, order: int = 2) -> Wave:
    return np.asarray(sosfilt(butter(order, hz, "low", fs=SAMPLE_RATE_HZ, output="sos"), wave, 0))


def high_pass(wave: Wave, hz: float, order: int = 2) -> Wave:
    return np.asarray(sosfilt(butter(order, hz, "high", fs=SAMPLE_RATE_HZ, output="sos"), wave, 0))


def band_pass(wave: Wave, low_hz: float, high_hz: float, order: int = 1) -> Wave:
    sos = butter(order, (low_hz, high_hz), "band", fs=SAMPLE_RATE_HZ, output="sos")
    return np.asarray(sosfilt(sos, wave, 0))


def to_rms(wave: Wave, level_dbfs: float) -> Wave:
    """The wave at this RMS level over its whole length."""
    return wave * (gain(level_dbfs) / float(np.sqrt(np.mean(wave * wave))))


def to_peak(wave: Wave, level_dbfs: float) -> Wave:
    """The wave with its highest sample at this level."""
    return wave * (gain(level_dbfs) / float(np.abs(wave).max()))


def pink(chance: Chance, n_samples: int) -> Wave:
    """Pink noise, RMS about 0.1; the filter's first 100 ms are thrown away."""
    settle = in_samples(0.1)
    return np.asarray(lfilter(_PINK_B, _PINK_A, chance.noise(n_samples + settle)))[settle:]


def wander(chance: Chance, n_samples: int, hz: float, low: float, high: float) -> Wave:
    """A curve that wanders between `low` and `high`, turning about `hz` times a second."""
    span = SAMPLE_RATE_HZ / hz
    knots = chance.uniforms(int(n_samples / span) + 2)
    place = np.arange(n_samples) / span
    left = place.astype(np.int64)
    part = place - left
    part = part * part * (3.0 - 2.0 * part)
    return low + (high - low) * (knots[left] * (1.0 - part) + knots[left + 1] * part)


def decay(n_samples: int, t60_s: float, attack_s: float = 0.0) -> Wave:
    """An envelope that rises within `attack_s` and then falls by 60 dB every `t60_s`."""
    times = np.arange(n_samples) / SAMPLE_RATE_HZ
    curve = np.power(0.001, np.maximum(times - attack_s, 0.0) / t60_s)
    if attack_s > 0.0:
        curve *= np.minimum(times / attack_s, 1.0)
    return curve


def swell(n_samples: int, peak_at: float) -> Wave:
    """An envelope that rises from 0 to 1 at the part `peak_at` of its length, and falls to 0."""
    place = np.arange(n_samples) / n_samples
    ramp = np.where(place < peak_at, place / peak_at, (1.0 - place) / (1.0 - peak_at))
    return ramp * ramp * (3.0 - 2.0 * ramp)


def burst(
    chance: Chance, n_samples: int, low_hz: float, high_hz: float, t60_s: float, attack_s: float = 0
) -> Wave:
    """A puff of noise in one band, RMS 1 before its decay."""
    noise = to_rms(band_pass(chance.noise(n_samples), low_hz, high_hz), 0.0)
    return noise * decay(n_samples, t60_s, attack_s)


def moving_band(noise: Wave, centre_hz: Wave, width_octaves: float) -> Wave:
    """Noise heard through a band whose centre moves: fixed bands, a third of an octave apart,
    are faded into one another, so that nothing but their levels has to change with time."""
    octave = np.log2(centre_hz)
    moved = np.zeros_like(noise)
    for third in range(-15, 13):
        band_hz = 1000.0 * 2.0 ** (third / 3.0)
        distance = (octave - np.log2(band_hz)) / width_octaves
        level = np.maximum(0.0, 1.0 - distance * distance)
        if level.any():
            moved += band_pass(noise, band_hz * 0.891, band_hz * 1.122) * level
    return moved
