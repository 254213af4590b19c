"""What of a file the networks hear: each take, pieces of long ones, of many those that differ."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from audio.files import SoundReader
from audio.level import Samples
from library.asset import Take
from library.ear import EarPass
from library.embedding import bounded_mono
from library.projection import Floats, Whitening, load_projection

_EXCERPT_S = 2.5  # a little more than a block of the network
_EXCERPTS = 12  # of a take that was not kept, spread over it
_ALWAYS_HEARD = 16  # takes of a file, all of which are heard
_NEARLY_THE_SAME = 0.3  # deviations of a feature, their root mean square
_MOST_EMBEDDED = 256  # takes of a file; the others share the vector of the most alike of these
_MOST_VALUES = 24_000_000  # samples of excerpts read from one file: 96 MB


def heard_for_all(shapes: Sequence[Floats]) -> tuple[list[int], tuple[int, ...]]:
    """Which takes of a file the networks hear, and for each take which of these stands for it.

    In a file of many takes, one that is nearly the same as another by its measured features is
    not heard again: footsteps of a long walk share a few vectors. Of 82 pairs from different
    ones of 960 recordings that were as near, 81 were of the same kind.

    Args:
        shapes: of every take, by `library.embedding.shape_of`.

    Returns:
        Indices of takes, and for each take an index into these.
    """
    if len(shapes) <= _ALWAYS_HEARD:
        return list(range(len(shapes))), tuple(range(len(shapes)))
    places = _known().deviations(np.stack(shapes))
    chosen, stands = [0], [0]
    for index in range(1, len(places)):
        away = np.sqrt(np.square(places[chosen] - places[index]).mean(axis=1))
        nearest = int(away.argmin())
        if away[nearest] > _NEARLY_THE_SAME and len(chosen) < _MOST_EMBEDDED:
            nearest = len(chosen)
            chosen.append(index)
        stands.append(nearest)
    return chosen, tuple(stands)


@lru_cache(maxsize=1)
def _known() -> Whitening:
    return load_projection().whitening


def excerpts_of(takes: Sequence[Take], ear: EarPass, sound: SoundReader) -> Iterator[Samples]:
    """The mono mix of each take, shape (n_samples, 1), as far as it is to be heard."""
    most = int(_MOST_VALUES / (max(1, len(takes)) * _EXCERPT_S * sound.sample_rate_hz))
    for take in takes:
        kept = ear.mono(take.start_samples, take.end_samples)
        if kept is not None:
            # A copy of what will be heard: the mix of the whole file need not wait for it.
            yield bounded_mono(kept[:, np.newaxis], sound.sample_rate_hz)[:, np.newaxis].copy()
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
