"""YAMNet: a network trained on AudioSet; 2,560 numbers and 521 named scores a patch of sound.

Of the numbers 1,024 are its last layer. The rest are what two inner layers say: they name less and
tell sounds of one kind apart better, and cost nothing.

The front end is written from its description: 16 kHz mono at its own level, Hann 400 in a
transform of 512, hop 160, magnitude, 64 mels 125 to 7,500 Hz straight over mel, ln(m + 0.001),
patches of 96 windows every 48. Source: github.com/tensorflow/models, research/audioset/yamnet;
weights Apache-2.0 (models/README.md).
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from library.audioset import CLASSES as CLASSES
from library.audioset import class_names as class_names
from library.fourier import rfft
from library.networks import network
from library.spectra import Floats, mel_matrix

SAMPLE_RATE_HZ = 16_000
DIMENSIONS = 2560
MOST_PATCHES = 40  # a take is heard in so many patches at most, spread over it
_WINDOW, _HOP, _LENGTH, _BANDS = 400, 160, 512, 64
_PATCH, _PATCH_HOP = 96, 48
_OFFSET = 0.001
_TRIM_DB = -50.0  # below the loudest window: what lies deeper at either end is silence
_BATCH = 6
_PATCH_SAMPLES = (_PATCH - 1) * _HOP + _WINDOW


@lru_cache(maxsize=1)
def _hann_and_mels() -> tuple[Floats, Floats]:
    hann = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    hz = np.linspace(0, SAMPLE_RATE_HZ / 2, _LENGTH // 2 + 1)
    mels = mel_matrix(hz, _BANDS, 125.0, 7500.0, scale="htk", straight_in="mel")
    mels[0] = 0.0  # the bin of 0 Hz belongs to no band
    return hann, mels


def log_mel(mono: Floats) -> Floats:
    """What the network sees of a sound at 16 kHz, shape (windows, 64); at least one window."""
    hann, mels = _hann_and_mels()
    if len(mono) < _WINDOW:
        mono = np.pad(mono, (0, _WINDOW - len(mono)))
    windows = np.lib.stride_tricks.sliding_window_view(mono, _WINDOW)[::_HOP]
    magnitude = np.abs(rfft(windows * hann, n=_LENGTH))
    seen: Floats = np.log(magnitude @ mels + np.float32(_OFFSET))
    return seen


def patches_of(mono: Floats) -> tuple[Floats, Floats]:
    """The patches in which a sound is heard, and how much each counts.

    Silence at both ends is left out. What is shorter than a patch (1 s) is heard followed by
    silence, and a third as much looped. Patches of a longer one count by their energy, and a
    third by their number.

    Returns:
        patches (n, 96, 64), n from 1 to MOST_PATCHES; weights (n,), sum 1.
    """
    mono = _trimmed(mono)
    seen = log_mel(mono)
    if len(seen) < _PATCH:
        quiet = np.full((_PATCH - len(seen), _BANDS), np.log(_OFFSET), np.float32)
        looped = log_mel(np.resize(mono, _PATCH_SAMPLES) if mono.size else mono)[:_PATCH]
        if len(looped) < _PATCH:
            return np.concatenate([seen, quiet])[np.newaxis], np.ones(1, np.float32)
        both = np.stack([np.concatenate([seen, quiet]), looped])
        return both, np.array([2 / 3, 1 / 3], np.float32)
    starts = np.arange(0, len(seen) - _PATCH + 1, _PATCH_HOP)
    if len(starts) > MOST_PATCHES:
        starts = np.linspace(0, len(seen) - _PATCH, MOST_PATCHES).astype(int)
    patches = np.stack([seen[start : start + _PATCH] for start in starts])
    energy = np.exp(2.0 * patches).sum(axis=(1, 2), dtype=np.float64)
    weights = 2 / 3 * energy / energy.sum() + 1 / 3 / len(patches)
    return patches, weights.astype(np.float32)


def _trimmed(mono: Floats) -> Floats:
    whole = len(mono) // _HOP * _HOP
    if not whole:
        return mono
    power = np.square(mono[:whole]).reshape(-1, _HOP).mean(axis=1)
    loud = np.flatnonzero(power > 10.0 ** (_TRIM_DB / 10.0) * power.max())
    return mono[loud[0] * _HOP : (loud[-1] + 1) * _HOP] if loud.size else mono


def embed_patches(patches: Floats) -> tuple[Floats, Floats]:
    """Embeddings (n, 2560) and scores (n, 521) of patches (n, 96, 64)."""
    run = network("yamnet_fp16.onnx")
    parts = [
        run({"log_mel": patches[start : start + _BATCH]})
        for start in range(0, len(patches), _BATCH)
    ]
    if not parts:
        return np.zeros((0, DIMENSIONS), np.float32), np.zeros((0, CLASSES), np.float32)
    embeddings, scores = zip(*parts, strict=True)
    return np.concatenate(embeddings), np.concatenate(scores)


def embed_sounds(sounds: Sequence[Floats]) -> list[tuple[Floats, Floats]]:
    """Embedding (2560,) and scores (521,) of mono sounds at 16 kHz.

    The embedding is the weighted mean of the patches, a score the highest of any of them.
    """
    heard = [patches_of(mono) for mono in sounds]
    if not heard:
        return []
    embeddings, scores = embed_patches(np.concatenate([patches for patches, _ in heard]))
    ends = np.cumsum([len(patches) for patches, _ in heard])[:-1]
    return [
        (weights @ embedding, score.max(axis=0))
        for (_, weights), embedding, score in zip(
            heard, np.split(embeddings, ends), np.split(scores, ends), strict=True
        )
    ]
