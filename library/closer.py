"""The takes nearest to a question compared once more: among each other, and by their names."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from db import assets
from library.name_votes import Named, Votes, named, nearest_few
from library.neighbours import Vectors, finer
from library.vector_index import VectorIndex

LOOK_CLOSER = 200  # takes that are compared once more
_LEAST = 50  # in a smaller library the nearest are not of one kind


@dataclass(frozen=True)
class Ranked:
    """Takes as they answer, the best first."""

    rows: NDArray[np.intp]  # of the vector index
    scores: Vectors  # which rank
    sounds: Vectors  # the same without what names say
    by_aspect: Mapping[str, Vectors] = field(default_factory=dict)
    votes: Votes | None = None  # what names say


def closer(
    connection: sqlite3.Connection,
    index: VectorIndex,
    question: Vectors,
    rows: NDArray[np.intp],
    cosines: Vectors,
    *,
    names: bool,
) -> Ranked:
    """The first rows put in order by `library.neighbours.finer` and by names; below them the rest.

    What is as good as the same sound comes first, whatever it is called.

    Args:
        rows, cosines: the nearest, nearest first, without the examples.
        names: let them speak, by `library.name_votes`.
    """
    first = rows[:LOOK_CLOSER]
    if first.size < _LEAST:
        return Ranked(rows, cosines, cosines)
    seen = finer(question, index.at(first))
    scores, votes = seen, None
    if names:
        files = index.ids_at(first)[1].tolist()
        near = assets.names(connection, list(nearest_few(seen, files)))
        called = {row["id"]: named_of_row(row) for row in near}
        votes = Votes(seen, [called.get(file) for file in files])
        scores = votes.lifted()
    order = np.lexsort((-seen, -scores))
    below = cosines[LOOK_CLOSER:]
    return Ranked(
        np.concatenate([first[order], rows[LOOK_CLOSER:]]),
        np.concatenate([scores[order], np.minimum(below, scores.min())]),
        np.concatenate([seen[order], np.minimum(below, seen.min())]),
        votes=votes,
    )


def named_of_row(row: sqlite3.Row) -> Named:
    """What an asset is called; a row of `db.assets`."""
    folder = f"{row['root']}/{row['path']}".rpartition("/")[0]
    return named(row["fx_name"], folder, row["cat_id"], row["category"])
