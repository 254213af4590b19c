"""aiSFX: a network trained on film sound libraries labelled by UCS; 512 numbers a sound.

The front end is written from its description: 44.1 kHz mono at its own level, Hann 2,048, hop
1,024, power, 96 HTK mels of unit sum, log10(10000 m + 1) over its greatest value in training.
Source: A. B. Ma and A. Lerch, "Representation Learning for the Automatic Indexing of Sound
Effects Libraries", ISMIR 2022; weights CC BY 4.0 (models/README.md).
"""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil

import numpy as np

from library.fourier import rfft
from library.networks import network
from library.spectra import Floats, mel_matrix

SAMPLE_RATE_HZ = 44_100
DIMENSIONS = 512
MOST_BLOCKS = 8  # a take is heard in so many blocks at most, spread over it
_WINDOW, _HOP, _BANDS, _BLOCK_WINDOWS = 2048, 1024, 96, 100
_GREATEST = 9.457798957824707  # of the logarithm, in the network's training
_LEAST_WINDOWS = 32  # a shorter sound is looped to so many
_STEP_WINDOWS = 8  # blocks have few sizes, so that those of many sounds go through together
_BATCH = 2  # more at once is hardly quicker and holds more memory


@lru_cache(maxsize=1)
def _hann_and_mels() -> tuple[Floats, Floats]:
    hann = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    hz = np.linspace(0, SAMPLE_RATE_HZ / 2, _WINDOW // 2 + 1)
    mels = mel_matrix(hz, _BANDS, 0.0, SAMPLE_RATE_HZ / 2, scale="htk")
    return hann, mels / mels.sum(axis=0)


def log_mel(mono: Floats) -> Floats:
    """What the network sees of a sound at 44.1 kHz, shape (n_samples // 1024 + 1, 96)."""
    hann, mels = _hann_and_mels()
    padded = np.pad(mono, _WINDOW // 2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
    spectrum = rfft(windows * hann)
    power = spectrum.real**2 + spectrum.imag**2
    seen: Floats = np.log10(10_000.0 * (power @ mels) + 1.0) / np.float32(_GREATEST)
    return seen.astype(np.float32, copy=False)


def blocks_of(mono: Floats) -> Floats:
    """The blocks in which a sound is heard, shape (n, windows, 96), n from 1 to MOST_BLOCKS.

    A sound shorter than a block (2.3 s) is heard in one of about its own length; it is looped to
    fill that, for padded ones are recognised less well. A longer one is divided evenly into
    the fewest blocks that cover it; of a very long one the most blocks are spread over it.
    """
    if not mono.size:
        mono = np.zeros(1, np.float32)
    own_windows = len(mono) // _HOP + 1
    count = min(MOST_BLOCKS, ceil(own_windows / _BLOCK_WINDOWS))
    steps = ceil(own_windows / count / _STEP_WINDOWS)
    length = _samples(min(max(_LEAST_WINDOWS, steps * _STEP_WINDOWS), _BLOCK_WINDOWS))
    if len(mono) < length:
        mono = np.resize(mono, length)
    starts = np.linspace(0, len(mono) - length, count).astype(int)
    return np.stack([log_mel(mono[start : start + length]) for start in starts])


def _samples(windows: int) -> int:
    return (windows - 1) * _HOP


def embed_blocks(blocks: Floats) -> Floats:
    """Embeddings (n, 512) of blocks (n, windows, 96)."""
    run = network("aisfx_int8.onnx")
    parts = [
        run({"logmel": blocks[start : start + _BATCH]})[0]
        for start in range(0, len(blocks), _BATCH)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, DIMENSIONS), np.float32)


def embed_sounds(sounds: Sequence[Floats]) -> list[Floats]:
    """Embeddings (512,) of mono sounds at 44.1 kHz: the mean of their blocks."""
    by_size: dict[int, list[tuple[int, Floats]]] = {}
    for index, mono in enumerate(sounds):
        blocks = blocks_of(mono)
        by_size.setdefault(blocks.shape[1], []).append((index, blocks))
    found: dict[int, Floats] = {}
    for batch in by_size.values():
        embeddings = embed_blocks(np.concatenate([blocks for _, blocks in batch]))
        ends = np.cumsum([len(blocks) for _, blocks in batch])
        for (index, _), part in zip(batch, np.split(embeddings, ends[:-1]), strict=True):
            found[index] = part.mean(axis=0)
    return [found[index] for index in range(len(sounds))]
