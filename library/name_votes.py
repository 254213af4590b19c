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

NAMED = 50  # files, the nearest: names of more find no more among the first ten
_VOTERS = 10  # families: the numbered files of one folder have one voice
_OF_NAMES = 0.1  # of likeness: what the nearest says for its own words, and at most for all
_NEARNESS = 4  # the power: a voter half as near as the nearest says a sixteenth
_TOLD_MOST = 3  # words
_NOTHING = 1e-9  # is left of what a family says where its own voice is taken out
_LONGEST = 40  # letters of a word
_CJK = "\u2e80"  # from here on one letter may be a word


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
    # One letter tells versions apart.
    words = (word for word in split_name(name) if len(word) > 1 or word >= _CJK)
    return frozenset(word for word in words if len(word) <= _LONGEST) - LITTLE_WORDS


def nearest_few(likeness: Vectors, files: Sequence[int]) -> set[int]:
    """The files whose names are asked for: the nearest, each by its nearest take.

    Args:
        files: of each candidate.
    """
    found: set[int] = set()
    for at in np.argsort(-likeness, kind="stable").tolist():
        if len(found) == NAMED:
            break
        found.add(files[at])
    return found


class Votes:
    """How much names lift candidates, by what stands nearest to the question."""

    def __init__(self, likeness: Vectors, candidates: Sequence[Named | None]) -> None:
        """Candidates that are None, or have no words, neither speak nor are spoken for.

        Nor does what is as good as the same sound speak: it may be a copy of the example, which
        asks by its sound. Words that all have say nothing.

        Args:
            likeness: of each candidate to the question, as `library.neighbours.finer` has it.
        """
        self._likeness, self._candidates = likeness, candidates
        self._voices: dict[Named, float] = {}  # of families: what each says for each of its words
        self._said: dict[str, float] = {}  # the same by word, all families together
        families = {one.words for one in candidates if one is not None and one.words}
        common = frozenset.intersection(*families) if families else frozenset[str]()
        nearest = 0.0
        for at in np.argsort(-likeness, kind="stable").tolist():
            one, near = candidates[at], float(likeness[at])
            if near <= 0.0 or len(self._voices) == _VOTERS:
                return
            if one is None or not one.words or one in self._voices or near >= SAME:
                continue
            nearest = nearest or near
            voice = (near / nearest) ** _NEARNESS / math.sqrt(len(one.words))
            self._voices[one] = voice
            for word in one.words - common:
                self._said[word] = self._said.get(word, 0.0) + voice

    def lifted(self) -> Vectors:
        """The likeness of the candidates with what names say.

        The same sound keeps its own, and so does what is unlike.
        """
        lifted = self._likeness.copy()
        for at, one in enumerate(self._candidates):
            if one is not None and 0.0 < lifted[at] < SAME:
                lifted[at] = min(lifted[at] + self.lift(one), SAME)
        return lifted

    def lift(self, one: Named) -> float:
        """What is added to a candidate's likeness: each voter's weight by the words they share.

        Shared words are told by the cosine of both names. A family does not speak for itself.
        """
        said = math.fsum(of_word for _word, of_word in self._for(one))
        return _OF_NAMES * min(said / math.sqrt(len(one.words) or 1), 1.0)

    def words(self, one: Named) -> tuple[str, ...]:
        """The words for which it is lifted, those that most is said by first."""
        said = sorted(self._for(one), key=lambda of: (-of[1], of[0]))
        return tuple(word for word, _of_word in said[:_TOLD_MOST])

    def _for(self, one: Named) -> Iterator[tuple[str, float]]:
        own = self._voices.get(one, 0.0)
        for word in one.words & self._said.keys():
            of_others = self._said[word] - own
            if of_others > _NOTHING:
                yield word, of_others
