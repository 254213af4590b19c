"""Assets found by words and filters, ranked: which of them, in which order, read in which way.

The readings, from strict to generous: the words as typed, then in another form of theirs (the
index's stemmer), then synonyms, then parts of words; spelling is guessed only where
nothing else is found. Within a reading BM25 ranks, over name, category, metadata and folders:
FTS5's own where few match, and the same out of arrays (library.common_words) where many do.
"""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from types import ModuleType

from db import assets, find, words
from library import match
from library.query import Query, Term

_RANKED_BY_FTS5 = 15_000  # matches, at 5 µs each; to load numpy takes longer
_RANKED_BY_FTS5_BESIDE_ARRAYS = 500  # matches, where it is loaded
_COUNTED_MOST = 10_000  # matches
_PARTS_MOST = 40  # words that hold a part of a word are looked for, the shortest first
_READ_AT_ONCE = 40


@dataclass(frozen=True)
class Found:
    """One asset, and how it was found."""

    asset_id: int
    score: float  # BM25; 0 without words
    reading: str  # "words", "forms of words", "synonyms", "parts of words", "spelling"


@dataclass(frozen=True)
class Answer:
    """The best of what is found, best first, and of how many."""

    found: tuple[Found, ...]
    total: int
    at_least: bool  # counting stopped at `total`
    tier: match.Tier  # the most generous that was asked


def find_by_words(connection: sqlite3.Connection, asked: Query, wanted: int) -> Answer:
    """The best `wanted` assets for words and filters; without words in the order of places."""
    tier = match.strict(asked)
    if tier.match is None:
        ids, total, at_least = _by_place(connection, asked, wanted)
        return Answer(tuple(Found(n, 0.0, tier.name) for n in ids), total, at_least, tier)
    total, at_least, found = 0, False, dict[int, Found]()
    for tier in readings(connection, asked):
        assert tier.match is not None
        # Each reading holds those before it, so this many must reach past what is found.
        reach = wanted + len(found)
        rows, total, at_least = _ranked(connection, tier, asked, reach)
        if total > len(found):
            if tier.name == "words":
                each = _exact_first(connection, asked, rows, wanted)
            else:
                each = [Found(words.asset_of(row), score, tier.name) for row, score in rows]
            for one in each:
                found.setdefault(one.asset_id, one)
        if len(found) >= wanted:
            break
    return Answer(tuple(found.values())[:wanted], total, at_least, tier)


def _ranked(
    connection: sqlite3.Connection, tier: match.Tier, asked: Query, wanted: int
) -> tuple[list[tuple[int, float]], int, bool]:
    """(row of the word index, BM25) of the best, best first; of how many, and if of more."""
    assert tier.match is not None
    but = match.excluded(asked)
    if _are_few(connection, tier, but):
        rows = find.ranked(connection, tier.match, but, asked.conditions)
        return rows, len(rows), False
    from library.common_words import best_of_many

    return best_of_many(connection, tier, asked, wanted)


def _by_place(
    connection: sqlite3.Connection, asked: Query, wanted: int
) -> tuple[list[int], int, bool]:
    """The first assets in the order of their places; of how many, and if of more."""
    but, conditions = match.excluded(asked), asked.conditions
    if but is None and not conditions:
        return find.by_place(connection, None, (), wanted), assets.count(connection), False
    # SQL looks at every take, which takes longer than to load numpy.
    arrays = _arrays(load=bool(find.on_takes(conditions)))
    found = arrays.first_by_place(connection, asked, wanted) if arrays is not None else None
    if found is not None:
        return (*found, False)
    total = find.count(connection, None, but, conditions, _COUNTED_MOST)
    return find.by_place(connection, but, conditions, wanted), total, total >= _COUNTED_MOST


def _are_few(connection: sqlite3.Connection, tier: match.Tier, but: str | None) -> bool:
    """Whether FTS5 is the quicker one."""
    arrays = _arrays()
    if arrays is not None:
        return bool(arrays.at_most(connection, tier) <= _RANKED_BY_FTS5_BESIDE_ARRAYS)
    assert tier.match is not None
    return find.count(connection, tier.match, but, (), _RANKED_BY_FTS5 + 1) <= _RANKED_BY_FTS5


def _arrays(*, load: bool = False) -> ModuleType | None:
    """library.common_words, where numpy is loaded already."""
    if "numpy" not in sys.modules and not load:
        return None
    from library import common_words

    return common_words


def _exact_first(
    connection: sqlite3.Connection, asked: Query, rows: Sequence[tuple[int, float]], wanted: int
) -> list[Found]:
    """Rows that hold the words as typed before those that hold other forms of them."""
    exactly = match.has_exactly(asked)
    exact: list[Found] = []
    others: list[Found] = []
    for start in range(0, len(rows), _READ_AT_ONCE):
        some = rows[start : start + _READ_AT_ONCE]
        texts = words.texts(connection, [row for row, _score in some])
        for row, score in some:
            if row in texts and exactly(texts[row]):
                exact.append(Found(words.asset_of(row), score, "words"))
            else:
                others.append(Found(words.asset_of(row), score, "forms of words"))
        if len(exact) >= wanted:
            return exact  # what comes later would stand below these
    return exact + others


def readings(connection: sqlite3.Connection, asked: Query) -> Iterator[match.Tier]:
    """Readings of the words, ever more generous; the last, of spelling, only if all else fails."""
    but = match.excluded(asked)
    tier = match.strict(asked)
    yield tier
    if tier.match is None:
        return
    expansions: list[match.Expand] = []
    for name, expansion in (
        ("synonyms", _synonyms),
        ("parts of words", partial(_parts, connection)),
        ("spelling", partial(_spellings, connection)),
    ):
        if name == "spelling" and find.count(connection, tier.match, but, asked.conditions, 1):
            return
        expansions.append(expansion)
        wider = match.generous(asked, name, expansions)
        if wider.groups != tier.groups:
            yield wider
        tier = wider


def _parts(connection: sqlite3.Connection, term: Term) -> list[str]:
    if term.kind != "word" or not term.text.isalnum():
        return []
    found = words.terms_holding(connection, term.text.lower(), _PARTS_MOST)
    return match.one_of_words(found)


def _synonyms(term: Term) -> list[str]:
    from library.synonyms import cat_ids_for, english_for

    if term.kind != "word":
        return []  # quotes and a star say: just so
    return [
        *match.one_of_words(english_for(term.text)),
        *match.one_of_cat_ids(cat_ids_for(term.text)),
    ]


def _spellings(connection: sqlite3.Connection, term: Term) -> list[str]:
    from difflib import get_close_matches

    if term.kind != "word":
        return []
    word = term.text.lower()
    near = get_close_matches(word, words.terms_like(connection, word), n=3, cutoff=0.7)
    return match.one_of_words(near)
