"""Spotting in depth: guides, crowds, stingers, endings, and choices that stand."""

from fractions import Fraction

import numpy as np
import pytest

from audio.timecode import FILM_24, Timecode
from premix.guide import Guide, Onset
from tests.premix.spotted import HITS, START, WALK, clips_of, spotted

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


def test_nor_does_a_mistyped_hour_of_a_cue_with_an_end(shelf):
    columns = "cue,stem,in,out,query"
    session = spotted(
        shelf,
        columns,
        "1,fx,01:00:01:00,,big slam",
        "2,bg,11:00:01:00,11:00:09:00,hall tone",
    )
    assert session.end_frame < Timecode.parse("01:01:00:00", FILM_24).frame


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
