"""Sounds that the library has more than once: the same in other files, and the nearly same.

The same are told by their hash. The nearly same (resampled, trimmed, at another level, one
channel of two) are first suspected by their vectors and then held against each other,
sample by sample. Nothing is ever deleted.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db import assets
from library.asset import Asset
from library.catalogue import asset_of_row, folders
from library.heard_files import HeardFiles
from library.near_assets import near_assets
from library.parallel import default_workers
from library.same_sound import Heard, Sameness, sameness_heard, told
from library.vector_index import open_index

_PAIRS_AT_ONCE = 1_024
_SAME_LENGTH_S = 0.1  # what an encoder adds is not worth keeping
_LOSSY = ("MP3", "OGG", "OPUS")

Progress = Callable[[str, int, int], None]


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
    progress: Progress = lambda doing, done, total: None,
) -> Iterator[Duplicate]:
    """Every file that holds the sound of another, with the first or the best of these.

    Args:
        near: also those that only sound the same, which reads the suspected files.
        progress: told what is done ("takes", "suspects"), and how many of how many.
    """
    stands_for = dict[int, int]()  # of files with the same samples the first is compared
    for copies in assets.with_copies(connection):
        first, *others = [asset_of_row(row) for row in copies]
        for other in others:
            stands_for[other.id] = first.id
            yield Duplicate(first=first, second=other, reasons=("same samples",))
    if near:
        pairs = _suspects(connection, stands_for, progress)
        yield from _near(connection, pairs, progress)


def _suspects(
    connection: sqlite3.Connection, stands_for: Mapping[int, int], progress: Progress
) -> NDArray[np.int64]:
    """(n, 2): pairs of files of which some takes sound alike, each once, in a good order."""
    index = open_index(connection)
    if index is None:
        return np.zeros((0, 2), np.int64)
    of = np.array(sorted(stands_for), np.int64)
    first = np.array([stands_for[number] for number in of.tolist()], np.int64)
    found = [np.zeros((0, 2), np.int64)]
    for pairs in near_assets(index, lambda done, total: progress("takes", done, total)):
        if of.size:
            at = np.minimum(np.searchsorted(of, pairs), of.size - 1)
            pairs = np.where(of[at] == pairs, first[at], pairs)
        pairs = np.unique(np.sort(pairs, axis=1), axis=0)
        found.append(pairs[pairs[:, 0] != pairs[:, 1]])
    every = np.concatenate(found)
    _, once = np.unique(every, axis=0, return_index=True)
    return every[np.sort(once)]


def _near(
    connection: sqlite3.Connection, pairs: NDArray[np.int64], progress: Progress
) -> Iterator[Duplicate]:
    """Those suspects that are one sound. What is one already is not compared once more."""
    groups, same = _Groups(), dict[tuple[int, int], Sameness]()
    sounds = HeardFiles(folders(connection))

    def compare(pair: tuple[int, int]) -> Sameness | None:
        if groups.first(pair[0]) == groups.first(pair[1]):
            return None
        one, two = (sounds.of(rows.get(number)) for number in pair)
        return None if one is None or two is None else sameness_heard(one, two)

    with ThreadPoolExecutor(default_workers()) as threads:
        for start in range(0, len(pairs), _PAIRS_AT_ONCE):
            taken = pairs[start : start + _PAIRS_AT_ONCE].tolist()
            rows = _assets(connection, {number for pair in taken for number in pair})
            some = [_longer_first(one, two, rows) for one, two in taken]
            for at, (pair, found) in enumerate(zip(some, threads.map(compare, some), strict=True)):
                progress("suspects", start + at + 1, len(pairs))
                if found is not None:
                    same[pair] = found
                    groups.join(*pair)
    for members in groups.all():
        yield from _told(_assets(connection, members), same, sounds)


def _told(
    members: Mapping[int, Asset], same: Mapping[tuple[int, int], Sameness], sounds: HeardFiles
) -> Iterator[Duplicate]:
    """Each file of a group with the best of it, or with one that it was found to be."""
    heard = {number: sounds.of(asset) for number, asset in members.items()}
    best = _best(members.values(), heard)
    for asset in sorted(members.values(), key=lambda asset: (asset.root, asset.path)):
        if asset is best:
            continue
        one, two = heard[best.id], heard[asset.id]
        found = None if one is None or two is None else sameness_heard(one, two)
        first, second = best, asset
        if found is None:
            pair = next(pair for pair in same if asset.id in pair)
            first, second = members[pair[0]], members[pair[1]]
            found = same[pair]
        reasons = told(
            found,
            (first.sample_rate_hz, first.channels, first.duration_s),
            (second.sample_rate_hz, second.channels, second.duration_s),
        )
        yield Duplicate(first=first, second=second, reasons=reasons)


def _best(group: Collection[Asset], heard: Mapping[int, Heard | None]) -> Asset:
    """The one that the others were made from, most likely: the longer, finer, wider, louder."""
    lengths = {number: one.length_s if one else 0.0 for number, one in heard.items()}
    longest_s = max(lengths.values())

    def better(asset: Asset) -> tuple[float, ...]:
        one = heard[asset.id]
        width = len(one.views) if one else 0  # 1: all channels are one
        return (
            one is None,
            asset.format in _LOSSY,
            -asset.sample_rate_hz,
            -width,
            asset.channels if width == 1 else -asset.channels,
            -(asset.bits or 0),
            -round(asset.true_peak_dbtp or -200.0, 1),
            -round(lengths[asset.id], 2),
            asset.duration_s,
            asset.id,
        )

    return min((a for a in group if lengths[a.id] >= longest_s - _SAME_LENGTH_S), key=better)


def _assets(connection: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Asset]:
    rows = assets.by_ids(connection, sorted(numbers))
    return {number: asset_of_row(row) for number, row in rows.items()}


def _longer_first(one: int, two: int, rows: Mapping[int, Asset]) -> tuple[int, int]:
    """What was cut is looked for in what it was cut from."""
    lengths = [rows[each].duration_s if each in rows else 0.0 for each in (one, two)]
    return (two, one) if lengths[1] > lengths[0] else (one, two)


class _Groups:
    """Files that were found to hold one sound."""

    def __init__(self) -> None:
        self._of = dict[int, int]()

    def first(self, number: int) -> int:
        while (above := self._of.get(number, number)) != number:
            number = above
        return number

    def join(self, one: int, two: int) -> None:
        low, high = sorted((self.first(one), self.first(two)))
        self._of[high] = low
        self._of.setdefault(low, low)

    def all(self) -> list[list[int]]:
        groups = dict[int, list[int]]()
        for number in self._of:
            groups.setdefault(self.first(number), []).append(number)
        return list(groups.values())
