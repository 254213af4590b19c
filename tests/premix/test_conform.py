"""Conform: every sound follows its shot, to the sample, and the way back leads back."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from audio.timecode import PAL_25
from premix import PremixError
from premix.conform import conform
from premix.conform_match import match, stretches_of
from tests.premix.cuts import HOUR, SOUND, bed, clips_of, cut_of, hit, session_of, shot, trimmed

FRAME = 2_000  # samples at 24 frames a second
A = shot("A", "A001", 1_000, 100)
B = shot("B", "A002", 5_000, 100)
C = shot("C", "A003", 9_000, 100)
D = shot("D", "A004", 2_000, 100)
OLD = cut_of([A, B, C])


def at(frame: int) -> int:
    return (HOUR + frame) * FRAME


def conformed(new_events, hits=(), beds=()):
    return conform(OLD, cut_of(new_events), session_of(OLD, hits, beds))


def only(found):
    (change,) = found.cues
    return change


def syncs(found) -> list[int]:
    return sorted(clip.sync_samples for clip in clips_of(found.session))


def test_a_shot_before_it_removed_the_cue_moves_with_its_shot():
    found = conformed([B, C], [hit("1", at(150))])
    assert only(found).state == "moved"
    assert syncs(found) == [at(50)]
    assert [change.state for change in found.shots] == ["removed", "moved", "moved"]


def test_two_shots_swapped():
    found = conformed([B, A, C], [hit("1", at(10)), hit("2", at(110)), hit("3", at(210))])
    assert {change.cue: change.state for change in found.cues} == {
        "1": "moved", "2": "moved", "3": "kept",
    }  # fmt: skip
    assert syncs(found) == [at(10), at(110), at(210)]
    assert found.session.tracks[0].clips[0].cue == "2"


def test_a_head_trimmed_by_12_frames_keeps_sync_to_what_is_left():
    found = conformed([A, trimmed(B, head=12), C], [hit("1", at(150)), hit("2", at(105))])
    states = {change.cue: change.state for change in found.cues}
    assert states == {"1": "moved", "2": "orphaned"}
    assert syncs(found) == [at(138)]
    (change,) = (change for change in found.shots if change.state == "trimmed")
    assert (change.head_frames, change.tail_frames) == (-12, 0)


def test_a_cue_that_lost_some_hits_is_trimmed():
    hits = [hit("1", at(frame)) for frame in (110, 150, 195)]
    found = conformed([A, trimmed(B, tail=10), C], hits)
    assert (only(found).state, only(found).lost_clips) == ("trimmed", 1)
    assert syncs(found) == [at(110), at(150)]


def test_a_cue_over_two_shots_that_part_is_split():
    found = conformed([A, D, B, C], [hit("1", at(90)), hit("1", at(110))])
    assert only(found).state == "split"
    assert syncs(found) == [at(90), at(210)]
    assert [one.name for one in found.without_cues] == ["D"]


def test_a_shot_cut_in_two_by_an_insert():
    halves = [trimmed(B, tail=50), D, trimmed(B, head=50)]
    found = conformed([A, *halves, C], [hit("1", at(110)), hit("2", at(190))])
    assert syncs(found) == [at(110), at(290)]
    assert [change.state for change in found.shots] == [
        "kept", "split", "added", "split", "moved",
    ]  # fmt: skip


def test_a_shot_slowed_to_half_speed_spreads_its_hits():
    slow = replace(B, record_out_s=B.record_in_s + Fraction(200, 24), speed_percent=50.0)
    found = conformed([A, slow, C], [hit("1", at(110)), hit("1", at(150))])
    assert syncs(found) == [at(120), at(200)]
    assert "50 %" in only(found).detail
    assert next(one for one in found.shots if one.state == "re-timed").speed_percent == 50


def test_an_orphan_is_a_problem_of_the_session():
    found = conformed([A, C], [hit("7", at(150))])
    assert only(found).state == "orphaned"
    assert clips_of(found.session) == []
    assert found.session.problems == (
        "cue 7: orphaned by the new cut: its shot is not in the new cut",
    )


def test_lists_without_reels_go_by_clip_name():
    old = cut_of([replace(one, reel="AX", source_in_s=Fraction(0)) for one in (A, B, C)])
    new = cut_of([replace(one, reel="AX", source_in_s=Fraction(0)) for one in (C, A, B)])
    found = conform(old, new, session_of(old, [hit("1", at(110))]))
    assert syncs(found) == [at(210)]


def test_a_reel_that_was_renamed_goes_by_clip_name():
    new = cut_of([replace(one, reel="X" + one.reel) for one in (A, trimmed(B, head=5), C)])
    found = conform(OLD, new, session_of(OLD, [hit("1", at(150))]))
    assert syncs(found) == [at(145)]


def test_a_background_follows_a_scene_that_became_longer_from_its_handles():
    found = conformed([A, trimmed(B, tail=-24), C], beds=[bed("bg", at(100), at(200))])
    (clip,) = clips_of(found.session)
    assert (clip.record_start_samples, clip.record_end_samples) == (at(100), at(224))
    assert clip.source_start_samples == 20 * 48_000
    assert (only(found).state, only(found).detail) == (
        "trimmed",
        "1.00 s longer; opened at its tail",
    )


def test_a_background_of_a_scene_that_became_shorter_is_cut_with_its_fades():
    found = conformed([A, trimmed(B, head=24), C], beds=[bed("bg", at(100), at(200))])
    (clip,) = clips_of(found.session)
    assert (clip.record_start_samples, clip.record_end_samples) == (at(100), at(176))
    assert clip.source_start_samples == 21 * 48_000  # still in step with the picture
    assert (clip.fade_in_samples, clip.fade_out_samples) == (960, 960)


def test_a_background_spans_a_shot_inserted_into_its_scene():
    found = conformed([A, D, B, C], beds=[bed("bg", at(0), at(200))])
    (clip,) = clips_of(found.session)
    assert (clip.record_start_samples, clip.record_end_samples) == (at(0), at(300))


def test_a_background_whose_recording_ends_is_refilled_without_a_hole():
    long = shot("A", "A001", 1_000, 100 * 24)
    longer = trimmed(long, tail=-100 * 24)
    old, new = cut_of([long, B]), cut_of([longer, B])
    start, end = at(0), at(55 * 24)
    found = conform(
        old,
        new,
        session_of(
            old,
            [],
            [bed("bg", start, end, source_start=0), bed("bg", end, at(100 * 24), source_start=0)],
        ),
    )
    clips = sorted(clips_of(found.session), key=lambda clip: clip.record_start_samples)
    assert clips[0].record_start_samples == start
    assert clips[-1].record_end_samples == at(200 * 24)
    for before, after in pairwise(clips):
        assert after.record_start_samples <= before.record_end_samples
    for clip in clips:
        assert clip.source_start_samples + clip.duration_samples <= SOUND.duration_samples
    assert "refilled from its recording" in only(found).detail


def test_an_overlap_over_the_cut_stays_an_overlap():
    found = conformed([A, D, C, B], beds=[bed("bg", at(188), at(312))])  # C and 12 frames each way
    (clip,) = clips_of(found.session)
    assert (clip.record_start_samples, clip.record_end_samples) == (at(188), at(312))


def test_a_scene_whose_shots_changed_places_keeps_its_background_and_its_overlaps():
    old, new = cut_of([A, B, C, D]), cut_of([A, C, B, D])
    session = session_of(old, [], [bed("bg", at(94), at(306))])  # B and C, 6 frames each way
    (clip,) = clips_of(conform(old, new, session).session)
    assert clip == clips_of(session)[0]


def test_a_moment_outside_the_picture_goes_with_what_is_before_it():
    found = conformed([A, B], [hit("1", at(310))])
    assert only(found).state in ("moved", "kept")


def test_a_cut_at_another_rate_or_without_shots_is_refused():
    with pytest.raises(PremixError, match="counts its frames at 25, the session at 24"):
        conform(OLD, cut_of([A], PAL_25), session_of(OLD))
    with pytest.raises(PremixError, match="no event that lasts"):
        conform(OLD, replace(OLD, tracks=()), session_of(OLD))


def test_each_frame_is_matched_once():
    twice = cut_of([A, B, A, C])
    pieces = match(stretches_of(twice), stretches_of(cut_of([A, A, A])))
    assert [(piece.old, piece.new) for piece in pieces] == [(0, 0), (2, 1)]
