"""Which CatIDs a sound without one is likely to have: by its names, and by what it sounds like.

YAMNet scores the 521 classes of AudioSet: a table says under which CatIDs the usual ones may
be filed (`audioset_ucs`), and for the others UCS's index of words what their names speak of.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from library.audioset_ucs import OF_CLASS
from library.ucs_words import find_categories, suggest_cat_ids

MOST = 5
_ALL = 1000  # more than there are
_SPOKEN_OF = 6  # CatIDs for each class of AudioSet
_NAME_COUNTS = 0.8  # of the whole, where names tell anything; benchmarks/cat_ids.py
_LEAST_SCORE = 0.05  # YAMNet gives each class a little


def likely_cat_ids(
    path: str, scores: NDArray[np.floating] | None = None
) -> list[tuple[str, float]]:
    """At most five CatIDs with probabilities, likeliest first.

    Args:
        path: below its root, with "/" between folders; the two nearest folders are read.
        scores: of AudioSet's classes, shape (521,); None where nobody listened.
    """
    place = PurePosixPath(path)
    named = suggest_cat_ids(place.stem, place.parent.parts[-2:], limit=_ALL)
    heard = heard_cat_ids(scores) if scores is not None else []
    share = _NAME_COUNTS if named and heard else 1.0
    both: dict[str, float] = defaultdict(float)
    for cat_id, probability in named:
        both[cat_id] += share * probability
    for cat_id, probability in heard:
        both[cat_id] += ((1.0 - share) if named else 1.0) * probability
    ranked = sorted(both.items(), key=lambda item: (-item[1], item[0]))
    return [(cat_id, round(probability, 4)) for cat_id, probability in ranked[:MOST]]


def heard_cat_ids(scores: NDArray[np.floating]) -> list[tuple[str, float]]:
    """CatIDs of which the classes speak that score, with shares of one; [] if none does."""
    totals: dict[str, float] = defaultdict(float)
    for index in np.flatnonzero(scores >= _LEAST_SCORE):
        for cat_id, share in _spoken_of()[index]:
            totals[cat_id] += float(scores[index]) * share
    whole = sum(totals.values())
    return [(cat_id, total / whole) for cat_id, total in totals.items()] if whole else []


def scores_of_takes(scores: Sequence[NDArray[np.floating]]) -> NDArray[np.floating] | None:
    """One score for each class of a sound: the mean over its takes."""
    return np.mean(np.stack(scores).astype(np.float32), axis=0) if len(scores) else None


@cache
def _spoken_of() -> tuple[tuple[tuple[str, float], ...], ...]:
    """For each class of AudioSet the CatIDs that its name speaks of, with shares of one."""
    from library.audioset import class_names

    spoken = []
    for name in class_names():
        if name in OF_CLASS:
            given = OF_CLASS[name]
            spoken.append(tuple((cat_id, 1.0 / len(given)) for cat_id in given))
            continue
        found = find_categories(name, ["en"], limit=_SPOKEN_OF)
        whole = sum(score**2 for _cat_id, score in found)
        spoken.append(tuple((cat_id, score**2 / whole) for cat_id, score in found))
    return tuple(spoken)
