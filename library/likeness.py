"""Sounds like this one: what `--like` means, and the takes nearest to it."""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from db import assets, find, takes, vectors
from db.conditions import Condition
from library import LibraryError
from library.among import Among, nearest_among
from library.aspects import middle_of, weights_of
from library.asset import Asset, Take
from library.by_aspects import features_of_file, features_of_takes, nearest_by_aspects
from library.catalogue import asset_of_row, find_asset, folders, take_of_row
from library.closer import LOOK_CLOSER, Ranked, closer, named_of_row
from library.neighbours import Vectors
from library.vector_index import open_index

_REFERENCE = re.compile(r"(?P<what>.+?)(?:@(?P<start>\d+(?:\.\d+)?)-(?P<end>\d+(?:\.\d+)?))?")
_AWAY = 0.5  # how far a question is turned away from what it shall not be like
_READ_AT_ONCE = 50  # takes
_MEASURED_MOST = 1_000  # takes of an example
_LIFT_TOLD = 0.001  # what names add to likeness, at least, to be told
_SAME_STRETCH = 0.8  # a take that shares this much of the stretch stands for it

H = TypeVar("H")


@dataclass(frozen=True)
class Example:
    """What is asked to be alike: a direction, and the asset that it came from."""

    vector: Vectors
    asset_id: int | None
    features: Vectors | None = None  # as library.aspects compares them, where they are asked for


@dataclass(frozen=True, kw_only=True)
class Alike:
    """How a take answers a question of likeness."""

    score: float  # which ranks; comparable within one answer
    sounds: float  # the same without what names say
    by_aspect: Mapping[str, float]  # likeness in each aspect asked for
    names: tuple[str, ...] = ()  # words that it shares with the names of others near the question


def hits_alike(
    connection: sqlite3.Connection,
    like: Sequence[str],
    *,
    among: Among | None,
    conditions: Sequence[Condition],
    limit: int,
    every_take: bool,
    hit_of: Callable[[Asset, Take, Alike], H],
    unlike: Sequence[str] = (),
    aspects: Mapping[str, float] | None = None,
    names: bool = True,
) -> tuple[int, list[H]]:
    """(assets compared, the hits nearest to the examples, nearest first).

    Args:
        like: references as `example_of` reads them; several are met in the middle.
        unlike: references too; the question is turned away from them.
        among: who may answer; None is all.
        conditions: those on takes must hold for the take that answers.
        aspects: as library.aspects has them, of the sound alone; None compares whole vectors.
        names: where whole vectors are compared with an example, let the names of the nearest
            speak for others that are named so.
    """
    weights = weights_of(aspects) if aspects is not None else None
    index = open_index(connection)
    if index is None:
        raise LibraryError(
            "this library has no vectors yet; let its scan finish: dubstage scan FOLDER"
        )
    examples, others = (
        [example_of(connection, reference, features=weights is not None) for reference in group]
        for group in (like, unlike)
    )
    question = question_of(examples, others)
    own = {each.asset_id for each in (*examples, *others) if each.asset_id is not None}
    if among is None:
        total = assets.count(connection) - len(own)
    elif among.only is not None and among.filters is None:
        total = among.total - int(np.isin(among.only, list(own)).sum())
    else:
        total = among.total
    on_takes = find.on_takes(conditions)
    own_takes = sum(takes.counts(connection, sorted(own)).values())
    hits: list[H] = []
    wanted = limit * 4 + 20
    while True:
        look = max(wanted, LOOK_CLOSER) + own_takes
        if weights is None:
            rows, cosines = nearest_among(index, question, look, among)
            all_seen = rows.size < look
            may = ~np.isin(index.ids_at(rows)[1], list(own))
            found = rows[may], cosines[may]
            ranked = closer(connection, index, question, *found, names=names and bool(like))
        else:
            asked, unwanted = map(_compared, (examples, others))
            alike = nearest_by_aspects(
                connection, index, question, asked, unwanted, weights, look, among
            )
            all_seen = alike.rows.size < look
            ranked = Ranked(alike.rows, alike.scores, alike.scores, alike.by_aspect)
        take_ids, asset_ids = index.ids_at(ranked.rows)
        hits, answered = [], set()
        for at, asset_row, take_row in _answers(connection, take_ids, asset_ids, own, on_takes):
            if asset_row["id"] in answered:
                continue  # answered better
            if not every_take:
                answered.add(asset_row["id"])
            hits.append(
                hit_of(
                    asset_of_row(asset_row), take_of_row(take_row), _alike(ranked, at, asset_row)
                )
            )
            if len(hits) == limit:
                return total, hits
        if all_seen:
            return total, hits
        wanted *= 4


def _alike(ranked: Ranked, at: int, asset_row: sqlite3.Row) -> Alike:
    # In half precision a sound is alike to itself by a little more than 1.
    score, sounds = min(float(ranked.scores[at]), 1.0), min(float(ranked.sounds[at]), 1.0)
    lifted = ranked.votes is not None and score - sounds >= _LIFT_TOLD
    return Alike(
        score=score,
        sounds=sounds,
        by_aspect={aspect: float(seen[at]) for aspect, seen in ranked.by_aspect.items()},
        names=ranked.votes.words(named_of_row(asset_row)) if ranked.votes and lifted else (),
    )


def _answers(
    connection: sqlite3.Connection,
    take_ids: NDArray[np.int64],
    asset_ids: NDArray[np.int64],
    own: set[int],
    on_takes: Sequence[Condition],
) -> Iterator[tuple[int, sqlite3.Row, sqlite3.Row]]:
    """(place, asset, take) of those that may answer; read as they are needed, for most are not.

    Left out are those that are gone since the index was made, the examples themselves, and
    takes that do not meet the conditions.
    """
    for start in range(0, take_ids.size, _READ_AT_ONCE):
        some = slice(start, start + _READ_AT_ONCE)
        take_rows = takes.by_ids(connection, take_ids[some].tolist(), on_takes)
        asset_rows = assets.by_ids(connection, sorted(set(asset_ids[some].tolist()) - own))
        for at in range(start, min(some.stop, take_ids.size)):
            take_row = take_rows.get(int(take_ids[at]))
            asset_row = asset_rows.get(int(asset_ids[at]))
            if take_row is not None and asset_row is not None:
                yield at, asset_row, take_row


def question_of(examples: Sequence[Example], others: Sequence[Example]) -> Vectors:
    """The direction asked for: the middle of the examples, turned away from the others."""
    question = np.zeros_like((*examples, *others)[0].vector)
    if examples:
        question = question + unit(np.mean([example.vector for example in examples], axis=0))
    if others:
        away = unit(np.mean([other.vector for other in others], axis=0))
        question = question - (_AWAY if examples else 1.0) * away
    return unit(question)


def _compared(examples: Sequence[Example]) -> list[tuple[Vectors, Vectors]]:
    return [(each.vector, each.features) for each in examples if each.features is not None]


def example_of(
    connection: sqlite3.Connection, reference: str, *, features: bool = False
) -> Example:
    """What a reference asks for: PATH or ID, of a known sound or of any file, or a stretch of it.

    Of a sound with several takes their `middle` is asked for.

    Args:
        features: tell what was measured of it as well.

    >>> _REFERENCE.fullmatch("steps.wav@1.5-2")["start"]
    '1.5'

    Raises:
        LibraryError: neither a known sound nor a file that can be read, or no such stretch.
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise LibraryError("--like wants PATH or ID, such as door.wav or door.wav@1.5-2")
    what, start, end = match["what"], match["start"], match["end"]
    if start is not None and Path(reference).is_file():
        what, start, end = reference, None, None  # a file that has "@1-2" in its name
    stretch_s = None if start is None else (float(start), float(end))
    if stretch_s is not None and stretch_s[0] >= stretch_s[1]:
        raise LibraryError(f"{reference}: the stretch ends at {end} s, before it starts")
    asset = find_asset(connection, what, unless_file=True)
    model = vectors.chief(connection)
    if asset is not None and model is not None:
        rows = vectors.of_asset(connection, asset.id, model["id"])
        if stretch_s is not None:
            rows = [row for row in rows if _is_stretch(row, asset.sample_rate_hz, stretch_s)][:1]
        if rows:
            numbers = np.array([np.frombuffer(row["numbers"], dtype=np.float16) for row in rows])
            lengths = [row["end_samples"] - row["start_samples"] for row in rows]
            vector = middle(numbers.astype(np.float32), lengths)
            if not features:
                return Example(vector, asset.id)
            found = takes.by_ids(connection, [row["take_id"] for row in rows][:_MEASURED_MOST])
            lengths = [row["end_samples"] - row["start_samples"] for row in found.values()]
            measured = middle_of(features_of_takes([dict(row) for row in found.values()]), lengths)
            return Example(vector, asset.id, measured)
    path = Path(what) if asset is None else folders(connection)[asset.root] / asset.path
    if not path.is_file():
        raise LibraryError(f"--like {reference}: no sound in the library and no file has this name")
    from library.describe import vectors_of_file

    model_name = model["name"] if model is not None else ""
    heard, lengths = vectors_of_file(path, stretch_s, model_name)
    return Example(
        middle(heard, lengths),
        asset.id if asset else None,
        features_of_file(path, stretch_s) if features else None,
    )


def middle(vectors: Vectors, lengths: Sequence[int]) -> Vectors:
    """The direction of a sound of several takes; long ones say more of it than short ones."""
    weights = np.maximum(np.array(lengths, dtype=np.float32), 1.0)
    return unit(weights @ vectors / weights.sum())


def unit(vector: Vectors) -> Vectors:
    """The same direction at length 1; a vector of zeros stays as it is."""
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)


def _is_stretch(row: sqlite3.Row, rate_hz: int, stretch_s: tuple[float, float]) -> bool:
    start, end = row["start_samples"] / rate_hz, row["end_samples"] / rate_hz
    shared = min(end, stretch_s[1]) - max(start, stretch_s[0])
    whole = max(end, stretch_s[1]) - min(start, stretch_s[0])
    return bool(shared >= _SAME_STRETCH * whole)
