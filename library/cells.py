"""An inverted file: vectors sorted into cells, so that few are looked at to find the nearest. Pure.

Each vector is shortened to the directions in which the collection differs most, kept there as
8-bit codes, and put into the cell of the nearest centre. A question looks at the codes of the cells
whose centres are nearest to it; what looks near is compared in full by the caller, so that
codes only choose and never rank.

Source: Sivic and Zisserman, Video Google, 2003 (the inverted file); Jégou, Douze and Schmid,
Product Quantization for Nearest Neighbor Search, 2011, section IV (its use with codes and
re-ranking). Codes here are plain 8-bit numbers, for they are re-ranked.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from library.neighbours import Projection, Vectors, best, learn_projection

SHORT = 128  # numbers of a code
LEARNED_FROM = 32  # vectors a cell
_PASSES = 8  # of k-means; later ones move hardly anything
_AT_ONCE = 4_096  # codes made floats at a time: what a processor's cache holds
_LOOKED_AT = 0.15  # of all codes
_LOOKED_AT_LEAST = 30_000  # codes
_COMPARED_LEAST = 1_500  # of those that look nearest, in full


@dataclass(frozen=True)
class Cells:
    """Where vectors lie. Arrays may be mapped from a file."""

    projection: Projection  # (dimensions, short)
    steps: Vectors  # (short,): what one step of a code is worth
    centres: Vectors  # (cells, short)
    starts: NDArray[np.int64]  # (cells + 1,): where each cell's codes begin
    rows: NDArray[np.int32]  # (n,): which vector each code is of
    codes: NDArray[np.int8]  # (n, short), cell by cell

    def near(
        self, question: Vectors, limit: int, allowed: NDArray[np.bool_] | None = None
    ) -> NDArray[np.intp]:
        """Vectors among which the `limit` nearest to one are, as far as codes tell; in order.

        Args:
            allowed: (n,), whether each vector may be found; the fewer, the more cells are asked.
        """
        n = len(self.rows)
        wanted = max(_LOOKED_AT_LEAST, round(_LOOKED_AT * n), 8 * limit)
        if allowed is not None:
            share = np.count_nonzero(allowed) / max(n, 1)
            wanted = min(n, round(wanted / max(share, 1e-9)))
        short = self.projection.shorten(question[np.newaxis])[0]
        cells = np.argsort(-_nearness(short[np.newaxis], self.centres)[0])
        sizes = np.diff(self.starts)[cells]
        cells = cells[: int(np.searchsorted(np.cumsum(sizes), min(wanted, n))) + 1]
        # In the order of the file, and neighbours together.
        stretches = list(_joined(np.sort(cells).tolist(), self.starts.tolist()))
        if allowed is not None:
            places = np.concatenate([np.arange(*each, dtype=np.int32) for each in stretches])
            return self.near_of(question, limit, places[allowed[self.rows[places]]])
        looks = np.empty(sum(end - start for start, end in stretches), np.float32)
        rows = np.concatenate([self.rows[start:end] for start, end in stretches])
        at = 0
        for start, end in stretches:
            _products(self.codes[start:end], short * self.steps, looks[at : at + end - start])
            at += end - start
        chosen, _looks = best(looks, max(_COMPARED_LEAST, 4 * limit))
        return np.sort(rows[chosen]).astype(np.intp)

    def near_of(self, question: Vectors, limit: int, places: NDArray[np.int32]) -> NDArray[np.intp]:
        """As `near`, among the vectors whose codes lie at these places, and no others."""
        short = self.projection.shorten(question[np.newaxis])[0]
        looks = np.empty(places.size, np.float32)
        for at in range(0, places.size, _AT_ONCE):
            some = self.codes[places[at : at + _AT_ONCE]]
            _products(some, short * self.steps, looks[at : at + len(some)])
        chosen, _looks = best(looks, max(_COMPARED_LEAST, 4 * limit))
        return np.sort(self.rows[places[chosen]]).astype(np.intp)


def how_many(n: int) -> int:
    """Cells for n vectors: the root of them, for then both looks cost about the same."""
    return max(1, min(4_096, math.isqrt(n)))


def learn(sample: Vectors, cells: int) -> tuple[Projection, Vectors, Vectors]:
    """(projection, steps, centres) from some of the vectors, the same each time.

    Args:
        sample: at best LEARNED_FROM vectors a cell; where it has fewer vectors than `cells`, it
            has fewer centres.
    """
    projection = learn_projection(sample[:20_000], min(SHORT, sample.shape[1]))
    short = projection.shorten(sample)
    largest = np.abs(short).max(axis=0, initial=0.0)
    steps = np.maximum(largest, 1e-6) / np.float32(127.0)
    random = np.random.default_rng(1)
    centres = short[random.permutation(len(short))[:cells]]
    for _ in range(_PASSES):
        nearest = cells_of(short, centres)
        order = np.argsort(nearest, kind="stable")
        ends = np.cumsum(np.bincount(nearest, minlength=len(centres)))
        starts = np.concatenate([[0], ends[:-1]])
        filled = ends > starts
        sums = np.add.reduceat(short[order], starts[filled], axis=0)
        centres = centres.copy()
        centres[filled] = sums / (ends - starts)[filled, np.newaxis]
    return projection, steps.astype(np.float32), centres.astype(np.float32)


def cells_of(short: Vectors, centres: Vectors) -> NDArray[np.int32]:
    """The nearest centre of each shortened vector."""
    found = np.empty(len(short), np.int32)
    for at in range(0, len(short), _AT_ONCE):
        some = short[at : at + _AT_ONCE]
        found[at : at + _AT_ONCE] = _nearness(some, centres).argmax(axis=1)
    return found


def codes_of(short: Vectors, steps: Vectors) -> NDArray[np.int8]:
    """Shortened vectors in whole steps; what lies beyond 127 of them is cut there."""
    codes: NDArray[np.int8] = np.clip(np.rint(short / steps), -127, 127).astype(np.int8)
    return codes


def _nearness(short: Vectors, centres: Vectors) -> Vectors:
    """Higher where nearer: half the squared distance, turned round, less what all share."""
    nearness: Vectors = short @ centres.T - 0.5 * np.einsum("cd,cd->c", centres, centres)
    return nearness


def _joined(cells: list[int], starts: list[int]) -> Iterator[tuple[int, int]]:
    """The stretches of cells in rising order, those that touch made one."""
    start = end = 0
    for cell in cells:
        if starts[cell] != end:
            if end > start:
                yield start, end
            start = starts[cell]
        end = starts[cell + 1]
    if end > start:
        yield start, end


def _products(codes: NDArray[np.int8], weights: Vectors, into: Vectors) -> None:
    floats = np.empty((min(_AT_ONCE, len(codes)), codes.shape[1]), np.float32)
    for at in range(0, len(codes), _AT_ONCE):
        some = codes[at : at + _AT_ONCE]
        np.copyto(floats[: len(some)], some)
        np.dot(floats[: len(some)], weights, out=into[at : at + len(some)])
