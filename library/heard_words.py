"""Words asked of sounds that nobody named: the takes that answer them by ear alone."""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import numpy as np

from db import assets, find, hearings, takes
from db.conditions import Condition, Test
from library.asset import Asset, Take
from library.audioset import class_names
from library.by_ear import STEPS, Floats, Rows, best_by_ear, witness
from library.catalogue import asset_of_row, take_of_row
from library.ear_index import ScoresOf, scores_of_takes
from library.ear_kinds import load_kinds
from library.ear_words import classes_for, stand_ins, stems
from library.near_words import load_near_words
from library.query import Query
from library.synonyms import as_heard
from library.vector_index import open_index

_LEAST_WEIGHT = 0.3  # of the class asked for most; others only help to rank
_LEAST_SCORE = 0.1  # of a class asked for; a sound that has less does not speak for it
_LEAST_KIND = 2.5  # standard deviations towards a learned kind
_LEAST_STRENGTH = 1.0

H = TypeVar("H")


def hits_by_ear(
    connection: sqlite3.Connection,
    asked: Query,
    but: str | None,
    named: Collection[int],
    limit: int,
    hit_of: Callable[[Asset, Take, float, str], H],
) -> list[H]:
    """At most `limit` hits beside those that are `named` (asset ids), the likeliest first.

    Only sounds without a CatID are asked: who gave one has said what the sound is.
    Quotes say that the words themselves are meant, so a query with a phrase has none.
    """
    words = words_of(asked)
    if not words or limit < 1 or not hearings.any_kept(connection):
        return []
    index = open_index(connection)
    if index is None:
        return []
    kinds = load_kinds()
    fitting = kinds if kinds is not None and kinds.model == index.model else None
    n_untagged = assets.count_untagged(connection)
    if not n_untagged:
        return []
    among = None
    if n_untagged < assets.count(connection):
        among = np.array(assets.untagged(connection), dtype=np.int64)
    direction = None if fitting is None else fitting.direction_for(words)
    classes = classes_for(words)
    if direction is None and not classes.any():
        return []
    scores_of = scores_of_takes(connection, index)

    def nearest(towards: Floats, most: int) -> Rows:
        return index.nearest_rows(towards, most, among)[0]

    told = None if direction is None else witness(direction, index.at, nearest)
    may_answer = None if among is None else np.isin(index.every_asset_id(), among)
    rows, strengths = best_by_ear(classes, told, scores_of, index.at, nearest, may_answer)
    take_ids, asset_ids = index.ids_at(rows)
    asked_classes = np.flatnonzero(classes >= _LEAST_WEIGHT * classes.max())
    scores = _scores(scores_of, asked_classes, rows)
    towards_kind = np.zeros(rows.size) if told is None else told.strength_of(rows)
    allowed = _allowed(connection, asked.conditions, but, set(asset_ids.tolist()) - set(named))
    take_rows = takes.by_ids(connection, take_ids.tolist(), find.on_takes(asked.conditions))
    kind = fitting.asked_for(words)[0][0] if fitting is not None and told is not None else ""
    meant = _told(words)
    hits: list[H] = []
    asset_rows = assets.by_ids(connection, sorted(allowed))
    for place in range(rows.size):
        asset_id, row = int(asset_ids[place]), take_rows.get(int(take_ids[place]))
        speaks = scores[:, place].max(initial=0.0) >= _LEAST_SCORE
        if strengths[place] < _LEAST_STRENGTH or asset_id not in asset_rows or row is None:
            continue
        if not speaks and towards_kind[place] < _LEAST_KIND:
            continue
        why = _why(asked_classes, scores[:, place], kind if towards_kind[place] > 1.0 else "")
        why += meant
        asset = asset_of_row(asset_rows.pop(asset_id))
        hits.append(hit_of(asset, take_of_row(row), float(strengths[place]), why))
        if len(hits) == limit:
            break
    return hits


def words_of(asked: Query) -> str:
    """The words that an ear may be asked for; "" where the words themselves are meant."""
    terms = [term for group in asked.groups if not group.negated for term in group.terms]
    if any(term.kind == "phrase" for term in terms):
        return ""
    return " ".join(as_heard(term.text) for term in terms)


def _scores(scores_of: ScoresOf, classes: Rows, rows: Rows) -> Floats:
    """(classes, rows): the scores themselves, 0 to 1."""
    held = [scores_of(int(number))[rows] for number in classes]
    roots = np.array(held, np.float32).reshape(len(held), rows.size) / STEPS
    return np.square(roots, dtype=np.float32)


def _why(classes: Rows, scores: Floats, kind: str) -> str:
    names, best = class_names(), dict[str, float]()
    # Several classes are called "Inside"; the one that is heard best speaks for them.
    for number, score in zip(classes.tolist(), scores.tolist(), strict=True):
        name = names[number].split(",")[0]
        best[name] = max(score, best.get(name, 0.0))
    first = sorted(best.items(), key=lambda each: (-each[1], each[0]))[:2]
    told = [f"{name} {score:.2f}" for name, score in first if score >= 0.05]
    return "by ear: " + ", ".join([*told, *([f"like {kind}"] if kind else [])])


def _told(words: str) -> str:
    """What stood in for words, where it says anything new: "; wept ≈ crying", or "".

    What a rare word means is partly guessed by its spelling; that helps, and is not told.
    """
    if not load_near_words().is_common(words):
        return ""
    own = set(stems(words))
    others = (one.name for one in stand_ins(words) if own.isdisjoint(stems(one.name)))
    other = next(others, "")
    return f"; {words} ≈ {other}" if other else ""


def _allowed(
    connection: sqlite3.Connection,
    conditions: Sequence[Condition],
    but: str | None,
    asset_ids: set[int],
) -> set[int]:
    if not conditions and but is None:
        return asset_ids
    among = Condition("id", tuple(Test("=", (number,)) for number in sorted(asset_ids)))
    return set(find.ids(connection, None, but, [among, *conditions])) if asset_ids else set()
