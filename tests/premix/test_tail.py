"""A clip in a room rings on after its end: as long as the room does, and no cut is heard."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile

from audio.timecode import FILM_24, Timecode
from premix.delivery import Delivery, StemSpec
from premix.media import Roots
from premix.render import render
from premix.tail import LONGEST_TAIL_S, rung_on, tail_samples
from premix.timeline import Clip, Session, Track
from tests.premix.on_disk import written

RATE = 48_000
START = Timecode.parse("01:00:00:00", FILM_24)
BASE = START.to_samples(RATE)


def sound(folder, asset_id, name, samples):
    return written(folder / f"{name}.wav", samples, subtype="FLOAT", root="s", asset_id=asset_id)


@pytest.fixture
def clip(tmp_path):
    """A second of noise, of which a tenth is played, in a hall that rings for two."""
    rng = np.random.default_rng(4)
    hall = rng.uniform(-1, 1, 2 * RATE) * np.exp(-np.arange(2 * RATE) / (0.3 * RATE))
    return Clip(
        cue="1",
        sound=sound(tmp_path, 1, "noise", rng.uniform(-0.1, 0.1, RATE)),
        take_index=0,
        record_start_samples=BASE + RATE // 2,
        duration_samples=RATE // 10,
        source_start_samples=0,
        fade_out_samples=480,
        room=sound(tmp_path, 2, "hall", hall * 0.05),
    )


def rendered(clip, folder, name, block_samples=32_768):
    session = Session(
        name="reel",
        rate=FILM_24,
        sample_rate_hz=RATE,
        start_frame=START.frame,
        end_frame=START.frame + 4 * 24,
        tracks=(Track(stem="fx", name="hard", lane=0, clips=(clip,)),),
        roots={"s": str(folder)},
    )
    delivery = Delivery(
        layout="mono", encoding="float32", stems=(StemSpec(name="fx", tracks=("fx",)),)
    )
    find_sound = Roots(session.roots)
    render(
        session,
        folder / name,
        find_sound=find_sound,
        delivery=delivery,
        block_samples=block_samples,
    )
    return soundfile.read(folder / name / "fx.wav", dtype="float64")[0]


def test_the_tail_is_the_convolution_of_what_was_played(clip, tmp_path):
    stem = rendered(clip, tmp_path, "out")
    noise, _rate = soundfile.read(tmp_path / "noise.wav")
    hall, _rate = soundfile.read(tmp_path / "hall.wav")
    dry = noise[: RATE // 10].copy()
    fade = (np.arange(480) + 0.5) / 480
    dry[-480:] *= np.sin(np.pi / 2 * fade)[::-1]
    wet = np.append(np.convolve(dry, hall * 10 ** (-12 / 20)), 0.0)
    wet[: len(dry)] += dry
    start, faded = RATE // 2, RATE // 2  # the last quarter of two seconds is a fade
    until_fade = RATE // 10 + 2 * RATE - faded
    np.testing.assert_allclose(stem[start : start + until_fade], wet[:until_fade], atol=1e-6)
    rest = stem[start + until_fade : start + until_fade + faded]
    assert np.all(np.abs(rest) <= np.abs(wet[until_fade : until_fade + faded]) + 1e-6)
    assert np.abs(rest[-48:]).max() < 1e-3 * np.abs(rest[:4_800]).max()
    assert not stem[start + until_fade + faded :].any()


def test_how_it_is_cut_into_blocks_is_never_heard(clip, tmp_path):
    whole, pieces = (rendered(clip, tmp_path, f"{n}", n) for n in (999_999, 1_001))
    np.testing.assert_array_equal(whole, pieces)


def test_without_a_room_a_clip_ends_where_it_ends(clip):
    dry = replace(clip, room=None)
    assert tail_samples(dry, RATE) == 0
    assert rung_on(dry, RATE) is dry


def test_no_tail_is_longer_than_twelve_seconds(clip):
    cave = replace(clip, room=replace(clip.room, duration_samples=60 * RATE))
    assert tail_samples(cave, RATE) == LONGEST_TAIL_S * RATE
