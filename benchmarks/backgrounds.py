"""Joins of real ambiences, measured. Run: python benchmarks/backgrounds.py LIBRARY LABELS.tsv

A minute is filled from each recording of the classes that backgrounds are made of, and the
loudness (BS.1770) of the 3 s before each crossfade is held against that of the 3 s behind it.
What a recording itself does within its material, another 3 s against another, stands beside.
"""

import argparse
import csv
import sys
from contextlib import closing
from pathlib import Path

import numpy as np

from audio.fades import fade_in_curve
from audio.level import Samples, gain_from_db
from audio.loudness import measure
from audio.resample import resample
from db.connect import open_catalogue
from library.asset import Asset
from library.catalogue import find_asset
from premix.backgrounds import SHORTEST_S, Filling, fill
from premix.chance import chance
from premix.scenes import material_of
from premix.shelf import LibraryShelf

CLASSES = (
    "ambience_day", "ambience_night", "ambience_cave", "rain", "wind", "water_stream", "sea_waves",
    "fire_crackle", "machine_hum", "crowd_cheer", "crowd", "engine_vehicle", "insect_buzz",
)  # fmt: skip
RATE_HZ, LENGTH_S, WINDOW_S = 48_000, 60, 3
STEADY_LU = 1.0  # of the material's own 3 s from their median: a steady sound


def laid(filling: Filling, material: Samples) -> Samples:
    """The pieces summed as any mixer would."""
    mix = np.zeros((LENGTH_S * RATE_HZ, material.shape[1]), np.float32)
    for piece in filling.pieces:
        start = piece.material_start_samples
        part = material[start : start + piece.duration_samples]
        gain = np.full(len(part), gain_from_db(piece.gain_db), np.float32)
        fade_in = fade_in_curve(filling.fade_shape, piece.fade_in_samples)
        fade_out = fade_in_curve(filling.fade_shape, piece.fade_out_samples)[::-1]
        gain[: len(fade_in)] *= fade_in
        gain[len(gain) - len(fade_out) :] *= fade_out
        first = piece.record_start_samples
        mix[first : first + len(part)] += part * gain[:, None]
    return mix


def loudness_at(samples: Samples, start: int) -> float | None:
    """Of the 3 s from `start`; None where there are fewer, or only silence."""
    part = samples[start : start + WINDOW_S * RATE_HZ] if start >= 0 else samples[:0]
    return measure(part, RATE_HZ).integrated_lufs if len(part) == WINDOW_S * RATE_HZ else None


def steps_of(filling: Filling, mix: Samples) -> list[float]:
    """LU from before to behind each crossfade that has whole windows on both sides."""
    found = []
    for piece in filling.pieces[1:]:
        before = loudness_at(mix, piece.record_start_samples - WINDOW_S * RATE_HZ)
        behind = loudness_at(mix, piece.record_start_samples + piece.fade_in_samples)
        if before is not None and behind is not None:
            found.append(behind - before)
    return found


def own_spread(material: Samples) -> float:
    """How far 3 s of the material are at most from their median, LU."""
    hop = WINDOW_S * RATE_HZ // 2
    values = [
        value
        for start in range(0, max(1, len(material) - WINDOW_S * RATE_HZ + 1), hop)
        if (value := loudness_at(material, start)) is not None
    ]
    return max((abs(value - float(np.median(values))) for value in values), default=0.0)


def material_at_session_rate(asset: Asset, shelf: LibraryShelf) -> Samples | None:
    material = material_of(asset, LENGTH_S)
    samples = shelf.read(asset, material.start_samples, material.duration_samples)
    return None if samples is None else resample(samples, asset.sample_rate_hz, RATE_HZ)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("library", type=Path)
    arguments.add_argument("labels", type=Path)
    arguments.add_argument("-v", "--verbose", action="store_true")
    asked = arguments.parse_args()
    rows = list(csv.DictReader(asked.labels.read_text().splitlines(), delimiter="\t"))
    steady: list[float] = []
    others: list[float] = []
    counts, holes = [0, 0], 0
    with closing(open_catalogue(asked.library)) as connection:
        shelf = LibraryShelf(connection)
        for row in rows:
            asset = find_asset(connection, row["file"]) if row["class"] in CLASSES else None
            heard = None if asset is None else material_at_session_rate(asset, shelf)
            if heard is None or not SHORTEST_S * RATE_HZ <= len(heard) < LENGTH_S * RATE_HZ:
                continue
            filling = fill(
                0, LENGTH_S * RATE_HZ, len(heard), RATE_HZ, chance(7, "background"), heard=heard
            )
            mix = laid(filling, heard)
            quiet = np.abs(mix).max(axis=1).reshape(-1, RATE_HZ // 10).max(axis=1) == 0
            holes += int(quiet.sum()) if np.abs(heard).min(initial=1) > 0 else 0
            steps, spread = steps_of(filling, mix), own_spread(heard)
            is_steady = spread <= STEADY_LU and len(heard) >= 2 * WINDOW_S * RATE_HZ
            counts[0 if is_steady else 1] += 1
            (steady if is_steady else others).extend(steps)
            if asked.verbose:
                worst = max(map(abs, steps), default=0.0)
                print(
                    f"{row['file']:<44} {row['class']:<14} {len(heard) / RATE_HZ:6.1f} s  own "
                    f"±{spread:4.1f}  joins {len(steps):3}  worst {worst:4.1f} LU",
                    file=sys.stderr,
                )
    for name, steps, n in (("steady", steady, counts[0]), ("others", others, counts[1])):
        sizes = np.abs(steps) if steps else np.zeros(1)
        print(
            f"{name}: {n} recordings, {len(steps)} joins, {100 * (sizes <= 1).mean():.1f} % within "
            f"±1 LU, median {np.median(sizes):.2f}, worst {sizes.max():.2f}"
        )
    print(f"holes of 100 ms: {holes}")


if __name__ == "__main__":
    main()
