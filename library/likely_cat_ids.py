"""Which CatIDs a sound without one is likely to have: by its names, and by what it sounds like.

Four witnesses, whose words are multiplied: what UCS's index of words says of the names; what the
file's name means (`near_words`); what YAMNet's scores of AudioSet's classes say (`audioset_ucs`,
and for classes that are not there the index again); and which learned kind of sound it is
(`ear_kinds`, `kind_ucs`). All but the first count by their roots, for each reads or hears what
another does. Where the user's own sounds have taught how CatIDs sound (`library.suggest`), that
is a fifth.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from library.audioset_ucs import OF_CLASS
from library.kind_ucs import OF_KIND
from library.ucs_table import categories
from library.ucs_words import find_categories, split_name, suggest_cat_ids

Shares = NDArray[np.float64]  # (…, 753), of each CatID in the order of `ucs_table.categories`

MOST = 5
_SPOKEN_OF = 6  # CatIDs for each class of AudioSet
_LEAST_SCORE = 0.05  # YAMNet gives each class a little
# By benchmarks/cat_ids.py. No witness knows all words or kinds: what it does not name may be.
_UNNAMED = 1e-3
_MEANT_POWER, _HEARD_POWER, _TAUGHT_POWER = 0.5, 0.5, 0.7
_NEARNESS = 14.0  # a cosine higher by one over this makes a CatID e times as likely
# Of a file, not of a sound.
# fmt: off
_OF_FILES = frozenset((
    "aif", "by", "default", "edited", "effect", "effects", "full", "fx", "high", "long", "loop",
    "low", "med", "medium", "mix", "mono", "mp3", "multiple", "ogg", "original", "raw",
    "recording", "sfx", "short", "single", "sound", "sounds", "stereo", "take", "various", "vol",
    "wav",
))
# fmt: on
# So that what is given 0.6 is right in six cases of ten.
_SURE, _SURE_IF_TAUGHT = 1.4, 1.0


def likely_cat_ids(
    path: str,
    scores: NDArray[np.floating] | None = None,
    kinds: Mapping[str, float] | None = None,
    taught: Mapping[str, float] | None = None,
) -> list[tuple[str, float]]:
    """At most five CatIDs with probabilities, likeliest first.

    Args:
        path: below its root, with "/" between folders; the two nearest folders are read.
        scores: of AudioSet's classes, shape (521,); None where nobody listened.
        kinds: of `ear_kinds`, how likely each is; None where nobody listened.
        taught: how likely each CatID is by those of the user's own sounds.
    """
    place = PurePosixPath(path)
    witnesses = [
        (_shares(dict(suggest_cat_ids(place.stem, place.parent.parts[-2:], limit=None))), 1.0),
        (_meant_shares(place.stem), _MEANT_POWER),
        (heard_shares(scores) if scores is not None else None, _HEARD_POWER),
        (_kind_shares(kinds) if kinds is not None else None, _HEARD_POWER),
        (_shares(taught) if taught is not None else None, _TAUGHT_POWER),
    ]
    said = [(shares, power) for shares, power in witnesses if shares is not None and shares.any()]
    if not said:
        return []
    if len(said) == 1:
        both = said[0][0]
    else:
        sure = _SURE if taught is None else _SURE_IF_TAUGHT
        both = np.exp(sure * sum(power * np.log(shares + _UNNAMED) for shares, power in said))
        both /= both.sum()
    best = np.argsort(-both, kind="stable")[:MOST]
    cat_ids = tuple(categories())
    return [(cat_ids[row], round(float(both[row]), 4)) for row in best if both[row] > 0]


def _meant_shares(file_name: str) -> Shares | None:
    """The CatIDs near in meaning to a name; None where it is not known to mean anything."""
    from library.near_words import load_near_words

    words = [word for word in split_name(file_name) if word not in _OF_FILES]
    table = load_near_words()
    meant = table.meaning(" ".join(words)) if words else None
    if meant is None:
        return None
    cosines = _meanings() @ meant
    return _of_one(np.exp(_NEARNESS * (cosines - cosines.max())))


@cache
def _meanings() -> NDArray[np.float32]:
    """Of the CatIDs, by category and subcategory, shape (753, numbers)."""
    from library.audioset import CLASSES
    from library.near_words import load_near_words

    return load_near_words().meanings_of_names()[CLASSES : CLASSES + len(categories())]


def heard_shares(scores: NDArray[np.floating]) -> Shares:
    """What the classes that score speak of, with shares of one; zeros if none does."""
    classes = np.flatnonzero(scores >= _LEAST_SCORE)
    return _of_one(scores[classes] @ _spoken_of()[classes])


def scores_of_takes(scores: Sequence[NDArray[np.floating]]) -> NDArray[np.floating] | None:
    """One score for each class of a sound: the mean over its takes."""
    return np.mean(np.stack(scores).astype(np.float32), axis=0) if len(scores) else None


def kinds_of_takes(vectors: Sequence[NDArray[np.floating]], model: str) -> dict[str, float] | None:
    """How likely a sound is of each learned kind, by the vectors of its takes.

    None where there are no vectors, or no kinds that fit those of this model.
    """
    from library.ear_kinds import load_kinds

    known = load_kinds()
    if known is None or known.model != model or not len(vectors):
        return None
    return known.likely(np.stack(vectors).astype(np.float32))


def _kind_shares(kinds: Mapping[str, float]) -> Shares:
    known, filed_under = _filed_under()
    return _of_one(np.array([kinds.get(kind, 0.0) for kind in known]) @ filed_under)


@cache
def _filed_under() -> tuple[tuple[str, ...], Shares]:
    """The kinds, and the CatIDs of each: the second is half as likely as the first, and so on."""
    filed_under = [
        _shares({cat_id: 1.0 / n for n, cat_id in enumerate(cat_ids, start=1)})
        for cat_ids in OF_KIND.values()
    ]
    return tuple(OF_KIND), np.stack(filed_under)


@cache
def _spoken_of() -> Shares:
    """For each class of AudioSet the CatIDs that its name speaks of, with shares of one."""
    from library.audioset import class_names

    spoken = []
    for name in class_names():
        if name in OF_CLASS:
            spoken.append(_shares(dict.fromkeys(OF_CLASS[name], 1.0)))
        else:
            found = find_categories(name, ["en"], limit=_SPOKEN_OF)
            spoken.append(_shares({cat_id: score**2 for cat_id, score in found}))
    return np.stack(spoken)


def _shares(weights: Mapping[str, float]) -> Shares:
    """Weights in the order of the table, with shares of one; zeros of none."""
    shares = np.zeros(len(categories()))
    for cat_id, weight in weights.items():
        shares[_row_of()[cat_id]] = weight
    return _of_one(shares)


def _of_one(weights: Shares) -> Shares:
    whole = float(weights.sum())
    return weights / whole if whole else weights


@cache
def _row_of() -> dict[str, int]:
    return {cat_id: row for row, cat_id in enumerate(categories())}
