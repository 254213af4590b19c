"""The search: words, filters and likeness in one ranked answer.

Words rank as library.by_words has it. Likeness ranks by the nearest take, among what the words
and filters leave. Imports numpy only when likeness, or the ear, is asked for.
"""

import math
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from db import assets, find, hearings, takes
from library import LibraryError, match
from library.asset import Asset, Take
from library.by_words import Answer, find_by_words
from library.catalogue import asset_of_row, take_of_row
from library.query import Query, parse_query
from library.reasons import why_words

if TYPE_CHECKING:
    from library.explain import Explanation
    from library.likeness import Alike


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One answer: an asset (without its other takes) and the take that answers."""

    asset: Asset
    take: Take
    # Of words BM25; of likeness what its cosine and names make, or the mean of aspects. Comparable
    # within one answer.
    score: float
    why: str
    aspects: Mapping[str, float] = field(default_factory=dict)  # likeness in each asked for
    sounds: float | None = None  # by likeness: the score without what names say
    names: tuple[str, ...] = ()  # words by which others near the question lift it
    explained: "Explanation | None" = None  # where it was asked for


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
    aspects: Mapping[str, float] | None = None,
    limit: int = 20,
    offset: int = 0,
    every_take: bool = False,
    explain: bool = False,
    names: bool = True,
) -> SearchResult:
    """The best `limit` sounds for a query, for sounds alike, or for both.

    Args:
        query: as `library.query` has it; "" is everything.
        like: PATH or ID, each with @SECONDS-SECONDS if wanted; see `library.likeness`.
        unlike: as `like`; what sounds so comes later.
        aspects: how much timbre, pitch, loudness and spectrum count in likeness, such as
            {"timbre": 0, "pitch": 1}; see `library.aspects`. None: the whole of what is heard.
        offset: leave out so many of the best, to ask for the next ones.
        every_take: by likeness, answer with each take rather than the best of each file.
        explain: let each hit tell where its rank comes from.
        names: by likeness without aspects, let what the nearest are called count as well.

    Raises:
        LibraryError: a `like` is neither a known sound nor a readable file; an aspect is none,
            its weight is no weight, or nothing is asked to be alike in it.
    """
    started = time.perf_counter()
    asked = parse_query(query)
    if aspects and not (like or unlike):
        raise LibraryError("aspects are of likeness: say like what, with --like FILE")
    if like or unlike:
        answer = _by_likeness(
            connection, asked, like, unlike, limit + offset, every_take, aspects, names
        )
    else:
        answer = _by_words(connection, asked, limit + offset, offset)
    hits = answer.hits[offset:] if like or unlike else answer.hits
    if explain:
        hits = _explained(connection, asked, answer, hits)
    took_ms = (time.perf_counter() - started) * 1000
    return SearchResult(
        total=answer.total,
        took_ms=round(took_ms, 3),
        hits=tuple(hits),
        remarks=(*asked.remarks, *answer.remarks),
        at_least=answer.at_least,
    )


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """Hits, and what to tell of them."""

    hits: list[Hit]
    total: int
    tier: match.Tier  # the most generous that was asked
    ranked_by: str  # of library.explain
    readings: dict[int, str]  # by asset id; those that are not there were found by ear
    at_least: bool = False
    remarks: tuple[str, ...] = ()


def _by_likeness(
    connection: sqlite3.Connection,
    asked: Query,
    like: Sequence[str],
    unlike: Sequence[str],
    wanted: int,
    every_take: bool,
    aspects: Mapping[str, float] | None,
    names: bool,
) -> _Answer:
    from library.among import among
    from library.likeness import hits_alike

    may = among(connection, asked, wanted) if asked.groups or asked.conditions else None
    tier = may.tier if may else match.strict(asked)
    total, hits = hits_alike(
        connection,
        like,
        unlike=unlike,
        among=may,
        conditions=asked.conditions,
        limit=wanted,
        every_take=every_take,
        aspects=aspects or None,
        names=names,
        hit_of=lambda *found: _hit(asked, *found),
    )
    reading = tier.name if asked.groups else ""
    return _Answer(
        hits=hits,
        total=total,
        tier=tier,
        ranked_by="likeness",
        readings={hit.asset.id: reading for hit in hits},
        at_least=may is not None and may.at_least,
    )


def _by_words(connection: sqlite3.Connection, asked: Query, wanted: int, offset: int) -> _Answer:
    answer = find_by_words(connection, asked, wanted)
    readings = {found.asset_id: found.reading for found in answer.found}
    # Only what is shown is read; what stands before it may be long.
    shown = [found.asset_id for found in answer.found[offset:]]
    rows = assets.by_ids(connection, shown)
    # What a region or cue point calls it, where the words are in there, tells which take is meant.
    meant = takes.best_of_assets(
        connection, shown, find.on_takes(asked.conditions), match.groups_held(asked)
    )
    hits = []
    for found in answer.found[offset:]:
        if found.asset_id in rows and found.asset_id in meant:
            asset = asset_of_row(rows[found.asset_id])
            take = take_of_row(meant[found.asset_id])
            why = why_words(asked, asset, found.reading)
            hits.append(Hit(asset=asset, take=take, score=round(found.score, 4), why=why))
    total, remarks = answer.total, tuple[str, ...]()
    if asked.groups and not answer.found:
        from library.near_named import near_named

        remarks = tuple(near_named(connection, asked))
    if asked.groups and len(answer.found) < wanted and _may_hear(connection):
        heard = _by_ear(connection, asked, answer, wanted - len(answer.found))
        hits += heard[max(0, offset - len(answer.found)) :]
        total += len(heard)
    return _Answer(
        hits=hits,
        total=total,
        tier=answer.tier,
        ranked_by="words" if answer.tier.match else "place",
        readings=readings,
        at_least=answer.at_least,
        remarks=remarks,
    )


def _may_hear(connection: sqlite3.Connection) -> bool:
    return hearings.any_kept(connection) and assets.any_untagged(connection)


def _by_ear(connection: sqlite3.Connection, asked: Query, named: Answer, limit: int) -> list[Hit]:
    from library.heard_words import hits_by_ear

    # Below all that are named so, however clearly they speak: names are never worse off.
    least = named.found[-1].score if named.found else math.inf
    return hits_by_ear(
        connection,
        asked,
        match.excluded(asked),
        [found.asset_id for found in named.found],
        limit,
        partial(_hit_by_ear, least),
    )


def _explained(
    connection: sqlite3.Connection, asked: Query, answer: _Answer, hits: Sequence[Hit]
) -> list[Hit]:
    from library.explain import EAR, Answered, explain

    answered = []
    for hit in hits:
        reading = answer.readings.get(hit.asset.id)
        by_ear = reading is None
        answered.append(
            Answered(
                asset_id=hit.asset.id,
                take=hit.take,
                ranked_by=EAR if by_ear else answer.ranked_by,
                reading=reading if reading and asked.groups else "",
                score=hit.score,
                by_ear=hit.why if by_ear else "",
                aspects=tuple(hit.aspects.items()),
                sounds=hit.sounds,
                names=hit.names,
            )
        )
    told = explain(connection, asked, answer.tier, answered)
    return [replace(hit, explained=one) for hit, one in zip(hits, told, strict=True)]


def _hit_by_ear(at_most: float, asset: Asset, take: Take, strength: float, why: str) -> Hit:
    return Hit(asset=asset, take=take, score=round(min(strength, at_most), 4), why=why)


def _hit(asked: Query, asset: Asset, take: Take, alike: "Alike") -> Hit:
    why = f"sounds alike: {alike.sounds:.3f}"
    if alike.by_aspect:
        parts = ", ".join(f"{aspect} {seen:.3f}" for aspect, seen in alike.by_aspect.items())
        why += f" ({parts})"
    reasons = [why_words(asked, asset, "words")] if asked.groups else []
    if alike.names:
        reasons.append(f"named as others near it: {', '.join(alike.names)}")
    return Hit(
        asset=asset,
        take=take,
        score=round(alike.score, 4),
        why="; ".join([why, *reasons]),
        aspects={aspect: round(seen, 4) for aspect, seen in alike.by_aspect.items()},
        sounds=round(alike.sounds, 4),
        names=alike.names,
    )
