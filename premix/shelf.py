"""The library as casting sees it. This module touches the database."""

import re
import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audio import AudioError
from audio.level import Samples
from db import vectors
from library import LibraryError
from library.asset import Asset
from library.catalogue import asset_by_id, find_asset, folders
from library.search import Hit, search
from premix.casting import Candidate

_WORSE_READING = 0.85
_TAKE = re.compile(r"(?P<sound>.+)@(?P<take>[0-9]+)")


class LibraryShelf:
    """Answers from one catalogue, each question asked of it once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._assets: dict[int, Asset | None] = {}
        self._vectors: dict[int, dict[int, NDArray[np.float32]]] = {}
        self._answers: dict[tuple[str, str, int], tuple[Candidate, ...]] = {}

    def candidates(self, query: str, like: str, limit: int) -> Sequence[Candidate]:
        """Takes of the `limit` best recordings, as `Shelf` has it.

        Raises:
            LibraryError: `like` is neither a known sound nor a readable file.
        """
        asked = (query, like, limit)
        if asked not in self._answers:
            result = search(
                self._connection,
                query,
                like=(like,) if like else (),
                limit=limit,
                names=False,  # scores are compared with the best: by sound alone
            )
            self._answers[asked] = tuple(
                one
                for hit, score in zip(result.hits, falling(result.hits), strict=True)
                for one in self._takes(hit, score)
            )
        return self._answers[asked]

    def locked(self, reference: str) -> Sequence[Candidate]:
        """The takes of PATH or ID, or with "@2" behind it that one take, counted from 0."""
        asset = find_asset(self._connection, reference)
        only: int | None = None
        if asset is None and (match := _TAKE.fullmatch(reference)):
            asset = find_asset(self._connection, match["sound"])
            only = int(match["take"])
        if asset is None:
            return ()
        return tuple(
            Candidate(asset=asset, take=take, score=1.0, why="locked by the cue sheet")
            for take in asset.takes
            if only is None or take.index == only
        )

    def asset(self, asset_id: int) -> Asset | None:
        """A recording by its id, with its takes."""
        if asset_id not in self._assets:
            self._assets[asset_id] = asset_by_id(self._connection, asset_id)
        return self._assets[asset_id]

    def read(self, asset: Asset, start_samples: int, n_samples: int) -> Samples | None:
        """Its sound, at its own rate; None where the file is gone or cannot be read."""
        from audio.files import open_sound

        folder = folders(self._connection).get(asset.root)
        if folder is None:
            return None
        try:
            with open_sound(folder / asset.path) as sound:
                return sound.read(start_samples, n_samples)
        except (AudioError, OSError):
            return None

    def distance(self, one: Candidate, other: Candidate) -> float | None:
        """1 less the cosine of what the network heard in each; None where it heard neither."""
        first, second = self._vector(one), self._vector(other)
        if first is None or second is None:
            return None
        return max(0.0, 1.0 - float(first @ second))

    def _vector(self, one: Candidate) -> NDArray[np.float32] | None:
        number = one.asset.id
        if number not in self._vectors:
            chief = vectors.chief(self._connection)
            rows = () if chief is None else vectors.of_asset(self._connection, number, chief["id"])
            self._vectors[number] = {
                row["start_samples"]: _unit(np.frombuffer(row["numbers"], dtype=np.float16))
                for row in rows
            }
        return self._vectors[number].get(one.take.start_samples)

    def roots(self) -> dict[str, str]:
        """Name and folder of each root, for the session."""
        return {name: str(folder) for name, folder in folders(self._connection).items()}

    def _takes(self, hit: Hit, score: float) -> list[Candidate]:
        """The hit's own take first, then the recording's others."""
        asset = self.asset(hit.asset.id)
        if asset is None:
            raise LibraryError(f"{hit.asset.path}: left the library while it was searched")
        ordered = sorted(asset.takes, key=lambda take: take.index != hit.take.index)
        return [Candidate(asset=asset, take=take, score=score, why=hit.why) for take in ordered]


def falling(hits: Sequence[Hit]) -> list[float]:
    """Scores that fall with the rank, so that they can be compared with the best.

    Where a search reads its words more generously, its scores begin high again, for worse
    finds: from there on they are brought below those before.
    """
    scores: list[float] = []
    scale = 1.0
    for hit in hits:
        if scores and hit.score * scale > scores[-1] > 0:
            scale = _WORSE_READING * scores[-1] / hit.score
        scores.append(round(hit.score * scale, 4))
    return scores


def _unit(numbers: NDArray[np.float16]) -> NDArray[np.float32]:
    vector = numbers.astype(np.float32)
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
