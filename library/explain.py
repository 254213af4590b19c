"""Why each hit ranks where it does: its reading, its words and what they weigh, its filters.

The word index itself is asked which field holds which word, so this tells what was ranked,
forms and synonyms of words included.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from db import find, words
from db.conditions import Value
from library import match
from library.asset import Take
from library.query import Query

PLACE, WORDS, LIKENESS, EAR = "place", "words", "likeness", "ear"


@dataclass(frozen=True, kw_only=True)
class HeldWord:
    """A word (or "CatID DOORWood") that a field holds, and what BM25 multiplies it by there."""

    word: str
    field: str  # of db.words.COLUMNS
    weight: float


@dataclass(frozen=True, kw_only=True)
class MetFilter:
    """A filter as it was typed, and what the sound, or its take, has there."""

    typed: str
    value: Value | None


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Where a hit's rank comes from.

    Hits stand in the order of their readings, within one by BM25; those by ear come below all
    that are named so. By likeness, words and filters choose, and likeness ranks, with what the
    names of the nearest say.
    """

    ranked_by: str  # PLACE, WORDS, LIKENESS or EAR
    reading: str  # as library.by_words.Found has it; "" without words
    score: float  # BM25, cosine (and names), mean of aspects, or how strongly it speaks
    words: tuple[HeldWord, ...] = ()
    filters: tuple[MetFilter, ...] = ()
    by_ear: str = ""
    aspects: tuple[tuple[str, float], ...] = ()  # likeness in each aspect asked for
    sounds: float | None = None  # by likeness: the score without what names say
    names: tuple[str, ...] = ()  # words of other families near the question that lift it

    def told(self) -> list[str]:
        """In lines, for people."""
        scale = {WORDS: "BM25", LIKENESS: "cosine", EAR: "strength by ear"}.get(self.ranked_by)
        if self.aspects:
            scale = "mean of aspects"
        elif self.names:
            scale = "cosine and names"
        lines = [f"by {self.ranked_by}" + (f", {scale} {self.score:.4g}" if scale else "")]
        if self.reading:
            lines[0] += f"; reading: {self.reading}"
        if self.names and self.sounds is not None:
            lines.append(
                f"sounds alike {self.sounds:.4g}; named as others near it"
                f" +{self.score - self.sounds:.2g}: {', '.join(self.names)}"
            )
        lines += [f"alike in {aspect}: {seen:.3g}" for aspect, seen in self.aspects]
        lines += [f"{held.word} in {held.field} × {held.weight:g}" for held in self.words]
        lines += [f"{met.typed}: {_shown(met.value)}" for met in self.filters]
        return [*lines, self.by_ear] if self.by_ear else lines


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What is known of a hit before it is explained."""

    asset_id: int
    take: Take
    ranked_by: str
    reading: str
    score: float
    by_ear: str
    aspects: tuple[tuple[str, float], ...] = ()
    sounds: float | None = None
    names: tuple[str, ...] = ()


def explain(
    connection: sqlite3.Connection, asked: Query, tier: match.Tier, answered: Sequence[Answered]
) -> list[Explanation]:
    """An explanation each; `tier` is the most generous reading that was asked."""
    ids = list(dict.fromkeys(one.asset_id for one in answered))
    values = find.values(connection, ids, asked.conditions)
    strictly = _held(connection, match.strict(asked), ids)
    generously = strictly if tier.name == "words" else _held(connection, tier, ids)
    plain = match.strict(asked)
    rows = words.rows_of(connection, ids)
    as_typed = set()
    if plain.match is not None:
        as_typed = {rows[row] for row in words.matching(connection, plain.match, list(rows))}
    explained = []
    for one in answered:
        reading = one.reading
        if one.ranked_by == LIKENESS and one.asset_id in as_typed:
            reading = plain.name  # chosen with those of a wider reading, but found in this one
        held = strictly if reading in ("words", "forms of words") else generously
        filters = []
        for condition, typed in zip(asked.conditions, asked.filters, strict=True):
            value = values.get(one.asset_id, {}).get(condition.field)
            if condition.field in find.TAKE_FIELDS:
                value = one.take.features.get(condition.field.partition(".")[2])
            filters.append(MetFilter(typed=typed, value=value))
        explained.append(
            Explanation(
                ranked_by=one.ranked_by,
                reading=reading,
                score=one.score,
                words=tuple(held.get(one.asset_id, ())),
                filters=tuple(filters),
                by_ear=one.by_ear,
                aspects=one.aspects,
                sounds=one.sounds,
                names=one.names,
            )
        )
    return explained


def _held(
    connection: sqlite3.Connection, tier: match.Tier, asset_ids: Sequence[int]
) -> dict[int, list[HeldWord]]:
    held: dict[int, list[HeldWord]] = {}
    rows = words.rows_of(connection, asset_ids)
    for expression in dict.fromkeys(text for group in tier.groups for text in group):
        for column, weight in zip(words.COLUMNS, words.WEIGHTS, strict=True):
            within = f"{{{column}}} : ({expression})"
            for row in words.matching(connection, within, list(rows)):
                word = HeldWord(word=_plain(expression), field=column, weight=weight)
                held.setdefault(rows[row], []).append(word)
    return held


def _shown(value: Value | None) -> str:
    if value is None:
        return "unknown"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _plain(expression: str) -> str:
    """An expression of library.match as a person would write it.

    >>> _plain('cat_id : "DOORWood"'), _plain('"boot" *')
    ('CatID DOORWood', 'boot*')
    """
    expression = expression.replace("cat_id : ", "CatID ").replace('" *', '*"')
    return expression.replace('""', "\0").replace('"', "").replace("\0", '"')
