"""The search: words, filters and likeness in one ranked answer.

Words rank by the index (BM25 over name, category, metadata and folders); a strict
reading comes before synonyms, those before parts of words, and spelling is guessed only
where nothing else is found. Likeness ranks by the nearest take, among what the words
and filters leave. Imports numpy only when likeness is asked for.
"""

import math
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial

from db import assets, find, takes, words
from library import match
from library.asset import Asset, Take
from library.catalogue import asset_of_row, take_of_row
from library.query import Query, Term, parse_query
from library.reasons import why_words

_MANY = 5_000  # matches; of more, a part is ranked
_ENOUGH = 1_000  # matches; wider readings are not asked
_RANK_MOST = 1_000
_COUNT_MOST = 10_000  # with filters; then "at least"
_PARTS_MOST = 40  # words that hold a part of a word are looked for, the shortest first


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One answer: an asset (without its other takes) and the take that answers."""

    asset: Asset
    take: Take
    score: float  # of words: BM25, of likeness: cosine; each comparable within one answer
    why: str


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """The best hits, and how many there are."""

    # Assets that match (of more than a thousand, in the strictest reading; with filters no more
    # than 10,000 are counted), or, by likeness, that were compared.
    total: int
    took_ms: float
    hits: tuple[Hit, ...]
    remarks: tuple[str, ...] = field(default=())  # what of the query was not understood


@dataclass(frozen=True)
class _Found:
    """A reading of the words, and what it finds."""

    tier: match.Tier
    total: int


def search(
    connection: sqlite3.Connection,
    query: str = "",
    *,
    like: Sequence[str] = (),
    unlike: Sequence[str] = (),
    limit: int = 20,
    every_take: bool = False,
) -> SearchResult:
    """The best `limit` sounds for a query, for sounds alike, or for both.

    Args:
        query: as `library.query` has it; "" is everything.
        like: PATH or ID, each with @SECONDS-SECONDS if wanted; see `library.likeness`.
        unlike: as `like`; what sounds so comes later.
        every_take: by likeness, answer with each take rather than the best of each file.

    Raises:
        LibraryError: a `like` is neither a known sound nor a readable file.
    """
    started = time.perf_counter()
    asked = parse_query(query)
    if like or unlike:
        from library.likeness import hits_alike

        total, hits = hits_alike(
            connection,
            like,
            unlike=unlike,
            among=_among(connection, asked, limit) if asked.groups or asked.conditions else None,
            conditions=asked.conditions,
            limit=limit,
            every_take=every_take,
            hit_of=lambda *found: _hit(asked, *found),
        )
    else:
        total, hits = _hits_by_words(connection, asked, limit)
    took_ms = (time.perf_counter() - started) * 1000
    return SearchResult(
        total=total, took_ms=round(took_ms, 3), hits=tuple(hits), remarks=asked.remarks
    )


def _hits_by_words(
    connection: sqlite3.Connection, asked: Query, limit: int
) -> tuple[int, list[Hit]]:
    but = match.excluded(asked)
    found: dict[int, tuple[float, str]] = {}
    total = 0
    for tier in _tiers(connection, asked):
        # Words alone are counted by the index; filters are looked up, row by row.
        most = _COUNT_MOST if asked.conditions and tier.match is not None else -1
        total = find.count(connection, tier.match, but, asked.conditions, most)
        many = total > _MANY
        if total > len(found) and len(found) < limit:
            # Each tier holds those before it, so this many must reach past what is found.
            for number, score in find.best(
                connection,
                tier.match,
                but,
                asked.conditions,
                limit + len(found),
                rank_most=max(_RANK_MOST, limit) + len(found) if many else None,
            ):
                found.setdefault(number, (score, tier.name))
        if total > _ENOUGH and len(found) >= limit:
            break  # wider readings would only be counted
    chosen = list(found.items())[:limit]
    ids = [number for number, _ in chosen]
    rows = assets.by_ids(connection, ids)
    first_takes = takes.first_of_assets(connection, ids, find.on_takes(asked.conditions))
    hits = []
    for number, (score, tier_name) in chosen:
        if number in rows and number in first_takes:
            asset, take = asset_of_row(rows[number]), take_of_row(first_takes[number])
            why = why_words(asked, asset, tier_name)
            hits.append(Hit(asset=asset, take=take, score=round(score, 4), why=why))
    if asked.groups and len(hits) < limit:
        from library.heard_words import hits_by_ear

        # Below all that are named so, however clearly they speak: names are never worse off.
        least = hits[-1].score if hits else math.inf
        heard = hits_by_ear(
            connection, asked, but, ids, limit - len(hits), partial(_hit_by_ear, least)
        )
        hits += heard
        total += len(heard)
    return total, hits


def _tiers(connection: sqlite3.Connection, asked: Query) -> Iterable[match.Tier]:
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
        if wider.match != tier.match:
            yield wider
        tier = wider


def _among(connection: sqlite3.Connection, asked: Query, limit: int) -> list[int]:
    """The assets that likeness may rank: of the strictest reading that finds enough."""
    but = match.excluded(asked)
    last: match.Tier | None = None
    for tier in _tiers(connection, asked):
        last = tier
        if find.count(connection, tier.match, but, asked.conditions, limit) >= limit:
            break
    assert last is not None
    return find.ids(connection, last.match, but, asked.conditions)


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


def _hit_by_ear(at_most: float, asset: Asset, take: Take, strength: float, why: str) -> Hit:
    return Hit(asset=asset, take=take, score=round(min(strength, at_most), 4), why=why)


def _hit(asked: Query, asset: Asset, take: Take, cosine: float, why: str) -> Hit:
    reasons = [why_words(asked, asset, "words")] if asked.groups else []
    return Hit(asset=asset, take=take, score=round(cosine, 4), why="; ".join([why, *reasons]))
