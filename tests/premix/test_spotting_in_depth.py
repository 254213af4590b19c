"""Spotting in depth: guides, crowds, stingers, endings, and choices that stand."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import opentimelineio as otio
import pytest

from audio.timecode import FILM_24, Timecode
from premix.cues import parse_cues
from premix.guide import Guide, Onset
from premix.scenes import holes
from premix.session import read_session, write_session
from premix.spotting import spot

START = 3600 * 48_000


@pytest.fixture
def shelf(make_recording, shelf_of):
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


def spotted(shelf, *lines, **told):
    sheet = parse_cues("\n".join(lines).encode(), "reel.csv", FILM_24)
    return spot(sheet, shelf, sample_rate_hz=48_000, name="reel", **told)


def clips_of(session, cue=None):
    clips = [clip for track in session.tracks for clip in track.clips if cue in (None, clip.cue)]
    return sorted(clips, key=lambda clip: (clip.record_start_samples, clip.source_start_samples))


STEPS = "cue,stem,in,out,query,steps,pace,human,ending,seed"


def test_people_do_not_walk_like_machines_but_near_it(shelf):
    walk = "1,foley,01:00:01:00,01:00:11:00,boots wood,20,,{},,{}"
    times = {}
    for human in ("no", "1", "2"):
        session = spotted(shelf, STEPS, walk.format(human, 5))
        clips = sorted(clips_of(session), key=lambda clip: clip.sync_samples)
        times[human] = np.array([clip.sync_samples for clip in clips])
    even = START + 48_000 + 24_000 * np.arange(20)
    np.testing.assert_array_equal(times["no"], even)
    strayed = np.abs(times["1"] - even)
    # At most 4 % of the stride of half a second, which is 960 samples.
    assert 0 < strayed.max() <= 960
    assert strayed[0] == 0
    assert np.abs(times["2"] - even).max() <= 1_920
    other = spotted(shelf, STEPS, walk.format("1", 6))
    assert {clip.sync_samples for clip in clips_of(other)} != set(times["1"].tolist())


def test_a_walk_may_end_in_a_scuff(shelf):
    session = spotted(shelf, STEPS, "1,foley,01:00:01:00,01:00:04:00,boots wood,5,,,scuff,")
    last = max(clips_of(session), key=lambda clip: clip.sync_samples)
    assert not session.problems
    assert last.sound.path == "boots wood scuff.wav"
    assert "scuff" in last.why


def test_an_ending_that_is_not_there_is_told(shelf):
    session = spotted(shelf, STEPS, "1,foley,01:00:01:00,01:00:04:00,boots wood,5,,,stop,")
    assert len(clips_of(session)) == 5
    assert "no stop found" in session.problems[0]


GUIDE = "cue,stem,in,out,query,guide"


def heard(starts_at_s=None):
    onsets = tuple(
        Onset(Fraction(at, 48_000), strength)
        for at, strength in ((10_000, -6.0), (40_000, -12.0), (90_001, -18.0))
    )
    return Guide(
        path="guide.wav",
        sample_rate_hz=48_000,
        duration_s=Fraction(10),
        onsets=onsets,
        starts_at_s=starts_at_s,
    )


def test_foley_is_played_again_to_its_guide(shelf):
    line = "1,foley:feet,01:00:02:00,,boots wood,guide.wav"
    session = spotted(shelf, GUIDE, line, hear_guide=lambda _path: heard())
    clips = sorted(clips_of(session), key=lambda clip: clip.sync_samples)
    begins = START + 96_000
    assert [clip.sync_samples - begins for clip in clips] == [10_000, 40_000, 90_001]
    assert [clip.gain_db for clip in clips] == [6.0, 0.0, -6.0]


def test_a_guide_with_a_time_reference_lies_where_that_says(shelf):
    line = "1,foley:feet,01:00:02:00,01:00:03:00,boots wood,guide.wav"
    guide = heard(starts_at_s=Fraction(3601))
    session = spotted(shelf, GUIDE, line, hear_guide=lambda _path: guide)
    (clip,) = clips_of(session)
    assert clip.sync_samples == START + 48_000 + 90_001


STINGER = "cue,stem,in,query,sync,tail,reverse,room,note"


@pytest.mark.parametrize(
    ("sync", "source"), [("start", 0), ("attack", 22_050), ("peak", 70_000), ("end", 4 * 44_100)]
)
def test_start_attack_peak_or_end_stands_on_the_frame(shelf, sync, source):
    session = spotted(shelf, STINGER, f"1,fx:stingers,01:00:10:00,bell,{sync},,,,")
    (clip,) = clips_of(session)
    lands = (
        clip.record_start_samples + Fraction(source - clip.source_start_samples) * 48_000 / 44_100
    )
    assert abs(lands - (START + 480_000)) <= Fraction(1, 2)
    if sync == "end":
        assert clip.record_end_samples == START + 480_000


def test_a_sound_played_backwards_has_its_attack_on_the_frame_too(shelf):
    session = spotted(shelf, STINGER, "1,fx,01:00:10:00,bell,,,yes,,")
    (clip,) = clips_of(session)
    assert clip.reverse
    # Backwards, the last source sample sounds first.
    source_end = clip.source_start_samples + clip.source_samples(48_000)
    lands = clip.record_start_samples + (source_end - 1 - 22_050) * Fraction(48_000, 44_100)
    assert abs(lands - (START + 480_000)) <= 2


def test_a_room_is_a_sound_of_the_library(shelf):
    session = spotted(
        shelf,
        STINGER,
        "1,fx,01:00:10:00,bell,,,,hall response.wav,",
        "2,fx,01:00:20:00,bell,,,,cave.wav,",
    )
    first, second = clips_of(session)
    assert first.room is not None and first.room.path == "hall response.wav"
    assert second.room is None
    assert "its room 'cave.wav' is not in the library" in session.problems[0]


SCENES = "cue,stem,in,out,query,overlap,size,fade_in"


def test_scenes_lie_on_a_and_b_in_turn_and_overlap_at_the_cut(shelf):
    session = spotted(
        shelf,
        SCENES,
        "1,bg,01:00:00:00,01:00:10:00,hall tone,,,",
        "2,bg,01:00:10:00,01:00:20:00,crowd bar,12,,",
        "3,bg,01:00:10:00,01:00:20:00,hall tone,12,,",
        "4,bg,01:00:20:00,01:00:30:00,hall tone,12,,",
    )
    track_of = {clip.cue: track.name for track in session.tracks for clip in track.clips}
    assert track_of == {"1": "a", "2": "b", "3": "b", "4": "a"}
    second = clips_of(session, "2")
    # 12 frames of 2,000 samples to either side, faded in over all of them.
    assert second[0].record_start_samples == START + 480_000 - 24_000
    assert second[0].fade_in_samples == 48_000
    assert max(clip.record_end_samples for clip in second) == START + 960_000 + 24_000


def test_two_scenes_in_one_recording_begin_in_two_places(shelf):
    session = spotted(
        shelf,
        SCENES,
        *(f"{n},bg,01:00:{n}0:00,01:00:{n}4:00,crowd bar,,," for n in range(1, 5)),
    )
    begins = [clip.source_start_samples for clip in clips_of(session)]
    assert min(abs(one - other) for one, other in combinations(begins, 2)) > 48_000


def test_a_scene_is_filled_from_the_even_stretch_of_a_recording(make_recording, shelf_of):
    rain = make_recording(1, "rain", take_s=40.0, sync_s=0)
    even = ((5 * 48_000, 13 * 48_000), (13 * 48_000, 25 * 48_000))  # goes on: one of 20 s
    rain = replace(rain, takes=(replace(rain.takes[0], steady=even),))
    columns = "cue,stem,in,out,query,loop"
    for out, loop, first, last in (
        ("01:00:15:00", "", 5, 25),  # it is long enough
        ("01:00:35:00", "", 0, 40),  # only the whole is, which then needs no join
        ("01:01:30:00", "", 5, 25),  # nothing is: what comes again had better be even
        ("01:01:30:00", "no", 0, 40),
    ):
        session = spotted(shelf_of([rain]), columns, f"1,bg,01:00:00:00,{out},rain,{loop}")
        clips = clips_of(session)
        begins = min(clip.source_start_samples for clip in clips)
        ends = max(clip.source_start_samples + clip.duration_samples for clip in clips)
        assert begins >= first * 48_000
        assert ends <= last * 48_000
        assert (len(clips) > 1) == (out == "01:01:30:00" and not loop)


@pytest.mark.parametrize(("size", "layers"), [("small", 2), ("medium", 3), ("large", 5)])
def test_a_crowd_has_layers_that_are_never_in_phase(shelf, size, layers):
    session = spotted(shelf, SCENES, f"1,bg:walla,01:00:00:00,01:00:40:00,crowd,,{size},", *())
    clips = clips_of(session)
    by_layer = {}
    for clip in clips:
        by_layer.setdefault(clip.metadata["layer"], []).append(clip)
    assert len(by_layer) == layers
    assert len({clips[0].pan for clips in by_layer.values()}) == layers
    for pieces in by_layer.values():
        assert holes(pieces, START, START + 40 * 48_000) == []
    for one, other in combinations(clips, 2):
        together = (
            one.record_start_samples < other.record_end_samples
            and other.record_start_samples < one.record_end_samples
        )
        if (
            together
            and one.sound == other.sound
            and one.metadata["layer"] != other.metadata["layer"]
        ):
            apart = (one.source_start_samples - one.record_start_samples) - (
                other.source_start_samples - other.record_start_samples
            )
            assert abs(apart) >= 0.5 * 48_000


def test_holes_are_found(shelf):
    session = spotted(shelf, SCENES, "1,bg,01:00:00:00,01:00:30:00,hall tone,,,")
    clips = clips_of(session)
    assert holes(clips, START, START + 30 * 48_000) == []
    missing = [clip for clip in clips if clip is not clips[1]]
    ((begins, ends),) = holes(missing, START, START + 30 * 48_000)
    assert (begins, ends) == (clips[0].record_end_samples, clips[2].record_start_samples)


HITS = "cue,stem,in,query,hits,who,note"
WALK = "1,foley:feet,,boots wood,01:00:01:00 01:00:02:00 01:00:03:00 01:00:04:00,,"


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


def test_the_account_tells_how_varied_a_cue_is(shelf):
    account = spotted(shelf, HITS, WALK).metadata["cues"]["1"]
    assert (account["takes_at_hand"], account["distinct_takes"]) == (8, 4)
    assert account["repeats_in_a_row"] == 0


def test_a_surface_that_the_library_lacks_is_named_with_the_nearest(shelf):
    session = spotted(shelf, HITS, "1,foley:feet,01:00:01:00,boots linoleum,,,")
    assert "lacks this on linoleum, the nearest it has is wood" in session.problems[0]


def test_a_surface_that_only_the_ear_answered_is_told_too(make_recording, shelf_of):
    class Listening(shelf_of):
        """Finds by ear where the words do not: the first of all."""

        def candidates(self, query, like, limit):
            found = super().candidates(query, like, limit)
            return found or super().candidates("footsteps", like, limit)

    shelf = Listening(
        [
            make_recording(1, "footsteps grass", takes=3, facets={"surface": "grass"}),
            make_recording(2, "footsteps wood", takes=3, facets={"surface": "wood"}),
        ]
    )
    session = spotted(shelf, HITS, "1,foley:feet,,footsteps linoleum,01:00:01:00 01:00:02:00,,")
    (problem,) = session.problems
    assert "lacks this on linoleum; it plays on wood, the nearest it has" in problem
    assert {clip.sound.asset_id for clip in clips_of(session)} == {2}


def test_a_mistyped_hour_does_not_make_a_day_of_silence(shelf):
    session = spotted(shelf, HITS, "1,fx,01:00:01:00,big slam,,,", "2,fx,11:00:01:00,big slam,,,")
    assert session.end_frame < Timecode.parse("01:01:00:00", FILM_24).frame
    assert "more than 6 hours" in session.problems[0]


def test_handles_tell_what_lies_around_a_clip(shelf):
    session = spotted(shelf, HITS, "1,foley:feet,01:00:05:00,boots wood,,,")
    (clip,) = clips_of(session)
    before, after = (
        clip.metadata["handle_before_samples"],
        clip.metadata["handle_after_samples"],
    )
    assert before == min(clip.source_start_samples, 5 * 48_000)
    played = clip.source_start_samples + clip.duration_samples
    assert after == min(8 * 24_000 - played, 5 * 48_000)


def test_the_scores_of_a_more_generous_reading_stay_below_the_strict_ones(make_recording):
    from library.search import Hit
    from premix.shelf import falling

    asset = make_recording(1, "x")
    hits = [
        Hit(asset=asset, take=asset.takes[0], score=score, why="") for score in (11, 9, 13, 12, 5)
    ]
    scores = falling(hits)
    assert scores[:2] == [11, 9]
    assert scores == sorted(scores, reverse=True)
    assert scores[2] < 9
