"""Writing Broadcast WAV: read back by ourselves and by two strangers, whole or not at all."""

import io
import struct
import tempfile
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from audio import AudioError
from audio.bext import Bext
from audio.cue_points import CuePoint
from audio.files import open_sound, read_header
from audio.ixml import Ixml, tracks_of
from audio.layout import LAYOUTS
from audio.wave_format import build_plain_head, channels_of_head
from audio.wave_writer import WaveWriter

NOISE = np.random.default_rng(3).uniform(-0.9, 0.9, (1001, 16)).astype(np.float32)
BEXT = Bext(
    description="Reel 1 Füße",
    originator="Dubstage",
    time_reference_samples=172_800_000,
    coding_history="A=PCM,F=48000,W=24,M=multi,T=Dubstage\r\n",
)
CUES = (
    CuePoint(id=1, position_samples=5, label="Schlag", note="hart"),
    CuePoint(id=2, position_samples=500, text="region", duration_samples=100),
)
SUBTYPES = {"pcm16": "PCM_16", "pcm24": "PCM_24", "float32": "FLOAT"}


def write(path, samples=NOISE, layout=None, **given_values):
    layout = layout or samples.shape[1]
    with WaveWriter(path, sample_rate_hz=48_000, layout=layout, **given_values) as writer:
        writer.write(samples)
    return path


@pytest.mark.parametrize("channels", range(1, 17))
@pytest.mark.parametrize("encoding", SUBTYPES)
def test_libsndfile_reads_what_was_written(tmp_path, encoding, channels):
    samples = NOISE[:, :channels]
    path = write(tmp_path / "x.wav", samples, encoding=encoding, bext=BEXT, cues=CUES)
    read, rate = soundfile.read(path, dtype="float64", always_2d=True)
    assert (rate, soundfile.info(path).subtype) == (48_000, SUBTYPES[encoding])
    steps = {"pcm16": 2**15, "pcm24": 2**23, "float32": None}[encoding]
    expected = samples if steps is None else np.rint(samples.astype("f8") * steps) / steps
    np.testing.assert_array_equal(read, expected)
    with open_sound(path) as sound:
        np.testing.assert_array_equal(sound.read(0, 2000), read.astype(np.float32))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("limit", [2**32 - 1, 1000])
@pytest.mark.parametrize("encoding", SUBTYPES)
def test_all_that_was_said_is_read_back(tmp_path, encoding, limit):
    ixml = Ixml(
        version="3.01",
        project="Nord & Süd",
        timecode_rate="24000/1001",
        timecode_flag="NDF",
        family_uid="R1",
        file_family_name="stems",
        user={"CATID": "DOORWood", "FXNAME": "Slam"},
        aswg={"catId": "DOORWood"},
        tracks=tracks_of(LAYOUTS["5.1"].labels),
        speed={"TIMECODE_RATE": "24000/1001", "TIMECODE_FLAG": "NDF"},
    )
    path = tmp_path / "x.wav"
    with WaveWriter(
        path,
        sample_rate_hz=48_000,
        layout="5.1",
        encoding=encoding,
        bext=BEXT,
        ixml=ixml,
        cues=CUES[:1],
        riff_limit_bytes=limit,
    ) as writer:
        writer.write(NOISE[:, :6])
        writer.add_cue(CUES[1])
        measured = Bext(**{**vars(BEXT), "loudness_lufs": -23.1, "max_true_peak_dbtp": -1.5})
        writer.set_bext(measured)
    header = read_header(path)
    assert header.warnings == ()
    assert header.format == ("WAV" if limit > 1000 else "RF64")
    assert (header.speaker_mask, header.duration_samples) == (0x3F, 1001)
    assert header.channel_labels == ("L", "R", "C", "LFE", "Ls", "Rs")
    assert header.bext.loudness_lufs == -23.1
    assert header.bext.description == BEXT.description
    assert header.bext.coding_history == BEXT.coding_history.strip()
    assert header.ixml == ixml
    assert header.cues == CUES
    assert soundfile.info(path).frames == 1001
    assert soundfile.info(path).format == ("WAVEX" if limit > 1000 else "RF64")


def test_wavinfo_reads_it_too(tmp_path):
    wavinfo = pytest.importorskip("wavinfo")
    bext = Bext(**{**vars(BEXT), "description": "Reel 1", "loudness_lufs": -24.5})
    ixml = Ixml(project="P", scene="12", take="3", tracks=tracks_of(("L", "R")))
    path = write(tmp_path / "x.wav", NOISE[:, :2], bext=bext, ixml=ixml, cues=CUES)
    read = wavinfo.WavInfoReader(str(path))
    assert (read.fmt.channel_count, read.fmt.bits_per_sample) == (2, 24)
    assert read.data.frame_count == 1001
    assert read.bext.time_reference == 172_800_000
    assert (read.bext.description, read.bext.loudness_value) == ("Reel 1", -24.5)
    assert (read.ixml.project, read.ixml.scene, read.ixml.take) == ("P", "12", "3")
    assert [track.name for track in read.ixml.track_list] == ["L", "R"]
    assert list(read.cues.each_cue()) == [(1, 5), (2, 500)]


@settings(max_examples=40)
@given(st.lists(st.integers(0, 1001), max_size=6), st.sampled_from(["pcm16", "pcm24"]))
def test_blocks_do_not_change_a_bit_even_of_the_dither(tmp_path_factory, cuts, encoding):
    folder = tmp_path_factory.mktemp("blocks")
    whole = write(folder / "whole.wav", NOISE[:, :3], encoding=encoding, dither_seed=9)
    path = folder / "cut.wav"
    with WaveWriter(
        path, sample_rate_hz=48_000, layout=3, encoding=encoding, dither_seed=9
    ) as writer:
        for block in np.split(NOISE[:, :3], sorted(cuts)):
            writer.write(block)
    assert path.read_bytes() == whole.read_bytes()


def test_a_failed_writing_leaves_what_was_there(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(b"old")
    with (
        pytest.raises(AudioError, match=r"x\.wav: sample 1501, channel 2 is nan"),
        WaveWriter(path, sample_rate_hz=48_000, layout=2) as writer,
    ):
        writer.write(np.zeros((1000, 2), np.float32))
        bad = np.zeros((1000, 2), np.float32)
        bad[501, 1] = np.nan
        writer.write(bad)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_beyond_full_scale_is_held_and_counted(tmp_path):
    samples = np.array([[1.5], [1.0], [-1.0], [-1.1], [0.5]], np.float32)
    with WaveWriter(tmp_path / "x.wav", sample_rate_hz=48_000, layout=1) as writer:
        writer.write(samples)
        assert writer.clipped_values == 3
    read, _rate = soundfile.read(tmp_path / "x.wav")
    np.testing.assert_array_equal(read, [1 - 2**-23, 1 - 2**-23, -1, -1, 0.5])


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"layout": 17}, "17 channels; 1 to 16"),
        ({"encoding": "pcm12"}, "'pcm12' cannot be written"),
        ({"sample_rate_hz": 0}, "not a sample rate"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, values, reason):
    with pytest.raises(AudioError, match=reason):
        WaveWriter(tmp_path / "x.wav", **({"sample_rate_hz": 48_000, "layout": 1} | values))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(AudioError, match="cannot be written: No such file"):
        WaveWriter(tmp_path / "none" / "x.wav", sample_rate_hz=48_000, layout=1)


def test_the_plainest_head_is_the_one_that_libsndfile_writes():
    for channels, bits, subtype in ((1, 16, "PCM_16"), (2, 24, "PCM_24"), (6, 32, "PCM_32")):
        file = io.BytesIO()
        soundfile.write(file, np.zeros((100, channels)), 48_000, format="WAV", subtype=subtype)
        head = build_plain_head(channels, 48_000, bits, 100 * channels * bits // 8)
        if channels <= 2:  # beyond, and above 16 bits, some write the extensible form
            assert file.getvalue()[:44] == head
        assert channels_of_head(head) == channels_of_head(head[:38]) == channels
        with wave.open(io.BytesIO(head + bytes(100 * channels * bits // 8))) as found:
            assert (found.getnchannels(), found.getnframes()) == (channels, 100)


def test_channels_of_an_aiff_head():
    file = io.BytesIO()
    soundfile.write(file, np.zeros((10, 3)), 48_000, format="AIFF", subtype="PCM_24")
    assert channels_of_head(file.getvalue()[:60]) == 3
    assert channels_of_head(b"") is channels_of_head(b"RIFF") is None


@given(st.integers(0, 40), st.sampled_from(["pcm16", "pcm24"]), st.sampled_from([2**32 - 1, 8]))
@settings(max_examples=25)
def test_each_size_counts_what_is_there(n_samples, encoding, limit):
    """The sums a strict reader makes: form, ds64, padding; none by our own reader."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.wav"
        write(path, NOISE[:n_samples, :1], encoding=encoding, cues=CUES[:1], riff_limit_bytes=limit)
        raw = path.read_bytes()
    data_bytes = n_samples * {"pcm16": 2, "pcm24": 3}[encoding]
    form, data = struct.unpack_from("<I", raw, 4)[0], raw.index(b"data")
    if raw[:4] == b"RF64":
        assert struct.unpack_from("<4sIQQQI", raw, 12) == (
            b"ds64", 28, len(raw) - 8, data_bytes, n_samples, 0,
        )  # fmt: skip
        assert form == struct.unpack_from("<I", raw, data + 4)[0] == 2**32 - 1
    else:
        assert (form, struct.unpack_from("<I", raw, data + 4)[0]) == (len(raw) - 8, data_bytes)
    after = data + 8 + data_bytes + data_bytes % 2
    assert raw[after : after + 4] == b"cue "
    if data_bytes % 2:
        assert raw[after - 1] == 0


def test_the_format_says_what_the_standard_asks_for(tmp_path):
    """WAVEFORMATEXTENSIBLE field by field, and "fact" of a float file."""
    path = write(tmp_path / "x.wav", NOISE[:70, :6], layout="5.1", encoding="float32")
    raw = path.read_bytes()
    at = raw.index(b"fmt ")
    assert struct.unpack_from("<IHHIIHHHHIH", raw, at + 4) == (
        40, 0xFFFE, 6, 48_000, 6 * 4 * 48_000, 24, 32, 22, 32, 0x3F, 3,
    )  # fmt: skip
    assert struct.unpack_from("<4sII", raw, raw.index(b"fact")) == (b"fact", 4, 70)
