"""The search: words, filters and likeness in one ranked answer.

Words rank as library.by_words has it. Likeness ranks by the nearest take, among what the words
and filters leave. Imports numpy only when likeness, or the ear, is asked for.
"""

import math
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from db import assets, find, hearings, takes
from library import match
from library.asset import Asset, Take
from library.by_words import assets_among, find_by_words
from library.catalogue import asset_of_row, take_of_row
from library.query import Query, parse_query
from library.reasons import why_words


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

    total: int  # assets that match, in the strictest reading that finds enough; or were compared
    took_ms: float
    hits: tuple[Hit, ...]
    remarks: tuple[str, ...] = field(default=())  # what of the query was not understood
    at_least: bool = False  # there are more than `total`; they were not counted


def search(
    connection: sqlite3.Connection,
    query: str = "",
    *,
    like: Sequence[str] = (),
    unlike: Sequence[str] = (),
    limit: int = 20,
    offset: int = 0,
    every_take: bool = False,
) -> SearchResult:
    """The best `limit` sounds for a query, for sounds alike, or for both.

    Args:
        query: as `library.query` has it; "" is everything.
        like: PATH or ID, each with @SECONDS-SECONDS if wanted; see `library.likeness`.
        unlike: as `like`; what sounds so comes later.
        offset: leave out so many of the best, to ask for the next ones.
        every_take: by likeness, answer with each take rather than the best of each file.

    Raises:
        LibraryError: a `like` is neither a known sound nor a readable file.
    """
    started = time.perf_counter()
    asked = parse_query(query)
    at_least = False
    if like or unlike:
        from library.likeness import hits_alike

        among = None
        if asked.groups or asked.conditions:
            among, _tier = assets_among(connection, asked, limit + offset)
        total, hits = hits_alike(
            connection,
            like,
            unlike=unlike,
            among=among,
            conditions=asked.conditions,
            limit=limit + offset,
            every_take=every_take,
            hit_of=lambda *found: _hit(asked, *found),
        )
        hits = hits[offset:]
    else:
        total, at_least, hits = _hits_by_words(connection, asked, limit, offset)
    took_ms = (time.perf_counter() - started) * 1000
    return SearchResult(
        total=total,
        took_ms=round(took_ms, 3),
        hits=tuple(hits),
        remarks=asked.remarks,
        at_least=at_least,
    )


def _hits_by_words(
    connection: sqlite3.Connection, asked: Query, limit: int, offset: int
) -> tuple[int, bool, list[Hit]]:
    answer = find_by_words(connection, asked, limit + offset)
    chosen = answer.found[offset:]
    ids = [found.asset_id for found in chosen]
    rows = assets.by_ids(connection, ids)
    first_takes = takes.first_of_assets(connection, ids, find.on_takes(asked.conditions))
    hits = []
    for found in chosen:
        if found.asset_id in rows and found.asset_id in first_takes:
            asset = asset_of_row(rows[found.asset_id])
            take = take_of_row(first_takes[found.asset_id])
            why = why_words(asked, asset, found.reading)
            hits.append(Hit(asset=asset, take=take, score=round(found.score, 4), why=why))
    total = answer.total
    may_hear = hearings.any_kept(connection) and assets.any_untagged(connection)
    if asked.groups and len(answer.found) < limit + offset and may_hear:
        from library.heard_words import hits_by_ear

        # Below all that are named so, however clearly they speak: names are never worse off.
        least = answer.found[-1].score if answer.found else math.inf
        named = [found.asset_id for found in answer.found]
        heard = hits_by_ear(
            connection,
            asked,
            match.excluded(asked),
            named,
            limit + offset - len(named),
            partial(_hit_by_ear, least),
        )
        hits += heard[max(0, offset - len(named)) :]
        total += len(heard)
    return total, answer.at_least, hits


def _hit_by_ear(at_most: float, asset: Asset, take: Take, strength: float, why: str) -> Hit:
    return Hit(asset=asset, take=take, score=round(min(strength, at_most), 4), why=why)


def _hit(asked: Query, asset: Asset, take: Take, cosine: float, why: str) -> Hit:
    reasons = [why_words(asked, asset, "words")] if asked.groups else []
    return Hit(asset=asset, take=take, score=round(cosine, 4), why="; ".join([why, *reasons]))
