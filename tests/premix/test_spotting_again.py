"""Spotting again: choices that stand, and what a shuffle deals anew."""

from dataclasses import replace
from itertools import pairwise

import opentimelineio as otio

from premix.session import read_session, write_session
from tests.premix.spotted import HITS, START, WALK, clips_of, spotted


def test_spotting_again_changes_nothing(shelf):
    first = spotted(shelf, HITS, WALK)
    assert spotted(shelf, HITS, WALK, previous=first) == first


def test_what_a_change_does_not_touch_stays(shelf, make_recording):
    first = spotted(shelf, HITS, WALK, "2,fx,01:00:09:00,big slam,,,")
    # The library grows by what would now be the best, and the sheet by a hit and a cue.
    shelf.assets.insert(0, make_recording(20, "boots wood new", takes=9))
    shelf.assets.insert(0, make_recording(21, "big slam new"))
    more = WALK.replace("01:00:04:00", "01:00:04:00 01:00:05:00")
    again = spotted(
        shelf,
        HITS,
        more,
        "2,fx,01:00:10:00,big slam,,,",
        "3,fx,01:00:20:00,big slam,,,",
        previous=first,
    )
    kept = {clip.sync_samples: clip for clip in clips_of(again, "1")}
    for clip in clips_of(first, "1"):
        assert kept[clip.sync_samples] == clip
    assert len(kept) == 5
    (slam,) = clips_of(again, "2")
    assert slam.sound.path == "big slam.wav"
    assert slam.sync_samples == START + 480_000
    assert clips_of(again, "3")[0].sound.path == "big slam new.wav"


def test_a_hit_that_moves_keeps_its_take(shelf):
    first = spotted(shelf, HITS, WALK)
    again = spotted(shelf, HITS, WALK.replace("01:00:02:00", "01:00:02:07"), previous=first)
    takes = [[clip.take_index for clip in clips_of(session)] for session in (first, again)]
    assert takes[0] == takes[1]
    assert clips_of(again)[1].sync_samples == START + 2 * 48_000 + 7 * 2_000


def test_a_changed_question_is_answered_anew(shelf):
    first = spotted(shelf, HITS, "2,fx,01:00:09:00,big slam,,,")
    again = spotted(shelf, HITS, "2,fx,01:00:09:00,bell,,,", previous=first)
    assert clips_of(again)[0].sound.path == "bell.wav"


def test_a_clip_moved_by_hand_stays_where_it_was_put(shelf):
    first = spotted(shelf, HITS, WALK)
    track = first.tracks[0]
    clip = track.clips[1]
    moved = replace(
        clip,
        record_start_samples=clip.record_start_samples + 5_000,
        sync_samples=clip.sync_samples + 5_000,
        locked=True,
    )
    edited = replace(
        first, tracks=(replace(track, clips=(track.clips[0], moved, *track.clips[2:])),)
    )
    again = spotted(shelf, HITS, WALK, previous=edited)
    assert clips_of(again) == clips_of(edited)
    # The question changes, but what a person has chosen is never overruled.
    changed = spotted(shelf, HITS, WALK.replace("wood", "wood scuff"), previous=edited)
    by_hand = [clip for clip in clips_of(changed) if clip.locked]
    assert [(clip.sound, clip.take_index) for clip in by_hand] == [(moved.sound, moved.take_index)]


def test_what_another_program_moves_trims_and_swaps_is_left_alone(shelf, tmp_path):
    """Edited by opentimelineio alone, as any program that writes .otio might."""
    path = tmp_path / "reel.otio"
    columns = "cue,stem,in,out,query,hits"
    lines = (
        columns,
        WALK.replace(",,boots", ",,,boots").rstrip(","),
        "2,fx,01:00:09:00,,big slam,",
    )
    first = spotted(shelf, *lines)
    write_session(first, path)
    timeline = otio.adapters.read_from_file(str(path))
    feet, slam = timeline.audio_tracks()
    gap, step = feet[0], feet[1]
    later = otio.opentime.RationalTime(4_800, 48_000)  # a tenth of a second
    gap.source_range = otio.opentime.TimeRange(
        gap.source_range.start_time, gap.source_range.duration + later
    )
    after = feet[2]
    after.source_range = otio.opentime.TimeRange(
        after.source_range.start_time, after.source_range.duration - later
    )
    trimmed = slam[1]
    head = otio.opentime.RationalTime(960, 48_000)
    trimmed.source_range = otio.opentime.TimeRange(
        trimmed.source_range.start_time + head, trimmed.source_range.duration - head
    )
    slam[0].source_range = otio.opentime.TimeRange(
        slam[0].source_range.start_time, slam[0].source_range.duration + head
    )
    otio.adapters.write_to_file(timeline, str(path))

    edited = read_session(path)
    again = spotted(shelf, *lines, previous=edited)
    assert [clip.locked for clip in clips_of(again, "1")] == [True, False, False, False]
    moved, before = clips_of(again, "1")[0], clips_of(first, "1")[0]
    assert moved.sync_samples == before.sync_samples + 4_800
    assert (moved.take_index, step.name) == (before.take_index, f"1 {moved.sound.path[:-4]}")
    (cut,), (whole,) = clips_of(again, "2"), clips_of(first, "2")
    assert cut.locked
    assert cut.record_start_samples == whole.record_start_samples + 960
    assert cut.sync_samples == whole.sync_samples  # its head is shorter, its attack stays
    # And whatever else changes in the sheet, they stand.
    third = spotted(shelf, *lines, "3,fx,01:00:12:00,,bell,", previous=again)
    assert clips_of(third, "1") == clips_of(again, "1")
    assert clips_of(third, "2") == clips_of(again, "2")


def test_a_shuffle_deals_one_cue_anew_and_no_other(shelf):
    lines = [HITS, WALK, "2,fx,01:00:09:00,big slam,,,"]
    first = spotted(shelf, *lines)
    second = spotted(shelf, *lines, previous=first, shuffle=["2"])
    assert clips_of(second, "1") == clips_of(first, "1")
    assert clips_of(second, "2")[0].sound != clips_of(first, "2")[0].sound
    # Later runs keep what the shuffle gave.
    assert spotted(shelf, *lines, previous=second) == second


def test_a_shuffled_walk_has_other_takes(shelf):
    first = spotted(shelf, HITS, WALK)
    second = spotted(shelf, HITS, WALK, previous=first, shuffle=["1"])
    takes = [[clip.take_index for clip in clips_of(session)] for session in (first, second)]
    assert takes[0] != takes[1]
    assert all(one != other for one, other in pairwise(takes[1]))
