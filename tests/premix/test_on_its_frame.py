"""Everything placed lands on its frame: heard in the rendered stem, at every pair of rates."""

import numpy as np
import pytest
import soundfile

from audio.timecode import Timecode, parse_rate
from premix.cues import parse_cues
from premix.delivery import Delivery
from premix.media import Roots
from premix.render import render
from premix.spotting import spot

RATE = 48_000
COLUMNS = "cue,stem,in,query,hits,sync,reverse,speed,time_ratio,fade_in"
TAKES, TAKE_S, SYNC_S = 5, 0.4, 0.1
WIDTH_S = 0.0003  # of the pulse: all of it lies below 5 kHz, so that every rate here carries it


def pulse(n_samples, at, sample_rate_hz):
    """A Gaussian whose top is at sample `at`, a place that needs no rule of attacks."""
    away_s = (np.arange(n_samples) - at) / sample_rate_hz
    return 0.5 * np.exp(-0.5 * (away_s / WIDTH_S) ** 2)


@pytest.fixture
def shelf_at(tmp_path, make_recording, shelf_of):
    def made(sample_rate_hz):
        folder = tmp_path / "sounds"
        folder.mkdir(exist_ok=True)
        asset = make_recording(
            1,
            "clap",
            takes=TAKES,
            take_s=TAKE_S,
            sync_s=SYNC_S,
            sample_rate_hz=sample_rate_hz,
        )
        sound = sum(
            pulse(asset.duration_samples, take.sync_samples, sample_rate_hz) for take in asset.takes
        )
        soundfile.write(folder / asset.path, sound, sample_rate_hz, subtype="PCM_24")
        return shelf_of([asset])

    return made


def heard(tmp_path, shelf, rate, start, cue):
    """The stem of one cue, and where each of its hits is in it."""
    sheet = parse_cues(f"{COLUMNS}\n{cue}".encode(), "reel.csv", rate)
    first = Timecode.parse(start, rate)
    session = spot(
        sheet,
        shelf,
        sample_rate_hz=RATE,
        name="reel",
        start=first,
        roots={"sounds": str(tmp_path / "sounds")},
    )
    assert not session.problems
    out = tmp_path / "out"
    report = render(
        session,
        out,
        find_sound=Roots(session.roots),
        delivery=Delivery(dither=False),
        verified=False,  # what is made here has no hash
    )
    assert not report.problems
    stem, _rate = soundfile.read(out / "fx.wav", always_2d=True)
    (cue,) = sheet.cues
    asked = cue.hits or (cue.record_in,)
    return stem[:, 0], [hit.to_samples(RATE) - first.to_samples(RATE) for hit in asked]


def top_near(stem, at):
    """Where the pulse has its top, between the samples too: a Gaussian is a parabola in dB."""
    near = stem[at - 200 : at + 201]
    top = int(near.argmax())
    before, here, after = np.log(near[top - 1 : top + 2])
    return at - 200 + top + 0.5 * (before - after) / (before - 2 * here + after)


@pytest.mark.parametrize("frame_rate", ["23.976", "25", "29.97df"])
@pytest.mark.parametrize("asset_rate_hz", [22_050, 44_100, 48_000, 96_000])
def test_each_hit_is_heard_at_the_sample_of_its_timecode(
    tmp_path, shelf_at, frame_rate, asset_rate_hz
):
    hits = "09:58:01:03 09:58:01:22 09:58:02:17 09:58:04:00 09:58:05:11"
    stem, asked = heard(
        tmp_path,
        shelf_at(asset_rate_hz),
        parse_rate(frame_rate),
        "09:58:00:02",
        f"1,fx,,clap,{hits},,,,,",
    )
    for at in asked:
        assert int(stem[at - 200 : at + 201].argmax()) == 200
        assert top_near(stem, at) == pytest.approx(at, abs=0.02)


@pytest.mark.parametrize("asset_rate_hz", [44_100, 48_000])
@pytest.mark.parametrize(
    "done",
    [",,,,0", ",yes,,,", ",,1.25,,", ",,0.8,,", ",,,1.5,", "peak,,,,", ",yes,1.1,,"],
    ids=["faded", "reversed", "faster", "slower", "stretched", "by peak", "reversed and faster"],
)
def test_what_is_done_to_a_clip_does_not_move_its_attack(tmp_path, shelf_at, done, asset_rate_hz):
    shelf = shelf_at(asset_rate_hz)
    sound, _rate = soundfile.read(tmp_path / "sounds" / "clap.wav", always_2d=True)
    shelf.sounds[1] = sound.astype(np.float32)
    stem, asked = heard(
        tmp_path, shelf, parse_rate("25"), "01:00:00:00", f"1,fx,01:00:02:13,clap,,{done}"
    )
    (at,) = asked
    # A stretched pulse is laid together from windows, which meet to about a millisecond.
    allowed = 48 if done == ",,,1.5," else 0.6
    assert top_near(stem, at) == pytest.approx(at, abs=allowed)


@pytest.mark.parametrize("asset_rate_hz", [22_050, 44_100, 48_000, 96_000])
def test_a_take_that_comes_again_at_another_pitch_is_on_its_sample_too(
    tmp_path, shelf_at, asset_rate_hz
):
    hits = [f"01:00:{number:02}:07" for number in range(1, 4 * TAKES)]
    stem, asked = heard(
        tmp_path,
        shelf_at(asset_rate_hz),
        parse_rate("23.976"),
        "01:00:00:00",
        f"1,fx,,clap,{' '.join(hits)},,,,,",
    )
    for at in asked:
        assert top_near(stem, at) == pytest.approx(at, abs=0.05)
    assert len(asked) > 3 * TAKES  # more than there are takes
    assert len(np.unique(stem[asked].round(3))) > 3  # so they differ in level
