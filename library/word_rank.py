"""BM25 over all sounds that words match, out of arrays rather than out of FTS5.

FTS5 takes some microseconds to rank a match; here a hundred thousand take a few milliseconds,
so that nothing has to be left out. The same numbers go into the same formula.
"""

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db import words
from db.conditions import Condition
from db.tokens import Tokens
from library.asset_columns import AssetColumns
from library.word_index import K1, WordIndex
from library.word_places import Held, Places, Rows, held_in, tokens_of

_LEAST_WEIGHT = 1e-6  # of a word that half of all rows have


@dataclass(frozen=True)
class Ranked:
    """Rows of the word index that match, in no order."""

    rows: Rows
    scores: NDArray[np.float64]  # BM25; of rows with a phrase at most that
    exactly: NDArray[np.bool_]  # whether every word may be there as typed
    weigh: Mapping[str, float]  # how much each expression says

    def only(self, some: NDArray[np.bool_] | NDArray[np.intp]) -> "Ranked":
        """Those at some places."""
        return Ranked(self.rows[some], self.scores[some], self.exactly[some], self.weigh)

    def asset_ids(self) -> Rows:
        """Their assets."""
        asset_ids: Rows = self.rows & words.ASSET_OF_ROW
        return asset_ids


def matches(
    connection: sqlite3.Connection,
    index: WordIndex,
    groups: Sequence[Sequence[str]],
    without: Sequence[str],
    conditions: Sequence[Condition] = (),
) -> Ranked:
    """All rows that match, with their BM25.

    Args:
        groups: expressions as library.match has them, of which one of each group must be there;
            without groups all are.
        without: expressions, none of which may be there.
        conditions: of fields that library.asset_columns knows.
    """
    phrases = Counter(phrase for group in groups for phrase in group)
    found = {phrase: held_in(connection, index, phrase) for phrase in phrases}
    weigh = {phrase: times * _weight(index, found[phrase]) for phrase, times in phrases.items()}
    not_these = [held_in(connection, index, phrase) for phrase in without]
    parts = []
    for at, segment in enumerate(index.segments):
        n = segment.rows.size
        held = [[found[phrase][at] for phrase in group] for group in groups]
        kept = _kept(held, [each[at] for each in not_these], index.stands[at], n)
        kept = _meeting(connection, index.columns[at], kept, conditions)
        exactly = np.ones(kept.size, np.bool_)
        for group in held:
            if any(each.exactly is not None for each in group):
                exactly &= _mask((each.just_so() for each in group), n).take(kept)
        scores, full_at = np.zeros(kept.size), index.of_lengths[at].take(kept)
        for phrase, weight in weigh.items():
            often = found[phrase][at].often_at(kept, n)
            scores += weight * (K1 + 1) * (often / (often + full_at))
        parts.append((segment.rows.take(kept), scores, exactly))
    rows, all_scores, all_exactly = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Ranked(rows, all_scores, all_exactly, weigh)


def assets_matching(
    connection: sqlite3.Connection,
    index: WordIndex,
    groups: Sequence[Sequence[str]],
    without: Sequence[str],
    conditions: Sequence[Condition],
) -> NDArray[np.int64]:
    """The assets that match, as `matches` has it, in rising order."""
    places = places_matching(connection, index, groups, without, conditions)
    of_segments = zip(index.segments, places, strict=True)
    return np.sort(np.concatenate([segment.asset_ids().take(at) for segment, at in of_segments]))


def places_matching(
    connection: sqlite3.Connection,
    index: WordIndex,
    groups: Sequence[Sequence[str]],
    without: Sequence[str],
    conditions: Sequence[Condition],
) -> list[Places]:
    """The same as places in each segment."""
    held = [[held_in(connection, index, phrase) for phrase in group] for group in groups]
    not_these = [held_in(connection, index, phrase) for phrase in without]
    found = []
    for at, segment in enumerate(index.segments):
        here = [[each[at] for each in group] for group in held]
        without_here = [each[at] for each in not_these]
        kept = _kept(here, without_here, index.stands[at], segment.rows.size)
        found.append(_meeting(connection, index.columns[at], kept, conditions))
    return found


def _meeting(
    connection: sqlite3.Connection,
    columns: AssetColumns,
    kept: Places,
    conditions: Sequence[Condition],
) -> Places:
    if not conditions:
        return kept
    return kept[columns.all_met(connection, conditions).take(kept)]


def _kept(
    groups: Sequence[Sequence[Held]],
    without: Sequence[Held],
    stands: NDArray[np.bool_] | None,
    n: int,
) -> Places:
    """The places of a segment that every group holds, in order."""
    in_order = sorted(groups, key=_size)
    if not in_order:
        kept = np.arange(n)
    elif len(in_order[0]) == 1:
        kept = in_order[0][0].places
    else:
        kept = np.flatnonzero(_mask((each.places for each in in_order[0]), n))
    for group in in_order[1:]:
        kept = kept[_mask((each.places for each in group), n).take(kept)]
    if without:
        kept = kept[~_mask((each.places for each in without), n).take(kept)]
    return kept if stands is None else kept[stands.take(kept)]


def _size(group: Sequence[Held]) -> int:
    return sum(each.places.size for each in group)


def _mask(places: Iterable[Places], n: int) -> NDArray[np.bool_]:
    mask = np.zeros(n, np.bool_)
    for some in places:
        mask[some] = True
    return mask


def _weight(index: WordIndex, held: Sequence[Held]) -> float:
    """How much a phrase says: the fewer rows hold it, the more."""
    holding = 0
    for one, stands in zip(held, index.stands, strict=True):
        holding += one.places.size if stands is None else int(stands[one.places].sum())
    weight = math.log((index.n_rows - holding + 0.5) / (holding + 0.5))
    return weight if weight > 0 else _LEAST_WEIGHT


def scored_by_texts(connection: sqlite3.Connection, index: WordIndex, ranked: Ranked) -> Ranked:
    """A few rows with their very scores, also those with phrases; some milliseconds for fifty."""
    texts = words.texts(connection, ranked.rows.tolist())
    rows = [row for row in ranked.rows.tolist() if row in texts]
    every = Tokens().stems([text for row in rows for text in texts[row]])
    asked = [(*words.parts_of(each), weight) for each, weight in ranked.weigh.items()]
    scores = []
    for at in range(len(rows)):
        here = every[at * len(words.COLUMNS) : (at + 1) * len(words.COLUMNS)]
        half = float(index.often_for_half(np.array(sum(map(len, here)))))
        score = 0.0
        for column, text, begins, weight in asked:
            often = sum(
                each * _times(stems, tokens_of(text)[1], begins)
                for name, each, stems in zip(words.COLUMNS, words.WEIGHTS, here, strict=True)
                if column in (None, name)
            )
            score += weight * (K1 + 1) * often / (often + half)
        scores.append(score)
    exactly = ranked.exactly[np.isin(ranked.rows, np.array(rows, np.int64))]
    return Ranked(np.array(rows, np.int64), np.array(scores), exactly, ranked.weigh)


def _times(stems: Sequence[str], phrase: Sequence[str], begins: bool) -> int:
    """How often a phrase is in a text; of its last word perhaps only the beginning.

    >>> _times(["soft", "soft", "softly"], ["soft", "soft"], True)
    2
    """
    times, first = 0, phrase[:-1] if begins else phrase
    for at in range(len(stems) - len(phrase) + 1):
        if stems[at : at + len(first)] == list(first):
            times += not begins or stems[at + len(first)].startswith(phrase[-1])
    return times
