"""Spotting: each attack on its frame, what cannot be had is told, the rest is built."""

from fractions import Fraction
from itertools import pairwise

import pytest

from audio.timecode import FILM_24, NTSC_2997_DROP, NTSC_23976, Timecode
from premix.cues import parse_cues
from premix.spotting import spot
from premix.timeline import Shot

COLUMNS = "cue,stem,in,out,query,sound,hits,steps,pace,who,tail,loop,fade_out,human"


@pytest.fixture
def shelf(make_recording, shelf_of):
    return shelf_of(
        [
            make_recording(1, "boots wood", takes=8),
            make_recording(2, "slam", take_s=2.0),
            make_recording(3, "rain", take_s=12.0, sample_rate_hz=44_100, channels=2),
            make_recording(4, "bell", take_s=4.0, sample_rate_hz=44_100),
            make_recording(5, "blip", take_s=0.2),
            make_recording(6, "boots wood other", takes=8),
        ]
    )


def spotted(shelf, *lines, rate=FILM_24, columns=COLUMNS, **told):
    sheet = parse_cues("\n".join([columns, *lines]).encode(), "reel.csv", rate)
    return spot(sheet, shelf, sample_rate_hz=48_000, name="reel", **told)


def clips_of(session):
    clips = [clip for track in session.tracks for clip in track.clips]
    return sorted(clips, key=lambda clip: clip.record_start_samples)


@pytest.mark.parametrize("rate", [FILM_24, NTSC_23976, NTSC_2997_DROP])
@pytest.mark.parametrize("query", ["slam", "bell"])
def test_the_attack_stands_on_the_sample_of_its_timecode(shelf, rate, query):
    session = spotted(shelf, f"1,fx,01:07:03:11,,{query},,,,,,,,", rate=rate)
    (clip,) = clips_of(session)
    target = Timecode.parse("01:07:03:11", rate).to_samples(48_000)
    assert clip.sync_samples == target
    # By first principles: source samples before the attack, counted in samples of the session.
    take = next(a for a in shelf.assets if a.fx_name == query).takes[0]
    before = Fraction(take.sync_samples - clip.source_start_samples, clip.sound.sample_rate_hz)
    assert clip.record_start_samples + before * 48_000 == target


def test_a_cue_has_as_many_takes_as_hits_and_none_twice_in_a_row(shelf):
    hits = " ".join(f"01:00:0{n}:00" for n in range(1, 8))
    session = spotted(shelf, f"1,foley:feet,,,boots wood,,{hits},,,,,,")
    clips = sorted(clips_of(session), key=lambda clip: clip.sync_samples)
    assert not session.problems
    assert [clip.sync_samples for clip in clips] == [
        Timecode.parse(label, FILM_24).to_samples(48_000) for label in hits.split()
    ]
    assert len({clip.take_index for clip in clips}) == 7


def test_steps_stand_evenly_between_in_and_out(shelf):
    session = spotted(shelf, "1,foley,01:00:01:00,01:00:04:00,boots wood,,,6,,,,,,no")
    clips = sorted(clips_of(session), key=lambda clip: clip.sync_samples)
    assert session.tracks[0].name == "feet"
    start = Timecode.parse("01:00:01:00", FILM_24).to_samples(48_000)
    assert [clip.sync_samples - start for clip in clips] == [n * 24_000 for n in range(6)]


def test_clips_on_a_lane_never_overlap(shelf):
    session = spotted(shelf, "1,foley,01:00:01:00,01:00:04:00,boots wood,,,,600,,,,")
    assert sum(len(track.clips) for track in session.tracks) == 30
    for track in session.tracks:
        for earlier, later in pairwise(track.clips):
            assert earlier.record_end_samples <= later.record_start_samples


def test_a_background_fills_from_in_to_out(shelf):
    session = spotted(shelf, "1,bg,01:00:00:00,01:01:00:00,rain,,,,,,,,")
    clips = clips_of(session)
    start = 3600 * 48_000
    assert clips[0].record_start_samples == start
    assert max(clip.record_end_samples for clip in clips) == start + 60 * 48_000
    for earlier, later in pairwise(clips):
        overlap = earlier.record_end_samples - later.record_start_samples
        assert overlap == earlier.fade_out_samples == later.fade_in_samples > 0
    for clip in clips:
        played = clip.source_start_samples + clip.source_samples(48_000)
        assert played <= clip.sound.duration_samples + 1


def test_out_cuts_an_effect_but_a_stinger_rings_on(shelf):
    session = spotted(
        shelf,
        "1,fx:hard,01:00:01:00,01:00:02:00,bell,,,,,,,,",
        "2,fx:stingers,01:00:01:00,01:00:02:00,bell,,,,,,,,",
        "3,fx:hard,01:00:01:00,01:00:02:00,bell,,,,,,yes,,",
    )
    out = Timecode.parse("01:00:02:00", FILM_24).to_samples(48_000)
    ends = {clip.cue: clip.record_end_samples for clip in clips_of(session)}
    assert ends["1"] == out
    assert ends["2"] > out
    assert ends["3"] > out


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("7,fx,01:00:01:00,,unicorn,,,,,,,,", "no sound found for query 'unicorn'"),
        ("7,fx,01:00:01:00,,,gone.wav,,,,,,,", "its locked sound 'gone.wav' is not in the library"),
        ("7,foley:feet,01:00:01:00,,,,,,,anna,,,", "what 'anna' wore before"),
        ("7,bg,01:00:01:00,01:00:09:00,blip,,,,,,,,", "too short for a background"),
        ("7,fx,00:59:59:00,,slam,,,,,,,,", "00:59:59:00 is before the start of the session"),
    ],
)
def test_what_cannot_be_had_is_told_and_the_rest_is_built(shelf, line, problem):
    start = Timecode.parse("01:00:00:00", FILM_24)
    session = spotted(shelf, line, "8,fx,01:00:05:00,,slam,,,,,,,,", start=start)
    assert [clip.cue for clip in clips_of(session)] == ["8"]
    (told,) = session.problems
    assert told.startswith("reel.csv, line 2, cue 7: ")
    assert problem in told


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("7,bg,01:00:01:00,01:10:00:00,rain,,,,,,,no,", "may not be looped"),
        ("7,fx,01:00:01:00,01:00:59:00,slam,,,,,,,,", "s before out"),
    ],
)
def test_what_falls_short_is_told_and_built(shelf, line, problem):
    session = spotted(shelf, line)
    assert {clip.cue for clip in clips_of(session)} == {"7"}
    (told,) = session.problems
    assert problem in told


def test_one_take_for_two_hits_is_noted_and_nothing_is_missing(shelf):
    session = spotted(shelf, "7,fx,,,slam,,01:00:01:00 01:00:03:00,,,,,,")
    assert len(clips_of(session)) == 2
    assert not session.problems
    assert "2 hits but one take at hand" in session.metadata["notes"][0]


def test_a_locked_sound_is_never_overruled(shelf):
    session = spotted(shelf, "1,fx,01:00:01:00,,boots wood,bell.wav,,,,,,,")
    (clip,) = clips_of(session)
    assert clip.sound.path == "bell.wav"
    assert clip.locked


def test_a_character_keeps_its_shoes_over_the_reel(shelf):
    session = spotted(
        shelf,
        "1,foley:feet,01:00:01:00,01:00:03:00,,boots wood other.wav,,4,,anna,,,",
        "2,foley:feet,01:00:11:00,01:00:13:00,boots wood,,,4,,anna,,,",
        "3,foley:feet,01:00:21:00,01:00:23:00,,,,4,,anna,,,",
        "4,foley:feet,01:00:31:00,01:00:33:00,boots wood,,,4,,ben,,,",
    )
    worn = {clip.cue: clip.sound.path for clip in clips_of(session)}
    other, first = "boots wood other.wav", "boots wood.wav"
    assert worn == {"1": other, "2": other, "3": other, "4": first}


def test_the_same_sheet_gives_the_same_session(shelf):
    lines = ["1,foley,01:00:01:00,01:00:04:00,boots wood,,,20,,,,,"]
    assert spotted(shelf, *lines) == spotted(shelf, *lines)


def test_a_new_cue_does_not_deal_the_others_anew(shelf):
    bg = "2,bg,01:00:30:00,01:01:00:00,rain,,,,,,,,"
    alone = clips_of(spotted(shelf, bg))
    among = clips_of(spotted(shelf, "1,fx,01:00:01:00,,slam,,,,,,,,", bg))
    assert [clip for clip in among if clip.cue == "2"] == alone


def test_the_session_begins_with_the_picture_else_with_the_hour(shelf):
    cue = "1,fx,01:00:07:00,,slam,,,,,,,,"
    assert spotted(shelf, cue).start_frame == 24 * 3600
    shots = [Shot(name="a", record_in_frame=24 * 3602, record_out_frame=24 * 3650)]
    session = spotted(shelf, cue, picture=shots)
    assert (session.start_frame, session.end_frame) == (24 * 3602, 24 * 3650)


def test_a_clip_tells_why_and_what_else_there_is(shelf):
    (clip,) = clips_of(spotted(shelf, "1,foley,01:00:01:00,,boots wood,,,,,,,,"))
    assert clip.why == "named boots wood"
    assert len(clip.metadata["next"]) == 3


def test_no_fade_touches_an_attack(shelf):
    session = spotted(
        shelf,
        "1,foley,01:00:01:00,01:00:04:00,boots wood,,,20,,,,,,",
        "2,fx,01:00:01:00,01:00:01:01,bell,,,,,,,,,",
        "3,fx,00:00:00:00,,slam,,,,,,,,,",
    )
    for clip in clips_of(session):
        assert clip.record_start_samples + clip.fade_in_samples <= clip.sync_samples
        assert clip.sync_samples <= clip.record_end_samples - clip.fade_out_samples
