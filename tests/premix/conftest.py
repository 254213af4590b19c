"""A shelf of made-up recordings, for what needs a library but no disk."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from audio.timecode import FILM_24
from library.asset import Asset, Take
from premix.casting import Candidate
from premix.timeline import Session, Shot, Track
from tests.premix.reel import RATE, START, START_SAMPLES, clip, knock, sound_of


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


@pytest.fixture
def shelf(make_recording, shelf_of):
    """Steps, bells, crowds and halls, as a reel needs them."""
    wood = {"cat_id": "FOLYFeet", "facets": {"surface": "wood", "shoe": "boots"}}
    shelf = shelf_of(
        [
            make_recording(1, "boots wood", takes=8, **wood),
            make_recording(2, "bell", take_s=4.0, sync_s=0.5, sample_rate_hz=44_100),
            make_recording(3, "crowd bar", take_s=20.0, sync_s=0, channels=2),
            make_recording(4, "crowd street", take_s=15.0, sync_s=0),
            make_recording(5, "boots wood scuff", **wood),
            make_recording(6, "hall tone", take_s=8.0, sync_s=0),
            make_recording(7, "big slam", take_s=1.0),
            make_recording(8, "big slam other", take_s=1.0),
            make_recording(9, "hall response", take_s=2.0),
        ]
    )
    rise = np.zeros((4 * 44_100, 1), np.float32)
    rise[70_000] = 0.9
    shelf.sounds[2] = rise
    return shelf


@pytest.fixture
def sounds(tmp_path):
    """A step, a door at another rate and rain, as files."""
    folder = tmp_path / "sounds"
    folder.mkdir()
    rng = np.random.default_rng(4)
    return {
        "step": sound_of(folder, "step.wav", 1, knock(rng, RATE, 1, 2_400, 24_000)),
        "door": sound_of(folder, "door.wav", 2, knock(rng, 44_100, 2, 4_410, 44_100), 44_100),
        "rain": sound_of(
            folder, "rain.wav", 3, rng.uniform(-0.05, 0.05, (96_000, 2)).astype(np.float32)
        ),
    }


@pytest.fixture
def session(sounds, tmp_path):
    """Two seconds of reel: three steps, a door, rain throughout."""
    feet = [
        clip(sounds["step"], "1", start, sync_samples=START_SAMPLES + start + 2_400)
        for start in (9_600, 33_337, 70_001)
    ]
    slam = clip(sounds["door"], "2", 50_000, sync_samples=START_SAMPLES + 54_800, gain_db=-3.0)
    rain = clip(
        sounds["rain"], "3", 0, duration_samples=96_000, fade_in_samples=480, fade_out_samples=9_600
    )
    return Session(
        name="reel",
        rate=FILM_24,
        sample_rate_hz=RATE,
        start_frame=START.frame,
        end_frame=START.frame + 48,
        tracks=(
            Track(stem="foley", name="feet", lane=0, clips=tuple(feet)),
            Track(stem="foley", name="props", lane=0, clips=(slam,)),
            Track(stem="backgrounds", name="a", lane=0, clips=(rain,)),
        ),
        picture=(Shot(name="A1", record_in_frame=START.frame, record_out_frame=START.frame + 48),),
        roots={"sounds": str(tmp_path / "sounds")},
    )
