"""Cloth: fibres rubbing, in short moves."""

import numpy as np

from assets_sample.make import SAMPLE_RATE_HZ, Wave, in_samples
from assets_sample.make.chance import Chance
from assets_sample.make.grains import bands, shower
from assets_sample.make.laying import in_a_row, lay
from assets_sample.make.noise import band_pass, gain, low_pass, swell, wander


def move(chance: Chance, low_hz: float, high_hz: float, crackle: float, body: float) -> Wave:
    """One move of an arm: two to four strokes that swell and die, rough from the weave.

    Args:
        crackle: share of sharp folding noises (nylon much, cotton little, leather some).
        body: share of the dull flap of the whole garment.
    """
    strip = np.zeros(in_samples(0.95))
    at_s = 0.0
    for _ in range(int(chance.between(2, 4.99))):
        n = in_samples(chance.between(0.14, 0.34))
        shape = swell(n, chance.between(0.25, 0.65)) * chance.between(0.4, 1.0)
        weave = 0.35 + 0.65 * np.abs(low_pass(chance.noise(n), chance.between(60, 140), 1)) * 8
        rub = (
            band_pass(chance.noise(n), chance.around(low_hz, 0.2), chance.around(high_hz, 0.2), 2)
            * weave
        )
        folds = shower(
            chance, 500 * shape, bands(chance, 8, low_hz, 1.5 * high_hz, 0.8, 3), rarity=5
        )
        flap = low_pass(chance.noise(n), 160) * wander(chance, n, 20, 0.2, 1.0)
        lay(strip, shape * (rub + 12 * crackle * folds + body * flap), at_s)
        at_s += n / SAMPLE_RATE_HZ * chance.between(0.4, 0.65)  # strokes run into one another
        if at_s > 0.55:
            break
    return strip


def moves(
    name: str, low_hz: float, high_hz: float, crackle: float, body: float, count: int
) -> Wave:
    """Moves in a row, soft and strong ones."""
    chance = Chance(name)
    takes = [
        move(chance, low_hz, high_hz, crackle, body) * gain(chance.between(-7, 0))
        for _ in range(count)
    ]
    return in_a_row(chance, takes, [chance.between(1.05, 1.25) for _ in takes])
