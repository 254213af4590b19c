"""Only what changed is mixed again, and no byte tells: whatever is edited, as a full render."""

import json
import shutil
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.timecode import FILM_24, Timecode
from premix.delivery import Delivery, StemSpec
from premix.leader import Leader
from premix.media import Roots
from premix.render import render
from premix.stem_changes import joined
from premix.timeline import Clip, Session, Track
from tests.premix.on_disk import sound_at

RATE = 48_000
START = Timecode.parse("01:00:00:00", FILM_24)
BASE = START.to_samples(RATE)
LENGTH_S = 6
STEMS = (
    StemSpec(name="FOLEY", tracks=("foley",)),
    StemSpec(name="FX", tracks=("fx",)),
    StemSpec(name="SUM", sum_of=("FOLEY", "FX")),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sounds")
    rng = np.random.default_rng(8)
    for name, rate, channels in (("step", RATE, 1), ("door", 44_100, 2), ("hall", RATE, 1)):
        decay = np.exp(-np.arange(2 * rate) / (0.3 * rate))[:, np.newaxis]
        noise = rng.uniform(-0.2, 0.2, (2 * rate, channels)) * decay
        soundfile.write(folder / f"{name}.wav", noise, rate, subtype="PCM_24")
    return folder


def sound(folder, asset_id, name):
    return sound_at(folder / f"{name}.wav", root="s", asset_id=asset_id)


def session_of(folder, tracks):
    return Session(
        name="reel",
        rate=FILM_24,
        sample_rate_hz=RATE,
        start_frame=START.frame,
        end_frame=START.frame + 24 * LENGTH_S,
        tracks=tuple(
            Track(stem=stem, name="t", lane=lane, clips=(clip,))
            for lane, (stem, clip) in enumerate(tracks)
        ),
        roots={"s": str(folder)},
    )


@st.composite
def placed(draw, folder):
    """A clip somewhere in the reel, plain or with all that keeps a state."""
    fields = draw(
        st.sampled_from(
            [
                {},
                {"gain_db": -7.3, "pan": 0.4},
                {"lowpass_hz": 800.0},
                {"speed": 1.21},
                {"fade_in_samples": 900, "fade_out_samples": 5_000},
                {"room": sound(folder, 3, "hall")},
            ]
        )
    )
    ref = draw(st.sampled_from([sound(folder, 1, "step"), sound(folder, 2, "door")]))
    clip = Clip(
        cue="1",
        sound=ref,
        take_index=0,
        record_start_samples=BASE + draw(st.integers(0, (LENGTH_S - 1) * RATE)),
        duration_samples=draw(st.integers(500, RATE)),
        source_start_samples=draw(st.integers(0, 9_000)),
        **fields,
    )
    return draw(st.sampled_from(["foley", "fx"])), clip


def render_into(session, out, delivery, block_samples):
    return render(
        session,
        out,
        find_sound=Roots(session.roots),
        delivery=delivery,
        block_samples=block_samples,
    )


@settings(max_examples=6)
@given(data=st.data())
@pytest.mark.parametrize(
    "how",
    [
        {"encoding": "pcm24"},
        {"encoding": "float32"},
        {"encoding": "pcm24", "layout": "5.1", "split": True, "order": "film"},
    ],
    ids=["24-bit", "float", "split"],
)
def test_after_any_edits_the_files_are_those_of_a_full_render(tmp_path_factory, folder, how, data):
    out, fresh = (tmp_path_factory.mktemp(name) for name in ("out", "fresh"))
    leader = Leader(head_s=2, tail_s=3, two_pop=True, tail_pop=True)
    delivery = Delivery(name="t", stems=STEMS, leader=leader, **how)
    blocks = st.sampled_from([4_800, 7_777, 65_536])
    tracks = data.draw(st.lists(placed(folder), min_size=1, max_size=6))
    render_into(session_of(folder, tracks), out, delivery, data.draw(blocks))
    for _round in range(2):
        for _edit in range(data.draw(st.integers(1, 2))):
            kind = data.draw(st.sampled_from(["nudge", "swap", "remove", "add"]))
            if kind == "add" or not tracks:
                tracks = [*tracks, data.draw(placed(folder))]
                continue
            at = data.draw(st.integers(0, len(tracks) - 1))
            stem, clip = tracks[at]
            if kind == "remove":
                tracks = [*tracks[:at], *tracks[at + 1 :]]
            elif kind == "nudge":
                moved = max(BASE, clip.record_start_samples + data.draw(st.integers(-99, 99)))
                tracks[at] = stem, replace(clip, record_start_samples=moved)
            else:
                tracks[at] = stem, replace(clip, gain_db=clip.gain_db - 1)
        report = render_into(session_of(folder, tracks), out, delivery, data.draw(blocks))
    again = render_into(session_of(folder, tracks), fresh, delivery, 32_768)
    for path in sorted(fresh.glob("*.wav")):
        assert (out / path.name).read_bytes() == path.read_bytes(), path.name
    for one, other in zip(report.stems, again.stems, strict=True):
        assert one.findings == other.findings
        assert one.loudness.true_peak_dbtp == other.loudness.true_peak_dbtp
    shutil.rmtree(out)
    shutil.rmtree(fresh)


def reel(folder, clips):
    return [
        (
            "fx",
            Clip(
                cue=str(n),
                sound=sound(folder, 1, "step"),
                take_index=0,
                record_start_samples=BASE + n * RATE // 2,
                duration_samples=RATE // 4,
                source_start_samples=0,
            ),
        )
        for n in range(clips)
    ]


def test_of_a_nudged_clip_only_its_stretch_is_mixed(folder, tmp_path):
    tracks = reel(folder, 10)
    delivery = Delivery(name="t", stems=STEMS)
    render_into(session_of(folder, tracks), tmp_path, delivery, 4_800)
    stem, clip = tracks[4]
    tracks[4] = stem, replace(clip, record_start_samples=clip.record_start_samples + 480)
    report = render_into(session_of(folder, tracks), tmp_path, delivery, 4_800)
    copied = {each.name: each.copied_samples for each in report.stems}
    # From 2.00 s, where it stood, to 2.26 s, where it ends now: three blocks of a tenth.
    assert copied == {"FOLEY": 0, "FX": LENGTH_S * RATE - 3 * 4_800} | {
        "SUM": LENGTH_S * RATE - 3 * 4_800
    }
    assert [each.reused for each in report.stems] == [True, False, False]


@pytest.mark.parametrize("harm", ["touched", "other sound", "no report", "other version"])
def test_what_cannot_be_trusted_is_rendered_whole(folder, tmp_path, harm, monkeypatch):
    sounds, out = tmp_path / "sounds", tmp_path / "out"
    shutil.copytree(folder, sounds)
    tracks = reel(sounds, 10)
    delivery = Delivery(name="t", stems=STEMS[1:2])
    render_into(session_of(sounds, tracks), out, delivery, 4_800)
    stem, clip = tracks[4]
    tracks[4] = stem, replace(clip, gain_db=-3.0)
    if harm == "touched":
        raw = (out / "FX.wav").read_bytes()
        (out / "FX.wav").write_bytes(raw[:-6] + b"touchd")
    elif harm == "other sound":
        samples, rate = soundfile.read(sounds / "step.wav", always_2d=True)
        soundfile.write(sounds / "step.wav", samples * 0.5, rate, subtype="PCM_24")
    elif harm == "no report":
        (out / "report.json").write_text(json.dumps({"stems": 3}))
    else:
        monkeypatch.setattr("premix.render.product_version", lambda: "another")
    (stem,) = render_into(session_of(sounds, tracks), out, delivery, 4_800).stems
    # Of other sounds all clips are mixed again; what lies between them is silence still.
    assert stem.copied_samples <= (LENGTH_S * RATE // 2 if harm == "other sound" else 0)
    monkeypatch.undo()
    render_into(session_of(sounds, tracks), tmp_path / "fresh", delivery, 4_800)
    assert (out / "FX.wav").read_bytes() == (tmp_path / "fresh" / "FX.wav").read_bytes()


def test_a_stem_that_sends_to_the_lfe_is_rendered_whole(folder, tmp_path):
    tracks = reel(folder, 10)
    stem, clip = tracks[2]
    tracks[2] = stem, replace(clip, metadata={"placement": {"lfe_send_db": -6.0}})
    delivery = Delivery(name="t", layout="5.1", stems=STEMS[1:2])
    render_into(session_of(folder, tracks), tmp_path, delivery, 4_800)
    stem, clip = tracks[4]
    tracks[4] = stem, replace(clip, gain_db=-3.0)
    (report,) = render_into(session_of(folder, tracks), tmp_path, delivery, 4_800).stems
    assert report.copied_samples == 0


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9))))
def test_joined_stretches_cover_the_same(spans):
    spans = [(start, start + length) for start, length in spans]
    found = joined(spans)
    assert {n for span in found for n in range(*span)} == {n for s in spans for n in range(*s)}
    assert all(one[1] < other[0] for one, other in pairwise(found))
