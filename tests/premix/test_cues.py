"""The cue sheet: as editors write it, and what is wrong with it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.timecode import FILM_24, NTSC_2997_DROP, PAL_25, RATES, Timecode
from premix import PremixError
from premix.cue_fields import CellError, length_s, number, pan, position
from premix.cues import CueSheet, CueSheetError, parse_cues, read_cues

HEADER = "cue,stem,in,out,query"


def sheet(*lines: str, rate=FILM_24, encoding="utf-8", **told) -> CueSheet:
    return parse_cues("\n".join(lines).encode(encoding), "reel.csv", rate, **told)


def problems(read: CueSheet) -> list[str]:
    return [str(problem) for problem in read.problems]


def test_a_line_becomes_a_cue():
    read = sheet(
        "cue,stem,in,out,query,gain_db,pan,fade_in,fade_out,seed,hits,colour",
        "12,foley:feet,01:00:05:00,01:00:07:00,boots gravel,-3,0.5,12,0.5s,7,"
        "01:00:05:00 01:00:05:12,red",
    )
    (cue,) = read.cues
    assert not read.problems
    assert (cue.number, cue.line, cue.stem, cue.track) == ("12", 2, "foley", "feet")
    assert cue.record_in == Timecode.parse("01:00:05:00", FILM_24)
    assert [str(hit) for hit in cue.hits] == ["01:00:05:00", "01:00:05:12"]
    assert (cue.gain_db, cue.pan, cue.seed) == (-3.0, 0.5, 7)
    assert (cue.fade_in_s, cue.fade_out_s) == (Fraction(1, 2), Fraction(1, 2))
    assert cue.extra == {"colour": "red"}


CUE = "1,fx,01:00:01:00,,slam"


@pytest.mark.parametrize(
    "data",
    [
        f"{HEADER}\n{CUE}\n".encode("utf-8-sig"),
        f"{HEADER}\r\n\r\n# a note\r\n{CUE}\r\n".encode("utf-16"),
        f"{HEADER}\n{CUE}\n".encode("utf-16-le"),
        f"{HEADER}\n{CUE}\n".encode("utf-16-be"),
        f"{HEADER};\n{CUE}\n".replace(",", ";").encode(),
        f"{HEADER}\n{CUE}\n".replace(",", "\t").encode(),
        f"REEL 1,,,,\n\n{HEADER}\n// spotted with the director\n{CUE}\n,,,,\n".encode(),
        f"#,Stem,TC In,TC Out,Query\n{CUE}\n".encode(),
        b"query,out,in,stem,cue\nslam,,01:00:01:00,fx,1\n",
        f"{HEADER}\r{CUE}".encode(),
    ],
    ids=["bom", "utf-16", "le", "be", "semicolons", "tabs", "titles", "names", "order", "cr"],
)
def test_a_sheet_from_any_office_reads_the_same(data):
    read = parse_cues(data, "reel.csv", FILM_24)
    (cue,) = read.cues
    assert not read.problems
    assert (cue.number, cue.stem, cue.query) == ("1", "fx", "slam")
    assert str(cue.record_in) == "01:00:01:00"


def test_a_cell_may_hold_lines_and_the_next_cue_keeps_its_line():
    read = sheet(
        "cue,stem,in,query,note", '1,fx,01:00:01:00,slam,"one', 'two"', "2,fx,25:00:00:00,slam,"
    )
    assert [cue.number for cue in read.cues] == ["1"]
    assert problems(read)[0].startswith("line 4, cue 2: in: '25:00:00:00' is out of range")


def test_a_semicolon_sheet_may_write_decimal_commas():
    read = sheet("cue;stem;in;query;gain_db;pan", "1;fx;01:00:01:00;slam;-3,5;0,25")
    assert (read.cues[0].gain_db, read.cues[0].pan) == (-3.5, 0.25)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"1,fx,01:00:00:00,,slam\n", b"hello\nworld\n"])
def test_a_sheet_without_its_header_is_one_clear_error(data):
    with pytest.raises(CueSheetError, match=r"reel.csv: no header; .*cue,stem,in,out,query"):
        parse_cues(data, "reel.csv", FILM_24)


def test_a_picture_is_not_a_sheet():
    with pytest.raises(PremixError, match="JPEG"):
        parse_cues(b"\xff\xd8\xff\xe0" + bytes(100), "reel.csv", FILM_24)


def test_a_sheet_that_is_not_there_is_one_clear_error(tmp_path):
    with pytest.raises(CueSheetError, match=r"none\.csv: cannot be read"):
        read_cues(tmp_path / "none.csv", FILM_24)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("7,dialogue,01:00:01:00,,slam", "'dialogue' is not a stem"),
        ("7,fxx,01:00:01:00,,slam", "did you mean fx?"),
        ("7,fx,01:00:01:24,,slam", "in: '01:00:01:24' is out of range"),
        ("7,fx,soon,,slam", "in: 'soon' is not a timecode"),
        ("7,fx,,,slam", "no in"),
        ("7,fx,01:00:05:00,01:00:04:00,slam", "out 01:00:04:00 is not after in 01:00:05:00"),
        ("7,fx,01:00:05:00,01:00:05:00,slam", "out 01:00:05:00 is not after in 01:00:05:00"),
        ("7,fx,01:00:05:00,,", "asks for nothing"),
        ("7,backgrounds,01:00:05:00,,rain", "no out: a background fills from in to out"),
    ],
)
def test_a_cue_whose_place_is_not_known_is_reported_and_the_others_are_kept(line, problem):
    read = sheet(HEADER, "6,fx,01:00:01:00,,slam", line, "8,fx,01:00:09:00,,slam")
    assert [cue.number for cue in read.cues] == ["6", "8"]
    (told,) = problems(read)
    assert told.startswith("line 3, cue 7: ")
    assert problem in told


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("gain_db", "loud", "gain_db: 'loud' is not a number (dB)"),
        ("gain_db", "nan", "is not a number"),
        ("pan", "45", "pan: pan '45' is out of range; -1 to 1"),
        ("fade_in", "-3", "fade_in: '-3' is negative"),
        ("fade_in", "-0.5s", "is negative"),
        ("steps", "2.5", "steps: '2.5' is not a whole number"),
        ("sync", "middle", "sync: 'middle' is not one of start, attack, peak, end"),
        ("hits", "01:00:01:99", "hits: '01:00:01:99' is out of range"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_reported_and_the_cue_is_built_without_it(
    column, cell, problem
):
    read = sheet(
        f"cue,stem,in,out,query,hits,{column}"
        if column != "hits"
        else "cue,stem,in,out,query,hits",
        f"7,fx,01:00:01:00,01:00:02:00,slam,01:00:01:05 {cell}"
        if column == "hits"
        else f"7,fx,01:00:01:00,01:00:02:00,slam,,{cell}",
    )
    assert [cue.number for cue in read.cues] == ["7"]
    (told,) = problems(read)
    assert problem in told


def test_hits_and_steps_contradict_each_other():
    read = sheet(
        "cue,stem,in,out,query,hits,steps",
        "7,foley,01:00:01:00,01:00:09:00,boots,01:00:02:00|01:00:03:00,5",
    )
    assert len(read.cues[0].hits) == 2
    assert problems(read) == ["line 2, cue 7: both hits and steps; the hits are kept"]


def test_one_number_for_two_cues_is_reported():
    read = sheet(HEADER, CUE, CUE)
    assert len(read.cues) == 2
    assert problems(read) == ["line 3, cue 1: line 2 has this number too"]


def test_a_misspelt_track_is_taken_as_meant_and_an_own_one_is_kept():
    read = sheet(HEADER, "1,foley:clth,01:00:01:00,,coat", "2,fx:vehicles,01:00:01:00,,car")
    assert [cue.track for cue in read.cues] == ["cloth", "vehicles"]
    assert problems(read) == ["line 2, cue 1: 'clth' is not a track of foley; taken as cloth"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("01:00:10;05", "01:00:10;05"),
        ("01:00:10.05", "01:00:10;05"),
        ("01:00:10,05", "01:00:10;05"),
        ("1:00:10:05", "01:00:10;05"),
        (" 01:00:10:05 ", "01:00:10;05"),
        ("01:00:10:05.5", "01:00:10;05.50"),
    ],
)
def test_timecode_as_editors_write_it(text, label):
    assert str(position(text, NTSC_2997_DROP, None)) == label


def test_a_label_that_drop_frame_skips_is_reported():
    with pytest.raises(CellError, match="does not exist"):
        position("00:01:00;00", NTSC_2997_DROP, None)


def test_feet_and_frames_count_16_frames_a_foot_from_the_start():
    start = Timecode.parse("01:00:00:00", FILM_24)
    # 90 feet of 35 mm film are one minute at 24 fps.
    assert str(position("90+00", FILM_24, start)) == "01:01:00:00"
    assert str(position("0+15", FILM_24, start)) == "01:00:00:15"
    with pytest.raises(CellError, match="00 to 15"):
        position("1+16", FILM_24, start)
    with pytest.raises(CellError, match="start"):
        position("1+00", FILM_24, None)


@given(
    rate=st.sampled_from(list(RATES.values())),
    part=st.integers(0, 10**9),
    mark=st.sampled_from([":", ";", ".", ","]),
)
def test_every_label_reads_back_whatever_stands_before_its_frames(rate, part, mark):
    timecode = Timecode(part % rate.frames_per_day, rate)
    head, frames = str(timecode)[:8], str(timecode)[9:]
    assert position(f"{head}{mark}{frames}", rate, None) == timecode


@given(st.fractions(min_value=0, max_value=1000, max_denominator=1000))
def test_a_length_means_the_same_in_every_unit(frames):
    seconds = frames / 25
    for text in (f"{float(seconds)}s", f"{float(seconds * 1000)} ms", f"{float(frames)}"):
        if "e" not in text:
            assert abs(length_s(text, PAL_25) - seconds) < Fraction(1, 10**6)


@given(st.text(max_size=20))
def test_any_text_in_a_cell_is_a_value_or_a_problem(text):
    for read in (
        lambda: number(text, least=-1, most=1),
        lambda: pan(text),
        lambda: length_s(text, PAL_25),
        lambda: position(text, PAL_25, None),
    ):
        try:
            read()
        except CellError as problem:
            assert str(problem)


@given(st.lists(st.lists(st.text("abc01:;,\t\"'#/ \n", max_size=6), max_size=7), max_size=6))
def test_any_lines_below_a_header_are_cues_or_problems(rows):
    lines = [HEADER, *(",".join(row) for row in rows)]
    read = sheet(*lines)
    assert isinstance(read, CueSheet)
