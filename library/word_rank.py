"""BM25 over all sounds that words match, out of arrays rather than out of FTS5.

FTS5 takes some microseconds to rank a match; here a hundred thousand take a few milliseconds,
so that nothing has to be left out. The same numbers go into the same formula; which rows hold
a phrase is asked of FTS5.
"""

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from db import words
from db.conditions import Condition
from db.tokens import Tokens
from library.asset_columns import AssetColumns
from library.word_index import K1, WordIndex
from library.word_segment import Segment, weights_of_counts

_LEAST_WEIGHT = 1e-6  # of a word that half of all rows have
_FEWER = 16  # times: so much rarer places are looked up one by one

Rows = NDArray[np.int64]
Places = NDArray[np.intp]  # in a segment


@dataclass(frozen=True)
class _Held:
    """Places of a segment that hold a phrase, each once."""

    places: Places  # in order
    often: NDArray[np.float64]  # weighted by column; of a phrase at most so often
    exactly: NDArray[np.bool_] | None  # whether the words as typed are there; None: everywhere

    def just_so(self) -> Places:
        """Places where the words are as typed."""
        return self.places if self.exactly is None else self.places[self.exactly]

    def often_at(self, places: Places, n: int) -> NDArray[np.float64]:
        """How often at some of a segment's `n` places, in order."""
        if places is self.places:
            return self.often
        if places.size * _FEWER < self.places.size:
            at = np.minimum(np.searchsorted(self.places, places), self.places.size - 1)
            return np.where(self.places[at] == places, self.often[at], 0.0)
        every = np.zeros(n)
        every[self.places] = self.often
        return every.take(places)


@dataclass(frozen=True)
class Ranked:
    """Rows of the word index that match, in no order."""

    rows: Rows
    scores: NDArray[np.float64]  # BM25; of rows with a phrase at most that
    exactly: NDArray[np.bool_]  # whether every word may be there as typed

    def only(self, some: NDArray[np.bool_] | NDArray[np.intp]) -> "Ranked":
        """Those at some places."""
        return Ranked(self.rows[some], self.scores[some], self.exactly[some])

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
    found = {phrase: _held(connection, index, phrase) for phrase in phrases}
    weigh = {phrase: times * _weight(index, found[phrase]) for phrase, times in phrases.items()}
    not_these = [_held(connection, index, phrase) for phrase in without]
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
        scores, full_at = np.zeros(kept.size), index.lengths_weighed[at].take(kept)
        for phrase, weight in weigh.items():
            often = found[phrase][at].often_at(kept, n)
            scores += weight * (K1 + 1) * (often / (often + full_at))
        parts.append((segment.rows.take(kept), scores, exactly))
    return Ranked(*(np.concatenate(each) for each in zip(*parts, strict=True)))


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
    held = [[_held(connection, index, phrase) for phrase in group] for group in groups]
    not_these = [_held(connection, index, phrase) for phrase in without]
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
    for condition in conditions:
        kept = kept[columns.meeting(connection, condition).take(kept)]
    return kept


def _kept(
    groups: Sequence[Sequence[_Held]],
    without: Sequence[_Held],
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


def _size(group: Sequence[_Held]) -> int:
    return sum(each.places.size for each in group)


def _mask(places: Iterable[Places], n: int) -> NDArray[np.bool_]:
    mask = np.zeros(n, np.bool_)
    for some in places:
        mask[some] = True
    return mask


def _weight(index: WordIndex, held: Sequence[_Held]) -> float:
    """How much a phrase says: the fewer rows hold it, the more."""
    holding = 0
    for one, stands in zip(held, index.stands, strict=True):
        holding += one.places.size if stands is None else int(stands[one.places].sum())
    weight = math.log((index.n_rows - holding + 0.5) / (holding + 0.5))
    return weight if weight > 0 else _LEAST_WEIGHT


def has_phrase(expression: str) -> bool:
    """Whether an expression asks for several words in a row."""
    return len(_tokens(words.parts_of(expression)[1])[0]) > 1


def at_most(index: WordIndex, groups: Sequence[Sequence[str]]) -> int:
    """More rows than this do not match."""
    held = [sum(_holding(index, expression) for expression in group) for group in groups]
    return min(held)


def _holding(index: WordIndex, expression: str) -> int:
    """So many places hold the rarest word of an expression, or more than hold all."""
    _column, text, begins = words.parts_of(expression)
    stems = [stem.encode() for stem in _tokens(text)[1]]
    counts = []
    for at, stem in enumerate(stems, 1):
        last = begins and at == len(stems)
        each = (_begun(s, stem) if last else _forms(s, stem) for s in index.segments)
        counts.append(sum(s.count(some) for s, some in zip(index.segments, each, strict=True)))
    return min(counts, default=0)


def _held(connection: sqlite3.Connection, index: WordIndex, expression: str) -> list[_Held]:
    """Where each segment holds a phrase."""
    column, text, begins = words.parts_of(expression)
    plain, stems = _tokens(text)
    if not plain:
        nothing = np.zeros(0, np.intp), np.zeros(0), None
        return [_Held(*nothing) for _segment in index.segments]
    weights = _weights(column)
    if len(plain) == 1:
        word = (plain[0].encode(), stems[0].encode())
        return [_word_held(each, *word, begins, weights) for each in index.segments]
    rows = np.array(words.every_matching(connection, expression), np.int64)
    return [_phrase_held(each, plain, stems, begins, weights, rows) for each in index.segments]


def _word_held(
    segment: Segment, plain: bytes, stem: bytes, begins: bool, weights: NDArray[np.float64]
) -> _Held:
    every = _begun(segment, stem) if begins else _forms(segment, stem)
    some, counts = segment.held(every)
    places = some.astype(np.intp)
    often: NDArray[np.float64] = weights.take(counts)
    if len(every) > 1:
        together: NDArray[np.float64] = np.zeros(segment.rows.size)
        together += np.bincount(places, often, segment.rows.size)
        places = np.flatnonzero(together)
        often = together.take(places)
    elif not weights[1:].all():
        places = places[often > 0]
        often = often[often > 0]
    return _Held(places, often, _exactly(segment, every, plain, stem, begins, places))


def _exactly(
    segment: Segment,
    every: range,
    plain: bytes,
    stem: bytes,
    begins: bool,
    places: Places,
) -> NDArray[np.bool_] | None:
    if begins and plain == stem:
        return None
    if len(every) == 1 and segment.key(every[0]).endswith(b"\0" + plain):
        return None
    as_typed = np.zeros(segment.rows.size, np.bool_)
    for word in every:
        written = segment.key(word).partition(b"\0")[2]
        if written == plain or (begins and written.startswith(plain)):
            as_typed[segment.held(range(word, word + 1))[0]] = True
    exactly: NDArray[np.bool_] = as_typed[places]
    return exactly


def _phrase_held(
    segment: Segment,
    plain: list[str],
    stems: list[str],
    begins: bool,
    weights: NDArray[np.float64],
    rows: Rows,
) -> _Held:
    """A phrase is there at most as often as the rarest of its words."""
    places = np.sort(segment.place_of(rows))
    often, exactly = np.full(places.size, np.inf), np.ones(places.size, np.bool_)
    for at, (word, stem) in enumerate(zip(plain, stems, strict=True)):
        last = begins and at == len(plain) - 1
        held = _word_held(segment, word.encode(), stem.encode(), last, weights)
        here = np.zeros(segment.rows.size)
        here[held.places] = held.often
        often = np.minimum(often, here[places])
        if held.exactly is not None:
            just_so = np.zeros(segment.rows.size, np.bool_)
            just_so[held.places[held.exactly]] = True
            exactly &= just_so[places]
    return _Held(places, often, exactly)


def _forms(segment: Segment, stem: bytes) -> range:
    return segment.stretch(stem + b"\0", stem + b"\1")


def _begun(segment: Segment, stem: bytes) -> range:
    return segment.stretch(stem, stem + b"\xff")


@lru_cache(maxsize=8)
def _weights(column: str | None) -> NDArray[np.float64]:
    return weights_of_counts(words.COLUMNS if column is None else (column,))


@lru_cache(maxsize=1024)
def _tokens(text: str) -> tuple[list[str], list[str]]:
    tokens = Tokens()
    return tokens.plain([text])[0], tokens.stems([text])[0]
