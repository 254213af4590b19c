"""Pro Tools texts that we write read back as the same events."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.timecode import NTSC_2997_DROP, PAL_25, RATES
from premix import PremixError
from premix.cut import Event, Marker, Timeline, TimelineTrack
from premix.pro_tools import parse_pro_tools, read_pro_tools
from premix.write_pro_tools import COUNTERS, pro_tools_text

words = st.text("abc dé_-.7()", min_size=1, max_size=20).map(lambda text: f"x{text.strip()}x")


@st.composite
def timelines(draw):
    """Events on hundredths of frames, each name with one file, as a session has it."""
    rate = draw(st.sampled_from([rate for rate in RATES.values() if rate.fps <= 60]))
    start = draw(st.integers(0, rate.frames_per_day // 2))
    unit = 1 / (rate.fps * 100)
    media = draw(st.dictionaries(words, st.none() | words, min_size=1, max_size=4))

    def event(number):
        record_in = start * 100 + draw(st.integers(0, 100_000))
        name = draw(st.sampled_from(sorted(media)))
        return Event(
            number=str(number),
            name=name,
            record_in_s=record_in * unit,
            record_out_s=(record_in + draw(st.integers(0, 5_000))) * unit,
            media=media[name],
            muted=draw(st.booleans()),
            channel=draw(st.integers(1, 2)),
            comments=draw(st.sampled_from([(), ("timestamp 00:00:51:17.00",)])),
        )

    def track():
        events = tuple(event(number) for number in range(1, draw(st.integers(0, 4)) + 1))
        return TimelineTrack(
            name=draw(words),
            kind="sound",
            events=events,
            channels=max((one.channel for one in events), default=None),
            comments=draw(st.sampled_from([(), ("by hand",), ("Solo",), ("by hand", "Muted")])),
        )

    return Timeline(
        name=draw(words),
        format="Pro Tools text",
        rate=rate,
        start_s=Fraction(start) / rate.fps,
        sample_rate_hz=draw(st.sampled_from([44_100, 48_000, 96_000])),
        tracks=tuple(track() for _number in range(draw(st.integers(1, 3)))),
        markers=tuple(
            Marker(at_s=(start * 100 + at) * unit, name=draw(words), comment=draw(words))
            for at in draw(st.lists(st.integers(0, 50_000), max_size=3))
        ),
        metadata={"bit depth": "24-bit", "plug-ins": ""},
    )


@settings(max_examples=50)
@given(timelines())
def test_what_is_written_reads_back_exactly(timeline):
    written = pro_tools_text(timeline)
    assert not written.reported
    assert parse_pro_tools(written.text) == timeline


def one_clip(**told):
    told = {"record_in_s": Fraction(3600), "record_out_s": Fraction(3601), **told}
    event = Event(number="1", name="slam", channel=1, **told)
    return Timeline(
        name="reel 1", format="x", rate=PAL_25, start_s=Fraction(3600), sample_rate_hz=48_000,
        tracks=(TimelineTrack(name="FX", kind="sound", events=(event,), channels=1),),
    )  # fmt: skip


def test_samples_are_exact_where_timecode_is_not():
    timeline = one_clip(record_in_s=3600 + Fraction(7, 48_000))
    (read,) = parse_pro_tools(pro_tools_text(timeline, "samples").text).tracks[0].events
    assert read.record_in_s == 3600 + Fraction(7, 48_000)
    assert not pro_tools_text(timeline, "samples").reported
    (report,) = pro_tools_text(timeline).reported
    # 7 samples of 48 kHz are 0.146 ms; a hundredth of a frame at 25 fps is 0.4 ms.
    assert report.problem == (
        "1 positions were moved to the nearest hundredth of a frame, by 0.146 ms at most"
    )


def test_two_files_under_one_name_are_told_apart():
    timeline = one_clip(media="a.wav")
    (track,) = timeline.tracks
    other = replace(track.events[0], media="b.wav", number="2")
    timeline = replace(timeline, tracks=(replace(track, events=(*track.events, other)),))
    written = pro_tools_text(timeline)
    events = parse_pro_tools(written.text).tracks[0].events
    assert [(event.name, event.media) for event in events] == [
        ("slam", "a.wav"), ("slam-02", "b.wav"),
    ]  # fmt: skip
    assert [report.problem for report in written.reported] == ["written as slam-02"]


def test_what_the_text_has_no_column_for_is_counted():
    timeline = one_clip(fade_in_s=Fraction(1), gain_db=-3.0)
    assert [report.problem for report in pro_tools_text(timeline).reported] == [
        "the text has no column for fades: 1 lost",
        "the text has no column for clip gain: 1 lost",
    ]


def test_the_head_is_as_pro_tools_writes_it():
    timeline = replace(one_clip(), rate=NTSC_2997_DROP)
    lines = pro_tools_text(timeline).text.splitlines()
    assert lines[:5] == [
        "SESSION NAME:\treel 1",
        "SAMPLE RATE:\t48000.000000",
        "BIT DEPTH:\t24-bit",
        "SESSION START TIMECODE:\t01:00:00;00.00",
        "TIMECODE FORMAT:\t29.97 Drop Frame",
    ]


def test_a_counter_that_is_not_written_is_named():
    with pytest.raises(PremixError, match="'feet' is not a counter; one of timecode, samples"):
        pro_tools_text(one_clip(), "feet")


@pytest.mark.parametrize("name", ["", "5", "DF", "samples"])
def test_a_real_export_is_the_same_after_writing(shared, name):
    counter = name if name in COUNTERS else "timecode"
    path = shared / "conformance" / "ptulsconv" / f"Robin Hood Spotting{name}.txt"
    known = read_pro_tools(path)
    read = parse_pro_tools(pro_tools_text(known, counter).text)
    assert [track.name for track in read.tracks] == [track.name for track in known.tracks]
    assert [track.events for track in read.tracks] == [track.events for track in known.tracks]
    assert read.markers == known.markers
    assert (read.rate, read.start_s) == (known.rate, known.start_s)
