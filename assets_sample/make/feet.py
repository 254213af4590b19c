"""Footsteps: a shoe's heel and toe, met by a floor."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assets_sample.make import Wave, in_samples
from assets_sample.make.chance import Chance
from assets_sample.make.grains import bands, shower
from assets_sample.make.laying import in_a_row, lay
from assets_sample.make.modal import EARTH, HARD_WOOD, THIN_METAL, WOOD, plate, restruck, strike
from assets_sample.make.noise import band_pass, burst, decay, gain, swell
from assets_sample.make.rooms import within


@dataclass(frozen=True)
class Shoe:
    """What a shoe brings to the floor; a soft sole has the longer contact."""

    weight: float
    heel_contact_s: float
    toe_contact_s: float
    toe_level: float
    toe_after_s: tuple[float, float]
    click: float
    scuff: float


BOOTS = Shoe(1.0, 0.0018, 0.006, 0.45, (0.095, 0.14), 0.5, 1.0)
SNEAKERS = Shoe(0.6, 0.006, 0.011, 0.7, (0.06, 0.095), 0.08, 0.8)
HEELS = Shoe(0.35, 0.0006, 0.0025, 0.4, (0.075, 0.11), 1.0, 0.35)

Floor = Callable[[Chance, Shoe, float, float], Wave]
"""One contact: chance, shoe, how long the blow lasts in seconds, how strong it is (0 to 1.3)."""


def wood(chance: Chance, shoe: Shoe, contact_s: float, force: float) -> Wave:
    n = in_samples(0.42)
    under = Chance(f"board {chance.pick(range(5))} of the floor")
    board = restruck(chance, plate(under, HARD_WOOD, under.between(98, 122), 30, 0.25))
    hollow = restruck(chance, plate(Chance("under the floor"), WOOD, 66, 4, 1.0))
    wave = strike(board, n, contact_s) + 1.6 * shoe.weight * strike(hollow, n, contact_s * 2)
    wave += (0.01 + 0.12 * shoe.click) * burst(chance, n, 1300, 5600, 0.022)
    return force * wave


def concrete(chance: Chance, shoe: Shoe, contact_s: float, force: float) -> Wave:
    n = in_samples(0.3)
    slab = plate(chance, EARTH, chance.between(70, 105), 8, 0.6)
    sole = plate(chance, WOOD, chance.between(420, 640), 10, 0.35)
    wave = 0.55 * shoe.weight * strike(slab, n, contact_s * 1.5)
    wave += (0.15 + 0.5 * shoe.click) * strike(sole, n, contact_s)
    wave += (0.03 + 0.05 * shoe.click) * burst(chance, n, 700, 6500, 0.035)
    grit = shower(
        chance, 900 * decay(n, 0.12, 0.004), bands(chance, 6, 2500, 9000, 1.5, 5), rarity=5
    )
    return force * (wave + 0.035 * grit)


def gravel(chance: Chance, shoe: Shoe, contact_s: float, force: float) -> Wave:
    n = in_samples(0.45)
    crush = 2600 * decay(n, chance.between(0.2, 0.3), 0.012) * (0.5 + force)
    crush = np.maximum(crush - 50.0, 0.0)  # no lonely pebble long after the foot
    pebbles = shower(chance, crush, bands(chance, 14, 700, 7500, 2, 9), rarity=4)
    sand = shower(chance, 3 * crush, bands(chance, 8, 2500, 10000, 1, 2), rarity=2)
    thud = strike(plate(chance, EARTH, chance.between(75, 110), 6, 0.8), n, 0.008)
    return force * (0.24 * pebbles + 0.04 * sand + 0.16 * shoe.weight * thud)


def leaves(chance: Chance, shoe: Shoe, contact_s: float, force: float) -> Wave:
    n = in_samples(0.45)
    press = np.maximum(decay(n, chance.between(0.25, 0.4), 0.03) - 0.03, 0.0)
    crackle = shower(chance, 1100 * press, bands(chance, 14, 1300, 9500, 1.2, 5), rarity=4.5)
    rustle = band_pass(chance.noise(n), 1200, 6500) * press * chance.between(0.6, 1.0)
    grass = shower(chance, 5000 * press, bands(chance, 6, 3000, 9000, 0.8, 1.5), rarity=1.5)
    thud = strike(plate(chance, EARTH, chance.between(60, 85), 5, 1.0), n, 0.014)
    return force * (0.3 * crackle + 0.03 * rustle + 0.016 * grass + 0.14 * shoe.weight * thud)


def grate(chance: Chance, shoe: Shoe, contact_s: float, force: float) -> Wave:
    n = in_samples(0.7)
    steel = restruck(chance, plate(Chance("grate"), THIN_METAL, 188, 48, 0.05))
    wave = strike(steel, n, contact_s) + 0.1 * shoe.click * burst(chance, n, 1500, 6000, 0.015)
    for _ in range(int(chance.between(2, 5))):
        lay(
            wave,
            strike(steel[8:], n, 0.0008),
            chance.between(0.012, 0.09),
            chance.between(0.03, 0.14),
        )
    return force * wave


def snow(chance: Chance, shoe: Shoe, contact_s: float, force: float) -> Wave:
    n = in_samples(0.42)
    press = swell(n, chance.between(0.22, 0.34))
    crunch = shower(chance, 5200 * press, bands(chance, 16, 450, 5200, 1.2, 3.5), rarity=3.5)
    # Dry snow sticks and slips under the sole: a rough squeak whose rate rises with the load.
    rate_hz = chance.between(150, 210) + 130 * press
    slips = np.diff(np.floor(np.cumsum(rate_hz) / 48_000), prepend=0.0) * (
        0.4 + 0.6 * chance.uniforms(n)
    )
    squeak = band_pass(slips, 600, 2600) * press * press
    thud = strike(plate(chance, EARTH, chance.between(55, 80), 4, 1.0), n, 0.02)
    return force * (0.14 * crunch + 0.2 * squeak + 0.13 * shoe.weight * thud)


def scuff(chance: Chance, n_samples: int) -> Wave:
    """Sole sliding a little while the foot rolls."""
    noise = band_pass(chance.noise(n_samples), 900, 4200)
    return noise * swell(n_samples, chance.between(0.3, 0.6))


def step(chance: Chance, floor: Floor, shoe: Shoe, effort: float) -> Wave:
    """One step: heel, roll, toe; when running the ball of the foot lands almost with the heel."""
    strip = np.zeros(in_samples(0.95))
    heel = floor(chance, shoe, chance.around(shoe.heel_contact_s, 0.15), effort)
    toe_s = chance.between(*shoe.toe_after_s) * (1.4 - 0.6 * effort)
    toe_force = effort * shoe.toe_level * chance.between(0.7, 1.3)
    lay(strip, heel, 0.004)
    lay(strip, scuff(chance, in_samples(toe_s)), 0.01, 0.005 * shoe.scuff * effort)
    lay(
        strip, floor(chance, shoe, chance.around(shoe.toe_contact_s, 0.2), toe_force), 0.004 + toe_s
    )
    return strip


def walk(
    name: str,
    floor: Floor,
    shoe: Shoe,
    steps: int,
    gap_s: tuple[float, float],
    effort: float,
    room_db: float,
) -> Wave:
    """Single steps in a row, each with its own effort and timing, feet alternating.

    Args:
        gap_s: shortest and longest time from step to step.
        room_db: how much of a small, damped room is heard.
    """
    chance = Chance(name)
    takes = []
    for number in range(steps):
        foot = 1.0 if number % 2 else 0.88  # hardly anybody walks evenly
        force = effort * foot * gain(chance.between(-3.0, 2.0))
        takes.append(step(chance, floor, shoe, force))
    gaps = [chance.between(*gap_s) for _ in takes]
    dry = in_a_row(chance, takes, gaps)
    return within(chance, dry, t60_s=0.22, size_s=0.012, wet_db=room_db)[: len(dry)]
