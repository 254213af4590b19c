"""EDLs from real cutting rooms, held against what their projects assert of them."""

from collections import Counter

import pytest

from audio.timecode import parse_rate
from premix.edl import read_edl


@pytest.fixture
def read(shared):
    def read_one(name, rate):
        return read_edl(shared / "conformance" / name, parse_rate(rate))

    return read_one


@pytest.mark.parametrize(
    ("name", "rate", "kinds"),
    [
        ("pycmx/INS4_R1_DX_092117.edl", "24", {"cut": 466}),
        ("pycmx/INS4_R3_DX_092117.edl", "24", {"cut": 475}),
        ("pycmx/ISSUE_14_conform_edl_issue_03.edl", "25", {"cut": 42}),
        ("pycmx/ISSUE_19_unusual01.edl", "24", {"cut": 38}),
        ("pycmx/TEST.edl", "24", {"cut": 120, "dissolve": 28}),
        ("pycmx/adobe_dai109_test.txt", "25", {"cut": 2839, "wipe": 888}),
        ("pycmx/cdl_example01.edl", "24", {"cut": 39}),
        ("pycmx/test_24psf.edl", "24", {"cut": 10, "wipe": 1}),
        ("pycmx/test_25.edl", "25", {"cut": 11, "dissolve": 1, "wipe": 1}),
        ("edl/45S_SAMPLE.EDL", "25", {"cut": 30, "dissolve": 3}),
    ],
)
def test_every_edit_is_there_and_no_line_is_lost(read, name, rate, kinds):
    edl = read(name, rate)
    assert Counter(edit.kind for edit in edl.events) == kinds
    used = {line for edit in edl.events for line in edit.lines} | set(edl.statement_lines)
    assert used | {report.line for report in edl.reported} == set(range(1, edl.line_count + 1))


def test_avid_temp_mix(read):
    edl = read("pycmx/TEST.edl", "24")
    first = edl.events[0]
    assert (first.number, first.reel, first.channels) == ("001", "OY_HEAD_", ("A2",))
    assert (first.clip_name, first.source_file) == ("HEAD LEADER MONO", "OY_HEAD_LEADER.MOV")
    assert (first.record_in_label, first.record_out_label) == ("01:00:00:00", "01:00:08:00")
    assert edl.events[2].channels == ("A7",)
    cut, dissolve = (edit for edit in edl.events if edit.number == "043")
    assert (cut.reel, cut.clip_name) == ("TC_R1_V1", "TC R1 V1.2 TEMP1 FX ST.WAV")
    assert (dissolve.reel, dissolve.clip_name) == ("TC_R1_V6", "TC R1 V6 TEMP2 ST FX.WAV")
    assert (dissolve.record_in_label, dissolve.record_out_label) == ("01:08:56:09", "01:08:56:11")


def test_a_source_of_another_rate_is_reported_not_refused(read):
    edl = read("pycmx/INS4_R3_DX_092117.edl", "24")
    odd = next(edit for edit in edl.events if edit.number == "135")
    assert odd.source_in_label == "17:52:28:26"
    assert odd.record_in is not None
    assert odd.line in {report.line for report in edl.reported}


def test_a_label_beyond_the_rate_is_reported(read):
    assert any("24" in report.problem for report in read("pycmx/test_24psf.edl", "24").reported)


def test_premiere_list_in_another_alphabet(read):
    edl = read("pycmx/adobe_dai109_test.txt", "25")
    fourth = next(edit for edit in edl.events if edit.number == "004")
    assert fourth.line in {report.line for report in edl.reported}  # record out before record in
    assert edl.events[0].audio_levels[0].level_db == 0


@pytest.mark.parametrize(
    ("name", "lengths"),
    [
        ("25fps.edl", [161, 200, 86, 49]),
        ("avid_example.edl", [31, 50]),
        ("screening_example.edl", [31, 50, 28, 115, 101, 161, 170, 136, 257]),
    ],
)
def test_lengths_and_names_of_otio_s_examples(read, name, lengths):
    edl = read(f"otio-cmx3600-adapter/{name}", "25" if name == "25fps.edl" else "24")
    assert [edit.duration_frames for edit in edl.events] == lengths


def test_locators_of_the_screening(read):
    edl = read("otio-cmx3600-adapter/screening_example.edl", "24")
    first = edl.events[3].locators[0]
    assert (first.timecode, first.colour, first.text) == ("01:00:01:14", "RED", "ANIM FIX NEEDED")
    assert [mark.colour for mark in edl.events[3].locators] == ["RED", "PINK"]
    assert [(mark.colour, mark.text) for mark in edl.events[6].locators] == [("GREEN", "")]


def test_remarks_without_a_space_say_the_same(read):
    spaced = read("otio-cmx3600-adapter/screening_example.edl", "24")
    tight = read("otio-cmx3600-adapter/no_spaces_test.edl", "24")
    assert [edit.clip_name for edit in tight.events] == [edit.clip_name for edit in spaced.events]
    assert [edit.source_file for edit in tight.events] == [e.source_file for e in spaced.events]


def test_channels_on_the_next_line(read):
    (edit,) = read("otio-cmx3600-adapter/multi_audio.edl", "24").events
    assert edit.channels == ("A1", "A2", "A3")


def test_a_transition_with_a_wrong_number_is_reported(read):
    edl = read("otio-cmx3600-adapter/dissolve_test_fail.edl", "24")
    assert "transition and event number mismatch" in edl.reported[0].problem


def test_guerilla_s_speeds(read):
    (reverse,) = read("edl/REVERSE.EDL", "25").events
    assert (reverse.duration_frames, reverse.speed_percent) == (52, -100)
    (half,) = read("edl/TIMEWARP_HALF.EDL", "25").events
    assert (half.duration_frames, half.speed_percent) == (10, 50)
    foo, black = read("edl/SPEEDUP_AND_FADEOUT.EDL", "25").events
    assert (foo.duration_frames, foo.speed_percent, foo.clip_name) == (689, 140, "BARS_40S.MOV")
    assert (black.speed_percent, black.clip_name) == (100, None)
    black, shot = read("edl/SIMPLE_DISSOLVE.EDL", "25").events
    assert (black.clip_name, shot.clip_name) == (None, "TAPE_6-10.MOV")
    assert read("edl/45S_SAMPLE.EDL", "25").events[-1].record_out_label == "10:00:42:16"


def test_comments_between_mixed_line_ends(read):
    (edit,) = read("edl/edl_mixed_line_endings.edl", "24").events
    assert edit.comments == tuple("ABCDEFG")


def test_a_freeze_frame(read):
    edl = read("otio-cmx3600-adapter/speed_effects_small.edl", "24")
    assert [edit.freeze for edit in edl.events] == [False, True, True, False, False]
    assert edl.events[4].speed_percent == pytest.approx(47.6 / 24 * 100)
