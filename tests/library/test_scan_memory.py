"""A scan's memory: all its processes together, pages that they share counted once."""

import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux of its processes")

BUDGET_BYTES = 400_000_000
SCAN = (
    "import sys; from pathlib import Path; from library.scan import scan;"
    "scan([Path(sys.argv[1])], Path(sys.argv[2]), workers=2)"
)


def most_bytes(shelf) -> int:
    """The most that a scan of the shelf and all below it held at once, by two workers."""
    scan = subprocess.Popen(
        [sys.executable, "-c", SCAN, shelf.folder, shelf.catalogue], start_new_session=True
    )
    most = 0
    while scan.poll() is None:
        most = max(most, sum(proportional_bytes(scan.pid)))
        time.sleep(0.1)
    assert scan.returncode == 0
    return most


def proportional_bytes(group: int):
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rpartition(")")[2].split()[2]) == group:
                text = (folder / "smaps_rollup").read_text()
                yield 1024 * int(text.partition("\nPss:")[2].split()[0])
        except (OSError, ValueError, IndexError):  # it has just ended
            continue


def holed_wave(path: Path, seconds: int, rate_hz: int, channels: int) -> None:
    """A knock a minute, and nothing on the disk between."""
    align = 2 * channels
    size = seconds * rate_hz * align
    form = struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * align, align, 16)
    head = struct.pack("<4sI4s4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16) + form
    knock = np.random.default_rng(1).integers(-9000, 9000, rate_hz // 5 * channels, np.int16)
    with path.open("wb") as out:
        out.write(head + struct.pack("<4sI", b"data", size))
        out.truncate(44 + size)
        for second in range(5, seconds, 60):
            out.seek(44 + second * rate_hz * align)
            out.write(knock.tobytes())


def test_many_short_sounds(shelf):
    for seed in range(64):
        shelf.add(f"{seed}.wav", seed, seconds=0.5 + seed % 4, channels=1 + seed % 2)
    assert most_bytes(shelf) < BUDGET_BYTES


def test_two_hours_of_eight_channels(shelf):
    # What is kept of an hour is the same at any rate; a low one only goes by more quickly.
    holed_wave(shelf.folder / "hours.wav", 7200, rate_hz=4000, channels=8)
    assert most_bytes(shelf) < BUDGET_BYTES
