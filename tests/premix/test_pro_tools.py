"""Pro Tools text exports: every counter, and real ones against what their project asserts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.timecode import NTSC_2997, NTSC_2997_DROP, Timecode
from premix import PremixError
from premix.pro_tools import parse_pro_tools, read_pro_tools

HEAD = (
    "SESSION NAME:\tR1\nSAMPLE RATE:\t48000.000000\nBIT DEPTH:\t24-bit\n"
    "SESSION START TIMECODE:\t01:00:00:00\nTIMECODE FORMAT:\t{rate}\n\n"
    "T R A C K  L I S T I N G\nTRACK NAME:\tFeet\nCOMMENTS:\t\nUSER DELAY:\t0 Samples\nSTATE: \n"
    "CHANNEL \tEVENT   \tCLIP NAME   \tSTART TIME    \tEND TIME      \tDURATION      \tSTATE\n"
)


def one_event(start, end, rate="24 Frame", name="step", state="Unmuted"):
    text = HEAD.format(rate=rate) + f"1       \t1       \t{name}\t{start}\t{end}\t0\t{state}\n"
    return parse_pro_tools(text)


@pytest.mark.parametrize(
    ("start", "seconds"),
    [
        ("01:00:08:12", Fraction(3608) + Fraction(12, 24)),
        ("01:00:08:12.50", Fraction(3608) + Fraction(25, 48)),
        ("01:00:07:23.100", Fraction(3608)),  # Pro Tools rounds up to a hundredth hundredth
        ("384000", Fraction(3608)),  # 8 s of 48,000 samples after the start
        ("12+00", Fraction(3608)),  # 12 feet of 16 frames: 192 frames
        ("0:08.000", Fraction(3608)),
    ],
)
def test_every_counter_names_the_same_place(start, seconds):
    timeline = one_event(start, start)
    assert [event.record_in_s for event in timeline.tracks[0].events] == [seconds]
    assert timeline.reported == ()


def test_bars_and_beats_are_reported_not_guessed():
    timeline = one_event("3|1", "5|1")
    assert timeline.tracks[0].events == ()
    assert "tempo" in timeline.reported[0].problem
    assert timeline.reported[0].where == "line 13"


def test_a_muted_clip_with_a_tab_in_its_name():
    (event,) = one_event("0", "1", name="a\tb", state="Muted").tracks[0].events
    assert (event.name, event.muted) == ("a\tb", True)


def test_a_clip_that_ends_before_it_begins_is_reported():
    assert "before its start" in one_event("5", "4").reported[0].problem


def test_what_is_no_export_is_refused(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Dear mixer,\n")
    with pytest.raises(PremixError, match="SESSION NAME"):
        read_pro_tools(path)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    parse_pro_tools(HEAD.format(rate="25 Frame") + text)
    parse_pro_tools(text)


@given(frame=st.integers(0, 2_000_000), subframe=st.integers(0, 99))
def test_a_label_is_its_frame(frame, subframe):
    start = Timecode(frame, NTSC_2997_DROP, subframe)
    (event,) = one_event(str(start), str(start), rate="29.97 Drop Frame").tracks[0].events
    assert event.record_in_s == start.seconds


@pytest.fixture
def robin(shared):
    def read(name):
        return read_pro_tools(shared / "conformance" / "ptulsconv" / f"{name}.txt")

    return read


def test_robin_hood_in_timecode(robin):
    timeline = robin("Robin Hood Spotting")
    assert (timeline.name, timeline.sample_rate_hz) == ("Robin Hood Spotting", 48_000)
    assert timeline.rate == NTSC_2997
    assert len(timeline.tracks) == 14
    guy = timeline.tracks[5]
    assert (guy.name, len(guy.events)) == ("Guy", 16)
    assert guy.comments[0] == "[ADR] {Actor=Basil Rathbone} $CN=5"
    sixth = guy.events[5]
    assert sixth.number == "6"
    assert timeline.label(sixth.record_in_s) == "01:04:19:15"
    assert timeline.label(sixth.record_out_s) == "01:04:21:28"
    assert timeline.reported == ()


def test_robin_hood_with_sub_frames_plug_ins_and_stereo(robin):
    timeline = robin("Robin Hood Spotting5")
    assert timeline.metadata["plug-ins"] == "Avid ReVibe II; DMGAudio EQuality"
    music = timeline.tracks[1]
    assert (music.name, music.channels) == ("MX WT (Stereo)", 2)
    assert [event.name for event in music.events] == ["RobinHood.1-01.L", "RobinHood.1-01.R"]
    guy = timeline.tracks[8]
    assert (guy.name, guy.comments[-1]) == ("Guy", "Solo")
    assert timeline.label(guy.events[5].record_in_s) == "01:04:19:15"
    assert guy.events[5].comments == ("timestamp 01:04:19:09.70",)
    assert [timeline.label(mark.at_s) for mark in timeline.markers] == ["01:00:00:00"]
    assert timeline.reported == ()


def test_robin_hood_in_drop_frame_and_in_samples_is_the_same_film(robin):
    drop, samples = robin("Robin Hood SpottingDF"), robin("Robin Hood Spottingsamples")
    assert drop.rate == samples.rate == NTSC_2997_DROP
    robin_hood = drop.tracks[4]
    assert (robin_hood.name, len(robin_hood.events)) == ("Robin", 10)
    for a, b in zip(drop.tracks, samples.tracks, strict=True):
        for event, same in zip(a.events, b.events, strict=True):
            # A label without sub-frames lies up to a frame before its sample, which is whole.
            assert -Fraction(1, 48_000) < same.record_in_s - event.record_in_s < 1 / drop.rate.fps
