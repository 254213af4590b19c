"""Reading sound files: any order of chunks, any damage, and samples as libsndfile has them."""

import io
import random
import struct
import tracemalloc
from itertools import permutations

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from audio import AudioError
from audio.files import open_sound, read_header, read_header_of
from audio.metadata_edit import change_metadata
from audio.timecode import parse_rate

from .wave_bytes import (
    CUE,
    DATA,
    INFO,
    IXML,
    LABEL,
    SMPL,
    SOUND,
    bext,
    chunk,
    fmt,
    riff,
)


def header_of(raw: bytes):
    return read_header_of(io.BytesIO(raw))


JUNK = chunk(b"junk", b"abc")
PARTS = (fmt(), DATA, bext(90_000 * 48_000 // 1000, b"d"), IXML, CUE, LABEL, INFO, SMPL, JUNK)


@settings(max_examples=60)
@given(st.permutations(PARTS))
def test_chunks_are_found_in_any_order(parts):
    header = header_of(riff(*parts))
    assert header.warnings == ()
    assert (header.channels, header.sample_rate_hz, header.bits) == (1, 48_000, 16)
    assert header.duration_samples == 100
    assert header.bext.description == "d"
    assert str(header.start_timecode()) == "00:01:30:00"
    assert (header.ixml.scene, header.ixml.rate) == ("12", parse_rate("25"))
    assert [(cue.id, cue.position_samples, cue.label) for cue in header.cues] == [(7, 42, "Slam")]
    assert header.info == {"title": "Door", "software": "Hand"}
    assert [(loop.start_samples, loop.end_samples) for loop in header.loops] == [(10, 20)]


@pytest.mark.parametrize(
    ("raw", "samples", "warning"),
    [
        (riff(fmt(), chunk(b"data", SOUND, size=5000)), 100, "'data' says 5000 bytes"),
        (riff(fmt(), chunk(b"data", SOUND, size=0xFFFFFFFF)), 100, "unknown size"),
        (riff(fmt(), chunk(b"data", SOUND, size=0), size=0), 100, "'data' says 0 bytes"),
        (riff(fmt(), chunk(b"odd ", b"abc", pad=False), DATA), 100, "missing padding"),
        (riff(chunk(b"bext", bytes(602), size=1 << 31), fmt(), DATA), 100, "goes on at the next"),
        (riff(fmt(), DATA) + b"\x01\x02\x03\x04rubbish!", 100, "are no chunk"),
        (riff(chunk(b"bext", b"short"), fmt(), DATA), 100, "'bext' has 5 bytes"),
        (riff(fmt(), DATA, chunk(b"cue ", struct.pack("<I", 9))), 100, "says 9 points, 0"),
        (riff(fmt(), DATA, chunk(b"iXML", b"no xml")), 100, "iXML"),
        (riff(fmt(), fmt(), DATA), 100, "more than one chunk 'fmt '"),
        (riff(fmt(), chunk(b"data", SOUND[:-1])), 99, "ends within a sample"),
    ],
)
def test_a_damaged_file_gives_what_can_be_read_and_says_so(raw, samples, warning):
    header = header_of(raw)
    assert header.duration_samples == samples
    assert any(warning in line for line in header.warnings), header.warnings


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not a RIFF"),
        (b"RIFF", "not a RIFF"),
        (b"MThd" + bytes(40), "not a RIFF"),
        (riff(DATA), "no chunk 'fmt '"),
        (riff(fmt()), "no chunk 'data'"),
        (riff(fmt(), DATA, form=b"RF64"), "missing ds64 chunk"),
        (riff(chunk(b"fmt ", b"\1\0"), DATA), "'fmt ' has 2 bytes"),
        (riff(fmt(channels=0), DATA), "0 channels"),
        (b"RIFF\4\0\0\0AVI " + bytes(20), "of type 'AVI '"),
    ],
)
def test_what_cannot_be_heard_is_refused_with_the_reason(raw, reason):
    with pytest.raises(AudioError, match=r"^sound: "):
        header_of(raw)
    with pytest.raises(AudioError) as problem:
        header_of(raw)
    assert reason in str(problem.value)


def test_a_folder_and_a_missing_file_are_named(tmp_path):
    for path in (tmp_path, tmp_path / "none.wav"):
        with pytest.raises(AudioError, match=str(path)):
            read_header(path)


def test_big_endian_rifx_is_read(tmp_path):
    raw = np.arange(-50, 50, dtype=">i2").tobytes()
    body = b"WAVEfmt " + struct.pack(">IHHIIHH", 16, 1, 1, 48_000, 96_000, 2, 16)
    body += b"data" + struct.pack(">I", len(raw)) + raw
    path = tmp_path / "x.wav"
    path.write_bytes(b"RIFX" + struct.pack(">I", len(body)) + body)
    with open_sound(path) as sound:
        np.testing.assert_array_equal(sound.read(0, 100)[:, 0] * 32768, np.arange(-50, 50))


@pytest.mark.parametrize(
    ("container", "rate_hz"), [("WAV", 800_000_000), ("AIFF", 800_000_000), ("WAV", 2_000_001)]
)
def test_a_rate_that_no_recorder_has_is_damage(tmp_path, container, rate_hz):
    path = tmp_path / "x.sound"
    soundfile.write(path, np.zeros((100, 1)), rate_hz, format=container, subtype="PCM_16")
    assert read_header(path).sample_rate_hz == rate_hz
    with pytest.raises(AudioError, match=rf"{path}: says {rate_hz} samples a second"):
        open_sound(path)


SUBTYPES = ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ALAW", "IMA_ADPCM"]


@pytest.mark.parametrize("container", ["WAV", "WAVEX", "RF64"])
@pytest.mark.parametrize("subtype", SUBTYPES)
def test_samples_are_those_that_libsndfile_reads(tmp_path, subtype, container):
    if container != "WAV" and subtype == "IMA_ADPCM":
        pytest.skip("libsndfile does not write it so")
    path = tmp_path / "x.wav"
    written = np.random.default_rng(7).uniform(-1, 1, (5000, 2))
    soundfile.write(path, written, 44_100, subtype=subtype, format=container)
    expected, _rate = soundfile.read(path, dtype="float32")
    with open_sound(path) as sound:
        assert (sound.sample_rate_hz, sound.channels) == (44_100, 2)
        assert sound.duration_samples == len(expected) == read_header(path).duration_samples
        np.testing.assert_array_equal(np.concatenate(list(sound.blocks(777))), expected)
        np.testing.assert_array_equal(sound.read(4990, 2000), expected[4990:])
        assert sound.read(len(expected) + 5, 10).shape == (0, 2)
        with pytest.raises(AudioError):
            sound.read(-1, 10)


@pytest.mark.parametrize(
    ("container", "subtype", "name"),
    [
        ("AIFF", "PCM_24", "AIFF"),
        ("FLAC", "PCM_24", "FLAC"),
        ("OGG", "VORBIS", "OGG"),
        ("OGG", "OPUS", "OPUS"),
        ("MP3", "MPEG_LAYER_III", "MP3"),
    ],
)
def test_other_formats_go_through_libsndfile_with_their_tags(tmp_path, container, subtype, name):
    path = tmp_path / f"x.{container.lower()}"
    written = np.random.default_rng(7).uniform(-0.5, 0.5, (4800, 2))
    with soundfile.SoundFile(path, "w", 48_000, 2, subtype, format=container) as file:
        file.title = "Door"
        file.write(written)
    header = read_header(path)
    assert (header.format, header.sample_rate_hz, header.channels) == (name, 48_000, 2)
    assert header.bits == (24 if subtype == "PCM_24" else None)
    assert container in ("AIFF", "MP3") or header.tags["title"] == "Door"
    expected, _rate = soundfile.read(path, dtype="float32")
    with open_sound(path) as sound:
        np.testing.assert_array_equal(sound.read(100, 200), expected[100:300])


def test_a_file_past_4_gib_is_read_without_writing_4_gib(tmp_path):
    path = tmp_path / "long.wav"
    data_bytes = ((1 << 32) // 6 + 1_000) * 6
    ds64 = struct.pack("<QQQI", data_bytes + 80, data_bytes, data_bytes // 6, 0)
    head = riff(chunk(b"ds64", ds64), fmt(2, bits=24), form=b"RF64", size=0xFFFFFFFF)
    head += b"data\xff\xff\xff\xff"
    end = bytes(range(1, 7))
    with path.open("wb") as file:
        file.write(head)
        file.seek(len(head) + data_bytes - 6)
        file.write(end)  # all before it is a hole, which takes no disk
    if path.stat().st_blocks * 512 > 1 << 24:
        pytest.skip("this disk keeps no holes")
    header = read_header(path)
    assert (header.format, header.duration_samples) == ("RF64", data_bytes // 6)
    with open_sound(path) as sound:
        last = sound.read(data_bytes // 6 - 2, 10)
    left, right = (int.from_bytes(end[i : i + 3], "little") for i in (0, 3))
    np.testing.assert_array_equal(last * 2**23, [[0, 0], [left, right]])


@pytest.mark.parametrize("order", list(permutations(range(3)))[:3])
def test_a_bomb_of_entities_stays_small(order):
    bomb = b'<!DOCTYPE x [<!ENTITY a "' + b"A" * 1000 + b'">'
    for name, inner in (b"ba", b"cb", b"dc", b"ed"):
        bomb += b'<!ENTITY %c "' % name + b"&%c;" % inner * 50 + b'">'
    bomb += b'<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    bomb += b"<BWFXML><SCENE>&e;</SCENE><NOTE>&f;</NOTE><TAKE>3</TAKE></BWFXML>"
    parts = [fmt(), DATA, chunk(b"iXML", bomb)]
    tracemalloc.start()
    ixml = header_of(riff(*(parts[i] for i in order))).ixml
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()
    assert ixml is None or (len(ixml.scene) < 100 and "root" not in ixml.note)


def test_twenty_thousand_mutated_files_neither_crash_nor_hang_nor_swell():
    chance = random.Random(20_000)
    bases = [
        riff(*PARTS),
        riff(fmt(2, bits=24), bext(5, version=2), DATA, LABEL, CUE),
        riff(chunk(b"ds64", struct.pack("<QQQI", 900, 200, 100, 0)), fmt(), DATA, form=b"RF64"),
    ]
    edges = [0, 1, 3, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF]
    read = 0
    tracemalloc.start()
    for _ in range(20_000):
        raw = bytearray(chance.choice(bases))
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(raw) - 4)
            what = chance.randrange(4)
            if what == 0:
                raw[place] = chance.randrange(256)
            elif what == 1:
                struct.pack_into("<I", raw, place, chance.choice(edges))
            elif what == 2:
                del raw[place : place + chance.randrange(1, 40)]
            else:
                raw[place:place] = chance.choice([DATA, CUE, IXML, b"LIST", bytes(9)])
            if len(raw) < 8:
                break
        try:
            header = header_of(bytes(raw))
        except AudioError:
            continue
        # One in ten is taken apart to the last field; the parsers cost most of the time.
        if read % 10 == 0:
            assert isinstance(header.warnings, tuple)
            assert header.channel_labels is not None
            assert header.info is not None
            header.start_timecode(parse_rate("25"))
            assert header.adm is None
        read += 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read > 5_000  # else the mutations are too coarse to prove a thing
    assert peak < 20_000_000


def test_an_mp3_that_is_cut_short_is_as_long_as_can_be_decoded(tmp_path):
    noise = np.random.default_rng(5).uniform(-0.1, 0.1, (48_000, 1)).astype(np.float32)
    soundfile.write(tmp_path / "whole.mp3", noise, 48_000)
    raw = (tmp_path / "whole.mp3").read_bytes()
    assert read_header(tmp_path / "whole.mp3").warnings == ()
    (tmp_path / "cut.mp3").write_bytes(raw[: len(raw) // 2])
    header = read_header(tmp_path / "cut.mp3")
    with open_sound(tmp_path / "cut.mp3") as sound:
        decoded = sum(len(block) for block in sound.blocks(10_000))
    assert 0 < header.duration_samples == decoded < 48_000
    assert f"{decoded} can be decoded" in header.warnings[0]


def test_an_mp3_is_as_long_as_its_decoder_gets_in_it(tmp_path, monkeypatch):
    noise = np.random.default_rng(5).uniform(-0.1, 0.1, (300_000, 1)).astype(np.float32)
    soundfile.write(tmp_path / "x.mp3", noise, 48_000)
    read, calls = soundfile.SoundFile.read, []

    def stumble(file, *arguments, **how):
        calls.append(1)
        if len(calls) == 1:  # the last sample, by which the length is held against the file
            return np.empty((0, 1), np.float32)
        if len(calls) == 4:
            raise soundfile.LibsndfileError(4)  # "Supported file format but file is malformed"
        return read(file, *arguments, **how)

    monkeypatch.setattr(soundfile.SoundFile, "read", stumble)
    assert read_header(tmp_path / "x.mp3").duration_samples == 2 * 65_536


def test_a_flac_that_is_cut_short_tells_where(tmp_path):
    noise = np.random.default_rng(5).uniform(-0.1, 0.1, (480_000, 1)).astype(np.float32)
    soundfile.write(tmp_path / "x.flac", noise, 48_000)
    raw = (tmp_path / "x.flac").read_bytes()
    (tmp_path / "x.flac").write_bytes(raw[: len(raw) // 2])
    with (
        open_sound(tmp_path / "x.flac") as sound,
        pytest.raises(AudioError, match=r"x\.flac: cannot be decoded between samples \d+ and \d+:"),
    ):
        list(sound.blocks(48_000))


@pytest.mark.parametrize("kind", ["CAF", "W64", "AU"])
def test_a_kind_of_file_without_tags_is_no_fault_of_the_file(tmp_path, kind):
    path = tmp_path / f"x.{kind.lower()}"
    soundfile.write(path, np.zeros((10, 1)), 48_000, format=kind, subtype="PCM_24")
    header = read_header(path)
    assert (header.format, header.bits, header.duration_samples) == (kind, 24, 10)
    assert header.tags == {} and header.warnings == ()


def chna(*rows: tuple[int, bytes, bytes, bytes]) -> bytes:
    """ITU-R BS.2088-1, clause 8: 40 bytes a row, of which those of track 0 are not in use."""
    packed = [struct.pack("<H12s14s11sx", *row) for row in (*rows, (0, b"", b"", b""))]
    return chunk(b"chna", struct.pack("<HH", len(rows), len(rows)) + b"".join(packed))


def test_the_audio_definition_model_of_a_bw64_is_told_and_carried(tmp_path):
    row = (1, b"ATU_00000001", b"AT_00031001_01", b"AP_00031001")
    axml = chunk(b"axml", b"<ebuCoreMain/>\n")
    form = fmt() + chna(row) + DATA + axml
    ds64 = chunk(b"ds64", struct.pack("<QQQI", 4 + 36 + len(form), len(SOUND), 100, 0))
    path = tmp_path / "x.wav"
    path.write_bytes(b"BW64" + struct.pack("<I", 2**32 - 1) + b"WAVE" + ds64 + form)
    header = read_header(path)
    assert (header.format, header.duration_samples, header.warnings) == ("BW64", 100, ())
    assert header.adm == {
        "axml_bytes": 15,
        "chna": [
            {
                "track_index": 1,
                "uid": "ATU_00000001",
                "track_ref": "AT_00031001_01",
                "pack_ref": "AP_00031001",
            }
        ],
    }
    change_metadata(path, bext={"description": "new"})
    changed = read_header(path)
    assert (changed.format, changed.adm, changed.warnings) == ("BW64", header.adm, ())
    assert changed.bext.description == "new"
    assert chna(row) in path.read_bytes() and axml in path.read_bytes()


def test_a_file_of_nothing_but_heads_ends():
    header = header_of(riff(fmt(), DATA, chunk(b"junk", b"") * 5000))
    assert len(header.chunks) == 4096 and header.damaged
    assert any("more than 4096 chunks" in warning for warning in header.warnings)


def test_metadata_beyond_all_measure_is_listed_but_not_read(tmp_path):
    size, path = 200 << 20, tmp_path / "x.wav"
    with path.open("wb") as file:
        file.write(riff(fmt(), DATA, struct.pack("<4sI", b"iXML", size), size=0))
        file.truncate(file.tell() + size)  # sparse
    tracemalloc.start()
    header = read_header(path)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
    assert header.ixml is None and header.chunks[-1].size == size
    assert any("listed, not read" in warning for warning in header.warnings)


def test_gsm_is_read_from_any_place_though_its_decoder_cannot_seek(tmp_path):
    path = tmp_path / "gsm.wav"
    sweep = 0.5 * np.sin(np.linspace(0, 30, 16_000) ** 2)
    soundfile.write(path, sweep, 8_000, "GSM610", format="WAV")
    whole, _rate = soundfile.read(path, dtype="float32", always_2d=True)
    with open_sound(path) as sound:
        np.testing.assert_array_equal(np.concatenate(list(sound.blocks(999))), whole)
        np.testing.assert_array_equal(sound.read(7_000, 500), whole[7_000:7_500])
        np.testing.assert_array_equal(sound.read(100, 50), whole[100:150])


def test_libsndfile_does_not_say_of_a_file_that_it_is_not_there(tmp_path):
    path = tmp_path / "fake.mp3"
    path.write_text("hello, I am a text file")
    with pytest.raises(AudioError, match=r"libsndfile reads \(Format not recognised\)"):
        open_sound(path)
