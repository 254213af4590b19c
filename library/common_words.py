"""The best of thousands of sounds that words match, ranked whole out of arrays."""

import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from db import find
from library import match, word_rank
from library.query import Query
from library.word_index import are_open, open_words
from library.word_rank import Ranked, has_phrase, matches

COUNTED_MOST = 2_500  # sounds that meet filters which are looked up one by one
_READ_FIRST = 500  # sounds whose filters are looked up at once

Best = list[tuple[int, float]]  # row of the word index, BM25; best first


def at_most(connection: sqlite3.Connection, tier: match.Tier) -> int | None:
    """More sounds than this do not match; None where that is not quickly told."""
    if not are_open(connection):
        return None
    return word_rank.at_most(open_words(connection), tier.groups)


def best_of_many(
    connection: sqlite3.Connection, tier: match.Tier, asked: Query, wanted: int
) -> tuple[Best, int, bool]:
    """The best `wanted` and some more; of how many, and whether there are more than these.

    In the reading as typed, rows that have the very words come first.
    """
    conditions = asked.conditions
    groups = [*tier.groups, *find.also_words(conditions)]
    ranked = matches(connection, open_words(connection), groups, match.excluded_each(asked))
    if tier.name != "words":
        ranked.exactly[:] = True
    asked_of_each = bool(conditions)
    total, at_least = ranked.rows.size, False
    if conditions and find.few_meet(connection, conditions):
        few = np.array(find.ids(connection, None, None, conditions), np.int64)
        ranked = ranked.only(np.isin(ranked.asset_ids(), few))
        total, asked_of_each = ranked.rows.size, False
    elif conditions:
        but = match.excluded(asked)
        total = find.count(connection, tier.match, but, conditions, COUNTED_MOST)
        at_least = total == COUNTED_MOST
    phrases = any(has_phrase(expression) for group in groups for expression in group)
    reach = max(wanted, _READ_FIRST) if asked_of_each or phrases else wanted
    while True:
        order = _first(ranked, reach)
        best = ranked.only(order)
        if asked_of_each:
            met = find.meeting(connection, best.asset_ids().tolist(), conditions)
            best = best.only(np.isin(best.asset_ids(), np.array(met, np.int64)))
        everything = order.size == ranked.rows.size
        least = -np.inf if everything or not order.size else ranked.scores[order[-1]]
        if phrases:
            best = _with_phrases(connection, groups, best)
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


def _with_phrases(
    connection: sqlite3.Connection, groups: Sequence[Sequence[str]], best: Ranked
) -> Ranked:
    """As FTS5 ranks them, which knows how often a phrase is there."""
    expression = " AND ".join(f"({' OR '.join(group)})" for group in groups)
    told = find.ranked_of(connection, expression, best.rows.tolist())
    scores = [told.get(row, 0.0) for row in best.rows.tolist()]
    known = Ranked(best.rows, np.array(scores), best.exactly)
    return known.only(_first(known, known.rows.size))
