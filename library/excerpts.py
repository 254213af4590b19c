"""What of a file the networks hear: its takes, of long ones some pieces, of very many a choice."""

from collections.abc import Iterator, Sequence

import numpy as np

from audio.files import SoundReader
from audio.level import Samples
from library.asset import Take
from library.ear import EarPass

_EXCERPT_S = 2.5  # a little more than a block of the network
_EXCERPTS = 12  # of a take that was not kept, spread over it
_MOST_EMBEDDED = 256  # takes of a file; the others share the vector of the nearest of these
_MOST_VALUES = 24_000_000  # samples of excerpts read from one file: 96 MB


def spread(n_takes: int) -> tuple[list[int], tuple[int, ...]]:
    """Which takes are embedded, and for each take which of those stands for it: the nearest."""
    if n_takes <= _MOST_EMBEDDED:
        return list(range(n_takes)), tuple(range(n_takes))
    chosen = np.linspace(0, n_takes - 1, _MOST_EMBEDDED).round().astype(int)
    nearest = np.searchsorted((chosen[1:] + chosen[:-1]) / 2, np.arange(n_takes))
    return chosen.tolist(), tuple(nearest.tolist())


def excerpts_of(takes: Sequence[Take], ear: EarPass, sound: SoundReader) -> Iterator[Samples]:
    """The mono mix of each take, shape (n_samples, 1), as far as it is to be heard."""
    most = int(_MOST_VALUES / (max(1, len(takes)) * _EXCERPT_S * sound.sample_rate_hz))
    for take in takes:
        kept = ear.mono(take.start_samples, take.end_samples)
        if kept is not None:
            yield kept[:, np.newaxis]
        else:
            pieces = max(1, min(_EXCERPTS, most))
            yield excerpt(sound, take.start_samples, take.end_samples, pieces)


def excerpt(
    sound: SoundReader, start_samples: int, end_samples: int, most: int = _EXCERPTS
) -> Samples:
    """The mono mix of a stretch; of a long one, pieces spread over it."""
    piece = round(_EXCERPT_S * sound.sample_rate_hz)
    if end_samples - start_samples <= most * piece:
        starts, piece = [start_samples], end_samples - start_samples
    else:
        starts = np.linspace(start_samples, end_samples - piece, most).astype(int).tolist()
    pieces = [sound.read(start, piece).mean(axis=1, keepdims=True) for start in starts]
    return np.concatenate(pieces).astype(np.float32)
