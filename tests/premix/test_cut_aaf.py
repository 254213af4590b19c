"""AAF files as a cut, against what another reader (LibAAF) prints of them."""

import re
from fractions import Fraction

import pytest

from premix import PremixError
from premix.cut_aaf import read_aaf
from premix.media_search import find_beside

# As in "Start: 172972800  Len: 48048 … SourceOffset: 48048 … Gain: +03.0 dB"
CLIP = re.compile(
    r"Clip \(\d+\):\s+Start: (\d+)\s+Len: (\d+).*?SourceOffset: (\d+)\s+Channels: (\d+)"
    r"(?:\s+Gain: ([+-]\d+\.\d) dB)?"
)
FADE_IN = re.compile(r"FadeIn: \w+ \((\d+)\)")
FADE_OUT = re.compile(r"FadeOut: \w+ \((\d+)\)")


@pytest.mark.parametrize(
    "name",
    [
        "DR_Audio_Levels",
        "DR_Mono_Clip_Positioning",
        "MC_Audio_Levels",
        "MC_Fades",
        "MC_Markers",
        "PR_Clip_length_beyond_EOF",
        "PR_Fades",
        "PT_Fades",  # rendered crossfades, which stay
        "PT_lang_ja",  # rendered fades by Japanese names, which become fades
        "PT_WAV_External",
        "PT_WAV_External_sub_directory",
    ],
)
def test_clips_lie_where_libaaf_sees_them(shared, name):
    folder = shared / "conformance" / "LibAAF"
    printed = (folder / "expected" / f"{name}.aaf.expected").read_text()
    rate = int(re.search(r"Dominant Sample Rate\s*: (\d+)", printed)[1])
    if name == "PT_WAV_External_sub_directory":
        rate = 44_100  # its numbers count the composition's samples, not the file's
    timeline = read_aaf(folder / "aaf" / f"{name}.aaf")
    tracks = [track for track in timeline.tracks if track.kind == "sound"]
    sections = re.split(r"AudioTrack\[\d+\]", printed.split("Markers :")[0])[1:]
    assert len(tracks) == len(sections)
    for track, section in zip(tracks, sections, strict=True):
        lines = [line for line in section.splitlines() if "Clip (" in line]
        assert len(track.events) == len(lines)
        for event, line in zip(track.events, lines, strict=True):
            start, length, offset, channels, gain = CLIP.search(line).groups()
            # LibAAF cuts fractions of a sample; so both may be a sample apart.
            assert abs(event.record_in_s * rate - int(start)) <= 1
            duration_s = event.record_out_s - event.record_in_s
            assert abs(duration_s * rate - int(length)) <= 1
            assert abs(event.source_in_s * rate - int(offset)) <= 1
            if "out of range" not in line:
                assert (event.channel or 1) == int(channels)
            assert event.gain_db == pytest.approx(float(gain or 0), abs=0.06)
            for pattern, fade_s in ((FADE_IN, event.fade_in_s), (FADE_OUT, event.fade_out_s)):
                if found := pattern.search(line):
                    assert abs(fade_s * rate - int(found[1])) <= 1


def test_markers_of_media_composer(shared):
    timeline = read_aaf(shared / "conformance" / "LibAAF" / "aaf" / "MC_Markers.aaf")
    found = [(timeline.label(mark.at_s), mark.name, mark.colour) for mark in timeline.markers]
    assert found == [
        ("01:00:00:10", "ABC", "Red"),
        ("01:00:00:29", "DEF", "Cyan"),
        ("01:00:00:00", "XYZ", "Yellow"),
    ]
    assert timeline.markers[2].duration_s == 4 * Fraction(1001, 30_000)
    assert timeline.markers[0].comment.startswith("I'm a Marker on track A1")


def test_markers_of_resolve(shared):
    timeline = read_aaf(shared / "conformance" / "LibAAF" / "aaf" / "DR_Markers.aaf")
    assert [(timeline.label(mark.at_s), mark.name) for mark in timeline.markers] == [
        ("01:01:00:00", "Marker1Name"), ("01:01:30:00", "Marker2Name"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rate", "start", "end"),
    [
        ("MC_TC_23.976", "23.976", "01:00:00:00", "01:00:13:00"),
        ("MC_TC_25", "25", "01:00:00:00", "01:00:13:00"),
        ("MC_TC_29.97_DF", "29.97df", "01:00:00;00", "01:00:13;00"),
    ],
)
def test_start_timecode(shared, name, rate, start, end):
    timeline = read_aaf(shared / "conformance" / "LibAAF" / "aaf" / f"{name}.aaf")
    (event,) = (event for track in timeline.tracks for event in track.events)
    assert (timeline.rate.name, timeline.label(timeline.start_s)) == (rate, start)
    assert timeline.label(event.record_out_s) == end


def test_the_adapter_s_own_samples(shared):
    folder = shared / "conformance" / "otio-aaf-adapter"
    simple = read_aaf(folder / "simple.aaf")
    assert (simple.name, simple.rate.name) == ("OTIO TEST 1.Exported.01", "24")
    assert [(track.kind, len(track.events)) for track in simple.tracks] == [
        ("picture", 5), ("sound", 5), ("sound", 5),
    ]  # fmt: skip
    drop = read_aaf(folder / "2997fps-DFTC.aaf")
    assert drop.start_s * drop.rate.fps == 539_460
    (muted,) = read_aaf(folder / "test_muted_clip.aaf").tracks[0].events
    assert (muted.name, muted.muted) == ("Frame Debugger 0h.mov", True)
    assert len(read_aaf(folder / "transitions.aaf").tracks[0].events) == 4
    events = [
        event for track in read_aaf(folder / "one_audio_clip.aaf").tracks for event in track.events
    ]
    assert len(events) == 1


def test_media_beside_the_aaf_is_found(shared):
    timeline = read_aaf(shared / "conformance/LibAAF/aaf/PT_WAV_External_sub_directory.aaf")
    media = timeline.tracks[0].events[0].media
    assert media.endswith("PT_WAV_ExterqqqHXSBxbzcJCBB.wav")
    assert not media.startswith("file:")


@pytest.mark.parametrize(
    "named",
    [
        "file:///C%3A/Users/x/Desktop/step%20one.wav",
        "file://localhost/Volumes/Foley/step one.wav",
        r"C:\Users\x\step one.wav",
        "./step one.wav",
        "Macintosh HD/Foley/step one.wav",
    ],
)
def test_dead_paths_of_every_system_lead_to_the_file_beside(tmp_path, named):
    (tmp_path / "step one.wav").write_bytes(b"x")
    assert find_beside(tmp_path / "reel.aaf", named) == tmp_path / "step one.wav"


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_what_is_no_aaf_is_one_clear_error(tmp_path, content):
    path = tmp_path / "reel.aaf"
    path.write_bytes(content)
    with pytest.raises(PremixError, match=r"reel\.aaf"):
        read_aaf(path)
