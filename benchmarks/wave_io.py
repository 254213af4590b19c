"""Samples in and out of 24-bit WAV, against libsndfile by way of soundfile.

Rendering reads many files and writes a few; both should be the disk's work, not ours.
All are measured in turns within one run, in CPU seconds an hour of stereo at 48 kHz,
in blocks of 65,536 samples. Run: python benchmarks/wave_io.py
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from audio.files import open_sound
from audio.wave_writer import WaveWriter

RATE_HZ = 48_000
BLOCK_SAMPLES = 65_536


def read_here(path: Path) -> int:
    with open_sound(path) as sound:
        return sum(len(block) for block in sound.blocks(BLOCK_SAMPLES))


def read_by_soundfile(path: Path) -> int:
    with soundfile.SoundFile(path) as sound:
        blocks = sound.blocks(BLOCK_SAMPLES, dtype="float32", always_2d=True)
        return sum(len(block) for block in blocks)


def writing_here(dither_seed: int | None) -> Callable[[Path, list[np.ndarray]], None]:
    def write(path: Path, blocks: list[np.ndarray]) -> None:
        with WaveWriter(path, sample_rate_hz=RATE_HZ, layout=2, dither_seed=dither_seed) as writer:
            for block in blocks:
                writer.write(block)

    return write


def write_by_soundfile(path: Path, blocks: list[np.ndarray]) -> None:
    with soundfile.SoundFile(path, "w", RATE_HZ, 2, "PCM_24", format="WAV") as sound:
        for block in blocks:
            sound.write(block)


def measure(seconds: int, rounds: int, folder: Path) -> dict[str, float]:
    """CPU seconds an hour, the median of rounds in turns."""
    noise = np.random.default_rng(1).normal(0, 0.1, (seconds * RATE_HZ, 2)).astype(np.float32)
    blocks = [noise[at : at + BLOCK_SAMPLES] for at in range(0, len(noise), BLOCK_SAMPLES)]
    path = folder / "noise.wav"
    write_by_soundfile(path, blocks)
    out = folder / "out.wav"
    doings: dict[str, Callable[[], object]] = {
        "read, soundfile": lambda: read_by_soundfile(path),
        "read, here": lambda: read_here(path),
        "write, soundfile": lambda: write_by_soundfile(out, blocks),
        "write, here": lambda: writing_here(None)(out, blocks),
        "write with dither, here": lambda: writing_here(7)(out, blocks),
    }
    taken: dict[str, list[float]] = {name: [] for name in doings}
    for _ in range(rounds):
        for name, do in doings.items():
            start = time.process_time()
            do()
            taken[name].append((time.process_time() - start) * 3600 / seconds)
    return {name: statistics.median(found) for name, found in taken.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        taken = measure(given.seconds, given.rounds, Path(folder))
    for name, cpu_s in taken.items():
        base = taken["read, soundfile" if name.startswith("read") else "write, soundfile"]
        print(f"{name:<28} {cpu_s:7.2f} CPU s an hour of stereo  {base / cpu_s:5.2f} x")


if __name__ == "__main__":
    main()
