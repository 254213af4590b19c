"""Strangers agree on what was written: ffprobe, sox, soundfile and wavinfo by their own reading."""

import json
import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from audio.files import read_header
from audio.layout import layout_for
from audio.timecode import NTSC_23976, Timecode
from premix.delivery import Delivery, StemSpec
from premix.leader import Leader
from premix.media import Roots
from premix.render import render
from premix.timeline import Clip, Session, Track
from tests.premix.on_disk import sound_at

START = Timecode.parse("01:00:00:00", NTSC_23976)
ACTION_FRAMES = 30
LEADER = Leader(head_s=2, tail_s=3, two_pop=True, tail_pop=True)
ENCODINGS = {"pcm24": (24, "PCM_24", "pcm_s24le"), "float32": (32, "FLOAT", "pcm_f32le")}


@pytest.fixture(scope="module")
def noise(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sounds")
    samples = np.random.default_rng(3).uniform(-0.1, 0.1, (96_000, 2))
    soundfile.write(folder / "noise.wav", samples, 48_000, subtype="PCM_24")
    return folder


def told_by(*command):
    if shutil.which(command[0]) is None:
        return None
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(
    scope="module",
    params=[
        (44_100, "pcm24", "stereo", "wave", False),
        (48_000, "pcm24", "5.1", "smpte", False),
        (48_000, "pcm24", "5.1", "film", True),
        (88_200, "float32", "mono", "wave", False),
        (96_000, "float32", "7.1.4", "wave", False),
    ],
    ids=lambda param: f"{param[0]}-{param[1]}-{param[2]}-{param[3]}{'-split' * param[4]}",
)
def written(request, noise, tmp_path_factory):
    """(a file of the delivery, rate, encoding, its channels and their labels)."""
    rate_hz, encoding, layout, order, split = request.param
    sound = sound_at(noise / "noise.wav", root="s")
    clip = Clip(
        cue="1",
        sound=sound,
        take_index=0,
        record_start_samples=START.to_samples(rate_hz) + 100,
        duration_samples=rate_hz // 2,
        source_start_samples=0,
    )
    session = Session(
        name="reel",
        rate=NTSC_23976,
        sample_rate_hz=rate_hz,
        start_frame=START.frame,
        end_frame=START.frame + ACTION_FRAMES,
        tracks=(Track(stem="fx", name="hard", lane=0, clips=(clip,)),),
        roots={"s": str(noise)},
    )
    delivery = Delivery(
        layout=layout,
        encoding=encoding,
        order=order,
        split=split,
        leader=LEADER,
        stems=(StemSpec(name="FX", tracks=("fx",)),),
    )
    out = tmp_path_factory.mktemp("out")
    report = render(session, out, find_sound=Roots(session.roots), delivery=delivery)
    assert report.problems == ()
    labels = layout_for(layout).in_order(order).labels
    path = out / (f"FX.{labels[0]}.wav" if split else "FX.wav")
    return path, rate_hz, encoding, (labels[0],) if split else labels


def places(rate_hz):
    """First sample and length of the file: 2 s of head and 3 of tail, 24 labels a second."""
    first, end = START.frame - 48, START.frame + ACTION_FRAMES + 72
    at = [round(frame / NTSC_23976.fps * rate_hz) for frame in (first, end)]
    return at[0], at[1] - at[0]


def test_soundfile_agrees(written):
    path, rate_hz, encoding, labels = written
    info = soundfile.info(path)
    assert (info.samplerate, info.channels, info.subtype) == (
        rate_hz,
        len(labels),
        ENCODINGS[encoding][1],
    )
    assert info.frames == places(rate_hz)[1]


def test_ffprobe_agrees(written):
    path, rate_hz, encoding, labels = written
    asked = ("-v", "error", "-of", "json", "-show_streams", "-show_format", str(path))
    told = told_by("ffprobe", *asked)
    if told is None:
        pytest.skip("ffprobe is not installed")
    told = json.loads(told)
    (stream,) = told["streams"]
    first, length = places(rate_hz)
    assert stream["codec_name"] == ENCODINGS[encoding][2]
    assert (int(stream["sample_rate"]), stream["channels"]) == (rate_hz, len(labels))
    assert stream["duration_ts"] == length
    tags = told["format"]["tags"] | stream.get("tags", {})
    assert int(tags["time_reference"]) == first


def test_sox_agrees(written):
    path, rate_hz, encoding, labels = written
    for option, expected in (
        ("-r", rate_hz),
        ("-c", len(labels)),
        ("-b", ENCODINGS[encoding][0]),
        ("-s", places(rate_hz)[1]),
    ):
        told = told_by("sox", "--i", option, str(path))
        if told is None:
            pytest.skip("sox is not installed")
        assert int(told) == expected, option


def test_wavinfo_agrees(written):
    wavinfo = pytest.importorskip("wavinfo", reason="wavinfo is not installed")
    path, rate_hz, encoding, labels = written
    info = wavinfo.WavInfoReader(str(path))
    first, length = places(rate_hz)
    assert (info.fmt.sample_rate, info.fmt.channel_count) == (rate_hz, len(labels))
    assert info.fmt.bits_per_sample == ENCODINGS[encoding][0]
    assert info.data.frame_count == length
    assert info.bext.time_reference == first
    assert [track.name for track in info.ixml.track_list] == list(labels)


def test_the_mask_names_the_speakers_of_a_file_in_wave_order(written):
    """Microsoft's dwChannelMask: one bit a channel, in the order of the bits."""
    path, _rate_hz, _encoding, labels = written
    raw = path.read_bytes()
    at = raw.index(b"fmt ")
    tag = int.from_bytes(raw[at + 8 : at + 10], "little")
    mask = int.from_bytes(raw[at + 28 : at + 32], "little") if tag == 0xFFFE else 0
    assert mask == read_header(path).speaker_mask
    assert mask == 0 or mask.bit_count() == len(labels)
    if labels == ("L", "R", "C", "LFE", "Ls", "Rs"):
        assert mask in (0x3F, 0x60F)  # back or side speakers
