"""What of a file the networks hear: each take, pieces of long ones, of many those that differ."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
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
_HEARD_A_MINUTE = 16  # takes of a file, beside those; the others share the most alike one's vector
_MOST_HEARD = 256  # takes of a file
_ALONE_S = 5.0  # a file up to so long that has one take is heard whole in its place
_AROUND_S = 19.0  # one that has several, beside them; longer ones hold more than one kind of sound
_MOST_VALUES = 24_000_000  # samples of excerpts read from one file: 96 MB


def heard_for_all(shapes: Sequence[Floats], duration_s: float) -> tuple[list[int], tuple[int, ...]]:
    """Which takes of a file the networks hear, and for each take which of these stands for it.

    In a file of many takes, one that is nearly the same as another by its measured features is
    not heard again: footsteps of a long walk share a few vectors. Of 82 pairs from different
    ones of 960 recordings that were as near, 81 were of the same kind. The take that is least
    like those chosen is chosen next, until all are near one or as many are heard as the file's
    length allows (T. F. Gonzalez, "Clustering to minimize the maximum intercluster distance",
    1985). Where half of a file of three kinds was heard, 0.86 of the rest got one of their kind.

    Args:
        shapes: of every take, by `library.embedding.shape_of`.
        duration_s: of the file.

    Returns:
        Indices of takes, rising, and for each take an index into these.
    """
    if len(shapes) <= _ALWAYS_HEARD:
        return list(range(len(shapes))), tuple(range(len(shapes)))
    places = _known().deviations(np.stack(shapes))
    most = min(_MOST_HEARD, _ALWAYS_HEARD + int(_HEARD_A_MINUTE * duration_s / 60))
    chosen = [0]
    apart = _apart(places, 0)
    stands = np.zeros(len(places), int)
    while len(chosen) < most and apart.max() > _NEARLY_THE_SAME:
        chosen.append(int(apart.argmax()))
        from_it = _apart(places, chosen[-1])
        stands[from_it < apart] = len(chosen) - 1
        apart = np.minimum(apart, from_it)
    order = np.argsort(chosen)
    return [chosen[at] for at in order], tuple(np.argsort(order)[stands].tolist())


def _apart(places: Floats, index: int) -> Floats:
    """Of all takes from one of them, in deviations, shape (takes,)."""
    away: Floats = np.sqrt(np.square(places - places[index]).mean(axis=1))
    return away


@lru_cache(maxsize=1)
def _known() -> Whitening:
    return load_projection().whitening


def to_hear(takes: Sequence[Take], duration_samples: int, sample_rate_hz: int) -> Sequence[Take]:
    """The takes with the edges between which the networks hear them.

    A take ends where it has died away and begins at its attack; what a short file holds around
    its only take tells the kind of sound as well, so it is heard from end to end.
    """
    if len(takes) != 1 or duration_samples > _ALONE_S * sample_rate_hz:
        return takes
    return [replace(takes[0], start_samples=0, end_samples=duration_samples)]


def whole_beside(takes: Sequence[Take], ear: EarPass) -> Samples | None:
    """The mono mix of a short file with several takes, (n_samples, 1), to be heard beside them."""
    if len(takes) < 2 or ear.duration_samples > _AROUND_S * ear.sample_rate_hz:
        return None
    kept = ear.mono(0, ear.duration_samples)
    return None if kept is None else kept[:, np.newaxis].copy()


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
