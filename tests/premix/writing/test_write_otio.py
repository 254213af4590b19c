"""OTIO files of any cut: read back as they were, and by OpenTimelineIO as such."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.timecode import FILM_24, NTSC_2997_DROP, PAL_25, parse_rate
from premix.cut import Event, Marker, Timeline, TimelineTrack
from premix.cut_files import read_timeline
from premix.cut_otio import timeline_from_otio
from premix.write_otio import otio_text


def reread(timeline):
    root = otio.adapters.read_from_string(otio_text(timeline).text, "otio_json")
    return timeline_from_otio(root, "x.otio", timeline.rate)


words = st.text("abc dé_-.7", min_size=1, max_size=12)


@st.composite
def timelines(draw):
    rate = draw(st.sampled_from([FILM_24, PAL_25, NTSC_2997_DROP]))
    start_s = Fraction(draw(st.integers(0, 100_000))) / rate.fps
    unit = draw(st.sampled_from([1 / rate.fps, Fraction(1, 48_000)]))

    def track(number):
        at, events = 0, []
        for index in range(draw(st.integers(0, 4))):
            at += draw(st.sampled_from([0, 0, 77]))
            length = draw(st.integers(20, 5_000))
            source = draw(st.integers(0, 100_000))
            events.append(
                Event(
                    number=str(index + 1),
                    name=draw(words),
                    record_in_s=start_s + at * unit,
                    record_out_s=start_s + (at + length) * unit,
                    source_in_s=source * unit,
                    source_out_s=(source + length) * unit,
                    reel=draw(st.sampled_from(["", "A001"])),
                    media=draw(st.none() | words),
                    fade_in_s=draw(st.sampled_from([0, 9])) * unit,
                    fade_out_s=draw(st.sampled_from([0, 7])) * unit,
                    speed_percent=draw(st.sampled_from([100.0, 50.0, -100.0, 0.0])),
                    muted=draw(st.booleans()),
                )
            )
            at += length
        kind = draw(st.sampled_from(["picture", "sound"]))
        return TimelineTrack(name=f"track {number}", kind=kind, events=tuple(events))

    return Timeline(
        name=draw(words),
        format="OTIO",
        rate=rate,
        start_s=start_s,
        sample_rate_hz=48_000,
        tracks=tuple(track(number) for number in range(draw(st.integers(0, 3)))),
        markers=tuple(
            Marker(at_s=start_s + at * unit, name=draw(words), comment=draw(words), colour="RED")
            for at in draw(st.lists(st.integers(0, 5_000), max_size=2))
        ),
    )


@settings(max_examples=50)
@given(timelines())
def test_what_is_written_reads_back_exactly(timeline):
    assert reread(timeline) == replace(timeline, sample_rate_hz=None)


def test_a_session_keeps_its_samples_for_whom_it_is_no_session(cut):
    read = reread(cut)
    for track, known in zip(read.tracks, cut.tracks, strict=True):
        for event, was in zip(track.events, known.events, strict=True):
            assert event.record_in_s == was.record_in_s
            assert event.record_out_s == was.record_out_s
            assert event.source_in_s == was.source_in_s
            assert (event.fade_in_s, event.fade_out_s) == (was.fade_in_s, was.fade_out_s)
            assert event.speed_percent == was.speed_percent
    assert sorted(mark.at_s for mark in read.markers) == [mark.at_s for mark in cut.markers]


def test_a_cross_fade_is_a_transition_with_half_on_each_side():
    events = tuple(
        Event(
            number="1", name=name, record_in_s=Fraction(start), record_out_s=Fraction(start + 4),
            source_in_s=Fraction(10), source_out_s=Fraction(14), fade_in_s=Fraction(fade),
        )
        for name, start, fade in (("one", 0, 0), ("two", 3, 1))
    )  # fmt: skip
    timeline = Timeline(
        name="x", format="AAF", rate=FILM_24, start_s=Fraction(0),
        tracks=(TimelineTrack(name="A1", kind="sound", events=events),),
    )  # fmt: skip
    root = otio.adapters.read_from_string(otio_text(timeline).text, "otio_json")
    one, transition, two = root.tracks[0]
    assert one.trimmed_range().duration.to_seconds() == 3.5
    assert (transition.in_offset.to_seconds(), transition.out_offset.to_seconds()) == (0.5, 0.5)
    assert two.trimmed_range().start_time.to_seconds() == 10.5
    # With the transition's share of either side, both play as long as they did.
    assert root.tracks[0].trimmed_range_of_child(two).end_time_exclusive().to_seconds() == 7


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("pycmx/INS4_R1_DX_092117.edl", "24"),
        ("otio-cmx3600-adapter/screening_example.edl", "24"),
        ("ptulsconv/Robin Hood Spotting5.txt", None),
        ("LibAAF/aaf/DR_Audio_Levels.aaf", None),
        ("LibAAF/aaf/MC_Markers.aaf", None),
    ],
)
def test_a_real_file_of_another_kind_becomes_one(shared, name, rate):
    known = read_timeline(shared / "conformance" / name, parse_rate(rate) if rate else None)
    read = reread(known)
    assert [track.name for track in read.tracks] == [track.name for track in known.tracks]
    assert sorted(mark.at_s for mark in read.markers) == [
        pytest.approx(mark.at_s, abs=1e-6) for mark in sorted(known.markers, key=lambda m: m.at_s)
    ]
    for track, was in zip(read.tracks, known.tracks, strict=True):
        ordered = sorted(was.events, key=lambda event: (event.record_in_s, event.record_out_s))
        assert [event.name for event in track.events] == [event.name for event in ordered]
        if all(a.record_out_s <= b.record_in_s for a, b in pairwise(ordered)):
            for event, wanted in zip(track.events, ordered, strict=True):
                # A sample at 48 kHz, for the texts count hundredths of frames.
                assert abs(event.record_in_s - wanted.record_in_s) < Fraction(1, 48_000)
                assert abs(event.record_out_s - wanted.record_out_s) < Fraction(1, 48_000)
