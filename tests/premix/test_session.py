"""The session on disk: read back the same, and right for whoever does not know us."""

from dataclasses import replace
from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.timecode import RATES, Timecode
from premix.lanes import in_lanes
from premix.session import SessionError, read_session, session_as_text, write_session
from premix.timeline import STEMS, Clip, Session, Shot, SoundRef

names = st.text("abc é/_-#%07", min_size=1, max_size=12)
# A NUL ends a string for the library that writes the file.
words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=10)
gains = st.floats(-60, 12)
sounds = st.builds(
    SoundRef,
    asset_id=st.integers(0, 2**52 - 1),
    sound_hash=st.just("0" * 64),
    root=names,
    path=names,
    sample_rate_hz=st.sampled_from([22_050, 44_100, 48_000, 96_000]),
    channels=st.integers(1, 8),
    duration_samples=st.integers(1, 10**9),
)
maybe_hz = st.none() | st.floats(20, 20_000)


@st.composite
def clips(draw, start):
    duration = draw(st.integers(1, 200_000))
    record = draw(st.integers(max(0, start - 50_000), start + 2_000_000))
    return draw(
        st.builds(
            Clip,
            cue=names,
            sound=sounds,
            take_index=st.integers(0, 99),
            record_start_samples=st.just(record),
            duration_samples=st.just(duration),
            source_start_samples=st.integers(0, 10**8),
            sync_samples=st.none() | st.integers(record, record + duration),
            gain_db=gains,
            pan=st.floats(-1, 1),
            fade_in_samples=st.integers(0, duration),
            fade_shape=st.sampled_from(["equal_power", "equal_gain"]),
            pitch_cents=st.floats(-100, 100),
            speed=st.sampled_from([1.0, 0.5, 1.1]),
            reverse=st.booleans(),
            highpass_hz=maybe_hz,
            room=st.none() | sounds,
            locked=st.booleans(),
            why=words,
            metadata=st.just({"next": [{"path": "a.wav", "score": 0.1}], "x": None}),
        )
    )


@st.composite
def sessions(draw):
    rate = draw(st.sampled_from(list(RATES.values())))
    sample_rate_hz = draw(st.sampled_from([44_100, 48_000, 96_000]))
    start_frame = draw(st.integers(0, rate.frames_per_day - 200_000))
    start = Timecode(start_frame, rate).to_samples(sample_rate_hz)
    placed = draw(
        st.lists(
            st.tuples(st.sampled_from(STEMS), st.sampled_from(["a", "feet", "own"]), clips(start)),
            max_size=6,
        )
    )
    shots = draw(
        st.lists(
            st.builds(
                Shot,
                name=names,
                record_in_frame=st.integers(start_frame, start_frame + 5_000),
                record_out_frame=st.integers(start_frame + 5_001, start_frame + 9_000),
                reel=names,
                source_in=st.sampled_from(["", "01:00:00:00", "nonsense"]),
            ),
            max_size=4,
        )
    )
    return Session(
        name=draw(names),
        rate=rate,
        sample_rate_hz=sample_rate_hz,
        start_frame=start_frame,
        end_frame=start_frame + draw(st.integers(1, 10_000)),
        tracks=in_lanes(placed),
        picture=tuple(shots),
        roots={"sounds": "/mnt/sounds"},
        problems=tuple(draw(st.lists(words, max_size=2))),
        metadata={"cue_sheet": "reel.csv"},
    )


@settings(max_examples=60)
@given(session=sessions())
def test_what_is_written_is_read_back(tmp_path_factory, session):
    path = tmp_path_factory.getbasetemp() / "session.otio"
    write_session(session, path)
    assert read_session(path) == session


@settings(max_examples=40)
@given(session=sessions())
def test_opentimelineio_alone_shows_each_clip_at_its_time(session):
    timeline = otio.adapters.read_from_string(session_as_text(session), "otio_json")
    origin = Timecode(session.start_frame, session.rate).to_samples(session.sample_rate_hz)
    fps = float(session.rate.fps)
    assert timeline.global_start_time == otio.opentime.RationalTime(session.start_frame, fps)
    for track, shown in zip(session.tracks, timeline.audio_tracks(), strict=True):
        for clip, item in zip(track.clips, shown.find_clips(), strict=True):
            begins = item.range_in_parent().start_time.to_seconds() * session.sample_rate_hz
            ends = begins + item.duration().to_seconds() * session.sample_rate_hz
            # To a thousandth of a sample: OTIO counts in floating point.
            assert begins == pytest.approx(max(0, clip.record_start_samples - origin), abs=1e-3)
            assert ends == pytest.approx(max(0, clip.record_end_samples - origin), abs=1e-3)
            hidden = max(0, origin - clip.record_start_samples)
            if hidden < clip.duration_samples:
                source_s = Fraction(clip.source_start_samples, clip.sound.sample_rate_hz)
                source_s += Fraction(hidden, session.sample_rate_hz)
                assert item.source_range.start_time.to_seconds() == pytest.approx(float(source_s))
            media = item.media_reference
            assert isinstance(media, otio.schema.ExternalReference)
            assert media.metadata["dubstage"]["root"] == clip.sound.root


def one_clip_session(**told):
    sound = SoundRef(
        asset_id=1,
        sound_hash="0" * 64,
        root="sounds",
        path="doors/slam 1.wav",
        sample_rate_hz=44_100,
        channels=1,
        duration_samples=44_100,
    )
    start = 3600 * 48_000
    clip = Clip(
        cue="7",
        sound=sound,
        take_index=0,
        record_start_samples=start + 48_000,
        duration_samples=24_000,
        source_start_samples=441,
        sync_samples=start + 48_960,
    )
    return Session(
        name="reel",
        rate=RATES["24"],
        sample_rate_hz=48_000,
        start_frame=24 * 3600,
        end_frame=24 * 3610,
        tracks=in_lanes([("fx", "hard", clip)]),
        **told,
    )


def test_the_same_session_is_the_same_bytes(tmp_path):
    one, two = tmp_path / "a.otio", tmp_path / "b.otio"
    write_session(one_clip_session(), one)
    write_session(read_session(one), two)
    assert one.read_bytes() == two.read_bytes()


def test_a_clip_moved_by_another_program_is_believed_and_locked(tmp_path):
    path = tmp_path / "reel.otio"
    write_session(one_clip_session(), path)
    timeline = otio.adapters.read_from_file(str(path))
    gap = timeline.audio_tracks()[0][0]
    gap.source_range = otio.opentime.TimeRange(
        duration=otio.opentime.RationalTime(36, 24)  # 1.5 s where 1 s was
    )
    otio.adapters.write_to_file(timeline, str(path))
    (clip,) = read_session(path).tracks[0].clips
    assert clip.record_start_samples == 3600 * 48_000 + 72_000
    assert clip.sync_samples == 3600 * 48_000 + 72_960
    assert clip.locked
    assert (clip.source_start_samples, clip.duration_samples) == (441, 24_000)


@pytest.mark.parametrize("speed", [0.5, 1.0, 1.005, 2.0])
def test_a_trimmed_head_leaves_the_attack_where_it_was(tmp_path, speed):
    path = tmp_path / "reel.otio"
    session = one_clip_session()
    (track,) = session.tracks
    (clip,) = track.clips
    clip = replace(clip, speed=speed, sync_samples=clip.record_start_samples + 9_600)
    write_session(replace(session, tracks=(replace(track, clips=(clip,)),)), path)
    timeline = otio.adapters.read_from_file(str(path))
    gap, item = timeline.audio_tracks()[0]
    tenth = otio.opentime.RationalTime(4_410, 44_100)
    item.source_range = otio.opentime.TimeRange(
        item.source_range.start_time + tenth, item.source_range.duration - tenth
    )
    gap.source_range = otio.opentime.TimeRange(duration=gap.source_range.duration + tenth)
    otio.adapters.write_to_file(timeline, str(path))
    (read,) = read_session(path).tracks[0].clips
    assert read.record_start_samples == clip.record_start_samples + 4_800
    assert read.sync_samples == pytest.approx(clip.sync_samples, abs=1)
    # A tenth of a second of the reel is so much more of the recording as it passes faster.
    assert read.source_start_samples == pytest.approx(441 + 4_410 * speed, abs=1)
    assert read.locked


def test_a_write_that_fails_leaves_the_old_session(tmp_path, monkeypatch):
    path = tmp_path / "reel.otio"
    write_session(one_clip_session(), path)
    before = path.read_bytes()

    def full(_file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Exception, match="No space left"):
        write_session(one_clip_session(problems=("new",)), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["reel.otio"]


@pytest.mark.parametrize(
    "text", ["", "{}", "hello", '{"OTIO_SCHEMA": "Timeline.1", "name": "x"}', "[1]"]
)
def test_what_is_no_session_is_one_clear_error(tmp_path, text):
    path = tmp_path / "x.otio"
    path.write_text(text)
    with pytest.raises(SessionError, match=r"x\.otio"):
        read_session(path)
