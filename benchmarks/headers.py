"""What a scan waits for before it hears a sound: the headers of a folder of Broadcast WAVs.

Budget: five times the files a CPU second of soundfile.info, which tells format and
length only. All are measured in turns within one run. Run: python benchmarks/headers.py
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from audio.bext import Bext
from audio.files import read_header
from audio.ixml import Ixml, tracks_of
from audio.wave_writer import WaveWriter


def write_files(folder: Path, count: int) -> list[Path]:
    """Files as a library has them: 24 bit, bext with history, iXML of 4 to 5 KB, half a second."""
    history = "A=PCM,F=48000,W=24,M=stereo,T=Field recorder\r\n" * 5
    user = {f"FIELD{number}": "words of the one who recorded it " * 4 for number in range(30)}
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, (24_000, 2)).astype(np.float32)
    paths = []
    for number in range(count):
        path = folder / f"DOORWood_Cabin Slam {number:05}_ABC_Nord.wav"
        bext = Bext(
            description=f"Cabin slam {number}",
            time_reference_samples=number,
            coding_history=history,
        )
        ixml = Ixml(project="Nord", take=str(number), user=user, tracks=tracks_of(("L", "R")))
        with WaveWriter(path, sample_rate_hz=48_000, layout=2, bext=bext, ixml=ixml) as writer:
            writer.write(noise)
        paths.append(path)
    return paths


def header_and_start(path: Path) -> None:
    header = read_header(path)
    assert header.bext is not None


def everything(path: Path) -> None:
    header = read_header(path)
    assert not header.warnings and header.ixml is not None


def measure(paths: list[Path], rounds: int) -> dict[str, float]:
    """Files a CPU second, the median of rounds in turns."""
    readers: dict[str, Callable[[Path], object]] = {
        "soundfile.info": soundfile.info,
        "read_header": read_header,
        "read_header with bext": header_and_start,
        "read_header with bext, iXML and all": everything,
    }
    speeds: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(rounds):
        for name, read in readers.items():
            start = time.process_time()
            for path in paths:
                read(path)
            speeds[name].append(len(paths) / (time.process_time() - start))
    return {name: statistics.median(found) for name, found in speeds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        speeds = measure(write_files(Path(folder), given.files), given.rounds)
    base = speeds["soundfile.info"]
    for name, files_a_second in speeds.items():
        print(f"{name:<40} {files_a_second:10,.0f} files/CPU s  {files_a_second / base:5.1f} x")


if __name__ == "__main__":
    main()
