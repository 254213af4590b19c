"""Facets: what UCS lacks and Foley needs, told from names and descriptions by rule.

surface, shoe, gait, pace, intensity, perspective, location and condition, each with
few values (`facet_words`). What sound alone suggests is `library.learn`.
"""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cache

from library import LibraryError
from library.facet_words import CLOSING_THINGS, FACETS, OTHER_MEANINGS
from library.ucs_table import fold_words
from library.ucs_words import split_name

_LONGEST = 4  # words
# "Leather shoes on wood": what follows one of these is what is walked on.
_ON = frozenset(("on", "onto", "over", "across", "against", "auf", "sur", "sobre", "su"))


def facets_from_words(text: str) -> dict[str, str]:
    """What a name or description tells of each facet; what it does not tell is left out.

    Where several values of a facet are named, the one after "on" or "over" is kept for
    the surface, else the longest phrase, else the first.

    Args:
        text: words in any order, also run together as in "FootstepsGravel_Walk-Slow_01".

    >>> facets_from_words("Boots walk slowly on leaves")
    {'surface': 'foliage', 'shoe': 'boots', 'gait': 'walk', 'pace': 'slow'}
    >>> facets_from_words("Cabin Door Slam Close")
    {'intensity': 'hard'}
    """
    words = split_name(text)
    closing = not _closing_things().isdisjoint(words)
    found: dict[str, tuple[tuple[int, int, int], str]] = {}
    position = 0
    while position < len(words):
        phrase, meanings = _longest_at(words, position)
        for facet, value in meanings:
            if facet == "perspective" and phrase == ("close",) and closing:
                continue
            # Small words decide: "on" first, then length, then the earlier place.
            after_on = facet == "surface" and not _ON.isdisjoint(
                words[max(0, position - 3) : position]
            )
            rank = (int(after_on), len(phrase), -position)
            if facet not in found or rank > found[facet][0]:
                found[facet] = (rank, value)
        position += max(1, len(phrase))
    return {facet: found[facet][1] for facet in FACETS if facet in found}


def check_facet(facet: str, value: str) -> tuple[str, str]:
    """The facet and value in the spelling of the vocabulary; synonyms are taken.

    Raises:
        LibraryError: no such facet or value, with the nearest and those there are.

    >>> check_facet("surface", "Parquet")
    ('surface', 'wood')
    """
    facet = facet.strip().lower()
    if facet not in FACETS:
        raise LibraryError(
            f"{facet!r} is not a facet; {_nearest(facet, FACETS)}there are {', '.join(FACETS)}"
        )
    folded = tuple(fold_words(value))
    for known in FACETS[facet]:
        if folded == tuple(fold_words(known)):
            return facet, known
    for meant, known in _meanings().get(folded, ()):
        if meant == facet:
            return facet, known
    near = _nearest(value.lower(), FACETS[facet])
    raise LibraryError(f"{facet} has no {value!r}; {near}it has {', '.join(FACETS[facet])}")


def _nearest(word: str, known: Collection[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f"did you mean {near[0]}? " if near else ""


def _longest_at(
    words: list[str], position: int
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    for n_words in range(min(_LONGEST, len(words) - position), 0, -1):
        phrase = tuple(words[position : position + n_words])
        if phrase in _meanings():
            return phrase, _meanings()[phrase]
    return (), ()


@cache
def _meanings() -> Mapping[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Words of a phrase → the (facet, value) it tells; () where it means something else."""
    meanings: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for facet, values in FACETS.items():
        for value, phrases in values.items():
            for phrase in phrases:
                meanings.setdefault(tuple(fold_words(phrase)), []).append((facet, value))
    for phrase in OTHER_MEANINGS:
        meanings[tuple(fold_words(phrase))] = []
    return {phrase: tuple(told) for phrase, told in meanings.items()}


@cache
def _closing_things() -> frozenset[str]:
    return frozenset(word for phrase in CLOSING_THINGS for word in fold_words(phrase))
