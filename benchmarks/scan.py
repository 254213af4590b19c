"""What taking sounds in costs, beside what others cost: CPU seconds for each hour of sound.

    python benchmarks/scan.py [--corpus FOLDER] [--files 200] [--longest SECONDS] [--minutes 10]
                              [--essentia PYTHON] [--scan] [--hours 3]

Who waits: whoever scans a library. Budgets, CPU seconds an hour of 48 kHz stereo: 24 without
the embedding, 40 with it; 40 short files a second on two cores; 400 MB for the processes of a
scan whatever the length of a file.

Each way of describing is a process of its own, held to one thread, that is handed the same
files in turn, a few at a time, so that what else the machine does falls on all alike:

    decode      soundfile alone, in blocks: the floor
    measured    all that a scan does but for the networks
    dubstage    all that a scan does
    librosa     the usual recipe: load, mfcc, centroid, bandwidth, rolloff, flatness, contrast,
                zero crossings, onsets, yin
    essentia    FreesoundExtractor with its defaults; PYTHON is an interpreter that has it
"""

import argparse
import csv
import json
import os
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

RATE_HZ = 48_000
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}
_MINUTES_OF_TAKES = 4
_AT_ONCE = 8  # files handed over together; a scan does likewise

# Essentia runs in another interpreter, which need not have anything of ours.
_ESSENTIA = """
import json, sys, time
import essentia
essentia.log.infoActive = essentia.log.warningActive = False
from essentia.standard import FreesoundExtractor
for line in sys.stdin:
    began, failed = time.process_time(), 0
    for path in json.loads(line):
        try:
            FreesoundExtractor()(path)
        except RuntimeError:
            failed += 1
    print(json.dumps([time.process_time() - began, failed]), flush=True)
"""


def decode(paths: list[str]) -> None:
    import soundfile

    for path in paths:
        with soundfile.SoundFile(path) as sound:
            for _ in sound.blocks(65_536, dtype="float32"):
                pass


def with_librosa(paths: list[str]) -> None:
    import librosa

    for path in paths:
        mono, rate_hz = librosa.load(path, sr=None, mono=True)
        librosa.feature.mfcc(y=mono, sr=rate_hz)
        librosa.feature.spectral_centroid(y=mono, sr=rate_hz)
        librosa.feature.spectral_bandwidth(y=mono, sr=rate_hz)
        librosa.feature.spectral_rolloff(y=mono, sr=rate_hz)
        librosa.feature.spectral_flatness(y=mono)
        librosa.feature.spectral_contrast(y=mono, sr=rate_hz, fmin=100.0)
        librosa.feature.zero_crossing_rate(mono)
        librosa.onset.onset_detect(y=mono, sr=rate_hz)
        librosa.yin(mono, fmin=60, fmax=2000, sr=rate_hz)


class Deaf:
    """An embedder that hears nothing: what is left is the cost of all else."""

    name, dimensions = "deaf", 1

    def embed(self, sounds):
        import numpy as np

        return np.ones((len(sounds), 1), np.float32)


def described(paths: list[str], embedder) -> None:
    from library.describe import Place, describe

    places = [Place(root="x", path=Path(path).name, size_bytes=0, modified_ns=0) for path in paths]
    files = [(Path(path), place, frozenset()) for path, place in zip(paths, places, strict=True)]
    for found in describe(files, embedder):
        if isinstance(found, Exception):
            raise found


def dubstage(paths: list[str]) -> None:
    from library.embedding import default_embedder

    described(paths, default_embedder())


WAYS: dict[str, Callable[[list[str]], None]] = {
    "decode": decode,
    "measured": lambda paths: described(paths, Deaf()),
    "dubstage": dubstage,
    "librosa": with_librosa,
}


def serve(way: str) -> None:
    """Answer each line, a list of files, with the CPU seconds they cost."""
    import warnings

    warnings.simplefilter("ignore")
    for line in sys.stdin:
        began = time.process_time()
        WAYS[way](json.loads(line))
        print(json.dumps([time.process_time() - began, 0]), flush=True)


class Server:
    def __init__(self, way: str, essentia: str | None) -> None:
        words = [essentia, "-c", _ESSENTIA] if way == "essentia" else [
            sys.executable, __file__, "--serve", way
        ]  # fmt: skip
        self._process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **ONE_THREAD},
        )
        self.cpu_s, self.failed = 0.0, 0

    def ask(self, paths: list[str], *, count: bool = True) -> None:
        self._process.stdin.write(json.dumps(paths) + "\n")
        self._process.stdin.flush()
        cpu_s, failed = json.loads(self._process.stdout.readline())
        if count:
            self.cpu_s += cpu_s
            self.failed += failed

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()


def compare(title: str, paths: list[str], warm_up: str, essentia: str | None) -> None:
    import soundfile

    hours = sum(soundfile.info(path).duration for path in paths) / 3600
    servers = {way: Server(way, essentia) for way in [*WAYS, *(["essentia"] if essentia else [])]}
    for server in servers.values():
        server.ask([warm_up], count=False)
    for start in range(0, len(paths), _AT_ONCE):
        for server in servers.values():
            server.ask(paths[start : start + _AT_ONCE])
    print(f"\n{title}: {len(paths)} files, {hours:.3f} h")
    print("| way | CPU s an hour of sound | files a CPU second |")
    print("| --- | ---: | ---: |")
    for way, server in servers.items():
        failed = f" ({server.failed} refused)" if server.failed else ""
        print(f"| {way}{failed} | {server.cpu_s / hours:.1f} | {len(paths) / server.cpu_s:.1f} |")
        server.close()


def long_files(folder: Path, minutes: float) -> list[str]:
    """A walk with takes and a street without, stereo, 24 bits."""
    import numpy as np
    import soundfile

    rng = np.random.default_rng(2)
    n = round(minutes * 60 * RATE_HZ)
    t = np.arange(n, dtype=np.float32) / RATE_HZ
    noise = rng.standard_normal((n, 2), dtype=np.float32)
    street = 0.03 * noise * (1 + 0.3 * np.sin(0.7 * t))[:, np.newaxis]
    walk = 0.0003 * noise + 0.4 * (np.exp(-((t % 0.9) / 0.03)))[:, np.newaxis] * noise
    paths = []
    for name, samples in (("street", street), ("walk", walk)):
        path = folder / f"{name}.wav"
        soundfile.write(path, samples, RATE_HZ, subtype="PCM_24")
        paths.append(str(path))
    return paths


def many_takes(folder: Path, recordings: list[str]) -> list[str]:
    """Minutes of recordings none like the next, half a second apart, each as loud, over a hiss."""
    import numpy as np
    import soundfile

    from audio.resample import resample

    rng = np.random.default_rng(5)
    left = iter(rng.permutation(recordings).tolist())
    paths = []
    for minute in range(_MINUTES_OF_TAKES):
        samples = 1e-4 * rng.standard_normal(60 * RATE_HZ).astype(np.float32)
        at = 0
        for recording in left:
            heard, rate_hz = soundfile.read(recording, dtype="float32", always_2d=True)
            if not 0.1 <= len(heard) / rate_hz <= 2.0 or not heard.any():
                continue
            mono = resample(heard.mean(axis=1, keepdims=True), rate_hz, RATE_HZ)[:, 0]
            mono = mono[: len(samples) - at]
            samples[at : at + len(mono)] += 0.5 * mono / max(1e-6, np.abs(mono).max())
            at += len(mono) + RATE_HZ // 2
            if at >= len(samples):
                break
        path = folder / f"takes {minute}.wav"
        soundfile.write(path, np.stack([samples, samples], axis=1), RATE_HZ, subtype="PCM_24")
        paths.append(str(path))
    return paths


def holed_file(path: Path, hours: float) -> None:
    """Eight channels: an RF64 file with holes, and a knock every minute."""
    import numpy as np

    channels, width, seconds = 8, 3, round(3600 * hours)
    align = channels * width
    size = seconds * RATE_HZ * align
    head = struct.pack("<4sI4s", b"RF64", 0xFFFFFFFF, b"WAVE")
    head += struct.pack("<4sIQQQI", b"ds64", 28, size + 72, size, seconds * RATE_HZ, 0)
    head += struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, RATE_HZ, RATE_HZ * align, align, 24)
    head += struct.pack("<4sI", b"data", 0xFFFFFFFF)
    knock = np.random.default_rng(3).integers(0, 256, RATE_HZ // 5 * align, np.uint8).tobytes()
    with path.open("wb") as out:
        out.write(head)
        out.truncate(len(head) + size)
        for second in range(5, seconds, 60):
            out.seek(len(head) + second * RATE_HZ * align)
            out.write(knock)


def group_bytes(parent: int) -> Iterator[int]:
    """Proportional memory of a process and all below it."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == parent:  # the process group
                text = (folder / "smaps_rollup").read_text()
                yield 1024 * int(text.partition("\nPss:")[2].split()[0])
        except (OSError, ValueError, IndexError):
            continue


def scanned(folder: Path, workers: int) -> None:
    """A whole scan in processes of its own: wall, CPU and the most memory of all of them."""
    with tempfile.TemporaryDirectory() as room:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", "from dubstage.cli import main; main()", "scan", str(folder),
             "--library", f"{room}/library.db", "--workers", str(workers), "--json"],
            stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        most = 0
        while process.poll() is None:
            most = max(most, sum(group_bytes(process.pid)))
            time.sleep(0.2)
        wall_s = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = json.loads(process.stdout.read())
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    hours = told["audio_s"] / 3600
    print(
        f"\nwhole scan, {workers} workers: {told['new']} files, {hours:.3f} h;"
        f" {told['new'] / wall_s:.1f} files/s by the clock,"
        f" {workers * told['new'] / cpu_s:.1f} files/s by CPU seconds on {workers} free cores;"
        f" {cpu_s / hours:.1f} CPU s/h, start of processes included;"
        f" at most {most / 1e6:.0f} MB in all processes"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--longest", type=float, metavar="SECONDS", help="of the corpus, no longer")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--essentia", metavar="PYTHON")
    parser.add_argument("--scan", action="store_true", help="also whole scans, two workers")
    parser.add_argument("--hours", type=float, help="also one file this long, of 8 channels")
    parser.add_argument("--serve", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if not options.essentia:
        print("essentia is left out: give --essentia PYTHON, an interpreter that has it")
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / "long"
        folder.mkdir()
        paths = long_files(folder, options.minutes)
        warm_up = str(Path(room) / "warm_up.wav")
        _shorten(paths[1], warm_up)
        compare("Long files", paths, warm_up, options.essentia)
        if options.corpus:
            with (options.corpus / "labels.tsv").open(encoding="utf-8", newline="") as lines:
                rows = list(csv.DictReader(lines, delimiter="\t"))
            chosen = [str(options.corpus / row["file"]) for row in rows]
            takes = many_takes(folder, chosen)
            compare("Minutes of many takes that differ", takes, warm_up, options.essentia)
            if options.longest:
                chosen = [path for path in chosen if _duration_s(path) <= options.longest]
            chosen = chosen[:: max(1, len(chosen) // options.files)]
            compare("Real short files", chosen[: options.files], warm_up, options.essentia)
            if options.scan:
                links = Path(room) / "links"
                links.mkdir()
                for number, path in enumerate(chosen[: options.files]):
                    (links / f"{number:04}{Path(path).suffix}").symlink_to(path)
                scanned(links, 2)
        if options.hours:
            holed = Path(room) / "holed"
            holed.mkdir()
            holed_file(holed / "hours.wav", options.hours)
            scanned(holed, 2)


def _duration_s(path: str) -> float:
    import soundfile

    return float(soundfile.info(path).duration)


def _shorten(path: str, to: str) -> None:
    import soundfile

    samples, rate_hz = soundfile.read(path, stop=2 * RATE_HZ)
    soundfile.write(to, samples, rate_hz)


if __name__ == "__main__":
    main()
