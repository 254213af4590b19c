"""A shelf of made-up recordings, for what needs a library but no disk."""

from collections.abc import Callable, Sequence

import pytest

from library.asset import Asset, Take
from premix.casting import Candidate


def recording(
    number: int,
    fx_name: str,
    *,
    takes: int = 1,
    take_s: float = 0.5,
    sync_s: float = 0.1,
    sample_rate_hz: int = 48_000,
    channels: int = 1,
    **told: object,
) -> Asset:
    """An asset of `takes` equal takes, one behind the other."""
    length, sync = round(take_s * sample_rate_hz), round(sync_s * sample_rate_hz)
    return Asset(
        id=number,
        sound_hash=f"{number:064x}",
        root="sounds",
        path=f"{fx_name}.wav",
        size_bytes=1,
        modified_ns=0,
        format="WAV",
        sample_rate_hz=sample_rate_hz,
        channels=channels,
        bits=24,
        duration_samples=length * takes,
        fx_name=fx_name,
        takes=tuple(
            Take(
                index=index,
                start_samples=index * length,
                end_samples=(index + 1) * length,
                sync_samples=index * length + sync,
            )
            for index in range(takes)
        ),
        **told,  # type: ignore[arg-type]
    )


class ListShelf:
    """Every word of the query must be in the name; the first recordings are the best."""

    def __init__(self, assets: Sequence[Asset]) -> None:
        self.assets = list(assets)
        self.sounds = {}  # id → samples

    def candidates(self, query: str, like: str, limit: int) -> list[Candidate]:
        words = query.lower().split()
        found = [one for one in self.assets if all(word in one.fx_name.lower() for word in words)]
        return [
            Candidate(asset=asset, take=take, score=10.0, why=f"named {query}")
            for asset in found[:limit]
            for take in asset.takes
        ]

    def locked(self, reference: str) -> list[Candidate]:
        return [
            Candidate(asset=asset, take=take, score=1.0, why="locked")
            for asset in self.assets
            if asset.path == reference
            for take in asset.takes
        ]

    def asset(self, asset_id: int) -> Asset | None:
        return next((one for one in self.assets if one.id == asset_id), None)

    def read(self, asset: Asset, start_samples: int, n_samples: int):
        sound = self.sounds.get(asset.id)
        return None if sound is None else sound[start_samples : start_samples + n_samples]

    def distance(self, one: Candidate, other: Candidate) -> float | None:
        return None


@pytest.fixture(scope="session")
def make_recording() -> Callable[..., Asset]:
    return recording


@pytest.fixture(scope="session")
def shelf_of() -> type[ListShelf]:
    return ListShelf
