"""The takes that are alike in chosen aspects (library.aspects), out of the catalogue.

In a library of up to _COMPARED_WHOLE takes, and of any number where timbre does not count, each is
compared in every aspect. Of more, the _SHORTLIST nearest by their whole vectors are. The last
question's work is kept, for while a dial is turned only the weights change.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from db.connect import state_seen
from library.among import Among, may_answer, nearest_among
from library.aspects import (
    FEATURES,
    Floats,
    Sounds,
    compared_in,
    likenesses,
    middle_of,
    together,
)
from library.measured import Measured
from library.neighbours import Vectors, best
from library.vector_index import VectorIndex

_COMPARED_WHOLE = 20_000  # takes
_SHORTLIST = 4_000  # takes
_AT_ONCE = 16_384  # takes: their features stay in a processor's cache
_READ_S = 2.0  # of a file from outside


@dataclass(frozen=True)
class AlikeTakes:
    """Takes, best first."""

    rows: NDArray[np.intp]  # places in the vector index
    scores: Vectors
    by_aspect: dict[str, Vectors]


def nearest_by_aspects(
    connection: sqlite3.Connection,
    index: VectorIndex,
    question: Vectors,
    examples: Sequence[tuple[Vectors, Floats]],
    others: Sequence[tuple[Vectors, Floats]],
    weights: Mapping[str, float],
    limit: int,
    among: Among | None,
) -> AlikeTakes:
    """The `limit` takes that are most alike.

    Args:
        question: one vector, by which a shortlist is made.
        examples: vector and features (1, len(FEATURES)) of each; `others` are unwanted.
        weights: as library.aspects.weights_of gives them.
        among: who may answer; None is all.
    """
    short = weights["timbre"] > 0 and index.size() > _COMPARED_WHOLE
    shortlist = max(_SHORTLIST, limit) if short else None
    rows = _chosen(connection, index, question, shortlist, among)
    aspects = [aspect for aspect, weight in weights.items() if weight]
    measured = Measured(connection, index)
    by_aspect = _compared(measured, index, rows, (examples, others), aspects)
    order, scores = best(together(by_aspect, weights), limit)
    first = {aspect: seen[order] for aspect, seen in by_aspect.items()}
    return AlikeTakes(rows[order], scores, first)


def features_of_takes(rows: Sequence[Mapping[str, float | None]]) -> Floats:
    """The features that aspects compare, (n, len(FEATURES)), of rows or dicts that have them."""
    values = [[row[name] for name in FEATURES] for row in rows]
    return np.array(values, np.float32).reshape(len(rows), len(FEATURES))


def features_of_file(path: Path, stretch_s: tuple[float, float] | None) -> Floats:
    """The same of a sound that is not in the library: of its takes' middle, or of a stretch."""
    from audio.files import open_sound
    from library.ear import EarPass
    from library.takes import TakeFinder

    with open_sound(path) as sound:
        rate_hz = sound.sample_rate_hz
        edges = (0.0, sound.duration_samples / rate_hz) if stretch_s is None else stretch_s
        start, end = (round(edge * rate_hz) for edge in edges)
        ear = EarPass(rate_hz, sound.channels, keep_s=0)
        finder = TakeFinder(rate_hz, sound.channels)
        step = round(_READ_S * rate_hz)
        heard = 0
        for at in range(start, end, step):
            block = sound.read(at, min(step, end - at))
            ear.add(block)
            finder.add(block)
            heard += len(block)
        takes_within = [(0, heard)]
        if stretch_s is None:
            takes_within = [(take.start_samples, take.end_samples) for take in finder.finish(())]
        found = features_of_takes(ear.features(takes_within))
    return middle_of(found, [end - start for start, end in takes_within])


@dataclass(frozen=True)
class _Choice:
    """Whom the last question compared."""

    index: VectorIndex
    question: bytes
    shortlist: int | None
    among: Among | None
    state: tuple[int, int]  # of the catalogue, as the connection of `among.filters` saw it
    rows: NDArray[np.intp]


@dataclass(frozen=True)
class _Comparison:
    """What it found."""

    index: VectorIndex
    times_measured_anew: str
    sounds: list[list[bytes]]
    rows: NDArray[np.intp]
    by_aspect: dict[str, Floats]  # each of the size of `rows`


_last_choice: _Choice | None = None
_last_comparison: _Comparison | None = None


def _chosen(
    connection: sqlite3.Connection,
    index: VectorIndex,
    question: Vectors,
    shortlist: int | None,
    among: Among | None,
) -> NDArray[np.intp]:
    """The places of the takes that are compared, in rising order.

    Args:
        shortlist: so many, the nearest; None is all that may answer.
    """
    global _last_choice
    last, state = _last_choice, state_seen(connection)
    if (
        last is not None
        and last.index is index
        and last.shortlist == shortlist
        and (shortlist is None or last.question == question.tobytes())
        and _are_the_same(last.among, among)
        and (among is None or among.filters is None or last.state == state)
    ):
        return last.rows
    if shortlist is None:
        rows = np.flatnonzero(may_answer(index, among))
    else:
        rows = np.sort(nearest_among(index, question, shortlist, among)[0])
    _last_choice = _Choice(index, question.tobytes(), shortlist, among, state, rows)
    return rows


def _are_the_same(one: Among | None, other: Among | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.only is None or other.only is None:
        return one.filters == other.filters and one.only is other.only
    return one.filters == other.filters and np.array_equal(one.only, other.only)


def _compared(
    measured: Measured,
    index: VectorIndex,
    rows: NDArray[np.intp],
    groups: Sequence[Sequence[tuple[Vectors, Floats]]],
    aspects: Sequence[str],
) -> dict[str, Floats]:
    """Likeness of the takes at `rows`, in rising order, in each of these aspects."""
    global _last_comparison
    sounds = [[vector.tobytes() + known.tobytes() for vector, known in group] for group in groups]
    known: dict[str, Floats] = {}
    last = _last_comparison
    if (
        last is not None
        and last.index is index
        and last.times_measured_anew == measured.times_measured_anew
        and last.sounds == sounds
        and (last.rows is rows or np.array_equal(last.rows, rows))
    ):
        known = last.by_aspect
    missing = [aspect for aspect in aspects if aspect not in known]
    if missing:
        found = {aspect: np.empty(rows.size, np.float32) for aspect in missing}
        asked, unwanted = (
            [Sounds(vector[np.newaxis], features) for vector, features in group] for group in groups
        )
        columns = sorted({column for aspect in missing for column in compared_in(aspect)})
        for start in range(0, rows.size, _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            vectors = index.at(some) if "timbre" in missing else None
            takes_here = Sounds(vectors, measured.at(some, columns))
            for aspect, seen in likenesses(asked, unwanted, takes_here, missing).items():
                found[aspect][start : start + some.size] = seen
        known = known | found
        _last_comparison = _Comparison(index, measured.times_measured_anew, sounds, rows, known)
    return {aspect: known[aspect] for aspect in aspects}
