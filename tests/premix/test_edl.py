"""EDLs: each dialect's habits in small lists, and no line ever lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.timecode import FILM_24, NTSC_2997, PAL_25, parse_rate
from premix import PremixError
from premix.edl import EdlError, parse_edl, read_edl

HEAD = "TITLE: R1\nFCM: NON-DROP FRAME\n"


def edit_line(number="001", reel="AX", channels="V", kind="C", times="01 02 01 02") -> str:
    labels = [f"01:00:{second}:00" for second in times.split()]
    return f"{number}  {reel:<8} {channels:<5} {kind:<8} {' '.join(labels)}"


def problems(edl) -> list[str]:
    return [report.problem for report in edl.reported if report.severity == "problem"]


@pytest.mark.parametrize(
    ("printed", "channels"),
    [
        ("V", ("V",)),
        ("A", ("A1",)),
        ("A2", ("A2",)),
        ("A24", ("A24",)),
        ("AA", ("A1", "A2")),
        ("AA/V", ("V", "A1", "A2")),
        ("B", ("V", "A1")),
        ("NONE", ()),
        ("A1234V", ("V", "A1", "A2", "A3", "A4")),
    ],
)
def test_channel_fields_of_every_dialect(printed, channels):
    (edit,) = parse_edl(HEAD + edit_line(channels=printed), FILM_24).events
    assert edit.channels == channels


@pytest.mark.parametrize(
    "reel", ["006", "A.B", "SR 018*", "A_0113C007_250602_103141_h1D4P", "X" * 128]
)
def test_reels_of_any_length_with_dots_spaces_and_stars(reel):
    (edit,) = parse_edl(HEAD + edit_line(reel=reel), FILM_24).events
    assert edit.reel == reel


def test_aud_adds_tracks_to_both_edits_of_the_event_above():
    edl = parse_edl(
        edit_line("003", "BL", "NONE", times="00 00 16 16")
        + "\nFCM: NON-DROP FRAME\n"
        + edit_line("003", "230104", "NONE", "W001 043", "10 15 16 21")
        + "\nEFFECTS NAME IS Constant Power\n* TO CLIP NAME: 1-21T01.WAV\nAUD  3    4\n",
        PAL_25,
    )
    cut, fade = edl.events
    assert cut.channels == fade.channels == ("A3", "A4")
    assert (fade.kind, fade.wipe_code, fade.transition_frames) == ("wipe", "001", 43)
    assert (cut.clip_name, fade.clip_name, fade.effect_name) == (
        None,
        "1-21T01.WAV",
        "Constant Power",
    )
    assert edl.reported == ()


def test_a_dissolve_of_two_lines_shows_first_the_one_clip_and_then_the_other():
    edl = parse_edl(
        edit_line("001", "A", kind="C", times="05 05 09 09")
        + "\n"
        + edit_line("001", "B", kind="D    010", times="08 18 09 19")
        + "\n* FROM CLIP NAME: old\n* TO CLIP NAME: new"
        + "\n* SOURCE FILE: o.mov\n* SOURCE FILE: n.mov",
        FILM_24,
    )
    cut, dissolve = edl.events
    assert (cut.clip_name, cut.source_file) == ("old", "o.mov")
    assert (dissolve.clip_name, dissolve.to_clip_name, dissolve.source_file) == (
        "new",
        "new",
        "n.mov",
    )
    assert (dissolve.kind, dissolve.transition_frames) == ("dissolve", 10)


def test_m2_belongs_to_the_reel_that_it_names():
    edl = parse_edl(
        edit_line(reel="FOO")
        + "\n"
        + edit_line(reel="BL", kind="D    025", times="00 01 02 03")
        + "\nM2   FOO            035.0                01:00:00:00",
        PAL_25,
    )
    assert [edit.speed_percent for edit in edl.events] == [140.0, 100.0]  # 35 of 25 frames a second


@pytest.mark.parametrize(
    ("fps", "percent", "reverse", "freeze"),
    [("-025.0", -100.0, True, False), ("000.0", 0.0, False, True), ("12.5", 50.0, False, False)],
)
def test_reverse_freeze_and_unpadded_speeds(fps, percent, reverse, freeze):
    edl = parse_edl(edit_line() + f"\nM2   AX   {fps}   01:00:01:00", PAL_25)
    (edit,) = edl.events
    assert (edit.speed_percent, edit.reverse, edit.freeze) == (percent, reverse, freeze)


def test_a_label_that_does_not_exist_is_kept_as_printed_and_reported():
    edl = parse_edl(HEAD + edit_line().replace("01:00:02:00", "01:00:02:24"), FILM_24)
    (edit,) = edl.events
    assert edit.record_out_label == "01:00:02:24"
    assert edit.record_out is None
    assert edl.reported[0].line == 3


def test_drop_frame_by_fcm_by_semicolon_and_against_the_rate():
    drop = "TITLE: X\nFCM: DROP FRAME\n" + edit_line()
    assert parse_edl(drop, NTSC_2997).rate.name == "29.97df"
    semicolons = edit_line().replace(":00 ", ";00 ") + "\n"
    assert parse_edl(semicolons, NTSC_2997).rate.name == "29.97df"
    against = parse_edl(drop, FILM_24)
    assert (against.rate.name, len(problems(against))) == ("24", 1)
    skipped = "FCM: DROP FRAME\n001 AX V C 00:01:00:00 00:01:00:02 00:01:00:00 00:01:00:02"
    assert any("does not exist" in problem for problem in problems(parse_edl(skipped, NTSC_2997)))


def test_locators_with_and_without_colour_and_text():
    edl = parse_edl(
        edit_line()
        + "\n* LOC: 01:00:01:14 RED     ANIM FIX NEEDED\n*LOC: 01:00:02:00 GREEN \n"
        + "LOC: 01:00:02:00 FOLEY feet: boots x6\n"
        + "*     14  Red     SCOTT_H        01:08:57:12       V1        Vignette",
        FILM_24,
    )
    found = [(mark.timecode, mark.colour, mark.text) for mark in edl.events[0].locators]
    assert found == [
        ("01:00:01:14", "RED", "ANIM FIX NEEDED"),
        ("01:00:02:00", "GREEN", ""),
        ("01:00:02:00", None, "FOLEY feet: boots x6"),
    ]
    assert [(mark.timecode, mark.text) for mark in edl.locators] == [("01:08:57:12", "Vignette")]


def test_gaps_overlaps_and_backward_edits_are_reported_where_they_stand():
    lines = [
        edit_line("001", times="00 02 00 02"),
        edit_line("002", times="00 02 03 05"),  # a gap of one second
        edit_line("003", times="00 02 04 06"),  # one second too early
        edit_line("004", times="00 02 09 08"),  # backwards
        edit_line("005", channels="A2", times="00 02 20 22"),  # sound tracks may have gaps
    ]
    reported = parse_edl("\n".join(lines), FILM_24).reported
    assert [(report.line, report.severity) for report in reported] == [
        (2, "note"), (3, "problem"), (4, "problem"),
    ]  # fmt: skip
    assert "24 frames" in reported[0].problem
    assert "overlaps line 2" in reported[1].problem
    assert "before record in" in reported[2].problem


def test_a_transition_under_another_event_number_is_reported():
    edl = parse_edl(
        edit_line("001", times="04 04 09 09")
        + "\n"
        + edit_line("002", kind="D    010", times="08 18 09 19"),
        FILM_24,
    )
    assert "transition and event number mismatch" in problems(edl)[0]


def test_one_number_for_all_events_does_not_mix_their_remarks():
    edl = parse_edl(
        "\n".join(
            [
                edit_line("000", times="00 01 00 01"),
                "* FROM CLIP NAME: a",
                edit_line("000", times="01 02 01 02"),
                "* FROM CLIP NAME: b",
            ]
        ),
        FILM_24,
    )
    assert [edit.clip_name for edit in edl.events] == ["a", "b"]


def test_picture_and_sound_lines_of_one_event_share_its_clip_name():
    edl = parse_edl(edit_line() + "\n" + edit_line(channels="A") + "\n* FROM CLIP NAME: a", FILM_24)
    assert [edit.clip_name for edit in edl.events] == ["a", "a"]


def test_shots_are_the_picture_edits_that_last():
    edl = parse_edl(
        "\n".join(
            [
                edit_line("001", times="00 02 00 02"),
                "* FROM CLIP NAME: street",
                edit_line("002", times="02 02 02 02"),
                edit_line("002", "B", kind="D 012", times="00 03 02 05"),
                "* FROM CLIP NAME: street",
                "* TO CLIP NAME: hall",
                edit_line("003", channels="A"),
            ]
        ),
        FILM_24,
    )
    assert [(shot.name, shot.record_in_frame - 86_400) for shot in edl.shots()] == [
        ("street", 0), ("hall", 48),
    ]  # fmt: skip


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_names_come_out_of_every_encoding(tmp_path, codec):
    path = tmp_path / "list.edl"
    path.write_bytes((HEAD + edit_line() + "\n* FROM CLIP NAME: café").encode(codec))
    assert read_edl(path, FILM_24).events[0].clip_name == "café"


def test_chinese_names_in_gbk(tmp_path):
    path = tmp_path / "list.edl"
    path.write_bytes((HEAD + edit_line() + "\n* FROM CLIP NAME: 脚步声.wav").encode("gbk"))
    assert read_edl(path, FILM_24).events[0].clip_name == "脚步声.wav"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" * 9, "a JPEG picture"),
        (bytes(range(256)) * 4, "binary data"),
        (b"Dear editor,\nplease find the list attached.\n", "not an EDL"),
        (b"", "not an EDL"),
    ],
)
def test_what_is_no_list_is_refused_in_one_line(tmp_path, content, says):
    path = tmp_path / "list.edl"
    path.write_bytes(content)
    with pytest.raises(PremixError, match=says):
        read_edl(path, FILM_24)


def test_strict_stops_at_the_first_problem_and_names_its_line(tmp_path):
    path = tmp_path / "list.edl"
    path.write_text(HEAD + edit_line() + "\nhello\n")
    with pytest.raises(EdlError, match=r"list\.edl, line 4: not an event"):
        read_edl(path, FILM_24, strict=True)


pieces = st.sampled_from(
    [
        edit_line(),
        edit_line("1", kind="D 010"),
        edit_line("2", "BL", "NONE", "W001 010"),
        "AUD 3",
        "* FROM CLIP NAME: x",
        "TITLE: t",
        "FCM: DROP FRAME",
        "M2 AX 12.5 01:00:00:00",
        "",
        "\t",
        "*",
        "* LOC: 01:00:00:00 RED x",
        "REM y",
        "hello",
        "001 AX V C 1 2 3 4",
        "999",
        "\x1a",
        "* AUDIO LEVEL",
    ]
)
lines_of_any_kind = st.one_of(
    pieces, st.text(st.characters(blacklist_characters="\r\n"), max_size=60)
)


@given(st.lists(st.tuples(lines_of_any_kind, st.sampled_from(["\n", "\r\n", "\r"])), max_size=25))
def test_every_line_is_used_or_reported(written):
    # A CR before an empty line's LF would be one CRLF: two lines of ours, one of the file's.
    text = "".join(line + ("\r\n" if end == "\r" else end) for line, end in written)
    edl = parse_edl(text, FILM_24)
    used = {line for edit in edl.events for line in edit.lines} | set(edl.statement_lines)
    reported = {report.line for report in edl.reported}
    assert used | reported == set(range(1, len(written) + 1))
    assert edl.line_count == len(written)


@given(
    number=st.integers(0, 999_999),
    reel=st.from_regex(r"[A-Z][A-Z0-9_.]{0,30}", fullmatch=True).filter(lambda reel: reel != "M2"),
    channels=st.sampled_from(["V", "A", "A2", "AA", "B", "NONE", "AA/V"]),
    frames=st.lists(st.integers(0, 24 * 86_400 - 1), min_size=4, max_size=4),
    blanks=st.lists(st.sampled_from([" ", "\t", "    "]), min_size=7, max_size=7),
    lead=st.sampled_from(["", " ", "\t"]),
)
def test_an_event_in_any_columns_is_read_as_written(number, reel, channels, frames, blanks, lead):
    from audio.timecode import Timecode

    fields = [f"{number:03}", reel, channels, "C", *(str(Timecode(f, FILM_24)) for f in frames)]
    text = lead + "".join(a + b for a, b in zip(fields, [*blanks, ""], strict=True))
    (edit,) = parse_edl(text, FILM_24).events
    assert (edit.number, edit.reel) == (f"{number:03}", reel)
    read = [edit.source_in, edit.source_out, edit.record_in, edit.record_out]
    assert [timecode.frame for timecode in read] == frames


def test_thirty_frame_lists_that_drop(tmp_path):
    # SMPTE ST 12-1: 107,892 frames in an hour of drop-frame at 29.97.
    (edit,) = parse_edl(
        "FCM: DROP FRAME\n001 AX V C 01:00:00;00 01:00:00;01 01:00:00;00 01:00:00;01",
        parse_rate("29.97df"),
    ).events
    assert edit.record_in.frame == 107_892
