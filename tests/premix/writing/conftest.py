"""A small session on the sample library's own sounds, small enough to know by heart."""

import pytest

from audio.files import read_header
from audio.timecode import FILM_24
from premix.media import Roots
from premix.recordings import recordings_of_session
from premix.session_cut import timeline_of_session
from premix.timeline import Clip, Session, Shot, SoundRef, Track

HOUR = 3600 * 48_000
BOOTS = "FOLYFeet_Boots Concrete Walk_DUBST_SMPL.flac"
SLAM = "DOORWood_Wood Door Slam Hard_DUBST_SMPL.flac"
RAIN = "RAINConc_Rain Street Steady_DUBST_SMPL.flac"


@pytest.fixture(scope="session")
def session(assets_sample):
    def sound(number, name):
        header = read_header(assets_sample / name)
        return SoundRef(
            asset_id=number,
            sound_hash=f"{number:064x}",
            root="sample",
            path=name,
            sample_rate_hz=header.sample_rate_hz,
            channels=header.channels,
            duration_samples=header.duration_samples,
        )

    boots, slam, rain = (sound(number, name) for number, name in enumerate((BOOTS, SLAM, RAIN)))
    feet = (
        Clip(
            cue="F101", sound=boots, take_index=0, record_start_samples=HOUR + 96_007,
            duration_samples=20_001, source_start_samples=4_801, sync_samples=HOUR + 100_000,
            gain_db=-3.0, pan=-0.25, fade_in_samples=48, fade_out_samples=480,
            metadata={"note": "walks towards us", "who": "Anna"}, why="named boots",
        ),
        Clip(
            cue="F101", sound=boots, take_index=1, record_start_samples=HOUR + 116_008,
            duration_samples=24_000, source_start_samples=50_000, sync_samples=HOUR + 124_000,
            fade_in_samples=2_400,
        ),
    )  # fmt: skip
    props = (
        Clip(
            cue="P201", sound=slam, take_index=0, record_start_samples=HOUR + 480_000,
            duration_samples=12_000, source_start_samples=1_000, speed=1.5, reverse=True,
            highpass_hz=120.0, locked=True,
        ),
    )  # fmt: skip
    atmos = (
        Clip(
            cue="B401", sound=rain, take_index=0, record_start_samples=HOUR, gain_db=6.0,
            duration_samples=600_000, source_start_samples=24_000,
            fade_in_samples=48_000, fade_out_samples=36_000, fade_shape="equal_gain",
        ),
    )  # fmt: skip
    return Session(
        name="reel 1",
        rate=FILM_24,
        sample_rate_hz=48_000,
        start_frame=86_400,
        end_frame=86_400 + 24 * 20,
        tracks=(
            Track(stem="foley", name="feet", lane=0, clips=feet),
            Track(stem="foley", name="props", lane=0, clips=props),
            Track(stem="backgrounds", name="a", lane=0, clips=atmos),
        ),
        picture=(
            Shot(name="ext street", record_in_frame=86_400, record_out_frame=86_640, reel="A001",
                 source_in="10:00:00:00"),
            Shot(name="hallway", record_in_frame=86_640, record_out_frame=86_880, reel="A002",
                 source_in="10:05:00:12"),
        ),
        roots={"sample": str(assets_sample)},
    )  # fmt: skip


@pytest.fixture(scope="session")
def cut(session):
    """That session as a timeline."""
    return timeline_of_session(session, recordings_of_session(Roots(session.roots)))
