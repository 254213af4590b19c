"""The best of thousands of sounds that words match, ranked whole out of arrays."""

import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from db import find
from db.columns import column_of
from db.conditions import Condition
from library import match, word_places, word_rank
from library.query import Query
from library.word_index import open_words
from library.word_places import has_phrase
from library.word_rank import Ranked, matches

COUNTED_MOST = 2_500  # sounds that meet filters which are looked up one by one
_SCORED_FIRST = 50  # sounds with phrases
_READ_FIRST = 500  # sounds whose filters are looked up at once

Best = list[tuple[int, float]]  # row of the word index, BM25; best first


def at_most(connection: sqlite3.Connection, tier: match.Tier) -> int:
    """More sounds than this do not match."""
    return word_places.at_most(open_words(connection), tier.groups)


def by_columns(
    conditions: Sequence[Condition],
) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """Those that library.asset_columns tells, and the others."""
    told = tuple(c for c in conditions if column_of(c.field))
    if not set(find.on_takes(conditions)) <= set(told):  # one take must meet all of its own
        told = tuple(c for c in told if c not in find.on_takes(told))
    return told, tuple(c for c in conditions if c not in told)


def best_of_many(
    connection: sqlite3.Connection, tier: match.Tier, asked: Query, wanted: int
) -> tuple[Best, int, bool]:
    """The best `wanted` and some more; of how many, and whether there are more than these.

    In the reading as typed, rows that have the very words come first.
    """
    told, others = by_columns(asked.conditions)
    groups = [*tier.groups, *find.also_words(asked.conditions)]
    index = open_words(connection)
    ranked = matches(connection, index, groups, match.excluded_each(asked), told)
    if tier.name != "words":
        ranked.exactly[:] = True
    total, at_least = ranked.rows.size, False
    if others and find.few_meet(connection, others):
        few = np.array(find.ids(connection, None, None, others), np.int64)
        ranked = ranked.only(np.isin(ranked.asset_ids(), few))
        total, others = ranked.rows.size, ()
    elif others:
        total = find.count(
            connection, tier.match, match.excluded(asked), asked.conditions, COUNTED_MOST
        )
        at_least = total == COUNTED_MOST
    phrases = any(has_phrase(expression) for group in groups for expression in group)
    reach = max(wanted, _READ_FIRST if others else _SCORED_FIRST if phrases else 0)
    while True:
        order = _first(ranked, reach)
        best = ranked.only(order)
        if others:
            met = find.meeting(connection, best.asset_ids().tolist(), others)
            best = best.only(np.isin(best.asset_ids(), np.array(met, np.int64)))
        everything = order.size == ranked.rows.size
        least = -np.inf if everything or not order.size else ranked.scores[order[-1]]
        if phrases:
            best = word_rank.scored_by_texts(connection, index, best)
            best = best.only(_first(best, best.rows.size))
        sure = np.count_nonzero(best.scores >= least) if phrases else best.rows.size
        if sure >= wanted or everything:
            pairs = zip(best.rows.tolist(), best.scores.tolist(), strict=True)
            return list(pairs), int(total), at_least
        reach *= 4


def _first(ranked: Ranked, limit: int) -> NDArray[np.intp]:
    """Where the best `limit` stand, best first."""
    some, scores = np.flatnonzero(ranked.exactly), ranked.scores
    if some.size < limit:
        some = np.arange(ranked.rows.size)
    elif some.size > limit:
        scores = scores if some.size == scores.size else scores.take(some)
        some = some[scores >= np.partition(scores, -limit)[-limit]]
    by = (ranked.rows[some], -ranked.scores[some], ~ranked.exactly[some])
    return some[np.lexsort(by)][:limit]


def first_by_place(
    connection: sqlite3.Connection, asked: Query, wanted: int
) -> tuple[list[int], int] | None:
    """The first assets in the order of their places for filters alone, and of how many.

    None where a filter has to be asked in SQL.
    """
    told, others = by_columns(asked.conditions)
    if others:
        return None
    index, without = open_words(connection), match.excluded_each(asked)
    file, *newer = word_rank.places_matching(connection, index, (), without, told)
    total = file.size + sum(each.size for each in newer)
    first = file
    by_place = index.columns[0].by_place
    if by_place is not None and file.size > wanted:
        here = np.zeros(by_place.size, np.bool_)
        here[file] = True
        first = by_place[here.take(by_place)][:wanted].astype(np.intp)
    ids = [
        s.asset_ids().take(each) for s, each in zip(index.segments, (first, *newer), strict=True)
    ]
    return find.in_order_of_place(connection, np.concatenate(ids).tolist(), wanted), total
