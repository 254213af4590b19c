"""How well takes are found: sequences with known truth, made from single real recordings.

Run: python benchmarks/takes.py CORPUS [--sequences 20] [--seed 1] [--speed]

CORPUS holds labels.tsv (file, class, …) and the recordings it names. Single recordings
of short sounds are laid one after another with known gaps, each with or without a
reverb tail of exponentially decaying noise, and a floor of pink or white noise is added.
What is true is told by the clean events, before the floor is added:

    boundary  where 10 ms means of the event's power first rise above, and 30 ms means
              last fall below, the power of the floor (a tail flickers about it, and is
              heard over tens of milliseconds); or where the next event begins, if sooner
    attack    the first sample that reaches a tenth of the event's peak (the 10 % point
              of rise times). It is a matter of one millisecond only where the sound is
              that quick: "sharp" are those that get from 5 % to 20 % within one.

A boundary is found within 20 ms, an attack within 1 ms; each found one counts once.
"""

import argparse
import csv
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from library.asset import Take
from library.takes import find_takes

Mono = NDArray[np.float32]

SINGLE_SOUNDS = frozenset(
    {
        "footstep_dirt_sand",
        "footstep_generic",
        "footstep_grass",
        "footstep_gravel",
        "footstep_hard",
        "footstep_metal",
        "footstep_snow",
        "footstep_soft",
        "footstep_wood",
        "door_close",
        "metal_hit",
        "wood_hit",
        "rock_hit",
        "sword_hit",
        "wood_chop",
        "hammer_anvil",
        "switch_lever",
        "ball_hit",
        "body_land",
        "punch_body_hit",
        "pickaxe_stone",
        "ui_click",
        "gunshot",
        "arrow_hit",
        "dig_earth",
    }
)
FLOORS_DBFS = (-80, -70, -60, -50, -40, -35)
BOUNDARY_S = 0.020
ATTACK_S = 0.001


@dataclass(frozen=True)
class Truth:
    start_samples: int
    end_samples: int
    attack_samples: int


@dataclass(frozen=True)
class Score:
    found: int
    true: int
    hits: int

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(1, self.found + self.true)


def moving_power(sound: Mono, n: int) -> NDArray[np.float64]:
    """Mean square of the n samples about each sample."""
    padded = np.concatenate([np.zeros(n // 2), sound.astype(np.float64) ** 2, np.zeros(n - n // 2)])
    total = np.cumsum(padded)
    return (total[n:] - total[:-n]) / n


def attack_of(sound: Mono) -> int:
    size = np.abs(sound)
    return int((size >= 0.1 * size.max()).argmax())


def is_sharp(sound: Mono, rate_hz: int) -> bool:
    size = np.abs(sound)
    low, high = ((size >= part * size.max()).argmax() for part in (0.05, 0.2))
    return bool(high - low <= rate_hz // 1000)


def is_single(sound: Mono, sample_rate_hz: int) -> bool:
    """One strike: after its loudest 10 ms it never rises again by 10 dB to within 15 dB of it."""
    n = sample_rate_hz // 100
    windows = sound[: len(sound) // n * n].reshape(-1, n)
    level = 10 * np.log10(np.mean(windows.astype(np.float64) ** 2, axis=1) + 1e-12)
    if len(level) < 4 or level.max() < -50:
        return False
    top = int(level.argmax())
    if top > 12:  # its attack lies more than 120 ms in: a creak or a swing before the hit
        return False
    lowest = np.minimum.accumulate(level[top:])
    again = (level[top:] - lowest > 10) & (level[top:] > level[top] - 15)
    return not again.any()


def single_sounds(corpus: Path) -> Iterator[tuple[str, Mono, int]]:
    """Class, sound trimmed to where it is within 45 dB of its loudest, and rate."""
    with (corpus / "labels.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    for row in rows:
        if row["class"] not in SINGLE_SOUNDS or float(row["duration_s"]) > 2.5:
            continue
        samples, rate_hz = soundfile.read(corpus / row["file"], dtype="float32", always_2d=True)
        sound = samples.mean(axis=1)
        heard = np.flatnonzero(np.abs(sound) > 0.003 * np.abs(sound).max(initial=1e-9))
        if not len(heard):
            continue
        sound = sound[heard[0] : heard[-1] + 1]
        if not is_single(sound, rate_hz):
            continue
        # What a recording's own floor adds has no end: kept is what is heard above it.
        power = moving_power(sound, rate_hz * 3 // 100)
        sound = sound[: np.flatnonzero(power > 10**-4.5 * power.max())[-1] + 1]
        fade = min(len(sound), rate_hz * 3 // 100)
        sound[len(sound) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
        yield row["class"], sound / np.abs(sound).max(), rate_hz


def with_reverb(sound: Mono, rate_hz: int, rt60_s: float, rng: np.random.Generator) -> Mono:
    """The sound and its tail: decaying noise, 20 ms late, at most a tenth as strong."""
    n_tail = int(rt60_s * rate_hz)
    tail = rng.standard_normal(n_tail) * 10 ** (-3 * np.arange(n_tail) / n_tail)
    n = len(sound) + n_tail
    size = 1 << (n - 1).bit_length()
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[:n]
    late = int(0.02 * rate_hz)
    out = np.zeros(n + late)
    out[: len(sound)] += sound
    out[late:] += wet * (10 ** (-rng.uniform(14, 24) / 20) / np.abs(wet).max())
    return out.astype(np.float32)


def noise(n_samples: int, pink: bool, rng: np.random.Generator) -> Mono:
    """Noise with an RMS of one."""
    white = rng.standard_normal(n_samples)
    if pink:
        spectrum = np.fft.rfft(white)
        spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), n_samples / 2400.0))
        white = np.fft.irfft(spectrum, n_samples)
    return (white / np.sqrt(np.mean(white**2))).astype(np.float32)


def sequence(
    sounds: Sequence[tuple[str, Mono, int]], floor_dbfs: float, rng: np.random.Generator
) -> tuple[Mono, int, list[Truth]]:
    """Six to fourteen events of one kind with known gaps over a floor."""
    wanted, _, rate_hz = sounds[rng.integers(len(sounds))]
    kin = [sound for kind, sound, rate in sounds if kind == wanted and rate == rate_hz]
    rt60_s = float(rng.choice([0.0, 0.3, 0.6, 1.0]))
    at = int(rng.uniform(0.3, 1.0) * rate_hz)
    placed: list[tuple[int, Mono]] = []
    for _ in range(int(rng.integers(6, 15))):
        event = kin[rng.integers(len(kin))] * 10 ** (-rng.uniform(3, 12) / 20)
        if rt60_s:
            event = with_reverb(event, rate_hz, rt60_s, rng)
        placed.append((at, event.astype(np.float32)))
        dry = kin[0].size
        at += dry + int(rng.uniform(0.35, 1.2) * rate_hz)
    n_samples = max(at + len(event) for at, event in placed) + int(0.5 * rate_hz)
    floor = 10 ** (floor_dbfs / 20)
    mix = floor * noise(n_samples, bool(rng.integers(2)), rng)
    truths = []
    for at, event in placed:
        mix[at : at + len(event)] += event
        attack = at + attack_of(event)
        rise = np.flatnonzero(moving_power(event, rate_hz // 100) > floor**2)
        fall = np.flatnonzero(moving_power(event, rate_hz * 3 // 100) > floor**2)
        start = at + int(rise[0]) if len(rise) else attack
        end = at + int(fall[-1]) if len(fall) else attack
        truths.append(Truth(min(start, attack), end, attack))
    truths = [
        Truth(now.start_samples, min(now.end_samples, later.start_samples), now.attack_samples)
        for now, later in pairwise(truths)
    ] + truths[-1:]
    return mix, rate_hz, truths


def match(found: Sequence[int], true: Sequence[int], within: float) -> int:
    """How many of both can be paired one to one; both in order."""
    hits = position = 0
    for value in sorted(true):
        while position < len(found) and found[position] < value - within:
            position += 1
        if position < len(found) and found[position] <= value + within:
            hits += 1
            position += 1
    return hits


def scores(takes: Sequence[Take], truths: Sequence[Truth], rate_hz: int) -> dict[str, Score]:
    pairs = {
        "start": ([t.start_samples for t in takes], [t.start_samples for t in truths], BOUNDARY_S),
        "end": ([t.end_samples for t in takes], [t.end_samples for t in truths], BOUNDARY_S),
        "attack": ([t.sync_samples for t in takes], [t.attack_samples for t in truths], ATTACK_S),
    }
    return {
        name: Score(len(found), len(true), match(sorted(found), true, within * rate_hz))
        for name, (found, true, within) in pairs.items()
    }


def together(parts: Sequence[Score]) -> Score:
    return Score(
        sum(p.found for p in parts), sum(p.true for p in parts), sum(p.hits for p in parts)
    )


def evaluate(
    sounds: Sequence[tuple[str, Mono, int]], floor_dbfs: float, n_sequences: int, seed: int
) -> dict[str, Score]:
    rng = np.random.default_rng(seed)
    parts = []
    for _ in range(n_sequences):
        mix, rate_hz, truths = sequence(sounds, floor_dbfs, rng)
        parts.append(scores(find_takes(mix[:, np.newaxis], rate_hz), truths, rate_hz))
    result = {name: together([part[name] for part in parts]) for name in parts[0]}
    result["boundary"] = together([result["start"], result["end"]])
    return result


def speed() -> None:
    rng = np.random.default_rng(5)
    minute = (0.01 * rng.standard_normal((60 * 48_000, 2))).astype(np.float32)
    for second in range(60):
        minute[second * 48_000 : second * 48_000 + 4800] *= 30
    started = time.process_time()
    find_takes(minute, 48_000)
    print(f"CPU seconds per hour of 48 kHz stereo: {60 * (time.process_time() - started):.1f}")
    short = minute[:24_000]
    started = time.process_time()
    for _ in range(200):
        find_takes(short, 48_000)
    print(f"half-second files per CPU second: {200 / (time.process_time() - started):.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--sequences", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", action="store_true")
    options = parser.parse_args()
    sounds = list(single_sounds(options.corpus))
    sharp = [entry for entry in sounds if is_sharp(entry[1], entry[2])]
    print(f"{len(sounds)} single recordings, {len(sharp)} of them sharp;", end=" ")
    print(f"{options.sequences} sequences of each kind and floor")
    print("floor dBFS  boundary F1 (start, end)   attack F1: sharp, all   takes found/true")
    for floor_dbfs in FLOORS_DBFS:
        got = evaluate(sounds, floor_dbfs, options.sequences, options.seed)
        got_sharp = evaluate(sharp, floor_dbfs, options.sequences, options.seed)
        boundary, start, end = (got[name].f1 for name in ("boundary", "start", "end"))
        print(
            f"{floor_dbfs:10d}  {boundary:.3f} ({start:.3f}, {end:.3f})       "
            f"{got_sharp['attack'].f1:.3f}, {got['attack'].f1:.3f}            "
            f"{got['attack'].found}/{got['attack'].true}"
        )
    if options.speed:
        speed()


if __name__ == "__main__":
    main()
