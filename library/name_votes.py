"""What names of the nearest sounds say of others: one kind is named by the same words. Pure.

A question is a sound, and need have no name. Those that lie nearest to it have, and each speaks
for all candidates that share words with it. Judged by benchmarks/retrieval.py.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from library.little_words import LITTLE_WORDS
from library.neighbours import SAME, Vectors
from library.ucs_words import split_name

LIFTED = 50  # candidates at most: the nearest; farther ones could not come among the first
_VOTERS = 10  # families: the numbered files of one folder have one voice
_OF_NAMES = 0.1  # of likeness, where the nearest voter has all of the words and no others
_NEARNESS = 4  # the power: a voter half as near says a sixteenth
_TOLD_MOST = 3  # words
_NOTHING = 1e-9  # is left of what a family says where its own voice is taken out


@dataclass(frozen=True)
class Named:
    """What a sound is called, but for numbers, and where it lies: its family."""

    words: frozenset[str]
    folder: str


def named(name: str, folder: str, cat_id: str | None, category: str | None) -> Named:
    """A sound's family; a name without words lets its folder speak.

    >>> sorted(named("Door_close-02", "a", "DOORWood", "DOORS").words)
    ['close', 'door', 'doors', 'doorwood']
    """
    words = _words_of(name) or _words_of(folder.rpartition("/")[2])
    tags = (tag.casefold() for tag in (cat_id, category) if tag)
    return Named(words.union(tags), folder)


@lru_cache(maxsize=1 << 14)
def _words_of(name: str) -> frozenset[str]:
    # One letter tells versions apart; in scripts without an alphabet it may be a word.
    words = (word for word in split_name(name) if len(word) > 1 or not word.isascii())
    return frozenset(words) - LITTLE_WORDS


class Votes:
    """How much names lift candidates, by what stands nearest to the question."""

    def __init__(self, likeness: Vectors, candidates: Sequence[Named | None]) -> None:
        """Candidates that are None, or have no words, neither speak nor are spoken for.

        Args:
            likeness: of each candidate to the question, as `library.neighbours.finer` has it.
        """
        self._likeness, self._candidates = likeness, candidates
        self._voices: dict[Named, float] = {}  # of families: what each says for each of its words
        self._said: dict[str, float] = {}  # the same by word, all families together
        self._nearest = np.argsort(-likeness, kind="stable")[:LIFTED].tolist()
        nearest = 0.0
        for at in self._nearest:
            one, near = candidates[at], float(likeness[at])
            if near <= 0.0 or len(self._voices) == _VOTERS:
                return
            if one is None or not one.words or one in self._voices:
                continue
            nearest = nearest or near
            voice = (near / nearest) ** _NEARNESS / math.sqrt(len(one.words))
            self._voices[one] = voice
            for word in one.words:
                self._said[word] = self._said.get(word, 0.0) + voice

    def lifted(self) -> Vectors:
        """The likeness of the candidates with what names say; the same sound keeps its own."""
        lifted = self._likeness.copy()
        for at in self._nearest:
            one = self._candidates[at]
            if one is not None and lifted[at] < SAME:
                lifted[at] = min(lifted[at] + self.lift(one), SAME)
        return lifted

    def lift(self, one: Named) -> float:
        """What is added to a candidate's likeness: each voter's weight by the words they share.

        Shared words are told by the cosine of both names. A family does not speak for itself.
        """
        said = sum(of_word for _word, of_word in self._for(one))
        return _OF_NAMES * said / math.sqrt(len(one.words) or 1)

    def words(self, one: Named) -> tuple[str, ...]:
        """The words for which it is lifted, those that most is said by first."""
        said = sorted(self._for(one), key=lambda of: (-of[1], of[0]))
        return tuple(word for word, _of_word in said[:_TOLD_MOST])

    def _for(self, one: Named) -> Iterator[tuple[str, float]]:
        own = self._voices.get(one, 0.0)
        for word in sorted(one.words & self._said.keys()):  # so sums are the same every time
            of_others = self._said[word] - own
            if of_others > _NOTHING:
                yield word, of_others
