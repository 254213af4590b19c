"""How many copies of real recordings `dubstage duplicates` finds, by what was done to them.

    python -m benchmarks.duplicates FOLDER [--recordings 150] [--work FOLDER]

Makes copies of every so many-th recording in FOLDER, scans FOLDER and the copies into one library,
and prints for each kind of copy the share that is told in one group with its recording; then
pairs of recordings that are told as one sound, to be listened to. Which copy is of which is
known, for it was made here.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import process_time

import numpy as np
import soundfile
import soxr

from db.connect import open_catalogue
from library.duplicates import duplicates
from library.scan import scan
from library.walk import SUFFIXES


def copies(samples: np.ndarray, hz: int) -> Iterator[tuple[str, np.ndarray, int, str]]:
    """(kind, samples, rate, ending) of each copy."""
    n, channels = samples.shape
    ramp = np.minimum(1.0, np.arange(n) / max(0.15 * n, 1))[:, np.newaxis]
    for rate in (44_100, 48_000, 96_000):
        if rate != hz:
            yield f"rate {rate}", soxr.resample(samples, hz, rate), rate, ".wav"
    for percent in (10, 30, 50):
        yield f"head cut {percent} %", samples[n * percent // 100 :], hz, ".wav"
        yield f"tail cut {percent} %", samples[: n - n * percent // 100], hz, ".wav"
    yield "both cut 20 %", samples[n // 5 : n - n // 5], hz, ".wav"
    yield "gain -6 dB", samples * 10**-0.3, hz, ".wav"
    yield "gain -12 dB", samples * 10**-0.6, hz, ".wav"
    yield "polarity", -samples, hz, ".wav"
    yield "offset", samples - samples.mean(axis=0) + 0.01, hz, ".wav"
    yield "faded", samples * ramp * ramp[::-1], hz, ".wav"
    yield "flac", samples, hz, ".flac"
    yield "ogg", samples, hz, ".ogg"
    if hz <= 48_000:
        yield "mp3", samples, hz, ".mp3"
    before, after = np.zeros((hz, channels)), np.zeros((hz // 2, channels))
    yield "padded 1.5 s", np.concatenate([before, samples, after]), hz, ".wav"
    if channels == 1:
        yield "dual mono", samples.repeat(2, axis=1), hz, ".wav"
    else:
        yield "left", samples[:, :1], hz, ".wav"
        yield "mix", samples.mean(axis=1, keepdims=True), hz, ".wav"
    cut = samples[n * 3 // 10 :].mean(axis=1, keepdims=True) * 0.5
    yield "head cut 30 %, -6 dB, mono, mp3", soxr.resample(cut, hz, 48_000), 48_000, ".mp3"


def write(path: Path, samples: np.ndarray, hz: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    how = {} if path.suffix in (".ogg", ".mp3") else {"subtype": "PCM_24"}
    with soundfile.SoundFile(path, "w", hz, samples.shape[1], **how) as file:
        for start in range(0, len(samples), 8_192):  # libsndfile's Vorbis takes no long block
            file.write(np.clip(samples[start : start + 8_192], -1, 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--recordings", type=int, default=150)
    parser.add_argument("--work", type=Path)
    asked = parser.parse_args()
    work = asked.work or Path(tempfile.mkdtemp())
    every = sorted(p for p in asked.folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    kinds, origin = dict[str, str](), dict[str, str]()
    for path in every[:: max(1, len(every) // asked.recordings)][: asked.recordings]:
        below = path.relative_to(asked.folder).as_posix()
        samples, hz = soundfile.read(path, always_2d=True)
        for kind, made, rate, ending in copies(samples, hz):
            name = f"{kind}/{below.replace('/', '__')}{ending}"
            write(work / "copies" / name, made, rate)
            kinds[name], origin[name] = kind, below
    scan([asked.folder, work / "copies"], work / "library.db")
    began, of = process_time(), dict[str, str]()

    def group(name: str) -> str:
        while (above := of.get(name, name)) != name:
            name = above
        return name

    others = set[tuple[str, ...]]()
    with closing(open_catalogue(work / "library.db")) as connection:
        for pair in duplicates(connection):
            names = [pair.first.path, pair.second.path]
            sounds = {origin.get(name, name) for name in names}
            if len(sounds) > 1:
                others.add(tuple(sorted(sounds)))
            else:
                of[group(names[0])] = group(names[1])
    print(f"{len(every) + len(kinds)} files: {process_time() - began:.0f} s of CPU")
    found = Counter(kinds[name] for name in kinds if group(name) == group(origin[name]))
    for kind, count in sorted(Counter(kinds.values()).items()):
        print(f"{kind:32} {found[kind] / count:.3f} of {count}")
    print(f"{'all':32} {found.total() / len(kinds):.3f} of {len(kinds)}")
    for names in sorted(others):
        print("one sound?", *names, sep="\t")


if __name__ == "__main__":
    main()
