"""The library as casting sees it. This module touches the database."""

import re
import sqlite3
from collections.abc import Sequence

from library import LibraryError
from library.asset import Asset
from library.catalogue import asset_by_id, find_asset, folders
from library.search import Hit, search
from premix.casting import Candidate

_TAKE = re.compile(r"(?P<sound>.+)@(?P<take>[0-9]+)")


class LibraryShelf:
    """Answers from one catalogue, each question asked of it once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._assets: dict[int, Asset | None] = {}
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
            )
            self._answers[asked] = tuple(one for hit in result.hits for one in self._takes(hit))
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

    def roots(self) -> dict[str, str]:
        """Name and folder of each root, for the session."""
        return {name: str(folder) for name, folder in folders(self._connection).items()}

    def _takes(self, hit: Hit) -> list[Candidate]:
        """The hit's own take first, then the recording's others."""
        number = hit.asset.id
        if number not in self._assets:
            self._assets[number] = asset_by_id(self._connection, number)
        asset = self._assets[number]
        if asset is None:
            raise LibraryError(f"{hit.asset.path}: left the library while it was searched")
        ordered = sorted(asset.takes, key=lambda take: take.index != hit.take.index)
        return [Candidate(asset=asset, take=take, score=hit.score, why=hit.why) for take in ordered]
