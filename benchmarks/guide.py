"""Attacks found in a guide, against where they were put. Run: python benchmarks/guide.py CORPUS

Recordings of one class are laid a second and a half apart over real wind. A mark is where a
recording first reaches a tenth of its peak; recordings that only swell to it (more than 30 ms
from there to half of their peak), or that strike again later, have no one attack to find and are
left out: how many, stands beside. Found is what lies within 5 ms of a mark; an onset with no mark
within 50 ms is one too many.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from audio.resample import resample
from premix.guide import find_onsets

RATE_HZ, APART_S = 48_000, 1.5
GROUPS = {
    "steps": ("footstep_",),
    "doors": ("door_",),
    "blows": ("metal_hit", "wood_hit", "hammer_anvil", "rock_hit", "punch_body_hit", "ball_hit"),
    "drums": ("drum_",),
}
NOISES_DB = (-60, -40, -30)  # RMS of the wind against the peaks of the strikes

Mono = NDArray[np.float32]


def heard(path: Path) -> Mono:
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    return resample(samples.mean(axis=1, keepdims=True), rate_hz, RATE_HZ)[:, 0]


def mark_of(strike: Mono) -> int | None:
    """Its one attack, or None where there is not exactly one."""
    size = np.abs(strike) / np.abs(strike).max()
    first = int(np.argmax(size >= 0.1))
    if int(np.argmax(size >= 0.5)) - first > 0.03 * RATE_HZ:
        return None
    hop = RATE_HZ // 100
    tops = size[first : first + (len(size) - first) // hop * hop].reshape(-1, hop).max(axis=1)
    for at in range(12, len(tops)):
        if tops[at] > 0.1 and tops[at] > 2.5 * tops[at - 6 : at - 1].max():
            return None
    return first


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpus", type=Path)
    corpus = arguments.parse_args().corpus
    rows = list(csv.DictReader((corpus / "labels.tsv").read_text().splitlines(), delimiter="\t"))
    wind = heard(corpus / "lugaru/Wind.ogg")
    wind /= np.sqrt((wind**2).mean())
    for group, beginnings in GROUPS.items():
        named = [row for row in rows if row["class"].startswith(beginnings)]
        strikes = [heard(corpus / row["file"]) for row in named if float(row["duration_s"]) < 1.4]
        marked = [(one, mark) for one in strikes if (mark := mark_of(one)) is not None]
        step = round(APART_S * RATE_HZ)
        clean = np.zeros(step * (len(marked) + 1), np.float32)
        marks = []
        for number, (strike, mark) in enumerate(marked):
            at = step // 2 + step * number
            clean[at : at + len(strike)] += strike * (0.5 / np.abs(strike).max())
            marks.append(at + mark)
        print(f"{group}: {len(marked)} recordings, {len(named) - len(marked)} left out")
        for noise_db in NOISES_DB:
            guide = clean + np.resize(wind, len(clean)) * np.float32(0.5 * 10 ** (noise_db / 20))
            found = [float(one.seconds) * RATE_HZ for one in find_onsets(guide[:, None], RATE_HZ)]
            near = np.array([min(abs(at - mark) for at in found) for mark in marks])
            stray = np.array([min(abs(at - mark) for mark in marks) for at in found])
            print(
                f"  wind {noise_db} dB: recall {(near <= 240).mean():.2f} within 5 ms, "
                f"{(near <= 720).mean():.2f} within 15 ms; "
                f"precision {(stray <= 2_400).mean():.2f} of {len(found)}"
            )


if __name__ == "__main__":
    main()
