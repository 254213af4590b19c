"""Words of many rows as arrays: which rows hold a word, how often, and in which column.

For each word as written (folded), in the order of its stem, the rows that hold it follow each
other; so all forms of a word, and all words that begin alike, are one stretch. What is made of
the texts is what FTS5 has of them, by its own tokeniser.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from db import words
from db.tokens import Tokens

_BATCH = 4_000  # rows
_N_COLUMNS = len(words.COLUMNS)
_BITS = np.array([3, 3, 5, 3, 2])  # in `counts`, of each column; a higher count is as good as full
_SHIFTS = np.cumsum(_BITS) - _BITS
_COUNT_MOST = 2**_BITS - 1
_LONGEST = 2**16 - 1  # words
_END = b"\x01"  # of a text
# In ASCII FTS5's words are letters and digits; of all else it says itself what is a word.
_APART = bytes(
    at if at >= 0x80 or at in _END or chr(at).isalnum() else ord(" ") for at in range(256)
).lower()


@dataclass(frozen=True)
class Segment:
    """The words of rows of the word index."""

    rows: NDArray[np.int64]  # (n,), rising
    lengths: NDArray[np.uint16]  # (n,), words of each
    keys: NDArray[np.uint8]  # stem, 0, word of each word; one after the other, in order
    key_starts: NDArray[np.int64]  # (m + 1,)
    starts: NDArray[np.int64]  # (m + 1,), where in `places` those of a word begin
    places: NDArray[np.int32]  # of rows that hold a word, rising within each word
    counts: NDArray[np.uint16]  # how often, in each column: _BITS, the first of COLUMNS lowest

    def stretch(self, begin: bytes, end: bytes) -> range:
        """The words whose keys are from `begin` to before `end`."""
        every = range(self.starts.size - 1)
        first = bisect_left(every, begin, key=self.key)
        return range(first, bisect_left(every, end, lo=first, key=self.key))

    def key(self, word: int) -> bytes:
        """Stem, 0 and word."""
        return self.keys[self.key_starts[word] : self.key_starts[word + 1]].tobytes()

    def held(self, some: range) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
        """`places` and `counts` of these words, one word after the other."""
        part = slice(int(self.starts[some.start]), int(self.starts[some.stop]))
        return self.places[part], self.counts[part]

    def count(self, some: range) -> int:
        """How many places that is."""
        return int(self.starts[some.stop] - self.starts[some.start])

    def asset_ids(self) -> NDArray[np.int64]:
        """The asset of each row."""
        asset_ids: NDArray[np.int64] = self.rows & words.ASSET_OF_ROW
        return asset_ids

    def place_of(self, rows: NDArray[np.int64]) -> NDArray[np.intp]:
        """Where rows stand, of those that are here."""
        at = np.searchsorted(self.rows, rows)
        here = at < self.rows.size
        here[here] = self.rows[at[here]] == rows[here]
        return at[here]


def weights_of_counts(columns: Iterable[str] = words.COLUMNS) -> NDArray[np.float64]:
    """For each of `counts`: BM25's weighted frequency in these columns.

    >>> float(weights_of_counts()[0o12]), float(weights_of_counts(["category"])[0o12])
    (25.0, 5.0)
    """
    counts = np.arange(2 ** int(_BITS.sum()))
    weighted = np.zeros(counts.size)
    for at, (column, weight) in enumerate(zip(words.COLUMNS, words.WEIGHTS, strict=True)):
        if column in columns:
            weighted += weight * (counts >> _SHIFTS[at] & _COUNT_MOST[at])
    return weighted


class _Numbers(dict[bytes, int]):
    """Words, numbered as they come."""

    def __missing__(self, word: bytes) -> int:
        self[word] = number = len(self)
        return number


def make_segment(texts: Iterable[words.RowTexts]) -> Segment:
    """The words of rows: (rowid, a text for each of COLUMNS), in the order of rowids."""
    tokens, numbers = Tokens(), _Numbers({_END: 0})
    of_others: dict[bytes, list[bytes]] = {}  # words in pieces that are not ASCII
    rows: list[int] = []
    parts: list[tuple[NDArray[Any], ...]] = []
    lengths: list[NDArray[Any]] = []
    every = iter(texts)
    while batch := list(islice(every, _BATCH)):
        texts_here = [text for row in batch for text in row[1:]]
        pieces = _words(texts_here, tokens, of_others)
        of_piece = np.fromiter(map(numbers.__getitem__, pieces), np.int64, len(pieces))
        is_end = of_piece == 0
        text_of = np.cumsum(is_end)[~is_end]
        of_piece = of_piece[~is_end]
        place, column = text_of // _N_COLUMNS, text_of % _N_COLUMNS
        lengths.append(np.bincount(place, minlength=len(batch)))
        each, times = np.unique(
            (of_piece * len(batch) + place) * _N_COLUMNS + column, return_counts=True
        )
        of_column = each % _N_COLUMNS
        packed = np.minimum(times, _COUNT_MOST[of_column]) << _SHIFTS[of_column]
        first = np.flatnonzero(np.diff(each // _N_COLUMNS, prepend=-1))
        held = each[first] // _N_COLUMNS
        parts.append(
            (
                (held // len(batch)).astype(np.int32),
                (held % len(batch) + len(rows)).astype(np.int32),
                (np.add.reduceat(packed, first) if first.size else packed).astype(np.uint16),
            )
        )
        rows += [row[0] for row in batch]
    known = list(numbers)[1:]
    numbers.clear()  # a million words are much memory
    return _in_order(tokens, known, rows, lengths, parts)


def _words(texts: list[str], tokens: Tokens, of_others: dict[bytes, list[bytes]]) -> list[bytes]:
    """The words of texts, and after those of each _END."""
    end = _END.decode()
    whole = f" {end} ".join([text.replace(end, " ") for text in texts])
    pieces = f"{whole} {end}".encode(errors="replace").translate(_APART).split()
    if whole.isascii():
        return pieces
    new = list({p for p in pieces if not p.isascii() and p not in of_others})
    for piece, found in zip(new, tokens.plain([p.decode() for p in new]), strict=True):
        of_others[piece] = [word.encode() for word in found]
    return [word for p in pieces for word in of_others.get(p, (p,))]


def _in_order(
    tokens: Tokens,
    every: list[bytes],
    rows: list[int],
    lengths: list[NDArray[Any]],
    parts: list[tuple[NDArray[Any], ...]],
) -> Segment:
    letters = [word for word in every if not word.isdigit()]
    stems = dict(zip(letters, tokens.stems([word.decode() for word in letters]), strict=True))
    keys = [(stems[word][0].encode() if stems.get(word) else word) + b"\0" + word for word in every]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    new_number = np.zeros(len(keys) + 1, np.int32)
    new_number[np.array(order, np.int64) + 1] = np.arange(len(keys), dtype=np.int32)
    key_sizes, joined = [len(keys[at]) for at in order], b"".join(keys[at] for at in order)
    del keys, order
    starts, places, counts = _by_word(new_number, len(key_sizes), parts)
    return Segment(
        np.array(rows, np.int64),
        np.minimum(np.concatenate(lengths or [np.zeros(0, np.int64)]), _LONGEST).astype(np.uint16),
        np.frombuffer(joined, np.uint8),
        _starts(key_sizes),
        starts,
        places,
        counts,
    )


def _by_word(
    new_number: NDArray[np.int32], n_words: int, parts: list[tuple[NDArray[Any], ...]]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint16]]:
    """`starts`, `places` and `counts`: parts are laid into place one by one, and let go.

    To sort all at once would take three times the memory.
    """
    of_word = np.zeros(n_words, np.int64)
    for word, _places, _counts in parts:
        np.take(new_number, word, out=word)
        of_word += np.bincount(word, minlength=n_words)
    starts = _starts(of_word)
    free = starts[:-1].copy()  # where the next place of each word goes
    places, counts = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.uint16)
    parts.reverse()
    while parts:
        word, place, count = parts.pop()
        order = np.argsort(word, kind="stable")
        each, first, times = np.unique(word[order], return_index=True, return_counts=True)
        at = np.repeat(free[each] - first, times) + np.arange(order.size)
        free[each] += times
        places[at], counts[at] = place[order], count[order]
    return starts, places, counts


def _starts(sizes: Any) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.asarray(sizes, np.int64))]).astype(np.int64)
