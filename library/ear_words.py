"""From words to what YAMNet can hear: which of AudioSet's classes a query speaks of. Pure.

Words meet a class by its name, and by UCS, whose categories data/ear/audioset_of_ucs.tsv
joins to classes: so a query in any of UCS's 21 languages finds sounds that nobody named. Where
they name no class, what is near in meaning stands in for half (library.near_words).
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from library.audioset import CLASSES, class_names
from library.near_words import UNSAID, load_near_words
from library.ucs_table import LANGUAGES, categories, category_of, fold_words
from library.ucs_words import find_categories

Weights = NDArray[np.float32]

_TABLE = Path(__file__).parent / "data" / "ear" / "audioset_of_ucs.tsv"
_CATEGORIES_MOST = 8
_ENDING = re.compile(r"(?:ing|ed|es|s|y|e)$")
_STAND_INS_MOST = 12
_NEAR_LEAST = 0.3  # cosine; what is less near is near by chance
_NEAR_SPREAD = 0.08
_FOREIGN_LEAST = 0.55  # a synonym scores less
_OTHERS = tuple(language for language in LANGUAGES if language != "en")
_WHOLE_NAME, _PHRASE, _WORD = 2.0, 1.0, 0.5  # how much of a class's name the query holds


@dataclass(frozen=True)
class StandIn:
    """A name that is near in meaning to what was asked, and its share of all that are."""

    name: str
    share: float
    classes: tuple[int, ...]  # what it asks for, the most telling first


def classes_for(words: str) -> Weights:
    """How much each of AudioSet's 521 classes is asked for; adds up to 1, or 0 for none.

    >>> class_names()[int(classes_for("dog").argmax())]
    'Dog'
    >>> bool(classes_for("xyzzy").any())
    False
    """
    together = _normal(_normal(_by_name(words)) + _normal(_by_category(words)))
    meant = np.zeros(CLASSES, np.float32)
    for one in stand_ins(words):
        parts = 1.0 / (1.0 + np.arange(len(one.classes)) / 2)
        meant[list(one.classes)] += one.share * parts / parts.sum()
    return _normal(together + _normal(meant))


@lru_cache(maxsize=64)
def stand_ins(words: str) -> tuple[StandIn, ...]:
    """Names of classes and categories near in meaning, nearest first.

    None for words that name a class themselves, that are not known to mean anything, or that
    mean nothing near to a sound.

    >>> stand_ins("wept")[0].name, stand_ins("dog bark")
    ('crying', ())
    """
    asked = stems(words)
    if not asked or any(_runs(asked) & parts for parts in _names()[0]):
        return ()
    meant = meaning_of(words)
    if meant is None:
        return ()
    table = load_near_words()
    # Those of kinds come last; library.ear_kinds looks at them.
    every = CLASSES + len(categories())
    cosines = table.meanings_of_names()[:every] @ meant
    if cosines.max() < _NEAR_LEAST:
        return ()
    nearest = np.argsort(-cosines, kind="stable")[:_STAND_INS_MOST]
    weights = np.exp((cosines[nearest] - cosines[nearest[0]]) / _NEAR_SPREAD)
    shares = (weights / weights.sum()).tolist()
    return tuple(
        StandIn(_spoken(table.names[n]), share, _classes_at(n))
        for n, share in zip(nearest.tolist(), shares, strict=True)
        if _classes_at(n)
    )


@lru_cache(maxsize=64)
def meaning_of(words: str) -> Weights | None:
    """As library.near_words has it; None where all words say more in another language.

    French "chat" is a cat, and no chatting; what it means is asked of UCS alone.
    """
    asked = [word for word in fold_words(words) if word not in UNSAID]
    if asked and all(map(_is_foreign, asked)):
        return None
    return load_near_words().meaning(words)


def _is_foreign(word: str) -> bool:
    """Whether it is a category in another language, and means less in English."""
    in_english = find_categories(word, ["en"], limit=1)
    in_others = find_categories(word, _OTHERS, limit=1)
    score = in_others[0][1] if in_others else 0.0
    return score >= _FOREIGN_LEAST and score > (in_english[0][1] if in_english else 0.0)


def _spoken(name: str) -> str:
    return name.split(",")[0].lower()


def _classes_at(number: int) -> tuple[int, ...]:
    """The classes that a name of library.near_words asks for."""
    return (number,) if number < CLASSES else _classes_of(tuple(categories())[number - CLASSES])


def stems(words: str) -> list[str]:
    """The folded words without their commonest English endings."""
    return [_ENDING.sub("", word) if len(word) > 4 else word for word in fold_words(words)]


@lru_cache(maxsize=256)
def categories_for(words: str) -> Mapping[str, float]:
    """CatIDs that the words speak of, and how much: the best has 1."""
    found = find_categories(words, limit=_CATEGORIES_MOST)
    return {cat_id: score / found[0][1] for cat_id, score in found}


def _by_name(words: str) -> Weights:
    asked = stems(words)
    runs = _runs(asked)
    names, known, commonness = _names()
    weights = np.zeros(CLASSES, np.float32)
    for number, (parts, of_class) in enumerate(zip(names, known, strict=True)):
        if " ".join(asked) in parts:
            weights[number] = _WHOLE_NAME
        elif runs & parts:
            weights[number] = _PHRASE
        else:
            shared = of_class.intersection(asked)
            rarity = [1.0 / (1.0 + np.log2(commonness[word]) / 2) for word in shared]
            weights[number] = _WORD * max(rarity, default=0.0)
    return weights


def _runs(asked: list[str]) -> set[str]:
    return {" ".join(asked[at : at + n]) for n in (1, 2) for at in range(len(asked) - n + 1)}


def _by_category(words: str) -> Weights:
    weights = np.zeros(CLASSES, np.float32)
    for cat_id, score in categories_for(words).items():
        for rank, number in enumerate(_classes_of(cat_id)):
            weights[number] += score**2 / (1 + rank / 2)
    return weights


def _normal(weights: Weights) -> Weights:
    total = weights.sum()
    return weights / total if total else weights


@cache
def _names() -> tuple[list[set[str]], list[set[str]], Counter[str]]:
    """Of each class the parts of its name ("Neigh", "whinny") and its words; and how often each."""
    parts = [{" ".join(stems(part)) for part in name.split(",")} for name in class_names()]
    known = [{word for part in of_class for word in part.split()} for of_class in parts]
    return parts, known, Counter(word for of_class in known for word in of_class)


@cache
def _table() -> dict[str, tuple[int, ...]]:
    numbers = {name: number for number, name in enumerate(class_names())}
    table = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            key, names = line.split("\t")
            table[key] = tuple(numbers[name] for name in names.split("; "))
    return table


def _classes_of(cat_id: str) -> tuple[int, ...]:
    table = _table()
    return table.get(cat_id) or table.get(f"{category_of(cat_id).cat_short}*", ())
