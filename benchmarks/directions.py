"""Made-up vectors that lie as those of real sounds do, to measure likeness at any size.

What is copied from 1,667 takes of 960 recordings (109 kinds, 18 makers) is not a vector but three
facts: how the spread falls from axis to axis (`SPREAD`), how alike two takes are on average
that share a kind, a kind and a maker, or a file (`SHARED`), and how unevenly files
vary (`UNEVEN`). `python benchmarks/directions.py LIBRARY` prints such facts of a library beside
those of made-up vectors: the nearest is as near and neighbours have as many directions, but those
further away lie a little thinner.
"""

import sys
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from db import vectors
from db.connect import open_catalogue

Floats = NDArray[np.float32]


def spread(dimensions: int) -> Floats:
    """Standard deviation along each axis: variances fall as (k + 3)^-0.9."""
    variances = (np.arange(dimensions) + 3.0) ** -0.9
    return np.asarray(np.sqrt(variances / variances.sum()), np.float32)


SHARED = {"kind": 0.18, "series": 0.29, "file": 0.49}  # mean cosine of two takes
UNEVEN = 1.3  # deviation of the logarithm of how much the takes of a file differ


class Directions:
    """Vectors of unit length: kinds, series within them, files, takes; each a Gaussian."""

    def __init__(self, dimensions: int, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._spread = spread(dimensions)
        turned, _ = np.linalg.qr(self._random.standard_normal((dimensions, dimensions)))
        self._axes = turned.astype(np.float32)  # so that no axis is one of the file's columns
        self._kinds: dict[object, Floats] = {}
        self._series: dict[object, Floats] = {}

    def takes(self, kind: object, maker: object, n_takes: int) -> Floats:
        """The takes of one more file of this kind and maker, (n_takes, dimensions)."""
        if kind not in self._kinds:
            self._kinds[kind] = self._drawn(1, SHARED["kind"])
        if (kind, maker) not in self._series:
            self._series[kind, maker] = self._drawn(1, SHARED["series"] - SHARED["kind"])
        file = self._drawn(1, SHARED["file"] - SHARED["series"])
        uneven = np.exp(UNEVEN * self._random.standard_normal() - UNEVEN**2)
        takes = self._drawn(n_takes, (1.0 - SHARED["file"]) * uneven)
        drawn = self._kinds[kind] + self._series[kind, maker] + file + takes
        found = drawn @ self._axes
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)

    def _drawn(self, count: int, share: float) -> Floats:
        normal = self._random.standard_normal((count, self._spread.size), dtype=np.float32)
        return np.asarray(np.sqrt(share) * self._spread * normal, np.float32)


def facts(found: Floats) -> dict[str, float]:
    """How vectors lie: what a neighbour search finds easy or hard."""
    cosines = found @ found.T - 2.0 * np.eye(len(found), dtype=np.float32)
    nearest = -np.sort(-cosines, axis=1)[:, :100]
    apart = np.sqrt(np.maximum(2.0 - 2.0 * nearest[:, :20], 1e-6))
    dimension = 1.0 / np.mean(np.log(apart[:, -1:] / apart[:, :-1]), axis=1)
    values = np.linalg.eigvalsh(np.cov(found.T))[::-1]
    return {
        "cosine of the nearest": float(np.median(nearest[:, 0])),
        "of the 10th": float(np.median(nearest[:, 9])),
        "of the 100th": float(np.median(nearest[:, 99])),
        # Levina and Bickel, Maximum likelihood estimation of intrinsic dimension, 2004.
        "intrinsic dimension of 20 neighbours": float(np.median(dimension)),
        "spread in 32 axes": float(values[:32].sum() / values.sum()),
        "in 64": float(values[:64].sum() / values.sum()),
        "in 128": float(values[:128].sum() / values.sum()),
    }


def main() -> None:
    with closing(open_catalogue(Path(sys.argv[1]))) as connection:
        model = vectors.chief(connection)
        assert model is not None
        some = vectors.spread(connection, model["id"], 2_000)
    real = np.array([np.frombuffer(each, np.float16) for each in some]).astype(np.float32)
    made = Directions(real.shape[1], 7)
    chance = np.random.default_rng(7)
    takes = [
        made.takes(int(kind), int(maker), int(count))
        for kind, maker, count in zip(
            chance.integers(0, 109, 960),
            chance.integers(0, 18, 960),
            chance.choice((1, 1, 1, 2, 4), 960),
            strict=True,
        )
    ]
    beside = facts(np.concatenate(takes)[: len(real)])
    for name, value in facts(real).items():
        print(f"{name:38} {value:7.3f}   made up {beside[name]:7.3f}")


if __name__ == "__main__":
    main()
