"""What a power cut costs: a scan is killed again and again, and its catalogue looked at.

Run: python benchmarks/kills.py [KILLS] [FILES]. Every kill must leave a whole catalogue
(integrity, as many rows as index rows as vectors) that holds all that was there before.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import soundfile

from db import check
from db.connect import create_catalogue, open_catalogue

_SCAN = (
    "import sys; from pathlib import Path; from library.scan import scan;"
    "scan([Path(sys.argv[1])], Path(sys.argv[2]), workers=2)"
)


def make_sounds(folder: Path, count: int, seed: int = 1) -> None:
    """Short noises of their own, so that describing them is quick and no two are one."""
    made = np.random.default_rng(seed)
    for number in range(count):
        noise = made.standard_normal(4000) * np.exp(-np.arange(4000) / 800) * 0.1
        path = folder / f"{number % 10}" / f"hit {number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, noise, 48_000, subtype="PCM_16")


def kill_once(folder: Path, catalogue: Path, after_s: float) -> bool:
    """Start a scan and kill it with no warning; whether it was still at work."""
    scan = subprocess.Popen([sys.executable, "-c", _SCAN, folder, catalogue])
    try:
        scan.wait(after_s)
    except subprocess.TimeoutExpired:
        os.kill(scan.pid, signal.SIGKILL)
        scan.wait()
        return True
    if scan.returncode:
        raise SystemExit(f"the scan failed: {scan.returncode}")
    return False


def main(kills: int = 50, files: int = 400) -> None:
    """Kill at random moments; when all is scanned, begin with an empty catalogue again."""
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "sounds")
        make_sounds(folder, files)
        killed = rounds = 0
        while killed < kills:
            catalogue = Path(temporary, f"{rounds}.db")
            rounds += 1
            create_catalogue(catalogue).close()
            before = 0
            while before < files and killed < kills:
                # From within its start to the midst of its writing.
                killed += kill_once(folder, catalogue, chance.uniform(1.0, 6.0))
                with closing(open_catalogue(catalogue)) as connection:
                    wrong = check.problems(connection)
                    now = connection.execute("select count(*) from asset").fetchone()[0]
                assert not wrong, wrong
                assert now >= before, f"{before - now} sounds were lost"
                before = now
                print(f"kill {killed}: {now} of {files} sounds, whole", flush=True)
        print(f"{killed} kills in {rounds} catalogues: each left whole; none lost a sound")


if __name__ == "__main__":
    started = time.monotonic()
    main(*map(int, sys.argv[1:]))
    print(f"{time.monotonic() - started:.0f} s")
