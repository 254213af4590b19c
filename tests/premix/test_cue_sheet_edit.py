"""One cell of a sheet is written; every other byte stays the user's."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.timecode import FILM_24
from premix.cue_sheet_edit import CueSheetEditError, with_sound
from premix.cues import parse_cues

PLAIN = "cue,stem,in,query,sound,note\r\n1,fx,01:00:00:00,bell,,big\n2,fx,01:00:01:00,slam,,\n"


def sound_of(data, number):
    return {cue.number: cue.sound for cue in parse_cues(data, "a.csv", FILM_24).cues}[number]


def write(data, number="1", sound="a/b.wav"):
    return with_sound(data, number, sound, "a.csv", FILM_24)


def test_only_the_cell_changes():
    assert write(PLAIN.encode()) == PLAIN.replace("bell,,big", "bell,a/b.wav,big").encode()


@pytest.mark.parametrize(
    ("head", "row", "expected_head", "expected_row"),
    [
        ("cue;stem;in;query\n", "1;fx;01:00:00:00;bell\n",
         "cue;stem;in;query;sound\n", "1;fx;01:00:00:00;bell;a/b.wav\n"),
        ("cue\tstem\tin\tquery\tsound\n", "1\tfx\t01:00:00:00\tbell",
         "cue\tstem\tin\tquery\tsound\n", "1\tfx\t01:00:00:00\tbell\ta/b.wav"),
        ("Reel 1\n\n# mine\ncue,stem,in,file,query\n", '1, fx ,01:00:00:00,"old, x.wav",bell\n',
         "Reel 1\n\n# mine\ncue,stem,in,file,query\n", "1, fx ,01:00:00:00,a/b.wav,bell\n"),
        ('cue,stem,in,note,sound\n7,fx,01:00:09:00,"a\nb ""c""",x.wav\n',
         '1,fx,01:00:00:00,"d\r\ne",y.wav\n',
         'cue,stem,in,note,sound\n7,fx,01:00:09:00,"a\nb ""c""",x.wav\n',
         '1,fx,01:00:00:00,"d\r\ne",a/b.wav\n'),
    ],
)  # fmt: skip
def test_in_every_dialect(head, row, expected_head, expected_row):
    assert write((head + row).encode()) == (expected_head + expected_row).encode()


@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("utf-8-sig", "Türe"),
        ("latin-1", "Türe"),
        ("gbk", "木门"),
        ("utf-16", "木门"),
        ("utf-8", "é"),
    ],
)
def test_in_every_encoding(encoding, word):
    sheet = PLAIN.replace("big", word)
    expected = sheet.replace(f"bell,,{word}", f"bell,a/b.wav,{word}")
    assert write(sheet.encode(encoding)) == expected.encode(encoding)


def test_what_the_encoding_cannot_hold_is_told():
    sheet = PLAIN.replace("big", "Türe").encode("latin-1")
    with pytest.raises(CueSheetEditError, match="latin-1, which cannot hold"):
        write(sheet, sound="木门.wav")


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        (PLAIN.replace("\n1,", "\n9,"), "has no cue 1; exactly one"),
        (PLAIN.replace("\n2,", "\n1,"), "has 2 cues 1"),
        # What has more cells than the header would come to stand under the new column.
        ("cue,stem,in,query\n1,fx,01:00:00:00,bell\n2,fx,01:00:01:00,slam,more\n", "by hand"),
    ],
)
def test_what_cannot_be_written_is_told(sheet, told):
    with pytest.raises(CueSheetEditError, match=told):
        write(sheet.encode())


cells = st.text(st.sampled_from(list('ab ,;"\n\t|é木=#')), max_size=8)


@given(
    notes=st.lists(cells, min_size=1, max_size=5),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    has_sound=st.booleans(),
    number=st.integers(0, 4),
    sound=st.sampled_from(["", "a.wav", 'b;c,d"e.wav', "木/x@3", "1234567"]),
)
def test_written_and_taken_back_it_is_the_same_sheet(
    notes, delimiter, end, has_sound, number, sound
):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(["cue", "stem", "in", "query", "note", *["sound"] * has_sound])
    for row, note in enumerate(notes):
        writer.writerow([f"c{row}", "fx", "01:00:00:00", "bell", note, *[""] * has_sound])
    data = out.getvalue().encode()
    cue = f"c{number % len(notes)}"
    written = with_sound(data, cue, sound, "a.csv", FILM_24)
    assert sound_of(written, cue) == sound
    if has_sound:
        assert with_sound(written, cue, "", "a.csv", FILM_24) == data
