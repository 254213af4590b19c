"""Which files have takes that lie near each other: the nearest few of each take, out of its cells.

To compare every take with every other costs the square of their number. So a take is compared
with those in the cells around its own, by their codes; what looks near is compared in full. Of
two takes either may find the other.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from library.neighbours import Vectors
from library.parallel import default_workers
from library.vector_file import VectorFile
from library.vector_index import VectorIndex

AT_LEAST = 0.5  # cosine of two takes that may be of one recording
MOST = 8  # takes of other files that are near to one
_LOOKED_AT = 48  # cells around a take's own
_COMPARED = 24  # of those that look nearest, in full
_LOST = 0.1  # of a cosine, at most, in its code
_ROWS_AT_ONCE = 256
_STRIP = 64

Pairs = NDArray[np.int64]  # (n, 2): asset ids


def near_assets(
    index: VectorIndex, progress: Callable[[int, int], None] = lambda done, total: None
) -> Iterator[Pairs]:
    """Pairs of files of which some takes are near each other; those near together come together.

    A pair may come more than once, either way round. About 100 MB are needed for each processor.

    Args:
        progress: told how many takes of how many are done.
    """
    done, total = 0, index.size()
    for taken, pairs in _each(index):
        done += taken
        progress(done, total)
        yield pairs


def _each(index: VectorIndex) -> Iterator[tuple[int, Pairs]]:
    """(takes that are done, their pairs)."""
    if index.file is None:
        n, vectors = len(index.vectors), index.vectors.astype(np.float32)
        every = np.arange(n)
        for start in range(0, n, _ROWS_AT_ONCE):
            some = every[start : start + _ROWS_AT_ONCE]
            yield some.size, _pairs(index, vectors[some], some, vectors, every)
        return
    file = index.file
    with ThreadPoolExecutor(default_workers()) as threads:
        yield from threads.map(lambda cell: _of_cell(index, file, cell), _walk(file.cells.centres))
    if index.tail is not None:
        for at, vector in enumerate(index.tail.vectors):
            rows, cosines = index.nearest_rows(vector, _COMPARED)
            others = index.ids_at(rows[cosines >= AT_LEAST])[1]
            own = index.tail.asset_ids[at]
            others = others[others != own][:MOST]
            yield 1, np.stack([np.full_like(others, own), others], axis=1)


def _walk(centres: Vectors) -> list[int]:
    """Every cell once, each near the one before where that can be: neighbours share files."""
    products, own = centres @ centres.T, np.einsum("cd,cd->c", centres, centres)
    away = own - 2.0 * products  # squared distance, less what a row has in common
    here, order = 0, []
    for _ in range(len(centres)):
        order.append(here)
        away[:, here] = np.inf
        here = int(away[here].argmin())
    return order


def _of_cell(index: VectorIndex, file: VectorFile, cell: int) -> tuple[int, Pairs]:
    cells = file.cells
    away = np.einsum("cd,cd->c", cells.centres, cells.centres)
    around = np.argsort(away - 2.0 * (cells.centres @ cells.centres[cell]))[:_LOOKED_AT]
    places = np.concatenate([np.arange(cells.starts[c], cells.starts[c + 1]) for c in around])
    codes, rows = cells.codes[places].astype(np.float32), cells.rows[places].astype(np.intp)
    own = np.arange(cells.starts[cell], cells.starts[cell + 1])
    found = [np.zeros((0, 2), np.int64)]
    for start in range(0, own.size, _ROWS_AT_ONCE):
        some = own[start : start + _ROWS_AT_ONCE]
        asked = cells.codes[some] * cells.steps**2
        found.append(_pairs(index, asked, cells.rows[some].astype(np.intp), codes, rows))
    return own.size, np.concatenate(found)


def _pairs(
    index: VectorIndex,
    asked: Vectors,
    asked_rows: NDArray[np.intp],
    others: Vectors,
    rows: NDArray[np.intp],
) -> Pairs:
    """The files of these takes with those of the nearest among others.

    Args:
        asked, others: vectors or codes, of which the products are about the cosines.
        asked_rows, rows: which takes they are.
    """
    width = -(-rows.size // _STRIP) * _STRIP
    looks = np.full((len(asked), width), -1.0, np.float32)
    np.matmul(asked, others.T, out=looks[:, : rows.size])
    mine, theirs = index.asset_ids[asked_rows], index.asset_ids[rows]
    looks[_same_asset(mine, theirs)] = -1.0
    which, place = _highest(looks)
    cosines = np.empty(which.size, np.float32)
    vectors = index.vectors
    for at in range(0, which.size, 4_096):
        some = slice(at, at + 4_096)
        ours = vectors[asked_rows[which[some]]].astype(np.float32)
        cosines[some] = np.einsum("nd,nd->n", ours, vectors[rows[place[some]]].astype(np.float32))
    order = np.lexsort((-cosines, which))
    which, place, cosines = which[order], place[order], cosines[order]
    rank = np.arange(which.size) - np.searchsorted(which, which)
    kept = (cosines >= AT_LEAST) & (rank < MOST)
    return np.stack([mine[which[kept]], theirs[place[kept]]], axis=1)


def _same_asset(
    mine: NDArray[np.int64], theirs: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where two takes are of one file: (row, column)."""
    order = np.argsort(theirs)
    first = np.searchsorted(theirs, mine, "left", order)
    counts = np.searchsorted(theirs, mine, "right", order) - first
    before = np.cumsum(counts) - counts
    places = np.arange(int(counts.sum())) + np.repeat(first - before, counts)
    return np.repeat(np.arange(mine.size), counts), order[places]


def _highest(looks: Vectors) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(row, column) of about the highest _COMPARED of each row that may be near enough."""
    least = np.full(len(looks), AT_LEAST - _LOST, np.float32)
    strips = looks.shape[1] // _STRIP
    if strips > _COMPARED:
        # So many strips have something as high: no other of the highest can lie lower.
        tops = looks.reshape(len(looks), strips, _STRIP).max(axis=2)
        least = np.maximum(least, np.partition(tops, -_COMPARED, axis=1)[:, -_COMPARED])
    near = looks >= least[:, np.newaxis]
    for row in np.flatnonzero(np.count_nonzero(near, axis=1) > 2 * _COMPARED):
        near[row] = False
        near[row, np.argpartition(looks[row], -_COMPARED)[-_COMPARED:]] = True
    which, place = np.nonzero(near)
    return which, place
