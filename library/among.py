"""Which sounds likeness may answer with, where words and filters are asked as well.

Words, and what columns tell (library.asset_columns), are quick to tell for all sounds at once.
Other filters are not, for each sound is looked up: they are asked of the nearest, unless few
of these meet them: then it is quicker to tell all that do.
"""

import sqlite3
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db import assets, find
from db.conditions import Condition
from library import match
from library.by_words import readings
from library.common_words import COUNTED_MOST, by_columns
from library.neighbours import Vectors
from library.query import Query
from library.vector_index import VectorIndex
from library.word_index import open_words
from library.word_rank import assets_matching

Ids = NDArray[np.int64]

_ASKED_FIRST = 1_000  # takes
_ASKED_MOST = 4_000  # takes, of which fewer than _SHARE meet the filters
_SHARE = 0.05


@dataclass(frozen=True)
class Among:
    """Who may answer: the words' part told, the filters' part still to be asked."""

    tier: match.Tier  # the reading that was chosen
    total: int
    at_least: bool
    only: Ids | None  # these assets, in rising order; None: any
    filters: "Filters | None" = None


@dataclass(frozen=True)
class Filters:
    """What is still to be asked of those that are near."""

    connection: sqlite3.Connection
    conditions: tuple[Condition, ...]

    def met_by(self, asset_ids: Ids) -> Ids:
        """Those of a few assets that meet the conditions."""
        met = find.meeting(self.connection, asset_ids.tolist(), self.conditions)
        return np.array(met, np.int64)

    def all(self) -> Ids:
        """All assets that meet them."""
        return np.array(find.ids(self.connection, None, None, self.conditions), np.int64)


def among(connection: sqlite3.Connection, asked: Query, wanted: int) -> Among:
    """Who may answer, by the strictest reading that finds `wanted`."""
    told, others = by_columns(asked.conditions)
    index, without = open_words(connection), match.excluded_each(asked)
    few = Filters(connection, others).all() if find.few_meet(connection, others) else None
    but, total, at_least = match.excluded(asked), 0, False
    last = match.strict(asked)
    only: Ids | None = None
    for last in readings(connection, asked):
        only = None
        if last.groups or without or told:
            only = assets_matching(connection, index, last.groups, without, told)
        if few is not None:
            only = few if only is None else np.intersect1d(few, only)
        total = assets.count(connection) if only is None else only.size
        if others and few is None:
            total = find.count(connection, last.match, but, asked.conditions, COUNTED_MOST)
            at_least = total >= COUNTED_MOST
        if total >= wanted:
            break
    if not others or few is not None:
        return Among(last, total, False, only)
    if not at_least:
        only = np.array(find.ids(connection, last.match, but, asked.conditions), np.int64)
        return Among(last, total, False, np.sort(only))
    return Among(last, total, True, only, Filters(connection, others))


def nearest_among(
    index: VectorIndex, question: Vectors, limit: int, may: Among | None
) -> tuple[NDArray[np.intp], Vectors]:
    """The `limit` takes nearest to a vector of those that may answer: places and cosines."""
    if may is None:
        return index.nearest_rows(question, limit)
    if may.filters is None:
        return index.nearest_rows(question, limit, may.only)
    reach = max(_ASKED_FIRST, 2 * limit)
    while True:
        rows, cosines = index.nearest_rows(question, reach, may.only)
        asset_ids = index.ids_at(rows)[1]
        kept = np.isin(asset_ids, may.filters.met_by(np.unique(asset_ids)))
        if np.count_nonzero(kept) >= limit or rows.size < reach:
            return rows[kept][:limit], cosines[kept][:limit]
        if reach >= _ASKED_MOST and kept.mean() < _SHARE:
            return index.nearest_rows(question, limit, _only(may))
        reach *= 4


def may_answer(index: VectorIndex, may: Among | None) -> NDArray[np.bool_]:
    """Whether each take may answer, told for all."""
    if may is None:
        return np.ones(index.size(), np.bool_)
    only = _only(may)
    return np.ones(index.size(), np.bool_) if only is None else index.of_assets(only)


def _only(may: Among) -> Ids | None:
    """All that may answer; None is any."""
    if may.filters is None:
        return may.only
    met = np.sort(may.filters.all())
    return met if may.only is None else np.intersect1d(met, may.only)
