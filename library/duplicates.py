"""Sounds that the library has more than once: the same in other files, and the nearly same.

The same are told by their hash. The nearly same (resampled, trimmed, at another level, one
channel of two) are first suspected by their vectors and then held against each other,
sample by sample. Nothing is ever deleted.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio import AudioError
from audio.files import open_sound
from db import assets
from library.asset import Asset
from library.catalogue import asset_of_row, folders
from library.same_sound import COMPARE_MOST_S, Mono, sameness, to_compare, told
from library.vector_index import VectorIndex, open_index

_SUSPECT_COSINE = 0.9
_SUSPECTS_MOST = 8  # neighbours of a take that are held against it
_LENGTHS_APART = 3.0  # of a sound and its trimmed copy, at most
_ROWS_AT_ONCE = 256


@dataclass(frozen=True, kw_only=True)
class Duplicate:
    """Two files of one sound, and how the second differs from the first."""

    first: Asset
    second: Asset
    reasons: tuple[str, ...]  # "same samples", or what was done to the second

    @property
    def is_exact(self) -> bool:
        return self.first.sound_hash == self.second.sound_hash


def duplicates(
    connection: sqlite3.Connection,
    *,
    near: bool = True,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[Duplicate]:
    """Every pair of files that hold one sound, each file of the same sound with the first.

    Args:
        near: also those that only sound the same, which reads the suspected files.
        progress: told how many suspects of how many are looked at.
    """
    for copies in assets.with_copies(connection):
        first, *others = [asset_of_row(row) for row in copies]
        for other in others:
            yield Duplicate(first=first, second=other, reasons=("same samples",))
    index = open_index(connection) if near else None
    if index is None:
        return
    pairs = sorted(_suspects(index))
    rows = assets.by_ids(connection, sorted({number for pair in pairs for number in pair}))
    sounds = _Sounds(folders(connection))
    for done, (one, two) in enumerate(pairs):
        progress(done, len(pairs))
        if one in rows and two in rows:
            pair = [asset_of_row(rows[one]), asset_of_row(rows[two])]
            pair.sort(key=_better_first)
            found = _compare(pair[0], pair[1], sounds)
            if found is not None:
                yield found


def _suspects(index: VectorIndex) -> set[tuple[int, int]]:
    """Pairs of assets of which some takes sound alike."""
    vectors, asset_ids = index.everything()
    pairs: set[tuple[int, int]] = set()
    for start in range(0, len(vectors), _ROWS_AT_ONCE):
        cosines = vectors[start : start + _ROWS_AT_ONCE].astype(np.float32) @ vectors.T
        for row, columns in _near(cosines):
            one = int(asset_ids[start + row])
            pairs.update(
                (min(one, two), max(one, two)) for two in map(int, asset_ids[columns]) if one != two
            )
    return pairs


def _near(cosines: NDArray[np.float32]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    for row in np.flatnonzero((cosines >= _SUSPECT_COSINE).sum(axis=1) > 1):
        columns = np.flatnonzero(cosines[row] >= _SUSPECT_COSINE)
        order = np.argsort(-cosines[row, columns])[: _SUSPECTS_MOST + 1]
        yield int(row), columns[order]


def _better_first(asset: Asset) -> tuple[float, ...]:
    """The one that the other was made from, most likely: the longer, finer, wider."""
    return (-round(asset.duration_s, 2), -asset.sample_rate_hz, -asset.channels, asset.id)


def _compare(first: Asset, second: Asset, sounds: "_Sounds") -> Duplicate | None:
    if first.sound_hash == second.sound_hash:
        return None  # told already
    if first.duration_s > _LENGTHS_APART * second.duration_s:
        return None
    try:
        same = sameness(sounds.to_compare(first), sounds.to_compare(second))
    except AudioError:
        return None  # gone or damaged since it was scanned
    if same is None:
        return None
    reasons = told(
        same,
        (first.sample_rate_hz, first.channels, first.duration_s),
        (second.sample_rate_hz, second.channels, second.duration_s),
    )
    return Duplicate(first=first, second=second, reasons=reasons)


class _Sounds:
    """Sounds as they are compared; the last ones are kept."""

    def __init__(self, roots: Mapping[str, Path]) -> None:
        self._roots = roots
        self._read = lru_cache(maxsize=64)(self._read_file)

    def to_compare(self, asset: Asset) -> Mono:
        return self._read(self._roots[asset.root] / asset.path)

    @staticmethod
    def _read_file(path: Path) -> Mono:
        with open_sound(path) as sound:
            most = round(_LENGTHS_APART * COMPARE_MOST_S * sound.sample_rate_hz)
            return to_compare(sound.read(0, most), sound.sample_rate_hz)
