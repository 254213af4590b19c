"""What a worker process of a scan does with a batch of files."""

import os
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from library.catalogue import Described, mapped_roots
from library.describe import Place, Renewed, describe
from library.embedding import Embedder, default_embedder
from library.spare_memory import give_back


@dataclass(frozen=True, kw_only=True)
class File:
    """One file to be described, as it is sent to a worker."""

    folder: str  # of its root, where the scan runs
    place: Place
    known: frozenset[str] = frozenset()  # hashes of sounds that need no describing


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A file that cannot be taken in, and why."""

    place: Place
    reason: str


Outcome = Described | Renewed | Refused


def work(batch: tuple[File, ...]) -> list[Outcome]:
    """What became of each file, in order. Where roots lie is asked of this machine."""
    mapped = mapped_roots(os.environ.get("DUBSTAGE_ROOTS", ""))
    asked = [
        (mapped.get(file.place.root, Path(file.folder)) / file.place.path, file.place, file.known)
        for file in batch
    ]
    outcomes: list[Outcome] = []
    for file, (path, *_), found in zip(batch, asked, describe(asked, _embedder()), strict=True):
        if isinstance(found, Exception):
            # The table of refusals has a column for the file.
            reason = str(found).removeprefix(str(path)).lstrip(": ").removeprefix("of ")
            outcomes.append(Refused(place=file.place, reason=reason or type(found).__name__))
        else:
            outcomes.append(replace(found))
    give_back()
    return outcomes


@cache
def _embedder() -> Embedder:
    return default_embedder()
