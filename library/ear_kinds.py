"""Kinds of sound that were learned from examples: where in the space of vectors each lies.

models/ear_kinds.npz holds the directions, learned by tools/learn_ear_kinds.py; they fit the
vectors of one model only, and are silent beside any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from library.ear_words import categories_for, meaning_of, stems
from library.near_words import load_near_words

Floats = NDArray[np.float32]

_FILE = Path(__file__).parent / "models" / "ear_kinds.npz"
_RIDGE = 0.1  # of the mean variance of an axis
_KINDS_MOST = 3
_DEVIATIONS = 0.8  # that make a kind e times as likely; benchmarks/cat_ids.py
_NAMED = 0.6  # of the words, in the query and in a name: that kind is meant
_NEAR_MOST = 8  # kinds near in meaning
_NEAR_LEAST, _NEAR_FULLY, _NEAR_SPREAD = 0.3, 0.5, 0.05  # cosines
_BY_CATEGORY = 0.6  # a shared category says less than a shared word


@dataclass(frozen=True)
class EarKinds:
    """Names in plain English, and a direction for each: a vector's product with it is in
    standard deviations, so that kinds compare."""

    model: str
    names: tuple[str, ...]
    directions: Floats  # (kinds, dimensions)

    def asked_for(self, words: str) -> list[tuple[str, float]]:
        """The kinds that words speak of, best first, each with its part of what is asked.

        Parts add up to 1 at most. Where no kind has most of the words in its name, kinds are
        asked for that are near in meaning (library.near_words), if that is known.
        """
        asked, asked_categories = set(stems(words)), categories_for(words)
        shared, weights = [], []
        for own, own_categories in self._known:
            shared.append(2 * len(asked & own) / (len(asked) + len(own)) if asked else 0.0)
            alike = _cosine(asked_categories, own_categories)
            weights.append(max(shared[-1], _BY_CATEGORY * alike))
        near = None if max(shared, default=0.0) >= _NAMED else self._near(words)
        if near is not None:
            return near
        best = sorted(zip(weights, self.names, strict=True), key=lambda w: (-w[0], w[1]))
        best = [(weight, name) for weight, name in best[:_KINDS_MOST] if weight >= 0.4]
        whole = sum(weight**3 for weight, _name in best)
        return [(name, best[0][0] * weight**3 / whole) for weight, name in best]

    def direction_for(self, words: str) -> Floats | None:
        """Where sounds of the kinds asked for lie, or None where no kind is."""
        asked = self.asked_for(words)
        if not asked:
            return None
        parts = np.array([part for _name, part in asked], np.float32)
        direction: Floats = parts @ self.directions[[self.names.index(name) for name, _ in asked]]
        return direction

    def likely(self, vectors: Floats) -> dict[str, float]:
        """How likely each kind is for one sound, all together one.

        Args:
            vectors: of its takes, shape (takes, dimensions).
        """
        strengths = (vectors @ self.directions.T).mean(axis=0) / _DEVIATIONS
        odds = np.exp(strengths - strengths.max())
        return dict(zip(self.names, (odds / odds.sum()).tolist(), strict=True))

    def _near(self, words: str) -> list[tuple[str, float]] | None:
        """As asked_for, by meaning; None where it is not known."""
        meant = meaning_of(words)
        if meant is None:
            return None
        cosines = self._meanings @ meant
        nearest = np.argsort(-cosines, kind="stable")[:_NEAR_MOST]
        best = float(cosines[nearest[0]])
        if best < _NEAR_LEAST:
            return None
        weights = np.exp((cosines[nearest] - best) / _NEAR_SPREAD)
        parts = (min(1.0, best / _NEAR_FULLY) * weights / weights.sum()).tolist()
        return [(self.names[n], part) for n, part in zip(nearest.tolist(), parts, strict=True)]

    @cached_property
    def _meanings(self) -> Floats:
        """Of the names, shape (kinds, numbers); by their words where the table has no such name."""
        table = load_near_words()
        known = dict(zip(table.names, table.meanings_of_names(), strict=True))
        none = np.zeros(table.name_vectors.shape[1], np.float32)
        found = []
        for name in self.names:
            meant = known[name] if name in known else table.meaning(name)
            found.append(none if meant is None else meant)
        return np.array(found, np.float32)

    @cached_property
    def _known(self) -> list[tuple[set[str], Mapping[str, float]]]:
        return [(set(stems(name)), categories_for(name)) for name in self.names]


def learn_kinds(vectors: Floats, kinds: Sequence[str], model: str) -> EarKinds:
    """Directions by ridge regression, rare kinds raised to the root of their number.

    Args:
        vectors: of unit length, shape (sounds, dimensions).
        kinds: the kind of each sound, in plain English.
    """
    names = tuple(sorted(set(kinds)))
    mean = vectors.mean(axis=0)
    apart = (vectors - mean).astype(np.float64)
    is_kind = np.array([[kind == name for name in names] for kind in kinds], np.float64)
    is_kind /= np.sqrt(is_kind.sum(axis=0))
    ridge = _RIDGE * len(apart) * (apart**2).sum(axis=1).mean() / apart.shape[1]
    gram = apart.T @ apart + ridge * np.eye(apart.shape[1])
    directions = np.linalg.solve(gram, apart.T @ is_kind).T
    spread = float((apart @ directions.T).std(axis=0).mean())
    return EarKinds(model, names, (directions / spread).astype(np.float32))


def save_kinds(kinds: EarKinds, path: Path = _FILE) -> None:
    """Write them in half precision."""
    np.savez_compressed(
        path, model=kinds.model, names=kinds.names, directions=kinds.directions.astype(np.float16)
    )


@lru_cache(maxsize=1)
def load_kinds() -> EarKinds | None:
    """Those that ship with the program."""
    if not _FILE.exists():
        return None
    with np.load(_FILE) as held:
        return EarKinds(
            str(held["model"]), tuple(map(str, held["names"])), held["directions"].astype("f4")
        )


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(score * other.get(key, 0.0) for key, score in one.items())
    lengths = sum(s * s for s in one.values()) * sum(s * s for s in other.values())
    return shared / lengths**0.5 if shared else 0.0
