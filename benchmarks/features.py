"""What listening costs: CPU seconds for each hour of sound, and for each short take.

    python benchmarks/features.py [--minutes 5]

Who waits: whoever scans a library. Budgets: features at most 8 CPU seconds for an hour of 48 kHz
stereo; at least 100 takes of 0.3 s a second on one core; with both networks 20 (40 on two).
"""

import argparse
import os
import time

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402 - its threads are set above

RATE_HZ = 48_000


def street(duration_s: float) -> np.ndarray:
    """Stereo: noise that comes and goes, a drone, and knocks."""
    rng = np.random.default_rng(1)
    t = np.arange(round(duration_s * RATE_HZ), dtype=np.float32) / RATE_HZ
    left = 0.05 * rng.standard_normal(len(t), dtype=np.float32) * (1 + np.sin(0.7 * t))
    drone = 0.1 * np.sin(2 * np.pi * 220 * t).astype(np.float32)
    knocks = 0.5 * np.exp(-((t % 0.6) / 0.05)) * rng.standard_normal(len(t), dtype=np.float32)
    return np.stack([left + drone, knocks + drone], axis=1).astype(np.float32)


def cpu_s(work) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    from library import aisfx, yamnet
    from library.ear import EarPass
    from library.embedding import default_embedder
    from library.features import take_features

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    minutes = parser.parse_args().minutes
    samples = street(60 * minutes)
    take = samples[:14_400]
    take_features(take, RATE_HZ)

    def listen() -> None:
        ear = EarPass(RATE_HZ, 2)
        for start in range(0, len(samples), 65_536):
            ear.add(samples[start : start + 65_536])
        bounds = range(0, len(samples) - 28_800, 28_800)
        ear.features([(start, start + 28_800) for start in bounds])

    print(f"features, a take every 0.6 s: {cpu_s(listen) * 60 / minutes:.1f} CPU s/h")
    each = cpu_s(lambda: [take_features(take, RATE_HZ) for _ in range(100)]) / 100
    print(f"features of a file of 0.3 s: {1e3 * each:.2f} ms ({1 / each:.0f} a second)")

    embedder = default_embedder()
    blocks = np.repeat(aisfx.blocks_of(samples[: 4 * RATE_HZ, 0])[:1], 16, axis=0)
    patches = np.repeat(yamnet.patches_of(samples[:RATE_HZ, 0])[0][:1], 32, axis=0)
    aisfx.embed_blocks(blocks[:1]), yamnet.embed_patches(patches[:1])
    print(f"aiSFX: {1e3 * cpu_s(lambda: aisfx.embed_blocks(blocks)) / 16:.1f} ms a block")
    print(f"YAMNet: {1e3 * cpu_s(lambda: yamnet.embed_patches(patches)) / 32:.2f} ms a patch")
    for duration_s in (0.3, 1.0, 3.0, 20.0, 60 * minutes):
        sound = (samples[: round(duration_s * RATE_HZ)], RATE_HZ)
        count = 16 if duration_s < 2 else 2
        each = cpu_s(lambda sound=sound, count=count: embedder.embed([sound] * count)) / count
        print(f"vector of a take of {duration_s:g} s: {1e3 * each:.1f} ms")


if __name__ == "__main__":
    main()
