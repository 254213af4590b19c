"""Cues out of timelines: locators, markers, guide tracks and named sounds."""

from fractions import Fraction

import pytest

from audio.timecode import FILM_24, parse_rate
from premix import PremixError
from premix.cue_sources import cues_of_timeline, is_timeline, read_any_cues
from premix.cues import read_cues
from premix.cut import Event, Marker, Timeline, TimelineTrack
from premix.pro_tools import parse_pro_tools

EDL = """TITLE: REEL 1
FCM: NON-DROP FRAME
001  A001     V     C        04:10:21:00 04:10:33:00 01:00:00:00 01:00:12:00
* FROM CLIP NAME: STREET
* LOC: 01:00:03:00 RED     FOLEY feet: boots gravel walk x6
* LOC: 01:00:00:00 GREEN   BG a: city night
* LOC: 01:00:05:00 RED     VFX: REMOVE WIRE
002  A002     V     C        04:14:02:00 04:14:10:00 01:00:12:00 01:00:20:00
* LOC: 01:00:12:00 GREEN   BG a: hallway tone
* LOC: 01:00:14:12 BLUE    FX hard: door slam -6dB
* LOC: 01:00:15:00 BLUE    FX hard: bell @loud {sync=middle}
"""


def timeline(tracks=(), markers=()) -> Timeline:
    return Timeline(
        name="reel", format="test", rate=FILM_24, start_s=Fraction(3_600),
        tracks=tuple(tracks), markers=tuple(markers),
    )  # fmt: skip


def event(name, first=3_600, last=3_605, **told) -> Event:
    return Event(
        number="1", name=name, record_in_s=Fraction(first), record_out_s=Fraction(last), **told
    )


def guide(name, *events, comments=()) -> Timeline:
    return timeline([TimelineTrack(name=name, kind="sound", events=events, comments=comments)])


def test_locators_of_an_edl(tmp_path):
    path = tmp_path / "reel.edl"
    path.write_text(EDL)
    sheet = read_any_cues(path, FILM_24)
    told = [(cue.number, cue.track_name, str(cue.record_in), cue.query) for cue in sheet.cues]
    assert told == [
        ("M1", "backgrounds:a", "01:00:00:00", "city night"),
        ("M2", "foley:feet", "01:00:03:00", "boots gravel walk"),
        ("M3", "backgrounds:a", "01:00:12:00", "hallway tone"),
        ("M4", "fx:hard", "01:00:14:12", "door slam"),
        ("M5", "fx:hard", "01:00:15:00", "bell @loud"),
    ]
    city, steps, hallway, slam, _ = sheet.cues
    assert str(city.record_out) == "01:00:12:00"  # until the next background on its track
    assert str(hallway.record_out) == "01:00:20:00"  # until the picture ends
    assert (steps.steps, steps.pace, steps.record_out) == (6, 110, None)
    assert slam.gain_db == -6
    assert [str(problem) for problem in sheet.problems] == [
        "line 6, cue M5: marker at 01:00:15:00: sync: 'middle' is not one of start, attack, "
        "peak, end"
    ]


def test_the_same_cues_as_a_sheet_would_give(tmp_path):
    edl, table = tmp_path / "reel.edl", tmp_path / "reel.csv"
    edl.write_text(EDL)
    table.write_text(
        "cue,stem,in,out,query,steps,pace,gain_db\n"
        "M1,backgrounds:a,01:00:00:00,01:00:12:00,city night,,,\n"
        "M2,foley:feet,01:00:03:00,,boots gravel walk,6,110,\n"
        "M3,backgrounds:a,01:00:12:00,01:00:20:00,hallway tone,,,\n"
        "M4,fx:hard,01:00:14:12,,door slam,,,-6\n"
        "M5,fx:hard,01:00:15:00,,bell @loud,,,\n"
    )
    assert read_any_cues(edl, FILM_24).cues == read_cues(table, FILM_24).cues
    assert read_any_cues(table, FILM_24) == read_cues(table, FILM_24)


def test_a_marker_with_a_length_and_its_cue_in_the_comment():
    marker = Marker(
        at_s=Fraction(3_601), name="ann", comment="FX hard: rain $SEED=3", duration_s=Fraction(2)
    )
    (cue,) = cues_of_timeline(timeline(markers=[marker])).cues
    assert (str(cue.record_in), str(cue.record_out), cue.seed) == ("01:00:01:00", "01:00:03:00", 3)


def test_markers_of_pro_tools_with_tags_in_their_comment():
    text = (
        "SESSION NAME:\tReel\nSAMPLE RATE:\t48000.000000\nSESSION START TIMECODE:\t01:00:00:00\n"
        "TIMECODE FORMAT:\t24 Frame\n\nM A R K E R S  L I S T I N G\n"
        "#   \tLOCATION     \tTIME REFERENCE    \tUNITS    \tNAME \tCOMMENTS\n"
        "1   \t01:00:03:02  \t148000  \tSamples  \tFOLEY feet: boots run x6 \t$WHO=ANNA\n"
    )
    (cue,) = cues_of_timeline(parse_pro_tools(text)).cues
    assert (cue.who, cue.pace, str(cue.record_in)) == ("anna", 165, "01:00:03:02")


def test_clips_of_a_guide_track_are_cues_from_end_to_end():
    found = cues_of_timeline(
        guide(
            "CUES foley feet {who=Anna}",
            event("boots gravel walk"),
            event("FX: slam", 3_606, 3_607),
        )
    )
    walk, slam = found.cues
    assert (walk.track_name, walk.who) == ("foley:feet", "anna")
    assert (str(walk.record_in), str(walk.record_out)) == ("01:00:00:00", "01:00:05:00")
    assert slam.track_name == "fx:hard"


def test_clips_of_any_other_track_are_not():
    assert cues_of_timeline(guide("Foley feet", event("boots gravel walk"))).cues == ()
    assert cues_of_timeline(guide("Dialogue", event("FX: he said"))).cues == ()


def test_continued_clips_are_one_cue_and_muted_ones_none():
    found = cues_of_timeline(
        guide(
            "GUIDE",
            event("FOLEY feet: boots", 3_600, 3_602),
            event("& gravel", 3_602, 3_604),
            event("FX: no", 3_610, 3_611, muted=True),
            event("@ {sc=12}", 3_600, 3_620),
        )
    )
    (cue,) = found.cues
    assert (cue.query, str(cue.record_out)) == ("boots gravel", "01:00:04:00")


def test_the_tags_of_a_real_session(shared):
    """ptulsconv's tag tests: tracks with tags but no stem give no cue."""
    path = shared / "conformance" / "ptulsconv" / "Tag Tests.txt"
    with pytest.raises(PremixError, match="none of its"):
        read_any_cues(path, parse_rate("23.976"))


def test_sound_events_that_the_library_knows_are_locked_cues():
    library = {"DOORWood_Slam_AB_SRC.wav": "fx/DOORWood_Slam_AB_SRC.wav", "FOLYFeet_x": "7"}
    track = TimelineTrack(
        name="A1",
        kind="sound",
        events=(
            event("DOORWood_Slam_AB_SRC.wav", 3_600, 3_601, gain_db=-3.0),
            event("", 3_602, 3_603, reel="FOLYFeet_x"),
            event("MUSIC", 3_604, 3_605),
        ),
    )
    other_side = TimelineTrack(name="A2", kind="sound", events=track.events[:1])
    slam, step = cues_of_timeline(timeline([track, other_side]), find_sound=library.get).cues
    assert (slam.sound, slam.track_name, slam.gain_db) == (
        "fx/DOORWood_Slam_AB_SRC.wav", "fx:hard", -3.0,
    )  # fmt: skip
    assert (step.sound, str(step.record_in)) == ("7", "01:00:02:00")


def test_what_is_a_timeline_and_what_a_table(tmp_path, assets_sample):
    assert is_timeline(assets_sample / "reel1.edl")
    assert not is_timeline(assets_sample / "reel1.cues.csv")
    assert not is_timeline(tmp_path / "missing.edl")
    untitled = tmp_path / "list"
    untitled.write_text("001 AX V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n")
    assert is_timeline(untitled)
    table = tmp_path / "cues.csv"
    table.write_text("cue,stem,in,out,hits\n1,fx,01:00:00:00,01:00:01:00,01:00:00:01 01:00:00:02\n")
    assert not is_timeline(table)
