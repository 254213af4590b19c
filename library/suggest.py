"""CatIDs for the sounds of a catalogue that have none, by what it holds of them.

`dubstage learn` lets the sounds that have one teach how theirs sound: directions as of
`library.ear_kinds`, with CatIDs for names.
"""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from db import assets, hearings, tags, takes, vectors
from db.connect import transaction
from library.asset import Asset
from library.catalogue import asset_of_row
from library.ear_kinds import EarKinds, learn_kinds
from library.hearings import scores_in
from library.likely_cat_ids import kinds_of_takes, likely_cat_ids, scores_of_takes
from library.sound_vectors import sound_vectors
from library.tagging import CAT_ID
from library.ucs import category_of

_TAKES_ASKED = 256  # of a sound: what so many say, all say
_FEWEST, _MOST = 3, 50  # sounds that teach a CatID
_AT_ONCE = 500  # sounds for which suggestions are written in one transaction


@dataclass(frozen=True)
class LearntCatIds:
    """What came of learning CatIDs."""

    cat_ids: tuple[str, ...]
    examples: int
    suggested: int  # sounds for which any is suggested now


def likely_cat_ids_of(
    connection: sqlite3.Connection, asset: Asset, taught: EarKinds | None = None
) -> list[tuple[str, float]]:
    """CatIDs with probabilities, likeliest first; [] where the sound has one.

    Args:
        taught: how CatIDs sound in this library.
    """
    if asset.cat_id is not None:
        return []
    take_ids = [row["id"] for row in takes.of_asset(connection, asset.id)][:_TAKES_ASKED]
    heard = hearings.of_takes(connection, take_ids)
    scores = scores_of_takes([scores_in(numbers) for numbers in heard.values()])
    model = vectors.chief(connection)
    if model is None:
        return likely_cat_ids(asset.path, scores)
    rows = vectors.of_asset(connection, asset.id, model["id"])[:_TAKES_ASKED]
    of_takes = [np.frombuffer(row["numbers"], "<f2").astype(np.float32) for row in rows]
    own = taught.likely(np.stack(of_takes)) if taught is not None and of_takes else None
    kinds = kinds_of_takes(of_takes, model["name"])
    return likely_cat_ids(asset.path, scores, kinds, own)


def learn_cat_ids(connection: sqlite3.Connection) -> LearntCatIds | None:
    """Learn how CatIDs sound in this library, and suggest them anew for sounds without one.

    A CatID needs three sounds; more than fifty teach no more. None where fewer than two CatIDs have
    so many, and nothing is changed.
    """
    model = vectors.chief(connection)
    by_cat_id: dict[str, list[int]] = defaultdict(list)
    for number, cat_id in assets.with_cat_id(connection):
        if category_of(cat_id) is not None:
            by_cat_id[cat_id].append(number)
    # Ids come from hashes: the first are as good a choice as any.
    teach = {
        number: cat_id
        for cat_id, numbers in by_cat_id.items()
        if len(numbers) >= _FEWEST
        for number in numbers[:_MOST]
    }
    if model is None or len(set(teach.values())) < 2:
        return None
    heard = list(sound_vectors(connection, int(model["id"]), sorted(teach)))
    examples = np.stack([vector for _number, vector in heard]).astype(np.float32)
    taught = learn_kinds(examples, [teach[number] for number, _vector in heard], model["name"])
    suggested = 0
    without = assets.untagged(connection)
    for start in range(0, len(without), _AT_ONCE):
        some = assets.by_ids(connection, without[start : start + _AT_ONCE])
        with transaction(connection):
            for number in sorted(some):
                likely = likely_cat_ids_of(connection, asset_of_row(some[number]), taught)
                tags.suggest(connection, number, CAT_ID, likely)
                suggested += bool(likely)
    return LearntCatIds(taught.names, len(heard), suggested)
