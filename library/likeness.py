"""Sounds like this one: what `--like` means, and the takes nearest to it."""

import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from db import assets, find, takes, vectors
from db.conditions import Condition
from library import LibraryError
from library.asset import Asset, Take
from library.catalogue import asset_of_row, find_asset, folders, take_of_row
from library.neighbours import Vectors
from library.vector_index import open_index

_REFERENCE = re.compile(r"(?P<what>.+?)(?:@(?P<start>\d+(?:\.\d+)?)-(?P<end>\d+(?:\.\d+)?))?")
_SAME_STRETCH = 0.8  # a take that shares this much of the stretch stands for it

H = TypeVar("H")


@dataclass(frozen=True)
class Example:
    """What is asked to be alike: a direction, and the asset that it came from."""

    vector: Vectors
    asset_id: int | None


def hits_alike(
    connection: sqlite3.Connection,
    like: Sequence[str],
    *,
    among: Sequence[int] | None,
    conditions: Sequence[Condition],
    limit: int,
    every_take: bool,
    hit_of: Callable[[Asset, Take, float, str], H],
) -> tuple[int, list[H]]:
    """(assets compared, the hits nearest to the examples, nearest first).

    Args:
        like: references as `example_of` reads them; several are met in the middle.
        among: compare only these assets; None is all.
        conditions: those on takes must hold for the take that answers.
    """
    index = open_index(connection)
    if index is None:
        raise LibraryError(
            "this library has no vectors yet; let its scan finish: dubstage scan FOLDER"
        )
    examples = [example_of(connection, reference) for reference in like]
    question = unit(np.mean([example.vector for example in examples], axis=0))
    own = {example.asset_id for example in examples}
    only = None if among is None else np.array([i for i in among if i not in own], dtype=np.int64)
    total = assets.count(connection) if only is None else int(only.size)
    on_takes = find.on_takes(conditions)
    hits: list[H] = []
    wanted = limit * 4 + 20
    while True:
        take_ids, asset_ids, cosines = index.nearest(question, wanted, only)
        asset_rows = assets.by_ids(connection, sorted(set(asset_ids.tolist()) - own))
        take_rows = takes.by_ids(connection, take_ids.tolist(), on_takes)
        hits, answered = [], set()
        for take_id, asset_id, cosine in zip(
            take_ids.tolist(), asset_ids.tolist(), cosines.tolist(), strict=True
        ):
            row = take_rows.get(take_id)
            if row is None or asset_id not in asset_rows or asset_id in answered:
                continue  # gone since the index was made, the example itself, or answered better
            if not every_take:
                answered.add(asset_id)
            asset = asset_of_row(asset_rows[asset_id])
            hits.append(hit_of(asset, take_of_row(row), cosine, f"sounds alike: {cosine:.3f}"))
            if len(hits) == limit:
                return total, hits
        if take_ids.size < wanted:
            return total, hits
        wanted *= 4


def example_of(connection: sqlite3.Connection, reference: str) -> Example:
    """What a reference asks for: PATH or ID, of a known sound or of any file, or a stretch of it.

    Of a sound with several takes their `middle` is asked for.

    >>> _REFERENCE.fullmatch("steps.wav@1.5-2")["start"]
    '1.5'

    Raises:
        LibraryError: neither a known sound nor a file that can be read, or no such stretch.
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise LibraryError("--like wants PATH or ID, such as door.wav or door.wav@1.5-2")
    what, start, end = match["what"], match["start"], match["end"]
    if start is not None and Path(reference).is_file():
        what, start, end = reference, None, None  # a file that has "@1-2" in its name
    stretch_s = None if start is None else (float(start), float(end))
    if stretch_s is not None and stretch_s[0] >= stretch_s[1]:
        raise LibraryError(f"{reference}: the stretch ends at {end} s, before it starts")
    asset = find_asset(connection, what)
    model = vectors.chief(connection)
    if asset is not None and model is not None:
        rows = vectors.of_asset(connection, asset.id, model["id"])
        if stretch_s is not None:
            rows = [row for row in rows if _is_stretch(row, asset.sample_rate_hz, stretch_s)][:1]
        if rows:
            numbers = np.array([np.frombuffer(row["numbers"], dtype=np.float16) for row in rows])
            lengths = [row["end_samples"] - row["start_samples"] for row in rows]
            return Example(middle(numbers.astype(np.float32), lengths), asset.id)
    path = Path(what) if asset is None else folders(connection)[asset.root] / asset.path
    if not path.is_file():
        raise LibraryError(f"--like {reference}: no sound in the library and no file has this name")
    from library.describe import vectors_of_file

    model_name = model["name"] if model is not None else ""
    found, lengths = vectors_of_file(path, stretch_s, model_name)
    return Example(middle(found, lengths), asset.id if asset else None)


def middle(vectors: Vectors, lengths: Sequence[int]) -> Vectors:
    """The direction of a sound of several takes; long ones say more of it than short ones."""
    weights = np.maximum(np.array(lengths, dtype=np.float32), 1.0)
    return unit(weights @ vectors / weights.sum())


def unit(vector: Vectors) -> Vectors:
    """The same direction at length 1; a vector of zeros stays as it is."""
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)


def _is_stretch(row: sqlite3.Row, rate_hz: int, stretch_s: tuple[float, float]) -> bool:
    start, end = row["start_samples"] / rate_hz, row["end_samples"] / rate_hz
    shared = min(end, stretch_s[1]) - max(start, stretch_s[0])
    whole = max(end, stretch_s[1]) - min(start, stretch_s[0])
    return bool(shared >= _SAME_STRETCH * whole)
