"""The user's own word on a sound's facets, and what is learnt from it about the others.

Touches the catalogue; what is learnt and how is `library.learn`.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from db import assets, tags, vectors
from db.connect import transaction
from library import LibraryError
from library.asset import Asset
from library.catalogue import asset_of_row, put_metadata
from library.facets import check_facet
from library.learn import FacetModel, learn
from library.metadata import told_facets
from library.sound_vectors import sound_vectors

CAT_ID = "cat_id"  # the field of suggestions that a scan makes; those of facets are made here
_AT_ONCE = 2_000
_LEAST_PROBABILITY = 0.5
_FARTHEST = 10  # per cent of the examples lie farther from their nearest than what is suggested for


@dataclass(frozen=True)
class Learnt:
    """What came of learning one facet."""

    facet: str
    values: tuple[str, ...]
    examples: int
    suggested: int  # sounds for which a value is suggested now


def read_tag(text: str) -> tuple[str, str | None]:
    """("surface", "gravel") of "surface=gravel"; None for "surface=", which takes it back.

    Raises:
        LibraryError: not FACET=VALUE, or no such facet or value; the nearest is named.

    >>> read_tag("surface=Parquet")
    ('surface', 'wood')
    """
    facet, equals, value = text.partition("=")
    if not equals or not facet.strip():
        raise LibraryError(f"{text!r} is not FACET=VALUE, for example surface=gravel")
    if value.strip():
        return check_facet(facet, value)
    known, _any = check_facet(facet, _first_value(facet))
    return known, None


def tag(connection: sqlite3.Connection, asset: Asset, said: Mapping[str, str | None]) -> Asset:
    """Remember the user's facets of a sound; None takes one back. The sound as it is then.

    They stand above what names tell, and no scan drops them.
    """
    with transaction(connection):
        for facet, value in said.items():
            tags.put(connection, asset.id, facet, value)
            tags.suggest(connection, asset.id, facet, ())
        told = told_facets(asset.fx_name, asset.path, asset.description)
        kept = {facet: value for facet, value in asset.facets.items() if facet not in said}
        kept |= {facet: told[facet] for facet in said if facet in told}
        changed = replace(asset, facets=kept | tags.of_asset(connection, asset.id))
        put_metadata(connection, [changed])
    return changed


def learn_from_tags(connection: sqlite3.Connection, *, with_names: bool = False) -> list[Learnt]:
    """Learn facets from the user's tags, and suggest them for all sounds that lack them.

    What was suggested before is dropped. Nothing is suggested for a sound that is less like
    any example than the examples are like each other, nor what is less likely than not.

    Args:
        with_names: facets that names tell teach as well.

    Raises:
        LibraryError: too few tags; or the catalogue has no vectors yet.
    """
    model = vectors.chief(connection)
    if model is None:
        raise LibraryError("nothing was heard yet; scan a folder first: dubstage scan FOLDER")
    known: dict[int, dict[str, str]] = defaultdict(dict)
    if with_names:
        for asset in _assets(connection):
            known[asset.id] |= asset.facets
    for asset_id, facet, value in tags.every(connection):
        known[asset_id][facet] = value
    taught = [number for number in sorted(known) if known[number]]
    heard = dict(sound_vectors(connection, int(model["id"]), taught))
    taught = [number for number in taught if number in heard]
    examples = np.stack([heard[number] for number in taught]) if taught else _none(model)
    columns = [f"v{index}" for index in range(int(model["dimensions"]))]
    learnt = learn(examples, [known[number] for number in taught], columns)
    reach = {
        facet: _Reach.of(examples[[facet in known[number] for number in taught]])
        for facet in learnt.facets
    }
    counts: dict[str, int] = defaultdict(int)
    with transaction(connection):
        tags.forget_suggestions(connection, but=CAT_ID)
        for some in _batches(
            sound_vectors(connection, int(model["id"]), assets.all_ids(connection))
        ):
            for number, facet, value, probability in _suggested(connection, learnt, reach, some):
                tags.suggest(connection, number, facet, [(value, round(probability, 4))])
                counts[facet] += 1
    return [
        Learnt(facet, one.values, one.n_examples, counts[facet])
        for facet, one in learnt.facets.items()
    ]


@dataclass(frozen=True)
class _Reach:
    """How like the examples a sound must be for them to say anything about it."""

    examples: NDArray[np.float64]  # of unit length
    least: float

    @classmethod
    def of(cls, examples: NDArray[np.float64]) -> "_Reach":
        likeness = examples @ examples.T
        np.fill_diagonal(likeness, -1.0)
        return cls(examples, float(np.percentile(likeness.max(axis=1), _FARTHEST)))

    def holds(self, rows: NDArray[np.float64]) -> NDArray[np.bool_]:
        return np.asarray((rows @ self.examples.T).max(axis=1) >= self.least)


def _suggested(
    connection: sqlite3.Connection,
    model: FacetModel,
    reach: Mapping[str, _Reach],
    sounds: Sequence[tuple[int, NDArray[np.float64]]],
) -> Iterator[tuple[int, str, str, float]]:
    """(asset id, facet, value, probability) for what is not known of these sounds."""
    rows = np.stack([vector for _number, vector in sounds])
    near = {facet: one.holds(rows) for facet, one in reach.items()}
    known = assets.by_ids(connection, [number for number, _vector in sounds])
    for index, ((number, _), likely) in enumerate(zip(sounds, model.suggest(rows), strict=True)):
        facets = asset_of_row(known[number]).facets
        for facet, (value, probability) in likely.items():
            if facet not in facets and near[facet][index] and probability > _LEAST_PROBABILITY:
                yield number, facet, value, probability


def _assets(connection: sqlite3.Connection) -> Iterator[Asset]:
    numbers = assets.all_ids(connection)
    for start in range(0, len(numbers), _AT_ONCE):
        rows = assets.by_ids(connection, numbers[start : start + _AT_ONCE])
        yield from (asset_of_row(rows[number]) for number in sorted(rows))


def _batches(
    sounds: Iterator[tuple[int, NDArray[np.float64]]],
) -> Iterator[list[tuple[int, NDArray[np.float64]]]]:
    some: list[tuple[int, NDArray[np.float64]]] = []
    for sound in sounds:
        some.append(sound)
        if len(some) == _AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _none(model: sqlite3.Row) -> NDArray[np.float64]:
    return np.zeros((0, int(model["dimensions"])))


def _first_value(facet: str) -> str:
    from library.facet_words import FACETS

    return next(iter(FACETS.get(facet.strip().lower(), {"": ()})))
