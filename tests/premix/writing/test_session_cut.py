"""A session as a cut: to the sample, with what only a session knows."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from premix.session_cut import timeline_of_session

HOUR = 3600 * 48_000


def test_clips_keep_their_samples(cut):
    assert [track.name for track in cut.tracks] == [
        "picture", "foley:feet 1", "foley:props 1", "backgrounds:a 1",
    ]  # fmt: skip
    first = cut.tracks[1].events[0]
    assert first.record_in_s * 48_000 == HOUR + 96_007
    assert (first.record_out_s - first.record_in_s) * 48_000 == 20_001
    assert first.source_in_s * 48_000 == 4_801
    assert (first.source_out_s - first.source_in_s) * 48_000 == 20_001
    assert first.fade_out_s == Fraction(1, 100)
    assert Path(first.media).is_file()
    assert first.recording.duration_samples > 70_000
    assert first.comments == ("cue F101", "walks towards us", "named boots")


def test_speed_and_direction_tell_how_much_is_played(cut):
    (slam,) = cut.tracks[2].events
    assert slam.speed_percent == -150
    assert (slam.source_out_s - slam.source_in_s) * 48_000 == 18_000
    assert slam.untold == ("high-pass 120 Hz",)


def test_a_cue_is_a_marker_where_its_first_clip_lands(cut):
    assert [(mark.name, mark.at_s * 48_000 - HOUR) for mark in cut.markers] == [
        ("B401", 0), ("F101", 100_000), ("P201", 480_000),
    ]  # fmt: skip


def test_shots_have_their_source_timecode(cut):
    shot = cut.tracks[0].events[1]
    assert (shot.name, shot.reel) == ("hallway", "A002")
    assert shot.source_in_s == 10 * 3600 + 5 * 60 + Fraction(12, 24)
    assert cut.shots()[1].record_in_frame == 86_640


def test_a_sound_that_is_lost_is_told_and_named_as_it_was(session):
    moved = replace(session, roots={"sample": "/nowhere"})
    timeline = timeline_of_session(moved, lambda sound: None)
    assert len(timeline.reported) == 3
    first = timeline.tracks[1].events[0]
    assert first.media == "/nowhere/FOLYFeet_Boots Concrete Walk_DUBST_SMPL.flac"
    assert first.recording.sample_rate_hz == 48_000
