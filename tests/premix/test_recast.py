"""A cue that is given another sound lies as spotting its sheet anew would lay it."""

import pytest

from audio.timecode import FILM_24
from premix.cues import parse_cues
from premix.hand_edit import clip_at, clip_ids, nudge
from premix.recast import recast
from premix.reel import CannotHaveError
from premix.spotting import spot

SHEET = """cue,stem,in,out,query,sound,hits,steps,size
1,foley:feet,01:00:01:00,01:00:04:00,boots wood,{1},,6,
2,fx:hard,01:00:02:00,01:00:03:00,bell,{2},,,
4,bg:a,01:00:00:00,01:00:40:00,rain,{4},,,
5,bg:walla,01:00:00:00,01:00:20:00,rain,{5},,,large
"""


@pytest.fixture
def shelf(make_recording, shelf_of):
    return shelf_of(
        [
            make_recording(1, "boots wood", takes=8),
            make_recording(3, "rain", take_s=12.0, sample_rate_hz=44_100, channels=2),
            make_recording(4, "bell", take_s=4.0, sample_rate_hz=44_100),
            make_recording(5, "gong", take_s=9.0, sync_s=0.777, sample_rate_hz=96_000),
            make_recording(6, "heels wood", takes=5),
        ]
    )


def sheet_with(**sounds):
    filled = SHEET
    for number in "1245":
        filled = filled.replace(f"{{{number}}}", sounds.get(f"c{number}", ""))
    return parse_cues(filled.encode(), "reel.csv", FILM_24)


def spotted(shelf, sheet, **told):
    return spot(sheet, shelf, sample_rate_hz=48_000, name="reel", **told)


def of_cue(session, number):
    return {
        name: clip_at(session, place)
        for name, place in clip_ids(session).items()
        if clip_at(session, place).cue == number
    }


@pytest.mark.parametrize(
    ("number", "sound"), [("1", "heels wood.wav"), ("2", "gong.wav"), ("4", "gong.wav")]
)
def test_it_lies_as_spotting_the_sheet_lays_it(shelf, number, sound):
    session = spotted(shelf, sheet_with())
    sheet = sheet_with(**{f"c{number}": sound})
    cue = next(cue for cue in sheet.cues if cue.number == number)
    recut = recast(session, cue, sheet.name, shelf)
    assert of_cue(recut, number) == of_cue(spotted(shelf, sheet), number)
    for other in {"1", "2", "4", "5"} - {number}:
        assert of_cue(recut, other) == of_cue(session, other)
    again = spotted(shelf, sheet, previous=recut)
    assert of_cue(again, number) == of_cue(recut, number)


def test_a_nudge_stays(shelf):
    session = spotted(shelf, sheet_with())
    ((name, before),) = of_cue(session, "2").items()
    session = nudge(session, name, frames=2, samples=5)
    sheet = sheet_with(c2="gong.wav")
    recut = recast(session, sheet.cues[1], sheet.name, shelf)
    after = of_cue(recut, "2")[name]
    assert after.sound.path == "gong.wav"
    assert after.sync_samples == before.sync_samples + 4_005
    again = spotted(shelf, sheet, previous=recut)
    assert of_cue(again, "2")[name] == after


def test_what_cannot_be_had_is_told(shelf):
    session = spotted(shelf, sheet_with())
    sheet = sheet_with(c2="gone.wav")
    with pytest.raises(CannotHaveError, match=r"'gone\.wav' is not in the library"):
        recast(session, sheet.cues[1], sheet.name, shelf)
