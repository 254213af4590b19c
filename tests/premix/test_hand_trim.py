"""Trimming by hand: the sound stays where it is, and there and back is nowhere."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audio.timecode import FILM_24
from premix.cues import parse_cues
from premix.hand_edit import HandEditError, clip_at, clip_ids, find_clip, nudge, swap
from premix.hand_trim import trim, trimmed_by
from premix.session import read_session, write_session
from premix.spotting import spot

KEEP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
SHEET = """cue,stem,in,out,query
1,fx:hard,01:00:02:00,,slam
2,fx:hard,01:00:08:00,,gong
3,bg,01:00:00:00,01:00:20:00,rain
"""
HZ = 48_000


@pytest.fixture
def shelf(make_recording, shelf_of):
    return shelf_of(
        [
            make_recording(2, "slam", take_s=2.0, sync_s=0.5),
            make_recording(3, "rain", take_s=12.0, sample_rate_hz=44_100, channels=2),
            make_recording(5, "gong", take_s=9.0, sync_s=0.777, sample_rate_hz=44_100),
        ]
    )


def spotted(shelf, **told):
    cues = parse_cues(SHEET.encode(), "reel.csv", FILM_24)
    return spot(cues, shelf, sample_rate_hz=HZ, name="reel", roots={"sounds": "/s"}, **told)


def id_of(session, cue):
    return next(n for n, place in clip_ids(session).items() if clip_at(session, place).cue == cue)


def clip_of(session, cue):
    return clip_at(session, find_clip(session, id_of(session, cue)))


def backwards(session, cue):
    place = find_clip(session, id_of(session, cue))
    tracks = list(session.tracks)
    clips = list(tracks[place.track].clips)
    clips[place.clip] = replace(clips[place.clip], reverse=True)
    tracks[place.track] = replace(tracks[place.track], clips=tuple(clips))
    return replace(session, tracks=tuple(tracks))


def source_at(clip, record_samples):
    """Which sample of the recording sounds at a sample of the session: first principles."""
    step = Fraction(clip.sound.sample_rate_hz, HZ)
    step *= Fraction(clip.speed) / Fraction(clip.time_ratio)
    if clip.reverse:
        return clip.source_start_samples + (clip.record_end_samples - record_samples) * step
    return clip.source_start_samples + (record_samples - clip.record_start_samples) * step


cuts = st.lists(
    st.tuples(st.integers(-200_000, 200_000), st.integers(-200_000, 200_000)), max_size=6
)


@KEEP
@given(cuts, st.sampled_from("123"), st.booleans())
def test_what_is_left_sounds_where_it_did(shelf, steps, cue, reverse):
    session = spotted(shelf)
    if reverse:
        session = backwards(session, cue)
    before, name = clip_of(session, cue), id_of(session, cue)
    for head, tail in steps:
        try:
            session = trim(session, name, head_samples=head, tail_samples=tail)
        except HandEditError:
            continue
        now = clip_of(session, cue)
        assert id_of(session, cue) == name
        assert now.sync_samples == before.sync_samples
        assert now.locked
        assert now.duration_samples >= HZ // 100
        assert now.fade_in_samples + now.fade_out_samples <= now.duration_samples
        assert (now.record_start_samples, now.record_end_samples) == (
            before.record_start_samples + trimmed_by(now)[0],
            before.record_end_samples - trimmed_by(now)[1],
        )
        middle = (now.record_start_samples + now.record_end_samples) // 2
        assert abs(source_at(now, middle) - source_at(before, middle)) <= 1
        assert now.source_start_samples >= 0
        ends = now.source_start_samples + now.source_samples(HZ)
        assert ends <= now.sound.duration_samples + 1
        if now.sync_samples is not None:
            assert now.record_start_samples <= now.sync_samples < now.record_end_samples


@KEEP
@given(cuts, st.sampled_from("123"))
def test_all_given_back_is_the_clip_as_it_lay(shelf, steps, cue):
    session = spotted(shelf)
    before, name = clip_of(session, cue), id_of(session, cue)
    for head, tail in steps:
        try:
            session = trim(session, name, head_samples=head, tail_samples=tail)
        except HandEditError:
            continue
    head, tail = trimmed_by(clip_of(session, cue))
    if head or tail:
        session = trim(session, name, head_samples=-head, tail_samples=-tail)
    after = clip_of(session, cue)
    told = {"target_samples": after.metadata.get("target_samples"), **before.metadata}
    assert {**after.metadata, "target_samples": told["target_samples"]} == told
    assert replace(after, locked=before.locked, metadata={}) == replace(before, metadata={})


def test_it_goes_to_the_attack_and_to_the_recordings_end_and_then_says_so(shelf):
    session = spotted(shelf)
    name = id_of(session, "1")
    session = trim(session, name, head_samples=10 * HZ)
    clip = clip_of(session, "1")
    assert clip.record_start_samples == clip.sync_samples
    with pytest.raises(HandEditError, match="nothing more to cut off"):
        trim(session, name, head_samples=1)
    session = trim(session, name, head_samples=-100 * HZ, tail_samples=-100 * HZ)
    clip = clip_of(session, "1")
    assert clip.source_start_samples == 0
    assert clip.duration_samples == clip.sound.duration_samples
    with pytest.raises(HandEditError, match="nothing more of its recording"):
        trim(session, name, tail_samples=-1)


def test_an_edge_that_was_cut_into_sound_is_faded_clear_of_the_attack(shelf):
    session = spotted(shelf)
    name = id_of(session, "1")
    clip = clip_of(trim(session, name, head_samples=HZ // 10, tail_samples=HZ // 10), "1")
    assert (clip.fade_in_samples, clip.fade_out_samples) == (240, 240)  # 5 ms
    clip = clip_of(trim(session, name, head_samples=10 * HZ), "1")
    assert clip.fade_in_samples == 0


def test_trims_survive_being_written_read_and_spotted_again(shelf, tmp_path):
    session = spotted(shelf)
    for cue in "123":
        session = trim(session, id_of(session, cue), head_samples=2_000, tail_samples=3_000)
    write_session(session, tmp_path / "reel.otio")
    read = read_session(tmp_path / "reel.otio")
    again = spotted(shelf, previous=read)
    for cue in "123":
        assert clip_of(read, cue) == clip_of(session, cue)
        assert trimmed_by(clip_of(again, cue)) == (2_000, 3_000)
        assert clip_of(again, cue).duration_samples == clip_of(session, cue).duration_samples


def test_another_sound_in_its_place_is_not_trimmed(shelf):
    session = spotted(shelf)
    session = trim(session, id_of(session, "1"), head_samples=2_000)
    gong = shelf.asset(5)
    session = swap(session, id_of(session, "1"), gong, gong.takes[0], was=shelf.asset(2))
    assert trimmed_by(clip_of(session, "1")) == (0, 0)


def test_trimmed_and_nudged_in_any_order_is_the_same(shelf):
    session = spotted(shelf)
    for cue in "13":
        name = id_of(session, cue)
        trimmed = trim(session, name, head_samples=2_000, tail_samples=500)
        one = nudge(trimmed, name, frames=3)
        other = trim(nudge(session, name, frames=3), name, head_samples=2_000, tail_samples=500)
        assert clip_of(one, cue).record_start_samples == clip_of(other, cue).record_start_samples
        assert clip_of(one, cue).source_start_samples == clip_of(other, cue).source_start_samples
        assert clip_of(nudge(other, name, frames=-3), cue) == clip_of(trimmed, cue)
