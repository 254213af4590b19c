"""Assets found by words and filters, ranked: which of them, in which order, read in which way.

The readings, from strict to generous: the words as typed, then in another form of theirs (the
index's stemmer), then synonyms, then parts of words; spelling is guessed only where
nothing else is found. Within a reading BM25 ranks, over name, category, metadata and folders.

What is exact: which assets match, and up to _RANKED_WHOLE matches their order. Of more, the
_RANKED_MOST with the shortest texts are ranked, those whose names match first, for a rank
costs some microseconds a match; how many there are is counted up to a limit, then "at least".
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache, partial
from typing import Protocol

from db import assets, find, words
from db.conditions import Condition
from library import match
from library.query import Query, Term

_RANKED_WHOLE = 2_000  # matches
_RANKED_MOST = 600  # matches, where there are more than that
_COUNTED_MOST = 10_000  # matches
_COUNTED_MOST_FILTERED = 2_500  # where each is looked up
_PARTS_MOST = 40  # words that hold a part of a word are looked for, the shortest first
_READ_AT_ONCE = 40
_SAMPLED = 200  # of the shortest texts


class _Look(Protocol):
    """What db.find.ranked does, asked only for an expression."""

    def __call__(self, match: str, *, most: int) -> list[tuple[int, float]]: ...


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
    but, conditions = match.excluded(asked), asked.conditions
    tier = match.strict(asked)
    if tier.match is None:
        total, at_least = _count_all(connection, but, conditions)
        ids = find.by_place(connection, but, conditions, wanted)
        return Answer(tuple(Found(n, 0.0, tier.name) for n in ids), total, at_least, tier)
    most = counted_most(conditions)
    few_meet = lru_cache(partial(find.few_meet, connection, conditions))
    total, found = 0, dict[int, Found]()
    for tier in readings(connection, asked):
        assert tier.match is not None
        # Few words, or few that meet the filters: whichever, these are looked up.
        plain = find.count(connection, tier.match, but, (), _COUNTED_MOST)
        few = bool(conditions) and plain >= _COUNTED_MOST and few_meet()
        look = partial(find.ranked, connection, but=but, conditions=conditions, few=few)
        rows: list[tuple[int, float]] = []
        total = plain
        if few:  # to count them is as long as to rank them
            rows = look(tier.match, most=_RANKED_WHOLE)
            total = len(rows)
        if conditions and (not few or total == _RANKED_WHOLE):
            rows, total = [], find.count(connection, tier.match, but, conditions, most, few=few)
        if total > len(found):
            # Each reading holds those before it, so this many must reach past what is found.
            reach = wanted + len(found)
            if not rows:
                names_first = tier.name != "words" or _in_names(connection, asked, tier.match)
                rows = _ranked(look, tier.match, total, reach, names_first)
            if tier.name == "words":
                each = _exact_first(connection, asked, rows, wanted)
            else:
                each = [Found(words.asset_of(row), score, tier.name) for row, score in rows]
            for one in each:
                found.setdefault(one.asset_id, one)
        if len(found) >= wanted:
            break
    return Answer(tuple(found.values())[:wanted], total, total >= most, tier)


def _count_all(
    connection: sqlite3.Connection, but: str | None, conditions: Sequence[Condition]
) -> tuple[int, bool]:
    if but is None and not conditions:
        return assets.count(connection), False
    total = find.count(connection, None, but, conditions, _COUNTED_MOST)
    return total, total >= _COUNTED_MOST


def _in_names(connection: sqlite3.Connection, asked: Query, expression: str) -> bool:
    """Whether to look for names that hold every word: not where none of the shortest texts does.

    Several common words are rarely in one name, and to find that out takes as long as all else.
    """
    groups = [group for group in asked.groups if not group.negated]
    if sum(len(group.terms[0].text.split()) for group in groups) < 2:
        return True
    rows = find.shortest(connection, expression, match.excluded(asked), (), _SAMPLED)
    names = [texts[0].lower() for texts in words.texts(connection, rows).values()]
    ways = [[_begun(term) for term in group.terms] for group in groups]

    def in_one(name: str) -> bool:
        return all(any(all(word in name for word in way) for way in some) for some in ways)

    return any(map(in_one, names))


def _begun(term: Term) -> list[str]:
    """The beginnings of a term's words, which most of their other forms have as well."""
    return [word[: max(3, len(word) - len(word) // 4)] for word in term.text.lower().split()]


def _ranked(
    look: _Look, expression: str, total: int, wanted: int, names_first: bool
) -> list[tuple[int, float]]:
    """(row of the word index, BM25) of the best `wanted` and some more, best first."""
    if total <= _RANKED_WHOLE:
        return look(expression, most=_RANKED_WHOLE)
    most = max(_RANKED_MOST, wanted)
    if not names_first:
        return look(expression, most=most)
    by_name = look(find.named(expression), most=most)
    if len(by_name) >= wanted:
        return by_name
    others = dict(look(expression, most=most))
    return sorted((dict(by_name) | others).items(), key=lambda row: (-row[1], row[0]))


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


def reading_for(connection: sqlite3.Connection, asked: Query, wanted: int) -> match.Tier:
    """The strictest reading that finds `wanted` assets, or the most generous."""
    but = match.excluded(asked)
    few_meet = lru_cache(partial(find.few_meet, connection, asked.conditions))
    last = match.strict(asked)
    for last in readings(connection, asked):
        if last.match is None:
            break
        few = bool(asked.conditions) and few_meet()
        if find.count(connection, last.match, but, asked.conditions, wanted, few=few) >= wanted:
            break
    return last


def counted_most(conditions: Sequence[Condition]) -> int:
    """Where counting stops."""
    return _COUNTED_MOST_FILTERED if conditions else _COUNTED_MOST


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
    if term.kind != "word":
        return []
    word = term.text.lower()
    near = get_close_matches(word, words.terms_like(connection, word), n=3, cutoff=0.7)
    return match.one_of_words(near)
