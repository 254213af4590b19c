"""The takes that are alike in chosen aspects (library.aspects), out of the catalogue.

In a library of up to _COMPARED_WHOLE takes, and of any number where timbre does not count, each is
compared in every aspect. Of more, the _SHORTLIST nearest by their whole vectors are.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from db import takes
from library.among import Among, may_answer, nearest_among
from library.aspects import FEATURES, Floats, Sounds, likeness, middle_of
from library.neighbours import Vectors, best
from library.vector_index import VectorIndex

_COMPARED_WHOLE = 20_000  # takes
_SHORTLIST = 4_000  # takes
_AT_ONCE = 50_000  # takes, so that memory stays bounded
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
    if weights["timbre"] and index.size() > _COMPARED_WHOLE:
        rows, _cosines = nearest_among(index, question, max(_SHORTLIST, limit), among)
        rows = np.sort(rows)
    else:
        rows = np.flatnonzero(may_answer(index, among))
    asked, unwanted = (
        [Sounds(vector[np.newaxis], features) for vector, features in group]
        for group in (examples, others)
    )
    scores: list[Floats] = []
    parts: list[dict[str, Floats]] = []
    features = _features(connection, index, rows)
    for start in range(0, rows.size, _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        found = Sounds(index.at(some), features[start : start + _AT_ONCE])
        together, by_aspect = likeness(asked, unwanted, found, weights)
        scores.append(together)
        parts.append(by_aspect)
    if not scores:
        return AlikeTakes(rows, np.zeros(0, np.float32), {})
    order, first = best(np.concatenate(scores), limit)
    whole = {aspect: np.concatenate([part[aspect] for part in parts])[order] for aspect in parts[0]}
    return AlikeTakes(rows[order], first, whole)


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


def _features(connection: sqlite3.Connection, index: VectorIndex, rows: NDArray[np.intp]) -> Floats:
    take_ids, _asset_ids = index.ids_at(rows)
    found = np.full((rows.size, len(FEATURES)), np.nan, np.float32)
    order = np.argsort(take_ids, kind="stable")
    for ids, numbers in takes.numbers(connection, FEATURES, take_ids[order].tolist()):
        at = np.searchsorted(take_ids[order], np.array(ids, np.int64))
        found[order[at]] = np.array(numbers, np.float32)
    return found
