"""Words by their meaning: which things that can be heard a word stands near to.

models/near_words.npz holds 96 numbers for each of 27,338 English words and for the
names of all that the ear knows, made by tools/make_word_table.py from a small text model. The
meaning of several words is their sum. It is read when it is first asked for, in some ms.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from library.ucs_table import fold_words

Floats = NDArray[np.float32]

FILE = Path(__file__).parent / "models" / "near_words.npz"
_KNOWN_LEAST = 0.5  # of the words of a query; else they are of another language, most likely
# "early" is of no ear: the least that is left without each.
_ENDINGS = (("'s", 2), ("s", 3), ("es", 3), ("ed", 3), ("ing", 3), ("ly", 4))
_ENDINGS_IN_Y = ("ies", "ied", "ier", "iest", "ily", "iness")
# fmt: off
UNSAID = frozenset((
    "a", "about", "across", "after", "against", "an", "and", "around", "as", "at", "be", "before",
    "behind", "by", "down", "etc", "for", "from", "in", "into", "is", "it", "its", "of", "off",
    "on", "onto", "or", "out", "over", "some", "someone", "something", "that", "the", "this",
    "through", "to", "two", "one", "under", "up", "upon", "with", "within",
))
# fmt: on


@dataclass(frozen=True)
class NearWords:
    """Words and names with their meanings; those of names have unit length."""

    words: Sequence[str]  # in the order of the alphabet
    vectors: NDArray[np.int8]  # (words, 96): directions, in 1/127 of the largest number
    lengths: NDArray[np.uint8]  # (words,): how much each says beside others
    common: NDArray[np.bool_]  # (words,): known to the model whole, and not by its pieces alone
    names: Sequence[str]
    name_vectors: NDArray[np.int8]  # (names, 96)

    def meaning(self, words: str) -> Floats | None:
        """Of unit length; None where too few of the words are known to mean anything."""
        asked = [word for word in fold_words(words) if word not in UNSAID]
        places = [place for word in asked if (place := self._place(word)) is not None]
        if not places or len(places) < _KNOWN_LEAST * len(asked):
            return None
        of_words = unit(self.vectors[places]) * self.lengths[places, np.newaxis]
        whole: Floats = unit(of_words.sum(axis=0))
        return whole

    def meanings_of_names(self) -> Floats:
        """Of `names`, shape (names, 96)."""
        return unit(self.name_vectors)

    def is_common(self, words: str) -> bool:
        """Whether each of the words is known whole, so that what it means may be told."""
        places = [self._place(word) for word in fold_words(words) if word not in UNSAID]
        return all(place is not None and self.common[place] for place in places)

    def words_near(self, words: str, limit: int) -> list[tuple[str, float]]:
        """Other words that mean nearly the same, nearest first, each with its cosine.

        Of common words alone: what a rare one means is often guessed by its spelling, which is
        enough to help an ear, and not to be told.
        """
        meant = self.meaning(words)
        if meant is None or not self.is_common(words):
            return []
        cosines = np.where(self.common, unit(self.vectors) @ meant, -1.0)
        best = np.argsort(-cosines, kind="stable")[: limit + len(words.split())]
        own = set(fold_words(words))
        return [(self.words[n], float(cosines[n])) for n in best if self.words[n] not in own][
            :limit
        ]

    def _place(self, word: str) -> int | None:
        """Where a word stands, or the word that it is a form of."""
        for form in (word, *simpler_forms(word)):
            at = bisect_left(self.words, form)
            if at < len(self.words) and self.words[at] == form:
                return at
        return None


def simpler_forms(word: str) -> list[str]:
    """What an English word may be a form of, be it a word or not.

    >>> simpler_forms("stopped"), simpler_forms("puppies")
    (['stopp', 'stoppe', 'stop'], ['puppie', 'puppi', 'puppie', 'puppy'])
    """
    forms = []
    for ending, least in _ENDINGS:
        root = word.removesuffix(ending)
        if root == word or len(root) < least or (ending == "s" and root[-1] in "su"):
            continue
        forms += [root, root + "e"] if ending in ("es", "ed", "ing") else [root]
        if ending in ("ed", "ing") and root[-1] == root[-2]:
            forms.append(root[:-1])
    for ending in _ENDINGS_IN_Y:
        if word.endswith(ending):
            forms.append(word.removesuffix(ending) + "y")
    return forms


@lru_cache(maxsize=1)
def load_near_words() -> NearWords:
    """The table that ships with the program."""
    with np.load(FILE) as held:
        return NearWords(
            held["words"].tobytes().decode().split("\n"),
            held["vectors"],
            held["lengths"],
            held["common"],
            held["names"].tobytes().decode().split("\n"),
            held["name_vectors"],
        )


def save_near_words(table: NearWords, path: Path = FILE) -> None:
    """Write it as it is read: not compressed, and each time the same bytes."""
    words, names = (
        np.frombuffer("\n".join(texts).encode(), np.uint8) for texts in (table.words, table.names)
    )
    np.savez(
        path,
        words=words,
        vectors=table.vectors,
        lengths=table.lengths,
        common=table.common,
        names=names,
        name_vectors=table.name_vectors,
    )


def unit(vectors: NDArray[np.generic]) -> Floats:
    """Of unit length along the last axis; zeros stay."""
    some = vectors.astype(np.float32)
    lengths = np.sqrt(np.einsum("...i,...i->...", some, some))[..., np.newaxis]
    brought: Floats = some / np.maximum(lengths, 1e-9)
    return brought
