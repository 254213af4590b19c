"""OpenTimelineIO files as a cut."""

import json
from fractions import Fraction

import opentimelineio as otio
import pytest

from audio.timecode import FILM_24, NTSC_23976
from premix import PremixError
from premix.cut_otio import read_otio


def rational(value, rate=24):
    return otio.opentime.RationalTime(value, rate)


def clip(name, frames, start=0, rate=24):
    return otio.schema.Clip(
        name, source_range=otio.opentime.TimeRange(rational(start, rate), rational(frames, rate))
    )


def written(tmp_path, *children, start=None, kind="Video"):
    timeline = otio.schema.Timeline("R1", global_start_time=start)
    timeline.tracks.append(otio.schema.Track("V1", children=list(children), kind=kind))
    path = tmp_path / "cut.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return path


def test_events_lie_after_the_start_of_the_film(tmp_path):
    path = written(tmp_path, clip("a", 24, start=48), clip("b", 12), start=rational(86_400))
    timeline = read_otio(path)
    assert (timeline.name, timeline.rate, timeline.start_s) == ("R1", FILM_24, 3600)
    first, second = timeline.tracks[0].events
    assert (first.record_in_s, first.record_out_s) == (3600, 3601)
    assert (first.source_in_s, first.source_out_s) == (2, 3)
    assert (second.name, second.record_out_s) == ("b", Fraction(3601) + Fraction(1, 2))
    assert [shot.record_in_frame for shot in timeline.shots()] == [86_400, 86_424]


def test_a_decimal_rate_is_the_exact_one(tmp_path):
    path = written(tmp_path, clip("a", 24, rate=23.976), start=rational(86_400, 23.976))
    timeline = read_otio(path)
    assert timeline.rate == NTSC_23976
    assert timeline.start_s == Fraction(86_400 * 1001, 24_000)


def test_gaps_dissolves_speeds_and_markers(tmp_path):
    slow = clip("slow", 24)
    slow.effects.append(otio.schema.LinearTimeWarp(time_scalar=-0.5))
    slow.markers.append(
        otio.schema.Marker(
            "FOLEY feet: boots", otio.opentime.TimeRange(rational(6), rational(0)), color="RED"
        )
    )
    dissolve = otio.schema.Transition("d", in_offset=rational(4), out_offset=rational(8))
    gap = otio.schema.Gap(duration=rational(24))
    timeline = read_otio(written(tmp_path, gap, clip("a", 24), dissolve, slow))
    a, b = timeline.tracks[0].events
    assert (a.record_in_s, a.fade_out_s, b.fade_in_s) == (1, Fraction(1, 2), Fraction(1, 2))
    # Four frames before the cut at 2 s and eight after it, both are heard.
    assert (b.record_in_s, a.record_out_s) == (2 - Fraction(4, 24), 2 + Fraction(8, 24))
    assert (b.source_in_s, a.source_out_s) == (-Fraction(4, 24), 1 + Fraction(8, 24))
    assert b.speed_percent == -50
    (marker,) = timeline.markers
    assert (marker.at_s, marker.name, marker.colour) == (Fraction(9, 4), "FOLEY feet: boots", "RED")


def test_a_schema_that_nobody_knows_is_one_clear_error(tmp_path):
    path = tmp_path / "odd.otio"
    path.write_text(json.dumps({"OTIO_SCHEMA": "SpaceTime.3", "name": "x"}))
    with pytest.raises(PremixError, match="SpaceTime"):
        read_otio(path)


@pytest.mark.parametrize("content", ["", "{", "hello", "[]"])
def test_what_is_no_otio_file_is_refused(tmp_path, content):
    path = tmp_path / "odd.otio"
    path.write_text(content)
    with pytest.raises(PremixError, match=r"odd\.otio"):
        read_otio(path)


@pytest.mark.parametrize(
    ("name", "clips", "frames"),
    [
        ("simple_cut", 4, 19),
        ("transition", 4, 19),
        ("multiple_track", 5, 19),
        ("nested_example", 7, 636),
    ],
)
def test_the_examples_of_its_own_project(shared, name, clips, frames):
    timeline = read_otio(shared / "conformance" / "OpenTimelineIO" / f"{name}.otio")
    events = [event for track in timeline.tracks for event in track.events]
    assert len(events) == clips
    assert max(event.record_out_s for event in events) * 24 == frames
