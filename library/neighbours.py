"""Which vectors are nearest to one, exactly; library.cells says which are worth comparing. Pure.

Vectors are rows of unit length, so that a product is the cosine: 1 alike, 0 unrelated.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
SHORT_DIMENSIONS = 64
_MIXED = 5
_OF_MIXED = 0.35  # of the finer likeness; the rest is the plain cosine, which knows the first best
_OF_QUESTION = 0.5  # a question is mixed by half as much: it is what was asked
# An outsider to a candidate lies so much farther from the question than the candidate itself.
_FARTHER = 0.02
_OF_COUNT, _COUNTED = 0.05, 20  # taken away by the logarithm of how many outsiders it is nearer to
_OF_OUTSIDERS, _OUTSIDERS = 0.1, 5  # and of its likeness to the nearest of them
SAME = 0.95  # cosine: as good as the same sound


@dataclass(frozen=True)
class Projection:
    """The directions in which a collection differs most, to compare by fewer numbers."""

    axes: Vectors  # (dimensions, short)

    def shorten(self, vectors: NDArray[np.floating]) -> Vectors:
        """(n, dimensions) → (n, short); products keep most of their value."""
        return np.ascontiguousarray(vectors.astype(np.float32) @ self.axes, dtype=np.float32)


def learn_projection(sample: Vectors, short: int = SHORT_DIMENSIONS) -> Projection:
    """Principal directions (about the origin, for products are to be kept) of a sample."""
    _values, axes = np.linalg.eigh(sample.T.astype(np.float64) @ sample.astype(np.float64))
    return Projection(np.ascontiguousarray(axes[:, ::-1][:, :short], dtype=np.float32))


def nearest(
    question: Vectors, vectors: NDArray[np.floating], limit: int
) -> tuple[NDArray[np.intp], Vectors]:
    """Rows of `vectors` nearest to `question` (one vector), nearest first, and their cosines."""
    cosines = (vectors @ question).astype(np.float32)
    return best(cosines, limit)


def finer(question: Vectors, candidates: Vectors) -> Vectors:
    """Likeness of each candidate to a question, seen among its own kind; -1 to 1.

    Question and candidates are mixed with their five nearest candidates, weighted by likeness
    cubed: what stands alone between others says less than what they have in common. A third of
    the answer is what that says, the rest the plain cosine; less where a candidate is near to
    outsiders, which are farther from the question than it is, for some sounds lie near everything.
    Its own kind is as near to the question as it is, and costs it nothing. What is as good as the
    same sound keeps its cosine, and so comes first.
    """
    cosines = candidates @ question
    likeness = candidates @ candidates.T
    np.fill_diagonal(likeness, 0.0)
    take = min(_MIXED, len(candidates) - 1)
    if take < 1:
        return cosines
    near = np.argpartition(-likeness, take - 1, axis=1)[:, :take]
    weights = np.maximum(np.take_along_axis(likeness, near, axis=1), 0.0) ** 3
    mixed = candidates + np.einsum("nk,nkd->nd", weights, candidates[near])
    mixed /= np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9)
    own, _ = best(cosines, take)
    asked = question + _OF_QUESTION * (np.maximum(cosines[own], 0.0) ** 3 @ candidates[own])
    asked /= max(float(np.linalg.norm(asked)), 1e-9)
    seen = _OF_MIXED * (mixed @ asked) + (1.0 - _OF_MIXED) * cosines
    seen -= _near_outsiders(likeness, cosines)
    same = cosines >= SAME
    # Below the same sound, whatever the mixture says.
    return np.where(same, cosines, np.clip(seen, -1.0, SAME)).astype(np.float32)


def _near_outsiders(likeness: Vectors, cosines: Vectors) -> Vectors:
    """What is taken from each candidate for being near to what is farther from the question."""
    own = cosines[:, np.newaxis]
    to_outsiders = np.where(cosines < own - _FARTHER, np.maximum(likeness, 0.0), 0.0)
    count = np.count_nonzero(to_outsiders > np.maximum(own, 0.0), axis=1)
    first = max(len(own) - _OUTSIDERS, 0)
    nearest_of_them = np.partition(to_outsiders, first, axis=1)[:, first:]
    taken: Vectors = _OF_COUNT * np.log1p(
        np.minimum(count, _COUNTED), dtype=np.float32
    ) + np.float32(_OF_OUTSIDERS / _OUTSIDERS) * nearest_of_them.sum(axis=1)
    return taken


def best(scores: Vectors, limit: int) -> tuple[NDArray[np.intp], Vectors]:
    """The places of the `limit` highest scores, highest first; equals in their own order."""
    if limit < scores.size:
        chosen = np.argpartition(scores, scores.size - limit)[scores.size - limit :]
    else:
        chosen = np.arange(scores.size)
    chosen = chosen[np.lexsort((chosen, -scores[chosen]))]
    return chosen, scores[chosen]
