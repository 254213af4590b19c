"""What a mixer waits for: integrated, range, momentary, short-term and true peak of ten minutes.

Budget: a third of what ffmpeg's ebur128 filter and libebur128 take, which do the same work;
pyloudnorm measures integrated loudness alone and stands here for scale. CPU seconds, best of
the rounds, all meters in turn within each round so that a busy machine troubles all alike.

Run: python benchmarks/loudness.py [--minutes 10] [--rounds 3]
"""

import argparse
import ctypes
import ctypes.util
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np
import soundfile

from audio.level import Samples
from audio.loudness import LoudnessMeter, measure

RATE_HZ = 48_000
BLOCK_SAMPLES = 65_536
MODE_ALL = 0x3F  # of libebur128: M, S, I, range, sample peak, true peak
Meter = Callable[[], str]


def scene(minutes: float, channels: int) -> Samples:
    """Something like a mix: noise that comes and goes, with hits near full scale."""
    random = np.random.default_rng(11)
    n_samples = round(minutes * 60 * RATE_HZ)
    samples = random.standard_normal((n_samples, channels), dtype=np.float32)
    samples[1:] += 0.9 * samples[:-1]
    levels = 10 ** (random.uniform(-50, -22, n_samples // RATE_HZ + 2) / 20)
    samples *= np.interp(np.arange(n_samples) / RATE_HZ, np.arange(len(levels)), levels).astype(
        np.float32
    )[:, np.newaxis]
    for start in random.integers(0, n_samples - RATE_HZ, int(minutes * 20)):
        decay = np.exp(-np.arange(RATE_HZ // 2) / 3000).astype(np.float32)
        hit = (
            random.standard_normal((len(decay), channels), dtype=np.float32) * decay[:, np.newaxis]
        )
        samples[start : start + len(decay)] += random.uniform(0.05, 0.25) * hit
    return np.clip(samples, -1, 1)


def limited(samples: Samples) -> Samples:
    """The same driven hard into a ceiling: nearly all of it stands near the peak."""
    return np.tanh(samples * 20).astype(np.float32) * np.float32(0.9)


def cpu_s(meter: Meter) -> tuple[float, str]:
    """CPU seconds of this process and of what it starts, and what the meter said."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = process_time()
    said = meter()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime
    return process_time() - own + spent, said


def ours(samples: Samples) -> Meter:
    def run() -> str:
        meter = LoudnessMeter(RATE_HZ, samples.shape[1])
        for start in range(0, len(samples), BLOCK_SAMPLES):
            meter.add(samples[start : start + BLOCK_SAMPLES])
        found = meter.result()
        return (
            f"I {found.integrated_lufs:.2f}  LRA {found.range_lu:.2f}  "
            f"TP {found.true_peak_dbtp:.2f}"
        )

    return run


def by_ffmpeg(path: Path) -> Meter | None:
    if shutil.which("ffmpeg") is None:
        return None

    def run() -> str:
        command = ["ffmpeg", "-nostats", "-hide_banner", "-i", str(path), "-af"]
        command += ["ebur128=peak=true:framelog=verbose", "-f", "null", "-"]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stderr
        summary = printed[printed.rindex("Summary:") :].split()
        return "  ".join(
            f"{name} {summary[summary.index(key) + 1]}"
            for name, key in (("I", "I:"), ("LRA", "LRA:"), ("TP", "Peak:"))
        )

    return run


def by_libebur128(samples: Samples) -> Meter | None:
    found = ctypes.util.find_library("ebur128")
    if found is None:
        return None
    library = ctypes.CDLL(found)
    library.ebur128_init.restype = ctypes.c_void_p
    library.ebur128_init.argtypes = [ctypes.c_uint, ctypes.c_ulong, ctypes.c_int]
    library.ebur128_add_frames_float.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
    for name in ("ebur128_loudness_global", "ebur128_loudness_range"):
        getattr(library, name).argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_double)]
    library.ebur128_true_peak.argtypes = [
        ctypes.c_void_p,
        ctypes.c_uint,
        ctypes.POINTER(ctypes.c_double),
    ]
    library.ebur128_destroy.argtypes = [ctypes.POINTER(ctypes.c_void_p)]

    def run() -> str:
        state = ctypes.c_void_p(library.ebur128_init(samples.shape[1], RATE_HZ, MODE_ALL))
        for start in range(0, len(samples), BLOCK_SAMPLES):
            block = samples[start : start + BLOCK_SAMPLES]
            library.ebur128_add_frames_float(state, block.ctypes.data, len(block))
        value = ctypes.c_double()
        library.ebur128_loudness_global(state, ctypes.byref(value))
        said = f"I {value.value:.2f}"
        library.ebur128_loudness_range(state, ctypes.byref(value))
        said += f"  LRA {value.value:.2f}"
        peak = 0.0
        for channel in range(samples.shape[1]):
            library.ebur128_true_peak(state, channel, ctypes.byref(value))
            peak = max(peak, value.value)
        library.ebur128_destroy(ctypes.byref(state))
        return f"{said}  TP {20 * np.log10(peak):.2f}"

    return run


def by_pyloudnorm(samples: Samples) -> Meter | None:
    try:
        import pyloudnorm
    except ImportError:
        return None
    if samples.shape[1] > 5:
        return None
    return lambda: f"I {pyloudnorm.Meter(RATE_HZ).integrated_loudness(samples):.2f}"


def compare(name: str, samples: Samples, folder: Path, rounds: int) -> None:
    path = folder / "scene.wav"
    soundfile.write(path, samples, RATE_HZ, subtype="FLOAT")
    hours = len(samples) / RATE_HZ / 3600
    meters = {
        "dubstage": ours(samples),
        "ffmpeg ebur128": by_ffmpeg(path),
        "libebur128": by_libebur128(samples),
        "pyloudnorm (I only)": by_pyloudnorm(samples),
    }
    best = {meter: (float("inf"), "") for meter, run in meters.items() if run is not None}
    for _ in range(rounds):
        for meter, run in meters.items():
            if run is not None:
                best[meter] = min(best[meter], cpu_s(run))
    mine = best["dubstage"][0]
    print(f"\n{name}, {hours * 60:g} min:  CPU s, CPU s per hour, times ours")
    for meter in meters.keys() - best.keys():
        print(f"  {meter:<20} not installed, or not for this layout")
    for meter, (spent, said) in best.items():
        print(f"  {meter:<20} {spent:7.2f} {spent / hours:8.1f} {spent / mine:7.1f}   {said}")


def short_sounds(count: int = 500) -> None:
    """What a scan pays: a meter for each of many sounds of half a second."""
    sounds = scene(count * 0.5 / 60, 1).reshape(count, -1, 1)
    spent, _ = cpu_s(lambda: str([measure(sound, RATE_HZ) for sound in sounds]))
    print(f"\n{count} sounds of 0.5 s, mono: {spent / count * 1e3:.2f} ms CPU each")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    measure(np.zeros((RATE_HZ, 1), dtype=np.float32), RATE_HZ)  # compile, or load what was
    with tempfile.TemporaryDirectory() as folder:
        for layout, channels in (("stereo", 2), ("5.1", 6)):
            samples = scene(asked.minutes, channels)
            compare(f"{layout}, a scene", samples, Path(folder), asked.rounds)
            if channels == 2:
                compare(f"{layout}, limited", limited(samples), Path(folder), asked.rounds)
    short_sounds()


if __name__ == "__main__":
    main()
