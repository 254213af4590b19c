"""Which sounds likeness may answer with, where words and filters are asked as well.

Words are quick to tell for all sounds at once, in the word index; filters are not, for each sound
is looked up. So words say beforehand who may answer, and filters are asked of the nearest, unless
few of these meet them: then it is quicker to tell all that do.
"""

import sqlite3
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db import assets, find
from db.conditions import Condition
from library import match
from library.by_words import reading_for
from library.common_words import COUNTED_MOST
from library.neighbours import Vectors
from library.query import Query
from library.vector_index import VectorIndex

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
    only: Ids | None  # these assets; None: any
    without: Ids | None  # but not these
    filters: "Filters | None" = None


@dataclass(frozen=True)
class Filters:
    """What is still to be asked of those that are near."""

    connection: sqlite3.Connection
    match: str | None
    but: str | None
    conditions: tuple[Condition, ...]

    def met_by(self, asset_ids: Ids) -> Ids:
        """Those of a few assets that meet the conditions."""
        met = find.meeting(self.connection, asset_ids.tolist(), self.conditions)
        return np.array(met, np.int64)

    def all(self) -> Ids:
        """All assets that meet them, and the words."""
        return read_ids(find.ids_as_text(self.connection, self.match, self.but, self.conditions))


def among(connection: sqlite3.Connection, asked: Query, wanted: int) -> Among:
    """Who may answer, by the strictest reading that finds `wanted`."""
    but, conditions = match.excluded(asked), asked.conditions
    tier = reading_for(connection, asked, wanted)
    only: Ids | None = None
    without: Ids | None = None
    if not conditions:
        if tier.match is None:
            without = read_ids(find.ids_as_text(connection, but, None, ()))
            return Among(tier, assets.count(connection) - without.size, False, None, without)
        only = read_ids(find.ids_as_text(connection, tier.match, but, ()))
        return Among(tier, only.size, False, only, None)
    if find.few_meet(connection, conditions):
        only = read_ids(
            find.ids_as_text(connection, tier.match, but, conditions, few=tier.match is not None)
        )
        return Among(tier, only.size, False, only, None)
    most = COUNTED_MOST
    total = find.count(connection, tier.match, but, conditions, most)
    filters = Filters(connection, tier.match, but, conditions)
    if total < most:
        only = filters.all()
        return Among(tier, only.size, False, only, None)
    if tier.match is not None:
        only = read_ids(find.ids_as_text(connection, tier.match, but, ()))
    elif but is not None:
        without = read_ids(find.ids_as_text(connection, but, None, ()))
    return Among(tier, total, True, only, without, filters)


def nearest_among(
    index: VectorIndex, question: Vectors, limit: int, may: Among | None
) -> tuple[NDArray[np.intp], Vectors]:
    """The `limit` takes nearest to a vector of those that may answer: places and cosines."""
    if may is None:
        return index.nearest_rows(question, limit)
    if may.filters is None:
        return index.nearest_rows(question, limit, may.only, may.without)
    reach = max(_ASKED_FIRST, 2 * limit)
    while True:
        rows, cosines = index.nearest_rows(question, reach, may.only, may.without)
        asset_ids = index.ids_at(rows)[1]
        kept = np.isin(asset_ids, may.filters.met_by(np.unique(asset_ids)))
        if np.count_nonzero(kept) >= limit or rows.size < reach:
            return rows[kept][:limit], cosines[kept][:limit]
        if reach >= _ASKED_MOST and kept.mean() < _SHARE:
            return index.nearest_rows(question, limit, may.filters.all())
        reach *= 4


def may_answer(index: VectorIndex, may: Among | None) -> NDArray[np.bool_]:
    """Whether each take may answer, told for all."""
    if may is None:
        return np.ones(index.size(), np.bool_)
    if may.filters is not None:
        return index.of_assets(may.filters.all())
    if may.only is not None:
        return index.of_assets(may.only)
    assert may.without is not None
    return ~index.of_assets(may.without)


def read_ids(text: str) -> Ids:
    """Numbers with commas between.

    >>> read_ids("3,4503599627370495").tolist(), read_ids("").tolist()
    ([3, 4503599627370495], [])
    """
    return np.fromstring(text, np.int64, sep=",") if text else np.zeros(0, np.int64)
