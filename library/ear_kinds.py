"""Kinds of sound that were learned from examples: where in the space of vectors each lies.

models/ear_kinds.npz holds the directions, learned by tools/learn_ear_kinds.py; they fit the
vectors of one model only, and are silent beside any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from library.ear_words import categories_for, stems

Floats = NDArray[np.float32]

_FILE = Path(__file__).parent / "models" / "ear_kinds.npz"
_RIDGE = 0.1  # of the mean variance of an axis
_KINDS_MOST = 3
_DEVIATIONS = 0.8  # that make a kind e times as likely; benchmarks/cat_ids.py
_BY_CATEGORY = 0.6  # a shared category says less than a shared word


@dataclass(frozen=True)
class EarKinds:
    """Names in plain English, and a direction for each: a vector's product with it is in
    standard deviations, so that kinds compare."""

    model: str
    names: tuple[str, ...]
    directions: Floats  # (kinds, dimensions)

    def asked_for(self, words: str) -> list[tuple[str, float]]:
        """The kinds that words speak of, best first, each with a weight up to 1."""
        asked, asked_categories = set(stems(words)), categories_for(words)
        weights = []
        for name, (own, own_categories) in zip(self.names, self._known, strict=True):
            shared = 2 * len(asked & own) / (len(asked) + len(own)) if asked else 0.0
            alike = _cosine(asked_categories, own_categories)
            weights.append((name, max(shared, _BY_CATEGORY * alike)))
        best = sorted(weights, key=lambda pair: (-pair[1], pair[0]))[:_KINDS_MOST]
        return [(name, weight) for name, weight in best if weight >= 0.4]

    def direction_for(self, words: str) -> Floats | None:
        """Where sounds of the kinds asked for lie, or None where no kind is."""
        asked = self.asked_for(words)
        if not asked:
            return None
        weights = np.array([weight**3 for _name, weight in asked], np.float32)
        rows = self.directions[[self.names.index(name) for name, _weight in asked]]
        direction: Floats = asked[0][1] * (weights @ rows) / weights.sum()
        return direction

    def likely(self, vectors: Floats) -> dict[str, float]:
        """How likely each kind is for one sound, all together one.

        Args:
            vectors: of its takes, shape (takes, dimensions).
        """
        strengths = (vectors @ self.directions.T).mean(axis=0) / _DEVIATIONS
        odds = np.exp(strengths - strengths.max())
        return dict(zip(self.names, (odds / odds.sum()).tolist(), strict=True))

    @cached_property
    def _known(self) -> list[tuple[set[str], dict[str, float]]]:
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


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    shared = sum(score * other.get(key, 0.0) for key, score in one.items())
    lengths = sum(s * s for s in one.values()) * sum(s * s for s in other.values())
    return shared / lengths**0.5 if shared else 0.0
