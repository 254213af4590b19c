"""Real files of recorders and workstations read as their makers' projects say (MANIFEST.tsv)."""

import csv

import numpy as np
import pytest
import soundfile

from audio import AudioError
from audio.files import open_sound, read_header
from audio.timecode import parse_rate


@pytest.fixture(scope="module")
def header(shared):
    return lambda name: read_header(shared / "conformance" / name)


# file: channels, samples, start of bext, start label at the file's own rate
FORMATS = {
    "wavinfo/A101_3.WAV": (2, 48_044, 2_191_661_476, "12:40:14:00"),
    "wavinfo/A101_1_2.WAV": (1, 240_239, 2_190_940_753, "12:39:59:00"),
    "wavinfo/PT A101_4.A1.wav": (2, 144_140, 2_191_709_524, "12:40:15:00"),
    "wavinfo/umid.wav": (1, 44_100, 676_200, None),
    "wavinfo/Scene_1_2AG-T001_Tr1.WAV": (1, 528_000, 3_917_280_000, "22:40:10:00"),
    "wavinfo/wavinfo Test Project - Audio - 5.1.wav": (6, 48_000, 172_800_000, None),
    "ebu_adm_renderer/rect_24bit.wav": (2, 22_050, None, None),
    "ebu_adm_renderer/rect_24bit_rf64.wav": (2, 22_050, None, None),
    "ebu_adm_renderer/24bit_missing_padding.wav": (1, 1, None, None),
    "ebu_adm_renderer/pcm_extradata.wav": (1, 4, None, None),
}


@pytest.mark.parametrize("name", FORMATS)
def test_format_and_start(header, name):
    found = header(name)
    start = found.start_timecode()
    assert (
        found.channels,
        found.duration_samples,
        found.bext and found.bext.time_reference_samples,
        start and str(start),
    ) == FORMATS[name]


def test_start_timecodes_of_the_table_by_the_rate_of_each_row(shared):
    from audio.timecode import Timecode

    table = shared / "conformance" / "tables" / "bext_to_timecode.tsv"
    rows = list(csv.reader(table.read_text().splitlines(), delimiter="\t"))[1:]
    for file, sample_rate, reference, rate, label, *_rest in rows:
        rates = [rate.split()[0]] if rate != "(none)" else ["24", "25", "30"]
        for name in rates:
            name = "23.976" if name == "24000/1001" else name.removesuffix("/1")
            start = Timecode.from_samples(int(reference), parse_rate(name), int(sample_rate))
            # the recorder without a frame rate is known to the second only
            printed = label.split()[0]
            assert str(start)[: len(printed)] == printed, file


def test_nuendo_starts_at_one_hour_whatever_rate_is_asked_for(header):
    found = header("wavinfo/wavinfo Test Project - Audio - 5.1.wav")
    for rate in ("24", "25", "30"):
        assert str(found.start_timecode(parse_rate(rate))) == "01:00:00:00"
    assert found.ixml.steinberg["AudioSampleFormatSize"] == "3"
    assert found.ixml.steinberg["MediaDuration"] == "1200.0"
    assert found.bext.loudness_lufs == -80.0
    assert found.channel_labels == ("L", "R", "C", "LFE", "Ls", "Rs")


def test_loudness_of_nuendo_is_what_its_ixml_repeats(header):
    found = header("wavinfo/wavinfo Test Project - Audio - Mono.wav")
    assert found.bext.version == 2
    assert found.bext.loudness_lufs == float(found.ixml.bext["BWF_LOUDNESS_VALUE"])
    assert found.bext.max_true_peak_dbtp == float(found.ixml.bext["BWF_MAX_TRUE_PEAK_LEVEL"])


def test_recorder_metadata(header):
    found = header("wavinfo/A101_3.WAV")
    assert (found.ixml.take, found.ixml.scene, found.ixml.project) == ("3", "A101", "BMH")
    zoom = header("wavinfo/Scene_1_2AG-T001_Tr1.WAV").ixml.tracks[0]
    assert (zoom.channel_index, zoom.interleave_index, zoom.name) == (3, 1, "BOOM")
    assert header("wavinfo/umid.wav").bext.umid.startswith("060a2b34")
    assert header("ebu_adm_renderer/rect_24bit_bext.wav").bext.origination_time == "18-09-42"


def test_markers_of_recorder_and_editor(header):
    points = [(cue.id, cue.position_samples) for cue in header("wavinfo/STE-000.wav").cues]
    assert points == [(1, 29_616), (2, 74_592), (3, 121_200)]
    cues = header("wavinfo/izotoperx_cues_test.wav").cues
    assert [cue.label for cue in cues] == ["Marker 1", "Marker 2", "Marker 3"]
    assert cues[2].duration_samples == 10_000
    assert cues[2].note.startswith("Лорем ипсум")


def test_info_and_id3_of_sound_grinder(header):
    found = header("wavinfo/new_camera bumb 1.wav")
    info = found.info
    assert (info["title"], info["artist"]) == ("camera bumb 1", "Jamie Hardt")
    assert info["product"] == "Test Sounds"
    assert info["keywords"] == "Sound Effect, movement, microphone, bump"
    assert info["copyright"] == "© 2010 Jamie Hardt"
    assert found.tags["artist"] == "Jamie Hardt"
    assert found.duration_samples == 137_577 // 3


def test_missing_padding_is_told(header):
    warnings = header("ebu_adm_renderer/24bit_missing_padding.wav").warnings
    assert warnings == ("data chunk is missing padding byte",)


def test_what_is_no_wave_is_refused_with_the_reason(header):
    with pytest.raises(AudioError, match="malformed RF64 file: missing ds64 chunk"):
        header("ebu_adm_renderer/rect_24bit_nods64.wav")
    with pytest.raises(AudioError, match="neither RIFF, RF64 or BW64"):
        header("ebu_adm_renderer/rect_24bit_noriff.wav")


def test_essence_beside_edit_lists(shared):
    folder = shared / "conformance" / "LibAAF" / "aaf"
    found = [read_header(path) for path in folder.rglob("*.wav")]
    assert len(found) == 4
    for header in found:
        assert header.ixml is not None and header.ixml.tracks == ()
        assert header.warnings == ()
    pro_tools = [h for h in found if h.path.name.startswith("PT_WAV")]
    assert all("\xa0" in header.bext.description for header in pro_tools)


def test_samples_of_all_are_those_of_libsndfile(shared):
    paths = [p for p in (shared / "conformance").rglob("*") if p.suffix.lower() == ".wav"]
    judged = 0
    for path in paths:
        if path.stem.endswith(("nods64", "noriff")):
            continue
        expected, _rate = soundfile.read(path, dtype="float32", always_2d=True)
        with open_sound(path) as sound:
            read = sound.read(0, sound.duration_samples + 1)
        # libsndfile gives up the one sample of the file that ends without its padding byte
        np.testing.assert_array_equal(read[: len(expected)], expected)
        assert len(read) - len(expected) in (0, 1)
        judged += 1
    assert judged >= 20
