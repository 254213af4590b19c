"""Sounds that nobody named, ranked by what the networks heard in them. Pure.

Three witnesses, each in standard deviations: AudioSet's classes, learned kinds, and likeness to
what the first two agree on. Their sum is then shared between sounds that lie close together.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from library.ear_words import Weights

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]
VectorsAt = Callable[[Rows], Floats]  # rows → their vectors of unit length
Nearest = Callable[[Floats, int], Rows]  # (direction, limit) → rows of the vectors nearest to it

_LOOK = 300  # rows that each witness may name
_AGREED = 10  # of the best, taken together, say what is meant
_LIKENESS_SPREAD = 0.13  # of the cosine of two sounds taken at random
_NEIGHBOURS = 5
STEPS = 255  # a score is kept as its root in so many steps


@dataclass(frozen=True)
class Witness:
    """What learned kinds say: the rows that they name, and how strongly of any rows."""

    rows: Rows
    strength_of: Callable[[Rows], Floats]


def witness(direction: Floats, vectors_at: VectorsAt, nearest: Nearest) -> Witness:
    """The witness of a direction of library.ear_kinds."""

    def strength_of(rows: Rows) -> Floats:
        strength: Floats = vectors_at(rows) @ direction
        return strength

    return Witness(nearest(direction, _LOOK), strength_of)


def best_by_ear(
    classes: Weights,
    kinds: Witness | None,
    scores_of: Callable[[int], NDArray[np.uint8]],
    vectors_at: VectorsAt,
    nearest: Nearest,
    among: NDArray[np.bool_] | None = None,
) -> tuple[Rows, Floats]:
    """Rows that may be meant, best first, and how strongly each speaks (0 is as any sound).

    Args:
        classes: how much each of AudioSet's is asked for, as library.ear_words has it.
        scores_of: of a class, the root of YAMNet's score for every take, in 1/255.
        among: for every take whether it may answer; `nearest` and `kinds` name no other.
    """
    n = scores_of(0).size
    if not n or not (classes.any() or kinds):
        return np.zeros(0, np.intp), np.zeros(0, np.float32)
    said = np.zeros(n, np.float32)
    for number in np.flatnonzero(classes):
        said += classes[number] * scores_of(int(number))
    said = (said - said.mean()) / (said.std() + 1e-6)
    if among is not None:
        said[~among] = -np.inf
    rows = _highest(said, _LOOK)
    rows = rows[np.isfinite(said[rows])]
    if kinds is not None:
        rows = np.union1d(rows, kinds.rows)
    strength = _first_strength(kinds, said, rows)
    agreed = _highest(strength, _AGREED)
    weights = np.maximum(strength[agreed], 0.0) + 1e-6
    middle = (weights @ vectors_at(rows[agreed])).astype(np.float32)
    middle /= np.linalg.norm(middle) + 1e-9
    rows = np.union1d(rows, nearest(middle, _LOOK))
    of_rows = vectors_at(rows)
    strength = _first_strength(kinds, said, rows)
    strength = 0.5 * strength + 0.5 * (of_rows @ middle) / _LIKENESS_SPREAD
    strength = shared_out(strength, of_rows)
    order = np.lexsort((rows, -strength))
    return rows[order], strength[order]


def shared_out(strength: Floats, vectors: Floats) -> Floats:
    """Each strength mixed with those of the five nearest, weighted by likeness cubed."""
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, 0.0)
    take = min(_NEIGHBOURS, len(vectors) - 1)
    if take < 1:
        return strength
    near = np.argpartition(-likeness, take - 1, axis=1)[:, :take]
    weights = np.maximum(np.take_along_axis(likeness, near, axis=1), 0.0) ** 3
    mixed: Floats = (strength + (weights * strength[near]).sum(1)) / (1.0 + weights.sum(1))
    return mixed


def _first_strength(kinds: Witness | None, said: Floats, rows: Rows) -> Floats:
    strength: Floats = said[rows]
    return strength if kinds is None else strength + kinds.strength_of(rows)


def _highest(values: Floats, limit: int) -> Rows:
    if limit < values.size:
        chosen = np.argpartition(values, values.size - limit)[values.size - limit :]
    else:
        chosen = np.arange(values.size)
    return chosen[np.lexsort((chosen, -values[chosen]))]
