"""Damaged sound files on the way through a description. Run to try many:

python -m tests.library.mutated_sounds 10000
"""

import io
import random
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from audio import AudioError
from library.catalogue import Described
from library.describe import Place, describe

RATE_HZ = 16_000
_SLOW_S = 5.0
_MOST_BYTES = 400_000_000
FORMATS = (
    ("WAV", "PCM_16"),
    ("WAV", "PCM_24"),
    ("WAV", "FLOAT"),
    ("WAV", "IMA_ADPCM"),
    ("RF64", "PCM_24"),
    ("AIFF", "PCM_16"),
    ("AIFF", "FLOAT"),
    ("FLAC", "PCM_16"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
    ("MP3", "MPEG_LAYER_III"),
    ("CAF", "PCM_16"),
    ("W64", "PCM_16"),
)


class Deaf:
    """An embedder that hears nothing: what is damaged is the file, not the network."""

    name, dimensions = "deaf", 1

    def embed(self, sounds):
        assert all(np.isfinite(samples).all() for samples, _rate in sounds)
        return np.ones((len(sounds), 1), np.float32)


def whole_files() -> list[bytes]:
    """Three knocks in every format."""
    t = np.arange(RATE_HZ) / RATE_HZ
    knocks = np.sin(900 * t) * np.exp(-((t % 0.33) / 0.02)) * 0.5
    files = []
    for container, encoding in FORMATS:
        if encoding not in soundfile.available_subtypes(container):
            continue
        out = io.BytesIO()
        soundfile.write(out, np.stack([knocks, knocks], 1), RATE_HZ, encoding, format=container)
        files.append(out.getvalue())
    return files


def mutated(whole: bytes, chance: random.Random) -> bytes:
    """The file with bits turned, parts cut out, doubled or put in, or fields made huge."""
    data = bytearray(whole)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        # Headers are where it hurts.
        at = chance.randrange(min(len(data), 200) if chance.random() < 0.7 else len(data))
        match chance.randrange(6):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at : at + 4] = chance.choice(
                    (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x80")
                )
            case 2:
                del data[at : at + chance.randrange(1, 64)]
            case 3:
                data[at:at] = data[at : at + chance.randrange(1, 64)]
            case 4:
                data[at:at] = chance.randbytes(chance.randrange(1, 32))
            case _:
                del data[max(at, 4) :]
        if not data:
            return b"\0"
    return bytes(data)


def try_many(count: int, seed: int, folder: Path) -> Counter[str]:
    """How many were described and how many refused.

    Raises:
        AssertionError: one was neither, took long, or gave what cannot be.
    """
    chance = random.Random(seed)
    files = whole_files()
    outcomes: Counter[str] = Counter()
    for number in range(count):
        path = folder / f"{number % 8}.wav"
        path.write_bytes(mutated(chance.choice(files), chance))
        place = Place(root="x", path=path.name, size_bytes=0, modified_ns=0)
        began = time.process_time()
        (found,) = describe([(path, place, frozenset())], Deaf())
        took_s = time.process_time() - began
        assert took_s < _SLOW_S, f"mutation {number} of seed {seed} took {took_s:.1f} s"
        if isinstance(found, AudioError):
            assert str(found), f"mutation {number} of seed {seed} is refused without a reason"
            assert "Dubstage failed" not in str(found), f"mutation {number} of {seed}: {found}"
            outcomes["refused"] += 1
            continue
        assert isinstance(found, Described)
        asset = found.asset
        assert asset.takes
        assert all(
            0 <= take.start_samples < take.end_samples <= asset.duration_samples
            and take.start_samples <= take.sync_samples < take.end_samples
            for take in asset.takes
        ), f"mutation {number} of seed {seed}: {asset.takes}"
        outcomes["described"] += 1
    return outcomes


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with TemporaryDirectory() as room:
        outcomes = try_many(count, seed, Path(room))
    most = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"{dict(outcomes)}; at most {most / 1e6:.0f} MB\n")
    assert most < _MOST_BYTES


if __name__ == "__main__":
    main()
