"""REAPER projects, read by a parser that is not ours (PyPI: rpp)."""

from dataclasses import replace
from fractions import Fraction
from math import log2
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.timecode import FILM_24, NTSC_2997_DROP, NTSC_23976
from premix.cut import Event, Marker, Timeline, TimelineTrack
from premix.session_cut import timeline_of_session
from premix.write_rpp import rpp_text

rpp = pytest.importorskip("rpp")


def parsed(timeline):
    return rpp.loads(rpp_text(timeline).text)


def values(element, name):
    """What stands behind each line of that name."""
    return [child[1:] for child in element if isinstance(child, list) and child[0] == name]


def one(element, name):
    (found,) = values(element, name)
    return found


def tracks_of(project):
    return {one(track, "NAME")[0]: track for track in project.findall("TRACK")}


def test_items_lie_to_the_sample_with_fades_gain_and_pan(cut):
    items = tracks_of(parsed(cut))["foley:feet 1"].findall("ITEM")
    first, second = items
    assert round(Fraction(one(first, "POSITION")[0]) * 48_000) == 96_007
    assert round(Fraction(one(first, "LENGTH")[0]) * 48_000) == 20_001
    assert round(Fraction(one(first, "SOFFS")[0]) * 48_000) == 4_801
    assert round(Fraction(one(first, "SNAPOFFS")[0]) * 48_000) == 100_000 - 96_007
    assert one(first, "FADEIN")[1] == "0.001"
    assert one(first, "FADEOUT")[1] == "0.01"
    volume, pan = one(first, "VOLPAN")[:2]
    assert float(volume) == pytest.approx(10 ** (-3 / 20))
    assert float(pan) == -0.25
    assert one(first, "NAME") == ["F101 FOLYFeet_Boots Concrete Walk_DUBST_SMPL"]
    # Adjacent clips stay adjacent.
    end = Fraction(one(first, "POSITION")[0]) + Fraction(one(first, "LENGTH")[0])
    assert abs(end - Fraction(one(second, "POSITION")[0])) < Fraction(1, 10**12)


def test_a_source_is_the_whole_recording_so_that_handles_are_there(cut, assets_sample):
    (item, _other) = tracks_of(parsed(cut))["foley:feet 1"].findall("ITEM")
    source = item.find("SOURCE")
    assert source.attrib == ["FLAC"]
    path = Path(one(source, "FILE")[0])
    assert path == (assets_sample / path.name).resolve()


def test_speed_backwards_is_reapers_own(cut):
    (item,) = tracks_of(parsed(cut))["foley:props 1"].findall("ITEM")
    rate, keeps_pitch, semitones = one(item, "PLAYRATE")[:3]
    assert (float(rate), keeps_pitch, float(semitones)) == (1.5, "0", 0)
    section = item.find("SOURCE")
    assert section.attrib == ["SECTION"]
    assert one(section, "MODE") == ["2"]
    whole = round(Fraction(one(section, "LENGTH")[0]) * 48_000)
    # Played backwards it begins at the end of the stretch 1,000 to 19,000.
    assert round(Fraction(one(item, "SOFFS")[0]) * 48_000) == whole - 19_000


def test_length_without_pitch_keeps_the_pitch_and_adds_what_tape_would_do(session):
    feet = session.tracks[0]
    slow = replace(feet.clips[0], time_ratio=2.0, speed=0.5, pitch_cents=100.0)
    timeline = timeline_of_session(
        replace(session, tracks=(replace(feet, clips=(slow,)),)), lambda sound: None
    )
    (item,) = tracks_of(parsed(timeline))["foley:feet 1"].findall("ITEM")
    rate, keeps_pitch, semitones = one(item, "PLAYRATE")[:3]
    assert (float(rate), keeps_pitch) == (0.25, "1")
    assert float(semitones) == pytest.approx(1 + 12 * log2(0.5))


def test_stems_are_folders(cut):
    project = parsed(cut)
    names = [one(track, "NAME")[0] for track in project.findall("TRACK")]
    assert names == [
        "picture", "foley", "foley:feet 1", "foley:props 1", "backgrounds", "backgrounds:a 1",
    ]  # fmt: skip
    depths = [int(one(track, "ISBUS")[1]) for track in project.findall("TRACK")]
    assert depths == [0, 1, 0, -1, 1, -1]


@pytest.mark.parametrize(
    ("rate", "base", "kind"),
    [(FILM_24, "24", "0"), (NTSC_23976, "24", "2"), (NTSC_2997_DROP, "30", "1")],
)
def test_the_project_counts_as_the_picture_does(cut, rate, base, kind):
    start_s = 86_400 / rate.fps
    project = parsed(replace(cut, rate=rate, start_s=start_s, sample_rate_hz=96_000))
    assert one(project, "SAMPLERATE")[0] == "96000"
    assert one(project, "TIMEMODE")[3:5] == [base, kind]
    # Nothing stands before the start here, but for the hour's clips at NTSC's slower clock.
    offset = Fraction(one(project, "PROJOFFS")[0])
    assert abs(offset - min(start_s, 3600)) < Fraction(1, 20)


def test_markers_stand_at_their_cues(cut):
    markers = values(parsed(cut), "MARKER")
    assert [marker[2] for marker in markers] == [
        "B401 RAINConc_Rain Street Steady_DUBST_SMPL", "F101 walks towards us",
        "P201 DOORWood_Wood Door Slam Hard_DUBST_SMPL",
    ]  # fmt: skip
    at_samples = [round(Fraction(marker[1]) * 48_000) for marker in markers]
    assert at_samples == [0, 100_000, 480_000]


def test_filters_are_noted_and_told(cut):
    written = rpp_text(cut)
    assert "|high-pass 120 Hz" in written.text
    assert any("filters" in report.problem for report in written.reported)


def test_the_same_cut_gives_the_same_bytes(cut):
    assert rpp_text(cut).text == rpp_text(cut).text


texts = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=12)


@settings(max_examples=50)
@given(
    names=st.lists(texts, min_size=1, max_size=4),
    edges=st.tuples(st.integers(0, 10**9), st.integers(1, 10**7)),
)
def test_any_name_reads_back(names, edges):
    start, length = edges
    events = tuple(
        Event(
            number="1", name=name, media="a  b.wav",
            record_in_s=Fraction(start, 48_000), record_out_s=Fraction(start + length, 48_000),
        )
        for name in names
    )  # fmt: skip
    timeline = Timeline(
        name=names[0], format="x", rate=FILM_24, start_s=Fraction(0),
        tracks=(TimelineTrack(name="FX", kind="sound", events=events),),
        markers=(Marker(at_s=Fraction(1), name=names[0]),),
    )  # fmt: skip
    items = parsed(timeline).find("TRACK").findall("ITEM")
    assert len(items) == len(names)
    for item, name in zip(items, names, strict=True):
        read = one(item, "NAME")[0]
        wanted = " ".join(name.splitlines())
        if not {'"', "'", "`"} <= set(wanted):
            assert read == wanted
        assert round(Fraction(one(item, "POSITION")[0]) * 48_000) == start
        assert round(Fraction(one(item, "LENGTH")[0]) * 48_000) == length
        assert one(item.find("SOURCE"), "FILE") == ["a  b.wav"]
