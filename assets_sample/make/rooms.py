"""Space: a few early reflections, then noise that decays, high before low."""

import numpy as np
from scipy.signal import oaconvolve

from assets_sample.make import Wave, in_samples
from assets_sample.make.chance import Chance
from assets_sample.make.noise import band_pass, decay, gain, to_rms


def response(chance: Chance, t60_s: float, size_s: float) -> Wave:
    """An impulse response, one channel, of unit energy and without the direct sound.

    Args:
        size_s: when the last early reflection comes; a kitchen 0.02, a street 0.15.
    """
    n_samples = in_samples(t60_s)
    tail = np.zeros(n_samples)
    for low_hz, high_hz, share, length in (
        (60, 500, 1.0, 1.0),
        (500, 3000, 0.8, 0.8),
        (3000, 9000, 0.3, 0.45),
    ):
        noise = to_rms(band_pass(chance.noise(n_samples), low_hz, high_hz), 0.0)
        tail += share * noise * decay(n_samples, t60_s * length, size_s)
    tail /= float(np.sqrt((tail * tail).sum()))
    early = np.zeros(n_samples)
    for _ in range(9):
        delay_s = chance.between(0.12, 1.0) * size_s
        early[in_samples(delay_s)] += chance.between(-1.0, 1.0) * size_s / (size_s + 3.0 * delay_s)
    early = band_pass(early, 120, 7000)
    early /= float(np.sqrt((early * early).sum()))
    return 0.7 * early + 0.7 * tail


def within(
    chance: Chance, dry: Wave, *, t60_s: float, size_s: float, wet_db: float, dry_db: float = 0.0
) -> Wave:
    """A mono sound in a room, mono again, as long as before plus the room's decay."""
    wet = oaconvolve(dry, response(chance, t60_s, size_s))
    out = np.zeros(len(wet))
    out[: len(dry)] = gain(dry_db) * dry
    return np.asarray(out + gain(wet_db) * wet)


def around(
    chance: Chance, dry: Wave, *, t60_s: float, size_s: float, wet_db: float, dry_db: float = 0.0
) -> Wave:
    """A sound, mono or stereo, in a room that answers each ear in its own way: stereo."""
    stereo = dry if dry.ndim == 2 else np.stack((dry, dry), 1)
    wet = [oaconvolve(stereo[:, ear], response(chance, t60_s, size_s)) for ear in (0, 1)]
    out = np.zeros((len(wet[0]), 2))
    out[: len(dry)] = gain(dry_db) * stereo
    return out + gain(wet_db) * np.stack(wet, 1)
