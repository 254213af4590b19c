"""Which sounds hold a word, a beginning of words or a phrase, and how often.

A word stands for all its forms, which the stemmer of the word index joins; which rows hold a
phrase is asked of FTS5.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from db import words
from db.tokens import Tokens
from library.word_index import WordIndex
from library.word_segment import Segment, weights_of_counts

_FEWER = 16  # times: so much rarer places are looked up one by one

Rows = NDArray[np.int64]
Places = NDArray[np.intp]  # in a segment


@dataclass(frozen=True)
class Held:
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


def has_phrase(expression: str) -> bool:
    """Whether an expression asks for several words in a row."""
    return len(tokens_of(words.parts_of(expression)[1])[0]) > 1


def at_most(index: WordIndex, groups: Sequence[Sequence[str]]) -> int:
    """More rows than this do not match."""
    held = [sum(_holding(index, expression) for expression in group) for group in groups]
    return min(held)


def _holding(index: WordIndex, expression: str) -> int:
    """So many places hold the rarest word of an expression, or more than hold all."""
    _column, text, begins = words.parts_of(expression)
    stems = [stem.encode() for stem in tokens_of(text)[1]]
    counts = []
    for at, stem in enumerate(stems, 1):
        last = begins and at == len(stems)
        each = (_begun(s, stem) if last else _forms(s, stem) for s in index.segments)
        counts.append(sum(s.count(some) for s, some in zip(index.segments, each, strict=True)))
    return min(counts, default=0)


def held_in(connection: sqlite3.Connection, index: WordIndex, expression: str) -> list[Held]:
    """Where each segment holds a phrase."""
    column, text, begins = words.parts_of(expression)
    plain, stems = tokens_of(text)
    if not plain:
        nothing = np.zeros(0, np.intp), np.zeros(0), None
        return [Held(*nothing) for _segment in index.segments]
    weights = _weights(column)
    if len(plain) == 1:
        word = (plain[0].encode(), stems[0].encode())
        return [_word_held(each, *word, begins, weights) for each in index.segments]
    rows = np.array(words.every_matching(connection, expression), np.int64)
    return [_phrase_held(each, plain, stems, begins, weights, rows) for each in index.segments]


def _word_held(
    segment: Segment, plain: bytes, stem: bytes, begins: bool, weights: NDArray[np.float64]
) -> Held:
    every = _begun(segment, stem) if begins else _forms(segment, stem)
    some, counts = segment.held(every)
    places = some.astype(np.intp)
    often: NDArray[np.float64] = weights.take(counts)
    if len(every) > 1:
        places, often = _together(places, often, segment.rows.size)
    elif not weights[1:].all():
        places = places[often > 0]
        often = often[often > 0]
    return Held(places, often, _exactly(segment, every, plain, stem, begins, places))


def _together(
    places: Places, often: NDArray[np.float64], n: int
) -> tuple[Places, NDArray[np.float64]]:
    """Each of the places once and in order, with the sum of what is there; 0 is nowhere."""
    if places.size * _FEWER > n:
        every: NDArray[np.float64] = np.zeros(n)
        every += np.bincount(places, often, n)
        once = np.flatnonzero(every)
        return once, every.take(once)
    order = np.argsort(places, kind="stable")
    order = order[often.take(order) > 0]
    in_order = places.take(order)
    first = np.flatnonzero(np.diff(in_order, prepend=-1))
    if not first.size:
        return in_order, often[:0]
    summed: NDArray[np.float64] = np.add.reduceat(often.take(order), first)
    return in_order.take(first), summed


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
) -> Held:
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
    return Held(places, often, exactly)


def _forms(segment: Segment, stem: bytes) -> range:
    return segment.stretch(stem + b"\0", stem + b"\1")


def _begun(segment: Segment, stem: bytes) -> range:
    return segment.stretch(stem, stem + b"\xff")


@lru_cache(maxsize=8)
def _weights(column: str | None) -> NDArray[np.float64]:
    return weights_of_counts(words.COLUMNS if column is None else (column,))


@lru_cache(maxsize=1024)
def tokens_of(text: str) -> tuple[list[str], list[str]]:
    """The words of a text as written (folded), and their stems."""
    tokens = Tokens()
    return tokens.plain([text])[0], tokens.stems([text])[0]
