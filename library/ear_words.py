"""From words to what YAMNet can hear: which of AudioSet's classes a query speaks of. Pure.

Words meet a class by its name, and by UCS, whose categories data/ear/audioset_of_ucs.tsv
joins to classes: so a query in any of UCS's 21 languages finds sounds that nobody named.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from library.audioset import CLASSES, class_names
from library.ucs_table import category_of, fold_words
from library.ucs_words import find_categories

Weights = NDArray[np.float32]

_TABLE = Path(__file__).parent / "data" / "ear" / "audioset_of_ucs.tsv"
_CATEGORIES_MOST = 8
_ENDING = re.compile(r"(?:ing|ed|es|s|y|e)$")
_WHOLE_NAME, _PHRASE, _WORD = 2.0, 1.0, 0.5  # how much of a class's name the query holds


def classes_for(words: str) -> Weights:
    """How much each of AudioSet's 521 classes is asked for; adds up to 1, or 0 for none.

    >>> class_names()[int(classes_for("dog").argmax())]
    'Dog'
    >>> bool(classes_for("xyzzy").any())
    False
    """
    together = _normal(_by_name(words)) + _normal(_by_category(words))
    return _normal(together)


def stems(words: str) -> list[str]:
    """The folded words without their commonest English endings."""
    return [_ENDING.sub("", word) if len(word) > 4 else word for word in fold_words(words)]


def categories_for(words: str) -> dict[str, float]:
    """CatIDs that the words speak of, and how much: the best has 1."""
    found = find_categories(words, limit=_CATEGORIES_MOST)
    return {cat_id: score / found[0][1] for cat_id, score in found}


def _by_name(words: str) -> Weights:
    asked = stems(words)
    runs = {" ".join(asked[at : at + n]) for n in (1, 2) for at in range(len(asked) - n + 1)}
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
