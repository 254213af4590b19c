"""Things in hands: keys, cups, glasses, a switch, paper, a chair, a phone."""

from collections.abc import Callable

import numpy as np

from assets_sample.make import SAMPLE_RATE_HZ, Wave, in_samples
from assets_sample.make.chance import Chance
from assets_sample.make.grains import bands, shower
from assets_sample.make.laying import in_a_row, lay
from assets_sample.make.modal import (
    CERAMIC,
    FREE_BAR,
    GLASS,
    PLASTIC,
    STEEL,
    WOOD,
    Material,
    doubled,
    partials,
    plate,
    restruck,
    ring,
    strike,
)
from assets_sample.make.noise import band_pass, burst, gain, low_pass, swell, wander
from assets_sample.make.rooms import within

_KEY = Material(3.0, 0.9)
# Bending modes of a wine glass: A. P. French, "In Vino Veritas", Am. J. Phys. 51 (1983).
_GLASS_RATIOS = (1.0, 2.32, 4.25, 6.63, 9.38)


def keys(chance: Chance) -> Wave:
    """A bunch shaken once or twice: small brass bars that meet at random."""
    strip = np.zeros(in_samples(0.85))
    ring_of_keys = Chance("seven keys")
    bunch = [
        partials(ring_of_keys, _KEY, ring_of_keys.pitch_between(2300, 5200), FREE_BAR[:3], 0.4)
        for _ in range(7)
    ]
    n = in_samples(0.4)
    for _ in range(int(chance.between(18, 30))):
        pair = restruck(chance, chance.pick(bunch) + chance.pick(bunch))
        at_s = 0.38 * chance.between(0, 1) ** 1.3
        hit = strike(pair, n, 0.0003) + 0.05 * burst(chance, n, 4000, 12000, 0.01)
        lay(strip, hit, at_s, chance.between(0.05, 1.0) ** 2)
    return strip


def cup(chance: Chance) -> Wave:
    """A cup is set on a wooden table: rim of the foot, a rock, and it stands."""
    strip = np.zeros(in_samples(0.8))
    n = in_samples(0.5)
    ware = restruck(chance, plate(Chance("cup"), CERAMIC, 1410, 14, 0.35))
    table = restruck(chance, plate(Chance("table"), WOOD, 131, 24, 0.5))
    at_s, force = 0.005, 1.0
    for _ in range(int(chance.between(2, 4.99))):
        lay(strip, strike(ware, n, 0.0006) * 0.6 + strike(table, n, 0.0025), at_s, force)
        lay(strip, 0.02 * burst(chance, n, 2500, 7000, 0.012), at_s, force)
        at_s += chance.between(0.035, 0.085)
        force *= chance.between(0.25, 0.5)
    return strip


def clink(chance: Chance) -> Wave:
    """Two wine glasses meet; each rings with its own pitch and beats a little."""
    n = in_samples(1.9)
    wave = 0.05 * burst(chance, n, 3000, 11000, 0.01)
    for lowest_hz in (1240.0, 1530.0):
        glass = partials(Chance(f"glass {lowest_hz}"), GLASS, lowest_hz, _GLASS_RATIOS, 0.45)
        rim = doubled(chance, restruck(chance, glass), 4.0)
        wave += strike(rim, n, 0.0003) * chance.between(0.6, 1.0)
    return wave


def switch(chance: Chance) -> Wave:
    """A wall switch: the spring goes over, the rocker stops."""
    strip = np.zeros(in_samples(0.35))
    n = in_samples(0.2)
    rocker = restruck(chance, plate(Chance("rocker"), PLASTIC, 1500, 12, 0.2))
    box = restruck(chance, plate(Chance("switch box"), WOOD, 430, 10, 0.4))
    for at_s, force in ((0.004, 0.3), (chance.between(0.03, 0.055), 1.0)):
        lay(strip, strike(rocker, n, 0.0005) + 0.7 * strike(box, n, 0.0012), at_s, force)
        lay(strip, 0.06 * burst(chance, n, 3000, 9000, 0.008), at_s, force)
    return strip


def paper(chance: Chance) -> Wave:
    """A sheet taken up and turned: folds snap, the surface hisses."""
    n = in_samples(chance.between(0.7, 1.0))
    shape = swell(n, chance.between(0.2, 0.6)) * wander(chance, n, 9, 0.1, 1.0)
    snaps = shower(chance, 900 * shape, bands(chance, 16, 900, 9000, 0.7, 2.5), rarity=4.5)
    sheet = band_pass(snaps, 350, 1400)
    hiss = band_pass(chance.noise(n), 2500, 9000) * shape * shape
    return snaps + 0.7 * sheet + 0.05 * hiss


def chair(chance: Chance) -> Wave:
    """A chair pushed back over boards: four legs stick and slip, and the seat shakes."""
    n = in_samples(chance.between(0.55, 0.85))
    shape = swell(n, chance.between(0.15, 0.3))
    rate_hz = wander(chance, n, 7, 60, 210)
    slips = np.diff(np.floor(np.cumsum(rate_hz) / SAMPLE_RATE_HZ), prepend=0.0) * chance.uniforms(n)
    rough = slips + 0.05 * low_pass(chance.noise(n), 3500)
    boards = restruck(chance, plate(Chance("boards"), WOOD, 122, 40, 0.15))
    wave = ring(boards, rough * shape) * wander(chance, n, 30, 0.4, 1.0)
    strip = np.zeros(n + in_samples(0.4))
    lay(strip, wave, 0.0)
    lay(strip, strike(boards, in_samples(0.35), 0.004), n / SAMPLE_RATE_HZ * 0.93, 0.35)
    return strip


def receiver(chance: Chance) -> Wave:
    """The receiver of an old telephone is lifted: shell, cradle, its bell humming."""
    strip = np.zeros(in_samples(0.9))
    n = in_samples(0.6)
    shell = restruck(chance, plate(Chance("receiver"), PLASTIC, 490, 16, 0.3))
    bell = restruck(chance, partials(Chance("its bell"), STEEL, 1220, (1.0, 2.0, 2.9), 0.5))
    at_s = 0.005
    for force in (0.5, 1.0, chance.between(0.3, 0.6)):
        lay(
            strip,
            strike(shell, n, 0.0012) + 0.03 * burst(chance, n, 2000, 7000, 0.012),
            at_s,
            force,
        )
        lay(strip, strike(bell, n, 0.001), at_s, 0.02 * force)
        at_s += chance.between(0.05, 0.12)
    return strip


def performed(
    name: str, prop: Callable[[Chance], Wave], count: int, gap_s: float, wet_db: float
) -> Wave:
    """A prop used `count` times in a small room."""
    chance = Chance(name)
    takes = [prop(chance) * gain(chance.between(-4, 0)) for _ in range(count)]
    gaps = [chance.around(gap_s, 0.06) for _ in takes]
    dry = in_a_row(chance, takes, gaps)
    return within(chance, dry, t60_s=0.3, size_s=0.015, wet_db=wet_db)[: len(dry)]
