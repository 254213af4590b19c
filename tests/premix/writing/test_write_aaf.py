"""AAFs that we write: read back by our reader, by pyaaf2 alone and by OTIO's AAF adapter."""

import wave
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import aaf2
import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.timecode import FILM_24, NTSC_2997_DROP, NTSC_23976, PAL_25, parse_rate
from premix.cut import Event, Marker, Timeline, TimelineTrack
from premix.cut_aaf import read_aaf
from premix.cut_files import read_timeline
from premix.recordings import recordings_beside
from premix.session_cut import Recording
from premix.write_aaf import write_aaf

HOUR = 3600 * 48_000


@pytest.fixture
def written(cut, tmp_path):
    path = tmp_path / "reel1.aaf"
    write_aaf(cut, path)
    return path


def sounds(timeline):
    return [track for track in timeline.tracks if track.kind == "sound"]


def test_every_clip_comes_back_to_the_sample(written, cut):
    read = read_aaf(written)
    assert (read.name, read.rate, read.start_s, read.reported) == ("reel 1", FILM_24, 3600, ())
    assert [track.name for track in read.tracks] == [track.name for track in cut.tracks]
    assert [track.channels for track in sounds(read)] == [1, 1, 2]
    for track, known in zip(sounds(read), sounds(cut), strict=True):
        for event, was in zip(track.events, known.events, strict=True):
            assert event.name == was.name
            assert event.record_in_s == was.record_in_s
            assert event.record_out_s == was.record_out_s
            assert event.source_in_s == was.source_in_s
            assert (event.fade_in_s, event.fade_out_s) == (was.fade_in_s, was.fade_out_s)
            assert event.gain_db == pytest.approx(was.gain_db, abs=1e-6)
            assert event.media == was.media


def test_shots_keep_their_reels_and_source_timecode(written):
    shots = read_aaf(written).shots()
    assert [(shot.name, shot.reel, shot.source_in) for shot in shots] == [
        ("ext street", "A001", "10:00:00:00"), ("hallway", "A002", "10:05:00:12"),
    ]  # fmt: skip


def test_markers_carry_the_cues_to_the_frame(written, cut):
    read = sorted(read_aaf(written).markers, key=lambda mark: mark.at_s)
    assert [(mark.name, mark.comment, mark.track) for mark in read] == [
        (mark.name, mark.comment, mark.track) for mark in cut.markers
    ]
    for mark, was in zip(read, cut.markers, strict=True):
        assert abs(mark.at_s - was.at_s) <= Fraction(1, 48)


def test_pyaaf2_finds_whole_recordings_behind_the_clips(written, cut):
    with aaf2.open(str(written)) as file:
        (composition,) = file.content.toplevel()
        slots = {slot.name: slot for slot in composition.slots}
        assert slots["TC1"].segment.start == 86_400
        assert slots["foley:feet 1"].edit_rate == 48_000
        for master in file.content.mastermobs():
            source = master.slots[0].segment.mob
            locator = source.descriptor["Locator"].value[0]["URLString"].value if (
                "Locator" in source.descriptor) else None  # fmt: skip
            if locator is None:
                assert type(source.descriptor).__name__ == "TapeDescriptor"
                continue
            assert locator.startswith("file:///")
            (known,) = {
                event.recording for track in sounds(cut) for event in track.events
                if event.name == master.name
            }  # fmt: skip
            assert source.descriptor.length == known.duration_samples
            assert len(master.slots) == known.channels
            assert {slot.segment.length for slot in master.slots} == {known.duration_samples}


def test_the_public_adapter_reads_the_same_places(written, cut):
    pytest.importorskip("otio_aaf_adapter")
    read = otio.adapters.read_from_file(str(written), simplify=True)
    assert read.global_start_time.to_timecode() == "01:00:00:00"
    tracks = read.audio_tracks()
    for track, known in zip(tracks, sounds(cut), strict=True):
        # Clips of several channels are stacks of their channels.
        clips = [item for item in track if isinstance(item, otio.schema.Clip | otio.schema.Stack)]
        for clip, was in zip(clips, known.events, strict=True):
            shown = track.range_of_child(clip)
            assert (shown.start_time.rate, shown.duration.rate) == (48_000, 48_000)
            assert shown.start_time.value + HOUR == was.record_in_s * 48_000
            assert shown.duration.value == (was.record_out_s - was.record_in_s) * 48_000
            assert clip.name == was.name
            (first, *_others) = [clip] if isinstance(clip, otio.schema.Clip) else clip.find_clips()
            assert first.trimmed_range().start_time.value == was.source_in_s * 48_000
            before, after = track.neighbors_of(clip)
            assert length_of(before) == was.fade_in_s * 48_000
            assert length_of(after) == was.fade_out_s * 48_000
    marked = [
        mark.name for item in read.find_children() if hasattr(item, "markers")
        for mark in item.markers
    ]  # fmt: skip
    assert sorted(marked) == sorted(mark.comment for mark in cut.markers)


def length_of(neighbour):
    if not isinstance(neighbour, otio.schema.Transition):
        return 0
    return (neighbour.in_offset + neighbour.out_offset).value


def test_the_same_cut_gives_the_same_bytes(cut, written, tmp_path):
    write_aaf(cut, tmp_path / "again.aaf")
    assert (tmp_path / "again.aaf").read_bytes() == written.read_bytes()


def test_what_an_aaf_cannot_hold_is_told(cut, tmp_path):
    problems = [report.problem for report in write_aaf(cut, tmp_path / "x.aaf")]
    assert "speeds that are not written: the clip plays as it is: 1" in problems
    assert "pans that are left out: 1" in problems
    assert any(problem.startswith("clips whose file is no WAV") for problem in problems)


def recording(media):
    return Recording(path=f"/sounds/{media}", sample_rate_hz=48_000, channels=2,
                     duration_samples=10**7, bits=24)  # fmt: skip


@st.composite
def timelines(draw):
    rate = draw(st.sampled_from([FILM_24, PAL_25, NTSC_23976, NTSC_2997_DROP]))
    start_s = Fraction(draw(st.integers(0, 100_000))) / rate.fps
    origin = round(start_s * 48_000)
    at, events = origin + draw(st.integers(0, 3)) * 1_000, []
    for number in range(draw(st.integers(0, 5))):
        length = draw(st.integers(30, 9_000))
        source = draw(st.integers(0, 10**6))
        events.append(
            Event(
                number=str(number + 1),
                name=draw(st.sampled_from(["slam", "step é"])),
                record_in_s=start_s + Fraction(at - origin, 48_000),
                record_out_s=start_s + Fraction(at - origin + length, 48_000),
                source_in_s=Fraction(source, 48_000),
                source_out_s=Fraction(source + length, 48_000),
                media="/sounds/" + draw(st.sampled_from(["a.wav", "b c.wav"])),
                fade_in_s=Fraction(draw(st.sampled_from([0, 10])), 48_000),
                fade_out_s=Fraction(draw(st.sampled_from([0, 20])), 48_000),
                gain_db=draw(st.sampled_from([0.0, -6.0, 12.0, -60.0])),
                channel=2,
            )
        )
        at += length + draw(st.sampled_from([0, 0, 5, 48_000]))
    return Timeline(
        name="reel", format="AAF", rate=rate, start_s=start_s, sample_rate_hz=48_000,
        tracks=(TimelineTrack(name="A1", kind="sound", events=tuple(events)),),
        markers=(Marker(at_s=start_s + 5 / rate.fps, name="F1", colour="Red", track="A1"),),
    )  # fmt: skip


@settings(max_examples=12)
@given(timeline=timelines())
def test_any_places_fades_and_gains_come_back(tmp_path_factory, timeline):
    path = tmp_path_factory.mktemp("aaf") / "reel.aaf"
    assert write_aaf(timeline, path, lambda media: recording(media.rpartition("/")[2])) == ()
    read = read_aaf(path)
    assert (read.rate, read.start_s) == (timeline.rate, timeline.start_s)
    assert [replace(mark, comment="") for mark in read.markers] == list(timeline.markers)
    for event, was in zip(read.tracks[0].events, timeline.tracks[0].events, strict=True):
        assert event.gain_db == pytest.approx(was.gain_db, abs=1e-4)
        media = f"file://{was.media.replace(' ', '%20')}"
        assert replace(event, gain_db=was.gain_db, media=was.media) == was
        assert event.media == media


def test_clips_that_cross_fade_overlap_as_they_did(tmp_path):
    one, two = (
        Event(
            number=number, name=name, media="/sounds/a.wav", record_in_s=Fraction(start),
            record_out_s=Fraction(start + 4), source_in_s=Fraction(0), source_out_s=Fraction(4),
            **{f"fade_{side}_s": Fraction(1)}, channel=2,
        )
        for number, name, start, side in (("1", "one", 0, "out"), ("2", "two", 3, "in"))
    )  # fmt: skip
    timeline = Timeline(
        name="x", format="AAF", rate=FILM_24, start_s=Fraction(0), sample_rate_hz=48_000,
        tracks=(TimelineTrack(name="A1", kind="sound", events=(one, two)),),
    )  # fmt: skip
    write_aaf(timeline, tmp_path / "x.aaf", recording)
    read = read_aaf(tmp_path / "x.aaf").tracks[0].events
    assert [(event.record_in_s, event.record_out_s) for event in read] == [(0, 4), (3, 7)]
    assert [(event.fade_in_s, event.fade_out_s) for event in read] == [(0, 1), (1, 0)]


def test_a_recording_of_another_rate_keeps_its_places(tmp_path):
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(bytes(2 * 44_100))
    event = Event(
        number="1", name="a", media=str(path), record_in_s=Fraction(1), record_out_s=Fraction(5, 4),
        source_in_s=Fraction(1, 2), source_out_s=Fraction(3, 4), channel=1,
    )  # fmt: skip
    timeline = Timeline(
        name="x", format="x", rate=PAL_25, start_s=Fraction(0), sample_rate_hz=48_000,
        tracks=(TimelineTrack(name="A1", kind="sound", events=(event,)),),
    )  # fmt: skip
    find = recordings_beside(tmp_path / "x.otio")
    assert write_aaf(timeline, tmp_path / "x.aaf", find) == ()
    (read,) = read_aaf(tmp_path / "x.aaf").tracks[0].events
    assert replace(read, media=str(path)) == event


REAL = [
    ("LibAAF/aaf/DR_Audio_Levels.aaf", None),
    ("LibAAF/aaf/DR_Mono_Clip_Positioning.aaf", None),
    ("LibAAF/aaf/MC_Markers.aaf", None),
    ("LibAAF/aaf/MC_Fades.aaf", None),
    ("LibAAF/aaf/PR_Fades.aaf", None),
    ("LibAAF/aaf/PT_WAV_External.aaf", None),
    ("otio-aaf-adapter/simple.aaf", None),
    ("otio-aaf-adapter/2997fps-DFTC.aaf", None),
    ("pycmx/INS4_R1_DX_092117.edl", "24"),
    ("ptulsconv/Robin Hood Spottingsamples.txt", None),
]


@pytest.mark.parametrize(("name", "rate"), REAL)
def test_a_real_timeline_comes_back(shared, tmp_path, name, rate):
    path = shared / "conformance" / name
    known = read_timeline(path, parse_rate(rate) if rate else None)
    write_aaf(known, tmp_path / "x.aaf", recordings_beside(path))
    read = read_aaf(tmp_path / "x.aaf")
    assert (read.rate, read.start_s) == (known.rate, known.start_s)
    unit = Fraction(1, known.sample_rate_hz or 1) if known.sample_rate_hz else 1 / known.rate.fps
    for track, was in zip(read.tracks, known.tracks, strict=True):
        lasting = sorted(
            (event for event in was.events if event.record_out_s > event.record_in_s),
            key=lambda event: (event.record_in_s, event.record_out_s),
        )
        alone = all(
            one.record_out_s - two.record_in_s <= max(0, one.fade_out_s)
            for one, two in pairwise(lasting)
        )
        if not alone:
            continue  # a list that overlaps itself without a fade
        assert len(track.events) == len(lasting)
        for event, wanted in zip(track.events, lasting, strict=True):
            assert abs(event.record_in_s - wanted.record_in_s) <= unit / 2
            assert abs(event.record_out_s - wanted.record_out_s) <= unit / 2
            assert event.gain_db == pytest.approx(wanted.gain_db, abs=1e-3) or wanted.gain_db < -90
