"""One door for every timeline file: what it is told by its content, read or refused in words."""

import json
from fractions import Fraction

import pytest

from audio.timecode import FILM_24, PAL_25
from premix import PremixError
from premix.cut_files import read_timeline

RATE = "<rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate>"
FCP_7 = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xmeml>
<xmeml version="5"><sequence id="s1"><name>Reel 1</name><duration>120</duration>{RATE}
<timecode>{RATE}<string>01:00:00;00</string><frame>107892</frame>
<displayformat>DF</displayformat></timecode>
<marker><name>FX hard: slam</name><comment>loud</comment><in>30</in><out>-1</out></marker>
<media><video><track>
<clipitem id="c1"><name>A001</name><duration>240</duration>{RATE}
<start>0</start><end>60</end><in>15</in><out>75</out>
<file id="f1"><name>A001.mov</name><pathurl>file://localhost/Volumes/x/A001.mov</pathurl>{RATE}
<duration>240</duration><timecode>{RATE}<string>04:00:00:00</string><frame>432000</frame>
<displayformat>NDF</displayformat><reel><name>A001R</name></reel></timecode>
<media><video/></media></file></clipitem>
</track></video><audio><track>
<clipitem id="c2"><name>step.wav</name><duration>240</duration>{RATE}
<start>15</start><end>45</end><in>0</in><out>30</out>
<file id="f2"><name>step.wav</name><pathurl>file://localhost/Volumes/x/step.wav</pathurl>{RATE}
<duration>240</duration><media><audio/></media></file></clipitem>
</track></audio></media></sequence></xmeml>
"""
FCP_X = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>
<fcpxml version="1.8"><resources>
<format id="r1" name="FFVideoFormat1080p25" frameDuration="1/25s" width="1920" height="1080"/>
<asset id="r2" name="A001" src="file:///x/A001.mov" start="3600s" duration="100s" hasVideo="1"
 format="r1"/></resources>
<library><event name="E"><project name="Reel 1">
<sequence format="r1" duration="8s" tcStart="3600s" tcFormat="NDF"><spine>
<asset-clip name="A001" ref="r2" offset="3600s" start="3610s" duration="4s" format="r1">
<marker start="3611s" duration="1/25s" value="FX hard: slam"/></asset-clip>
<asset-clip name="A001b" ref="r2" offset="3604s" start="3630s" duration="4s" format="r1"/>
</spine></sequence></project></event></library></fcpxml>
"""
PRO_TOOLS = (
    "SESSION NAME:\tReel 1\nSAMPLE RATE:\t48000.000000\nSESSION START TIMECODE:\t01:00:00:00\n"
    "TIMECODE FORMAT:\t25 Frame\n\n\nT R A C K  L I S T I N G\nTRACK NAME:\tFeet\n"
    "CHANNEL \tEVENT   \tCLIP NAME  \tSTART TIME    \tEND TIME      \tDURATION      \tSTATE\n"
    "1       \t1       \tstep       \t01:00:03:02   \t01:00:04:10   \t00:00:01:08   \tUnmuted\n"
)
EDL = "TITLE: R\n001 AX V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\nhello\n"


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_final_cut_7(tmp_path):
    timeline = read_timeline(write(tmp_path, "reel.xml", FCP_7))
    assert (timeline.format, timeline.rate.name) == ("FCP XML", "29.97df")
    assert timeline.label(timeline.start_s) == "01:00:00;00"
    picture, sound = timeline.tracks
    (shot,) = picture.events
    assert (shot.name, shot.reel, timeline.label(shot.record_out_s)) == (
        "A001", "A001R", "01:00:02;00",
    )  # fmt: skip
    assert shot.source_in_s == Fraction((432_000 + 15) * 1001, 30_000)
    assert (sound.kind, sound.events[0].name) == ("sound", "step.wav")
    assert sound.events[0].record_in_s - timeline.start_s == Fraction(15 * 1001, 30_000)
    (marker,) = timeline.markers
    assert (marker.name, marker.comment, timeline.label(marker.at_s)) == (
        "FX hard: slam", "loud", "01:00:01;00",
    )  # fmt: skip


def test_final_cut_x(tmp_path):
    timeline = read_timeline(write(tmp_path, "reel.fcpxml", FCP_X))
    assert (timeline.format, timeline.rate.name) == ("FCPX XML", "25")
    assert timeline.label(timeline.start_s) == "01:00:00:00"
    told = [
        (one.name, timeline.label(one.record_in_s), timeline.label(one.source_in_s))
        for one in timeline.tracks[0].events
    ]
    assert told == [("A001", "01:00:00:00", "01:00:10:00"), ("A001b", "01:00:04:00", "01:00:30:00")]
    assert [timeline.label(mark.at_s) for mark in timeline.markers] == ["01:00:01:00"]


@pytest.mark.parametrize("cut", [500, 1_200, 2_000])
@pytest.mark.parametrize("text", [FCP_7, FCP_X])
def test_a_damaged_xml_is_refused_in_words(tmp_path, text, cut):
    with pytest.raises(PremixError, match="not a Final Cut XML that can be read"):
        read_timeline(write(tmp_path, "reel.xml", text[: min(cut, len(text) - 60)]))


def test_pro_tools_text_with_and_without_a_mark(tmp_path):
    for mark in ("", "\ufeff"):
        timeline = read_timeline(write(tmp_path, "reel.txt", mark + PRO_TOOLS))
        assert (timeline.format, len(timeline.tracks[0].events)) == ("Pro Tools text", 1)


def test_an_otio_file_by_its_content(tmp_path):
    text = json.dumps({"OTIO_SCHEMA": "Gap.1", "metadata": {}, "name": ""})
    with pytest.raises(PremixError, match="which is not a Timeline"):
        read_timeline(write(tmp_path, "reel.json", text))


def test_a_bundle_of_opentimelineio(tmp_path):
    import opentimelineio as otio

    timeline = otio.schema.Timeline("Reel 1")
    track = otio.schema.Track("V1", kind="Video")
    span = otio.opentime.TimeRange(
        otio.opentime.RationalTime(0, 24), otio.opentime.RationalTime(48, 24)
    )
    track.append(otio.schema.Clip("A001", source_range=span))
    timeline.tracks.append(track)
    otio.adapters.write_to_file(timeline, str(tmp_path / "reel.otioz"), adapter_name="otioz")
    (shot,) = read_timeline(tmp_path / "reel.otioz").tracks[0].events
    assert (shot.name, shot.record_out_s) == ("A001", 2)


def test_strict_refuses_what_would_be_reported(tmp_path):
    path = write(tmp_path, "reel.edl", EDL)
    assert read_timeline(path, FILM_24).reported[0].where == "line 3"
    with pytest.raises(PremixError, match=r"reel\.edl, line 3: not an event"):
        read_timeline(path, FILM_24, strict=True)
    wrong = PRO_TOOLS.replace("01:00:04:10", "01:00:02:10")
    with pytest.raises(PremixError, match=r"reel\.txt, line 10: ends at"):
        read_timeline(write(tmp_path, "reel.txt", wrong), strict=True)


def test_what_cannot_be_read(tmp_path):
    with pytest.raises(PremixError, match=r"No such file"):
        read_timeline(tmp_path / "missing.edl", PAL_25)
    with pytest.raises(PremixError, match="state it with --rate"):
        read_timeline(write(tmp_path, "reel.edl", EDL))
    with pytest.raises(PremixError, match="JPEG"):
        read_timeline(write(tmp_path, "reel.edl", b"\xff\xd8\xff\xe0" + b"x" * 99), PAL_25)


def test_an_edit_on_several_channels_stands_on_each(tmp_path):
    text = EDL.replace(" V C", " AA/V C").replace("hello\n", "AUD 3\n")
    timeline = read_timeline(write(tmp_path, "reel.edl", text), FILM_24)
    assert [(track.name, track.kind) for track in timeline.tracks] == [
        ("V", "picture"), ("A1", "sound"), ("A2", "sound"), ("A3", "sound"),
    ]  # fmt: skip
    assert len(timeline.shots()) == 1
