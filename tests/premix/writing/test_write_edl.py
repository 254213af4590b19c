"""EDLs that we write: read back as they were, by our reader and by others."""

from dataclasses import replace
from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.timecode import FILM_24, NTSC_2997_DROP, NTSC_23976, PAL_25, Timecode, parse_rate
from premix import PremixError
from premix.cut import Event, Marker, Timeline, TimelineTrack
from premix.cut_files import read_timeline, timeline_of_edl
from premix.edl import parse_edl
from premix.edl_lines import parse_channels
from premix.edl_names import DIALECTS, channel_field
from premix.write_edl import edl_text

FPS = 24
REELS = ["A101C003", "B002", "AX", "r.7-x", "000777"]
words = st.text("abc défg_-.()", min_size=1, max_size=20).map(lambda text: f"x{text}x".split()[0])
COLOURS = ["RED", "Green", None]


def at(frames, rate=FILM_24):
    return Fraction(frames) / rate.fps


@st.composite
def tracks(draw, rate, name):
    """Events of whole frames that an EDL has columns for, one behind the other."""
    record = draw(st.integers(0, 200_000))
    events = []
    for number in range(draw(st.integers(1, 5))):
        record += draw(st.integers(0, 3)) * draw(st.integers(0, 50))
        length = draw(st.integers(2, 300))
        source = draw(st.integers(0, 100_000))
        events.append(
            Event(
                number=str(number),
                name=draw(words),
                record_in_s=at(record, rate),
                record_out_s=at(record + length, rate),
                source_in_s=at(source, rate),
                source_out_s=at(source + draw(st.sampled_from([length, 2 * length])), rate),
                reel=draw(st.sampled_from(REELS)),
                media=draw(st.none() | words),
                fade_in_s=at(draw(st.sampled_from([0, 0, 1, length - 1])), rate),
                # M2 has one decimal, in which the rates of NTSC have no other speeds.
                speed_percent=draw(
                    st.sampled_from([100.0, 50.0, -100.0, 0.0, 200.0])
                    if rate.fps.denominator == 1
                    else st.sampled_from([100.0, 0.0])
                ),
                comments=tuple(draw(st.lists(words, max_size=2))),
            )
        )
        record += length
    return TimelineTrack(
        name=name, kind="picture" if name[0] == "V" else "sound", events=tuple(events)
    )


@st.composite
def timelines(draw):
    rate = draw(st.sampled_from([FILM_24, PAL_25, NTSC_23976, NTSC_2997_DROP]))
    names = draw(st.lists(st.sampled_from(["V", "A1", "A2", "A3", "A4"]), min_size=1, unique=True))
    return Timeline(
        name=draw(words),
        format="EDL",
        rate=rate,
        start_s=Fraction(0),
        tracks=tuple(draw(tracks(rate, name)) for name in sorted(names)),
        markers=tuple(
            Marker(at_s=at(frame, rate), name=draw(words), colour=draw(st.sampled_from(COLOURS)))
            for frame in sorted(draw(st.sets(st.integers(0, 100_000), max_size=3)))
        ),
    )


def what_lasts(timeline):
    """Track → its events without their numbers, and without the lines that dissolves come from."""
    return {
        track.name: [
            replace(event, number="", speed_percent=round(event.speed_percent, 6))
            for event in track.events
            if event.record_out_s > event.record_in_s
        ]
        for track in timeline.tracks
    }


@settings(max_examples=30)
@given(timelines(), st.sampled_from(sorted(DIALECTS)))
def test_what_is_written_reads_back_the_same(timeline, dialect):
    written = edl_text(timeline, dialect)
    edl = parse_edl(written.text, timeline.rate)
    read = timeline_of_edl(edl)
    assert what_lasts(read) == what_lasts(timeline)
    assert [(mark.at_s, mark.name, mark.colour) for mark in read.markers] == [
        (mark.at_s, mark.name, mark.colour) for mark in timeline.markers
    ]
    assert read.name == timeline.name
    assert not [report for report in edl.reported if report.severity == "problem"]
    # What was read, written again, is the same list.
    assert edl_text(read, dialect).text == written.text


def list_of(*events, rate=FILM_24, name="A1", kind="sound", markers=()):
    track = TimelineTrack(name=name, kind=kind, events=events)
    return Timeline(
        name="reel 1", format="x", rate=rate, start_s=Fraction(0), tracks=(track,), markers=markers
    )


def event(start, end, **told):
    told = {"number": "1", "name": "slam", "reel": "R1", **told}
    return Event(record_in_s=at(start), record_out_s=at(end), **told)


def test_a_line_has_the_columns_of_cmx_3600():
    timeline = list_of(
        event(86_400, 86_496, source_in_s=at(0), source_out_s=at(96), name="one"),
        event(86_496, 86_544, source_in_s=at(48), source_out_s=at(96), fade_in_s=at(12), reel="R2"),
        name="V", kind="picture",
    )  # fmt: skip
    assert edl_text(timeline).text.splitlines() == [
        "TITLE: reel 1",
        "FCM: NON-DROP FRAME",
        "001  R1       V     C        00:00:00:00 00:00:04:00 01:00:00:00 01:00:04:00",
        "* FROM CLIP NAME:  one",
        "002  R1       V     C        00:00:04:00 00:00:04:00 01:00:04:00 01:00:04:00",
        "002  R2       V     D    012 00:00:02:00 00:00:04:00 01:00:04:00 01:00:06:00",
        "* FROM CLIP NAME:  one",
        "* TO CLIP NAME:  slam",
    ]


def test_the_public_adapter_reads_our_cuts_and_dissolves():
    timeline = list_of(
        event(86_400, 86_496, source_in_s=at(0), source_out_s=at(96), name="one"),
        event(86_496, 86_544, source_in_s=at(48), source_out_s=at(96), fade_in_s=at(12), reel="R2"),
        event(86_544, 86_592, source_in_s=at(10), source_out_s=at(58), reel="R3", media="b.wav"),
        name="V", kind="picture",
    )  # fmt: skip
    read = otio.adapters.read_from_string(edl_text(timeline).text, "cmx_3600", rate=24)
    (track,) = read.tracks
    clips = list(track.find_clips())
    # The adapter lays half of a dissolve before the cut, half behind it.
    assert [clip.name for clip in clips] == ["one", "slam", "slam"]
    assert sum(clip.trimmed_range().duration.value for clip in clips) == 192
    assert [clip.metadata["cmx_3600"]["reel"] for clip in clips] == ["R1", "R2", "R3"]
    assert clips[2].source_range.start_time.value == 10


def test_clips_that_cross_fade_become_a_dissolve_from_one_to_the_other():
    timeline = list_of(
        event(0, 60, source_in_s=at(100), source_out_s=at(160), fade_out_s=at(10), name="one"),
        event(50, 90, source_in_s=at(0), source_out_s=at(40), fade_in_s=at(10), reel="R2"),
    )
    written = edl_text(timeline)
    one, outgoing, two = parse_edl(written.text, FILM_24).events
    assert (one.record_out.frame, one.source_out.frame) == (50, 150)
    assert (outgoing.reel, outgoing.source_in.frame, outgoing.duration_frames) == ("R1", 150, 0)
    assert (two.kind, two.transition_frames, two.clip_name) == ("dissolve", 10, "slam")
    assert not written.reported


def test_the_same_event_on_several_tracks_is_one_event_of_the_list():
    spoken = event(0, 24, source_in_s=at(0), source_out_s=at(24))
    timeline = replace(
        list_of(spoken),
        tracks=tuple(
            TimelineTrack(name=name, kind="sound", events=(spoken,)) for name in ("A1", "A2", "A4")
        ),
    )
    text = edl_text(timeline).text
    assert "001  R1       AA    C" in text
    assert "AUD   4" in text.splitlines()
    assert parse_edl(text, FILM_24).events[0].channels == ("A1", "A2", "A4")


@given(st.sets(st.sampled_from(["V", *(f"A{number}" for number in range(1, 25))]), min_size=1))
def test_any_channels_read_back(channels):
    ordered = tuple(sorted(channels, key=lambda name: (name[0] != "V", int(name[1:] or 0))))
    column, aud = channel_field(ordered)
    rest = [f"A{number}" for number in aud.split()[1:]] if aud else []
    assert {*parse_channels(column), *rest} == channels


def problems(written):
    return [f"{report.where}: {report.problem}" for report in written.reported]


def test_what_an_edl_cannot_hold_is_told():
    tracks = tuple(
        TimelineTrack(name=f"foley:feet {number}", kind="sound", events=(event(0, 24),))
        for number in range(1, 6)
    )
    timeline = replace(list_of(), tracks=tracks)
    assert problems(edl_text(timeline)) == [
        "track foley:feet 5: left out, 1 events: cmx3600 has 4 sound tracks; file_32 has 24"
    ]
    assert "* A2: foley:feet 2" in edl_text(timeline).text
    assert not problems(edl_text(timeline, "file_32"))


def test_long_reels_are_cut_but_stay_apart():
    timeline = list_of(
        event(0, 24, reel="A101C003_240101"), event(24, 48, reel="A101C003_240102", number="2")
    )
    written = edl_text(timeline)
    reels = [edit.reel for edit in parse_edl(written.text, FILM_24).events]
    assert reels == ["A101C003", "A101C0_2"]
    assert len(written.reported) == 2
    assert not edl_text(timeline, "file_32").reported


def test_times_between_frames_are_counted_and_their_error_told():
    clip = Event(number="1", name="step", record_in_s=Fraction(1, 100), record_out_s=Fraction(2))
    assert problems(edl_text(list_of(clip))) == [
        "list: 1 edges lie between frames and were moved to the nearest, by 10.0 ms at most"
    ]


def test_a_colour_that_stands_in_the_text_is_not_taken_for_the_locators_own():
    marker = Marker(at_s=at(5), name="RED door slams")
    text = edl_text(list_of(event(0, 24), markers=(marker,))).text
    (mark,) = timeline_of_edl(parse_edl(text, FILM_24)).markers
    assert mark.name == "RED door slams"


def test_a_track_without_events_is_no_line():
    assert edl_text(list_of()).text == "TITLE: reel 1\nFCM: NON-DROP FRAME\n"


def test_a_dialect_that_is_not_known_is_named():
    with pytest.raises(PremixError, match="'file_99' is not a dialect; one of cmx3600, file_32"):
        edl_text(list_of(), "file_99")


REAL = [
    ("pycmx/INS4_R1_DX_092117.edl", "24"),
    ("pycmx/ISSUE_14_conform_edl_issue_03.edl", "24"),
    ("pycmx/ISSUE_19_unusual01.edl", "24"),
    ("pycmx/TEST.edl", "24"),
    ("pycmx/cdl_example01.edl", "24"),
    ("pycmx/test_25.edl", "25"),
    ("otio-cmx3600-adapter/25fps.edl", "25"),
    ("otio-cmx3600-adapter/avid_example.edl", "24"),
    ("otio-cmx3600-adapter/dissolve_test_4.edl", "24"),
    ("otio-cmx3600-adapter/multi_audio.edl", "24"),
    ("otio-cmx3600-adapter/screening_example.edl", "24"),
    ("otio-cmx3600-adapter/speed_effects_small.edl", "24"),
    ("edl/45S_SAMPLE.EDL", "25"),
    ("edl/REVERSE.EDL", "25"),
    ("edl/SIMPLE_DISSOLVE.EDL", "25"),
    ("edl/SPEEDUP_AND_FADEOUT.EDL", "25"),
    ("edl/SPLICEME.EDL", "25"),
    ("edl/TIMEWARP_HALF.EDL", "25"),
]


@pytest.mark.parametrize(("name", "rate"), REAL)
def test_a_real_list_is_the_same_after_writing(shared, tmp_path, name, rate):
    known = read_timeline(shared / "conformance" / name, parse_rate(rate))
    again = tmp_path / "again.edl"
    again.write_text(edl_text(known, "file_32").text)
    read = read_timeline(again, parse_rate(rate))

    def sounds(timeline):
        return {
            name: sorted(events, key=lambda event: (event.record_in_s, event.name, event.reel))
            for name, events in what_lasts(timeline).items()
        }

    assert sounds(read) == sounds(known)
    assert [mark.name for mark in read.markers] == [mark.name for mark in known.markers]


def test_timecodes_are_drop_frame_where_the_rate_is():
    rate = NTSC_2997_DROP
    clip = Event(
        number="1", name="", reel="R",
        record_in_s=Timecode.parse("01:00:59;29", rate).seconds,
        record_out_s=Timecode.parse("01:01:00;02", rate).seconds,
    )  # fmt: skip
    lines = edl_text(list_of(clip, rate=rate)).text.splitlines()
    assert lines[1] == "FCM: DROP FRAME"
    assert lines[2].endswith("01:00:59;29 01:01:00;02")
